from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import fakes
import pytest
from fakes_review import Clock, fill

from factcheck.engine import Engine
from factcheck.index import Corpus
from factcheck.pipeline import Progress, check
from factcheck.review import Desk
from factcheck.service.limits import Allowance
from factcheck.store import RunStore
from factcheck.types import Document
from faults.harness import NOTES

UNDATED = Document.from_text("Putin landed in Pyongyang. Kim met Putin at the airport.", language="en")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    notes = [note.model_copy(update={"published": "2024-06-19"}) for note in NOTES]
    made = fakes.make_corpus(tmp_path_factory.mktemp("notes") / "notes", *notes)
    yield made
    made.close()


def _engine(corpus: Corpus, days: list[date], store: RunStore | None = None) -> Engine:
    """An engine whose clock gives one of these days after another, and then the last."""
    judge = fakes.ScriptedJudge(default=fakes.everything("supports"))
    return fakes.make_engine(corpus, judge, store=store, today=lambda: days.pop(0) if len(days) > 1 else days[0])


@pytest.mark.parametrize("jump", [date(1970, 1, 1), date(2099, 1, 1), date(2024, 7, 2)])
def test_all_of_a_run_is_of_the_day_it_began(corpus: Corpus, tmp_path: Path, jump: date) -> None:
    store = RunStore(tmp_path / "runs.sqlite3")
    engine = _engine(corpus, [date(2024, 7, 1), jump], store)

    class Stopped(BaseException):
        pass

    def stops(progress: Progress) -> None:
        if progress.done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        check(UNDATED, engine, run_id="r", on_progress=stops)
    report = check(UNDATED, engine, run_id="r", resume=True)
    assert {claim.as_of for claim in report.claims} == {report.article.as_of} == {date(2024, 7, 1)}
    assert [claim.label for claim in report.claims] == ["supported"] * 2


def test_a_clock_that_lost_its_battery_lets_nothing_from_after_it_decide(corpus: Corpus) -> None:
    report = check(UNDATED, _engine(corpus, [date(1970, 1, 1)]))
    assert (report.article.as_of, report.article.as_of_source) == (date(1970, 1, 1), "today")
    assert {claim.label for claim in report.claims} == {"not_enough_evidence"}
    assert {e.timing for claim in report.claims for e in claim.evidence} == {"later"}


def test_the_latest_runs_come_first_whatever_the_clock_said(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs.sqlite3")
    for name, year in (("a", 2026), ("b", 2099), ("c", 1970)):
        store.start(name, UNDATED, None, "offline")
        with store.transaction() as db:
            db.execute("UPDATE runs SET created = ? WHERE id = ?", (f"{year}-01-01T00:00:00+00:00", name))
    assert [run.id for run in store.recent()] == ["c", "b", "a"]
    store.start("a", UNDATED, None, "offline")
    assert [run.id for run in store.recent(1)] == ["a"], "begun anew"


def test_the_log_keeps_the_order_in_which_things_happened(tmp_path: Path) -> None:
    store, clock = RunStore(tmp_path / "runs.sqlite3"), Clock()
    fill(store)
    desk = Desk(store, now=clock)
    for number, jump in enumerate((timedelta(), timedelta(days=-9000), timedelta(days=30_000))):
        clock.time = datetime(2026, 11, 23, tzinfo=UTC) + jump
        desk.act("r", "c1", "note", who="Ana", version=number, reason=f"note {number}")
    assert [event.reason for event in desk.log("r", "c1")] == ["note 0", "note 1", "note 2"]
    after = desk.claim("r", "c1")
    assert after is not None and after.version == 3


def test_an_allowance_survives_a_clock_that_runs_backwards() -> None:
    now = [1000.0]
    allowance = Allowance(2, 60, lambda: now[0])
    assert [allowance.take("x").granted for _ in range(3)] == [True, True, False]
    now[0] = 0.0
    assert not allowance.take("x").granted
    now[0] = 1e9
    assert [allowance.take("x").granted for _ in range(3)] == [True, True, False], "no more than there is"
