"""A batch from its beginning to its end: what is read, what is begun with, what is put down, when it stops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import date
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from factcheck import pipeline
from factcheck.batches import rows
from factcheck.batches.budget import Budget
from factcheck.batches.crews import ArticleTask, Crew
from factcheck.batches.journal import Journal, Row
from factcheck.batches.reading import BatchClaim
from factcheck.engine import Engine
from factcheck.errors import FactcheckError
from factcheck.redact import redacted, trace_of
from factcheck.types import Claim, ClaimResult, Report, content_id

log = logging.getLogger("factcheck")

WAITING = 10_000
"""Duplicates of claims that are being checked, at most: so many are waited for before more is read."""


class Begun(NamedTuple):
    """An item that somebody is at work on, and the claims like it that came after it."""

    item: BatchClaim
    key: str
    like: list[BatchClaim]


class Run:
    """The work on the items of an input, each of which ends as a row of the journal, or as the rows of an article.

    Args:
        items: what is to be done, in order, each with its key.
        journal: where the rows go; what it has is not done again.
        crew: does it.
        engine: makes the claims.
        root: the directory of the articles.
        as_of: the day to judge by; unset, each item's own.
        ran: what every row says of the run.
        run_id: under which articles are recorded, each with its own ending.
        budget: says when to stop.
        show: called after every step.
    """

    def __init__(
        self,
        items: Iterator[tuple[BatchClaim, str]],
        journal: Journal,
        crew: Crew,
        engine: Engine,
        root: Path,
        *,
        as_of: date | None,
        ran: Row,
        run_id: str,
        budget: Budget,
        show: Callable[[Run], None],
    ) -> None:
        self._items, self._journal, self._crew, self._engine, self._root = items, journal, crew, engine, root
        self._as_of, self._ran, self._run_id, self._budget, self._show = as_of, ran, run_id, budget, show
        self._begun: dict[str, Begun] = {}
        self._at_work: dict[Future[Any], Sequence[Begun]] = {}
        self._finished: SimpleQueue[tuple[Future[Any], threading.Event]] = SimpleQueue()
        self._thread, self._over = threading.current_thread(), False
        self._waiting = 0
        self.done = 0
        self.carried = 0
        """Items that are on record, and those of them that were before."""
        self.stopped: str | None = None
        """Why no more was begun with: `budget` or `interrupted`; None where all was."""

    def go(self) -> None:
        """Does all there is, or stops before it.

        What was begun is brought to its end in any case, since it may be paid for already; only a second interrupt
        leaves at once.

        Raises:
            KeyboardInterrupt: it was interrupted.
        """
        try:
            while True:
                try:
                    while self.stopped is None and self._begin_more():
                        pass
                    if not self._at_work:
                        break
                    future, on_record = self._finished.get()
                    try:
                        self._put_down(future)
                    finally:
                        on_record.set()
                except KeyboardInterrupt:
                    if self.stopped == "interrupted":
                        raise
                    self.stopped = "interrupted"
                self._show(self)
        finally:
            self._over = True
            while not self._finished.empty():  # those that wait for what is not put down any more
                self._finished.get()[1].set()
        if self.stopped == "interrupted":
            raise KeyboardInterrupt

    def _begin_more(self) -> bool:
        """Begins with a group, if there is room for all of it: so the groups are always the same ones."""
        at_work = sum(map(len, self._at_work.values()))
        paid_for = self._budget.room(at_work)
        if paid_for == 0 and not at_work:
            self.stopped = "budget"
        if paid_for == 0 or self._waiting >= WAITING or at_work + self._crew.group > max(self._crew.at_once, 1):
            return False
        group = list(islice(self._items, min(self._crew.group, paid_for)))
        new = [one for one in group if not self._journal.has(one[0].line)]
        self.done += len(group) - len(new)
        self.carried += len(group) - len(new)
        if new and new[0][0].article is not None:
            for item, key in new:
                self._begin_article(item, key)
        elif new:
            self._begin(group)
        return bool(group)

    def _begin(self, group: Sequence[tuple[BatchClaim, str]]) -> None:
        claims: list[Claim] = []
        wanted: list[int] = []
        begun: list[Begun] = []
        for item, key in group:
            there = self._journal.has(item.line)
            if item.problem is not None:
                if not there:
                    self._record([(item.line, rows.of_failure(item, key, item.problem, self._ran))])
                continue
            if self._repeated(item, key, there):
                continue
            claim = self._claim(item, key)
            if claim is None:
                continue
            if not there:
                self._begun[key] = Begun(item, key, [])
                wanted.append(len(claims))
                begun.append(self._begun[key])
            claims.append(claim)
        for task in self._crew.begin(claims, wanted) if wanted else ():
            self._watch(task.future, [begun[wanted.index(place)] for place in task.places])

    def _repeated(self, item: BatchClaim, key: str, there: bool) -> bool:
        """Whether another claim has or will have this one's result, which then is this one's too."""
        first = self._journal.first(key)
        if first is not None and first[0] != item.line:
            if not there:
                self._record([(item.line, rows.of_duplicate(item, first[1], self._ran))])
            return True
        if key in self._begun:
            self._begun[key].like.append(item)
            self._waiting += 1
            return True
        return False

    def _claim(self, item: BatchClaim, key: str) -> Claim | None:
        try:
            return pipeline.claim_of_text(
                item.text, self._engine, as_of=self._as_of or item.as_of, speaker=item.speaker, language=item.language
            )
        except Exception as error:  # a fault of ours in one line must not end the others
            log.exception("line %d failed", item.line)
            if not self._journal.has(item.line):
                self._record([(item.line, rows.of_failure(item, key, fault(error), self._ran))])
            return None

    def _begin_article(self, item: BatchClaim, key: str) -> None:
        assert item.article is not None
        task = ArticleTask(self._root / item.article, self._as_of, f"{self._run_id}-{content_id('a', item.article)}")
        self._watch(self._crew.article(task), [Begun(item, key, [])])

    def _watch(self, future: Future[Any], begun: Sequence[Begun]) -> None:
        self._at_work[future] = begun
        future.add_done_callback(self._hand_over)

    def _hand_over(self, future: Future[Any]) -> None:
        """Keeps the thread that finished something from its next until this is on record.

        So a process that is killed loses what its threads are at and no more, however slow the record is.
        """
        on_record = threading.Event()
        self._finished.put((future, on_record))
        if self._crew.own_threads and threading.current_thread() is not self._thread and not self._over:
            on_record.wait()

    def _put_down(self, future: Future[Any]) -> None:
        """Puts what a future gave on record."""
        begun = self._at_work.pop(future)
        try:
            outcome: Report | Sequence[ClaimResult] | str = future.result()
        except FactcheckError as error:
            outcome = redacted(str(error), self._engine.settings)
        except Exception as error:  # a fault of ours in one article must not end the others
            log.error(
                "%s failed",
                begun[0].item.article or f"line {begun[0].item.line}",
                exc_info=trace_of(error, self._engine.settings),
            )
            outcome = fault(error)
        made: list[tuple[int, Row]] = []
        for i, (item, key, _) in enumerate(begun):
            if isinstance(outcome, str):
                made.append((item.line, rows.of_failure(item, key, outcome, self._ran)))
            elif isinstance(outcome, Report):
                made += [(item.line, row) for row in rows.of_article(item, key, outcome, self._ran)]
            else:
                made.append((item.line, rows.of_result(item, key, outcome[i], self._ran)))
        first = {row["key"]: row for _, row in made}
        for one in begun:
            made += [(item.line, rows.of_duplicate(item, first[one.key], self._ran)) for item in one.like]
            self._waiting -= len(one.like)
            self._begun.pop(one.key, None)
        self._record(made, items=sum(1 + len(one.like) for one in begun))

    def _record(self, made: list[tuple[int, Row]], items: int = 1) -> None:
        before = self._journal.totals.usage.cost_usd or 0.0
        self._journal.add(made)
        self._budget.spend((self._journal.totals.usage.cost_usd or 0.0) - before)
        self.done += items


def fault(error: Exception) -> str:
    """What a row says of a fault of ours: nothing that could hold what nobody should read."""
    return f"An internal error ({type(error).__name__}) stopped the check of this one."
