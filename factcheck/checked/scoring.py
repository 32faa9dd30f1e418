"""How much a claim checked before is the new one: one number out of named features, and what is strong or weak.

The score is a logistic regression, one for claims of the same language and one across languages, where words are
shared only as names and numbers and the cosine of a translation is lower. The new claim is embedded as a query, the
ones that are kept as passages. benchmarks/match_thresholds.py measures it and fits it anew.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import date
from typing import Literal, NamedTuple

from factcheck.alike import agree, shared_names
from factcheck.checked.words import ClaimWords, telling_words
from factcheck.dates import find_dates
from factcheck.text import word_set

STRONG_SCORE = 0.97
"""Score from which a claim checked before may be the same one."""
WEAK_SCORE = 0.2
"""Score from which a claim checked before is worth showing: .69 to .95 of what is shown is the right claim."""
MIN_WORDS = 8
"""A claim of fewer words says too little for a strong match."""


class Features(NamedTuple):
    """What two claims have in common."""

    cosine: float
    """Of their vectors, in [-1, 1]."""
    words: float
    """`ClaimWords.likeness`, in [0, 1]."""
    same_language: bool
    """False if both languages are known and differ."""
    numbers: float
    """Share of their numbers that both have, in [0, 1]; NO_OPINION if either has none."""
    names: float
    """Share of their names that both have, in [0, 1]; NO_OPINION if either has none."""


class Weights(NamedTuple):
    """Of the features, in log odds."""

    bias: float
    cosine: float
    words: float
    numbers: float
    names: float


NO_OPINION = 0.5
_SOME_DAY = date(2000, 1, 1)

SAME = Weights(bias=-10.2, cosine=9.6, words=13.9, numbers=1.1, names=1.9)
ACROSS = Weights(bias=-12.0, cosine=8.0, words=2.4, numbers=6.8, names=3.2)

# "Naik" and "turun" turn a claim as surely as "tidak", and no number, name or negation tells them apart.
_OPPOSITES = tuple(
    (word_set(one), word_set(other))
    for one, other in (
        ("naik meningkat bertambah menaikkan kenaikan rise rises rose increase increases increased up gain gained",
         "turun menurun berkurang menurunkan penurunan fall falls fell decrease decreases decreased down drop dropped"),
        ("lebih more above over", "kurang less fewer below under"),
        ("menang won wins win", "kalah lost loses lose"),
        ("menerima accepted accepts approved", "menolak rejected rejects refused"),
        ("sebelum before", "sesudah setelah after"),
        ("semua seluruh all every", "sebagian some"),
        ("berhasil succeeded", "gagal failed"),
        ("aman safe", "berbahaya dangerous"),
        ("legal", "ilegal illegal"),
    )
)  # fmt: skip


def features_of(
    a: str, language_a: str | None, b: str, language_b: str | None, cosine: float, words: ClaimWords
) -> Features:
    """What two claims have in common; `words` knows how rare a word is among the claims checked before."""
    words_a, words_b = telling_words(a, language_a), telling_words(b, language_b)
    numbers_a, numbers_b = _numbers(words_a), _numbers(words_b)
    names = shared_names(a, b)
    return Features(
        cosine=cosine,
        words=words.likeness(words_a, words_b),
        same_language=language_a == language_b or language_a is None or language_b is None,
        numbers=len(numbers_a & numbers_b) / len(numbers_a | numbers_b) if numbers_a and numbers_b else NO_OPINION,
        names=NO_OPINION if names is None else names,
    )


def match_score(features: Features) -> float:
    """How much one claim is the other, in [0, 1]: higher is more."""
    by = SAME if features.same_language else ACROSS
    odds = (
        by.bias
        + by.cosine * features.cosine
        + by.words * features.words
        + by.numbers * features.numbers
        + by.names * features.names
    )
    return 1 / (1 + math.exp(-odds))


def strength(
    score: float, a: str, language_a: str | None, b: str, language_b: str | None
) -> Literal["strong", "weak"] | None:
    """What a match of that score is; None if it is not worth showing.

    It is strong only if both claims have eight words or more, agree in numbers, dates, names and negations, have
    the same numbers in names too (`COVID-19`), name the same months and weekdays, and do not say opposite things
    ("rises", "falls").
    """
    if score < WEAK_SCORE:
        return None
    strong = (
        score >= STRONG_SCORE
        and min(len(a.split()), len(b.split())) >= MIN_WORDS
        and agree(a, language_a, b, language_b)
        and _numbers(telling_words(a, language_a)) == _numbers(telling_words(b, language_b))
        and _days(a, language_a) == _days(b, language_b)
        and not _opposite(a, b)
    )
    return "strong" if strong else "weak"


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.startswith("#"))


def _days(text: str, language: str | None) -> frozenset[str]:
    """The times that a text names, a bare month or weekday as of one day that is the same for every text."""
    return frozenset(f"{d.first}/{d.last} {d.relation}" for d in find_dates(text, language, _SOME_DAY))


def _opposite(a: str, b: str) -> bool:
    """Whether one text has less of some words and more of their opposites than the other."""
    counts_a, counts_b = (Counter(re.findall(r"\w+", text.casefold())) for text in (a, b))
    more, less = counts_a - counts_b, counts_b - counts_a
    return any(
        (more.keys() & one and less.keys() & other) or (more.keys() & other and less.keys() & one)
        for one, other in _OPPOSITES
    )
