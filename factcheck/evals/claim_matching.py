"""Extracted claims against gold ones by one fixed rule without a model, so that figures can be compared.

Two claims match when the F1 of their content words is at least 0.5 (the token F1 of Rajpurkar et al. 2016) and both
have the same numbers. Pairs are taken from the most alike down, each claim once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

ALIKE = 0.5

_TOKEN = re.compile(r"[^\W\d_]+|\d[\d.,]*")
_ENGLISH = """
the a an of in on at to for and or is are was were be been by with as that this it its from has have had which who he
she they his her their also
"""
_INDONESIAN = """
yang di ke dari dan atau adalah ini itu pada untuk dengan oleh akan telah sudah juga dalam sebagai bahwa ia dia mereka
nya para tersebut
"""
_FUNCTION_WORDS = frozenset([*_ENGLISH.split(), *_INDONESIAN.split()])


def content_words(text: str) -> list[str]:
    """The case-folded words and numbers of a text, without function words of English and Indonesian."""
    found = (token.strip(".,") for token in _TOKEN.findall(text.casefold()))
    return [token for token in found if token and token not in _FUNCTION_WORDS]


def likeness(a: str, b: str) -> float:
    """The F1 of two texts' content words, in [0, 1]; 0 where one has a number that the other lacks."""
    words_a, words_b = content_words(a), content_words(b)
    if not words_a or not words_b or _numbers(words_a) != _numbers(words_b):
        return 0.0
    return 2 * (Counter(words_a) & Counter(words_b)).total() / (len(words_a) + len(words_b))


def matches(gold: Sequence[str], extracted: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The pairs `(place in gold, place in extracted)` that match, one to one, the most alike first.

    Among equally alike pairs the later ones come first, so that the outcome is fixed.
    """
    pairs = sorted(
        ((likeness(one, other), i, j) for i, one in enumerate(gold) for j, other in enumerate(extracted)), reverse=True
    )
    taken: list[tuple[int, int]] = []
    for alike, i, j in pairs:
        if alike >= ALIKE and all(i != one and j != other for one, other in taken):
            taken.append((i, j))
    return tuple(taken)


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}
