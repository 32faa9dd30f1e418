"""An index that is searched: made once, then only read, so that any number of threads may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.lexical.postings import Counting, Postings, merged, scored
from factcheck.lexical.words import words_of

if TYPE_CHECKING:
    from bm25s import BM25

UNKNOWN = ""
"""Passages whose language nobody knows: they are searched by every query."""


class LexicalEntry(NamedTuple):
    """A passage to be indexed: its id, the text to find it by, its language, and its document's id."""

    id: str
    text: str
    language: str | None
    document: str = ""


class Part(NamedTuple):
    """The passages of one language."""

    ids: list[str]
    at: dict[str, int]
    """The place of each id among the ids."""
    owners: NDArray[np.int32]
    """The place of each passage's document among the documents of the index."""
    postings: Postings
    bm25: BM25

    def all_scores(self, text: str, language: str) -> NDArray[np.float32] | None:
        """The score of every passage; None where no word of the query is known."""
        known = self.bm25.vocab_dict
        words = [word for word in dict.fromkeys(words_of(text, language)) if word in known]
        return np.asarray(self.bm25.get_scores(words), np.float32) if words else None

    def scores(self, text: str, ids: Iterable[str], language: str) -> dict[str, float]:
        """The scores above nought of those passages that are here."""
        rows = {key: self.at[key] for key in ids if key in self.at}
        scores = self.all_scores(text, language) if rows else None
        return {} if scores is None else {key: float(scores[i]) for key, i in rows.items() if scores[i] > 0}

    def search(self, text: str, k: int, language: str) -> list[tuple[str, float]]:
        """The best, in no order, and all that are as good as the last of them."""
        scores = self.all_scores(text, language)
        if scores is None:
            return []
        least = np.partition(scores, -k)[-k] if k < len(scores) else 0.0
        best = np.flatnonzero((scores >= least) & (scores > 0))
        return [(self.ids[i], float(scores[i])) for i in best.tolist()]


class LexicalIndex:
    """Passages to be found by their words.

    Args:
        entries: read once.
    """

    def __init__(self, entries: Iterable[LexicalEntry] = ()) -> None:
        self.documents: dict[str, str] = {}
        """Of each document that was indexed its content hash."""
        self.parts: dict[str, Part] = _counted(entries, {})

    @classmethod
    def of(cls, documents: Mapping[str, str], parts: Mapping[str, Part]) -> LexicalIndex:
        """An index of parts that exist already."""
        made = cls()
        made.documents, made.parts = dict(documents), dict(parts)
        return made

    def __len__(self) -> int:
        return sum(len(part.ids) for part in self.parts.values())

    @property
    def languages(self) -> dict[str, int]:
        """How many passages there are of each language, `UNKNOWN` among them."""
        return {language: len(part.ids) for language, part in self.parts.items()}

    def followed(
        self, documents: Mapping[str, str], entries_of: Callable[[Collection[str]], Iterable[LexicalEntry]]
    ) -> LexicalIndex:
        """The index of these documents, of which those that are here already are not read again.

        Args:
            documents: of each its content hash.
            entries_of: called with the documents that are missing here, or are here with another content.
        """
        places = {key: place for place, key in enumerate(documents)}
        # The new place of each document that stays, by its old one.
        stays = np.array([places[k] if documents.get(k) == h else -1 for k, h in self.documents.items()], np.int32)
        missing = [key for key, kept in documents.items() if self.documents.get(key) != kept]
        new = _counted(entries_of(missing) if missing else (), places)
        parts = dict(new)
        for language, old in self.parts.items():
            owners = stays[old.owners]
            kept = owners >= 0
            if kept.all() and language not in new:
                parts[language] = old._replace(owners=owners)
            elif kept.any():
                parts[language] = _joined(old, kept, owners[kept], new.get(language))
        return LexicalIndex.of(documents, parts)

    def search(self, text: str, k: int, language: str | None) -> list[tuple[str, float]]:
        """The `k` passages with the highest scores above nought, best first.

        Args:
            text: the query, a sentence or words.
            k: how many at most.
            language: the query's language; only passages of it, and those of unknown language, are searched. None
                searches all.
        """
        found = [hit for part in self._asked(language) for hit in self.parts[part].search(text, k, part)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, text: str, ids: Iterable[str], language: str | None) -> dict[str, float]:
        """The scores above nought that given passages have by a query, which `search` may not have shown.

        Args:
            text: the query.
            ids: of passages; one that is unknown or in another language has no score.
            language: as for `search`.
        """
        asked = tuple(ids)
        found: dict[str, float] = {}
        for part in self._asked(language):
            found |= self.parts[part].scores(text, asked, part)
        return found

    def _asked(self, language: str | None) -> list[str]:
        return sorted(self.parts.keys() if language is None else self.parts.keys() & {language, UNKNOWN})


def part_of(ids: list[str], owners: NDArray[np.int32], postings: Postings, bm25: BM25 | None = None) -> Part:
    """A part of what it consists of."""
    return Part(ids, {key: row for row, key in enumerate(ids)}, owners, postings, bm25 or scored(postings))


def _counted(entries: Iterable[LexicalEntry], places: Mapping[str, int]) -> dict[str, Part]:
    counting: dict[str, Counting] = {}
    ids: dict[str, list[str]] = defaultdict(list)
    owners: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        language = entry.language or UNKNOWN
        if language not in counting:
            counting[language] = Counting(language)
        counting[language].add(entry.text)
        ids[language].append(entry.id)
        owners[language].append(places.get(entry.document, -1))
    return {
        language: part_of(ids[language], np.array(owners[language], np.int32), counted.postings())
        for language, counted in counting.items()
    }


def _joined(old: Part, kept: NDArray[np.bool_], owners: NDArray[np.int32], new: Part | None) -> Part:
    added = new.postings if new else Counting(UNKNOWN).postings()
    ids = [old.ids[row] for row in np.flatnonzero(kept).tolist()] + (new.ids if new else [])
    both = np.concatenate([owners, new.owners]) if new else owners
    return part_of(ids, both, merged(old.postings, kept, added))
