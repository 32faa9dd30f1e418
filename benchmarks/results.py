"""Makes the evaluation section of RESULTS.md, records.md and the plots from a directory of records.

    python benchmarks/results.py [RECORDS_DIR] [--no-plots]

Only what stands between the two marker comments of RESULTS.md is replaced. The plots need `pip install
'factcheck[plots]'`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import packing

from factcheck.errors import InputError
from factcheck.evals.intervals import Figure
from factcheck.evals.plots import reliability_diagram, risk_coverage_plot, save_plot
from factcheck.evals.pooling import pooled
from factcheck.evals.record import Record
from factcheck.evals.render import figure_text, record_markdown
from factcheck.evals.scoring import Scores, main_measures

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- evaluation: made by benchmarks/results.py -->", "<!-- end of evaluation -->"
NUMERIC = "numbers_or_dates=yes"
ALL = "all sets"

Table = list[Sequence[str]]


def fitted_on() -> frozenset[str]:
    """The sets with rows that the weighing of readings was fitted on: their figures are not of unseen rows."""
    path = HERE.parent / "factcheck" / "models" / "verifier" / "stance.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8")).get("fitted_on", ()))


def section(records: Sequence[Record], seen: frozenset[str]) -> str:
    """The evaluation section, Markdown."""
    given = [r for r in records if r.task == "verdict" and r.evidence == "given"]
    found = [r for r in records if r.evidence == "retrieved"]
    others = [r for r in records if r.task != "verdict"]
    parts = ["## Verdicts and evidence on labelled sets", _about(records)]
    if given:
        parts += ["### Evidence given", _markdown(list(_given(given, seen))), _legend(given, seen)]
        parts += ["### All sets together, evidence given", _markdown(list(_together(given))), _POOLED]
    if found:
        parts += ["### Evidence retrieved", _markdown(list(_retrieved(found, seen)))]
    if others:
        parts += ["### Other tasks", _markdown(list(_others(others)))]
    if given:
        parts.append(
            "![Reliability, all sets](plots/all-reliability.svg)\n"
            "![Risk and coverage, all sets](plots/all-risk-coverage.svg)"
        )
    parts.append("Every measure, label, confusion and slice: [records.md](records.md).")
    return "\n\n".join(parts)


_POOLED = (
    "Every row counts once, so large sets weigh more. Numeric claims: rows whose claim holds a number or a date, of the"
    " sets without the label `conflicting`."
)


def _about(records: Sequence[Record]) -> str:
    first = records[0]
    builds = sorted({f"{r.version} at {(r.commit or 'no commit')[:12]}{_changed(r)}" for r in records})
    models = sorted({f"{k} {v}" for r in records for k, v in r.models.items()})
    return (
        "    python benchmarks/run_bench.py BENCH_DIR --evidence given retrieved && python benchmarks/results.py\n\n"
        f"factcheck {'; '.join(builds)}; {', '.join(models)}; {first.mode}; {min(r.started for r in records):%d %B %Y}."
        " In brackets 95 % bootstrap intervals over the rows. `majority` is the most frequent label of the set,"
        " `lexical` shared words with rules for negation; both are scored on the same rows."
    )


def _changed(record: Record) -> str:
    return " with changes" if (record.commit or "").endswith("+") else ""


def _legend(records: Sequence[Record], seen: frozenset[str]) -> str:
    told = (
        "NEE and conflicting: F1 of these labels; `–` where the set has none. Numeric: accuracy on claims with a number"
        " or a date. s: median seconds a claim. `not_enough_evidence` counts as wrong where a set lacks it."
    )
    if any(r.dataset in seen for r in records):
        told += " †: the weighing of readings (`stance.json`) was fitted on rows of this set, so it is no unseen data."
    return told


def _given(records: Sequence[Record], seen: frozenset[str]) -> Iterator[Sequence[str]]:
    yield (
        "set", "n", "macro-F1", "majority", "lexical", "accuracy", "ECE ↓", "coverage at 10 % error", "NEE",
        "conflicting", "numeric (n)", "s",
    )  # fmt: skip
    for r in records:
        numeric = r.scores.slices.get(NUMERIC, {}).get("accuracy")
        yield (
            _name(r, seen),
            str(r.scores.n),
            _figure(r.scores, "macro_f1"),
            *(_bare(r.baselines[name].figures.get("macro_f1")) if name in r.baselines else "–" for name in _BASELINES),
            _figure(r.scores, "accuracy"),
            _figure(r.scores, "ece"),
            _figure(r.scores, "coverage_at_10_error"),
            _f1(r.scores, "not_enough_evidence"),
            _f1(r.scores, "conflicting"),
            f"{_bare(numeric)} ({numeric.n})" if numeric else "–",
            f"{r.scores.figures['seconds_median'].value:.2f}" if "seconds_median" in r.scores.figures else "–",
        )


_BASELINES = ("majority", "lexical")


def _together(records: Sequence[Record]) -> Iterator[Sequence[str]]:
    names = ("accuracy", "macro_f1", "ece", "aurc", "coverage_at_5_error", "coverage_at_10_error", "quotes_valid")
    yield (
        "rows", "n", "accuracy", "macro-F1", "ECE ↓", "AURC ↓", "coverage at 5 % error", "coverage at 10 % error",
        "quotes in their source",
    )  # fmt: skip
    whole = [("all sets", pooled(records, ALL))]
    if few := [r for r in records if "conflicting" not in r.scores.confusion]:
        whole += [
            ("numeric claims", pooled(few, "numeric", lambda o: NUMERIC in o.slices)),
            ("the others of these sets", pooled(few, "others", lambda o: NUMERIC not in o.slices)),
        ]
    for title, record in whole:
        if record.scores.n:
            yield (title, str(record.scores.n), *(_figure(record.scores, name) for name in names))


def _retrieved(records: Sequence[Record], seen: frozenset[str]) -> Iterator[Sequence[str]]:
    names = ("recall@1", "recall@5", "recall@10", "mrr@10", "macro_f1")
    yield (
        "set", "n", "recall@1", "recall@5", "recall@10", "MRR@10", "macro-F1", "majority", "lexical",
        "citations borne out", "ECE ↓",
    )  # fmt: skip
    for r in records:
        yield (
            _name(r, seen),
            str(r.scores.n),
            *(_figure(r.scores, name) for name in names),
            *(_bare(r.baselines[name].figures.get("macro_f1")) if name in r.baselines else "–" for name in _BASELINES),
            _figure(r.scores, "citation_precision"),
            _figure(r.scores, "ece"),
        )


def _others(records: Sequence[Record]) -> Iterator[Sequence[str]]:
    yield "set", "measure", "n", "system", "baselines"
    for r in records:
        for name in main_measures(r.task):
            if name in r.scores.figures:
                beside = (f"{key} {_bare(scores.figures.get(name))}" for key, scores in r.baselines.items())
                yield r.dataset, name, str(r.scores.n), _figure(r.scores, name), ", ".join(beside)


def _name(record: Record, seen: frozenset[str]) -> str:
    short = record.dataset.removeprefix("verdict_")
    return f"{short} †" if record.dataset in seen else short


def _figure(scores: Scores, name: str) -> str:
    return figure_text(name, scores.figures.get(name))


def _bare(figure: Figure | None) -> str:
    return figure_text("", figure).partition(" ")[0]


def _f1(scores: Scores, label: str) -> str:
    return figure_text("f1", scores.per_label.get(label, {}).get("f1")) if label in scores.confusion else "–"


def _markdown(rows: Table) -> str:
    head, *body = rows
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def replaced(page: str, made: str) -> str:
    """The page with what is between the markers exchanged.

    Raises:
        InputError: the page has not both markers, once each and in order.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise InputError(
            f"RESULTS.md needs the lines {BEGIN} and {END}, once each. Put them where the section belongs."
        )
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}"


def details(records: Sequence[Record]) -> str:
    """Every table of every record."""
    head = "# Records\n\nMade by `benchmarks/results.py` from `benchmarks/records`. In short: [Results](RESULTS.md).\n"
    bodies = []
    for record in records:
        summary = " ".join(filter(None, (record.dataset, record.evidence)))
        bodies.append(f"<details>\n<summary>{summary}</summary>\n\n{record_markdown(record)}\n</details>\n")
    return "\n".join([head, *bodies])


def draw(records: Sequence[Record], directory: Path) -> None:
    """Both pictures of each verdict record, and of all sets with given evidence together."""
    verdicts = [r for r in records if r.task == "verdict"]
    given = [r for r in verdicts if r.evidence == "given"]
    pictures = {f"{r.dataset.removeprefix('verdict_')}-{r.evidence}": r for r in verdicts}
    if given:
        pictures["all"] = pooled(given, ALL)
    for name, record in pictures.items():
        save_plot(reliability_diagram(record), directory / f"{name}-reliability.svg")
        save_plot(risk_coverage_plot({"factcheck, offline": record}), directory / f"{name}-risk-coverage.svg")


def main() -> None:
    """Makes the pages and pictures from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, nargs="?", default=HERE / "records")
    parser.add_argument("--out", type=Path, default=HERE, help="where RESULTS.md is, and plots/ and records.md go")
    parser.add_argument("--no-plots", action="store_true")
    given = parser.parse_args()
    try:
        records = [packing.read(path) for path in sorted(given.records.glob("*.json"))]
        if not records:
            raise InputError(f"There is no record in {given.records}. Make some with benchmarks/run_bench.py.")
        page = given.out / "RESULTS.md"
        page.write_text(replaced(page.read_text("utf-8"), section(records, fitted_on())), encoding="utf-8")
        (given.out / "records.md").write_text(details(records), encoding="utf-8")
        if not given.no_plots:
            draw(records, given.out / "plots")
    except InputError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
