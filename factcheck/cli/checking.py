"""Commands that check: `check`, `demo`, `search`, `batch`."""

from __future__ import annotations

import signal
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import (
    AsOfOption,
    CorpusOption,
    EngineChoice,
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
        typer.Argument(
            metavar="CLAIMS.jsonl|CLAIMS.csv|DIR",
            help="Claims, a JSON object a line or a table with a header; or a directory of articles.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write one JSON object per claim to this file.")],
    as_of: AsOfOption = None,
    corpus: CorpusOption = None,
    mode: ModeOption = ModeChoice.auto,
    lift_time_rule: LiftOption = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Go on, and check again what could not be checked.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Look at so many claims (or articles) only.")] = None,
    budget: Annotated[float | None, typer.Option(metavar="DOLLARS", help="Stop when so much is spent.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, and check nothing.")] = False,
    unordered: Annotated[
        bool, typer.Option("--unordered", help="Rows in the order in which they are finished, not in the input's.")
    ] = False,
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Calls of the language model at once, at most (FACTCHECK_LLM_CONCURRENCY)."),
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Do the I-th of N parts only; their rows together are the whole.")
    ] = None,
    engine: Annotated[EngineChoice, typer.Option(help="Where it is done; dask needs --address.")] = EngineChoice.local,
    address: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Scheduler of the Dask cluster.")
    ] = None,
) -> None:
    """Check many claims or articles: a row per claim, and a claim that failed is a row with its reason."""
    from factcheck.batches import Plan, Shard, estimated
    from factcheck.batches import batch as run_batch

    plan = Plan(
        resume=resume,
        retry_failed=retry_failed,
        limit=limit,
        budget=budget,
        ordered=not unordered,
        shard=Shard.of(shard) if shard else None,
        engine=engine.value,
        address=address,
    )
    settings = load_settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule)
    if concurrency is not None:
        settings = settings.model_copy(update={"llm_concurrency": concurrency})
    day = day_of(as_of)
    if dry_run:
        print(estimated(source, output, settings, as_of=day, console=stderr(), plan=plan).sentences())
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as job schedulers end a job whose time is up
    tally = run_batch(source, output, settings, as_of=day, console=stderr(), plan=plan)
    stderr().print(tally.sentence(output))
    if tally.checked == 0 and tally.rows:
        raise typer.Exit(1)
