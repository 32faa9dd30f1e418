"""Taking documents in: cut, embedded some at a time, their vectors written behind, then marked ready.

Every function here wants the writer lock held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import TypeVar

import numpy as np

from factcheck import copies
from factcheck.corpus import Completed, Intake, Pair
from factcheck.embed import Vectors
from factcheck.index.files import Files
from factcheck.index.layout import NEXT, PASSAGES, indexed_text, passage_metadata
from factcheck.index.values import OnProgress
from factcheck.types import Document
from factcheck.vectors import written_behind

Told = TypeVar("Told")


def take_in(files: Files, documents: Iterable[Document], on_progress: OnProgress | None = None) -> Intake:
    """Makes documents part of the corpus; returns the counts."""
    total = len(documents) if isinstance(documents, Sequence) else None
    generation = files.generation
    intake = Intake(files.store, lambda: files.vectors.drop(PASSAGES + NEXT, generation))

    def finish(completed: Completed) -> None:
        files.vectors.delete(PASSAGES, completed.stale, generation)
        mark_ready(files, completed.documents)

    some: Iterable[Document] = documents
    done = 0
    while True:
        for completed in embedded(files, PASSAGES, intake.pairs(some), intake.completed_by, finish):
            intake.landed(completed)
            if on_progress and intake.done > done:
                on_progress(done := intake.done, total)
        some = intake.later()
        if not some:
            break
    if intake.failed:
        raise intake.failed
    return intake


def embedded(
    files: Files,
    collection: str,
    pairs: Iterable[Pair],
    told: Callable[[Sequence[Pair]], Told],
    finish: Callable[[Told], None] = lambda _: None,
) -> Iterator[Told]:
    """Embeds passages as they come, some at a time, and writes their vectors behind.

    Args:
        files: the corpus.
        collection: where the vectors go.
        pairs: read as they are needed.
        told: called with some of the pairs when they have been read, and with none at the end.
        finish: called by the writing thread with what `told` gave, when the vectors are in the collection.

    Yields:
        What `told` gave, when it and all before it are written.
    """
    generation = files.generation

    def made() -> Iterator[tuple[Sequence[Pair], Vectors, Told]]:
        stream = iter(pairs)
        while part := list(islice(stream, files.passages_at_once)):
            texts = [indexed_text(passage, document) for passage, document in part]
            yield part, files.embedder.passages(texts, [document.language for _, document in part]), told(part)
        yield (), np.zeros((0, files.embedder.dimension), np.float32), told(())

    def write(one: tuple[Sequence[Pair], Vectors, Told]) -> None:
        part, vectors, said = one
        metadatas = [passage_metadata(document) for _, document in part]
        files.vectors.upsert(collection, [passage.id for passage, _ in part], vectors, metadatas, generation)
        finish(said)

    with closing(written_behind(made(), write)) as written:
        for _, _, said in written:
            yield said


def mark_ready(files: Files, ids: Iterable[str]) -> None:
    """Lets readers see documents whose vectors are written, and finds their near copies."""
    files.store.mark_ready(ids)
    copies.refresh(files.store)


def take_out(files: Files, ids: Sequence[str]) -> int:
    """Removes documents, and returns how many there were."""
    gone = [passage.id for key in ids for passage in files.store.passages_of(key, pending=True)]
    removed = files.store.delete(ids)
    files.vectors.delete(PASSAGES, gone, files.generation)
    files.vectors.drop(PASSAGES + NEXT, files.generation)
    copies.refresh(files.store)
    return removed
