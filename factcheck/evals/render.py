"""A record or a comparison as tables: for the terminal, and as Markdown for `benchmarks/RESULTS.md`.

The same tables serve both. Every figure has its 95 % interval beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from factcheck.evals.comparing import Comparison
from factcheck.evals.intervals import Difference, Figure
from factcheck.evals.record import Record
from factcheck.evals.scoring import Scores, main_measures
from factcheck.report import printable

if TYPE_CHECKING:
    from rich.console import Console

WORDS = {
    "macro_f1": "macro-F1",
    "balanced_accuracy": "balanced accuracy",
    "ece": "ECE ↓",
    "brier": "Brier score ↓",
    "aurc": "AURC ↓",
    "coverage_at_5_error": "coverage at 5 % error",
    "coverage_at_10_error": "coverage at 10 % error",
    "quotes_valid": "quotes in their source",
    "citation_precision": "citations borne out",
    "average_precision": "average precision",
    "prevalence": "average precision, random order",
    "recall_first_5": "recall, first 5",
    "precision_first_5": "precision, first 5",
    "f1": "F1",
    "f1_first_5": "F1, first 5",
    "spans_hold": "spans in the article",
    "claims_per_row": "claims a text",
    "ndcg@10": "nDCG@10",
    "mrr@10": "MRR@10",
    "seconds_median": "seconds, median ↓",
    "seconds_p90": "seconds, 90th percentile ↓",
    "tokens_median": "tokens, median ↓",
    "tokens_p90": "tokens, 90th percentile ↓",
}
"""Measures in words, ↓ where lower is better; one that is not here is called by its name."""

_ABSENT = "–"
_FAILURES_SHOWN = 5


class Table(NamedTuple):
    """A titled table of text; the first column is text, the others are figures."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figure_text(name: str, figure: Figure | None) -> str:
    """A figure with its interval, `.760 (.728-.795)`; `–` where there is none."""
    if figure is None:
        return _ABSENT
    return f"{_number(name, figure.value)} ({_number(name, figure.low)}-{_number(name, figure.high)})"


def _number(name: str, value: float, signed: bool = False) -> str:
    if name.startswith("tokens"):
        return f"{value:+,.0f}" if signed else f"{value:,.0f}"
    text = f"{value:{'+' if signed else ''}.{2 if name.startswith(('seconds', 'claims_per_row')) else 3}f}"
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def tables(record: Record) -> tuple[Table, ...]:
    """The tables of a record: the system beside its baselines, each label, the confusions, the slices, the failures."""
    scores = record.scores
    made = [_figures(record), _labels(scores), _confusions(scores), _slices(scores), _failures(record)]
    return tuple(table for table in made if table.rows)


def _figures(record: Record) -> Table:
    system, baselines = record.scores.figures, record.baselines
    names = dict.fromkeys([*system, *(name for scores in baselines.values() for name in scores.figures)])
    rows = tuple(
        (
            WORDS.get(name, name),
            figure_text(name, system.get(name)),
            *(figure_text(name, scores.figures.get(name)) for scores in baselines.values()),
            str(system[name].n) if name in system else _ABSENT,
        )
        for name in names
    )
    return Table("Measures", ("measure", "system", *baselines, "n"), rows)


def _labels(scores: Scores) -> Table:
    parts = ("precision", "recall", "f1")
    rows = tuple(
        (_plain(label), *(figure_text(part, each.get(part)) for part in parts), _count(each.get("recall")))
        for label, each in scores.per_label.items()
    )
    return Table("By label", ("label", "precision", "recall", "F1", "n"), rows)


def _count(figure: Figure | None) -> str:
    return str(figure.n) if figure else "0"


def _confusions(scores: Scores) -> Table:
    said = dict.fromkeys([*scores.confusion, *sorted({p for row in scores.confusion.values() for p in row})])
    rows = tuple((_plain(gold), *(str(row.get(label, 0)) for label in said)) for gold, row in scores.confusion.items())
    return Table("Gold (rows) against predicted (columns)", ("gold", *map(_plain, said)), rows)


def _slices(scores: Scores) -> Table:
    names = [n for n in main_measures(scores.task) if any(n in each for each in scores.slices.values())]
    rows = tuple(
        (
            _plain(slice_),
            *(figure_text(name, each.get(name)) for name in names),
            str(max((f.n for f in each.values()), default=0)),
        )
        for slice_, each in scores.slices.items()
    )
    return Table("By slice", ("slice", *(WORDS.get(name, name) for name in names), "n"), rows)


def _failures(record: Record) -> Table:
    counts = Counter(failure.reason for failure in record.failures).most_common(_FAILURES_SHOWN)
    return Table(
        "Not checked", ("reason", "rows"), tuple((reason or "no reason given", str(n)) for reason, n in counts)
    )


def about(record: Record) -> tuple[str, ...]:
    """What the run was, a sentence each."""
    scores = record.scores
    evidence = f", evidence {record.evidence}" if record.evidence else ""
    lines = [
        f"{record.n} rows, {scores.n} scored, {scores.not_checked} of them not checked (counted as wrong); "
        f"file SHA-256 {record.digest[:16]}.",
        f"Mode {record.mode}{evidence}; {', '.join(f'{k} {v}' for k, v in record.models.items()) or 'no model'}.",
        f"factcheck {record.version}{f' at {record.commit[:12]}' if record.commit else ''}"
        f"{' with changes' if record.commit and record.commit.endswith('+') else ''}, "
        f"{record.started:%Y-%m-%d %H:%M} UTC, {record.seconds:,.0f} s. "
        "Intervals: 95 %, bootstrap over 1,000 resamples of the rows.",
    ]
    if record.time_rule_lifted:
        lines.append("The time rule was lifted: evidence of any date counted.")
    return (*lines, *record.notes)


def comparison_tables(comparison: Comparison, a: str, b: str) -> tuple[Table, ...]:
    """The tables of a comparison; `a` and `b` name the runs."""
    rows = tuple(
        (
            WORDS.get(name, name),
            _number(name, each.a),
            _number(name, each.b),
            _difference_text(name, each),
            f"{each.p:.4f}",
        )
        for name, each in comparison.differences.items()
    )
    made = [Table("Measures", ("measure", a, b, "difference", "p"), rows)]
    if comparison.task != "extract":
        counts = (comparison.both, comparison.only_a, comparison.only_b, comparison.neither)
        made.append(Table("Rows right", ("both", f"only {a}", f"only {b}", "neither"), (tuple(map(str, counts)),)))
    made.append(Table("What differs", ("setting",), tuple((line,) for line in comparison.settings)))
    return tuple(table for table in made if table.rows)


def _difference_text(name: str, each: Difference) -> str:
    value, low, high = (_number(name, number, signed=True) for number in (each.difference, each.low, each.high))
    return f"{value} ({low} to {high})"


def _about_comparison(comparison: Comparison) -> tuple[str, ...]:
    return (
        f"{comparison.n} rows. Intervals: 95 %, paired bootstrap. p: McNemar's exact test for accuracy and hit@1, "
        "random swaps for the others; not corrected for the number of measures.",
    )


def print_record(record: Record, console: Console) -> None:
    """Writes a record to a terminal."""
    _print(f"{record.dataset}: {record.task}", about(record), tables(record), console)


def print_comparison(comparison: Comparison, a: str, b: str, console: Console) -> None:
    """Writes a comparison to a terminal."""
    title = f"{comparison.dataset}: {comparison.task}, {b} against {a}"
    _print(title, _about_comparison(comparison), comparison_tables(comparison, a, b), console)


def record_markdown(record: Record, heading: str = "##") -> str:
    """A record as a Markdown section."""
    return _markdown(f"{record.dataset}: {record.task}", about(record), tables(record), heading)


def comparison_markdown(comparison: Comparison, a: str, b: str, heading: str = "##") -> str:
    """A comparison as a Markdown section."""
    title = f"{comparison.dataset}: {comparison.task}, {b} against {a}"
    return _markdown(title, _about_comparison(comparison), comparison_tables(comparison, a, b), heading)


def _print(title: str, lines: Sequence[str], made: Sequence[Table], console: Console) -> None:
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    console.print(Text(_one_line(title), style="bold"))
    for line in lines:
        console.print(Text(_one_line(line), style="dim"))
    for table in made:
        grid = Grid(title=_one_line(table.title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        for place, name in enumerate(table.head):
            grid.add_column(Text(_one_line(name)), justify="left" if place == 0 else "right", overflow="fold")
        for row in table.rows:
            grid.add_row(*(Text(_one_line(cell)) for cell in row))
        console.print(grid)


def _markdown(title: str, lines: Sequence[str], made: Sequence[Table], heading: str) -> str:
    blocks = [f"{heading} {_cell(title)}", "\n".join(_cell(line) for line in lines)]
    for table in made:
        rows = [table.head, ("---", *["---:"] * (len(table.head) - 1)), *table.rows]
        body = "\n".join(f"| {' | '.join(cell if row is rows[1] else _cell(cell) for cell in row)} |" for row in rows)
        blocks += [f"{heading}# {_cell(table.title)}", body]
    return "\n\n".join(blocks) + "\n"


_MARKUP = re.compile(r"[\\`*\[\]<>|]|(?<!\w)_|_(?!\w)")


def _cell(text: str) -> str:
    """Text that Markdown shows as it is: a reason or a name of a record may hold anything."""
    return _MARKUP.sub(r"\\\g<0>", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("=", ": ")
