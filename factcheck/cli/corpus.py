"""The commands `corpus ...`: the reference corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.common import CorpusOption, load_settings, open_corpus, stderr
from factcheck.errors import InputError

corpus_app = typer.Typer(help="The reference corpus: add, list and remove its documents.", no_args_is_help=True)


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

    if not add_with_progress(paths, load_settings(corpus=corpus), available_from, stderr()):
        raise typer.Exit(2)


@corpus_app.command("list")
def corpus_list(corpus: CorpusOption = None) -> None:
    """List the documents: id, date, language, publisher, title."""
    from factcheck.report import printable

    with open_corpus(corpus) as opened:
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

    place = corpus_directory(load_settings(corpus=corpus))
    if not place.exists():
        raise InputError(f"There is no corpus of yours at {place}, and the demo notes cannot be removed.")
    with open_corpus(corpus) as opened:
        known = [key for key in dict.fromkeys(ids) if opened.document(key) is not None]
        print(f"{opened.remove(known)} removed.")
    if unknown := sorted(set(ids) - set(known)):
        raise InputError(f"Not in the corpus: {', '.join(unknown)}. `factcheck corpus list` shows the ids.")


@corpus_app.command("info")
def corpus_info(corpus: CorpusOption = None) -> None:
    """Show what the corpus holds, its snapshot and its embedding model."""
    with open_corpus(corpus) as opened:
        for name, value in opened.info().model_dump(mode="json").items():
            print(f"{name.replace('_', ' ')}: {value}")


@corpus_app.command("reindex")
def corpus_reindex(corpus: CorpusOption = None) -> None:
    """Embed every document again, with the embedding model that is set now."""
    from factcheck.ingestion import reindex_with_progress

    reindex_with_progress(load_settings(corpus=corpus), stderr())
