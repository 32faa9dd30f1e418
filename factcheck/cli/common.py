"""What the commands share: their options, settings, notes to stderr, results to stdout or to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from factcheck.index import Corpus
    from factcheck.settings import Settings


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


class EngineChoice(StrEnum):
    """Where a batch is done."""

    local = "local"
    dask = "dask"


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


def complain(sentence: str) -> None:
    """A sentence for the user on stderr, under the command's name and without any secret."""
    from factcheck.redact import redacted
    from factcheck.report import printable

    print(f"factcheck: {printable(redacted(sentence))}", file=sys.stderr)


def stderr() -> Console:
    """A console for notes and progress; where no terminal is, a sentence stays one line and a path stays whole."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, where that is a terminal; yields what sets it: done, and how many there are."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def load_settings(
    *, corpus: Path | None = None, mode: ModeChoice = ModeChoice.auto, lift_time_rule: bool = False
) -> Settings:
    """The settings with the options of the command line over them.

    Raises:
        SettingsError: a setting cannot be used, or `--mode llm` without a language model.
    """
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


def open_corpus(corpus: Path | None) -> Corpus:
    """The corpus to search, as `factcheck.engine.open_corpus` chooses it."""
    from factcheck import engine

    return engine.open_corpus(load_settings(corpus=corpus), note=lambda sentence: stderr().print(sentence, style="dim"))


def day_of(text: str | None) -> date | None:
    """The day that `--as-of` names."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--as-of takes a date as YYYY-MM-DD; {text!r} is none.") from error


def output_can_be_written(output: Path | None) -> None:
    """Complains before the work rather than after it."""
    if output is not None and output.is_dir():
        raise InputError(f"{output} is a directory. Name the file that the result is to be written to.")
    if output is not None and not output.parent.is_dir():
        raise InputError(f"There is no directory {output.parent} for {output.name}. Make it, or name another.")


def write(text: str | bytes, output: Path | None) -> None:
    """To stdout, or whole or not at all to the file."""
    if output is None:
        if isinstance(text, str):
            sys.stdout.write(text)
        else:
            sys.stdout.buffer.write(text)
        return
    output_can_be_written(output)
    data = text.encode() if isinstance(text, str) else text
    try:
        if output.exists() and not output.is_file():  # a device or a pipe, which must not be replaced by a file
            output.write_bytes(data)
            return
        target = output.resolve()
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The result could not be written to {output}: {error.strerror}.") from error
