"""How far a batch is, in words."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from factcheck.batches.journal import Totals
from factcheck.batches.showing import duration, lines, pace, shown


def _totals(**usage: float) -> Totals:
    totals = Totals()
    totals.count({"status": "checked", "usage": {"calls": 1, **usage}})
    totals.count({"status": "not_checked"})
    return totals


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (60, "1:00"), (3599, "59:59"), (3723, "1:02:03")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_rate_time_left_tokens_and_cost() -> None:
    totals = _totals(prompt_tokens=1200, completion_tokens=34, cost_usd=0.0123)
    assert pace(totals, 110, 1110, 10, 50.0) == "2.0/s, 8:20 left, 1 not checked, 1,234 tokens, $0.0123"
    assert pace(totals, 20, 30, 10, 60.0).startswith("10.0/min, 1:00 left")


def test_what_is_not_known_is_not_said() -> None:
    assert pace(Totals(), 0, None, 0, 0.0) == "0.0/s"
    assert "left" not in pace(_totals(), 10, None, 0, 5.0)
    assert pace(_totals(), 10, 10, 0, 5.0) == "2.0/s, 1 not checked"


def test_a_line_now_and_then_where_there_is_no_terminal() -> None:
    said = io.StringIO()
    console = Console(file=said, width=200)
    show = lines(console, every=0.0)
    show(_totals(), 5, 20, 0)
    assert said.getvalue().startswith("5 of 20, ")
    seldom = lines(console, every=60.0)
    seldom(_totals(), 6, 20, 0)
    assert said.getvalue().count("\n") == 1


def test_a_bar_on_a_terminal() -> None:
    said = io.StringIO()
    with shown(Console(file=said, force_terminal=True, width=160)) as show:
        show(_totals(cost_usd=0.5), 5, 20, 0)
    assert "5/20" in said.getvalue() and "$0.5000" in said.getvalue()
    with shown(None) as show:
        show(_totals(), 5, 20, 0)
