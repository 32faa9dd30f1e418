"""Every word that a published page says, in English and Indonesian, in one place."""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, get_args

from factcheck.errors import InputError
from factcheck.publish.reasons import REASONS

Language = Literal["en", "id"]

LANGUAGES: tuple[Language, ...] = get_args(Language)

_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
}  # fmt: skip

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("Fact check", "Cek fakta"),
    "article": ("The article", "Artikel"),
    "in_article": ("In the article", "Dalam artikel"),
    "claims": ("Claims", "Klaim"),
    "claim": ("Claim", "Klaim"),
    "as_of": ("Judged as of {day} ({how})", "Dinilai per {day} ({how})"),
    "as_of.given": ("the date given", "tanggal yang diberikan"),
    "as_of.article": ("the article's own date", "tanggal artikel"),
    "as_of.today": ("the day of the check", "tanggal pemeriksaan"),
    "rule_lifted": (
        "The time rule was lifted for this run: evidence of any date counted.",
        "Aturan waktu dicabut untuk pemeriksaan ini: bukti dari tanggal mana pun dihitung.",
    ),
    "none": ("No check-worthy claim was found.", "Tidak ditemukan klaim yang layak diperiksa."),
    "count.one": ("1 claim", "1 klaim"),
    "count.many": ("{n} claims", "{n} klaim"),
    "tally": ("{n} {label}", "{n} {label}"),
    # verdicts
    "label.supported": ("Supported", "Didukung"),
    "label.refuted": ("Refuted", "Terbantah"),
    "label.not_enough_evidence": ("Not enough evidence", "Bukti belum cukup"),
    "label.conflicting": ("Conflicting evidence", "Bukti bertentangan"),
    "label.not_checked": ("Not checked", "Tidak diperiksa"),
    "rating.supported": ("True", "Benar"),
    "rating.refuted": ("False", "Salah"),
    "rating.conflicting": ("Conflicting evidence", "Bukti bertentangan"),
    "rating.not_enough_evidence": ("Not enough evidence", "Belum cukup bukti"),
    # whose verdict it is, and how far the claim is
    "whose.machine": ("the machine's verdict, not reviewed", "putusan mesin, belum ditinjau"),
    "whose.machine_none": ("not reviewed", "belum ditinjau"),
    "whose.in_review": ("a reviewer's verdict, not signed off", "putusan peninjau, belum disahkan"),
    "whose.machine_in_review": ("the machine's verdict, in review", "putusan mesin, sedang ditinjau"),
    "whose.reviewed": ("a reviewer's verdict, signed off", "putusan peninjau, sudah disahkan"),
    "whose.published": ("a reviewer's verdict, published", "putusan peninjau, sudah diterbitkan"),
    "whose.correction": ("being corrected", "sedang dikoreksi"),
    "people": ("Reviewers", "Peninjau"),
    "people.none": ("Nobody has reviewed this claim yet.", "Klaim ini belum ditinjau siapa pun."),
    "people.undecided": ("No reviewer has decided yet.", "Belum ada putusan peninjau."),
    "people.kept": ("{label}, as the machine found: {who}, {day}.", "{label}, sama dengan mesin: {who}, {day}."),
    "people.changed": ("{label}, unlike the machine: {who}, {day}.", "{label}, berbeda dari mesin: {who}, {day}."),
    "people.decided": ("{label}: {who}, {day}.", "{label}: {who}, {day}."),
    "people.reason": ("Reason: {reason}", "Alasan: {reason}"),
    "people.signed": ("Signed off: {who}, {day}.", "Disahkan: {who}, {day}."),
    "people.published": ("Published: {day}.", "Diterbitkan: {day}."),
    "people.republished": ("Published: {first}, last changed {day}.", "Diterbitkan: {first}, terakhir diubah {day}."),
    "correction": ("Correction, {day}: {reason}", "Koreksi, {day}: {reason}"),
    "correction.was": ("Correction, {day}: {reason} Until then: {label}.", "Koreksi, {day}: {reason} Sebelumnya: {label}."),
    "dropped": ("Dropped by a reviewer", "Dikeluarkan oleh peninjau"),
    "machine": ("The machine", "Mesin"),
    "machine.verdict": ("{label}, confidence {percent}%.", "{label}, keyakinan {percent}%."),
    "machine.words": ("It judged these words: {text}", "Yang dinilai adalah kata-kata ini: {text}"),
    "machine.sources": ("{sources}, {origins}.", "{sources}, {origins}."),
    "sources.one": ("1 source", "1 sumber"),
    "sources.many": ("{n} sources", "{n} sumber"),
    "origins.one": ("1 origin", "1 asal"),
    "origins.many": ("{n} origins", "{n} asal"),
    # the claim
    "speaker": ("Said by {who}", "Dikatakan oleh {who}"),
    "kind.statement": ("the article says so itself", "pernyataan artikel sendiri"),
    "kind.attribution": ("checked: whether it was said", "yang diperiksa: apakah itu dikatakan"),
    "kind.reported": ("checked: whether what was said is so", "yang diperiksa: apakah isi perkataan itu benar"),
    # evidence
    "evidence": ("Evidence", "Bukti"),
    "evidence.none": ("No passage settles this claim.", "Tidak ada cuplikan yang memastikan klaim ini."),
    "evidence.apart.one": ("1 more passage that did not count", "1 cuplikan lain yang tidak dihitung"),
    "evidence.apart.many": ("{n} more passages that did not count", "{n} cuplikan lain yang tidak dihitung"),
    "stance.supports": ("supports", "mendukung"),
    "stance.refutes": ("refutes", "membantah"),
    "stance.neutral": ("says nothing for or against", "tidak mendukung atau membantah"),
    "stance.person": ("a reviewer's reading; the machine's: {stance}", "bacaan peninjau; bacaan mesin: {stance}"),
    "added": ("added by {who}, {day}", "ditambahkan oleh {who}, {day}"),
    "undated": ("undated", "tanpa tanggal"),
    "available": ("available from {day}", "tersedia sejak {day}"),
    "tier.primary": ("primary source", "sumber primer"),
    "tier.established": ("established source", "sumber mapan"),
    "tier.unknown": ("source not rated", "sumber belum dinilai"),
    "tier.low": ("low-rated source", "sumber bernilai rendah"),
    "why_not.later": ("did not count: later than the claim's date", "tidak dihitung: lebih baru dari tanggal klaim"),
    "why_not.undated": ("did not count: undated", "tidak dihitung: tanpa tanggal"),
    "why_not.same_origin": ("did not count: same origin as another source", "tidak dihitung: asalnya sama dengan sumber lain"),
    "why_not.quote_not_found": ("did not count: the quoted words are not in the source", "tidak dihitung: kutipan tidak ada dalam sumber"),
    "why_not.off_topic": ("did not count: says nothing for or against", "tidak dihitung: tidak mendukung atau membantah"),
    "why_not.disputed_source": ("did not count: disputed or superseded report", "tidak dihitung: laporan diperselisihkan atau usang"),
    "why_not.low_standing": ("did not count: source not rated high enough", "tidak dihitung: sumber tidak dinilai cukup tinggi"),
    "why_not.weak_match": ("did not count: too weak a match", "tidak dihitung: terlalu jauh dari klaim"),
    # the rest
    "notes": ("Reviewers' notes", "Catatan peninjau"),
    "note": ("{who}, {day}: {text}", "{who}, {day}: {text}"),
    "left_out": ("Left out of the check", "Tidak diperiksa"),
    "run": ("factcheck {version}, corpus {corpus}, checked {day}", "factcheck {version}, korpus {corpus}, diperiksa {day}"),
    "glyphs": (
        "□ stands for a character that none of this file's fonts has. The HTML page and the JSON file have it.",
        "□ menggantikan karakter yang tidak dimiliki huruf dalam berkas ini. Halaman HTML dan berkas JSON memuatnya.",
    ),
    "page_number": ("Page {n}", "Halaman {n}"),
}  # fmt: skip


class Words:
    """The texts in one language; call it with a key and the text's fields."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **fields: Any) -> str:
        """The text of `key`, filled.

        Raises:
            KeyError: there is no such text, or a field of it was not given.
        """
        text = TEXTS[key][self._column]
        return text.format(**fields) if fields else text

    def count(self, key: str, n: int) -> str:
        """`key.one` or `key.many`, by the number."""
        return self(f"{key}.one") if n == 1 else self(f"{key}.many", n=n)

    def day(self, when: str | None) -> str:
        """An ISO 8601 date of year, month or day precision, or a time, as people write a day: `19 June 2024`."""
        if not when:
            return self("undated")
        year, _, rest = when[:10].partition("-")
        month, _, day = rest.partition("-")
        parts = [str(int(day))] if day else []
        if month:
            parts.append(_MONTHS[self.language][int(month) - 1])
        return " ".join([*parts, year])

    def reason(self, given: str) -> str:
        """A reason that an extractor gave, in this language where it is known, else as given."""
        return REASONS.get(given, given) if self.language == "id" else given


@lru_cache(maxsize=len(LANGUAGES))
def _words(language: Language) -> Words:
    return Words(language)


def words(language: str) -> Words:
    """The texts in a language.

    Raises:
        InputError: there are none in it.
    """
    if language not in LANGUAGES:
        raise InputError(f"There are no texts in {language!r}. Give en or id as the language.")
    return _words("id" if language == "id" else "en")
