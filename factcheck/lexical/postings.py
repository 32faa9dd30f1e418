"""Counts of words in passages, and the BM25 scores that follow from them."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.lexical.words import words_of

if TYPE_CHECKING:
    from bm25s import BM25

K1, B = 1.2, 0.75
_MOST = 65_535

Whole = NDArray[np.signedinteger]


class Postings(NamedTuple):
    """Which words stand in which passages, and how often: word after word, the passages of each in order.

    The passages of word `w` are `rows[starts[w]:starts[w + 1]]`, and `counts` says how often it stands in each.
    """

    words: dict[str, int]
    starts: Whole
    rows: Whole
    counts: NDArray[np.uint16]
    lengths: Whole
    """Words of each passage."""


class Counting:
    """Texts of one language on their way to `Postings`: ten bytes for each word of each, whatever its length."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words: dict[str, int] = {}
        self._terms, self._rows, self._lengths = array("i"), array("i"), array("i")
        self._counts = array("H")

    def add(self, text: str) -> None:
        """The next passage."""
        found = words_of(text, self._language)
        row = len(self._lengths)
        self._lengths.append(len(found))
        for word, count in Counter(found).items():
            self._terms.append(self._words.setdefault(word, len(self._words)))
            self._rows.append(row)
            self._counts.append(min(count, _MOST))

    def postings(self) -> Postings:
        """Of all the texts."""
        terms, rows, lengths = (np.array(part, np.int32) for part in (self._terms, self._rows, self._lengths))
        return _by_word(self._words, terms, rows, np.array(self._counts, np.uint16), lengths)


def merged(old: Postings, kept: NDArray[np.bool_], new: Postings) -> Postings:
    """The passages of `old` that are kept, then those of `new`; as if they had been counted together."""
    place = np.cumsum(kept, dtype=np.int32) - 1
    stays = kept[old.rows]
    words = dict(old.words)
    renamed = np.array([words.setdefault(word, len(words)) for word in new.words], np.int32)
    terms = np.concatenate([_terms(old)[stays], renamed[_terms(new)]]).astype(np.int32)
    rows = np.concatenate([place[old.rows[stays]], new.rows + np.int32(kept.sum())]).astype(np.int32)
    counts = np.concatenate([old.counts[stays], new.counts])
    used = np.unique(terms)
    spelt = list(words)
    numbers = np.zeros(len(words), np.int32)
    numbers[used] = np.arange(len(used), dtype=np.int32)
    left = {spelt[word]: number for number, word in enumerate(used.tolist())}
    return _by_word(left, numbers[terms], rows, counts, np.concatenate([old.lengths[kept], new.lengths]))


def scored(postings: Postings) -> BM25:
    """The scores of every word in every passage, in bm25s's form; the same as `BM25.index` gives (Lucene's variant).

    bm25s counts lists of strings, which takes 1 KB for each passage and a loop in Python; from counts it is 100
    times faster.
    """
    import bm25s

    passages = len(postings.lengths)
    found = np.diff(postings.starts)
    rarity = np.log(1 + (passages - found + 0.5) / (found + 0.5))
    long = K1 * (1 - B + B * postings.lengths / max(float(postings.lengths.mean()), 1e-9))
    counts = postings.counts.astype(np.float64)
    index = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy")
    index.scores = {
        "data": (np.repeat(rarity, found) * counts / (counts + long[postings.rows])).astype(np.float32),
        "indices": postings.rows,
        "indptr": postings.starts,
        "num_docs": passages,
    }
    index.vocab_dict, index.nonoccurrence_array = postings.words, None
    return index


def _terms(postings: Postings) -> Whole:
    return np.repeat(np.arange(len(postings.words), dtype=np.int32), np.diff(postings.starts))


def _by_word(words: dict[str, int], terms: Whole, rows: Whole, counts: NDArray[np.uint16], lengths: Whole) -> Postings:
    order = np.argsort(terms, kind="stable")
    starts = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.bincount(terms, minlength=len(words)), out=starts[1:])
    return Postings(words, starts, rows[order], counts[order], lengths)
