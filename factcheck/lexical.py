"""BM25 over the passages of a corpus, an index for each language (Robertson & Zaragoza 2009; bm25s, Lu 2024).

Words are stemmed where Snowball has a stemmer for the language, and numbers have one form however they are
written: "1,5 juta", "1.500.000" and "1.5 million" are the same word. A query only meets passages of its own
language: across languages BM25 finds little, and its noise would push the right passage of another language down.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.numerals import SCALES, Token, decimal_mark, read_digits, read_words
from factcheck.numerals import tokens as plain_tokens

if TYPE_CHECKING:
    from bm25s import BM25

UNKNOWN = ""
"""Passages whose language nobody knows: they are searched by every query."""

K1, B = 1.2, 0.75

_STEMMERS = {
    "id": "indonesian", "en": "english", "ar": "arabic", "da": "danish", "de": "german", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "it": "italian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_stemming = threading.local()
_MAX_WORD = 60


class LexicalEntry(NamedTuple):
    """A passage to be indexed: its id, the text to find it by, and its language."""

    id: str
    text: str
    language: str | None


class LexicalIndex:
    """An index in memory, made once and then only read: safe to use from several threads."""

    def __init__(self, entries: Iterable[LexicalEntry]) -> None:
        grouped: dict[str, list[LexicalEntry]] = defaultdict(list)
        for entry in entries:
            grouped[entry.language or UNKNOWN].append(entry)
        self._parts = {
            language: _Part(
                [entry.id for entry in group],
                {entry.id: row for row, entry in enumerate(group)},
                _index(group, language),
            )
            for language, group in grouped.items()
        }

    def search(self, text: str, k: int, language: str | None) -> list[tuple[str, float]]:
        """The `k` passages with the highest scores above nought, best first.

        Args:
            text: the query, a sentence or words.
            k: how many at most.
            language: the query's language; only passages of it, and those of unknown language, are searched. None
                searches all.
        """
        wanted = self._parts.keys() if language is None else self._parts.keys() & {language, UNKNOWN}
        found = [hit for part in sorted(wanted) for hit in self._parts[part].search(text, k, part)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, text: str, ids: Iterable[str], language: str | None) -> dict[str, float]:
        """The scores above nought that given passages have by a query, which `search` may not have shown.

        Args:
            text: the query.
            ids: of passages; one that is unknown or in another language has no score.
            language: as for `search`.
        """
        wanted = self._parts.keys() if language is None else self._parts.keys() & {language, UNKNOWN}
        found: dict[str, float] = {}
        asked = tuple(ids)
        for part in sorted(wanted):
            found |= self._parts[part].scores(text, asked, part)
        return found


class _Part(NamedTuple):
    """The passages of one language."""

    ids: list[str]
    at: dict[str, int]
    bm25: BM25 | None

    def scores(self, text: str, ids: Iterable[str], language: str) -> dict[str, float]:
        rows = {key: self.at[key] for key in ids if key in self.at}
        scores = self._all_scores(text, language) if rows else None
        return {} if scores is None else {key: float(scores[i]) for key, i in rows.items() if scores[i] > 0}

    def _all_scores(self, text: str, language: str) -> NDArray[np.float32] | None:
        """The score of every passage; None where no word of the query is known."""
        if self.bm25 is None:
            return None
        known = self.bm25.vocab_dict
        words = [word for word in dict.fromkeys(words_of(text, language)) if word in known]
        return np.asarray(self.bm25.get_scores(words), np.float32) if words else None

    def search(self, text: str, k: int, language: str) -> list[tuple[str, float]]:
        scores = self._all_scores(text, language)
        if scores is None:
            return []
        k = min(k, len(self.ids))
        best = np.argpartition(-scores, k - 1)[:k]
        return [(self.ids[i], float(scores[i])) for i in best if scores[i] > 0]


def words_of(text: str, language: str | None) -> list[str]:
    """The words of a text as the index knows them: lower case, stemmed, numbers as `#value`."""
    text = unicodedata.normalize("NFKC", text)
    parts = plain_tokens(text)
    mark = decimal_mark(parts, language)
    found: list[str] = []
    plain: list[str] = []
    at = 0
    while at < len(parts):
        number, following = _number(parts, at, mark)
        if number is not None:
            found.append(number)
        elif parts[at].kind == "word" and len(parts[at].word) <= _MAX_WORD:
            plain.append(parts[at].word)
        at = following
    return found + _stemmed(plain, language)


def _number(parts: Sequence[Token], at: int, mark: str) -> tuple[str | None, int]:
    """The form of the number at a token, if there is one, and the token to go on from."""
    token = parts[at]
    if token.kind == "number":
        digits = read_digits(token.word, mark)
        if digits is None:
            return f"#{token.word}", at + 1
        scale = SCALES.get(parts[at + 1].word) if at + 1 < len(parts) else None
        value = digits.value * scale if scale else digits.value
        return f"#{value.normalize():f}", at + (2 if scale else 1)
    if token.kind == "word" and (read := read_words(parts, at)) and read.kind == "cardinal":
        return f"#{read.value.normalize():f}", max(read.end, at + 1)
    return None, at + 1


def _stemmed(words: list[str], language: str | None) -> list[str]:
    import Stemmer

    name = _STEMMERS.get(language or "")
    if name is None:
        return words
    # A Snowball stemmer keeps state while it runs: each thread has its own.
    stemmers: dict[str, Stemmer.Stemmer] = _stemming.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name)
    stemmed: list[str] = stemmers[name].stemWords(words)
    return stemmed


def _index(entries: Sequence[LexicalEntry], language: str) -> BM25 | None:
    import bm25s

    words = [words_of(entry.text, language) for entry in entries]
    if not any(words):
        return None
    index = bm25s.BM25(k1=K1, b=B, method="lucene")
    index.index(words, show_progress=False)
    return index
