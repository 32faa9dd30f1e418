"""A cheap check of a claim's wording: it stands alone, and has nothing that the text it was made from does not have."""

from __future__ import annotations

import re
from datetime import date

from factcheck.dates import find_dates
from factcheck.extract.checkworthy import language_of
from factcheck.extract.speech import reported_speech
from factcheck.numbers import Quantity, find_quantities
from factcheck.text import NEGATIONS, names, word_set
from factcheck.types import ClaimKind, Span

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
_POSSESSIVE = re.compile(r"[’']s?$")
_STEM = 4
"""Letters that a claim's first word must share with a word of the text, since any first word looks like a name."""
_NEGATING = NEGATIONS["id"] | NEGATIONS["en"]
_DENIED = re.compile(
    r"\b(?:(?:mem|di)?bantah\w*|(?:men|di)?tolak\w*|menampik|menyangkal|gagal|kurang|dilarang|melarang|hoaks?|palsu|salah"
    r"|den(?:y|ie[sd]|ying)|refus\w+|reject\w*|fail\w*|lack\w*|ban(?:s|ned)?|few|little|hardly|barely|false|untrue|un\w{4,}ed"
    r"|dis\w{4,}ed|refut\w+)\b",
    re.IGNORECASE,
)
_VERBAL = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|does|do|did|adalah|merupakan|menjadi|telah"
    r"|akan|sudah|sedang|pernah|tidak|bukan|belum|bisa|dapat|harus|(?:me|ber|di|ter)[a-z]{4,})\b"
)
_OPEN_SUBJECT = re.compile(
    r"(?P<lead>[^,.]{3,80},\s+)?(?P<who>(?:ia|dia|beliau|mereka|kami|kita|saya|aku|he|she|they|we|i|it)\b(?!\s*[,:])"
    rf"|(?:this|that|these|those|ini|itu|hal (?:ini|itu|tersebut))\b(?=\s+{_VERBAL}))",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"it(?:[’']s| (?:is|was|has been|had been|will be|would be))(?: \w+){1,3} (?:that|to|for|who|which|when)\b"
    r"|it (?:rained|snowed|took|takes|follows that|turned out)\b",
    re.IGNORECASE,
)
# `Saat Putin tiba, ia ...` says who is meant; `Pada Rabu, ia ...` and `Di Hanoi, ia ...` do not.
_CLAUSE_OF = word_set(
    "saat ketika setelah sebelum usai sejak karena meski meskipun walau walaupun jika kalau menurut sementara selama"
    " when after before since because although though while as if once according until"
)
_ONE = frozenset({"ia", "dia", "beliau", "he", "she"})
_MYSELF = frozenset({"saya", "aku"})
_SMALL = 2
"""Up to here a number in words ("both", "pertama", "one of") is as often grammar as it is a count."""


def unfounded(
    claim: str, text: str, language: str | None = None, *, near: str | None = None, base: date | None = None
) -> tuple[str, ...]:
    """The numbers, relative dates, negations and names of `claim` that are not in the text.

    Numbers are compared as written and as quantities ("3,5 juta" is not "3,5 miliar"), relative dates as days, names
    word by word without regard to case and possessives; months and weekdays are names here. A claim's first word has
    a capital anyway: it is taken for a name only if no word of the text begins like it.

    Args:
        claim: the wording to check.
        text: where its names must be.
        language: of both.
        near: where its numbers, dates and negations must be, since a number of another sentence is another number;
            unset, `text`.
        base: the day that relative dates count from; unset, they are not checked.
    """
    near = text if near is None else near
    numbers = set(_NUMBER.findall(near))
    strange = [n for n in _NUMBER.findall(claim) if n not in numbers]
    strange += [q for q in _changed_quantities(claim, near, language) if not any(n in q for n in strange)]
    strange += [d for d in _changed_days(claim, near, language, base) if not any(n in d for n in strange)]
    if (added := negation_in(claim)) and not negation_in(near) and not _DENIED.search(near):
        strange.append(added)
    words = {_plain(w) for w in _WORD.findall(text)}
    stems = {w[:_STEM] for w in words}
    for position, word in enumerate(_WORD.findall(claim)):
        plain = _plain(word)
        if not word[0].isupper() or plain in words:
            continue
        if position or (len(plain) > _STEM and plain[:_STEM] not in stems):
            strange.append(word)
    return tuple(dict.fromkeys(strange))


def _changed_quantities(claim: str, text: str, language: str | None) -> list[str]:
    known = {(q.value, q.unit) for q in find_quantities(text, language)}
    values = {value for value, _ in known}
    return [
        quantity.text
        for quantity in find_quantities(claim, language)
        if quantity.value not in values or (quantity.unit and (quantity.value, quantity.unit) not in known)
        if not _slight(quantity)
    ]


def _changed_days(claim: str, text: str, language: str | None, base: date | None) -> list[str]:
    """The relative dates of a claim that mean other days than any of the text's: `besok` for `kemarin`."""
    said = [m for m in find_dates(claim, language, base) if m.resolved_from == "relative"] if base else []
    known = {(m.first, m.last) for m in find_dates(text, language, base)} if said else set()
    return [m.text for m in said if (m.first, m.last) not in known and m.text.casefold() not in text.casefold()]


def negation_in(text: str) -> str | None:
    """The first word of a text that makes it say the opposite, or None."""
    words = (word.casefold().replace("’", "'") for word in _WORD.findall(text))
    return next((word for word in words if word in _NEGATING), None)


def open_subject(claim: str) -> str | None:
    """The pronoun that a claim is about where nothing before it says who or what is meant, or None."""
    found = _OPEN_SUBJECT.match(claim)
    if found is None or _EXPLETIVE.match(claim, found.start("who")):
        return None
    told = _WORD.findall(found["lead"] or "")
    named = told and told[0].casefold() in _CLAUSE_OF and any(word[0].isupper() for word in told[1:])
    return None if named else found["who"]


def with_speaker(claim: str, kind: ClaimKind, speaker: str, language: str | None) -> str:
    """A claim with its speaker's name for the pronoun that must be the speaker, or as it was.

    `Ia mengatakan ...` is about the one who speaks, and `saya` in what was said is too; `ia` in it may be another.
    """
    found = _OPEN_SUBJECT.match(claim)
    if found is None or not speaker or open_subject(claim) is None:
        return claim
    who = found["who"].casefold()
    speech = reported_speech(claim, Span(start=0, end=len(claim)), language_of(claim, language))
    speaks = kind == "attribution" and speech is not None and speech.speaker is not None
    if (speaks and who in _ONE) or (kind == "reported" and who in _MYSELF):
        return claim[: found.start("who")] + speaker + claim[found.end("who") :]
    return claim


def named_in(name: str, text: str) -> bool:
    """Whether every word of a name is in `text`, without regard to case and possessives."""
    words = {_plain(w) for w in _WORD.findall(text)}
    return bool(words & (own := {_plain(w) for w in _WORD.findall(name)})) and own <= words


def filled_in(claim: str, source: str) -> tuple[str, ...]:
    """The names in `claim` that its source text does not have: what was taken from the rest of the article."""
    words = {_plain(w) for w in _WORD.findall(source)}
    found = (span.of(claim) for span in names(claim))
    return tuple(dict.fromkeys(n for n in found if not {_plain(w) for w in _WORD.findall(n)} <= words))


def voiced(claim: str, kind: ClaimKind, speaker: str, language: str | None) -> tuple[ClaimKind, str]:
    """Kind and speaker of a claim, put right where its wording says "X said that ..." and its kind does not.

    Small models call such a claim a statement; it would then be judged as if its content had been claimed.
    """
    speech = reported_speech(claim, Span(start=0, end=len(claim)), language_of(claim, language))
    if speech is None or speech.speaker is None:
        return kind, speaker
    named = speech.speaker.of(claim)
    same = {_plain(w) for w in _WORD.findall(named)} & {_plain(w) for w in _WORD.findall(speaker)}
    if kind == "statement" or (kind == "reported" and same):
        return "attribution", named
    return kind, speaker


def reasons(claim: str, kind: ClaimKind, language: str | None = None, base: date | None = None) -> tuple[str, ...]:
    """Why a claim is worth checking, as far as its wording shows; relative dates count from `base`."""
    shown = {
        "reported speech": kind != "statement",
        "number": any(not _slight(quantity) for quantity in find_quantities(claim, language)),
        "date": bool(find_dates(claim, language, base)),
        "named people or places": bool(names(claim)),
    }
    return tuple(name for name, there in shown.items() if there) or ("picked by the language model",)


def _slight(quantity: Quantity) -> bool:
    return quantity.spelled and quantity.value <= _SMALL


def _plain(word: str) -> str:
    return _POSSESSIVE.sub("", word.casefold())
