"""The reasons that extractors give for picking a claim or leaving a sentence out, in Indonesian."""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    # why a claim was picked
    "number": "angka",
    "date": "tanggal",
    "named people or places": "nama orang atau tempat",
    "reported speech": "ucapan yang dikutip",
    "comparison": "perbandingan",
    "action or state": "tindakan atau keadaan",
    "planned event": "acara terencana",
    "economy": "ekonomi",
    "state or army": "negara atau militer",
    "past event": "peristiwa yang sudah terjadi",
    "amount": "jumlah",
    "going on": "sedang berlangsung",
    "money": "uang",
    "share": "persentase atau bagian",
    "several names": "beberapa nama",
    "law or vote": "hukum atau pemungutan suara",
    "wrongdoing": "pelanggaran atau kebohongan",
    "change": "perubahan",
    "refusal or ban": "penolakan atau larangan",
    "own deed": "tindakan pembicara sendiri",
    "length of time": "lama waktu",
    "harm": "bahaya atau korban",
    "much harm": "banyak bahaya atau korban",
    "extreme": "paling, pertama, atau satu-satunya",
    "research": "penelitian atau data",
    "cause": "sebab dan akibat",
    "denial": "penyangkalan",
    "dispute": "sengketa atau tuduhan",
    "body or illness": "tubuh atau penyakit",
    "country": "negara",
    "several countries": "beberapa negara",
    "words of saying": "kata ucapan",
    "picked by the language model": "dipilih oleh model bahasa",
    # why a sentence was left out
    "page furniture (link, caption, credit or notice), not part of the report": "bagian halaman (tautan, keterangan foto, kredit, atau pemberitahuan), bukan isi berita",
    "a question, which states nothing that can be checked": "pertanyaan, yang tidak menyatakan apa pun untuk diperiksa",
    "a call to the reader (to share, click, join), not a statement": "ajakan kepada pembaca (membagikan, mengeklik, bergabung), bukan pernyataan",
    "a wish, greeting or appeal, not a statement": "harapan, salam, atau imbauan, bukan pernyataan",
    "too short to state anything that can be checked": "terlalu pendek untuk menyatakan sesuatu yang dapat diperiksa",
    "a forecast or speculation, which cannot be checked yet": "perkiraan atau spekulasi, yang belum dapat diperiksa",
    "an opinion or assessment, not a checkable fact": "pendapat atau penilaian, bukan fakta yang dapat diperiksa",
    "a personal remark without a checkable fact": "ucapan pribadi tanpa fakta yang dapat diperiksa",
    "a quoted remark without a checkable fact": "kutipan tanpa fakta yang dapat diperiksa",
    "nothing checkable in it: no number, date, name or event": "tidak ada yang dapat diperiksa: tanpa angka, tanggal, nama, atau peristiwa",
    "headline: repeats what the article says below": "judul: mengulang isi artikel di bawahnya",
    "the language model saw no check-worthy claim in it": "model bahasa tidak melihat klaim yang layak diperiksa di dalamnya",
    "a claim was dropped, since the words given for it are not in the article": "sebuah klaim dibuang, karena kata-katanya tidak ada dalam artikel",
}
"""The reasons of the extractors in Indonesian; one that is not here is shown as it was given."""
