"""The command `extract`: the claims of an article before anything is checked, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import (
    AsOfOption,
    ModeChoice,
    ModeOption,
    complain,
    day_of,
    load_settings,
    output_can_be_written,
    stderr,
    write,
)

if TYPE_CHECKING:
    from factcheck.extract.article import ArticleClaims
    from factcheck.types import Claim


class ListFormat(StrEnum):
    """What a list of claims is written as."""

    text = "text"
    json = "json"


def extract(
    source: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="The article: a file, a URL, or - for standard input.")
    ],
    as_of: AsOfOption = None,
    format: Annotated[ListFormat, typer.Option("--format", "-f", help="How to write the claims.")] = ListFormat.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    mode: ModeOption = ModeChoice.auto,
) -> None:
    """List the check-worthy claims of an article, and what was left out and why, without checking them."""
    from factcheck.extract.article import extract_article
    from factcheck.read import read_source

    day = day_of(as_of)
    output_can_be_written(output)
    settings = load_settings(mode=mode)
    found = extract_article(read_source(source, settings), settings, as_of=day)
    for note in found.run.notes:
        complain(note)
    if format is ListFormat.json:
        write(found.model_dump_json(indent=2) + "\n", output)
    else:
        write("\n".join(_lines(found)) + "\n", output)
    if output:
        stderr().print(f"written to {output}", style="dim")


def _lines(found: ArticleClaims) -> Iterator[str]:
    article = found.article
    origin = {"given": "given", "article": "the article's own date", "today": "today"}[article.as_of_source]
    if article.title:
        yield _line(article.title)
    yield f"as of {article.as_of.isoformat()} ({origin}) · {_counted(found)}"
    for number, claim in enumerate(found.claims, start=1):
        yield ""
        yield from _claim(number, claim)
    if not found.claims:
        yield "\nNo sentence of it makes a claim that could be checked."
    if found.left_out:
        yield "\nleft out"
    for item in found.left_out:
        yield f"  {item.start}–{item.end}  {_line(item.text)}  ({_line(item.reason)})"


def _counted(found: ArticleClaims) -> str:
    claims, left = len(found.claims), len(found.left_out)
    return f"{claims} {'claim' if claims == 1 else 'claims'}, {left} left out"


def _claim(number: int, claim: Claim) -> Iterator[str]:
    """The wording, what speaks for it, what was filled in, and the article's own words with their place."""
    about = [{"statement": "statement", "reported": "what was said", "attribution": "that it was said"}[claim.kind]]
    if claim.speaker:
        about.append(f"speaker: {_line(claim.speaker)}")
    if claim.score is not None:
        about.append(f"score {claim.score:.2f}")
    if claim.why:
        about.append("because of " + ", ".join(map(_line, claim.why)))
    yield f"{number:>2}. {_line(claim.text)}"
    yield f"    {' · '.join(about)}"
    if claim.context:
        yield f"    {_line(claim.context)}"
    yield f"    {claim.start}–{claim.end}  “{_line(claim.source_text)}”"


def _line(text: str) -> str:
    from factcheck.report import printable

    return " ".join(printable(text).split())
