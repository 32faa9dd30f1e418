"""Making the vectors agree with the documents: after a writer that died, for another model, after damage.

Every function here wants the writer lock held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from factcheck import copies
from factcheck.index.adding import embedded, mark_ready, take_in
from factcheck.index.files import Files
from factcheck.index.layout import CLAIMS, NEXT, PASSAGES
from factcheck.index.remembering import put_claims
from factcheck.index.searching import with_documents
from factcheck.index.values import Mended, OnProgress
from factcheck.vectors import Metadata


def repair(files: Files, *, thorough: bool = False, on_progress: OnProgress | None = None) -> None:
    """Finishes what a writer that died left behind; thoroughly, it trusts no count."""
    store, vectors = files.store, files.vectors
    copies.refresh(store)
    pending = store.pending()
    pairs = ((p, d) for d in pending for p in store.passages_of(d.id, pending=True))
    deque(embedded(files, PASSAGES, pairs, len), maxlen=0)
    mark_ready(files, (document.id for document in pending))
    if thorough or vectors.count(PASSAGES, files.generation) != store.counts().passages:
        passages = {passage.id for passage in store.all_passages()}
        stored = vectors.ids(PASSAGES, files.generation)
        vectors.delete(PASSAGES, stored - passages, files.generation)
        _embed_missing(files, PASSAGES, on_progress)


def embed_again(files: Files, on_progress: OnProgress | None) -> None:
    """Makes both collections anew with the embedder that is set, beside the old ones, and then takes their place."""
    vectors, generation = files.vectors, files.generation
    names = vectors.names(generation)
    claims = next((vectors.entries(n, generation) for n in (CLAIMS, CLAIMS + NEXT) if n in names), {})
    for name in (PASSAGES, CLAIMS):
        _prepare(files, name + NEXT, names)
    _embed_missing(files, PASSAGES + NEXT, on_progress)
    put_claims(files, CLAIMS + NEXT, claims)
    for name in (CLAIMS, PASSAGES):
        vectors.drop(name, generation)
        vectors.rename(name + NEXT, name, generation)
    repair(files)


def mend(
    files: Files,
    spoilt: Iterable[str],
    spoilt_claims: Sequence[str],
    recut: Iterable[str],
    rebuild_with: Mapping[str, Metadata] | None,
    on_progress: OnProgress | None,
) -> Mended:
    """Makes the vectors agree with the documents, and says what that took."""
    store, vectors = files.store, files.vectors
    aside = None if rebuild_with is None else _make_anew(files, rebuild_with)
    again = [document for key in recut if (document := store.document(key)) is not None]
    pending = store.counts().pending
    store.take_back(document.id for document in again)
    vectors.delete(PASSAGES, spoilt, files.generation)
    if spoilt_claims:
        put_claims(files, CLAIMS, vectors.entries(CLAIMS, files.generation, spoilt_claims))
    made = take_in(files, again).passages
    before = vectors.ids(PASSAGES, files.generation)
    repair(files, thorough=True, on_progress=on_progress)
    after = vectors.ids(PASSAGES, files.generation)
    return Mended(
        finished=pending,
        removed=len(before - after),
        embedded=made + len(after - before),
        recut=len(again),
        claims_kept=None if rebuild_with is None else len(rebuild_with),
        set_aside=aside,
    )


def _make_anew(files: Files, claims: Mapping[str, Metadata]) -> str | None:
    """Makes empty collections, but for these claims, and returns where what was there lies now."""
    directory = files.vectors.directory
    files.vectors.close()
    aside = next(p for n in count(1) if not (p := directory.with_name(f"{directory.name}-damaged-{n}")).exists())
    found = directory.exists()
    if found:
        directory.rename(aside)
    for name in (PASSAGES, CLAIMS):
        files.vectors.create(name, files.model, files.generation)
    put_claims(files, CLAIMS, claims)
    return aside.name if found else None


def _prepare(files: Files, collection: str, names: frozenset[str]) -> None:
    """An empty collection for this embedder, or the one that an interrupted reindex left."""
    wanted = files.model
    if collection in names and files.vectors.metadata(collection, files.generation) != wanted:
        files.vectors.drop(collection, files.generation)
    files.vectors.create(collection, wanted, files.generation)


def _embed_missing(files: Files, collection: str, on_progress: OnProgress | None) -> None:
    stored = files.vectors.ids(collection, files.generation)
    total = files.store.counts().passages
    missing = (passage for passage in files.store.all_passages() if passage.id not in stored)
    done = len(stored)
    for some in embedded(files, collection, with_documents(files.store, missing), len):
        done += some
        if some and on_progress:
            on_progress(done, total)
