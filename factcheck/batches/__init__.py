"""Many claims or articles in, a JSON row per claim out. A claim that failed is a row too, with its reason.

`batch` reads top-down: what is given is looked at, rows of an earlier session are taken over, a crew is put together,
the run goes, and the rows become the output. docs/batch.md is for users.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factcheck.batches.budget import Budget, check_budget
from factcheck.batches.crews import Crew, batch_engine, local_crew
from factcheck.batches.estimate import Estimate, estimate
from factcheck.batches.journal import Journal, Row, carried_over, rows_of
from factcheck.batches.manifest import Manifest, begun, compared, ended, manifest_path, read_manifest, write_manifest
from factcheck.batches.reading import (
    ARTICLE_SUFFIXES,
    BatchClaim,
    Shard,
    check_source,
    read_claims,
    read_items,
)
from factcheck.batches.rows import places_of
from factcheck.batches.running import Run
from factcheck.batches.showing import shown
from factcheck.engine import Engine
from factcheck.errors import InputError
from factcheck.settings import Settings
from factcheck.store import new_run_id

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "ARTICLE_SUFFIXES", "BatchClaim", "Estimate", "Plan", "Shard", "Tally", "batch", "batch_engine", "estimated",
    "manifest_path", "read_claims",
]  # fmt: skip


class Plan(NamedTuple):
    """How a batch is run; the options of `factcheck batch`."""

    resume: bool = False
    """Go on with the rows that are there."""
    retry_failed: bool = False
    """The same, and check those again that could not be checked."""
    limit: int | None = None
    """Items of the input that are looked at: claims, or articles of a directory."""
    budget: float | None = None
    """Dollars, of all sessions together."""
    ordered: bool = True
    """The rows in the order of the input; else in that in which they were finished."""
    shard: Shard | None = None
    """The part of the input that is this run's."""
    engine: Literal["local", "dask"] = "local"
    address: str | None = None
    """Of the scheduler of a Dask cluster."""


class Tally(NamedTuple):
    """What a batch came to, in rows that are in the output."""

    rows: int
    checked: int
    not_checked: int
    stopped: str | None = None
    """Why not all was done: `budget`."""

    def sentence(self, output: Path) -> str:
        """One line for the user."""
        stopped = " The budget is spent; --resume with a larger one goes on." if self.stopped == "budget" else ""
        counted = f"{self.rows} rows written to {output}: {self.checked} checked, {self.not_checked} not checked."
        return counted + stopped


def batch(
    source: Path,
    output: Path,
    settings: Settings,
    *,
    as_of: date | None = None,
    engine: Engine | None = None,
    console: Console | None = None,
    plan: Plan | None = None,
    crew: Callable[[Engine, str], Crew] | None = None,
) -> Tally:
    """Checks a JSONL or CSV file of claims, or every article of a directory, and writes a JSON row per claim.

    A claim's line is `{"text": ...}` (or `"claim"`) with, optionally, `id`, `as_of` (or `claim_date`), `speaker`
    and `language` (or `lang`); a table has columns of these names. Claims that are alike are checked once. The output
    appears whole at the end under its name, with `NAME.run.json` beside it; until then it grows as `NAME.part`, which
    stays there if the run is stopped and is what `plan.resume` goes on with.

    Args:
        source: the file or directory.
        output: where the rows go; a file of that name is replaced.
        settings: for the engine, where none is given.
        as_of: the day to judge by; unset, each claim's or article's own, else today.
        engine: what to check with; unset, one is built and closed at the end.
        console: shown how far it is.
        plan: how it is run.
        crew: makes those who do the work, of the engine and the run's id; unset, as the plan says.

    Raises:
        InputError: there is no such file or directory, it holds nothing to check, the output cannot be written, or
            what is there already cannot be gone on with.
    """
    plan = plan or Plan()
    check_source(source)
    _check_output(source, output)
    part, crew = output.with_name(output.name + ".part"), crew or _crew_of(plan)
    try:
        with ExitStack() as stack:
            stack.enter_context(_locked(output))
            there = _rows_before(output, part, plan)
            ready = stack.enter_context(_opened(engine, settings, console))
            check_budget(plan.budget, ready.settings)
            manifest = _manifest(ready, source, output, as_of, plan, read_manifest(there) if there else None)
            if there is not None:
                carried_over(there, part, _failed if plan.retry_failed else None)
            ready = replace(ready, today=lambda: date.fromisoformat(manifest["today"]))
            names = [item.id for item in read_items(source)] if source.is_dir() else []
            journal = stack.enter_context(_journal(part, places_of(source.is_dir(), names)))
            return _ran(source, output, ready, journal, manifest, as_of, plan, console, crew)
    except OSError as error:
        raise InputError(f"The rows could not be written to {output}: {error.strerror or error}.") from error


def _ran(
    source: Path,
    output: Path,
    engine: Engine,
    journal: Journal,
    manifest: Manifest,
    as_of: date | None,
    plan: Plan,
    console: Console | None,
    crew: Callable[[Engine, str], Crew],
) -> Tally:
    """The work itself, and what is written when it ends, however it ends."""
    began, totals, before = perf_counter(), journal.totals, journal.totals.rows
    write_manifest(manifest, journal.path)
    total = sum(1 for _ in items_of(source, as_of, plan)) if console else None
    ran = {"run_id": manifest["run_id"], "mode": engine.settings.mode, "corpus_snapshot": engine.corpus.snapshot}
    run_id = manifest["run_id"] + (f"-r{manifest['retries']}" if manifest["retries"] else "")
    run: Run | None = None
    try:
        with shown(console) as show, closing(crew(engine, manifest["run_id"])) as workers:
            run = Run(
                items_of(source, as_of, plan),
                journal,
                workers,
                engine,
                source,
                as_of=as_of,
                ran=ran,
                run_id=run_id,
                budget=Budget(plan.budget, totals.usage.cost_usd or 0.0, totals.paid),
                show=lambda run: show(totals, run.done, total, run.carried),
            )
            run.go()
    finally:
        why = run.stopped if run and sys.exc_info()[0] is None else "interrupted"
        manifest = ended(manifest, totals, perf_counter() - began, totals.rows - before, why)
        write_manifest(manifest, journal.path)
    if not totals.rows:
        raise InputError(f"{source} holds no claim." if not plan.shard else f"{source} holds no claim of this shard.")
    journal.deliver(output, plan.ordered)
    write_manifest(manifest, output)
    return Tally(totals.rows, totals.checked, totals.failed, why)


def _check_output(source: Path, output: Path) -> None:
    if output.exists() and output.samefile(source):
        raise InputError(f"The rows would replace the claims in {source}. Name another file.")
    if output.exists() and not output.is_file():
        raise InputError(f"{output} is no file. Name the file that the rows are to be written to.")
    if not output.parent.is_dir():
        raise InputError(f"The rows could not be written to {output}: there is no directory {output.parent}.")


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """One process at a time writes to an output. The lock goes with the process that holds it."""
    from filelock import FileLock, Timeout

    path = output.with_name(output.name + ".lock")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(
            f"Another process is writing to {output}. Wait for it to end, or name another file."
        ) from error
    try:
        yield
    finally:
        lock.release()
        path.unlink(missing_ok=True)


def _rows_before(output: Path, part: Path, plan: Plan) -> Path | None:
    """The rows of earlier sessions, where the plan goes on with them and there are any."""
    there = next((path for path in (part, output) if path.is_file() and path.stat().st_size), None)
    if plan.resume or plan.retry_failed:
        if there is None and plan.retry_failed:
            raise InputError(f"There are no rows in {output} of which any could be tried again.")
        return there
    if there == part:
        raise InputError(
            f"{part} holds the rows of a run that was stopped. Go on with it by --resume, or delete it to begin anew."
        )
    return None


def _failed(row: Row) -> bool:
    return bool(row["status"] == "not_checked")


def _manifest(
    engine: Engine, source: Path, output: Path, as_of: date | None, plan: Plan, before: Manifest | None
) -> Manifest:
    """The manifest of a new run, or that of the one which is gone on with."""
    now = begun(engine, source, new_run_id(), as_of, engine.today(), plan.shard)
    if before is None:
        return now
    compared(before, now, output)
    kept: Manifest = {name: before[name] for name in ("run_id", "started", "sessions", "today") if name in before}
    return now | kept | {"retries": before.get("retries", 0) + plan.retry_failed}


@contextmanager
def _journal(part: Path, place_of: Callable[[Mapping[str, Any]], int | None]) -> Iterator[Journal]:
    """The journal; when it is closed without a row, nothing of it stays."""
    journal = Journal(part, place_of)
    try:
        yield journal
    finally:
        journal.close()
        if not journal.totals.rows:
            part.unlink(missing_ok=True)
        if not part.exists():
            manifest_path(part).unlink(missing_ok=True)


@contextmanager
def _opened(engine: Engine | None, settings: Settings, console: Console | None) -> Iterator[Engine]:
    if engine is not None:
        yield engine
        return
    built = batch_engine(settings, note=(lambda s: console.print(s, style="dim")) if console else None)
    try:
        yield built
    finally:
        built.corpus.close()


def _crew_of(plan: Plan) -> Callable[[Engine, str], Crew]:
    if plan.engine == "local":
        return local_crew
    if plan.address is None:
        raise InputError("--engine dask needs the address of the cluster's scheduler: --address tcp://HOST:8786.")
    from factcheck.batches.cluster import dask_crew

    address = plan.address
    return lambda engine, run_id: dask_crew(engine, run_id, address)


def estimated(
    source: Path,
    output: Path,
    settings: Settings,
    *,
    as_of: date | None = None,
    engine: Engine | None = None,
    console: Console | None = None,
    plan: Plan | None = None,
) -> Estimate:
    """What `batch` would do and cost, given the same; nothing is judged and nothing written.

    Raises:
        InputError: as `batch`.
    """
    plan = plan or Plan()
    check_source(source)
    names = [item.id for item in read_items(source)] if source.is_dir() else []
    with _opened(engine, settings, console) as ready:
        done = _done(output, places_of(source.is_dir(), names), plan)
        return estimate(items_of(source, as_of, plan), ready, source, as_of, done)


def _done(output: Path, place_of: Callable[[Mapping[str, Any]], int | None], plan: Plan) -> frozenset[int]:
    """The places that are on record already, where the plan goes on with them."""
    there = [p for p in (output.with_name(output.name + ".part"), output) if p.is_file()]
    if not there or not (plan.resume or plan.retry_failed):
        return frozenset()
    kept = (row for row in rows_of(there[0]) if not (plan.retry_failed and _failed(row)))
    return frozenset(place for place in map(place_of, kept) if place is not None)


def items_of(source: Path, as_of: date | None, plan: Plan) -> Iterator[tuple[BatchClaim, str]]:
    """The items of an input that are this run's, each with its key."""
    keyed = ((item, item.key(as_of)) for item in read_items(source))
    ours = ((item, key) for item, key in keyed if plan.shard is None or plan.shard.holds(key))
    return islice(ours, plan.limit)
