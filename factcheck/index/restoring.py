"""Taking in documents that come with their vectors, from an export. Every function here wants the writer lock held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from factcheck.index.adding import mark_ready
from factcheck.index.files import Files
from factcheck.index.layout import NEXT, PASSAGES, passage_metadata
from factcheck.index.mending import repair
from factcheck.index.values import AddSummary, Embedded, OnProgress
from factcheck.types import Document


def restore(files: Files, batches: Iterable[Embedded], on_progress: OnProgress | None) -> AddSummary:
    """Adds documents with the vectors of their passages; one that is there unchanged is left as it is."""
    added = unchanged = replaced = embedded = 0
    files.vectors.drop(PASSAGES + NEXT, files.generation)
    for batch in batches:
        changed = {document.id: document for document in files.store.changed(batch.documents)}
        known = sum(files.store.document(key) is not None for key in changed)
        embedded += _write(files, batch, changed)
        replaced, added = replaced + known, added + len(changed) - known
        unchanged += len(batch.documents) - len(changed)
        if on_progress:
            on_progress(added + unchanged + replaced, None)
    repair(files)  # Last, so that what an interrupted restoring left pending has got its known vectors.
    return AddSummary(added=added, unchanged=unchanged, replaced=replaced, passages=embedded)


def _write(files: Files, batch: Embedded, changed: Mapping[str, Document]) -> int:
    """Writes the documents of a batch that are new or other than before; returns how many passages they have."""
    rows = [i for i, passage in enumerate(batch.passages) if passage.document_id in changed]
    passages = [batch.passages[i] for i in rows]
    old = {passage.id for key in changed for passage in files.store.passages_of(key, pending=True)}
    files.store.put_pending(changed.values(), passages)
    kept = [passage_metadata(changed[passage.document_id]) for passage in passages]
    ids = [passage.id for passage in passages]
    files.vectors.upsert(PASSAGES, ids, batch.vectors[rows], kept, files.generation)
    files.vectors.delete(PASSAGES, old - set(ids), files.generation)
    mark_ready(files, changed)
    return len(passages)
