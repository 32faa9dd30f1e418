"""Checks in the background, so that a page reload, a closed tab or a second user neither ends nor mixes them.

Streamlit ends a script's thread at every rerun, so the work happens in threads of a `Workshop`, one per process.
What is finished lies in the run store, claim by claim; the workshop adds only where each of its own runs is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal, NamedTuple

from factcheck.errors import FactcheckError
from factcheck.settings import Settings
from factcheck.store import RunStore, StoredRun, new_run_id
from factcheck.types import Document

if TYPE_CHECKING:
    from factcheck.engine import Engine
    from factcheck.pipeline import Progress

log = logging.getLogger("factcheck.ui")

Note = Callable[[str], None]
BuildEngine = Callable[[Settings, Note | None], "Engine"]

Step = Literal["waiting", "loading", "extracting", "checking", "finishing"]


@dataclass(frozen=True)
class Place:
    """Where a run of this process is: the step, and how many of how many claims are finished."""

    step: Step = "waiting"
    done: int = 0
    total: int = 0
    note: str = ""
    """What the engine says while it loads."""


class RunView(NamedTuple):
    """A run for the screen: what the store has of it, and its place while this process is working on it."""

    run: StoredRun
    place: Place | None


class _Job(NamedTuple):
    run_id: str
    document: Document
    settings: Settings
    as_of: date | None


class Workshop:
    """The threads that check, the engines they use, and the place of every run in progress.

    One object serves all browser sessions. A run is reached by its id alone, and the id cannot be guessed.
    """

    def __init__(self, build: BuildEngine, store: RunStore, *, threads: int = 2) -> None:
        """Starts the threads.

        Args:
            build: makes an engine of settings; called in a worker thread, one call at a time.
            store: where runs are kept.
            threads: checks that run side by side; further ones wait.
        """
        self.store = store
        self._build = build
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._places: dict[str, Place] = {}
        self._engines: dict[Settings, Engine] = {}
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self._lock = threading.Lock()
        self._building = threading.Lock()
        for number in range(threads):
            # Daemons: a server that is stopped does not wait for a check; the store has what was finished.
            threading.Thread(target=self._work, name=f"check-{number}", daemon=True).start()

    def submit(self, document: Document, settings: Settings, as_of: date | None = None) -> str:
        """Queues a check and returns the id of its run."""
        run_id = new_run_id()
        self.store.start(run_id, document, as_of, settings.mode)
        self._put(run_id, Place())
        self._jobs.put(_Job(run_id, document, settings, as_of))
        return run_id

    def view(self, run_id: str) -> RunView | None:
        """The run as it is now, or None if there is none of that id."""
        with self._lock:
            place = self._places.get(run_id)
        run = self.store.get(run_id)
        if run is None:
            return None
        if run.status == "running" and place is None and run.created < self._started:
            # The store asks whether the process lives; in a container every server has the same process id.
            run = run.model_copy(update={"status": "interrupted"})
        # The store says "done" a moment before the thread puts its place away; what is stored is the truth.
        return RunView(run, place if run.status == "running" else None)

    def _put(self, run_id: str, place: Place) -> None:
        with self._lock:
            self._places[run_id] = place

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                self._check(job)
            except FactcheckError as error:
                self.store.fail(job.run_id, _without_key(str(error), job.settings))
            except Exception as error:
                # The traceback is left out of the log where a key was in play: a library may quote it.
                log.error("run stopped: %s", type(error).__name__, exc_info=job.settings.llm_api_key is None)
                self.store.fail(job.run_id, f"{INTERNAL}{type(error).__name__}")
            finally:
                with self._lock:
                    self._places.pop(job.run_id, None)

    def _check(self, job: _Job) -> None:
        from factcheck.pipeline import check

        engine = self._engine(job)

        def follow(progress: Progress) -> None:
            finishing = progress.stage == "checking" and 0 < progress.total == progress.done
            step: Step = "finishing" if finishing or progress.stage == "done" else progress.stage
            self._put(job.run_id, Place(step, progress.done, progress.total))

        check(
            job.document,
            replace(engine, store=self.store),
            as_of=job.as_of,
            run_id=job.run_id,
            on_progress=follow,
        )

    def _engine(self, job: _Job) -> Engine:
        from factcheck.engine import corpus_place

        self._put(job.run_id, Place("loading"))
        with self._building:
            engine = self._engines.get(job.settings)
            if engine is None or engine.corpus.directory != corpus_place(job.settings):  # since then one was made
                engine = self._build(job.settings, lambda note: self._put(job.run_id, Place("loading", note=note)))
            if job.settings.mode == "offline":  # one with a key lives no longer than its run
                self._engines[job.settings] = engine
            return engine


INTERNAL = "internal:"
"""Begins the stored reason of a run that an error of ours stopped; the error's class follows."""


def _without_key(sentence: str, settings: Settings) -> str:
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    return sentence.replace(key, "…") if len(key) >= 4 else sentence
