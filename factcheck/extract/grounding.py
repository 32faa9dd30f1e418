"""A cheap check of a claim's wording: nothing in it that the text it was made from does not have."""

from __future__ import annotations

import re
from datetime import date

from factcheck.dates import find_dates
from factcheck.extract.checkworthy import language_of
from factcheck.extract.speech import reported_speech
from factcheck.numbers import Quantity, find_quantities
from factcheck.text import names
from factcheck.types import ClaimKind, Span

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
_POSSESSIVE = re.compile(r"[’']s?$")
_STEM = 4
"""Letters that a claim's first word must share with a word of the text, since any first word looks like a name."""
_SMALL = 2
"""Up to here a number in words ("both", "pertama", "one of") is as often grammar as it is a count."""


def unfounded(claim: str, text: str, language: str | None = None) -> tuple[str, ...]:
    """The numbers and names of `claim` that are not in `text`; months and weekdays are names here.

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
        if not _slight(quantity)
    ]


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
