from __future__ import annotations

import io

import pytest
from fakes_evals import record, verdict_rows, verdicts
from rich.console import Console

from factcheck.evals.comparing import compare_records
from factcheck.evals.intervals import Figure
from factcheck.evals.record import Failure, Record
from factcheck.evals.render import (
    comparison_markdown,
    figure_text,
    print_comparison,
    print_record,
    record_markdown,
    tables,
)

ROWS = verdict_rows()
BASELINE = record(ROWS, verdicts(ROWS, seed=3, right=0.25, lost=0))
RECORD = record(ROWS, verdicts(ROWS), baselines={"guessing": BASELINE.scores}, commit="a" * 40 + "+")


def _printed(show: object, *given: object) -> str:
    out = io.StringIO()
    show(*given, Console(file=out, width=120))  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "figure", "text"),
    [
        ("accuracy", (0.76, 0.728, 1.0), ".760 (.728-1.000)"),
        ("aurc", (0.0, 0.0, 0.0304), ".000 (.000-.030)"),
        ("seconds_median", (0.754, 12.3, 100), ".75 (12.30-100.00)"),
        ("tokens_p90", (1234.0, 900.0, 2000.4), "1,234 (900-2,000)"),
    ],
)
def test_figures_have_their_interval_beside_them(name: str, figure: tuple[float, ...], text: str) -> None:
    value, low, high = figure
    assert figure_text(name, Figure(value=value, low=low, high=high, n=9)) == text
    assert figure_text(name, None) == "–"


def test_the_system_stands_beside_its_baselines() -> None:
    first = tables(RECORD)[0]
    assert first.head == ("measure", "system", "guessing", "n")
    rows = {row[0]: row[1:] for row in first.rows}
    assert rows["macro-F1"] == (
        figure_text("macro_f1", RECORD.scores.figures["macro_f1"]),
        figure_text("macro_f1", BASELINE.scores.figures["macro_f1"]),
        "60",
    )
    assert [table.title for table in tables(RECORD)] == [
        "Measures", "By label", "Gold (rows) against predicted (columns)", "By slice", "Not checked",
    ]  # fmt: skip


def test_text_and_markdown_say_the_same() -> None:
    printed, written = _printed(print_record, RECORD), record_markdown(RECORD)
    for table in tables(RECORD):
        for row in table.rows:
            assert all(cell in printed and cell in written for cell in row)
    for text in (printed, written):
        assert "60 rows, 60 scored, 3 of them not checked (counted as wrong)" in text
        assert "with changes" in text
        assert "2026-11-23 12:00 UTC" in text


def test_markdown_tables_are_whole() -> None:
    lines = [line for line in record_markdown(RECORD).splitlines() if line.startswith("|")]
    widths = {line.count(" | ") for line in lines}
    assert len(lines) > 20
    assert widths <= {1, 2, 3, 4, 5}
    assert record_markdown(RECORD, "###").startswith("### bridges: verdict\n")


def test_a_reason_cannot_bring_markup() -> None:
    nasty = Failure(id="1", reason="[bold]x[/bold] | ![i](http://e) <b>\x1b[31m\nnext")
    bad = RECORD.model_copy(update={"failures": (nasty,)})
    written = record_markdown(bad)
    assert r"\[bold\]x\[/bold\] \| !\[i\](http://e) \<b\>" in written
    assert "\x1b" not in written
    printed = _printed(print_record, bad)
    assert "[bold]x[/bold]" in printed
    assert "\x1b[31m" not in printed


def test_a_lifted_time_rule_is_said() -> None:
    lifted: Record = RECORD.model_copy(update={"time_rule_lifted": True, "notes": ("Note of the run.",)})
    assert "time rule was lifted" in record_markdown(lifted)
    assert "Note of the run." in _printed(print_record, lifted)
    assert "time rule" not in record_markdown(RECORD)


def test_a_comparison() -> None:
    found = compare_records(BASELINE, RECORD)
    printed, written = _printed(print_comparison, found, "old", "new"), comparison_markdown(found, "old", "new")
    gained = found.differences["accuracy"]
    for text in (printed, written):
        assert f"+{gained.difference:.3f} (+".replace("+0.", "+.") in text
        assert f"{gained.p:.4f}" in text
        assert "only old" in text
        assert "commit: None, " + "a" * 40 in text
