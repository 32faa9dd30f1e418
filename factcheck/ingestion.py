"""Putting files into the user's corpus: from Python and, with a progress bar, from the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.corpus import BadFile, load_documents
from factcheck.engine import corpus_directory
from factcheck.report import printable
from factcheck.settings import Settings
from factcheck.types import Document, Value

if TYPE_CHECKING:
    from rich.console import Console

    from factcheck.embed import Embedder


class IngestSummary(Value):
    """What adding files came to. `bad` names what could not be read, with the reason; the rest was added."""

    added: int
    unchanged: int
    replaced: int
    passages: int
    bad: tuple[BadFile, ...]
    snapshot: str


def ingest(
    paths: Iterable[Path],
    settings: Settings,
    available_from: str | None = None,
    on_progress: Callable[[int, int | None], None] | None = None,
    *,
    embedder: Embedder | None = None,
) -> IngestSummary:
    """Adds files and directories to the corpus that the settings name, creating it where there is none.

    Args:
        paths: Markdown with front matter, text, HTML, PDF, DOCX, JSONL, or directories of them.
        settings: which corpus and which embedding model.
        available_from: the first day that undated documents are known to have been public, `YYYY-MM-DD`.
        on_progress: called with documents done and their number, where known.
        embedder: what to embed with; unset, the model that the settings name.

    Raises:
        InputError: a path does not exist, or the date is none.
        CorpusError: the corpus is locked by another writer, or was built with another model.
    """
    from factcheck.embed import load_embedder
    from factcheck.index import Corpus

    # Every path and the date are looked at before anything is written.
    streams = [load_documents(path, available_from=available_from) for path in paths]
    bad: list[BadFile] = []

    def documents() -> Iterator[Document]:
        for stream in streams:
            for item in stream:
                if isinstance(item, BadFile):
                    bad.append(item)
                else:
                    yield item

    corpus = Corpus.open_or_create(
        corpus_directory(settings), embedder or load_embedder(settings), server=settings.chroma_url
    )
    try:
        done = corpus.add(documents(), on_progress=on_progress)
        return IngestSummary(
            added=done.added,
            unchanged=done.unchanged,
            replaced=done.replaced,
            passages=done.passages,
            bad=tuple(bad),
            snapshot=corpus.snapshot,
        )
    finally:
        corpus.close()


def add_with_progress(paths: list[Path], settings: Settings, available_from: str | None, console: Console) -> bool:
    """Adds files with a progress bar, and tells what came of it. False if there were files and none could be read."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("adding documents", total=None)
        summary = ingest(
            paths, settings, available_from, lambda done, total: bar.update(task, completed=done, total=total)
        )
    return tell(summary, console)


def tell(summary: IngestSummary, console: Console) -> bool:
    """Names every bad file and counts the rest. False if there were files and none could be read."""
    for item in summary.bad:
        place = f"{item.path}" + (f", line {item.line}" if item.line else "")
        console.print(printable(f"skipped {place}: {item.reason}"), style="yellow", markup=False)
    good = summary.added + summary.unchanged + summary.replaced
    print(
        f"{summary.added} added, {summary.replaced} replaced, {summary.unchanged} unchanged,"
        f" {len(summary.bad)} skipped; {summary.passages} new passages; snapshot {summary.snapshot}"
    )
    return bool(good) or not summary.bad


def reindex_with_progress(settings: Settings, console: Console) -> None:
    """Embeds every document of the corpus again with the model that is set now."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from factcheck.embed import load_embedder
    from factcheck.index import Corpus

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("embedding passages", total=None)
        corpus = Corpus.open(
            corpus_directory(settings), load_embedder(settings), reindexing=True, server=settings.chroma_url
        )
        corpus.reindex(lambda done, total: bar.update(task, completed=done, total=total))
        print(f"{corpus.info().passages} passages embedded with {corpus.embedder.name}; snapshot {corpus.snapshot}")
        corpus.close()
