"""The files of an open corpus: one writer at a time, a generation that every write raises, and the model's check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factcheck.corpus import DocumentStore
from factcheck.embed import Embedder
from factcheck.errors import CorpusError, CorpusLocked, CorpusMismatch, CorpusMissing
from factcheck.index.layout import CLAIMS, PASSAGES, model_metadata
from factcheck.index.values import CorpusInfo
from factcheck.vectors import release, vector_files


class Files:
    """What every reader and writer of an open corpus shares. Safe to read from several threads."""

    def __init__(self, directory: Path, embedder: Embedder, server: str | None = None) -> None:
        self.directory = directory
        self.embedder = embedder
        self.lock_seconds = 10.0
        """How long a write waits for another writer."""
        self.passages_at_once = 2_048
        """Passages encoded in one call."""
        self.store = DocumentStore(documents_file(directory))
        self.vectors = vector_files(directory / "chroma", server)
        self._snapshot: tuple[int, str] | None = None

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        release(self.vectors)

    @property
    def generation(self) -> int:
        """Raised by every write, of whatever process; the calls of `vectors` want it."""
        return int(self.store.get_meta("generation") or 0)

    @property
    def snapshot(self) -> str:
        """An id of the content."""
        generation = self.generation
        if self._snapshot is None or self._snapshot[0] != generation:
            self._snapshot = (generation, self.store.snapshot())
        return self._snapshot[1]

    @property
    def model(self) -> dict[str, str | int]:
        """What must be kept with both collections."""
        return model_metadata(self.embedder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The writer lock; at its end every reader learns that something was written.

        Raises:
            CorpusLocked: another process is writing.
            CorpusError: the directory cannot be written to.
        """
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
            before = self.generation
            try:
                yield
            finally:
                self.store.set_meta("generation", str(before + 1))
                self.vectors.wrote(before, before + 1)
        finally:
            lock.release()


def documents_file(directory: Path) -> Path:
    """The SQLite file of a corpus: where it is, there is a corpus."""
    return directory / "corpus.sqlite3"


def prepare_directory(directory: Path) -> None:
    """Makes the directory of a new corpus.

    Raises:
        CorpusError: there is a corpus already, or the directory cannot be written to.
    """
    if documents_file(directory).exists():
        raise CorpusError(f"There is a corpus at {directory} already. Open it, or name another directory.")
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(
            f"No corpus can be made at {directory} ({error}). Name a directory that can be written to."
        ) from error


def require_corpus(directory: Path) -> None:
    """Sees that there is a corpus.

    Raises:
        CorpusMissing: there is none.
    """
    if not documents_file(directory).is_file():
        raise CorpusMissing(
            f"There is no corpus at {directory}. Make one with `factcheck corpus add PATH`, or correct"
            " FACTCHECK_CORPUS or --corpus."
        )


def create_collections(files: Files) -> None:
    """Makes the collections of a new corpus, those that are not there yet."""
    with files.writing():
        for name in (PASSAGES, CLAIMS):
            files.vectors.create(name, files.model, files.generation)


def check_model(files: Files) -> None:
    """Sees that the vectors are the embedder's; completes a corpus whose making was cut off.

    Raises:
        CorpusMismatch: they were made with another model, prefixes or layout, or are missing.
    """
    counts = files.store.counts()
    complete = files.vectors.names(files.generation) >= {PASSAGES, CLAIMS}
    if not complete and not counts.documents + counts.pending:
        # Whoever was making this corpus has died, or is still at it and holds the lock.
        create_collections(files)
    generation = files.generation
    again = "Embed it again with the model that is set now: factcheck corpus reindex"
    if not {PASSAGES, CLAIMS} <= files.vectors.names(generation):
        raise CorpusMismatch(f"The corpus at {files.directory} has no complete set of vectors. {again}.")
    kept, wanted = files.vectors.metadata(PASSAGES, generation), files.model
    if kept == wanted:
        _check_copy(files, counts.passages)
        return
    if kept.get("model") == wanted["model"]:
        raise CorpusMismatch(
            f"The corpus at {files.directory} was embedded with {kept.get('model')!r} by another version of the"
            f" model or of factcheck. {again}."
        )
    raise CorpusMismatch(
        f"The corpus at {files.directory} was embedded with {kept.get('model')!r}, but FACTCHECK_EMBEDDING_MODEL is"
        f" now {wanted['model']!r}. {again}; or set FACTCHECK_EMBEDDING_MODEL={kept.get('model')}."
    )


def _check_copy(files: Files, passages: int) -> None:
    """Sees that a server has the vectors of all passages; it may have more, of documents that came later."""
    if files.vectors.server is None or passages <= (held := files.vectors.count(PASSAGES, files.generation)):
        return
    raise CorpusMismatch(
        f"The Chroma server has {held} vectors, and the corpus at {files.directory} {passages} passages: it is a server"
        " of another corpus, or of an older copy. Point FACTCHECK_CHROMA_URL to the server of this one."
    )


def corpus_info(files: Files) -> CorpusInfo:
    """Counts, dates, snapshot and model."""
    summary = files.store.summary()
    return CorpusInfo(
        documents=summary.documents,
        passages=summary.passages,
        claims=files.vectors.count(CLAIMS, files.generation),
        languages={name or "unknown": count for name, count in summary.languages},
        publishers={name or "unknown": count for name, count in summary.publishers},
        earliest=summary.earliest,
        latest=summary.latest,
        undated=summary.undated,
        disputed=summary.disputed,
        snapshot=files.snapshot,
        model=files.embedder.name,
        revision=files.embedder.revision,
    )
