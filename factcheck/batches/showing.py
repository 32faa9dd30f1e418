"""How far a batch is, on a terminal as a bar and elsewhere as a line now and then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from factcheck.batches.journal import Totals

if TYPE_CHECKING:
    from rich.console import Console

LINE_SECONDS = 10.0
"""How often a line is printed where there is no terminal."""


class Show(Protocol):
    """Told what has come of a run so far: `done` items of `total`, `before` of them in earlier sessions."""

    def __call__(self, totals: Totals, done: int, total: int | None, before: int) -> None: ...


def pace(totals: Totals, done: int, total: int | None, before: int, seconds: float) -> str:
    """Rate, time left, failures, tokens and cost in words."""
    rate = (done - before) / seconds if seconds > 0 else 0.0
    parts = [f"{rate:.1f}/s" if rate >= 1 or not rate else f"{60 * rate:.1f}/min"]
    if total is not None and rate and total > done:
        parts.append(f"{duration((total - done) / rate)} left")
    if totals.failed:
        parts.append(f"{totals.failed} not checked")
    spent = totals.usage
    if spent.prompt_tokens or spent.cached_tokens:
        parts.append(f"{spent.prompt_tokens + spent.completion_tokens:,} tokens")
    if spent.cost_usd is not None:
        parts.append(f"${spent.cost_usd:.4f}")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """`1:02:03`, `2:03` or `3 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def shown(console: Console | None) -> Iterator[Show]:
    """What shows the progress on a console, for as long as it is open."""
    if console is None:
        yield lambda totals, done, total, before: None
    elif console.is_terminal:
        with _bar(console) as show:
            yield show
    else:
        yield lines(console)


def lines(console: Console, every: float = LINE_SECONDS) -> Show:
    """What prints a line every so many seconds."""
    began = last = time.monotonic()

    def show(totals: Totals, done: int, total: int | None, before: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every:
            last = now
            of = f" of {total}" if total is not None else ""
            console.print(f"{done}{of}, {pace(totals, done, total, before, now - began)}", style="dim")

    return show


@contextmanager
def _bar(console: Console) -> Iterator[Show]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    began = time.monotonic()
    columns = (
        TextColumn("checking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(totals: Totals, done: int, total: int | None, before: int) -> None:
            words = pace(totals, done, total, before, time.monotonic() - began)
            bar.update(task, completed=done, total=total, description=words)

        yield show
