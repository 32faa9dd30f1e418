"""The commands `claims ...`: claims checked before, our own and the reviews of others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import CorpusOption, OutputFormat, load_settings, open_corpus, stderr
from factcheck.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from factcheck.checked import Checked
    from factcheck.claimreview import BadReview, Review
    from factcheck.index import Corpus
    from factcheck.types import Match, Value

claims_app = typer.Typer(
    help="Claims checked before: import the reviews of others, list them, find the ones that a text may repeat.",
    no_args_is_help=True,
)
FormatOption = Annotated[OutputFormat, typer.Option("--format", "-f", help="text or json.")]

BAD_SHOWN = 20
"""Items that could not be taken in and are named one by one; the rest is counted."""


@claims_app.command("import")
def claims_import(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="ClaimReview as JSON-LD or JSONL, or Google's API answers.")
    ],
    corpus: CorpusOption = None,
) -> None:
    """Import reviews in ClaimReview markup. Importing one twice changes nothing; a bad item is named and skipped."""
    from factcheck.claimreview import load_reviews

    streams = [load_reviews(path) for path in files]  # a file that is missing is told before anything is written
    bad: list[BadReview] = []
    with _of_your_own(corpus) as opened, _progress(stderr()) as show:
        done = opened.remember_reviews(_good(streams, bad), on_progress=show)
    _tell_bad(bad, stderr())
    print(f"{done.added} added, {done.replaced} replaced, {done.unchanged} unchanged, {len(bad)} skipped")
    if bad and not done.added + done.replaced + done.unchanged:
        raise typer.Exit(2)


@claims_app.command("list")
def claims_list(format: FormatOption = OutputFormat.text, corpus: CorpusOption = None) -> None:
    """List claims checked before, the latest first: id, date, publisher, outcome, claim."""
    _text_or_json(format)
    with _to_read(corpus) as opened:
        found = opened.checked_claims()
    if format is OutputFormat.json:
        _print_json(one.model_copy(update={"run_id": None}) for one in found)  # who has a run's id may open the run
        return
    for one in found:
        print("\t".join(_line(cell) for cell in (one.id, _day(one), _by(one), _outcome(one), one.text)))
    if not found:
        stderr().print("No claim was checked yet. `factcheck claims import FILE` brings in reviews.", style="dim")


@claims_app.command("find")
def claims_find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A claim in one sentence.")],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many at most.")] = 5,
    format: FormatOption = OutputFormat.text,
    corpus: CorpusOption = None,
) -> None:
    """Find claims checked before that a claim may repeat. They are offered; none of them is a verdict."""
    from factcheck.types import Claim, content_id

    _text_or_json(format)
    if not any(character.isalnum() for character in text):
        raise InputError("The text has no words: give the claim to look for.")
    claim = Claim(id=content_id("claim", text), text=text, start=0, end=len(text), source_text=text, as_of=date.today())
    with _to_read(corpus) as opened:
        found = opened.matches(claim, k=k)
    if format is OutputFormat.json:
        _print_json(found)
        return
    for match in found:
        print(_shown(match))
    if not found:
        print("No claim checked before resembles this one.")


@claims_app.command("remove")
def claims_remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids as `claims list` prints them.")],
    corpus: CorpusOption = None,
) -> None:
    """Remove claims checked before by their ids."""
    with _of_your_own(corpus) as opened:
        known = {one.id for one in opened.checked_claims()}
        print(f"{opened.forget([key for key in dict.fromkeys(ids) if key in known])} removed.")
    if unknown := sorted(set(ids) - known):
        raise InputError(f"Not among the claims: {', '.join(unknown)}. `factcheck claims list` shows the ids.")


def _of_your_own(corpus: Path | None) -> Corpus:
    from factcheck.embed import load_embedder
    from factcheck.engine import corpus_directory
    from factcheck.index import Corpus

    settings = load_settings(corpus=corpus)
    return Corpus.open(corpus_directory(settings), load_embedder(settings), server=settings.chroma_url)


def _to_read(corpus: Path | None) -> Corpus:
    """Your own corpus, with or without documents, else the one that a check would use."""
    from factcheck.engine import corpus_directory

    settings = load_settings(corpus=corpus)
    own = settings.corpus is not None or corpus_directory(settings).exists()
    return _of_your_own(corpus) if own else open_corpus(corpus)


def _good(streams: Sequence[Iterator[Review | BadReview]], bad: list[BadReview]) -> Iterator[Review]:
    from factcheck.claimreview import BadReview

    for stream in streams:
        for item in stream:
            if isinstance(item, BadReview):
                bad.append(item)
            else:
                yield item


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("importing reviews", total=None)
        yield lambda done: bar.update(task, completed=done)


def _tell_bad(bad: Sequence[BadReview], console: Console) -> None:
    for item in bad[:BAD_SHOWN]:
        console.print(f"skipped {_line(str(item))}", style="yellow", markup=False)
    if len(bad) > BAD_SHOWN:
        console.print(f"and {len(bad) - BAD_SHOWN} more skipped", style="yellow")


def _text_or_json(format: OutputFormat) -> None:
    if format not in (OutputFormat.text, OutputFormat.json):
        raise InputError("Claims are written as text or json.")


def _print_json(values: Iterable[Value]) -> None:
    import json

    rows = [value.model_dump(mode="json") for value in values]
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


def _shown(match: Match) -> str:
    from factcheck.report import match_line

    close = "very close" if match.strength == "strong" else "somewhat close"
    head = f"{close} ({match.similarity:.2f}) · {_line(match_line(match))}"
    return "\n    ".join([head, _line(match.text), *([_line(match.url)] if match.url else [])]) + "\n"


def _day(one: Checked) -> str:
    return one.reviewed or (one.as_of.isoformat() if one.as_of else "undated")


def _by(one: Checked) -> str:
    return one.publisher or (f"here, {one.reviewed_by}" if one.reviewed_by else "here")


def _outcome(one: Checked) -> str:
    from factcheck.report import LABEL_WORDS

    return one.rating or LABEL_WORDS[one.label or "not_checked"]


def _line(text: str) -> str:
    from factcheck.report import printable

    return " ".join(printable(text).split())
