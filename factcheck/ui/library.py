"""The corpus of the app: one open handle for every session, and the work on it in a thread of its own.

A page never waits for the writer lock nor for an embedding: it starts a job, and looks at it again a second later.
One job at a time; another process that writes is met by the job, whose outcome says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from factcheck import resources
from factcheck.care import health
from factcheck.checked import Checked
from factcheck.claimreview import Review
from factcheck.corpus import Entry, entries
from factcheck.embed import Embedder, load_embedder
from factcheck.engine import corpus_directory, corpus_place, demo_corpus
from factcheck.errors import CorpusMismatch, CorpusMissing, FactcheckError
from factcheck.index import Corpus, CorpusInfo
from factcheck.settings import Settings
from factcheck.types import Document

log = logging.getLogger("factcheck.ui")

PASSAGES_AT_ONCE = 128
"""So few are embedded in one call that progress is seen."""

Kind = Literal["demo", "create", "add", "remove", "reviews", "forget", "examine", "repair"]
OnProgress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Outcome:
    """What a job came to: fields for the words of its kind, or the sentence that says why it failed."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    health: health.Health | None = None
    problem: str | None = None
    unexpected: str | None = None
    """The class of an error of ours that stopped it."""

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return self.problem is None and self.unexpected is None


class Examined(NamedTuple):
    """What the last examination or repair of a corpus found, and when."""

    place: Path
    health: health.Health
    at: datetime


@dataclass(frozen=True)
class Job:
    """A piece of work on the corpus; without an outcome it is still going on."""

    number: int
    kind: Kind
    done: int = 0
    total: int | None = None
    outcome: Outcome | None = None


class Opened(NamedTuple):
    """The corpus that is checked against, for reading."""

    corpus: Corpus
    demo: bool
    problem: str | None
    """Why it cannot be searched or added to, where its vectors are another model's."""


class Contents(NamedTuple):
    """What the corpus holds."""

    info: CorpusInfo
    entries: tuple[Entry, ...]
    checked: tuple[Checked, ...]


class Library:
    """The corpus as the app's sessions share it."""

    def __init__(
        self,
        load: Callable[[Settings], Embedder] = load_embedder,
        changed: Callable[[Corpus], int] | None = None,
        *,
        lock_seconds: float = 10.0,
    ) -> None:
        """Opens nothing yet.

        Args:
            load: gives the embedding model of settings.
            changed: called with the corpus after its documents changed; says how many reviewed claims came back.
            lock_seconds: how long a job waits for another process that writes.
        """
        self._load = load
        self._changed = changed
        self._lock_seconds = lock_seconds
        self._lock = threading.Lock()
        self._open: dict[tuple[Path, int], Opened] = {}
        self._contents: tuple[tuple[Path, int], Contents] | None = None
        self._job: Job | None = None
        self._jobs = 0
        self.examined: Examined | None = None

    # reading

    def opened(self, settings: Settings) -> Opened | None:
        """The corpus that the settings lead to; None while the demo notes are not indexed with the model that is set.

        Raises:
            CorpusError: there is none, or it cannot be read.
        """
        place = corpus_place(settings)
        demo = place != corpus_directory(settings)
        file = place / "corpus.sqlite3"
        if not file.is_file():
            if demo:
                return None
            raise CorpusMissing(f"There is no corpus at {place}.")
        key = (place, file.stat().st_ino)  # one that was deleted and made again is another
        with self._lock:
            found = self._open.get(key)
            if found is None or found.problem:  # what was another model's may have been embedded anew
                if found:
                    found.corpus.close()
                found = self._open[key] = self._opened(place, settings, demo)
        waits = demo and (found.problem or found.corpus.inside().store.counts().documents < _demo_notes())
        return None if waits else found

    def _opened(self, place: Path, settings: Settings, demo: bool) -> Opened:
        embedder, server = self._load(settings), None if demo else settings.chroma_url
        try:
            corpus, problem = Corpus.open(place, embedder, server=server), None
        except CorpusMismatch as error:
            corpus, problem = Corpus.open(place, embedder, reindexing=True, server=server), str(error)
        corpus.lock_seconds, corpus.passages_at_once = self._lock_seconds, PASSAGES_AT_ONCE
        return Opened(corpus, demo, problem)

    def contents(self, corpus: Corpus) -> Contents:
        """What a corpus holds, read again only when it has changed."""
        key = (corpus.directory, int(corpus.inside().store.get_meta("generation") or 0))
        with self._lock:
            if self._contents is None or self._contents[0] != key:
                inside = corpus.inside()
                self._contents = (key, Contents(corpus.info(), entries(inside.store), corpus.checked_claims()))
            return self._contents[1]

    # jobs

    @property
    def job(self) -> Job | None:
        """The work that is going on, else the last one, else None."""
        return self._job

    @property
    def busy(self) -> bool:
        """Whether work is going on."""
        job = self._job
        return job is not None and job.outcome is None

    def index_demo(self, settings: Settings) -> bool:
        """Indexes the demo notes that ship."""

        def work(progress: OnProgress) -> Outcome:
            demo_corpus(settings, self._load(settings), on_progress=progress).close()
            return Outcome()

        return self._start("demo", work)

    def create(self, settings: Settings) -> bool:
        """Makes an empty corpus of the user's own."""

        def work(_: OnProgress) -> Outcome:
            Corpus.create(corpus_directory(settings), self._load(settings), server=settings.chroma_url).close()
            return Outcome()

        return self._start("create", work)

    def add(self, corpus: Corpus, documents: Sequence[Document]) -> bool:
        """Adds documents."""

        def work(progress: OnProgress) -> Outcome:
            done = corpus.add(documents, progress)
            return Outcome({**done.model_dump(), "back": self._came_back(corpus)})

        return self._start("add", work, total=len(documents))

    def remove(self, corpus: Corpus, ids: Sequence[str]) -> bool:
        """Removes documents."""

        def work(_: OnProgress) -> Outcome:
            return Outcome({"n": corpus.remove(ids), "back": self._came_back(corpus)})

        return self._start("remove", work)

    def import_reviews(self, corpus: Corpus, reviews: Sequence[Review]) -> bool:
        """Lays reviews of others beside the corpus."""

        def work(progress: OnProgress) -> Outcome:
            done = corpus.remember_reviews(reviews, lambda done: progress(done, len(reviews)))
            return Outcome(done.model_dump())

        return self._start("reviews", work, total=len(reviews))

    def forget(self, corpus: Corpus, ids: Sequence[str]) -> bool:
        """Removes claims checked before."""
        return self._start("forget", lambda _: Outcome({"n": corpus.forget(ids)}))

    def examine(self, corpus: Corpus) -> bool:
        """Examines the corpus; writes nothing."""
        return self._start("examine", lambda _: Outcome(health=health.examine(corpus)))

    def repair(self, corpus: Corpus) -> bool:
        """Mends what can be mended."""
        return self._start("repair", lambda progress: Outcome(health=health.repair(corpus, progress)))

    def _came_back(self, corpus: Corpus) -> int:
        return self._changed(corpus) if self._changed else 0

    def _start(self, kind: Kind, work: Callable[[OnProgress], Outcome], total: int | None = None) -> bool:
        """Starts a job in a thread; False if another is going on."""
        with self._lock:
            if self.busy:
                return False
            self._jobs += 1
            self._job = Job(self._jobs, kind, total=total)
        # A daemon: a server that is stopped does not wait; what was added is kept, the rest is mended by the next.
        threading.Thread(target=self._work, args=(self._job, work), name=f"corpus-{kind}", daemon=True).start()
        return True

    def _work(self, job: Job, work: Callable[[OnProgress], Outcome]) -> None:
        def progress(done: int, total: int | None) -> None:
            self._job = replace(job, done=done, total=total)

        try:
            outcome = work(progress)
        except FactcheckError as error:
            outcome = Outcome(problem=str(error))
        except Exception as error:
            log.exception("work on the corpus stopped")
            outcome = Outcome(unexpected=type(error).__name__)
        if outcome.health:
            self.examined = Examined(Path(outcome.health.corpus), outcome.health, datetime.now(UTC))
        self._job = replace(job, outcome=outcome)


def _demo_notes() -> int:
    return sum(1 for _ in (resources.demo_corpus_dir() / "notes").rglob("*.md"))
