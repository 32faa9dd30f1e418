"""`factcheck corpus doctor`: what is wrong or odd with a corpus, what to do about it, and mending what can be mended.

Documents and passages in SQLite are what a corpus is; its vectors can always be made again. So a fault of the vectors
is mendable, and damage to the documents is not: an export, or the files they came from, brings them back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from factcheck import copies
from factcheck.care.probe import Probed, probe
from factcheck.corpus.health import StoreFacts, look_at_store
from factcheck.index import LAYOUT, Corpus, Inside
from factcheck.lexical import disk
from factcheck.types import Value
from factcheck.vectors import Metadata

Severity = Literal["fault", "notice"]

IMPORTING = "importing"
"""Key in the corpus's file of the export that is being read in; gone when all of it is there."""

_SHOWN = 5
_ROUNDS = 2
"""Collections that are made again, then what is found in them."""
_REINDEX = "Embed everything with the model that is set now: factcheck corpus reindex"
_REPAIR = "factcheck corpus doctor --repair"


class Trouble(Value):
    """One thing found: what, how much of it, whether answers suffer from it, and what to do."""

    name: str
    count: int
    severity: Severity
    ids: tuple[str, ...] = ()
    """A few of what is meant."""
    sentence: str
    mendable: bool = False
    """Whether `repair` mends it."""


class Health(Value):
    """A corpus examined. `mended` says what a repair did, a sentence each."""

    corpus: str
    documents: int
    passages: int
    snapshot: str | None
    model: str
    troubles: tuple[Trouble, ...]
    mended: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[Trouble, ...]:
        """What must be mended: answers suffer from it."""
        return tuple(trouble for trouble in self.troubles if trouble.severity == "fault")


class VectorFacts(NamedTuple):
    """What the Chroma directory holds; `broken` says why it cannot be read, and the rest is unknown then."""

    broken: str | None = None
    lacking: tuple[str, ...] = ()
    """Collections that are not there."""
    left_over: tuple[str, ...] = ()
    """Collections that an interrupted reindex left."""
    other_model: str | None = None
    """What the vectors were made with, where that is not what is set now."""
    passages: frozenset[str] = frozenset()
    bad: tuple[str, ...] = ()
    bad_claims: tuple[str, ...] = ()
    claims: Mapping[str, Metadata] = {}
    """The claims checked before, as far as they can be read."""


class Facts(NamedTuple):
    """All that was seen of a corpus."""

    corpus: Corpus
    store: StoreFacts
    vectors: VectorFacts
    busy: bool
    importing: bool
    words: disk.Condition | None = None
    """How the word index on disk stands to the content; None where there is nothing to index."""


def examine(corpus: Corpus, today: date | None = None) -> Health:
    """Looks through the whole corpus: every document, passage and vector. Writes nothing.

    Args:
        corpus: opened with `reindexing=True`, so that one of another model can be examined too.
        today: a document dated later is from the future; unset, the day it is.

    Returns:
        Its health, faults first.

    Raises:
        CorpusError: the corpus cannot be read at all.
    """
    return _health(look(corpus, today), ())


def look(corpus: Corpus, today: date | None = None) -> Facts:
    """Everything that the examination needs to know, seen once."""
    busy = _busy(corpus)
    inside = corpus.inside()
    store = look_at_store(inside.store, today or datetime.now(UTC).date())
    importing = not store.damage and inside.store.get_meta(IMPORTING) is not None
    words = None if store.damage or not store.passages else look_at_words(corpus)
    return Facts(corpus, store, look_at_vectors(inside), busy, importing, words)


def look_at_vectors(inside: Inside) -> VectorFacts:
    """Reads every vector once, in a process of its own."""
    wanted = {inside.passages, inside.claims}
    read = probe(inside.vectors.directory, inside.passages, inside.claims)
    lacking = () if read.broken else tuple(sorted(wanted - read.names))
    return VectorFacts(
        broken=read.broken,
        lacking=lacking,
        left_over=tuple(sorted(read.names - wanted)),
        other_model=None if not read.metadata or read.metadata == inside.model else _difference(read, inside),
        passages=read.ids,
        bad=read.bad,
        bad_claims=read.bad_claims,
        claims=read.claims,
    )


def look_at_words(corpus: Corpus) -> disk.Condition:
    """Reads the word index on disk through, if there is one of the content as it is."""
    return disk.condition(corpus.directory / "lexical", corpus.snapshot, LAYOUT)


def repair(corpus: Corpus, on_progress: Callable[[int, int | None], None] | None = None) -> Health:
    """Mends what can be mended, holding the writer lock while it writes, and examines the corpus again.

    Returns:
        The health afterwards; its `mended` says what was done.

    Raises:
        CorpusLocked: another process is writing.
        CorpusError: the corpus cannot be read at all.
    """
    seen, said = look(corpus), list[str]()
    for _ in range(_ROUNDS):
        if not _can_mend(seen) or not any(trouble.mendable for trouble in _troubles(seen)):
            break
        said += _mended(corpus, seen, on_progress)
        seen = look(corpus)
    return _health(seen, tuple(said))


def _can_mend(seen: Facts) -> bool:
    """Passages are only embedded from documents that can be read, with the model of those that are embedded."""
    return not (seen.store.damage or seen.store.unreadable or seen.vectors.other_model)


def _mended(corpus: Corpus, seen: Facts, on_progress: Callable[[int, int | None], None] | None) -> tuple[str, ...]:
    if seen.vectors.lacking and not seen.vectors.broken:
        corpus.reindex(on_progress)  # What an interrupted reindex has made already is used.
        return (f"The collections {_and(seen.vectors.lacking)} were made again from the documents.",)
    waiting = copies.waiting(corpus.inside().store)
    done = corpus.mend(
        seen.vectors.bad,
        seen.vectors.bad_claims,
        seen.store.misplaced + seen.store.uncut,
        rebuild_with=seen.vectors.claims if seen.vectors.broken else None,
        on_progress=on_progress,
    )
    said = [
        (done.finished, f"{done.finished} pending documents were finished."),
        (done.recut, f"{done.recut} documents were cut into passages again."),
        (done.removed, f"{done.removed} vectors without a passage were removed."),
        (done.embedded, f"{done.embedded} passages were embedded."),
        (len(seen.vectors.bad_claims), f"{len(seen.vectors.bad_claims)} checked claims were embedded again."),
    ]
    sentences = [sentence for count, sentence in said if count]
    if waiting > 0 >= copies.waiting(corpus.inside().store):
        sentences.append(f"{waiting} passages were compared with the others for near copies.")
    if seen.words == "damaged":
        _index_words_again(corpus)
        sentences.append("The word index was made again.")
    if done.claims_kept is not None:
        where = f"; the damaged files are kept in {done.set_aside}, which may be deleted" if done.set_aside else ""
        sentences.insert(0, f"The vectors were made anew, {done.claims_kept} checked claims carried over{where}.")
    return tuple(sentences)


def _index_words_again(corpus: Corpus) -> None:
    """Makes it as the next search would: by a handle that has none in memory yet."""
    with Corpus.open(corpus.directory, corpus.embedder, reindexing=True) as fresh:
        fresh.lexical("", 1, None)


# what the facts come to

Check = Callable[[Facts], Iterator[Trouble]]


def _damage(seen: Facts) -> Iterator[Trouble]:
    if seen.store.damage:
        yield Trouble(
            name="damaged file",
            count=len(seen.store.damage),
            severity="fault",
            sentence=f"SQLite finds the documents' file damaged ({seen.store.damage[0]}). Put back a copy of the"
            " directory, import an export into a new one, or add the documents again from their files.",
        )


def _documents(seen: Facts) -> Iterator[Trouble]:
    store = seen.store
    back = "Bring them back from an export or from their files."
    yield from _trouble("pending documents", store.pending, f"They wait for their vectors; {_REPAIR}", busy=seen.busy)
    yield from _trouble("unreadable documents", store.unreadable, f"Their rows make no document. {back}", mend=False)
    yield from _trouble(
        "altered documents", store.altered, f"They were changed behind factcheck's back. {back}", mend=False
    )
    yield from _trouble(
        "misplaced passages", store.misplaced, f"Documents with passages that are not at their offsets; {_REPAIR}"
    )
    yield from _trouble("uncut documents", store.uncut, f"Documents without any passage cannot be found; {_REPAIR}")


def _collections(seen: Facts) -> Iterator[Trouble]:
    vectors = seen.vectors
    if vectors.broken:
        yield from _trouble("damaged vectors", ("chroma",), f"They cannot be read ({vectors.broken}); {_REPAIR}")
    yield from _trouble("missing collections", vectors.lacking, f"A set of vectors is not complete; {_REPAIR}")
    if vectors.other_model:
        yield Trouble(
            name="another model",
            count=1,
            severity="fault",
            sentence=f"The vectors do not fit the embedding model that is set ({vectors.other_model}). {_REINDEX};"
            " or set FACTCHECK_EMBEDDING_MODEL to the old one.",
        )
    if vectors.left_over:
        yield Trouble(
            name="unfinished reindex",
            count=len(vectors.left_over),
            severity="notice",
            ids=vectors.left_over,
            sentence="A reindex did not end. factcheck corpus reindex goes on with it; the next addition drops it.",
        )


def _vectors(seen: Facts) -> Iterator[Trouble]:
    vectors, passages = seen.vectors, seen.store.passages
    if vectors.broken or vectors.lacking or seen.store.damage:
        return
    mend = vectors.other_model is None
    do = _REPAIR if mend else "factcheck corpus reindex"
    missing, orphans = sorted(passages - vectors.passages), sorted(vectors.passages - passages)
    yield from _trouble(
        "missing vectors", missing, f"Passages that cannot be found by their meaning; {do}", mend=mend, busy=seen.busy
    )
    yield from _trouble(
        "orphan vectors", orphans, f"Vectors that belong to no passage; {do}", mend=mend, busy=seen.busy
    )
    yield from _trouble("bad vectors", vectors.bad, f"Zero, no numbers, or of another length; {do}", mend=mend)
    yield from _trouble("bad vectors of claims", vectors.bad_claims, f"Claims checked before; {do}", mend=mend)


def _contents(seen: Facts) -> Iterator[Trouble]:
    store = seen.store
    many = store.documents
    if not many and not store.damage:
        yield Trouble(
            name="empty", count=0, severity="notice", sentence="Add documents with `factcheck corpus add PATH`."
        )
    extra = [identifier for group in store.copies for identifier in group[1:]]
    notices: tuple[tuple[str, Sequence[str], str], ...] = (
        (
            "duplicate documents",
            extra,
            "The same text as another document: factcheck corpus remove ID, if they are one.",
        ),
        (
            "undated documents",
            store.undated,
            "They never count as evidence. Give a date, or add with --available-from.",
        ),
        ("documents from the future", store.future, "Dated later than today: is the date right?"),
        ("documents without language", store.no_language, "They are searched as of no language. Add them with one."),
        ("documents without publisher", store.no_publisher, "Reports cannot say who speaks. Add them with one."),
    )
    for name, ids, sentence in notices:
        if ids:
            share = f"{len(ids)} of {many}. {sentence}"
            yield Trouble(name=name, count=len(ids), severity="notice", ids=tuple(ids[:_SHOWN]), sentence=share)


def _unfinished(seen: Facts) -> Iterator[Trouble]:
    if seen.importing:
        yield Trouble(
            name="unfinished import",
            count=1,
            severity="notice" if seen.busy else "fault",
            sentence="An import did not end, so documents are lacking. Import the same file again: it goes on.",
        )
    if seen.busy:
        yield Trouble(
            name="being written",
            count=1,
            severity="notice",
            sentence="Another process is writing, so that counts may be of a moment. Look again when it has ended.",
        )


def _copies(seen: Facts) -> Iterator[Trouble]:
    """Passages that are not in the clusters of near copies yet, so that a copy may count as a second witness."""
    waiting = 0 if seen.store.damage else copies.waiting(seen.corpus.inside().store)
    if waiting > 0:
        yield Trouble(
            name="near copies not looked for",
            count=waiting,
            severity="notice",
            sentence=f"A copy among these passages may count as a source of its own; {_REPAIR} looks for them, and so"
            " does the next addition.",
            mendable=not seen.busy,
        )


def _words(seen: Facts) -> Iterator[Trouble]:
    """No answer suffers from these, for the next search makes the index that it needs; damage says more of the disk."""
    if seen.words == "damaged":
        yield from _trouble(
            "damaged word index",
            ("lexical",),
            f"It cannot be used, so that the next search has to make it again first; {_REPAIR}",
            busy=seen.busy,
        )
    elif seen.words in ("stale", "missing"):
        yield Trouble(
            name=f"{seen.words} word index",
            count=1,
            severity="notice",
            sentence="There is none on disk of the documents as they are now. The next search makes it.",
        )


CHECKS: tuple[Check, ...] = (_damage, _collections, _documents, _vectors, _words, _unfinished, _copies, _contents)
"""What is made of the facts, in this order within a severity. A further check is a further function here."""


def _troubles(seen: Facts) -> tuple[Trouble, ...]:
    found = [trouble for check in CHECKS for trouble in check(seen)]
    return tuple(sorted(found, key=lambda trouble: trouble.severity != "fault"))


def _trouble(
    name: str, ids: Sequence[str], sentence: str, *, mend: bool = True, busy: bool = False
) -> Iterator[Trouble]:
    if ids:
        yield Trouble(
            name=name,
            count=len(ids),
            severity="notice" if busy else "fault",
            ids=tuple(ids[:_SHOWN]),
            sentence=sentence if sentence.endswith(".") else f"{sentence} mends it.",
            mendable=mend and not busy,
        )


def _health(seen: Facts, mended: tuple[str, ...]) -> Health:
    corpus = seen.corpus
    return Health(
        corpus=str(corpus.directory),
        documents=seen.store.documents,
        passages=len(seen.store.passages),
        snapshot=None if seen.store.damage else corpus.snapshot,
        model=corpus.embedder.name,
        troubles=_troubles(seen),
        mended=mended,
    )


def _difference(read: Probed, inside: Inside) -> str:
    """What the vectors were made with and what is set now, where they differ."""
    old, new = dict(read.metadata), dict(inside.model)
    names = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    return "; ".join(f"{name} {json.dumps(old.get(name))}, now {json.dumps(new.get(name))}" for name in names)


def _busy(corpus: Corpus) -> bool:
    """Whether another process holds the writer lock."""
    from filelock import FileLock, Timeout

    lock = FileLock(corpus.directory / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a corpus for reading only, which nobody writes to
        return False
    lock.release()
    return False


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
