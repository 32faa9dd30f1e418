"""What the page of quality says."""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {
    "nav.quality": ("Quality", "Mutu"),
    "quality.title": ("Quality", "Mutu"),
    "quality.lead": (
        "How often the machine is right, and how far its confidence can be trusted, measured on claims whose answer is known.",
        "Seberapa sering mesin benar, dan sejauh mana keyakinannya dapat dipercaya, diukur pada klaim yang jawabannya sudah diketahui.",
    ),
    "quality.llm": (
        "A language model judges on this server. These figures are of the offline verifier that ships; none ship for your model. Measure it with: factcheck eval",
        "Di server ini model bahasa yang menilai. Angka ini milik pemeriksa luring bawaan; tidak ada angka untuk model Anda. Ukur dengan: factcheck eval",
    ),
    # the groups
    "quality.group.all": ("All sets together", "Semua himpunan"),
    "quality.group.unseen": ("Sets it was not fitted on", "Himpunan yang tidak dipakai untuk penyetelan"),
    "quality.group.numeric": ("Claims with a number or a date", "Klaim dengan angka atau tanggal"),
    "quality.of_100": ("{n} of 100 right", "{n} dari 100 benar"),
    "quality.between": ("between {low} and {high}", "antara {low} dan {high}"),
    "quality.claims": ("{n} claims", "{n} klaim"),
    "quality.baseline": ("Always the commonest label: {n}", "Selalu label terbanyak: {n}"),
    "quality.baseline.words": ("Shared words only: {n}", "Hanya kata yang sama: {n}"),
    "quality.flatter": (
        "with sets it was fitted on, which flatters",
        "termasuk himpunan penyetelan, jadi terlalu baik",
    ),
    # what it means
    "quality.means": ("What this means for your work", "Artinya bagi pekerjaan Anda"),
    "quality.means.reader": (
        "Treat a verdict as a first reading. On sets it was not fitted on, {n} of 100 were right, while always giving each set's commonest label would have been right {baseline} times. Open the quotes before you decide.",
        "Anggap putusan sebagai pembacaan pertama. Pada himpunan yang tidak dipakai untuk penyetelan, {n} dari 100 benar; selalu menjawab label terbanyak tiap himpunan akan benar {baseline} kali. Baca kutipannya sebelum memutuskan.",
    ),
    "quality.means.over": (
        "It is surer than it should be. Verdicts of 80% and more were right in {n} of 100 cases on those sets. Use the confidence to order your work, not as a probability.",
        "Mesin terlalu yakin. Putusan dengan keyakinan 80% ke atas benar dalam {n} dari 100 kasus pada himpunan itu. Pakai keyakinan untuk mengurutkan pekerjaan, bukan sebagai peluang.",
    ),
    "quality.means.even": (
        "Its confidence is about right. Verdicts of 80% and more were right in {n} of 100 cases on those sets.",
        "Keyakinannya kurang lebih tepat. Putusan dengan keyakinan 80% ke atas benar dalam {n} dari 100 kasus pada himpunan itu.",
    ),
    "quality.means.quotes": (
        "{n}% of the {total} quotes that it showed were found in their source: code looks them up, no model writes them.",
        "{n}% dari {total} kutipan yang ditampilkan ditemukan di sumbernya: kutipan dicari oleh kode, bukan ditulis model.",
    ),
    "quality.means.retrieval": (
        "Searching {name}, the right document is among the first five for {n} of 100 claims. What the corpus does not hold cannot be found.",
        "Saat mencari di {name}, dokumen yang tepat ada di lima teratas untuk {n} dari 100 klaim. Yang tidak ada di korpus tidak dapat ditemukan.",
    ),
    "quality.means.own": (
        "Your claims are not these claims. Below is how often your own reviewers kept the machine's verdict.",
        "Klaim Anda bukan klaim ini. Di bawah tampak seberapa sering peninjau Anda mempertahankan putusan mesin.",
    ),
    # the diagram
    "quality.reliability": ("Can the confidence be trusted?", "Dapatkah keyakinannya dipercaya?"),
    "quality.reliability.how": (
        "Each dot stands for answers of about the same confidence; a larger dot for more of them, the line through it for the 95% interval. On the dashed line confidence and truth agree; below it the machine is too sure.",
        "Setiap titik mewakili jawaban dengan keyakinan serupa; titik lebih besar berarti lebih banyak, garis di titik itu selang 95%. Pada garis putus-putus keyakinan dan kebenaran sama; di bawahnya mesin terlalu yakin.",
    ),
    "quality.reliability.alt": (
        "Reliability diagram of {name}: share of right answers by confidence, in {bins} groups. Answers of about {confidence}% confidence were right in {accuracy}% of cases. The table below has all the figures.",
        "Diagram keandalan {name}: bagian jawaban benar menurut keyakinan, dalam {bins} kelompok. Jawaban dengan keyakinan sekitar {confidence}% benar dalam {accuracy}% kasus. Tabel di bawah memuat semua angka.",
    ),
    "quality.which": ("Measured on", "Diukur pada"),
    "quality.confidence": ("Confidence", "Keyakinan"),
    "quality.right": ("Right", "Benar"),
    "quality.answers": ("Answers", "Jawaban"),
    "quality.interval": ("95% interval", "Selang 95%"),
    "quality.sure": ("If you take only the surer verdicts", "Bila hanya putusan yang lebih yakin yang diambil"),
    "quality.sure.least": ("At least", "Sekurangnya"),
    "quality.sure.left": ("Share of claims", "Bagian klaim"),
    # by set
    "quality.sets": ("Set by set", "Per himpunan"),
    "quality.sets.how": (
        "A dot is the share of right verdicts with its 95% interval; a tick is what always giving the set's commonest label would get.",
        "Titik adalah bagian putusan benar dengan selang 95%; tanda garis adalah hasil bila selalu menjawab label terbanyak himpunan itu.",
    ),
    "quality.sets.alt": (
        "Share of right verdicts by set. Best is {best} with {high}%, weakest {worst} with {low}%. The table below has all the figures.",
        "Bagian putusan benar per himpunan. Terbaik {best} dengan {high}%, terlemah {worst} dengan {low}%. Tabel di bawah memuat semua angka.",
    ),
    "quality.sets.set": ("Set", "Himpunan"),
    "quality.sets.n": ("Claims", "Klaim"),
    "quality.sets.accuracy": ("Right", "Benar"),
    "quality.sets.majority": ("Commonest label", "Label terbanyak"),
    "quality.sets.lexical": ("Shared words", "Kata yang sama"),
    "quality.sets.macro": ("Macro-F1", "Macro-F1"),
    "quality.sets.ece": ("Calibration error", "Galat kalibrasi"),
    "quality.sets.table": ("All figures by set", "Semua angka per himpunan"),
    "quality.sets.fitted": (
        "† rows of this set were used for fitting, so its figures flatter",
        "† baris himpunan ini dipakai untuk penyetelan, jadi angkanya terlalu baik",
    ),
    "quality.sets.macro.help": (
        "Macro-F1 weighs every label alike, so that a rare one counts as much as a common one; 1 is best. Calibration error: how far confidence and truth lie apart on average; 0 is best.",
        "Macro-F1 menimbang semua label sama berat, sehingga label langka sama pentingnya; 1 yang terbaik. Galat kalibrasi: jarak rata-rata antara keyakinan dan kebenaran; 0 yang terbaik.",
    ),
    "quality.evidence.given": ("evidence given", "bukti diberikan"),
    "quality.evidence.retrieved": ("evidence searched for", "bukti dicari sendiri"),
    # the sets
    "quality.set.averitec": ("AVeriTeC", "AVeriTeC"),
    "quality.set.averitec.about": (
        "real claims checked by fact-checkers, with questions and answers as evidence",
        "klaim nyata yang diperiksa pemeriksa fakta, buktinya berupa tanya jawab",
    ),
    "quality.set.factcheckbench": ("FactCheck-Bench", "FactCheck-Bench"),
    "quality.set.factcheckbench.about": (
        "claims from a chatbot's answers, with web passages",
        "klaim dari jawaban bot percakapan, dengan cuplikan web",
    ),
    "quality.set.feversym": ("FEVER-Symmetric", "FEVER-Symmetric"),
    "quality.set.feversym.about": (
        "Wikipedia sentences whose wording gives nothing away",
        "kalimat Wikipedia yang susunannya tidak membocorkan jawaban",
    ),
    "quality.set.fm2": ("FoolMeTwice", "FoolMeTwice"),
    "quality.set.fm2.about": (
        "claims that players wrote to mislead one another",
        "klaim yang ditulis pemain untuk saling mengecoh",
    ),
    "quality.set.healthver_claims": ("HealthVer, by claim", "HealthVer, per klaim"),
    "quality.set.healthver_claims.about": (
        "COVID-19 claims with all the studies found for them",
        "klaim COVID-19 dengan semua studi yang ditemukan",
    ),
    "quality.set.healthver_pairs": ("HealthVer, by study", "HealthVer, per studi"),
    "quality.set.healthver_pairs.about": (
        "COVID-19 claims, each with one sentence of a study",
        "klaim COVID-19, masing-masing dengan satu kalimat studi",
    ),
    "quality.set.indonli": ("IndoNLI", "IndoNLI"),
    "quality.set.indonli.about": (
        "Indonesian sentence pairs: does one follow from the other?",
        "pasangan kalimat bahasa Indonesia: apakah yang satu mengikuti yang lain?",
    ),
    "quality.set.scifact": ("SciFact", "SciFact"),
    "quality.set.scifact.about": (
        "scientific claims with abstracts of studies",
        "klaim ilmiah dengan abstrak penelitian",
    ),
    "quality.set.turnbackhoax": ("TurnBackHoax", "TurnBackHoax"),
    "quality.set.turnbackhoax.about": (
        "hoaxes checked by Indonesian fact-checkers",
        "hoaks yang diperiksa pemeriksa fakta Indonesia",
    ),
    "quality.set.vitaminc": ("VitaminC", "VitaminC"),
    "quality.set.vitaminc.about": (
        "Wikipedia edits in which a small change turns the answer",
        "suntingan Wikipedia yang perubahan kecilnya membalik jawaban",
    ),
    "quality.set.vitaminc_conflict": ("VitaminC, sources at odds", "VitaminC, sumber berselisih"),
    "quality.set.vitaminc_conflict.about": (
        "the same with several passages, some of which contradict one another",
        "sama, dengan beberapa cuplikan yang sebagian saling bertentangan",
    ),
    "quality.set.wice": ("WiCE", "WiCE"),
    "quality.set.wice.about": (
        "Wikipedia sentences and the web page they cite",
        "kalimat Wikipedia dan halaman web yang dirujuknya",
    ),
    # the newsroom's own
    "quality.own": ("Your newsroom and the machine", "Redaksi Anda dan mesin"),
    "quality.own.lead": (
        "Of {decided} decisions on claims with a machine verdict, reviewers kept {kept} ({percent}%).",
        "Dari {decided} keputusan atas klaim dengan putusan mesin, peninjau mempertahankan {kept} ({percent}%).",
    ),
    "quality.own.few": (
        "That is too few to say much: the true share may lie anywhere between {low}% and {high}%.",
        "Jumlah ini terlalu sedikit untuk disimpulkan: bagian sebenarnya bisa antara {low}% dan {high}%.",
    ),
    "quality.own.between": ("95% interval: {low}% to {high}%.", "Selang 95%: {low}% sampai {high}%."),
    "quality.own.none": (
        "No verdict has been accepted or changed on the desk yet. As soon as reviewers decide, this shows month by month how often they kept the machine's verdict.",
        "Belum ada putusan yang diterima atau diubah di meja redaksi. Begitu peninjau memutuskan, di sini tampak dari bulan ke bulan seberapa sering putusan mesin dipertahankan.",
    ),
    "quality.own.closed": (
        "The desk is not open on this server, so there are no decisions to count.",
        "Meja redaksi tidak dibuka di server ini, jadi tidak ada keputusan yang dapat dihitung.",
    ),
    "quality.own.month": ("Month", "Bulan"),
    "quality.own.decided": ("Decisions", "Keputusan"),
    "quality.own.kept": ("Machine's verdict kept", "Putusan mesin dipertahankan"),
    "quality.own.share": ("Share kept", "Bagian dipertahankan"),
    "quality.own.alt": (
        "Share of decisions that kept the machine's verdict, by month, from {first} to {last}. The latest is {percent}%. The table below has all the figures.",
        "Bagian keputusan yang mempertahankan putusan mesin, per bulan, dari {first} sampai {last}. Yang terakhir {percent}%. Tabel di bawah memuat semua angka.",
    ),
    "quality.own.why": (
        "A kept verdict is no proof that it was right: a reviewer who sees the machine's answer first is swayed by it.",
        "Putusan yang dipertahankan bukan bukti bahwa putusan itu benar: peninjau yang lebih dulu melihat jawaban mesin ikut terpengaruh.",
    ),
    # how it was measured
    "quality.about": ("How this was measured", "Cara pengukuran"),
    "quality.about.version": ("Version", "Versi"),
    "quality.about.when": ("Measured", "Diukur"),
    "quality.about.mode": ("Who judged", "Penilai"),
    "quality.about.models": ("Models", "Model"),
    "quality.about.intervals": ("Intervals", "Selang"),
    "quality.about.intervals.value": (
        "95%, bootstrap over the rows; of the dots in the diagrams Wilson's",
        "95%, bootstrap atas baris; untuk titik di diagram menurut Wilson",
    ),
    "quality.about.more": ("More", "Selengkapnya"),
    "quality.about.more.value": (
        "Every figure with the command that gives it: benchmarks/RESULTS.md in the source",
        "Setiap angka dengan perintah yang menghasilkannya: benchmarks/RESULTS.md di kode sumber",
    ),
}
