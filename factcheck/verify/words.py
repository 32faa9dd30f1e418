"""The justification of a verdict, in Indonesian or English, built by code from the located evidence.

No sentence of it is written by a model: what it says of a source is that source's located quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import Literal

from factcheck.types import Claim, Evidence, Label

Language = Literal["id", "en"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "supported": "Supported by $count: $quotes",
        "refuted": "Contradicted by $count: $quotes",
        "conflicting": "Sources disagree. For the claim: $supports. Against it: $refutes",
        "not_enough_evidence": "Nothing in the corpus that was public by $as_of settles this claim.",
        "nearest": "Closest: $quotes",
        "later": "Later information, which did not count: $quotes",
        "undated": "Undated sources, which did not count: $quotes",
        "disputed": "Disputed reports, which did not count: $quotes",
        "rated_lower": "Sources not rated high enough to decide: $quotes",
        "unquoted": "A stance was given for words that are not in the source ($refs); it did not count.",
        "sources": "$sources sources of $origins origins",
        "source": "one source",
        "same_origin": "$sources sources, one origin",
        "numbers": "Numbers and dates compared: $notes.",
        "differs": "the source says $theirs, the claim says $ours",
        "attribution": "This concerns whether it was said, not whether it is true.",
        "reported": "This concerns what was said, apart from who said it.",
    },
    "id": {
        "supported": "Didukung oleh $count: $quotes",
        "refuted": "Dibantah oleh $count: $quotes",
        "conflicting": "Sumber saling bertentangan. Mendukung: $supports. Membantah: $refutes",
        "not_enough_evidence": "Tidak ada sumber dalam korpus yang sudah terbit per $as_of yang memastikan klaim ini.",
        "nearest": "Yang terdekat: $quotes",
        "later": "Informasi yang terbit kemudian, tidak ikut menentukan: $quotes",
        "undated": "Sumber tanpa tanggal, tidak ikut menentukan: $quotes",
        "disputed": "Laporan yang diperselisihkan, tidak ikut menentukan: $quotes",
        "rated_lower": "Sumber yang tidak dinilai cukup tinggi untuk menentukan: $quotes",
        "unquoted": "Ada penilaian atas kata-kata yang tidak ada dalam sumber ($refs); itu tidak dihitung.",
        "sources": "$sources sumber dari $origins asal",
        "source": "satu sumber",
        "same_origin": "$sources sumber, satu asal",
        "numbers": "Angka dan tanggal yang dibandingkan: $notes.",
        "differs": "sumber menyebut $theirs, klaim menyebut $ours",
        "attribution": "Ini tentang apakah hal itu dikatakan, bukan apakah isinya benar.",
        "reported": "Ini tentang isi pernyataan, terlepas dari siapa yang mengatakannya.",
    },
}

_QUOTES_SHOWN = 3
_APART = (
    ("later", "later"),
    ("undated", "undated"),
    ("disputed", "disputed_source"),
    ("rated_lower", "low_standing"),
)


def justification(claim: Claim, label: Label, evidence: Sequence[Evidence]) -> str:
    """A few sentences with [n] citations saying why the claim got its label, in the claim's language."""
    language: Language = "id" if claim.language == "id" else "en"
    used = [e for e in evidence if e.used]
    parts = [_lead(language, claim, label, used, evidence)]
    if label == "not_enough_evidence":
        nearest = [e for e in evidence if e.why_not in ("off_topic", "weak_match") and e.note]
        if nearest:
            parts.append(_say(language, "nearest", quotes=_quotes(nearest[:1])))
    differing = [c for e in used for c in e.comparisons if not c.agrees]
    notes = [_say(language, "differs", theirs=c.source_value, ours=c.claim_value) for c in differing]
    if notes:
        parts.append(_say(language, "numbers", notes="; ".join(dict.fromkeys(notes))))
    for key, reason in _APART:
        apart = [e for e in evidence if e.why_not == reason and e.stance != "neutral"]
        if apart:
            parts.append(_say(language, key, quotes=_quotes(apart[:2])))
    lost = [e for e in evidence if e.why_not == "quote_not_found"]
    if lost:
        parts.append(_say(language, "unquoted", refs=" ".join(f"[{e.n}]" for e in lost)))
    if claim.kind in ("attribution", "reported"):
        parts.append(_say(language, claim.kind))
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)


def _lead(
    language: Language, claim: Claim, label: Label, used: Sequence[Evidence], evidence: Sequence[Evidence]
) -> str:
    if label == "not_enough_evidence":
        return _say(language, label, as_of=claim.as_of.isoformat())
    if label == "conflicting":
        return _say(
            language,
            label,
            supports=_quotes([e for e in used if e.stance == "supports"][:_QUOTES_SHOWN]),
            refutes=_quotes([e for e in used if e.stance == "refutes"][:_QUOTES_SHOWN]),
        )
    return _say(language, label, count=_count(language, used, evidence), quotes=_quotes(used[:_QUOTES_SHOWN]))


def _count(language: Language, used: Sequence[Evidence], evidence: Sequence[Evidence]) -> str:
    """How many sources say so, copies of one report included, and how many origins they go back to."""
    origins = {e.origin for e in used}
    sources = len(used) + sum(e.why_not == "same_origin" and e.origin in origins for e in evidence)
    if sources == 1:
        return _say(language, "source")
    key = "same_origin" if len(origins) == 1 else "sources"
    return _say(language, key, sources=str(sources), origins=str(len(origins)))


def _quotes(evidence: Sequence[Evidence]) -> str:
    return "; ".join(f"{_named(e)}: “{e.quote.strip()}” [{e.n}]" for e in evidence)


def _named(evidence: Evidence) -> str:
    name = evidence.publisher or evidence.title or evidence.document_id
    day = evidence.published or evidence.available_from
    return f"{name} ({day})" if day else name


def _say(language: Language, key: str, **values: str) -> str:
    return Template(_WORDS[language][key]).substitute(values)
