"""Commands that check: `check`, `demo`, `search`, `batch`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import (
    AsOfOption,
    CorpusOption,
    LiftOption,
    ModeChoice,
    ModeOption,
    OutputFormat,
    complain,
    day_of,
    load_settings,
    open_corpus,
    output_can_be_written,
    stderr,
    write,
)
from factcheck.errors import InputError

if TYPE_CHECKING:
    from factcheck.settings import Settings
    from factcheck.types import Document, Report


def _check(document: Document, settings: Settings, as_of: date | None) -> Report:
    """A check with its progress on stderr."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from factcheck import pipeline

    console = stderr()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("loading models", total=None)
        engine = pipeline.build_engine(settings, note=lambda sentence: bar.console.print(sentence, style="dim"))

        def show(progress: pipeline.Progress) -> None:
            words = {"extracting": "finding claims", "checking": "checking claims", "done": "done"}[progress.stage]
            bar.update(task, description=words, completed=progress.done, total=progress.total or None)

        try:
            return pipeline.check(document, engine, as_of=as_of, on_progress=show)
        finally:
            engine.corpus.close()


def deliver(report: Report, format: OutputFormat, output: Path | None) -> None:
    """Writes a report; exit code 1 where no claim of it could be checked."""
    from factcheck.report import print_report, render

    if format is OutputFormat.text and output is None:
        from rich.console import Console

        print_report(report, Console(highlight=False, width=None if sys.stdout.isatty() else 100))
    else:
        write(render(report, format.value), output)
        if output:
            stderr().print(f"written to {output}", style="dim")
    if report.claims and all(claim.status == "not_checked" for claim in report.claims):
        complain(f"No claim could be checked. The first reason: {report.claims[0].reason}")
        raise typer.Exit(1)


def check(
    source: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="The article: a file, a URL, or - for standard input.")
    ],
    as_of: AsOfOption = None,
    format: Annotated[
        OutputFormat, typer.Option("--format", "-f", help="How to write the report.")
    ] = OutputFormat.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    corpus: CorpusOption = None,
    mode: ModeOption = ModeChoice.auto,
    lift_time_rule: LiftOption = False,
) -> None:
    """Check an article: every check-worthy claim with a verdict, a confidence and located citations."""
    from factcheck.read import read_source

    day = day_of(as_of)
    output_can_be_written(output)
    settings = load_settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule)
    document = read_source(source, settings)
    deliver(_check(document, settings, day), format, output)


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the HTML report.")] = Path(
        "report.html"
    ),
    mode: ModeOption = ModeChoice.auto,
) -> None:
    """Check the demo article against the demo corpus and write report.html."""
    from rich.console import Console

    from factcheck import engine, resources
    from factcheck.embed import load_embedder
    from factcheck.read import read_file
    from factcheck.report import print_report, to_html

    output_can_be_written(output)
    settings = load_settings(mode=mode)
    corpus = engine.demo_corpus(
        settings, load_embedder(settings), note=lambda sentence: stderr().print(sentence, style="dim")
    )
    corpus.close()
    settings = settings.model_copy(update={"corpus": engine.demo_corpus_directory(settings)})
    report = _check(read_file(resources.demo_article_path()), settings, None)
    print_report(report, Console(highlight=False, width=None if sys.stdout.isatty() else 100))
    write(to_html(report), output)
    stderr().print(f"\nThe report is in {output}. Check your own article with: factcheck check FILE", style="dim")


def search(
    query: Annotated[str, typer.Argument(help="What to look for in the corpus.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 10,
    as_of: AsOfOption = None,
    format: Annotated[OutputFormat, typer.Option("--format", "-f", help="text or json.")] = OutputFormat.text,
    corpus: CorpusOption = None,
) -> None:
    """Search the reference corpus as a check would."""
    from factcheck.report import printable
    from factcheck.retrieve import search as search_corpus

    if not query.strip():
        raise InputError("The query is empty: give the words to look for.")
    if format not in (OutputFormat.text, OutputFormat.json):
        raise InputError("A search is written as text or json.")
    day = day_of(as_of)
    with open_corpus(corpus) as opened:
        found = search_corpus(query, opened, k=k, as_of=day)
    if format is OutputFormat.json:
        import json

        write(json.dumps([c.model_dump(mode="json") for c in found], ensure_ascii=False, indent=2) + "\n", None)
        return
    for number, candidate in enumerate(found, start=1):
        document, marks = candidate.document, {"later": " · LATER than the date asked", "undated": " · undated"}
        date_words = document.published or f"available from {document.available_from or 'an unknown date'}"
        head = " · ".join(printable(p) for p in (document.publisher, document.title, date_words) if p)
        later = marks.get(candidate.timing, "") if day else ""
        print(f"{number:>2}. {head}{later}\n    {' '.join(printable(candidate.passage.text).split())}\n")
    if not found:
        print("Nothing in the corpus resembles this.")


def batch(
    source: Annotated[
        Path,
        typer.Argument(metavar="CLAIMS.jsonl|DIR", help="Claims, one JSON object a line; or a directory of articles."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write one JSON object per claim to this file.")],
    as_of: AsOfOption = None,
    corpus: CorpusOption = None,
    mode: ModeOption = ModeChoice.auto,
    lift_time_rule: LiftOption = False,
) -> None:
    """Check many claims or articles: a row per claim, and a claim that failed is a row with its reason."""
    from factcheck.batches import batch as run_batch

    tally = run_batch(
        source,
        output,
        load_settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule),
        as_of=day_of(as_of),
        console=stderr(),
    )
    stderr().print(tally.sentence(output))
    if tally.checked == 0 and tally.rows:
        raise typer.Exit(1)
