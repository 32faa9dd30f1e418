"""Words that turn a sentence round: denial, and saying as against being so. Indonesian and English.

Small entailment models look at the words of a claim and overlook the frame around them. "A denies that Y" has all the
words of Y, and "A says that Y" does not make Y so (de Marneffe, Simons & Tonhauser 2019, CommitmentBank).
"""

from __future__ import annotations

import re

from factcheck.text import word_set

_DENIAL = re.compile(
    r"\b(?:mem)?bantah(?:an|kan)?\b|\bmenyangkal\b|\bmenampik\b|\bmenepis\b|\bhoaks?\b|\bkeliru\b|\btidak benar\b"
    r"|\bden(?:y|ies|ied|ying|ial)\b|\bdismiss(?:es|ed)?\b|\brefut(?:es|ed)\b|\bdebunk(?:s|ed)\b|\bhoax\b"
    r"|\bwrongly\b|\bfalsely\b|\bnot true\b|\buntrue\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(r"hoaks?|hoax|keliru|tidak benar|wrongly|falsely|true|debunk|refut", re.IGNORECASE)
"""Denials that may stand after what they deny: "that ... is a hoax"."""

_WORD = re.compile(r"[^\W\d_]{4,}")

_SAYING = re.compile(
    r"\b(?:kata|ujar|ucap|tutur|ungkap|jelas|tegas|tambah|imbuh|papar|sebut|klaim)(?:nya)?\b"
    r"|\b(?:mengatakan|menyatakan|menegaskan|menyebut|menyebutkan|menjelaskan|mengungkapkan|menambahkan|menuturkan"
    r"|mengklaim|mengaku|memperkirakan|melaporkan|menilai|menurut)\b"
    r"|\b(?:say|says|said|saying|tell|tells|told|state[sd]?|claim(?:s|ed)?|insist(?:s|ed)?|stress(?:es|ed)?|add(?:s|ed)?"
    r"|argue[sd]?|explain(?:s|ed)?|according to|quoted)\b",
    re.IGNORECASE,
)


def reports_denial(source: str, claim: str) -> bool:
    """Whether the source speaks of a denial or an error of what the claim says, and the claim itself does not.

    A denial denies what follows it: where more of the claim's words stand before it, it is of something else.
    """
    found = _DENIAL.search(source)
    if not found or _DENIAL.search(claim):
        return False
    if _VERDICT.search(found.group()):
        return True
    words = {word[:5] for word in _WORD.findall(claim.casefold())}
    before, after = (
        sum(word[:5] in words for word in _WORD.findall(part.casefold()))
        for part in (source[: found.start()], source[found.end() :])
    )
    return bool(after) and after >= before


def reports_saying(source: str) -> bool:
    """Whether the source tells what somebody said."""
    return bool(_SAYING.search(source))


_OUTLET = re.compile(
    r"\b(?:KCNA|Reuters|AP|AFP|Antara|ANTARA|Xinhua|TASS|Yonhap|Kyodo|Bernama|Interfax|CNN|BBC"
    r"|Al Jazeera|Kompas|Tempo|Detik"
    r"|media|kantor berita|koran|surat kabar|majalah|televisi|rekaman|video|news agency|newspaper"
    r"|broadcaster|footage)\b"
)


def is_news_outlet(speaker: str) -> bool:
    """Whether a speaker is a news outlet or a recording: what it reports is a report, not a party's word."""
    return bool(_OUTLET.search(speaker))


_PRONOUN = re.compile(
    r"\W*(?:ia|dia|beliau|mereka|keduanya|hal itu|he|she|it|they|his|her|its|their|the|this|these|that)\b",
    re.IGNORECASE,
)


def opens_with_pronoun(source: str) -> bool:
    """Whether a source names its subject by a pronoun or a definite noun, so that the name stands elsewhere."""
    return bool(_PRONOUN.match(source))


_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_DENYING = word_set("tidak bukan belum tak not never didn't doesn't don't wasn't isn't hasn't haven't won't cannot")
_BETWEEN = word_set(
    "pernah akan lagi juga sama sekali telah sudah dapat bisa be been being have has had ever yet a an the to also"
)
_PREFIXES = ("meng", "meny", "mem", "men", "me", "di", "ber", "ter")
_LEAST = 4
"""Letters by which two forms of a verb are told to be the same."""


def denies_the_same(one: str, other: str) -> bool:
    """Whether one text denies a deed that the other tells: "did not veto" and "vetoed"."""
    return _denied_here(one, other) or _denied_here(other, one)


def _denied_here(denying: str, telling: str) -> bool:
    denied, _ = _deeds(denying)
    also_denied, told = _deeds(telling)
    return any(_same(deed, other) for deed in denied for other in told) and not any(
        _same(deed, other) for deed in denied for other in also_denied
    )


def _deeds(text: str) -> tuple[list[str], list[str]]:
    """The words right behind a denial, and all the others, without their prefixes."""
    words = _TOKEN.findall(text.casefold().replace("\u2019", "'"))
    denied: list[str] = []
    told: list[str] = []
    waiting = False
    for word in words:
        if word in _DENYING:
            waiting = True
        elif not (waiting and word in _BETWEEN):
            (denied if waiting else told).append(_stem(word))
            waiting = False
    return denied, told


def _stem(word: str) -> str:
    prefix = next((p for p in _PREFIXES if word.startswith(p) and len(word) - len(p) >= _LEAST), "")
    return word[len(prefix) :]


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LEAST and longer.startswith(shorter) and len(longer) - len(shorter) <= 3
