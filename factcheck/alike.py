"""Whether two texts say the same: copies of one report, and claims checked before.

Two texts that differ in a number, a date, a name or a negation are never the same here, however alike they look:
that difference may be the whole dispute.
"""

from __future__ import annotations

import re
from functools import lru_cache

from factcheck.dates import find_dates
from factcheck.numbers import find_quantities
from factcheck.text import NEGATIONS, names, same_facts, sentences

COPY_RATIO = 85
"""Likeness of characters (rapidfuzz, 0-100) from which two wordings may be one text, edited."""
COPY_SHARE = 0.75
"""Share of the shorter text that must stand in the longer one."""
SPELLING_RATIO = 80
"""Likeness from which two names may be one name in two languages (`Rusia`, `Russia`)."""

# "JAKARTA, KOMPAS.com - ", "MOSCOW (AP) — ": who sent the text and from where says nothing about what it says.
_DATELINE = re.compile(r"^[^\W\d_a-z]{3,}[^.!?\n]{0,60}(?:\.com)?[^.!?\n]{0,20}?\s(?:--|—|–|-)\s+")
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def agree(a: str, language_a: str | None, b: str, language_b: str | None) -> bool:
    """Whether two texts have the same numbers, dates, names and negations.

    Between two languages a name may differ in spelling, and a text in another script agrees with nothing. Where it
    cannot be told, the answer is no.
    """
    if _values(a, language_a) != _values(b, language_b):
        return False
    negations_a, negations_b = _negations(a), _negations(b)
    if language_a == language_b and language_a is not None:
        return negations_a == negations_b and _name_words(a) <= _words(b) and _name_words(b) <= _words(a)
    return bool(negations_a) == bool(negations_b) and _spelled_in(a, b) and _spelled_in(b, a)


def shared_names(a: str, b: str) -> float | None:
    """The share of the names of two texts that stand in the other one too, in [0, 1]; None if either has none.

    A name may be spelled as another language does.
    """
    from rapidfuzz import fuzz

    names_a, names_b = _name_words(a), _name_words(b)
    if not names_a or not names_b:
        return None
    found = sum(
        name in words or any(fuzz.ratio(name, word) >= SPELLING_RATIO for word in words)
        for names, words in ((names_a, _words(b)), (names_b, _words(a)))
        for name in names
    )
    return found / (len(names_a) + len(names_b))


def near_copy(a: str, b: str) -> bool:
    """Whether one text is a copy of the other, or of a part of it, with no fact changed.

    The texts are compared sentence by sentence. A sentence that has a near twin in the other text with another
    number, name, negation or direction makes them two texts. What has no twin must bring in no fact of its own.
    """
    from rapidfuzz import fuzz

    a, b = body(a), body(b)
    if not a or not b:
        return False
    if a == b:
        return True
    if fuzz.ratio(a.casefold(), b.casefold()) >= COPY_RATIO and same_facts(a, b):
        return True
    short, long = sorted((_sentences(a), _sentences(b)), key=lambda parts: sum(map(len, parts)))
    copied, own = 0, []
    for sentence in short:
        twin = max(long, key=lambda other: fuzz.ratio(sentence.casefold(), other.casefold()), default="")
        alike = fuzz.ratio(sentence.casefold(), twin.casefold())
        if alike >= COPY_RATIO and same_facts(sentence, twin):
            copied += len(sentence)
        elif alike >= COPY_RATIO - 15:
            return False
        else:
            own.append(sentence)
    if copied < COPY_SHARE * sum(map(len, short)):
        return False
    telling = frozenset[str]().union(*map(_telling, own))
    return not telling or telling <= _telling(" ".join(long))


@lru_cache(maxsize=4096)
def _values(text: str, language: str | None) -> frozenset[str]:
    """Numbers with their units, and dates, in a form that is the same in every language."""
    quantities = {f"{q.value.normalize():f} {q.unit or ''} {q.relation}" for q in find_quantities(text, language)}
    dates = {f"{d.first}/{d.last} {d.relation}" for d in find_dates(text, language)}
    return frozenset(quantities | dates)


def _negations(text: str) -> int:
    return sum(word in negations for word in _all_words(text) for negations in NEGATIONS.values())


def _all_words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_all_words(text))


@lru_cache(maxsize=4096)
def _name_words(text: str) -> frozenset[str]:
    """The words of the names of a text, in lower case, and the first words of sentences that may be names."""
    found = {word for span in names(text) for word in _WORD.findall(span.of(text)) if word[0].isupper()}
    for sentence in _sentences(text):
        first = _WORD.search(sentence)
        # The same word inside a sentence: a name there, or one of the many words that only begin sentences?
        if first and first[0][0].isupper() and names(f"kata {first[0]}"):
            found.add(first[0])
    return frozenset(word.casefold() for word in found)


def _spelled_in(a: str, b: str) -> bool:
    """Whether each name of one text stands in the other, perhaps in another language's spelling."""
    from rapidfuzz import fuzz

    return all(any(fuzz.ratio(x, y) >= SPELLING_RATIO for y in _words(b)) for x in _name_words(a))


@lru_cache(maxsize=4096)
def body(text: str) -> str:
    """A text without its dateline, on one line: texts with the same one are copies."""
    return " ".join(_DATELINE.sub("", text.strip()).split())


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in sentences(text))


def _telling(text: str) -> frozenset[str]:
    """Names, numbers, dates and negations of a text, in lower case."""
    negations = {word for word in _words(text) if any(word in known for known in NEGATIONS.values())}
    return _values(text, None) | _name_words(text) | negations
