"""What the routes share: the workshop, the store, the desk, how much may be asked at once, and the figures."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from factcheck.errors import FactcheckError
from factcheck.retrieve import search
from factcheck.review import Desk
from factcheck.service.limits import Gate
from factcheck.service.logs import run_mark, tell
from factcheck.service.metrics import Metrics
from factcheck.service.problems import Problem
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.types import ClaimResult
from factcheck.workshop import BuildEngine, Ended, Workshop, step_back

if TYPE_CHECKING:
    from factcheck.engine import Engine
    from factcheck.workshop import Note

_T = TypeVar("_T")

log = logging.getLogger("factcheck.service")

STREAMS = 256
"""Event streams at once."""
BEHIND = 10
"""Steps of niceness that checks, and the verifier's own threads, stand behind searches. On two cores with two checks
running it takes the median search from seconds to a tenth of one; checks have what searches leave."""
FIRST_QUERY = "kunjungan presiden ke ibu kota"
TRY_AGAIN = 10.0
"""Seconds until an engine that could not be built is tried again."""


@dataclass
class Gates:
    """How many calls of each kind run at once, and how many wait."""

    search: Gate = field(default_factory=lambda: Gate("searches", 4, 64))
    reading: Gate = field(default_factory=lambda: Gate("articles to be read", 4, 32, 5.0))
    small: Gate = field(default_factory=lambda: Gate("requests", 8, 256))
    rendering: Gate = field(default_factory=lambda: Gate("exports", 2, 32, 2.0))
    rechecks: Gate = field(default_factory=lambda: Gate("claims to be checked again", 1, 8, 10.0))


class Service:
    """One service of one process."""

    def __init__(
        self, settings: Settings, build: BuildEngine, store: RunStore, settled: Callable[[], None] = lambda: None
    ) -> None:
        """Starts its threads.

        Args:
            settings: of the environment; a request may choose among the ways to check that they allow.
            build: makes an engine of settings.
            store: where runs are kept.
            settled: called once the models are loaded.
        """
        self.settings, self.store = settings, store
        self._settled = settled
        self.metrics = Metrics()
        self.gates = Gates()
        self.workshop = Workshop(
            self._engine_like(build),
            store,
            threads=settings.service_threads,
            room=settings.service_room,
            nice=BEHIND,
            keep=lambda settings: True,
            observe=self._observe,
        )
        self.desk = Desk(store, two_people=settings.two_people)
        self.draining = False
        self.streams = 0
        self._state: Literal["loading", "ready", "unusable"] = "loading"
        self._tried = 0.0
        self._loading, self._ending = threading.Lock(), threading.Lock()
        self._bases: dict[str, Engine] = {}
        self._gauges()

    # the engine

    def load(self) -> None:
        """Builds the engine, which takes seconds; what goes wrong is logged, and tried again when it is asked for.

        To be called in a thread of its own, since the threads of the models stay as far behind as the one that loads.
        """
        step_back(BEHIND)
        with self._loading:
            if self._state == "ready" or (self._state == "unusable" and time.monotonic() - self._tried < TRY_AGAIN):
                return
            began = time.monotonic()
            try:
                engine = self.workshop.engine(self.settings, lambda sentence: tell(log, "note", sentence=sentence))
                search(FIRST_QUERY, engine.corpus, k=1)  # loads the encoder and the indexes, and tries them
            except FactcheckError as error:
                self._unusable(str(error))
            except Exception as error:
                log.error("the engine cannot be built", exc_info=True)
                self._unusable(type(error).__name__)
            else:
                self._settled()
                info = engine.corpus.info()
                tell(
                    log,
                    "ready",
                    mode=self.settings.mode,
                    documents=info.documents,
                    passages=info.passages,
                    seconds=round(time.monotonic() - began, 1),
                )
                self._state = "ready"

    def _unusable(self, why: str) -> None:
        self._state, self._tried = "unusable", time.monotonic()
        tell(log, "not ready", logging.ERROR, why=why)

    @property
    def state(self) -> Literal["loading", "ready", "unusable"]:
        """Whether there is an engine."""
        return self._state

    def engine(self) -> Engine:
        """The engine that searches and checks.

        Raises:
            Problem: there is none yet, or it cannot be built.
        """
        if self._state == "loading":
            raise Problem("starting", "The models are being loaded. Ask again in a few seconds.", retry_after=5)
        if self._state == "unusable":
            threading.Thread(target=self.load, name="load", daemon=True).start()
            raise Problem(
                "not-ready", "The corpus or a model of this service cannot be used; its log says why.",
                retry_after=TRY_AGAIN,
            )  # fmt: skip
        return self.workshop.engine(self.settings)

    def _engine_like(self, build: BuildEngine) -> BuildEngine:
        """Engines that differ only in the time rule share their models and their corpus."""

        def built(settings: Settings, note: Note | None = None) -> Engine:
            from factcheck.engine import corpus_place

            plain = settings.model_copy(update={"lift_time_rule": False})
            base = self._bases.get(settings.mode)
            if base is None or base.corpus.directory != corpus_place(plain):
                base = self._bases[settings.mode] = build(plain, note)
            return replace(base, settings=settings)

        return built

    # figures and log

    def _gauges(self) -> None:
        gauge = self.metrics.gauge
        gauge("factcheck_checks_waiting", "Checks that wait.", lambda: self.workshop.load().waiting)
        gauge("factcheck_checks_running", "Checks that are worked on.", lambda: self.workshop.load().running)
        gauge("factcheck_streams", "Event streams that are open.", lambda: self.streams)
        gauge("factcheck_ready", "Whether the models and the corpus are loaded.", lambda: self._state == "ready")
        gauge("factcheck_searches_inside", "Searches that run or wait.", lambda: self.gates.search.inside)

    def _observe(self, seen: ClaimResult | Ended) -> None:
        self.metrics.observe(seen)
        if isinstance(seen, Ended):
            level = logging.WARNING if seen.status == "failed" else logging.INFO
            seconds, why = round(seen.seconds, 2), seen.why or None
            tell(log, "check ended", level, run=run_mark(seen.run_id), status=seen.status, seconds=seconds, why=why)

    # the end

    def drain(self) -> None:
        """No new work from now on; what waits is handed back, and what was begun has its grace to finish.

        Called again, it waits for the first call to be done.
        """
        with self._ending:
            if self.draining:
                return
            self.draining = True
            load = self.workshop.load()
            tell(log, "draining", waiting=load.waiting, running=load.running, grace=self.settings.service_grace)
            handed_back = self.workshop.close(self.settings.service_grace)
            tell(log, "drained", handed_back=handed_back)

    async def small(self, call: Callable[[], _T]) -> _T:
        """What a short call returns, from a thread."""
        return await self.gates.small.run(call)
