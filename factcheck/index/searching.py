"""Searching: vectors of queries, the passages nearest to one, and the word index of the content as it is."""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from factcheck.corpus import DocumentStore, Pair, Stamp
from factcheck.embed import Vectors
from factcheck.index.files import Files
from factcheck.index.layout import LAYOUT, PASSAGES, indexed_text
from factcheck.lexical import LexicalEntry, LexicalIndex, disk
from factcheck.types import Document, Passage

_QUERIES_KEPT = 1024
_PASSAGES_KEPT = 16_384
"""Passages whose vectors (25 MB) and stamps (10 MB) are remembered: the claims of a batch, or of an article, find the
same ones again and again."""
_WORTH_TELLING = 5_000
_log = logging.getLogger(__name__)


class QueryVectors:
    """The embedder's vectors of queries, of which the last thousand are remembered."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._remembering = threading.Lock()
        self._queries: OrderedDict[tuple[str, str | None], Vectors] = OrderedDict()

    def of(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """The vectors of queries, shape `(len(texts), dimension)`."""
        keys = list(zip(texts, languages, strict=True))
        with self._remembering:
            known = {key: self._queries[key] for key in keys if key in self._queries}
        new = [key for key in dict.fromkeys(keys) if key not in known]
        if new:
            made = self._files.embedder.queries([text for text, _ in new], [language for _, language in new])
            known.update(zip(new, made, strict=True))
            self.take({key: known[key] for key in new})
        return np.stack([known[key] for key in keys])

    def take(self, known: Mapping[tuple[str, str | None], Vectors]) -> None:
        """Remembers vectors that were made already."""
        with self._remembering:
            self._queries.update(known)
            while len(self._queries) > _QUERIES_KEPT:
                self._queries.popitem(last=False)


Kept = TypeVar("Kept")


class Remembered(Generic[Kept]):
    """What was read of passages, the last ones of which are remembered as long as nothing is written.

    Args:
        read: gives it by passage id; ids that do not exist are left out, and are asked for again the next time.
        version: changes with every write that could change what is read.
    """

    def __init__(self, read: Callable[[Sequence[str]], Mapping[str, Kept]], version: Callable[[], object]) -> None:
        self._read, self._version = read, version
        self._remembering = threading.Lock()
        self._seen: object = None
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def of(self, ids: Iterable[str]) -> dict[str, Kept]:
        """By id and in the order given."""
        wanted = list(dict.fromkeys(ids))
        version = self._version()
        with self._remembering:
            if version != self._seen:
                self._kept.clear()
                self._seen = version
            found = {key: self._kept[key] for key in wanted if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        new = [key for key in wanted if key not in found]
        if new:
            read = self._read(new)
            found.update(read)
            with self._remembering:
                if version == self._seen:
                    self._kept.update(read)
                while len(self._kept) > _PASSAGES_KEPT:
                    self._kept.popitem(last=False)
        return {key: found[key] for key in wanted if key in found}


def passage_vectors(files: Files) -> Remembered[Vectors]:
    """The stored vectors of passages."""
    return Remembered(
        lambda ids: files.vectors.vectors(PASSAGES, ids, files.generation),
        lambda: files.generation,
    )


def passage_stamps(files: Files) -> Remembered[Stamp]:
    """The stamps of ready passages; forgotten when anybody has written to the documents, of whatever process."""
    return Remembered(
        lambda ids: {stamp.passage_id: stamp for stamp in files.store.stamps(ids)},
        lambda: files.store.rows("SELECT data_version, total_changes() FROM pragma_data_version")[0],
    )


def nearest_passages(
    files: Files, stamps: Remembered[Stamp], vectors: Vectors, k: int
) -> list[list[tuple[str, float]]]:
    """The `k` passages nearest to each of the vectors with their cosine similarity, nearest first.

    One call of Chroma and one of SQLite for all of them; a vector near to what does not exist any more is asked again.
    """
    near = files.vectors.nearest_to_each(PASSAGES, vectors, k, files.generation, bare=True)
    # Vectors of documents that are not ready, or gone, are there for a moment: they do not exist.
    ready = stamps.of(one.id for found in near for one in found)
    there = [[(one.id, one.similarity) for one in found if one.id in ready] for found in near]
    return [
        kept if len(kept) >= k or len(found) < k else nearest_passages(files, stamps, vectors[i : i + 1], 2 * k)[0][:k]
        for i, (found, kept) in enumerate(zip(near, there, strict=True))
    ]


class WordIndex:
    """The lexical index of a corpus, which follows the content, in memory and on disk."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._building = threading.Lock()
        self._lexical: tuple[str, LexicalIndex] | None = None

    def current(self) -> LexicalIndex:
        """The index of the content as it is."""
        with self._building:
            snapshot = self._files.snapshot
            if self._lexical is None or self._lexical[0] != snapshot:
                self._lexical = (snapshot, self._followed(snapshot, self._lexical and self._lexical[1]))
            return self._lexical[1]

    def _followed(self, snapshot: str, known: LexicalIndex | None) -> LexicalIndex:
        """The one on disk, or the last one brought up to date."""
        store, directory = self._files.store, self._files.directory / "lexical"
        found = disk.load(directory, snapshot, LAYOUT)
        if found is not None and len(found) == store.counts().passages:
            return found
        known = known or disk.latest(directory, LAYOUT) or LexicalIndex()
        hashes = store.hashes()
        missing = sum(known.documents.get(key) != content for key, content in hashes.items())
        if missing > _WORTH_TELLING:
            _log.info("The words of %d documents are indexed.", missing)
        index = known.followed(hashes, self._entries)
        if store.snapshot() != snapshot:  # Somebody is writing.
            return index
        if len(index) != store.counts().passages:  # Passages cut anew under an unchanged document.
            index = LexicalIndex().followed(hashes, self._entries)
        if os.access(self._files.directory, os.W_OK):
            disk.save(index, directory, snapshot, LAYOUT)
        return index

    def _entries(self, documents: Collection[str]) -> Iterator[LexicalEntry]:
        store = self._files.store
        for passage, document in with_documents(store, store.passages_in(documents)):
            yield LexicalEntry(passage.id, indexed_text(passage, document), document.language, document.id)


def with_documents(store: DocumentStore, passages: Iterable[Passage]) -> Iterator[Pair]:
    """Passages, those of one document together, each with its document."""
    document: Document | None = None
    for passage in passages:
        if document is None or document.id != passage.document_id:
            document = store.document(passage.document_id)
        if document is not None:
            yield passage, document
