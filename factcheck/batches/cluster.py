"""A batch on a Dask cluster: tasks go to its workers, rows come back here and are put down here alone.

A worker opens the corpus and the models once, at its first task, by its own settings: keys, home and the number of
threads are those of its own environment, and what verdicts depend on is this process's. It must see the same content of
the corpus, or the task is refused. A worker that dies has its tasks done by another; nothing is put down twice, since
only this process writes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from factcheck.batches.crews import (
    TOGETHER,
    ArticleTask,
    Crew,
    Task,
    article_report,
    batch_engine,
    group_results,
    searched_together,
)
from factcheck.batches.manifest import MATTERS
from factcheck.embed import Vectors
from factcheck.engine import Engine
from factcheck.errors import CorpusMismatch, InputError
from factcheck.retrieve import embed_queries
from factcheck.settings import Settings
from factcheck.types import Claim, ClaimResult, Report

AHEAD = 2
"""Tasks for each thread of the cluster: one is worked on, one waits."""

Build = Callable[[Settings], Engine]
Embedded = Sequence[tuple[tuple[str, str | None], Vectors]]
"""Queries by text and language, with their vectors."""

log = logging.getLogger("factcheck")

_building = threading.Lock()


def dask_crew(engine: Engine, run_id: str, address: str, build: Build | None = None) -> Crew:
    """The workers of the cluster at an address.

    Args:
        engine: what the batch is done with here, whose settings the workers take over.
        run_id: the run.
        address: of the scheduler.
        build: makes the engine of a worker, there; unset, `batch_engine`. It must be importable on the workers.

    Raises:
        InputError: dask is not installed, nobody is there, there is no worker, or one has another corpus.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("--engine dask needs Dask: pip install 'factcheck[cluster]'.") from error
    connect: Any = Client
    try:
        client = connect(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"There is no Dask scheduler at {address} ({error}).") from error
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(f"The Dask cluster at {address} has no worker: start one with `dask worker {address}`.")
        crew = Cluster(client, client.get_executor(pure=False), threads, engine, run_id, build or batch_engine)
        client.run(crew.ready)
    except BaseException:
        client.close()
        raise
    return crew


class Cluster:
    """See `crews.Crew`. A task is a group of claims offline, and one claim with a language model."""

    own_threads = False

    def __init__(
        self, client: Any, executor: Executor, threads: int, engine: Engine, run_id: str, build: Build
    ) -> None:
        self._client, self._executor, self._run_id = client, executor, run_id
        expected = (engine.corpus.snapshot, tuple(sorted(engine.judge.models.items())), engine.today())
        self._there = There(build, shared_settings(engine.settings), expected)
        self.ready = partial(_is_ready, self._there)
        """Run on a worker it builds its engine; it raises what `worker_engine` does."""
        self._engine, self._whole = engine, engine.settings.mode == "offline"
        self.group = TOGETHER if self._whole else searched_together(engine)
        self.at_once = AHEAD * threads * self.group if self._whole else AHEAD * threads + self.group
        self.articles_at_once = AHEAD * threads

    def begin(self, claims: Sequence[Claim], wanted: Sequence[int]) -> list[Task]:
        """See `Crew.begin`."""
        if self._whole:
            future = self._executor.submit(work, tuple(claims), tuple(wanted), self._there, self._run_id)
            return [Task(wanted, future)]
        self._embedded(claims)  # all together; what is asked for below is remembered
        own = [tuple(self._embedded([claims[i]]).items()) for i in wanted]
        return [
            Task([i], self._executor.submit(work_one, claims[i], queries, self._there, self._run_id))
            for i, queries in zip(wanted, own, strict=True)
        ]

    def _embedded(self, claims: Sequence[Claim]) -> dict[tuple[str, str | None], Vectors]:
        """The queries of a group, embedded here and together as without a cluster, so that workers find the same."""
        if self._engine.expander is not None:
            return {}
        try:
            return embed_queries(claims, self._engine.corpus)
        except Exception:
            log.warning("%d claims could not be embedded together: each on its worker", len(claims), exc_info=True)
            return {}

    def article(self, task: ArticleTask) -> Future[Report]:
        """See `Crew.article`."""
        return self._executor.submit(work_article, task, self._there)

    def close(self) -> None:
        """See `Crew.close`."""
        self._executor.shutdown(wait=False)
        self._client.close()


def shared_settings(settings: Settings) -> tuple[tuple[str, Any], ...]:
    """What a worker is told of the settings: what verdicts depend on, and where the model and the corpus are. No key
    travels."""
    names = (*MATTERS, "llm_base_url", "llm_api_version", "llm_timeout", "llm_retries", "llm_cache", "chroma_url")
    given = {name: getattr(settings, name) for name in names if hasattr(settings, name)}
    return tuple(sorted({**given, "corpus": settings.corpus or settings.home / "corpus"}.items()))


class There(NamedTuple):
    """What a worker is told: how it builds its engine, of what settings, and what it must find when it has."""

    build: Build
    settings: tuple[tuple[str, Any], ...]
    expected: tuple[str, tuple[tuple[str, str], ...], date]
    """The corpus's snapshot, the judge's models, and the day that is today."""


def work(claims: Sequence[Claim], wanted: Sequence[int], there: There, run_id: str) -> list[ClaimResult]:
    """On a worker: the results of the wanted claims of a group."""
    return group_results(claims, wanted, worker_engine(there), run_id)


def work_one(claim: Claim, queries: Embedded, there: There, run_id: str) -> list[ClaimResult]:
    """On a worker: the result of a claim whose queries are embedded already."""
    engine = worker_engine(there)
    engine.corpus.take_queries(dict(queries))
    return group_results([claim], [0], engine, run_id)


def work_article(task: ArticleTask, there: There) -> Report:
    """On a worker: the report on an article, whose path must be the same there."""
    return article_report(task, worker_engine(there))


def _is_ready(there: There) -> None:
    worker_engine(there)


def worker_engine(there: There) -> Engine:
    """On a worker: its engine, built at the first task and kept.

    Raises:
        CorpusMismatch: the corpus or the models here are other ones than where the batch was begun.
    """
    with _building:
        engine = _engine(there.build, there.settings)
    snapshot, models, today = there.expected
    _same("corpus has the content", snapshot, engine.corpus.snapshot)
    _same("judge is", dict(models), dict(engine.judge.models))
    return replace(engine, today=lambda: today)


@lru_cache(maxsize=2)
def _engine(build: Build, given: tuple[tuple[str, Any], ...]) -> Engine:
    told: Mapping[str, Any] = dict(given)
    here = Settings.load()
    corpus = here.corpus or told["corpus"]
    return build(Settings(**{**told, "corpus": corpus if corpus.exists() else None}))


def _same(what: str, wanted: Any, found: Any) -> None:
    if wanted != found:
        raise CorpusMismatch(
            f"On this worker the {what} {found!r}; where the batch was begun it is {wanted!r}. Bring the worker's"
            " corpus and installation up to date (docs/scale.md)."
        )
