"""Checks in the background, for the app and for the service.

A page that reloads, a tab that closes and a client that goes away neither end nor mix them: the work happens in threads
of a `Workshop`, one per process. What is finished lies in the run store, claim by claim; the workshop adds only where
each of its own runs is, and whoever watches a run is told when that changes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from factcheck.errors import Busy, FactcheckError
from factcheck.redact import redacted
from factcheck.settings import Settings
from factcheck.store import Extracted, RunStatus, RunStore, new_run_id
from factcheck.store.following import hand_back
from factcheck.types import Claim, Document
from factcheck.workshop.engines import BuildEngine, Engines, Note, without_a_key
from factcheck.workshop.priority import step_back
from factcheck.workshop.values import INTERNAL, Ended, Load, Observer, Place, RunView, Step
from factcheck.workshop.watching import Watchers

if TYPE_CHECKING:
    from factcheck.engine import Engine
    from factcheck.pipeline import Progress

log = logging.getLogger("factcheck.workshop")

FIRST_GUESS = 30.0
"""Seconds that a check is thought to take until one was finished."""


class _Job(NamedTuple):
    run_id: str
    document: Document
    settings: Settings
    as_of: date | None
    resume: bool = False


class _HandedBack(BaseException):
    """Ends a check between two claims; no `except Exception` on the way takes it for a fault."""


class Workshop:
    """The threads that check, the engines they use, and the place of every run in progress.

    One object serves all browser sessions or clients. A run is reached by its id alone, and the id cannot be guessed.
    """

    def __init__(
        self,
        build: BuildEngine,
        store: RunStore,
        *,
        threads: int = 2,
        room: int | None = None,
        nice: int = 0,
        keep: Callable[[Settings], bool] = without_a_key,
        observe: Observer = lambda seen: None,
    ) -> None:
        """Starts the threads.

        Args:
            build: makes an engine of settings; called in one thread at a time.
            store: where runs are kept.
            threads: checks that run side by side; further ones wait.
            room: how many may wait; None lets any number.
            nice: how far the checks stand behind the process's other threads for the processor, in steps of niceness.
            keep: whether the engine of such settings stays for the next run; unless given, one that needs no language
                model does, since a key that a visitor typed lives no longer than its run.
            observe: told of every finished claim and every ended run, in the thread that worked on it.
        """
        self.store = store
        self.engines, self.watchers = Engines(build, keep), Watchers()
        self._observe = observe
        self._room, self._threads, self._nice = room, threads, nice
        self._jobs: deque[_Job] = deque()
        self._coming = 0
        self._running: set[str] = set()
        self._places: dict[str, Place] = {}
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._pace = FIRST_GUESS
        self._closing = self._handing_back = False
        for number in range(threads):
            # Daemons: a server that is killed does not wait for a check; the store has what was finished.
            threading.Thread(target=self._work, name=f"check-{number}", daemon=True).start()

    # what is to be done

    def submit(
        self,
        document: Document,
        settings: Settings,
        as_of: date | None = None,
        *,
        claims: Sequence[Claim] = (),
        extracted: Extracted | None = None,
    ) -> str:
        """Queues a check and returns the id of its run.

        Args:
            document: the article; each of `claims` is at its place in it.
            settings: what it is checked with.
            as_of: the day as of which it is judged; None is the article's own.
            claims: the claims to check; none has them found in the article.
            extracted: what is known of the article beside given claims.

        Raises:
            Busy: no room to wait, or the workshop is closing; nothing was recorded.
        """
        run_id = new_run_id()
        with self._place_taken():
            self.store.start(run_id, document, as_of, settings.mode)
            if claims:
                self.store.save_claims(run_id, claims, extracted)
        self._take_in(_Job(run_id, document, settings, as_of, resume=bool(claims)))
        return run_id

    def resume(self, run_id: str, settings: Settings) -> None:
        """Queues what is left of a run that stopped before its end; what is finished of it is not done again.

        Raises:
            InputError: there is no such run, it is finished, or somebody is at work on it.
            Busy: no room to wait, or the workshop is closing.
        """
        with self._place_taken():
            run = self.store.resume(run_id)
        self._take_in(_Job(run_id, run.document, settings, run.as_of, resume=True))

    @contextmanager
    def _place_taken(self) -> Iterator[None]:
        """Keeps a place in the queue while a run is recorded, which nobody else should have to wait for."""
        with self._lock:
            waiting = len(self._jobs) + self._coming
            if self._closing:
                raise Busy("The service is shutting down and takes no new checks. Send it again in a moment.", 5.0)
            if self._room is not None and waiting >= self._room:
                raise Busy(
                    f"{waiting} checks are waiting and there is no room for more. Nothing was taken in: send it again"
                    " later.",
                    self._wait(),
                )
            self._coming += 1
        try:
            yield
        except BaseException:
            with self._lock:
                self._coming -= 1
            raise

    def _take_in(self, job: _Job) -> None:
        with self._changed:
            self._coming -= 1
            if not self._closing:
                self._jobs.append(job)
                self._places[job.run_id] = Place()
                self._changed.notify()
                return
        hand_back(self.store, job.run_id)  # it was recorded while the workshop closed

    def _wait(self) -> float:
        """Seconds until a place in the queue may be free, guessed from how long checks took lately."""
        return max(1.0, self._pace / self._threads)

    # where it is

    def view(self, run_id: str) -> RunView | None:
        """The run as it is now, or None if there is none of that id."""
        place = self.place(run_id)
        run = self.store.get(run_id)
        if run is None:
            return None
        if run.status == "running" and place is None and run.created < self._started:
            # The store asks whether the process lives; in a container every server has the same process id.
            run = run.model_copy(update={"status": "interrupted"})
        # The store says "done" a moment before the thread puts its place away; what is stored is the truth.
        return RunView(run, place if run.status == "running" else None)

    def place(self, run_id: str) -> Place | None:
        """Where a run is while this process has it, else None."""
        with self._lock:
            return self._places.get(run_id)

    def ahead(self, run_id: str) -> int | None:
        """How many checks wait before a run; None where it does not wait."""
        with self._lock:
            return next((i for i, job in enumerate(self._jobs) if job.run_id == run_id), None)

    def load(self) -> Load:
        """How many checks wait, and how many are worked on."""
        with self._lock:
            return Load(len(self._jobs), len(self._running))

    def watch(self, run_id: str, tell: Callable[[], None]) -> Callable[[], None]:
        """Has `tell` called whenever something changed about a run, in the thread that changed it.

        Returns:
            What ends it.
        """
        return self.watchers.watch(run_id, tell)

    def engine(self, settings: Settings, note: Note | None = None) -> Engine:
        """The engine of those settings, built if there is none that was kept.

        Raises:
            FactcheckError: it cannot be built.
        """
        return self.engines.get(settings, note)

    # the end of it

    def close(self, grace: float = 0.0, patience: float = 5.0) -> int:
        """Ends the work in an orderly way: no new checks, those that wait are handed back, those begun may finish.

        What is handed back is `interrupted` in the store, with every claim that was finished, and can be resumed.

        Args:
            grace: seconds for the checks that were begun to come to their end.
            patience: seconds after that for each to come to the end of the claim that it is at.

        Returns:
            How many runs were handed back.
        """
        with self._changed:
            self._closing = True
            waiting, begun = [job.run_id for job in self._jobs], set(self._running)
            self._jobs.clear()
            self._changed.notify_all()
        for run_id in waiting:
            self._hand_back(run_id)
        with self._changed:
            self._changed.wait_for(lambda: not self._running, grace)
            self._handing_back = True
            self._changed.wait_for(lambda: not self._running, patience)
            late = list(self._running)
        for run_id in late:
            self._hand_back(run_id)
        stopped = (self.store.get(run_id) for run_id in begun)
        return len(waiting) + sum(run is not None and run.status == "interrupted" for run in stopped)

    def _hand_back(self, run_id: str) -> None:
        hand_back(self.store, run_id)
        self._put(run_id, None)

    # the threads

    def _put(self, run_id: str, place: Place | None) -> None:
        with self._lock:
            if place is None:
                self._places.pop(run_id, None)
            else:
                self._places[run_id] = place
        self.watchers.tell(run_id)

    def _work(self) -> None:
        step_back(self._nice)
        while (job := self._next()) is not None:
            began = time.monotonic()
            status, why = self._outcome(job)
            self._put(job.run_id, None)
            self._over(Ended(job.run_id, status, time.monotonic() - began, why))

    def _outcome(self, job: _Job) -> tuple[RunStatus, str]:
        """How a check came out, and the class of the error that it failed of. Never raises: the thread goes on."""
        try:
            self._check(job)
        except _HandedBack:  # the record says so already
            return "interrupted", ""
        except FactcheckError as error:
            reason, why = redacted(str(error), job.settings), type(error).__name__
        except Exception as error:
            # The traceback is left out of the log where a key was in play: a library may quote it.
            log.error("run stopped: %s", type(error).__name__, exc_info=job.settings.llm_api_key is None)
            reason, why = f"{INTERNAL}{type(error).__name__}", type(error).__name__
        else:
            return "done", ""
        self._recorded(lambda: self.store.fail(job.run_id, reason))
        return "failed", why

    def _recorded(self, write: Callable[[], None]) -> None:
        try:
            write()
        except Exception as error:  # a full disk, say: the run will show as interrupted once this process is gone
            log.error("the end of a run was not recorded: %s", type(error).__name__)

    def _next(self) -> _Job | None:
        """The job that waited longest, when there is one; None when the workshop closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closing)
            if self._closing:
                return None
            job = self._jobs.popleft()
            self._running.add(job.run_id)
            return job

    def _over(self, ended: Ended) -> None:
        self._observe(ended)
        with self._changed:
            if ended.status == "done":
                self._pace += 0.3 * (ended.seconds - self._pace)
            self._running.discard(ended.run_id)
            self._changed.notify_all()

    def _check(self, job: _Job) -> None:
        from factcheck.pipeline import check

        self._put(job.run_id, Place("loading"))
        engine = self.engine(job.settings, lambda note: self._put(job.run_id, Place("loading", note=note)))

        def follow(progress: Progress) -> None:
            if progress.result is not None:
                self._observe(progress.result)
            finishing = progress.stage == "checking" and 0 < progress.total == progress.done
            step: Step = "finishing" if finishing or progress.stage == "done" else progress.stage
            self._put(job.run_id, Place(step, progress.done, progress.total))
            if self._handing_back and step not in ("finishing", "extracting"):
                raise _HandedBack

        check(
            job.document,
            replace(engine, store=self.store),
            as_of=job.as_of,
            run_id=job.run_id,
            on_progress=follow,
            resume=job.resume,
        )
