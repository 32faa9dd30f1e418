"""A reference corpus on disk: documents and passages in SQLite, their vectors in Chroma, one writer at a time.

    DIRECTORY/corpus.sqlite3    documents and passages; what is not ready there does not exist for a reader
    DIRECTORY/chroma/           the collections `passages` and `claims`
    DIRECTORY/lexical/          the word index of the content as it was last searched or written
    DIRECTORY/writer.lock       held while something is written

A document is written as a pending row, then the vectors of its passages, then marked ready. A process that dies in
between leaves rows and vectors that no reader sees, and the next writer finishes or removes them. Vectors are written
by a second thread while the next ones are made.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import numpy as np

from factcheck import copies
from factcheck.checked import (
    Checked,
    ClaimWords,
    best_matches,
    checked_id,
    checked_metadata,
    checked_of,
    review_id,
    review_metadata,
)
from factcheck.checked.words import telling_words
from factcheck.claimreview import Review
from factcheck.corpus import Completed, DocumentStore, Intake, Pair, Stamp
from factcheck.embed import Embedder, Vectors
from factcheck.errors import CorpusError, CorpusLocked, CorpusMismatch, CorpusMissing
from factcheck.lexical import LexicalEntry, LexicalIndex, disk
from factcheck.text import detect_language
from factcheck.types import Claim, ClaimResult, Document, Match, Passage, Value
from factcheck.vectors import Metadata, VectorFiles, release, vector_files, written_behind

OnProgress = Callable[[int, int | None], None]
Told = TypeVar("Told")

LAYOUT = "title+passage/1"
"""What of a passage is embedded. Changing it makes every stored vector stale, so it is kept with the collection."""

_PASSAGES, _CLAIMS, _NEXT = "passages", "claims", "-next"
_QUERIES_KEPT = 1024
_WORTH_TELLING = 5_000
_log = logging.getLogger(__name__)
_REVIEWS_AT_ONCE = 512
_MATCHED = 60
"""Claims checked before that a new one is compared with, from each of the two indexes."""


class AddSummary(Value):
    """What adding documents came to. `passages` counts those that were embedded."""

    added: int
    unchanged: int
    replaced: int
    passages: int


class ReviewSummary(Value):
    """What importing reviews came to."""

    added: int
    replaced: int
    unchanged: int


class CorpusInfo(Value):
    """What a corpus holds. Counts by language and publisher are documents, largest first."""

    documents: int
    passages: int
    claims: int
    languages: Mapping[str, int]
    publishers: Mapping[str, int]
    earliest: str | None
    latest: str | None
    undated: int
    disputed: int
    snapshot: str
    model: str
    revision: str


class Inside(NamedTuple):
    """What a corpus consists of, for the modules that care for it (`factcheck.care`)."""

    store: DocumentStore
    vectors: VectorFiles
    passages: str
    """The collection of the passages' vectors."""
    claims: str
    """The collection of the checked claims' vectors."""
    generation: int
    """For calls of `vectors`."""
    model: Mapping[str, str | int]
    """What must be kept with both collections."""


class Embedded(NamedTuple):
    """Documents with all their passages and a vector for each passage, in the order of the passages."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors


class Mended(Value):
    """What `Corpus.mend` did."""

    finished: int
    """Documents that had been pending."""
    removed: int
    """Vectors that belonged to no passage."""
    embedded: int
    """Passages embedded because they had no usable vector."""
    recut: int
    """Documents cut into passages again."""
    claims_kept: int | None = None
    """Checked claims carried over where the collections were made anew."""
    set_aside: str | None = None
    """The directory of the damaged collections."""


class Corpus:
    """A reference corpus. Open one with `Corpus.open`, `Corpus.create` or `Corpus.open_or_create`.

    Any number of threads and processes may read; a write holds the lock file, and a second writer is told so. What
    one process writes, the others see at their next query.
    """

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        self.directory = directory
        self.embedder = embedder
        self.lock_seconds = 10.0
        """How long a write waits for another writer."""
        self.passages_at_once = 2_048
        """Passages encoded in one call: enough to be sorted by length. A process that dies loses three calls' work."""
        self._store = DocumentStore(directory / "corpus.sqlite3")
        self._vectors = vector_files(directory / "chroma")
        self._building = threading.Lock()
        self._remembering = threading.Lock()
        self._following = threading.Lock()
        self._lexical: tuple[str, LexicalIndex] | None = None
        self._claims: tuple[int, ClaimWords] = (-1, ClaimWords())
        self._snapshot: tuple[int, str] | None = None
        self._queries: OrderedDict[tuple[str, str | None], Vectors] = OrderedDict()

    @classmethod
    def create(cls, directory: Path, embedder: Embedder) -> Self:
        """A new, empty corpus whose vectors are the embedder's.

        Raises:
            CorpusError: there is one already, or the directory cannot be written to.
        """
        if (directory / "corpus.sqlite3").exists():
            raise CorpusError(f"There is a corpus at {directory} already. Open it, or name another directory.")
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(
                f"No corpus can be made at {directory} ({error}). Name a directory that can be written to."
            ) from error
        corpus = cls(directory, embedder)
        try:
            corpus._create_collections()
        except BaseException:
            corpus.close()
            raise
        return corpus

    @classmethod
    def open(cls, directory: Path, embedder: Embedder, *, reindexing: bool = False) -> Self:
        """The corpus in a directory.

        Args:
            directory: where it lies.
            embedder: the model that its vectors were made with.
            reindexing: True lets another model in, for `reindex` alone.

        Raises:
            CorpusMissing: there is none.
            CorpusMismatch: its vectors were made with another model, prefixes or layout, or are missing.
        """
        if not (directory / "corpus.sqlite3").is_file():
            raise CorpusMissing(
                f"There is no corpus at {directory}. Make one with `factcheck corpus add PATH`, or correct"
                " FACTCHECK_CORPUS or --corpus."
            )
        corpus = cls(directory, embedder)
        try:
            if not reindexing:
                corpus._check_model()
        except BaseException:
            corpus.close()
            raise
        return corpus

    @classmethod
    def open_or_create(cls, directory: Path, embedder: Embedder) -> Self:
        """The corpus in a directory, made there if there is none yet."""
        file = directory / "corpus.sqlite3"
        if not file.is_file():
            try:
                return cls.create(directory, embedder)
            except CorpusError:
                if not file.is_file():  # Else another process made it just now.
                    raise
        return cls.open(directory, embedder)

    def close(self) -> None:
        """Close the files. The corpus cannot be used afterwards."""
        self._store.close()
        release(self._vectors)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what it holds

    @property
    def name(self) -> str:
        """The directory's own name."""
        return self.directory.name

    @property
    def snapshot(self) -> str:
        """An id of the content: the same documents give the same one, whatever their order."""
        generation = self._generation
        if self._snapshot is None or self._snapshot[0] != generation:
            self._snapshot = (generation, self._store.snapshot())
        return self._snapshot[1]

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of their ids."""
        return self._store.documents()

    def document(self, identifier: str) -> Document | None:
        """The document of that id, or None."""
        return self._store.document(identifier)

    def passage(self, identifier: str) -> Passage | None:
        """The passage of that id, or None."""
        return next(iter(self._store.passages([identifier])), None)

    def passages(self, ids: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of those ids in the order given; an unknown one is left out."""
        return self._store.passages(ids)

    def documents_of(self, ids: Iterable[str]) -> tuple[Document, ...]:
        """The documents of those ids in the order given; an unknown one is left out."""
        return self._store.documents_of(ids)

    def stamps(self, passage_ids: Iterable[str]) -> tuple[Stamp, ...]:
        """Language, dates, address and title of those passages' documents, in the order given, without any text."""
        return self._store.stamps(passage_ids)

    def info(self) -> CorpusInfo:
        """Counts, dates, snapshot and model."""
        summary = self._store.summary()
        return CorpusInfo(
            documents=summary.documents,
            passages=summary.passages,
            claims=self._vectors.count(_CLAIMS, self._generation),
            languages={name or "unknown": count for name, count in summary.languages},
            publishers={name or "unknown": count for name, count in summary.publishers},
            earliest=summary.earliest,
            latest=summary.latest,
            undated=summary.undated,
            disputed=summary.disputed,
            snapshot=self.snapshot,
            model=self.embedder.name,
            revision=self.embedder.revision,
        )

    # searching

    def query_vectors(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """The embedder's vectors of queries, shape `(len(texts), dimension)`; the last thousand are remembered."""
        keys = list(zip(texts, languages, strict=True))
        with self._remembering:
            known = {key: self._queries[key] for key in keys if key in self._queries}
        new = [key for key in dict.fromkeys(keys) if key not in known]
        if new:
            made = self.embedder.queries([text for text, _ in new], [language for _, language in new])
            known.update(zip(new, made, strict=True))
            with self._remembering:
                self._queries.update((key, known[key]) for key in new)
                while len(self._queries) > _QUERIES_KEPT:
                    self._queries.popitem(last=False)
        return np.stack([known[key] for key in keys])

    def dense(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The `k` passages nearest to a vector with their cosine similarity, nearest first."""
        wanted = k
        while True:
            near = self._vectors.nearest(_PASSAGES, vector, wanted, self._generation)
            # Vectors of documents that are not ready, or gone, are there for a moment: they do not exist.
            ready = {stamp.passage_id for stamp in self._store.stamps(found.id for found in near)}
            found = [(one.id, one.similarity) for one in near if one.id in ready]
            if len(found) >= k or len(near) < wanted:
                return found[:k]
            wanted *= 2

    def lexical(self, text: str, k: int, language: str | None) -> list[tuple[str, float]]:
        """The `k` passages of that language best by BM25, with their scores, best first."""
        return self._lexical_index().search(text, k, language)

    def lexical_scores(self, text: str, ids: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25 of given passages by a query, those above nought; passages in another language have none."""
        return self._lexical_index().scores(text, ids, language)

    def cluster_of(self, ids: Iterable[str]) -> dict[str, str]:
        """The cluster of each passage: the id of the passage, among it and its copies, that was public first.

        One that is unknown is left out, and so is one of a corpus that was not written to since clusters are kept.
        """
        return self._store.origins_of(ids)

    def passage_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of passages, by passage id."""
        return self._vectors.vectors(_PASSAGES, ids, self._generation) if ids else {}

    # writing

    def add(self, documents: Iterable[Document], on_progress: OnProgress | None = None) -> AddSummary:
        """Adds documents. One that is there already, with the same text and source, is left as it is.

        Args:
            documents: read as they are needed; an error of the iterator ends the adding, and what was added stays.
            on_progress: called with the number of documents done, and how many there are where that is known.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            self._repair()
            done = self._take_in(documents, on_progress)
        if done.added or done.replaced:
            self._lexical_index()  # Here and not at somebody's first search.
        return AddSummary(added=done.added, unchanged=done.unchanged, replaced=done.replaced, passages=done.passages)

    def remove(self, ids: Iterable[str]) -> int:
        """Removes documents, and returns how many there were.

        Raises:
            CorpusLocked: another process is writing.
        """
        wanted = list(ids)
        with self._writing():
            gone = [passage.id for key in wanted for passage in self._store.passages_of(key, pending=True)]
            removed = self._store.delete(wanted)
            self._vectors.delete(_PASSAGES, gone, self._generation)
            self._vectors.drop(_PASSAGES + _NEXT, self._generation)
            copies.refresh(self._store)
        return removed

    def reindex(self, on_progress: OnProgress | None = None) -> None:
        """Embeds every passage and every checked claim again with this corpus's embedder.

        The old vectors stay in use until the new ones are complete. Interrupted and started again, it goes on
        where it was, unless documents were added or removed meanwhile.

        Args:
            on_progress: called with passages done and their number.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            generation = self._generation
            names = self._vectors.names(generation)
            claims = next((self._vectors.entries(n, generation) for n in (_CLAIMS, _CLAIMS + _NEXT) if n in names), {})
            for name in (_PASSAGES, _CLAIMS):
                self._prepare(name + _NEXT, names)
            self._embed_missing(_PASSAGES + _NEXT, on_progress)
            self._embed_claims(_CLAIMS + _NEXT, claims)
            for name in (_CLAIMS, _PASSAGES):
                self._vectors.drop(name, generation)
                self._vectors.rename(name + _NEXT, name, generation)
            self._repair()

    # care

    def inside(self) -> Inside:
        """The parts of the corpus as they are now, for reading."""
        return Inside(self._store, self._vectors, _PASSAGES, _CLAIMS, self._generation, model_metadata(self.embedder))

    @contextmanager
    def writing(self) -> Iterator[Inside]:
        """The parts of the corpus with the writer lock held.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            yield self.inside()

    def restore(self, batches: Iterable[Embedded], on_progress: OnProgress | None = None) -> AddSummary:
        """Adds documents whose passages and vectors are known already. One that is there unchanged is left as it is.

        What was added stays when this is interrupted, and is passed over when it is done again.

        Args:
            batches: read as they are needed; their vectors are this embedder's.
            on_progress: called with the number of documents done.

        Raises:
            CorpusLocked: another process is writing.
        """
        added = unchanged = replaced = embedded = 0
        with self._writing():
            self._vectors.drop(_PASSAGES + _NEXT, self._generation)
            for batch in batches:
                changed = {document.id: document for document in self._store.changed(batch.documents)}
                known = sum(self._store.document(key) is not None for key in changed)
                embedded += self._restore(batch, changed)
                replaced, added = replaced + known, added + len(changed) - known
                unchanged += len(batch.documents) - len(changed)
                if on_progress:
                    on_progress(added + unchanged + replaced, None)
            self._repair()  # Last, so that what an interrupted restoring left pending has got its known vectors.
        return AddSummary(added=added, unchanged=unchanged, replaced=replaced, passages=embedded)

    def restore_claims(self, claims: Mapping[str, Metadata], vectors: Vectors | None = None) -> None:
        """Lays checked claims beside the corpus under the ids and with what was kept beside them elsewhere.

        Args:
            claims: by id, what `VectorFiles.entries` gives of them.
            vectors: this embedder's, shape `(len(claims), dimension)`; None embeds the claims.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            if vectors is None:
                self._embed_claims(_CLAIMS, claims)
            elif claims:
                self._vectors.upsert(_CLAIMS, list(claims), vectors, list(claims.values()), self._generation)

    def mend(
        self,
        spoilt: Iterable[str] = (),
        spoilt_claims: Sequence[str] = (),
        recut: Iterable[str] = (),
        *,
        rebuild_with: Mapping[str, Metadata] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Mended:
        """Makes the vectors agree with the documents: finishes, removes, embeds what a count would not show as well.

        Args:
            spoilt: passages whose vector is to be made again.
            spoilt_claims: checked claims whose vector is to be made again.
            recut: documents whose passages are to be made again.
            rebuild_with: put the Chroma directory aside and make it anew, with these checked claims.
            on_progress: called with passages looked at and their number.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            aside = None if rebuild_with is None else self._make_anew(rebuild_with)
            again = [document for key in recut if (document := self._store.document(key)) is not None]
            pending = self._store.counts().pending
            self._store.take_back(document.id for document in again)
            self._vectors.delete(_PASSAGES, spoilt, self._generation)
            if spoilt_claims:
                self._embed_claims(_CLAIMS, self._vectors.entries(_CLAIMS, self._generation, spoilt_claims))
            embedded = self._take_in(again).passages
            before = self._vectors.ids(_PASSAGES, self._generation)
            self._repair(thorough=True, on_progress=on_progress)
            after = self._vectors.ids(_PASSAGES, self._generation)
        return Mended(
            finished=pending,
            removed=len(before - after),
            embedded=embedded + len(after - before),
            recut=len(again),
            claims_kept=None if rebuild_with is None else len(rebuild_with),
            set_aside=aside,
        )

    # claims checked before

    def remember(self, run_id: str, as_of: date, results: Sequence[ClaimResult]) -> None:
        """Lays checked claims beside the corpus. The same claim, date and snapshot again takes the place of the old.

        Raises:
            CorpusLocked: another process is writing.
        """
        kept = [result for result in results if result.status == "checked"]
        if not kept:
            return
        languages = [result.language or detect_language(result.text) for result in kept]
        vectors = self.query_vectors([result.text for result in kept], languages)
        with self._writing():
            snapshot = self.snapshot
            last = {checked_id(result, snapshot): i for i, result in enumerate(kept)}
            metadatas = [checked_metadata(run_id, kept[i]) for i in last.values()]
            self._vectors.upsert(_CLAIMS, list(last), vectors[list(last.values())], metadatas, self._generation)

    def matches(self, claim: Claim, exclude_run: str | None = None, k: int = 5) -> tuple[Match, ...]:
        """Claims checked before that resemble this one, the likeliest first. They are offered, never applied.

        They are found by their vectors and by rare words that they share; `factcheck.checked.scoring` says what makes
        a match strong or weak.

        Args:
            claim: the claim to look for.
            exclude_run: a run whose own claims are left out.
            k: how many at most.
        """
        generation = self._generation
        if not self._vectors.count(_CLAIMS, generation):
            return ()
        language = claim.language or detect_language(claim.text)
        vector = self.query_vectors([claim.text], [language])[0]
        words = self._claim_words(generation)
        near = {one.id: one for one in self._vectors.nearest(_CLAIMS, vector, _MATCHED, generation)}
        others = [key for key in words.nearest(telling_words(claim.text, language), _MATCHED) if key not in near]
        found = [*near.values(), *self._vectors.compared(_CLAIMS, others, vector, generation)]
        kept = (one for one in found if exclude_run is None or one.metadata.get("run_id") != exclude_run)
        return best_matches(claim.text, language, kept, words, k)

    def remember_reviews(
        self, reviews: Iterable[Review], on_progress: Callable[[int], None] | None = None
    ) -> ReviewSummary:
        """Lays claims that others have reviewed beside the corpus. A page's review of a claim takes its own place.

        What was laid down stays when this is interrupted, and costs no embedding when it is done again.

        Args:
            reviews: read as they are needed.
            on_progress: called with the number of reviews done.

        Raises:
            CorpusLocked: another process is writing.
        """
        added = replaced = unchanged = done = 0
        stream = iter(reviews)
        while batch := list(islice(stream, _REVIEWS_AT_ONCE)):
            wanted = {review_id(review): review_metadata(review) for review in batch}
            known = self._vectors.entries(_CLAIMS, self._generation, list(wanted))
            new = {key: kept for key, kept in wanted.items() if known.get(key) != kept}
            if new:
                vectors = self._claim_vectors(new)
                with self._writing():
                    self._vectors.upsert(_CLAIMS, list(new), vectors, list(new.values()), self._generation)
            added += len(new.keys() - known.keys())
            replaced += len(new.keys() & known.keys())
            done += len(batch)
            unchanged += len(batch) - len(new)
            if on_progress:
                on_progress(done)
        return ReviewSummary(added=added, replaced=replaced, unchanged=unchanged)

    def checked_claims(self) -> tuple[Checked, ...]:
        """Every claim checked before, the latest first."""
        claims = [checked_of(*entry) for entry in self._vectors.entries(_CLAIMS, self._generation).items()]
        return tuple(sorted(claims, key=lambda one: (one.as_of is None, -(one.as_of or date.min).toordinal(), one.id)))

    def forget(self, ids: Iterable[str]) -> int:
        """Removes claims checked before by the keys they are kept under, and returns how many there were.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._writing():
            known = self._vectors.entries(_CLAIMS, self._generation, list(ids))
            self._vectors.delete(_CLAIMS, known, self._generation)
        return len(known)

    # inside

    @property
    def _generation(self) -> int:
        return int(self._store.get_meta("generation") or 0)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The writer lock; at its end every reader learns that something was written."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.directory / "writer.lock")
        try:
            lock.acquire(timeout=self.lock_seconds)
        except Timeout as error:
            raise CorpusLocked(
                f"Another process is writing to the corpus at {self.directory}. Wait for it to end and try again."
            ) from error
        except OSError as error:
            raise CorpusError(
                f"The corpus at {self.directory} cannot be written to ({error}). Check the directory's permissions."
            ) from error
        try:
            before = self._generation
            try:
                yield
            finally:
                self._store.set_meta("generation", str(before + 1))
                self._vectors.wrote(before, before + 1)
        finally:
            lock.release()

    def _take_in(self, documents: Iterable[Document], on_progress: OnProgress | None = None) -> Intake:
        """Makes documents part of the corpus; returns the counts."""
        total = len(documents) if isinstance(documents, Sequence) else None
        generation = self._generation
        intake = Intake(self._store, lambda: self._vectors.drop(_PASSAGES + _NEXT, generation))

        def finish(completed: Completed) -> None:
            self._vectors.delete(_PASSAGES, completed.stale, generation)
            self._mark_ready(completed.documents)

        some: Iterable[Document] = documents
        done = 0
        while True:
            for completed in self._embedded(_PASSAGES, intake.pairs(some), intake.completed_by, finish):
                intake.landed(completed)
                if on_progress and intake.done > done:
                    on_progress(done := intake.done, total)
            some = intake.later()
            if not some:
                break
        if intake.failed:
            raise intake.failed
        return intake

    def _embedded(
        self,
        collection: str,
        pairs: Iterable[Pair],
        told: Callable[[Sequence[Pair]], Told],
        finish: Callable[[Told], None] = lambda _: None,
    ) -> Iterator[Told]:
        """Embeds passages as they come, some at a time, and writes their vectors behind.

        Args:
            collection: where the vectors go.
            pairs: read as they are needed.
            told: called with some of the pairs when they have been read, and with none at the end.
            finish: called by the writing thread with what `told` gave, when the vectors are in the collection.

        Yields:
            What `told` gave, when it and all before it are written.
        """
        generation = self._generation

        def made() -> Iterator[tuple[Sequence[Pair], Vectors, Told]]:
            stream = iter(pairs)
            while part := list(islice(stream, self.passages_at_once)):
                texts = [indexed_text(passage, document) for passage, document in part]
                yield part, self.embedder.passages(texts, [document.language for _, document in part]), told(part)
            yield (), np.zeros((0, self.embedder.dimension), np.float32), told(())

        def write(one: tuple[Sequence[Pair], Vectors, Told]) -> None:
            part, vectors, said = one
            metadatas = [_passage_metadata(document) for _, document in part]
            self._vectors.upsert(collection, [passage.id for passage, _ in part], vectors, metadatas, generation)
            finish(said)

        with closing(written_behind(made(), write)) as written:
            for _, _, said in written:
                yield said

    def _mark_ready(self, ids: Iterable[str]) -> None:
        self._store.mark_ready(ids)
        copies.refresh(self._store)

    def _restore(self, batch: Embedded, changed: Mapping[str, Document]) -> int:
        """Writes the documents of a batch that are new or other than before; returns how many passages they have."""
        rows = [i for i, passage in enumerate(batch.passages) if passage.document_id in changed]
        passages = [batch.passages[i] for i in rows]
        old = {passage.id for key in changed for passage in self._store.passages_of(key, pending=True)}
        self._store.put_pending(changed.values(), passages)
        kept = [_passage_metadata(changed[passage.document_id]) for passage in passages]
        ids = [passage.id for passage in passages]
        self._vectors.upsert(_PASSAGES, ids, batch.vectors[rows], kept, self._generation)
        self._vectors.delete(_PASSAGES, old - set(ids), self._generation)
        self._mark_ready(changed)
        return len(passages)

    def _make_anew(self, claims: Mapping[str, Metadata]) -> str | None:
        """Makes empty collections, but for these claims, and returns where what was there lies now."""
        directory = self._vectors.directory
        self._vectors.close()
        aside = next(p for n in count(1) if not (p := directory.with_name(f"{directory.name}-damaged-{n}")).exists())
        found = directory.exists()
        if found:
            directory.rename(aside)
        for name in (_PASSAGES, _CLAIMS):
            self._vectors.create(name, model_metadata(self.embedder), self._generation)
        self._embed_claims(_CLAIMS, claims)
        return aside.name if found else None

    def _repair(self, *, thorough: bool = False, on_progress: OnProgress | None = None) -> None:
        """Finishes what a writer that died left behind; thoroughly, it trusts no count."""
        copies.refresh(self._store)
        pending = self._store.pending()
        pairs = ((p, d) for d in pending for p in self._store.passages_of(d.id, pending=True))
        deque(self._embedded(_PASSAGES, pairs, len), maxlen=0)
        self._mark_ready(document.id for document in pending)
        if thorough or self._vectors.count(_PASSAGES, self._generation) != self._store.counts().passages:
            passages = {passage.id for passage in self._store.all_passages()}
            stored = self._vectors.ids(_PASSAGES, self._generation)
            self._vectors.delete(_PASSAGES, stored - passages, self._generation)
            self._embed_missing(_PASSAGES, on_progress)

    def _prepare(self, collection: str, names: frozenset[str]) -> None:
        """An empty collection for this embedder, or the one that an interrupted `reindex` left."""
        wanted = self._model_metadata()
        if collection in names and self._vectors.metadata(collection, self._generation) != wanted:
            self._vectors.drop(collection, self._generation)
        self._vectors.create(collection, wanted, self._generation)

    def _embed_missing(self, collection: str, on_progress: OnProgress | None) -> None:
        stored = self._vectors.ids(collection, self._generation)
        total = self._store.counts().passages
        missing = (passage for passage in self._store.all_passages() if passage.id not in stored)
        done = len(stored)
        for embedded in self._embedded(collection, self._with_documents(missing), len):
            done += embedded
            if embedded and on_progress:
                on_progress(done, total)

    def _embed_claims(self, collection: str, claims: Mapping[str, Metadata]) -> None:
        if not claims:
            return
        self._vectors.upsert(
            collection, list(claims), self._claim_vectors(claims), list(claims.values()), self._generation
        )

    def _claim_vectors(self, claims: Mapping[str, Metadata]) -> Vectors:
        texts = [str(kept["text"]) for kept in claims.values()]
        languages = [str(kept["language"]) if "language" in kept else None for kept in claims.values()]
        return self.embedder.queries(texts, languages)

    def _claim_words(self, generation: int) -> ClaimWords:
        with self._following:
            if self._claims[0] != generation:
                ids = self._vectors.ids(_CLAIMS, generation)
                self._claims[1].follow(ids, lambda new: self._vectors.entries(_CLAIMS, generation, new))
                self._claims = (generation, self._claims[1])
            return self._claims[1]

    def _with_documents(self, passages: Iterable[Passage]) -> Iterator[Pair]:
        """Passages, those of one document together, each with its document."""
        document: Document | None = None
        for passage in passages:
            if document is None or document.id != passage.document_id:
                document = self._store.document(passage.document_id)
            if document is not None:
                yield passage, document

    def _lexical_index(self) -> LexicalIndex:
        with self._building:
            snapshot = self.snapshot
            if self._lexical is None or self._lexical[0] != snapshot:
                self._lexical = (snapshot, self._followed(snapshot, self._lexical and self._lexical[1]))
            return self._lexical[1]

    def _followed(self, snapshot: str, known: LexicalIndex | None) -> LexicalIndex:
        """The lexical index of the content as it is: the one on disk, or the last one brought up to date."""
        directory = self.directory / "lexical"
        found = disk.load(directory, snapshot, LAYOUT)
        if found is not None and len(found) == self._store.counts().passages:
            return found
        known = known or disk.latest(directory, LAYOUT) or LexicalIndex()
        hashes = self._store.hashes()
        missing = sum(known.documents.get(key) != content for key, content in hashes.items())
        if missing > _WORTH_TELLING:
            _log.info("The words of %d documents are indexed.", missing)
        index = known.followed(hashes, self._entries)
        if self._store.snapshot() != snapshot:  # Somebody is writing.
            return index
        if len(index) != self._store.counts().passages:  # Passages cut anew under an unchanged document.
            index = LexicalIndex().followed(hashes, self._entries)
        if os.access(self.directory, os.W_OK):
            disk.save(index, directory, snapshot, LAYOUT)
        return index

    def _entries(self, documents: Collection[str]) -> Iterator[LexicalEntry]:
        for passage, document in self._with_documents(self._store.passages_in(documents)):
            yield LexicalEntry(passage.id, indexed_text(passage, document), document.language, document.id)

    def _model_metadata(self) -> dict[str, str | int]:
        return model_metadata(self.embedder)

    def _create_collections(self) -> None:
        with self._writing():
            for name in (_PASSAGES, _CLAIMS):
                self._vectors.create(name, self._model_metadata(), self._generation)

    def _check_model(self) -> None:
        counts = self._store.counts()
        complete = self._vectors.names(self._generation) >= {_PASSAGES, _CLAIMS}
        if not complete and not counts.documents + counts.pending:
            # Whoever was making this corpus has died, or is still at it and holds the lock.
            self._create_collections()
        generation = self._generation
        again = "Embed it again with the model that is set now: factcheck corpus reindex"
        if not {_PASSAGES, _CLAIMS} <= self._vectors.names(generation):
            raise CorpusMismatch(f"The corpus at {self.directory} has no complete set of vectors. {again}.")
        kept, wanted = self._vectors.metadata(_PASSAGES, generation), self._model_metadata()
        if kept == wanted:
            return
        if kept.get("model") == wanted["model"]:
            raise CorpusMismatch(
                f"The corpus at {self.directory} was embedded with {kept.get('model')!r} by another version of the"
                f" model or of factcheck. {again}."
            )
        raise CorpusMismatch(
            f"The corpus at {self.directory} was embedded with {kept.get('model')!r}, but FACTCHECK_EMBEDDING_MODEL is"
            f" now {wanted['model']!r}. {again}; or set FACTCHECK_EMBEDDING_MODEL={kept.get('model')}."
        )


def model_metadata(embedder: Embedder) -> dict[str, str | int]:
    """What is kept with a collection of the embedder's vectors: vectors are comparable where all of it is the same."""
    return {
        "model": embedder.name,
        "revision": embedder.revision,
        "dimension": embedder.dimension,
        "scheme": embedder.scheme,
        "layout": LAYOUT,
    }


def indexed_text(passage: Passage, document: Document) -> str:
    """What a passage is embedded and searched by: its document's title, where there is one, and its own text."""
    title = (document.title or "").strip()
    return passage.text if not title or passage.text.startswith(title) else f"{title}\n{passage.text}"


def _passage_metadata(document: Document) -> Metadata:
    kept: dict[str, str | int] = {"document_id": document.id}
    if document.language is not None:
        kept["language"] = document.language
    if document.public_from is not None:
        kept["public_from"] = int(document.public_from.strftime("%Y%m%d"))
    return kept
