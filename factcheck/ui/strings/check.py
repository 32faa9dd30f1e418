"""What the pages Check and How it decides say, and what several pages share."""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {
    "app.line": (
        "Checks the claims of an article against a reference corpus, and shows the words each verdict rests on.",
        "Memeriksa klaim sebuah artikel terhadap korpus rujukan, dan menunjukkan kata-kata yang mendasari tiap putusan.",
    ),
    "nav.check": ("Check", "Periksa"),
    "nav.method": ("How it decides", "Cara memutuskan"),
    "sidebar.language": ("Language of the app", "Bahasa aplikasi"),
    "sidebar.runs": ("Checks of this session", "Pemeriksaan sesi ini"),
    # the form
    "form.title": ("Check an article", "Periksa artikel"),
    "form.source": ("Where the article is", "Sumber artikel"),
    "form.paste": ("Paste text", "Tempel teks"),
    "form.file": ("Upload a file", "Unggah berkas"),
    "form.url": ("Web address", "Alamat web"),
    "form.text": ("Text of the article", "Teks artikel"),
    "form.text.hint": ("Paste the whole article here.", "Tempel seluruh artikel di sini."),
    "form.demo": ("Load the demo article", "Muat artikel contoh"),
    "form.upload": (
        "Text, Markdown, HTML, PDF, DOCX or subtitles (SRT, VTT)",
        "Teks, Markdown, HTML, PDF, DOCX, atau takarir (SRT, VTT)",
    ),
    "form.address": ("Address of the article", "Alamat artikel"),
    "form.as_of": ("Judge as of (optional)", "Nilai per tanggal (opsional)"),
    "form.as_of.help": (
        "Only evidence that was public by this date counts. Left empty, the article's own date is used,"
        " and today where it has none.",
        "Hanya bukti yang sudah publik pada tanggal ini yang dihitung. Jika kosong, dipakai tanggal artikel,"
        " atau hari ini bila artikel tidak bertanggal.",
    ),
    "form.mode": ("Who judges", "Penilai"),
    "form.offline": ("Offline verifier", "Pemeriksa luring"),
    "form.llm": ("Language model", "Model bahasa"),
    "form.offline.note": (
        "Runs on this machine. No key, and nothing leaves it.",
        "Berjalan di mesin ini. Tanpa kunci, dan tidak ada yang dikirim keluar.",
    ),
    "form.llm.note": (
        "The article and the passages found are sent to this endpoint. What you type here stays in this"
        " browser session: it is not stored, not put in the address, the report or the log.",
        "Artikel dan cuplikan yang ditemukan dikirim ke alamat layanan ini. Yang Anda ketik di sini hanya berlaku untuk"
        " sesi peramban ini: tidak disimpan, tidak masuk alamat halaman, laporan, atau log.",
    ),
    "form.model": ("Model", "Model"),
    "form.endpoint": ("Endpoint (OpenAI-compatible)", "Alamat layanan (kompatibel OpenAI)"),
    "form.endpoint.hint": ("empty: the one of the settings, else OpenAI", "kosong: sesuai pengaturan, atau OpenAI"),
    "form.key": ("API key", "Kunci API"),
    "form.key.set": (
        "A key is set on the server and is used where this stays empty and the endpoint is the server's own.",
        "Kunci sudah diatur di server dan dipakai bila kolom ini kosong dan alamat layanan adalah milik server.",
    ),
    "form.options": ("Options", "Pilihan"),
    "form.lift": (
        "Also use evidence from after the claim's date",
        "Pakai juga bukti dari setelah tanggal klaim",
    ),
    "form.lift.help": (
        "Lifts the time rule for this check: undated and later evidence may decide a verdict. The report says so.",
        "Mencabut aturan waktu untuk pemeriksaan ini: bukti tanpa tanggal dan bukti kemudian boleh menentukan putusan."
        " Laporan menyebutkannya.",
    ),
    "form.submit": ("Check the article", "Periksa artikel"),
    "form.reading": ("Reading the article …", "Membaca artikel …"),
    "error.empty": (
        "There is no article yet. Paste its text, or load the demo article.",
        "Belum ada artikel. Tempel teksnya, atau muat artikel contoh.",
    ),
    "error.no_file": ("No file has been chosen yet. Choose one to upload.", "Belum ada berkas. Pilih berkas untuk diunggah."),
    "error.no_url": (
        "There is no address yet. Type one that starts with http:// or https://.",
        "Belum ada alamat. Ketik alamat yang diawali http:// atau https://.",
    ),
    "error.no_model": (
        "The language model has no name. Type the model's name as the endpoint knows it, or choose the offline verifier.",
        "Nama model bahasa belum diisi. Ketik nama model seperti yang dikenal layanan, atau pilih pemeriksa luring.",
    ),
    "error.endpoint_scheme": (
        "The endpoint cannot be used: it must start with http:// or https://, as in http://localhost:11434/v1.",
        "Alamat layanan tidak dapat dipakai: harus diawali http:// atau https://, misalnya http://localhost:11434/v1.",
    ),
    "error.endpoint_secret": (
        "The endpoint cannot be used: it has a user name or password in it, and the report records the endpoint."
        " Put the key in its own field.",
        "Alamat layanan tidak dapat dipakai: di dalamnya ada nama pengguna atau sandi, padahal laporan mencatat alamat."
        " Isi kunci di kolomnya sendiri.",
    ),
    "error.unexpected": (
        "The check stopped because of an error inside factcheck ({kind}). What was finished is kept below;"
        " the server's log has the details.",
        "Pemeriksaan berhenti karena kesalahan di dalam factcheck ({kind}). Yang sudah selesai tetap tampil di bawah;"
        " rinciannya ada di log server.",
    ),
    "error.read_unexpected": (
        "The article could not be read ({kind}). Try another format, or paste its text.",
        "Artikel tidak dapat dibaca ({kind}). Coba format lain, atau tempel teksnya.",
    ),
    "error.no_run": (
        "There is no check at this address. The link may be cut short, or it belongs to another server.",
        "Tidak ada pemeriksaan di alamat ini. Tautan mungkin terpotong, atau milik server lain.",
    ),
    # a run
    "run.new": ("New check", "Pemeriksaan baru"),
    "run.again": ("Run again", "Jalankan lagi"),
    "run.untitled": ("Untitled article", "Artikel tanpa judul"),
    "run.waiting": ("Waiting for another check to finish", "Menunggu pemeriksaan lain selesai"),
    "run.loading": ("Loading the models and the corpus", "Memuat model dan korpus"),
    "run.reading": ("Reading the article", "Membaca artikel"),
    "run.extracting": ("Finding the claims", "Mencari klaim"),
    "run.checking": ("Checking claim {now} of {total}", "Memeriksa klaim {now} dari {total}"),
    "run.finishing": ("Putting the report together", "Menyusun laporan"),
    "run.keep": (
        "The check goes on if you close or reload this page. Its address opens it again, for anyone who has it.",
        "Pemeriksaan tetap berjalan bila halaman ini ditutup atau dimuat ulang. Alamatnya membuka lagi pemeriksaan ini,"
        " bagi siapa pun yang memilikinya.",
    ),
    "run.failed": ("This check stopped before the end.", "Pemeriksaan ini berhenti sebelum selesai."),
    "run.interrupted": (
        "This check was interrupted: the server was stopped or restarted before the end."
        " {done} of its claims were finished and are shown below.",
        "Pemeriksaan ini terputus: server dihentikan atau dimulai ulang sebelum selesai."
        " {done} klaim sudah selesai dan tampil di bawah.",
    ),
    "run.lifted": (
        "The time rule was lifted for this check: evidence from after the claim's date, or without a date, may have"
        " decided a verdict.",
        "Aturan waktu dicabut untuk pemeriksaan ini: bukti dari setelah tanggal klaim, atau tanpa tanggal, bisa"
        " ikut menentukan putusan.",
    ),
    # the summary
    "summary.none": ("No claim to check was found.", "Tidak ditemukan klaim yang perlu diperiksa."),
    "summary.one": ("1 claim", "1 klaim"),
    "summary.many": ("{n} claims", "{n} klaim"),
    "summary.supported": ("{n} supported", "{n} didukung"),
    "summary.refuted": ("{n} refuted", "{n} terbantah"),
    "summary.conflicting": ("{n} with conflicting evidence", "{n} dengan bukti bertentangan"),
    "summary.not_enough_evidence": ("{n} without enough evidence", "{n} dengan bukti belum cukup"),
    "summary.not_checked": ("{n} not checked", "{n} tidak diperiksa"),
    "summary.as_of": ("Judged as of {date}", "Dinilai per {date}"),
    "as_of.given": ("the date you gave", "tanggal yang Anda berikan"),
    "as_of.article": ("the article's own date", "tanggal artikel"),
    "as_of.today": ("today, as the article has no date", "hari ini, karena artikel tidak bertanggal"),
    # labels and the like
    "label.supported": ("Supported", "Didukung"),
    "label.refuted": ("Refuted", "Terbantah"),
    "label.not_enough_evidence": ("Not enough evidence", "Bukti belum cukup"),
    "label.conflicting": ("Conflicting evidence", "Bukti bertentangan"),
    "label.not_checked": ("Not checked", "Tidak diperiksa"),
    "label.open": ("Still to be checked", "Belum diperiksa"),
    "meaning.supported": (
        "At least one independent source, public by the claim's date, says the same, and none that counts says otherwise.",
        "Sedikitnya satu sumber independen yang sudah publik pada tanggal klaim mengatakan hal yang sama, dan tidak ada"
        " sumber yang dihitung mengatakan sebaliknya.",
    ),
    "meaning.refuted": (
        "At least one such source says otherwise, and none that counts says the same.",
        "Sedikitnya satu sumber demikian mengatakan sebaliknya, dan tidak ada sumber yang dihitung mengatakan hal yang sama.",
    ),
    "meaning.conflicting": (
        "Sources that count disagree with each other.",
        "Sumber-sumber yang dihitung saling bertentangan.",
    ),
    "meaning.not_enough_evidence": (
        "The corpus holds nothing that settles the claim. It may be true or false.",
        "Korpus tidak memuat apa pun yang memastikan klaim ini. Klaim bisa benar atau salah.",
    ),
    "meaning.not_checked": (
        "The check of this claim failed, and the reason is given. A failure is never a verdict.",
        "Pemeriksaan klaim ini gagal, dan alasannya disebutkan. Kegagalan bukan putusan.",
    ),
    "stance.supports": ("Supports", "Mendukung"),
    "stance.refutes": ("Refutes", "Membantah"),
    "stance.neutral": ("Neutral", "Netral"),
    "kind.statement": ("The article's own statement", "Pernyataan artikel sendiri"),
    "kind.attribution": ("That somebody said it", "Bahwa seseorang mengatakannya"),
    "kind.reported": ("What somebody said", "Isi yang dikatakan seseorang"),
    "kind.attribution.note": (
        "Checked: whether it was said. Not: whether it is so.",
        "Yang diperiksa: apakah itu dikatakan. Bukan: apakah itu benar.",
    ),
    "kind.reported.note": (
        "Checked: whether what was said is so.",
        "Yang diperiksa: apakah isi perkataan itu benar.",
    ),
    "confidence.5": ("very high confidence", "keyakinan sangat tinggi"),
    "confidence.4": ("high confidence", "keyakinan tinggi"),
    "confidence.3": ("moderate confidence", "keyakinan sedang"),
    "confidence.2": ("low confidence", "keyakinan rendah"),
    "confidence.1": ("very low confidence", "keyakinan sangat rendah"),
    "why_not.later": ("From after the claim's date", "Dari setelah tanggal klaim"),
    "why_not.undated": ("Without a date, so it cannot be placed in time", "Tanpa tanggal, sehingga waktunya tidak diketahui"),
    "why_not.same_origin": ("A copy of a report already counted", "Salinan laporan yang sudah dihitung"),
    "why_not.quote_not_found": ("The quoted words were not found in the source", "Kutipan tidak ditemukan dalam sumber"),
    "why_not.off_topic": ("About something else", "Tentang hal lain"),
    "why_not.disputed_source": (
        "From a source that the corpus marks as disputed, superseded or weak",
        "Dari sumber yang ditandai korpus sebagai diperselisihkan, usang, atau lemah",
    ),
    "why_not.low_standing": ("Its source is not rated high enough", "Sumbernya tidak dinilai cukup tinggi"),
    "why_not.weak_match": ("Too far from the claim to decide it", "Terlalu jauh dari klaim untuk memutuskan"),
    "timing.in_time": ("public by the claim's date", "sudah publik pada tanggal klaim"),
    "timing.later": ("from after the claim's date", "dari setelah tanggal klaim"),
    "timing.undated": ("undated", "tanpa tanggal"),
    "timing.rule_lifted": (
        "counted because the time rule was lifted",
        "dihitung karena aturan waktu dicabut",
    ),
    "tier.primary": ("primary source", "sumber primer"),
    "tier.established": ("established source", "sumber mapan"),
    "tier.unknown": ("source not rated", "sumber belum dinilai"),
    "tier.low": ("low-rated source", "sumber bernilai rendah"),
    "located.exact": ("quoted word for word", "dikutip kata demi kata"),
    "located.aligned": (
        "found up to spelling, with equal numbers; the source's own words are shown",
        "ditemukan dengan ejaan serupa dan angka sama; yang tampil adalah kata-kata sumber",
    ),
    "located.passage": ("no exact quote; the passage is shown", "tanpa kutipan persis; cuplikan ditampilkan"),
    # the result
    "result.article": ("Article", "Artikel"),
    "result.claims": ("Claims", "Klaim"),
    "result.legend": ("Legend", "Keterangan"),
    "result.filter": ("Show", "Tampilkan"),
    "result.all": ("All", "Semua"),
    "result.choose": ("Choose a claim", "Pilih klaim"),
    "result.claim": ("Claim {n}", "Klaim {n}"),
    "result.nothing_left": ("No claim has this verdict.", "Tidak ada klaim dengan putusan ini."),
    "result.left_out": ("Left out of the article ({n})", "Tidak diambil dari artikel ({n})"),
    "result.left_out.note": (
        "Sentences that were not taken as claims, and why.",
        "Kalimat yang tidak diambil sebagai klaim, beserta alasannya.",
    ),
    "result.run": ("How this report came about", "Bagaimana laporan ini dibuat"),
    "result.download": ("Download the report as {kind}", "Unduh laporan sebagai {kind}"),
    "claim.speaker": ("Said by", "Dikatakan oleh"),
    "claim.as_of": ("As of", "Per tanggal"),
    "claim.kind": ("Kind", "Jenis"),
    "claim.why": ("Picked for", "Dipilih karena"),
    "claim.more": ("How the claim was taken from the article", "Bagaimana klaim diambil dari artikel"),
    "claim.words": ("In the article", "Dalam artikel"),
    "claim.context": ("Filled in", "Dilengkapi"),
    "claim.confidence": ("{words} ({percent}%)", "{words} ({percent}%)"),
    "claim.no_verdict": ("Why it was not checked", "Mengapa tidak diperiksa"),
    "claim.questions": ("Questions asked of the evidence", "Pertanyaan kepada bukti"),
    "claim.matches": ("Perhaps checked before", "Mungkin pernah diperiksa"),
    "claim.matches.note": (
        "Offered for comparison. None of them decided this verdict.",
        "Ditawarkan untuk dibandingkan. Tidak satu pun menentukan putusan ini.",
    ),
    "claim.match.strong": ("very close", "sangat dekat"),
    "claim.match.weak": ("somewhat close", "agak dekat"),
    "evidence.used": ("Evidence", "Bukti"),
    "evidence.none": (
        "No passage of the corpus settles this claim.",
        "Tidak ada cuplikan korpus yang memastikan klaim ini.",
    ),
    "evidence.later": ("Later or undated information", "Informasi kemudian atau tanpa tanggal"),
    "evidence.later.note": (
        "Shown for the reader. It did not decide the verdict.",
        "Ditampilkan untuk pembaca. Tidak menentukan putusan.",
    ),
    "evidence.apart": ("Found, but not counted", "Ditemukan, tetapi tidak dihitung"),
    "evidence.origins": ("{sources}, {origins}", "{sources}, {origins}"),
    "evidence.source.one": ("1 source", "1 sumber"),
    "evidence.source.many": ("{n} sources", "{n} sumber"),
    "evidence.origin.one": ("1 origin", "1 asal"),
    "evidence.origin.many": ("{n} origins", "{n} asal"),
    "evidence.same_origin": ("same origin as {others}", "asal sama dengan {others}"),
    "evidence.published": ("published {date}", "terbit {date}"),
    "evidence.available": (
        "available from {date} (date of publication unknown)",
        "tersedia sejak {date} (tanggal terbit tidak diketahui)",
    ),
    "evidence.undated": ("no date known", "tanggal tidak diketahui"),
    "evidence.untitled": ("Untitled document", "Dokumen tanpa judul"),
    "evidence.compare": ("Compared by code", "Dibandingkan oleh program"),
    "evidence.compare.claim": ("Claim", "Klaim"),
    "evidence.compare.source": ("Source", "Sumber"),
    "evidence.compare.agrees": ("agrees", "cocok"),
    "evidence.compare.differs": ("differs", "berbeda"),
    "evidence.whole": ("Whole stored document", "Dokumen tersimpan seutuhnya"),
    "evidence.why_not": ("Not counted", "Tidak dihitung"),
    # run details
    "detail.mode": ("Judge", "Penilai"),
    "detail.models": ("Models", "Model"),
    "detail.prompts": ("Prompts", "Prompt"),
    "detail.corpus": ("Corpus snapshot", "Versi korpus"),
    "detail.seconds": ("Time", "Waktu"),
    "detail.seconds.value": ("{n} s", "{n} dtk"),
    "detail.tokens": ("Tokens", "Token"),
    "detail.cost": ("Cost", "Biaya"),
    "detail.cost.unknown": ("not known: no price is set", "tidak diketahui: harga belum diatur"),
    "detail.cost.none": ("none", "tidak ada"),
    "detail.version": ("Version", "Versi"),
    "detail.started": ("Started", "Mulai"),
    "detail.notes": ("Notes", "Catatan"),
    "detail.none": ("none", "tidak ada"),
    # how it decides
    "method.title": ("How it decides", "Cara memutuskan"),
    "method.labels": ("What the verdicts mean", "Arti putusan"),
    "method.rules": ("Rules it keeps", "Aturan yang dipegang"),
    "method.rule.evidence": (
        "A verdict comes from passages of the reference corpus, never from what a model remembers.",
        "Putusan berasal dari cuplikan korpus rujukan, bukan dari ingatan model.",
    ),
    "method.rule.quotes": (
        "Every quote shown has been found in the stored source by code. A quote that is not there is dropped.",
        "Setiap kutipan yang tampil telah ditemukan oleh program dalam sumber tersimpan. Yang tidak ada dibuang.",
    ),
    "method.rule.failure": (
        "A failure is never a verdict: the claim is shown as not checked, with the reason.",
        "Kegagalan bukan putusan: klaim ditampilkan sebagai tidak diperiksa, dengan alasannya.",
    ),
    "method.rule.time": (
        "Evidence from after the claim's date, or without a date, does not decide. It is shown apart.",
        "Bukti dari setelah tanggal klaim, atau tanpa tanggal, tidak menentukan. Bukti itu ditampilkan terpisah.",
    ),
    "method.rule.origin": (
        "Copies of one report count once.",
        "Salinan dari satu laporan dihitung sekali.",
    ),
    "method.rule.speech": (
        "That somebody said something, and what was said, are two claims.",
        "Bahwa seseorang mengatakan sesuatu, dan isi perkataannya, adalah dua klaim.",
    ),
    "method.rule.numbers": (
        "Numbers, dates and units are compared by code.",
        "Angka, tanggal, dan satuan dibandingkan oleh program.",
    ),
    "method.rule.person": (
        "The last word is yours: open the evidence before you rely on a verdict.",
        "Keputusan akhir ada pada Anda: buka buktinya sebelum mengandalkan putusan.",
    ),
}  # fmt: skip
