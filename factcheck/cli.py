"""The `factcheck` command. Progress and notes go to stderr, results to stdout or to the file named.

Exit codes: 0 done; 1 the run was recorded but no claim could be checked, or an internal error; 2 something given
cannot be used; 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck import __version__
from factcheck.errors import FactcheckError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from factcheck.evals.record import Record
    from factcheck.index import Corpus
    from factcheck.settings import Settings
    from factcheck.types import Document, Report

app = typer.Typer(
    help="Check the claims of an article against a reference corpus you own, with every quote found in its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus_app = typer.Typer(help="The reference corpus: add, list and remove its documents.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")


class OutputFormat(StrEnum):
    """What a report is written as."""

    text = "text"
    json = "json"
    md = "md"
    html = "html"


class ModeChoice(StrEnum):
    """Who judges."""

    auto = "auto"
    offline = "offline"
    llm = "llm"


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


CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", help="Corpus directory (default: yours, else the demo corpus).", show_default=False),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Judge as of this day, YYYY-MM-DD (default: the article's date, else today)."
    ),
]
ModeOption = Annotated[ModeChoice, typer.Option("--mode", help="auto: a language model if one is configured.")]
LiftOption = Annotated[
    bool, typer.Option("--lift-time-rule", help="Let evidence of any date count; the report says so.")
]


def main() -> None:
    """Runs the command and ends the process with its exit code."""
    logging.getLogger("factcheck").addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what is piped or kept is UTF-8; a terminal shows what it can
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
        if code == 130:  # typer makes an exit code of an interrupt
            _complain("Interrupted.")
    except FactcheckError as error:
        _complain(str(error))
        code = error.exit_code
    except typer.Exit as leave:
        code = leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        _complain("Interrupted.")
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except Exception as error:
        code = _usage_or_internal(error)
    sys.exit(code if isinstance(code, int) else 0)


def _usage_or_internal(error: Exception) -> int:
    show = getattr(error, "show", None)
    if callable(show):  # a usage error of the command line itself
        show()
        return int(getattr(error, "exit_code", 2))
    if os.environ.get("FACTCHECK_DEBUG"):
        raise error
    _complain(
        f"An internal error stopped factcheck ({type(error).__name__}: {error}). What was finished is kept."
        " Run again with FACTCHECK_DEBUG=1 to see where, and please report it."
    )
    return 1


def _complain(sentence: str) -> None:
    from factcheck.report import printable

    print(f"factcheck: {printable(sentence)}", file=sys.stderr)


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _settings(
    *, corpus: Path | None = None, mode: ModeChoice = ModeChoice.auto, lift_time_rule: bool = False
) -> Settings:
    from factcheck.errors import SettingsError
    from factcheck.settings import Settings

    settings = Settings.load(corpus=corpus, lift_time_rule=lift_time_rule or None)
    if mode is ModeChoice.offline and settings.mode == "llm":
        settings = settings.model_copy(update={"llm_model": None})
    if mode is ModeChoice.llm and settings.mode == "offline":
        raise SettingsError(
            "No language model is configured. Set FACTCHECK_LLM_MODEL and, for a server other than OpenAI's,"
            " FACTCHECK_LLM_BASE_URL; `factcheck doctor` shows what is set. Or use --mode offline."
        )
    return settings


def _opened(corpus: Path | None) -> Corpus:
    from factcheck.engine import open_corpus

    return open_corpus(_settings(corpus=corpus), note=lambda sentence: _stderr().print(sentence, style="dim"))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of takes a date as YYYY-MM-DD; {text!r} is none.") from error


def _output_can_be_written(output: Path | None) -> None:
    """Complains before the work rather than after it."""
    if output is not None and output.is_dir():
        raise InputError(f"{output} is a directory. Name the file that the result is to be written to.")
    if output is not None and not output.parent.is_dir():
        raise InputError(f"There is no directory {output.parent} for {output.name}. Make it, or name another.")


def _write(text: str, output: Path | None) -> None:
    """To stdout, or whole or not at all to the file."""
    if output is None:
        sys.stdout.write(text)
        return
    _output_can_be_written(output)
    try:
        if output.exists() and not output.is_file():  # a device or a pipe, which must not be replaced by a file
            output.write_text(text, encoding="utf-8")
            return
        target = output.resolve()
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The result could not be written to {output}: {error.strerror}.") from error


def _check(document: Document, settings: Settings, as_of: date | None) -> Report:
    """A check with its progress on stderr."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from factcheck import pipeline

    console = _stderr()
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


def _deliver(report: Report, format: OutputFormat, output: Path | None) -> None:
    from factcheck.report import print_report, render

    if format is OutputFormat.text and output is None:
        from rich.console import Console

        print_report(report, Console(highlight=False, width=None if sys.stdout.isatty() else 100))
    else:
        _write(render(report, format.value), output)
        if output:
            _stderr().print(f"written to {output}", style="dim")
    if report.claims and all(claim.status == "not_checked" for claim in report.claims):
        _complain(f"No claim could be checked. The first reason: {report.claims[0].reason}")
        raise typer.Exit(1)


@app.command()
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

    day = _day(as_of)
    _output_can_be_written(output)
    settings = _settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule)
    document = read_source(source, settings)
    _deliver(_check(document, settings, day), format, output)


@app.command()
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

    _output_can_be_written(output)
    settings = _settings(mode=mode)
    corpus = engine.demo_corpus(
        settings, load_embedder(settings), note=lambda sentence: _stderr().print(sentence, style="dim")
    )
    corpus.close()
    settings = settings.model_copy(update={"corpus": engine.demo_corpus_directory(settings)})
    report = _check(read_file(resources.demo_article_path()), settings, None)
    print_report(report, Console(highlight=False, width=None if sys.stdout.isatty() else 100))
    _write(to_html(report), output)
    _stderr().print(f"\nThe report is in {output}. Check your own article with: factcheck check FILE", style="dim")


@app.command()
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
    day = _day(as_of)
    with _opened(corpus) as opened:
        found = search_corpus(query, opened, k=k, as_of=day)
    if format is OutputFormat.json:
        import json

        _write(json.dumps([c.model_dump(mode="json") for c in found], ensure_ascii=False, indent=2) + "\n", None)
        return
    for number, candidate in enumerate(found, start=1):
        document, marks = candidate.document, {"later": " · LATER than the date asked", "undated": " · undated"}
        date_words = document.published or f"available from {document.available_from or 'an unknown date'}"
        head = " · ".join(printable(p) for p in (document.publisher, document.title, date_words) if p)
        later = marks.get(candidate.timing, "") if day else ""
        print(f"{number:>2}. {head}{later}\n    {' '.join(printable(candidate.passage.text).split())}\n")
    if not found:
        print("Nothing in the corpus resembles this.")


@app.command()
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
        _settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule),
        as_of=_day(as_of),
        console=_stderr(),
    )
    _stderr().print(tally.sentence(output))
    if tally.checked == 0 and tally.rows:
        raise typer.Exit(1)


@app.command(name="eval")
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
        _output_can_be_written(target)
    record = _evaluated(dataset, task, mode, evidence, corpus, limit, predictions, lift_time_rule)
    from factcheck.evals.record import write_record
    from factcheck.evals.render import print_record

    target = output or _record_path(record)
    write_record(record, target)
    print_record(record, console)
    if plots is not None:
        _draw(record, plots)
    _stderr().print(f"The record is in {target}.", style="dim")
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
    console = _stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task(found.name, total=len(found.rows))
        made = evaluate(
            found,
            _settings(mode=mode, lift_time_rule=lift_time_rule),
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
    return _settings().home / "evals" / "records" / f"{kind}-{record.started:%Y%m%dT%H%M%S}.json"


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


@app.command()
def doctor() -> None:
    """Show what is configured, what is missing and what to do about it."""
    from factcheck.doctor import examine

    healthy = True
    for finding in examine(_settings()):
        healthy = healthy and finding.ok
        print(f"{'ok  ' if finding.ok else 'FIX '} {finding.subject}: {finding.sentence}")
    if not healthy:
        raise typer.Exit(1)


@app.command(name="app")
def run_app(
    port: Annotated[int, typer.Option(help="Port on this machine's loopback address.")] = 8501,
) -> None:
    """Start the Streamlit app on this machine."""
    import subprocess

    from factcheck.resources import app_path

    command = [sys.executable, "-m", "streamlit", "run", str(app_path()), "--server.address=127.0.0.1"]
    command += [f"--server.port={port}", "--browser.gatherUsageStats=false"]
    raise typer.Exit(subprocess.call(command))


@corpus_app.command("add")
def corpus_add(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files or directories: md, txt, html, pdf, docx, jsonl.")
    ],
    available_from: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The first day that undated documents are known to have been public."),
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Add documents. Adding one twice changes nothing; a bad file is named and skipped, and the rest goes on."""
    from factcheck.ingestion import add_with_progress

    if not add_with_progress(paths, _settings(corpus=corpus), available_from, _stderr()):
        raise typer.Exit(2)


@corpus_app.command("list")
def corpus_list(corpus: CorpusOption = None) -> None:
    """List the documents: id, date, language, publisher, title."""
    from factcheck.report import printable

    with _opened(corpus) as opened:
        for document in opened.documents():
            day = document.published or (f"({document.available_from})" if document.available_from else "undated")
            title = document.title or document.text[:60]
            row = (document.id, day, document.language or "?", document.publisher or "?", title)
            print("\t".join(" ".join(printable(cell).split()) for cell in row))


@corpus_app.command("remove")
def corpus_remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Document ids, as `corpus list` prints them.")],
    corpus: CorpusOption = None,
) -> None:
    """Remove documents by their ids."""
    from factcheck.engine import corpus_directory

    place = corpus_directory(_settings(corpus=corpus))
    if not place.exists():
        raise InputError(f"There is no corpus of yours at {place}, and the demo notes cannot be removed.")
    with _opened(corpus) as opened:
        known = [key for key in dict.fromkeys(ids) if opened.document(key) is not None]
        print(f"{opened.remove(known)} removed.")
    if unknown := sorted(set(ids) - set(known)):
        raise InputError(f"Not in the corpus: {', '.join(unknown)}. `factcheck corpus list` shows the ids.")


@corpus_app.command("info")
def corpus_info(corpus: CorpusOption = None) -> None:
    """Show what the corpus holds, its snapshot and its embedding model."""
    with _opened(corpus) as opened:
        for name, value in opened.info().model_dump(mode="json").items():
            print(f"{name.replace('_', ' ')}: {value}")


@corpus_app.command("reindex")
def corpus_reindex(corpus: CorpusOption = None) -> None:
    """Embed every document again, with the embedding model that is set now."""
    from factcheck.ingestion import reindex_with_progress

    reindex_with_progress(_settings(corpus=corpus), _stderr())


def _version(value: bool) -> None:
    if value:
        print(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


if __name__ == "__main__":
    main()
