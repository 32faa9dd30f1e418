"""The words of the claims checked before, in memory: which claims share rare words with a new one.

Names and numbers are words too, and mostly the same ones in every language, so that one index serves all.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from factcheck.lexical import words_of
from factcheck.numbers import STOPWORDS

MOST_POSTINGS = 20_000
"""Claims looked at for one query; rare words come first, and what is left out shares only common ones."""


class ClaimWords:
    """An index that follows the claims as they come and go. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._clear()

    def __len__(self) -> int:
        return len(self._ids)

    def follow(self, ids: Iterable[str], entries: Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]) -> None:
        """Makes the index that of these claims.

        Args:
            ids: every claim there is now. Under one id the text never changes.
            entries: gives `text` and, where known, `language` of the ids that it is asked for.
        """
        with self._lock:
            now = frozenset(ids)
            if not self._numbers.keys() <= now:  # claims are seldom removed: the index is made again
                self._clear()
            for key, kept in entries(sorted(now - self._numbers.keys())).items():
                self._add(key, telling_words(str(kept["text"]), kept.get("language")))

    def likeness(self, a: frozenset[str], b: frozenset[str]) -> float:
        """How far two claims share their words, in [0, 1]: the idf of those in both, by the geometric mean of each."""
        with self._lock:
            both = math.sqrt(self._weight(a) * self._weight(b))
            return self._weight(a & b) / both if both else 0.0

    def nearest(self, words: frozenset[str], k: int) -> list[str]:
        """The `k` claims that share the most with these words, by the sum of idf, best first."""
        with self._lock:
            sums: dict[int, float] = defaultdict(float)
            looked_at = 0
            for word in sorted(words & self._postings.keys(), key=lambda word: (len(self._postings[word]), word)):
                posting = self._postings[word]
                looked_at += len(posting)
                if sums and looked_at > MOST_POSTINGS:
                    break
                weight = self._idf(word)
                for number in posting:
                    sums[number] += weight
            best = sorted(sums, key=lambda number: (-sums[number] / math.sqrt(self._lengths[number]), number))
            return [self._ids[number] for number in best[:k]]

    def _clear(self) -> None:
        self._ids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lengths = array("H")
        self._postings: dict[str, array[int]] = {}

    def _add(self, key: str, words: frozenset[str]) -> None:
        number = self._numbers[key] = len(self._ids)
        self._ids.append(key)
        self._lengths.append(max(1, len(words)))
        for word in words:
            self._postings.setdefault(word, array("I")).append(number)

    def _idf(self, word: str) -> float:
        count = len(self._postings.get(word, ()))
        return math.log1p((len(self._ids) - count + 0.5) / (count + 0.5))

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._idf(word) for word in words)


@lru_cache(maxsize=8192)
def telling_words(text: str, language: str | None) -> frozenset[str]:
    """The words of a claim as the lexical index knows them, numbers as `#value`, without function words."""
    return frozenset(words_of(text, language)) - _function_words(language)


@cache
def _function_words(language: str | None) -> frozenset[str]:
    return frozenset(words_of(" ".join(sorted(STOPWORDS)), language)) | STOPWORDS
