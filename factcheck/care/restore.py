"""Reading an export into a corpus: everything is checked before anything is written, and going on where it stopped."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.care.contents import Contents, opened
from factcheck.care.health import IMPORTING
from factcheck.errors import CorpusError, CorpusMismatch, InputError
from factcheck.index import Corpus, model_metadata
from factcheck.types import Value

if TYPE_CHECKING:
    from factcheck.embed import Embedder
    from factcheck.index import AddSummary

_ROOM = 3
"""Disk that an import may need, in sizes of what it reads: texts twice, vectors with their graph."""

OnProgress = Callable[[int, int | None], None]


class Imported(Value):
    """What importing an export came to."""

    added: int
    unchanged: int
    replaced: int
    passages: int
    claims: int
    snapshot: str
    same: bool
    """Whether the corpus holds what was exported and nothing else."""


def restore(
    path: Path,
    directory: Path,
    embedder: Embedder,
    *,
    merge: bool = False,
    reindex: bool = False,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Reads an export into the corpus of a directory, which is made if there is none.

    The file is read and checked whole before anything is written. Interrupted and started again with the same file, it
    goes on where it was.

    Args:
        path: what `archive.export` wrote.
        directory: where the corpus is, or is to be.
        embedder: what the corpus is searched with.
        merge: let the documents join those of a corpus that is not empty; one of the same id is replaced.
        reindex: embed everything again instead of taking the export's vectors, which may be another model's.
        on_progress: called with documents done and their number.

    Raises:
        InputError: the file is no export, damaged, or altered.
        CorpusMismatch: its vectors are another model's.
        CorpusError: the corpus there is not empty, was made with another model, or is being written to.
    """
    with opened(path) as contents:
        _check_model(contents, embedder, reindex)
        contents.check()
        _check_room(contents, directory)
        with Corpus.open_or_create(directory, embedder) as corpus:
            return _restore(contents, corpus, merge, reindex, on_progress)


def _restore(
    contents: Contents, corpus: Corpus, merge: bool, reindex: bool, on_progress: OnProgress | None
) -> Imported:
    manifest = contents.manifest
    key = hashlib.sha256(manifest.model_dump_json().encode()).hexdigest()
    with corpus.writing() as inside:
        counts, begun = inside.store.counts(), inside.store.get_meta(IMPORTING)
        if counts.documents + counts.pending and begun != key and not merge:
            raise CorpusError(
                f"The corpus at {corpus.directory} is not empty: it holds {counts.documents} documents. Name another"
                " directory with --corpus, or add to it with --merge."
            )
        inside.store.set_meta(IMPORTING, key)

    def show(done: int, _: int | None) -> None:
        if on_progress:
            on_progress(done, manifest.counts.documents)

    done: AddSummary = corpus.add(contents.documents(), show) if reindex else corpus.restore(contents.batches(), show)
    for some in contents.claims():
        corpus.restore_claims(some.kept, None if reindex else some.vectors)
    with corpus.writing() as inside:
        inside.store.delete_meta(IMPORTING)
    return Imported(
        added=done.added,
        unchanged=done.unchanged,
        replaced=done.replaced,
        passages=done.passages,
        claims=manifest.counts.claims,
        snapshot=corpus.snapshot,
        same=corpus.snapshot == manifest.snapshot,
    )


def _check_model(contents: Contents, embedder: Embedder, reindex: bool) -> None:
    kept, wanted = dict(contents.manifest.model), model_metadata(embedder)
    if reindex or kept == wanted:
        return
    name = str(kept.get("model"))[:200]
    if name == wanted["model"]:
        what = f"were made with {name!r} by another version of the model or of factcheck"
    else:
        what = f"were made with {name!r}, but the embedding model that is set is {wanted['model']!r}"
    raise CorpusMismatch(f"The vectors in {contents.name} {what}. Embed its documents again: import with --reindex.")


def _check_room(contents: Contents, directory: Path) -> None:
    there = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    needed = _ROOM * sum(member.bytes for member in contents.manifest.members.values())
    free = shutil.disk_usage(there).free
    if needed > free:
        raise InputError(
            f"There is no room for {contents.name} at {directory}: it may need {needed / 1e9:.1f} GB, and"
            f" {free / 1e9:.1f} GB are free."
        )
