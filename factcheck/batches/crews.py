"""Who does the work of a batch: this process, or the workers of a Dask cluster.

A crew takes groups of claims, and articles, and gives futures. Offline a group is one future: its claims are searched
for and read together. With a language model each claim is a future of its own, so that a claim is on record as soon as
it is paid for; only the search is done for the group.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from factcheck import pipeline
from factcheck.embed import PACKAGED, load_embedder
from factcheck.engine import Engine, Note, build_engine
from factcheck.read import read_file
from factcheck.retrieve import Retrieval, embed_queries, retrieve_many
from factcheck.settings import Settings
from factcheck.types import Claim, ClaimResult, Report
from factcheck.verify import JudgeOfMany

log = logging.getLogger("factcheck")

TOGETHER = 64
"""Claims that are searched for and read together offline. More save next to nothing and cost memory."""
SEARCHED_TOGETHER = 16
"""The same with a language model: the first of a group waits for the search for the last."""
ARTICLES_AT_ONCE = 4

PATIENCE = 600.0
"""Seconds that a call waits out HTTP 429: what nobody waits for may take its time."""


def batch_engine(settings: Settings, note: Note | None = None) -> Engine:
    """An engine for batches: patient with an endpoint, and with an encoder that keeps to one thread.

    Beside a verifier, or the threads that wait for an endpoint, a second thread of the encoder only makes the first one
    wait: on two busy cores 16 claims took 6 s with two and 0.35 s with one. `FACTCHECK_THREADS` sets another number.

    Raises:
        FactcheckError: as `build_engine`.
    """
    if not settings.llm_patience:
        settings = settings.model_copy(update={"llm_patience": PATIENCE})
    engine = build_engine(settings, note)
    if settings.threads is None and settings.embedding_model == PACKAGED:  # another one would be loaded a second time
        engine.corpus.embedder = load_embedder(settings.model_copy(update={"threads": 1}))
    return engine


class Task(NamedTuple):
    """A future with the places, in its group, of the claims that it gives the results of."""

    places: Sequence[int]
    future: Future[list[ClaimResult]]


class ArticleTask(NamedTuple):
    """What it takes to check an article."""

    path: Path
    as_of: date | None
    run_id: str


class Crew(Protocol):
    """Does the work."""

    own_threads: bool
    """Whether it finishes futures in threads that do nothing else, and so may be kept waiting."""

    @property
    def group(self) -> int:
        """Claims of a group."""

    @property
    def at_once(self) -> int:
        """Claims that may be begun and not finished."""

    @property
    def articles_at_once(self) -> int:
        """The same of articles."""

    def begin(self, claims: Sequence[Claim], wanted: Sequence[int]) -> list[Task]:
        """Begins with the wanted claims of a group.

        Args:
            claims: the whole group. A small change in a batch of the encoder or the verifier moves its last digits, so
                a group is always embedded and read as a whole, even where some of it is on record already.
            wanted: places in it.
        """

    def article(self, task: ArticleTask) -> Future[Report]:
        """Begins with an article."""

    def close(self) -> None:
        """Lets go of what was not begun and waits for the rest."""


class Processor:
    """The offline verifier in this process. While the model reads one group the next one is searched for."""

    own_threads = True

    def __init__(self, engine: Engine, run_id: str) -> None:
        self._engine, self._run_id = engine, run_id
        together = isinstance(engine.judge, JudgeOfMany) and engine.expander is None
        self.group = TOGETHER if together else 1
        self.at_once = 2 * self.group if together else 1
        self.articles_at_once = 1
        self._pool = ThreadPoolExecutor(2 if together else 1, "factcheck-batch")

    def begin(self, claims: Sequence[Claim], wanted: Sequence[int]) -> list[Task]:
        """See `Crew.begin`."""
        return [Task(wanted, self._pool.submit(group_results, claims, wanted, self._engine, self._run_id))]

    def article(self, task: ArticleTask) -> Future[Report]:
        """See `Crew.article`."""
        return self._pool.submit(article_report, task, self._engine)

    def close(self) -> None:
        """See `Crew.close`."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Endpoint:
    """A language model asked by this process, about as many claims at once as `llm_concurrency` says."""

    own_threads = True

    def __init__(self, engine: Engine, run_id: str) -> None:
        self._engine, self._run_id = engine, run_id
        width = engine.settings.llm_concurrency
        self.group = searched_together(engine)
        # Some threads more than calls: of the others one waits to ask again, one looks for numbers in an answer.
        threads = width + max(2, width // 4)
        self.at_once = threads + 2 * self.group
        self.articles_at_once = min(ARTICLES_AT_ONCE, width)
        self._asking = ThreadPoolExecutor(threads, "factcheck-asking")
        self._searching = ThreadPoolExecutor(1, "factcheck-searching")

    def begin(self, claims: Sequence[Claim], wanted: Sequence[int]) -> list[Task]:
        """See `Crew.begin`."""
        search = self._searching.submit(self._search, claims, wanted)
        return [
            Task([place], self._asking.submit(self._ask, claims[place], search, i)) for i, place in enumerate(wanted)
        ]

    def article(self, task: ArticleTask) -> Future[Report]:
        """See `Crew.article`."""
        return self._asking.submit(article_report, task, self._engine)

    def close(self) -> None:
        """See `Crew.close`."""
        self._asking.shutdown(wait=True, cancel_futures=True)
        self._searching.shutdown(wait=True, cancel_futures=True)

    def _search(self, claims: Sequence[Claim], wanted: Sequence[int]) -> list[Retrieval] | None:
        """What is found for the wanted claims; None where each has to be searched for by itself."""
        if self._engine.expander is not None:
            return None
        try:
            embed_queries(claims, self._engine.corpus)
            return retrieve_many([(claims[i], ()) for i in wanted], self._engine.corpus, self._engine.settings)
        except Exception:
            log.warning("%d claims could not be searched for together: each alone now", len(wanted), exc_info=True)
            return None

    def _ask(self, claim: Claim, search: Future[list[Retrieval] | None], place: int) -> list[ClaimResult]:
        found = search.result()
        if found is None:
            return [pipeline.check_claim(claim, self._engine, self._run_id)]
        return [pipeline.check_found(claim, found[place], self._engine, self._run_id)]


def searched_together(engine: Engine) -> int:
    """Claims of a group with a language model, the same for every crew: it decides with which others a query is
    embedded, and so its last digits."""
    return min(SEARCHED_TOGETHER, engine.settings.llm_concurrency)


def local_crew(engine: Engine, run_id: str) -> Crew:
    """The crew of this process."""
    return Processor(engine, run_id) if engine.settings.mode == "offline" else Endpoint(engine, run_id)


def group_results(claims: Sequence[Claim], wanted: Sequence[int], engine: Engine, run_id: str) -> list[ClaimResult]:
    """The results of the wanted claims of a group, all of which is embedded and read together."""
    if not isinstance(engine.judge, JudgeOfMany):
        return pipeline.check_claims([claims[i] for i in wanted], engine, run_id)
    results = pipeline.check_claims(claims, engine, run_id)
    return [results[i] for i in wanted]


def article_report(task: ArticleTask, engine: Engine) -> Report:
    """The report on an article; a check of it that was broken off goes on where it was.

    Raises:
        FactcheckError: the article cannot be read or checked.
    """
    before = engine.store.get(task.run_id) if engine.store else None
    if before is not None and before.report is not None:
        return before.report
    if before is not None and before.status in ("interrupted", "failed"):
        return pipeline.check(before.document, engine, run_id=task.run_id, resume=True)
    document = read_file(task.path, max_chars=engine.settings.max_article_chars)
    return pipeline.check(document, engine, as_of=task.as_of, run_id=None if before else task.run_id)
