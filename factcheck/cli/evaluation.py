"""The command `eval`: factcheck measured on labelled sets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import LiftOption, ModeChoice, ModeOption, load_settings, output_can_be_written, stderr
from factcheck.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from factcheck.evals.record import Record


class TaskChoice(StrEnum):
    """What a labelled set is for."""

    verdict = "verdict"
    match = "match"
    extract = "extract"
    checkworthy = "checkworthy"


class EvidenceChoice(StrEnum):
    """Which passages verdicts are measured on."""

    given = "given"
    retrieved = "retrieved"


def evaluation(
    dataset: Annotated[
        Path | None, typer.Argument(metavar="DATASET.jsonl", help="A labelled set.", show_default=False)
    ] = None,
    task: Annotated[
        TaskChoice | None,
        typer.Option("--task", help="What the set is for, where its name does not say it.", show_default=False),
    ] = None,
    mode: ModeOption = ModeChoice.auto,
    evidence: Annotated[
        EvidenceChoice, typer.Option("--evidence", help="For verdicts: the rows' own, or retrieved from their corpus.")
    ] = EvidenceChoice.given,
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus", metavar="FILE", help="The set's documents (default: the file that the rows name, beside it)."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first so many rows.", show_default=False)
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", help="Write one JSON object per row to this file.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the record here (default: among your records).")
    ] = None,
    plots: Annotated[
        Path | None, typer.Option("--plots", metavar="DIR", help="Draw the record's pictures (SVG and PNG) here.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--compare", metavar="A B", help="Compare two records of the same set instead.", show_default=False
        ),
    ] = None,
    lift_time_rule: LiftOption = False,
) -> None:
    """Measure factcheck on a labelled set, beside simple baselines, with 95 % intervals; or compare two records."""
    from rich.console import Console

    if (dataset is None) == (compare is None):
        raise InputError("Name one labelled set to measure on, or two records with --compare.")
    console = Console(highlight=False)
    if compare is not None:
        _compare_records(*compare, console)
        return
    assert dataset is not None
    for target in (predictions, output):
        output_can_be_written(target)
    record = _evaluated(dataset, task, mode, evidence, corpus, limit, predictions, lift_time_rule)
    from factcheck.evals.record import write_record
    from factcheck.evals.render import print_record

    target = output or _record_path(record)
    write_record(record, target)
    print_record(record, console)
    if plots is not None:
        _draw(record, plots)
    stderr().print(f"The record is in {target}.", style="dim")
    if record.n and len(record.failures) == record.n:
        raise typer.Exit(1)


def _evaluated(
    source: Path,
    task: TaskChoice | None,
    mode: ModeChoice,
    evidence: EvidenceChoice,
    corpus: Path | None,
    limit: int | None,
    predictions: Path | None,
    lift_time_rule: bool,
) -> Record:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from factcheck.evals.datasets import load_dataset
    from factcheck.evals.evaluate import evaluate, write_predictions

    found = load_dataset(source, task.value if task else None, limit, corpus)
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task(found.name, total=len(found.rows))
        made = evaluate(
            found,
            load_settings(mode=mode, lift_time_rule=lift_time_rule),
            evidence=evidence.value,
            note=lambda sentence: console.print(sentence, style="dim"),
            on_progress=lambda done, total: bar.update(shown, completed=done, total=total),
        )
    if predictions is not None:
        write_predictions(made.predictions, predictions)
        console.print(f"{len(made.predictions)} predictions written to {predictions}.", style="dim")
    return made.record


def _record_path(record: Record) -> Path:
    kind = "-".join(filter(None, (record.dataset, record.mode, record.evidence)))
    return load_settings().home / "evals" / "records" / f"{kind}-{record.started:%Y%m%dT%H%M%S}.json"


def _draw(record: Record, directory: Path) -> None:
    from factcheck.evals.plots import reliability_diagram, risk_coverage_plot, save_plot

    if record.task != "verdict":
        raise InputError("There are pictures for verdicts only: reliability and risk against coverage.")
    directory.mkdir(parents=True, exist_ok=True)
    for kind in ("svg", "png"):
        save_plot(reliability_diagram(record), directory / f"{record.dataset}-reliability.{kind}")
        save_plot(risk_coverage_plot({record.dataset: record}), directory / f"{record.dataset}-risk-coverage.{kind}")


def _compare_records(a: Path, b: Path, console: Console) -> None:
    from factcheck.evals.comparing import compare_records
    from factcheck.evals.record import read_record
    from factcheck.evals.render import print_comparison

    print_comparison(compare_records(read_record(a), read_record(b)), a.name, b.name, console)
