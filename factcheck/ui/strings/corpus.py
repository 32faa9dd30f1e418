"""What the page of the corpus says."""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {
    "nav.corpus": ("Corpus", "Korpus"),
    "corpus.title": ("Corpus", "Korpus"),
    "corpus.lead": (
        "The reference documents that every verdict rests on. What is not in here can neither support nor refute a claim.",
        "Dokumen rujukan yang menjadi dasar setiap putusan. Yang tidak ada di sini tidak dapat mendukung atau membantah klaim.",
    ),
    "corpus.views": ("Part of the page", "Bagian halaman"),
    "corpus.view.documents": ("Documents", "Dokumen"),
    "corpus.view.search": ("Try a search", "Coba cari"),
    "corpus.view.coverage": ("Coverage", "Cakupan"),
    "corpus.view.add": ("Add", "Tambah"),
    "corpus.view.claims": ("Checked claims", "Klaim terperiksa"),
    "corpus.view.health": ("Health", "Kesehatan"),
    # the figures at the top
    "corpus.documents": ("Documents", "Dokumen"),
    "corpus.passages": ("Passages", "Cuplikan"),
    "corpus.languages": ("Languages", "Bahasa"),
    "corpus.dates": ("Dates", "Tanggal"),
    "corpus.dates.value": ("{first} to {last}", "{first} sampai {last}"),
    "corpus.undated": ("Undated", "Tanpa tanggal"),
    "corpus.share": ("{n} ({percent}%)", "{n} ({percent}%)"),
    "corpus.claims": ("Claims checked before", "Klaim yang pernah diperiksa"),
    "corpus.none": ("none", "tidak ada"),
    "corpus.others": ("{n} more", "{n} lainnya"),
    "corpus.about": ("Snapshot and model", "Snapshot dan model"),
    "corpus.snapshot": ("Snapshot", "Snapshot"),
    "corpus.model": ("Embedding model", "Model penyematan"),
    "corpus.place": ("Directory", "Direktori"),
    # which corpus it is
    "corpus.demo": (
        "This is the demo corpus that comes with factcheck: short notes on a few topics, there to try things out. It is"
        " read-only.",
        "Ini korpus contoh bawaan factcheck: catatan pendek tentang beberapa topik, untuk mencoba-coba. Korpus ini hanya"
        " dapat dibaca.",
    ),
    "corpus.demo.badge": ("demo corpus, read-only", "korpus contoh, hanya dibaca"),
    "corpus.demo.own": (
        "To check against your own sources, create a corpus here, or point FACTCHECK_CORPUS at one. A new corpus is"
        " empty, and from then on checks use it instead of the demo notes: add documents to it before the next check.",
        "Untuk memeriksa dengan sumber sendiri, buat korpus di sini, atau arahkan FACTCHECK_CORPUS ke korpus yang ada."
        " Korpus baru masih kosong, dan sejak itu pemeriksaan memakainya sebagai ganti catatan contoh: tambahkan dokumen"
        " sebelum pemeriksaan berikutnya.",
    ),
    "corpus.create": ("Create a corpus of my own", "Buat korpus sendiri"),
    "corpus.missing": (
        "There is no corpus at the place that FACTCHECK_CORPUS names. Create it here, or correct the setting.",
        "Tidak ada korpus di tempat yang ditunjuk FACTCHECK_CORPUS. Buat di sini, atau perbaiki pengaturannya.",
    ),
    "corpus.missing.closed": (
        "There is no corpus at the place that the settings name. Whoever runs this server can create it.",
        "Tidak ada korpus di tempat yang ditunjuk pengaturan. Pengelola server ini dapat membuatnya.",
    ),
    "corpus.empty": (
        "There is no document in this corpus yet, so nothing can be checked against it. Add some first.",
        "Belum ada dokumen di korpus ini, jadi belum ada yang dapat diperiksa dengannya. Tambahkan dulu.",
    ),
    "corpus.empty.closed": ("There is no document in this corpus yet.", "Belum ada dokumen di korpus ini."),
    # work on the corpus
    "corpus.job.demo": (
        "Indexing the demo notes, which happens once",
        "Mengindeks catatan contoh, hanya dilakukan sekali",
    ),
    "corpus.job.create": ("Creating the corpus", "Membuat korpus"),
    "corpus.job.add": ("Adding documents", "Menambahkan dokumen"),
    "corpus.job.remove": ("Removing the document", "Menghapus dokumen"),
    "corpus.job.reviews": ("Importing reviews", "Mengimpor ulasan"),
    "corpus.job.forget": ("Removing the claim", "Menghapus klaim"),
    "corpus.job.examine": (
        "Examining every document, passage and vector",
        "Memeriksa setiap dokumen, cuplikan, dan vektor",
    ),
    "corpus.job.repair": ("Mending", "Memperbaiki"),
    "corpus.job.of": ("{job}: {done} of {total}", "{job}: {done} dari {total}"),
    "corpus.job.keep": (
        "This goes on if you close or reload the page.",
        "Ini tetap berjalan bila halaman ditutup atau dimuat ulang.",
    ),
    "corpus.job.other": (
        "Something else is being done with the corpus. Wait for it to end and try again.",
        "Pekerjaan lain pada korpus sedang berjalan. Tunggu sampai selesai lalu coba lagi.",
    ),
    "corpus.job.failed": ("It could not be done.", "Tidak dapat dilakukan."),
    "corpus.done.demo": ("The demo notes are indexed.", "Catatan contoh sudah diindeks."),
    "corpus.done.create": ("Your corpus is there.", "Korpus Anda sudah ada."),
    "corpus.done.add": (
        "Added: {added}, replaced: {replaced}, unchanged: {unchanged}. New passages: {passages}.",
        "Ditambahkan: {added}, diganti: {replaced}, tidak berubah: {unchanged}. Cuplikan baru: {passages}.",
    ),
    "corpus.done.remove": ("Documents removed: {n}.", "Dokumen dihapus: {n}."),
    "corpus.done.reviews": (
        "Reviews added: {added}, replaced: {replaced}, unchanged: {unchanged}.",
        "Ulasan ditambahkan: {added}, diganti: {replaced}, tidak berubah: {unchanged}.",
    ),
    "corpus.done.forget": ("Claims removed: {n}.", "Klaim dihapus: {n}."),
    "corpus.done.back": (
        "Reviewed claims that came back to the desk because their evidence changed: {n}.",
        "Klaim tertinjau yang kembali ke meja karena buktinya berubah: {n}.",
    ),
    "corpus.close": ("Close", "Tutup"),
    # the list
    "corpus.find": ("Find by title, publisher or address", "Cari menurut judul, penerbit, atau alamat"),
    "corpus.language": ("Language", "Bahasa"),
    "corpus.all": ("All", "Semua"),
    "corpus.order": ("Order", "Urutan"),
    "corpus.order.added": ("Added last first", "Terakhir ditambahkan"),
    "corpus.order.newest": ("Newest first", "Terbaru"),
    "corpus.order.oldest": ("Oldest first", "Terlama"),
    "corpus.order.title": ("By title", "Menurut judul"),
    "corpus.only": ("Show only", "Tampilkan hanya"),
    "corpus.only.undated": ("Undated ({n})", "Tanpa tanggal ({n})"),
    "corpus.only.marked": (
        "Marked as disputed, superseded or weak ({n})",
        "Ditandai diperdebatkan, usang, atau lemah ({n})",
    ),
    "corpus.found.one": ("1 document", "1 dokumen"),
    "corpus.found.many": ("{n} documents", "{n} dokumen"),
    "corpus.nothing": (
        "No document fits. Try fewer words, or another language.",
        "Tidak ada dokumen yang cocok. Coba lebih sedikit kata, atau bahasa lain.",
    ),
    "corpus.page": ("{first} to {last} of {n}", "{first} sampai {last} dari {n}"),
    "corpus.previous": ("Previous", "Sebelumnya"),
    "corpus.next": ("Next", "Berikutnya"),
    "corpus.passage.one": ("1 passage", "1 cuplikan"),
    "corpus.passage.many": ("{n} passages", "{n} cuplikan"),
    "corpus.badge.undated": ("undated: never counts", "tanpa tanggal: tidak dihitung"),
    "corpus.reliability.disputed": ("disputed", "diperdebatkan"),
    "corpus.reliability.superseded": ("superseded", "usang"),
    "corpus.reliability.weak_source": ("weak source", "sumber lemah"),
    "corpus.reliability.disputed.note": (
        "The corpus's owner marked this report as disputed: it is shown, and decides nothing alone.",
        "Pemilik korpus menandai laporan ini sebagai diperdebatkan: ditampilkan, tetapi tidak menentukan apa pun sendirian.",
    ),
    "corpus.reliability.superseded.note": (
        "The corpus's owner marked this report as superseded: it is shown, and decides nothing alone.",
        "Pemilik korpus menandai laporan ini sebagai usang: ditampilkan, tetapi tidak menentukan apa pun sendirian.",
    ),
    "corpus.reliability.weak_source.note": (
        "The corpus's owner marked this as a weak source: it counts for less.",
        "Pemilik korpus menandai ini sebagai sumber lemah: bobotnya lebih kecil.",
    ),
    # one document
    "corpus.back": ("Back to the list", "Kembali ke daftar"),
    "corpus.open": ("Open the document", "Buka dokumen"),
    "corpus.gone": (
        "There is no document with this address in the corpus. It may have been removed or replaced.",
        "Tidak ada dokumen dengan alamat ini di korpus. Mungkin sudah dihapus atau diganti.",
    ),
    "corpus.undated.note": (
        "This document has no date, so it never counts as evidence. Remove it, and add it again with the day it was"
        " published, or the first day it is known to have been public.",
        "Dokumen ini tidak bertanggal, jadi tidak pernah dihitung sebagai bukti. Hapus, lalu tambahkan lagi dengan tanggal"
        " terbit, atau hari pertama yang diketahui sudah publik.",
    ),
    "corpus.undated.note.closed": (
        "This document has no date, so it never counts as evidence.",
        "Dokumen ini tidak bertanggal, jadi tidak pernah dihitung sebagai bukti.",
    ),
    "corpus.field.title": ("Title", "Judul"),
    "corpus.field.publisher": ("Publisher", "Penerbit"),
    "corpus.field.author": ("Author", "Penulis"),
    "corpus.field.url": ("Web address", "Alamat web"),
    "corpus.field.published": ("Published", "Terbit"),
    "corpus.field.available_from": ("Known to be public from", "Diketahui publik sejak"),
    "corpus.field.language": ("Language", "Bahasa"),
    "corpus.field.source_family": ("Goes back to", "Berasal dari"),
    "corpus.field.tier": ("Source", "Sumber"),
    "corpus.field.size": ("Length", "Panjang"),
    "corpus.field.size.value": ("{characters} characters, {passages}", "{characters} karakter, {passages}"),
    "corpus.field.added": ("Added", "Ditambahkan"),
    "corpus.field.id": ("Id", "Id"),
    "corpus.text": ("Stored text", "Teks tersimpan"),
    "corpus.text.marked": ("The passage that was found is marked.", "Cuplikan yang ditemukan ditandai."),
    "corpus.text.cut": (
        "The first {n} characters are shown. All of it is stored and searched.",
        "Ditampilkan {n} karakter pertama. Semuanya tersimpan dan dapat dicari.",
    ),
    "corpus.remove": ("Remove from the corpus", "Hapus dari korpus"),
    "corpus.remove.sure": (
        "Remove “{title}” from the corpus? Reports that cite it keep their quotes, but later checks will not find it."
        " Only its file can bring it back.",
        "Hapus “{title}” dari korpus? Laporan yang mengutipnya tetap memuat kutipannya, tetapi pemeriksaan berikutnya tidak"
        " akan menemukannya. Hanya berkasnya yang dapat mengembalikannya.",
    ),
    "corpus.remove.yes": ("Yes, remove it", "Ya, hapus"),
    "corpus.remove.no": ("Keep it", "Jangan hapus"),
    # a search
    "corpus.search.lead": (
        "Type a claim and see which passages retrieval finds for it, in the order of their scores. The time rule decides"
        " afterwards which of them may count.",
        "Ketik sebuah klaim dan lihat cuplikan yang ditemukan pencarian, menurut urutan skor. Aturan waktu baru sesudahnya"
        " menentukan mana yang boleh dihitung.",
    ),
    "corpus.search.text": ("A claim, a question or words", "Klaim, pertanyaan, atau kata-kata"),
    "corpus.search.as_of": ("As of (optional)", "Per tanggal (opsional)"),
    "corpus.search.as_of.help": (
        "The day to measure time by. Left empty, every dated passage is in time.",
        "Hari acuan waktu. Jika kosong, setiap cuplikan bertanggal dianggap tepat waktu.",
    ),
    "corpus.search.go": ("Search", "Cari"),
    "corpus.search.working": (
        "Searching. The first search loads the embedding model …",
        "Mencari. Pencarian pertama memuat model penyematan …",
    ),
    "corpus.search.nothing": ("Nothing was found.", "Tidak ada yang ditemukan."),
    "corpus.search.found.one": ("1 passage, from {origins}", "1 cuplikan, dari {origins}"),
    "corpus.search.found.many": ("{n} passages, from {origins}", "{n} cuplikan, dari {origins}"),
    "corpus.search.score": ("Score", "Skor"),
    "corpus.search.cosine": ("Cosine", "Kosinus"),
    "corpus.search.timing": ("Time", "Waktu"),
    "corpus.search.tier": ("Source", "Sumber"),
    "corpus.search.origin": ("Origin", "Asal"),
    "corpus.search.origin.own": ("{name}, its own", "{name}, sendiri"),
    "corpus.search.origin.shared": ("{name}, shared with {others}", "{name}, sama dengan {others}"),
    "corpus.search.in_time": ("in time", "tepat waktu"),
    "corpus.search.later": ("later: would not count", "kemudian: tidak dihitung"),
    "corpus.search.undated": ("undated: would not count", "tanpa tanggal: tidak dihitung"),
    "corpus.search.help": ("What the figures say", "Arti angka-angka ini"),
    "corpus.search.help.score": (
        "Score: likeness of meaning and of words together, at most 1. A check drops what is far below the best passage,"
        " spreads out passages that say the same, and lets the source's tier decide near ties.",
        "Skor: kemiripan makna dan kata sekaligus, paling tinggi 1. Pemeriksaan membuang yang jauh di bawah cuplikan terbaik,"
        " menyebar cuplikan yang isinya sama, dan memakai tingkat sumber bila skor hampir seri.",
    ),
    "corpus.search.help.cosine": (
        "Cosine: likeness of meaning alone, by the embedding model; 1 is the same meaning.",
        "Kosinus: kemiripan makna saja, menurut model penyematan; 1 berarti makna yang sama.",
    ),
    "corpus.search.help.origin": (
        "Origin: passages with the same letter go back to one report and count as one source.",
        "Asal: cuplikan dengan huruf yang sama berasal dari satu laporan dan dihitung sebagai satu sumber.",
    ),
    # coverage
    "corpus.coverage.dates": ("Documents by date", "Dokumen menurut tanggal"),
    "corpus.coverage.dates.note": (
        "A claim can only be checked where the corpus reaches. Undated documents are not drawn: {n}.",
        "Klaim hanya dapat diperiksa sejauh jangkauan korpus. Dokumen tanpa tanggal tidak digambar: {n}.",
    ),
    "corpus.coverage.alt": (
        "Column chart of documents by date. The most, {n}, are from {period}. The table below has all the figures.",
        "Bagan kolom jumlah dokumen menurut tanggal. Terbanyak, {n}, dari {period}. Tabel di bawah memuat semua angka.",
    ),
    "corpus.coverage.languages": ("Languages", "Bahasa"),
    "corpus.coverage.publishers": ("Publishers", "Penerbit"),
    "corpus.coverage.publishers.more": ("All {n} publishers", "Semua {n} penerbit"),
    "corpus.coverage.tiers": ("Kinds of source", "Jenis sumber"),
    "corpus.coverage.tiers.note": (
        "By the rules of FACTCHECK_SOURCES, else those that ship.",
        "Menurut aturan FACTCHECK_SOURCES, atau aturan bawaan.",
    ),
    "corpus.coverage.table": ("The same as a table", "Hal yang sama sebagai tabel"),
    "corpus.coverage.year": ("Year", "Tahun"),
    "corpus.coverage.period": ("Date", "Tanggal"),
    "corpus.coverage.count": ("Documents", "Dokumen"),
    "corpus.coverage.share": ("Share", "Bagian"),
    "corpus.coverage.name": ("Name", "Nama"),
    "corpus.unknown": ("unknown", "tidak diketahui"),
    # adding
    "corpus.add.how": ("What you add", "Yang ditambahkan"),
    "corpus.add.files": ("Files", "Berkas"),
    "corpus.add.paste": ("Pasted text", "Teks tempelan"),
    "corpus.add.upload": (
        "Markdown with front matter, text, HTML, PDF, DOCX, subtitles, or JSONL with one document a line",
        "Markdown dengan front matter, teks, HTML, PDF, DOCX, takarir, atau JSONL satu dokumen per baris",
    ),
    "corpus.add.upload.hint": (
        "What a file says of itself is used: front matter, HTML and document properties. Nothing is added yet.",
        "Keterangan di dalam berkas dipakai: front matter, properti HTML dan dokumen. Belum ada yang ditambahkan.",
    ),
    "corpus.add.reading": ("Reading the files …", "Membaca berkas …"),
    "corpus.add.read.one": ("1 document read", "1 dokumen terbaca"),
    "corpus.add.read.many": ("{n} documents read", "{n} dokumen terbaca"),
    "corpus.add.bad": ("Cannot be used, and will be skipped: {n}", "Tidak dapat dipakai, dan akan dilewati: {n}"),
    "corpus.add.bad.line": ("{name}, line {line}", "{name}, baris {line}"),
    "corpus.add.more": ("and {n} more", "dan {n} lainnya"),
    "corpus.add.lacking": (
        "Of these, {undated} have no date and would never count as evidence; {nameless} have no publisher.",
        "Di antaranya, {undated} tidak bertanggal dan tidak akan pernah dihitung sebagai bukti; {nameless} tanpa penerbit.",
    ),
    "corpus.add.fill": (
        "What the files do not say (it fills gaps only)",
        "Yang tidak disebut di berkas (hanya mengisi yang kosong)",
    ),
    "corpus.add.text": ("Text of the document", "Teks dokumen"),
    "corpus.add.date.help": (
        "YYYY-MM-DD, YYYY-MM or YYYY. A month or a year counts as its last day.",
        "YYYY-MM-DD, YYYY-MM, atau YYYY. Bulan atau tahun dihitung sebagai hari terakhirnya.",
    ),
    "corpus.add.available.help": (
        "Only where the day of publication is unknown: the first day the text is known to have been public.",
        "Hanya bila tanggal terbit tidak diketahui: hari pertama teks diketahui sudah publik.",
    ),
    "corpus.add.family.help": (
        "The agency or paper that the text goes back to, such as Antara or Reuters. Texts of one family count as one origin.",
        "Kantor berita atau media asal teks, misalnya Antara atau Reuters. Teks dari asal yang sama dihitung sebagai satu sumber.",
    ),
    "corpus.add.url.help": (
        "Kept as a reference and shown as text. It is not fetched.",
        "Disimpan sebagai rujukan dan ditampilkan sebagai teks. Tidak diambil.",
    ),
    "corpus.add.detect": ("Detect", "Deteksi"),
    "corpus.add.further": ("More about the source", "Keterangan sumber lainnya"),
    "corpus.add.standing": ("Standing", "Kedudukan"),
    "corpus.add.standing.none": ("Nothing against it", "Tidak ada catatan"),
    "corpus.add.go": ("Add to the corpus", "Tambahkan ke korpus"),
    "corpus.add.no_text": (
        "There is no text yet. Paste the text of the document.",
        "Belum ada teks. Tempel teks dokumen.",
    ),
    "corpus.add.bad_date": (
        "{field}: “{value}” is no date. Write YYYY-MM-DD, YYYY-MM or YYYY, such as 2024-06-19.",
        "{field}: “{value}” bukan tanggal. Tulis YYYY-MM-DD, YYYY-MM, atau YYYY, misalnya 2024-06-19.",
    ),
    "corpus.add.bad_url": (
        "“{value}” is no web address. Write one that starts with http:// or https://, or leave it out.",
        "“{value}” bukan alamat web. Tulis alamat yang diawali http:// atau https://, atau kosongkan.",
    ),
    "corpus.add.no_date": (
        "Without a date this document would be stored and shown, but never count as evidence. Give the day it was published"
        " or was first public, or press the button again to add it all the same.",
        "Tanpa tanggal, dokumen ini akan disimpan dan ditampilkan, tetapi tidak pernah dihitung sebagai bukti. Isi tanggal"
        " terbit atau hari pertama ia publik, atau tekan tombol sekali lagi untuk tetap menambahkannya.",
    ),
    # claims checked before
    "corpus.claims.lead": (
        "Claims checked here, and reviews of other fact-checkers. When a new claim resembles one, it is offered beside the"
        " new verdict; it never decides.",
        "Klaim yang diperiksa di sini, dan ulasan pemeriksa fakta lain. Bila klaim baru mirip, ulasan ini ditawarkan di"
        " samping putusan baru; tidak pernah menentukan.",
    ),
    "corpus.claims.import": ("Import ClaimReview", "Impor ClaimReview"),
    "corpus.claims.upload": (
        "JSON or JSONL: ClaimReview items, a feed, or an answer of Google's Fact Check Tools API",
        "JSON atau JSONL: butir ClaimReview, umpan, atau jawaban API Fact Check Tools Google",
    ),
    "corpus.claims.read.one": ("1 review read", "1 ulasan terbaca"),
    "corpus.claims.read.many": ("{n} reviews read", "{n} ulasan terbaca"),
    "corpus.claims.go": ("Import the reviews", "Impor ulasan"),
    "corpus.claims.demo": (
        "Reviews are imported into a corpus of your own. The demo corpus is read-only.",
        "Ulasan diimpor ke korpus sendiri. Korpus contoh hanya dapat dibaca.",
    ),
    "corpus.claims.find": ("Find by words or publisher", "Cari menurut kata atau penerbit"),
    "corpus.claims.found.one": ("1 claim", "1 klaim"),
    "corpus.claims.found.many": ("{n} claims", "{n} klaim"),
    "corpus.claims.none": ("No claim has been checked yet.", "Belum ada klaim yang diperiksa."),
    "corpus.claims.nothing": ("No claim fits.", "Tidak ada klaim yang cocok."),
    "corpus.claims.here": ("checked here, as of {date}", "diperiksa di sini, per {date}"),
    "corpus.claims.signed": ("{who}, signed off by {name}", "{who}, disahkan oleh {name}"),
    "corpus.claims.review": ("{publisher}, {date}: “{rating}”", "{publisher}, {date}: “{rating}”"),
    "corpus.claims.remove": ("Remove this claim", "Hapus klaim ini"),
    "corpus.claims.remove.sure": (
        "Remove “{text}” from the claims checked before? It will not be offered any more.",
        "Hapus “{text}” dari klaim yang pernah diperiksa? Klaim ini tidak akan ditawarkan lagi.",
    ),
    # health
    "corpus.health.lead": (
        "Looks through every document, passage and vector, and says what is wrong or odd. Examining writes nothing.",
        "Memeriksa setiap dokumen, cuplikan, dan vektor, lalu menyebutkan yang rusak atau janggal. Pemeriksaan tidak mengubah apa pun.",
    ),
    "corpus.health.go": ("Examine the corpus", "Periksa korpus"),
    "corpus.health.again": ("Examine again", "Periksa lagi"),
    "corpus.health.repair": ("Repair", "Perbaiki"),
    "corpus.health.repair.note": (
        "Makes vectors and passages again from the stored documents. The documents themselves stay as they are.",
        "Membuat ulang vektor dan cuplikan dari dokumen tersimpan. Dokumennya sendiri tidak diubah.",
    ),
    "corpus.health.fine": ("Nothing must be mended.", "Tidak ada yang perlu diperbaiki."),
    "corpus.health.faults.one": ("1 thing must be mended", "1 hal perlu diperbaiki"),
    "corpus.health.faults.many": ("{n} things must be mended", "{n} hal perlu diperbaiki"),
    "corpus.health.when": ("Examined on {date} at {time} UTC", "Diperiksa pada {date} pukul {time} UTC"),
    "corpus.health.changed": ("The corpus has changed since.", "Korpus sudah berubah sejak itu."),
    "corpus.health.mended": ("What was mended", "Yang sudah diperbaiki"),
    "corpus.health.left": (
        "Some of it could not be mended now. Repair again; if it stays, bring the corpus back from an export.",
        "Sebagian belum dapat diperbaiki. Perbaiki lagi; bila tetap ada, pulihkan korpus dari ekspor.",
    ),
    "corpus.health.fault": ("fault", "kerusakan"),
    "corpus.health.notice": ("notice", "catatan"),
    "corpus.health.mendable": ("Repair mends it.", "Perbaikan akan membereskannya."),
    "corpus.health.some": ("For example: {ids}", "Misalnya: {ids}"),
    # language names
    "language.ar": ("Arabic", "Arab"),
    "language.de": ("German", "Jerman"),
    "language.en": ("English", "Inggris"),
    "language.es": ("Spanish", "Spanyol"),
    "language.fr": ("French", "Prancis"),
    "language.hi": ("Hindi", "Hindi"),
    "language.id": ("Indonesian", "Indonesia"),
    "language.it": ("Italian", "Italia"),
    "language.ja": ("Japanese", "Jepang"),
    "language.jv": ("Javanese", "Jawa"),
    "language.ko": ("Korean", "Korea"),
    "language.ms": ("Malay", "Melayu"),
    "language.nl": ("Dutch", "Belanda"),
    "language.pt": ("Portuguese", "Portugis"),
    "language.ru": ("Russian", "Rusia"),
    "language.su": ("Sundanese", "Sunda"),
    "language.th": ("Thai", "Thai"),
    "language.tl": ("Tagalog", "Tagalog"),
    "language.tr": ("Turkish", "Turki"),
    "language.vi": ("Vietnamese", "Vietnam"),
    "language.zh": ("Chinese", "Tionghoa"),
}

# What `factcheck.care.health` finds: its name, as (English title, Indonesian title, English advice, Indonesian advice).
_TROUBLES: Mapping[str, tuple[str, str, str, str]] = {
    "damaged file": (
        "The documents' file is damaged", "Berkas dokumen rusak",
        "Put back a copy of the directory, or add the documents again from their files or an export.",
        "Kembalikan salinan direktori, atau tambahkan lagi dokumen dari berkas atau ekspornya.",
    ),
    "damaged vectors": (
        "The vectors cannot be read", "Vektor tidak dapat dibaca",
        "They can be made again from the documents.", "Vektor dapat dibuat ulang dari dokumen.",
    ),
    "missing collections": (
        "A set of vectors is not complete", "Himpunan vektor tidak lengkap",
        "It can be made again from the documents.", "Dapat dibuat ulang dari dokumen.",
    ),
    "another model": (
        "The vectors are of another embedding model", "Vektor berasal dari model penyematan lain",
        "Embed everything again with the model that is set now (factcheck corpus reindex), or set FACTCHECK_EMBEDDING_MODEL to the old one.",
        "Sematkan ulang semuanya dengan model yang sekarang (factcheck corpus reindex), atau kembalikan FACTCHECK_EMBEDDING_MODEL ke yang lama.",
    ),
    "unfinished reindex": (
        "An embedding of everything did not end", "Penyematan ulang tidak selesai",
        "factcheck corpus reindex goes on with it; the next addition drops it.",
        "factcheck corpus reindex melanjutkannya; penambahan berikutnya membuangnya.",
    ),
    "pending documents": (
        "Documents that wait for their vectors", "Dokumen yang menunggu vektornya",
        "An addition was cut short. They cannot be found until it is finished.",
        "Penambahan terputus. Dokumen ini belum dapat ditemukan sampai diselesaikan.",
    ),
    "unreadable documents": (
        "Documents that cannot be read", "Dokumen yang tidak dapat dibaca",
        "Bring them back from an export or from their files.", "Pulihkan dari ekspor atau dari berkasnya.",
    ),
    "altered documents": (
        "Documents that were changed from outside", "Dokumen yang diubah dari luar",
        "Bring them back from an export or from their files.", "Pulihkan dari ekspor atau dari berkasnya.",
    ),
    "misplaced passages": (
        "Documents with passages out of place", "Dokumen dengan cuplikan salah letak",
        "They can be cut into passages again.", "Dapat dipotong menjadi cuplikan lagi.",
    ),
    "uncut documents": (
        "Documents without any passage", "Dokumen tanpa cuplikan",
        "They cannot be found. They can be cut into passages again.",
        "Tidak dapat ditemukan. Dapat dipotong menjadi cuplikan lagi.",
    ),
    "missing vectors": (
        "Passages without a vector", "Cuplikan tanpa vektor",
        "They cannot be found by their meaning.", "Tidak dapat ditemukan menurut maknanya.",
    ),
    "orphan vectors": (
        "Vectors that belong to no passage", "Vektor tanpa cuplikan",
        "They are left over and can be removed.", "Sisa lama yang dapat dihapus.",
    ),
    "bad vectors": (
        "Vectors that are none", "Vektor yang tidak sah",
        "They are zero, no numbers, or of another length.", "Bernilai nol, bukan angka, atau panjangnya berbeda.",
    ),
    "bad vectors of claims": (
        "Checked claims with a vector that is none", "Klaim terperiksa dengan vektor tidak sah",
        "They cannot be offered as matches.", "Tidak dapat ditawarkan sebagai klaim serupa.",
    ),
    "damaged word index": (
        "The word index is damaged", "Indeks kata rusak",
        "The next search has to make it again first.", "Pencarian berikutnya harus membuatnya ulang dulu.",
    ),
    "stale word index": (
        "The word index is of an earlier state", "Indeks kata belum mutakhir",
        "The next search makes it again.", "Pencarian berikutnya membuatnya ulang.",
    ),
    "missing word index": (
        "There is no word index on disk", "Belum ada indeks kata di diska",
        "The next search makes it.", "Pencarian berikutnya membuatnya.",
    ),
    "unfinished import": (
        "An import did not end", "Impor tidak selesai",
        "Documents are lacking. Import the same file again: it goes on where it was.",
        "Ada dokumen yang kurang. Impor lagi berkas yang sama: akan dilanjutkan.",
    ),
    "being written": (
        "Another process is writing", "Proses lain sedang menulis",
        "Counts may be of a moment. Look again when it has ended.",
        "Angka bisa berubah sewaktu-waktu. Periksa lagi setelah selesai.",
    ),
    "near copies not looked for": (
        "Passages not yet compared for near copies", "Cuplikan yang belum dibandingkan dengan salinannya",
        "A copy among them may count as a source of its own. The next addition compares them too.",
        "Salinan di antaranya bisa dihitung sebagai sumber tersendiri. Penambahan berikutnya juga membandingkannya.",
    ),
    "empty": (
        "The corpus is empty", "Korpus kosong",
        "Add documents to it.", "Tambahkan dokumen.",
    ),
    "duplicate documents": (
        "Documents with the same text as another", "Dokumen dengan teks yang sama",
        "Remove one if they are one. They count as one origin in any case.",
        "Hapus salah satu bila memang sama. Bagaimanapun, keduanya dihitung sebagai satu asal.",
    ),
    "undated documents": (
        "Documents without a date", "Dokumen tanpa tanggal",
        "They never count as evidence. Add them again with a date.",
        "Tidak pernah dihitung sebagai bukti. Tambahkan lagi dengan tanggal.",
    ),
    "documents from the future": (
        "Documents dated later than today", "Dokumen bertanggal setelah hari ini",
        "Is the date right?", "Apakah tanggalnya benar?",
    ),
    "documents without language": (
        "Documents without a language", "Dokumen tanpa bahasa",
        "They are searched as of no language. Add them again with one.",
        "Dicari tanpa memandang bahasa. Tambahkan lagi dengan bahasa.",
    ),
    "documents without publisher": (
        "Documents without a publisher", "Dokumen tanpa penerbit",
        "Reports cannot say who speaks. Add them again with one.",
        "Laporan tidak dapat menyebut siapa yang berbicara. Tambahkan lagi dengan penerbit.",
    ),
}  # fmt: skip

TEXTS = {
    **TEXTS,
    **{f"corpus.trouble.{name}": (en, id) for name, (en, id, _, _) in _TROUBLES.items()},
    **{f"corpus.trouble.{name}.advice": (en, id) for name, (_, _, en, id) in _TROUBLES.items()},
}
