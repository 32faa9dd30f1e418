"""A cheap check of a claim's wording: no number, date or name in it that the text it was made from does not
have."""

from __future__ import annotations

import re

from factcheck.numbers import find_quantities
from factcheck.text import names
from factcheck.types import ClaimKind

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
_MONTH = r"(?:jan|feb|mar|apr|me[iy]|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?|{_MONTH}\s+\d{{1,4}}(?:,?\s+\d{{4}})?"
    r"|(?:1[89]|20)\d{2}|\d{1,4}[/-]\d{1,2}[/-]\d{1,4})\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"[’']s?$")
_STEM = 4
"""Letters that a first word must share with a word of the text, since only its capital may make it look a
name."""
_SMALL = 2
"""Up to here a number in words ("both", "pertama", "one of") is as often grammar as it is a count."""


def unfounded(claim: str, text: str, language: str | None = None) -> tuple[str, ...]:
    """The numbers and names of `claim` that are not in `text`, in its order; months and weekdays are names
    here.

    Numbers are compared as written and as quantities ("3,5 juta" is not "3,5 miliar"), names word by word
    without regard to case and possessives. A claim's first word has a capital anyway: it is taken for a name
    only if no word of the text begins like it.
    """
    numbers = set(_NUMBER.findall(text))
    strange = [n for n in _NUMBER.findall(claim) if n not in numbers]
    strange += [q for q in _changed_quantities(claim, text, language) if not any(n in q for n in strange)]
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
        if not (quantity.spelled and quantity.value <= _SMALL)
    ]


def named_in(name: str, text: str) -> bool:
    """Whether every word of a name is in `text`, without regard to case and possessives."""
    words = {_plain(w) for w in _WORD.findall(text)}
    return bool(words & (own := {_plain(w) for w in _WORD.findall(name)})) and own <= words


def filled_in(claim: str, source: str) -> tuple[str, ...]:
    """The names in `claim` that its source text does not have: what was taken from the rest of the
    article."""
    words = {_plain(w) for w in _WORD.findall(source)}
    found = (span.of(claim) for span in names(claim))
    return tuple(dict.fromkeys(n for n in found if not {_plain(w) for w in _WORD.findall(n)} <= words))


def reasons(claim: str, kind: ClaimKind) -> tuple[str, ...]:
    """Why a claim is worth checking, as far as its wording shows: numbers, dates, names, reported speech."""
    without_dates = _DATE.sub(" ", claim)
    shown = {
        "reported speech": kind != "statement",
        "number": bool(_NUMBER.search(without_dates)),
        "date": without_dates != claim,
        "named people or places": bool(names(claim)),
    }
    return tuple(name for name, there in shown.items() if there) or ("picked by the language model",)


def _plain(word: str) -> str:
    return _POSSESSIVE.sub("", word.casefold())
