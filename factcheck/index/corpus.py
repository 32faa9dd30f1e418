"""The one door to a corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np

from factcheck.checked import Checked
from factcheck.claimreview import Review
from factcheck.corpus import Stamp
from factcheck.embed import Embedder, Vectors
from factcheck.errors import CorpusError
from factcheck.index import adding, mending, remembering, restoring
from factcheck.index.files import (
    Files,
    check_model,
    corpus_info,
    create_collections,
    documents_file,
    prepare_directory,
    require_corpus,
)
from factcheck.index.layout import CLAIMS, PASSAGES
from factcheck.index.searching import QueryVectors, WordIndex, nearest_passages, passage_stamps, passage_vectors
from factcheck.index.values import AddSummary, CorpusInfo, Embedded, Inside, Mended, OnProgress, ReviewSummary
from factcheck.types import Claim, ClaimResult, Document, Match, Passage
from factcheck.vectors import Metadata


class Corpus:
    """A reference corpus. Open one with `Corpus.open`, `Corpus.create` or `Corpus.open_or_create`.

    Any number of threads and processes may read; a write holds the lock file, and a second writer is told so. What
    one process writes, the others see at their next query.
    """

    def __init__(self, directory: Path, embedder: Embedder, server: str | None = None) -> None:
        self.directory = directory
        self._files = Files(directory, embedder, server)
        self._queries = QueryVectors(self._files)
        self._words = WordIndex(self._files)
        self._vectors, self._stamps = passage_vectors(self._files), passage_stamps(self._files)
        self._claims = remembering.ClaimFinder(self._files, self._queries)

    @classmethod
    def create(cls, directory: Path, embedder: Embedder, *, server: str | None = None) -> Self:
        """A new, empty corpus whose vectors are the embedder's.

        Raises:
            CorpusError: there is one already, or the directory cannot be written to.
        """
        prepare_directory(directory)
        return cls(directory, embedder, server)._after(create_collections)

    @classmethod
    def open(cls, directory: Path, embedder: Embedder, *, reindexing: bool = False, server: str | None = None) -> Self:
        """The corpus in a directory.

        Args:
            directory: where it lies.
            embedder: the model that its vectors were made with.
            reindexing: True lets another model in, for `reindex` alone.
            server: the address of a Chroma server that has its vectors; None opens its own files.

        Raises:
            CorpusMissing: there is none.
            CorpusMismatch: its vectors were made with another model, prefixes or layout, or are missing.
        """
        require_corpus(directory)
        corpus = cls(directory, embedder, server)
        return corpus if reindexing else corpus._after(check_model)

    @classmethod
    def open_or_create(cls, directory: Path, embedder: Embedder, *, server: str | None = None) -> Self:
        """The corpus in a directory, made there if there is none yet."""
        file = documents_file(directory)
        if not file.is_file():
            try:
                return cls.create(directory, embedder, server=server)
            except CorpusError:
                if not file.is_file():  # Else another process made it just now.
                    raise
        return cls.open(directory, embedder, server=server)

    def close(self) -> None:
        """Close the files. The corpus cannot be used afterwards."""
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _after(self, step: Callable[[Files], None]) -> Self:
        """This corpus when a step of its opening is done; closed, if that fails."""
        try:
            step(self._files)
        except BaseException:
            self.close()
            raise
        return self

    # what it is opened with

    @property
    def embedder(self) -> Embedder:
        """What its texts and queries are embedded with."""
        return self._files.embedder

    @embedder.setter
    def embedder(self, embedder: Embedder) -> None:
        self._files.embedder = embedder

    @property
    def lock_seconds(self) -> float:
        """How long a write waits for another writer."""
        return self._files.lock_seconds

    @lock_seconds.setter
    def lock_seconds(self, seconds: float) -> None:
        self._files.lock_seconds = seconds

    @property
    def passages_at_once(self) -> int:
        """Passages encoded in one call: enough to be sorted by length. A process that dies loses three calls' work."""
        return self._files.passages_at_once

    @passages_at_once.setter
    def passages_at_once(self, passages: int) -> None:
        self._files.passages_at_once = passages

    # what it holds

    @property
    def name(self) -> str:
        """The directory's own name."""
        return self.directory.name

    @property
    def snapshot(self) -> str:
        """An id of the content: the same documents give the same one, whatever their order."""
        return self._files.snapshot

    @property
    def size(self) -> int:
        """How many documents there are; the vectors are not asked."""
        return self._files.store.counts().documents

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of their ids."""
        return self._files.store.documents()

    def document(self, identifier: str) -> Document | None:
        """The document of that id, or None."""
        return self._files.store.document(identifier)

    def passage(self, identifier: str) -> Passage | None:
        """The passage of that id, or None."""
        return next(iter(self._files.store.passages([identifier])), None)

    def passages(self, ids: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of those ids in the order given; an unknown one is left out."""
        return self._files.store.passages(ids)

    def documents_of(self, ids: Iterable[str]) -> tuple[Document, ...]:
        """The documents of those ids in the order given; an unknown one is left out."""
        return self._files.store.documents_of(ids)

    def stamps(self, passage_ids: Iterable[str]) -> tuple[Stamp, ...]:
        """Language, dates, address and title of those passages' documents, in the order given, without any text."""
        return tuple(self._stamps.of(passage_ids).values())

    def info(self) -> CorpusInfo:
        """Counts, dates, snapshot and model."""
        return corpus_info(self._files)

    # searching

    def query_vectors(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """The embedder's vectors of queries, shape `(len(texts), dimension)`; the last thousand are remembered."""
        return self._queries.of(texts, languages)

    def take_queries(self, known: Mapping[tuple[str, str | None], Vectors]) -> None:
        """Remembers vectors of queries, by text and language, that another process made with the same embedder."""
        self._queries.take(known)

    def dense(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The `k` passages nearest to a vector with their cosine similarity, nearest first."""
        return self.dense_many(vector[np.newaxis], k)[0]

    def dense_many(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """The same for each of many vectors, shape `(n, dimension)`, in one call of Chroma."""
        return nearest_passages(self._files, self._stamps, vectors, k)

    def lexical(self, text: str, k: int, language: str | None) -> list[tuple[str, float]]:
        """The `k` passages of that language best by BM25, with their scores, best first."""
        return self._words.current().search(text, k, language)

    def lexical_scores(self, text: str, ids: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25 of given passages by a query, those above nought; passages in another language have none."""
        return self._words.current().scores(text, ids, language)

    def languages(self) -> dict[str, int]:
        """How many passages there are of each language; "" is for those whose language nobody knows."""
        return self._words.current().languages

    def cluster_of(self, ids: Iterable[str]) -> dict[str, str]:
        """The cluster of each passage: the id of the passage, among it and its copies, that was public first.

        One that is unknown is left out, and so is one of a corpus that was not written to since clusters are kept.
        """
        return self._files.store.origins_of(ids)

    def passage_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of passages, by passage id."""
        return self._vectors.of(ids)

    # writing

    def add(self, documents: Iterable[Document], on_progress: OnProgress | None = None) -> AddSummary:
        """Adds documents. One that is there already, with the same text and source, is left as it is.

        Args:
            documents: read as they are needed; an error of the iterator ends the adding, and what was added stays.
            on_progress: called with the number of documents done, and how many there are where that is known.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._files.writing():
            mending.repair(self._files)
            done = adding.take_in(self._files, documents, on_progress)
        if done.added or done.replaced:
            self._words.current()  # Here and not at somebody's first search.
        return AddSummary(added=done.added, unchanged=done.unchanged, replaced=done.replaced, passages=done.passages)

    def remove(self, ids: Iterable[str]) -> int:
        """Removes documents, and returns how many there were.

        Raises:
            CorpusLocked: another process is writing.
        """
        wanted = list(ids)
        with self._files.writing():
            return adding.take_out(self._files, wanted)

    def reindex(self, on_progress: OnProgress | None = None) -> None:
        """Embeds every passage and every checked claim again with this corpus's embedder.

        The old vectors stay in use until the new ones are complete. Interrupted and started again, it goes on
        where it was, unless documents were added or removed meanwhile.

        Args:
            on_progress: called with passages done and their number.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._files.writing():
            mending.embed_again(self._files, on_progress)

    # care

    def inside(self) -> Inside:
        """The parts of the corpus as they are now, for reading."""
        files = self._files
        return Inside(files.store, files.vectors, PASSAGES, CLAIMS, files.generation, files.model)

    @contextmanager
    def writing(self) -> Iterator[Inside]:
        """The parts of the corpus with the writer lock held.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._files.writing():
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
        with self._files.writing():
            return restoring.restore(self._files, batches, on_progress)

    def restore_claims(self, claims: Mapping[str, Metadata], vectors: Vectors | None = None) -> None:
        """Lays checked claims beside the corpus under the ids and with what was kept beside them elsewhere.

        Args:
            claims: by id, what `VectorFiles.entries` gives of them.
            vectors: this embedder's, shape `(len(claims), dimension)`; None embeds the claims.

        Raises:
            CorpusLocked: another process is writing.
        """
        with self._files.writing():
            remembering.put_claims(self._files, CLAIMS, claims, vectors)

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
        with self._files.writing():
            return mending.mend(self._files, spoilt, spoilt_claims, recut, rebuild_with, on_progress)

    # claims checked before

    def remember(self, run_id: str, as_of: date, results: Sequence[ClaimResult]) -> None:
        """Lays checked claims beside the corpus. The same claim, date and snapshot again takes the place of the old.

        Raises:
            CorpusLocked: another process is writing.
        """
        remembering.remember(self._files, run_id, results)

    def remember_decisions(self, decided: Mapping[str, Metadata], withdrawn: Iterable[str] = ()) -> None:
        """Lays verdicts that people signed off beside the corpus, where they stand before the machine's.

        Args:
            decided: by `decided_id`, what `decided_metadata` gives.
            withdrawn: keys of such that no longer hold; unknown ones are passed over.

        Raises:
            CorpusLocked: another process is writing.
        """
        remembering.remember_decisions(self._files, decided, withdrawn)

    def matches(self, claim: Claim, exclude_run: str | None = None, k: int = 5) -> tuple[Match, ...]:
        """Claims checked before that resemble this one, the likeliest first. They are offered, never applied.

        They are found by their vectors and by rare words that they share; `factcheck.checked.scoring` says what makes
        a match strong or weak.

        Args:
            claim: the claim to look for.
            exclude_run: a run whose own claims are left out.
            k: how many at most.
        """
        return self._claims.matches(claim, exclude_run, k)

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
        return remembering.remember_reviews(self._files, reviews, on_progress)

    def checked_claims(self) -> tuple[Checked, ...]:
        """Every claim checked before, the latest first."""
        return remembering.checked_claims(self._files)

    def forget(self, ids: Iterable[str]) -> int:
        """Removes claims checked before by the keys they are kept under, and returns how many there were.

        Raises:
            CorpusLocked: another process is writing.
        """
        return remembering.forget(self._files, ids)
