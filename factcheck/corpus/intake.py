"""Documents on their way into a corpus, from the moment they are read until they are ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from factcheck.corpus.passages import split_passages
from factcheck.corpus.store import DocumentStore
from factcheck.types import Document, Passage

Pair = tuple[Passage, Document]

_AT_ONCE = 64


class Completed(NamedTuple):
    """The documents whose last vectors are among those of some passages."""

    documents: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    """Ids of passages that these documents had before and have no more."""


class Intake:
    """Writes documents as pending rows and keeps count until every passage of each has its vector.

    Args:
        store: where the rows are written. The caller holds the corpus's writer lock.
        before_first: called once, before anything is written.

    `added`, `replaced`, `unchanged` and `passages` count what was read so far; `failed` is the error of the source,
    which ends the reading but not what was read before it.
    """

    def __init__(self, store: DocumentStore, before_first: Callable[[], None] = lambda: None) -> None:
        self.added = self.replaced = self.unchanged = self.passages = 0
        self.failed: Exception | None = None
        self._store = store
        self._before_first: Callable[[], None] | None = before_first
        self._flying: dict[str, _Flying] = {}
        self._later: list[Document] = []

    @property
    def done(self) -> int:
        """How many of the documents that were read need nothing more."""
        return self.added + self.replaced + self.unchanged - len(self._flying)

    def pairs(self, documents: Iterable[Document]) -> Iterator[Pair]:
        """The passages that need a vector, each with its document, as they are asked for.

        A document that comes a second time with another content, while the first is still on its way, comes after
        everything else: ask for `later` when all have landed.
        """
        stream = self._read(documents)
        while read := list(islice(stream, _AT_ONCE)):
            batch = {document.id: document for document in read}
            self.unchanged += len(read) - len(batch)
            yield from self._taken(list(batch.values()))

    def later(self) -> list[Document]:
        """The documents that had to wait, each id once with its last content; they are forgotten here."""
        waiting, self._later = self._later, []
        last = {document.id: document for document in waiting}
        self.unchanged += len(waiting) - len(last)
        return list(last.values())

    def completed_by(self, pairs: Sequence[Pair]) -> Completed:
        """What may be marked ready when the vectors of these passages, and of all before them, have been written."""
        for passage, _ in pairs:
            self._flying[passage.document_id].left -= 1
        ready = {key: one for key, one in self._flying.items() if not one.left}
        for one in ready.values():
            one.left = -1
        return Completed(tuple(ready), tuple(key for one in ready.values() for key in one.stale))

    def landed(self, completed: Completed) -> None:
        """Says that these documents are ready."""
        for key in completed.documents:
            del self._flying[key]

    def _read(self, documents: Iterable[Document]) -> Iterator[Document]:
        try:
            yield from documents
        except Exception as error:
            self.failed = error

    def _taken(self, documents: Sequence[Document]) -> Iterator[Pair]:
        waiting = {document.id for document in self._later}
        fresh = []
        for document in documents:
            flying = self._flying.get(document.id)
            if document.id in waiting or (flying and flying.document != document):
                self._later.append(document)
            elif flying:
                self.unchanged += 1
            else:
                fresh.append(document)
        changed = self._store.changed(fresh)
        self.unchanged += len(fresh) - len(changed)
        if not changed:
            return
        if self._before_first:
            self._before_first()
            self._before_first = None
        known = len(self._store.documents_of(document.id for document in changed))
        self.replaced, self.added = self.replaced + known, self.added + len(changed) - known
        yield from self._written(changed)

    def _written(self, documents: Sequence[Document]) -> Iterator[Pair]:
        old = {document.id: self._store.passages_of(document.id, pending=True) for document in documents}
        cut = {document.id: split_passages(document) for document in documents}
        self._store.put_pending(documents, (passage for passages in cut.values() for passage in passages))
        for document in documents:
            stale = {passage.id for passage in old[document.id]} - {passage.id for passage in cut[document.id]}
            self._flying[document.id] = _Flying(document, len(cut[document.id]), stale)
        for document in documents:
            self.passages += len(cut[document.id])
            for passage in cut[document.id]:
                yield passage, document


class _Flying:
    """A document that is not ready, how many of its passages lack a vector, and which of its old ones are gone."""

    __slots__ = ("document", "left", "stale")

    def __init__(self, document: Document, left: int, stale: set[str]) -> None:
        self.document, self.left, self.stale = document, left, stale
