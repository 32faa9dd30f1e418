"""The commands `corpus ...`: the reference corpus."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import CorpusOption, load_settings, open_corpus, progress, stderr
from factcheck.cli.review_changes import tell_the_desk
from factcheck.errors import InputError

if TYPE_CHECKING:
    from factcheck.care.health import Health
    from factcheck.index import Corpus

corpus_app = typer.Typer(help="The reference corpus: add, list and remove its documents.", no_args_is_help=True)


class HealthFormat(StrEnum):
    """What the doctor's findings are written as."""

    text = "text"
    json = "json"


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

    settings = load_settings(corpus=corpus)
    if not add_with_progress(paths, settings, available_from, stderr()):
        raise typer.Exit(2)
    tell_the_desk(settings)


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

    settings = load_settings(corpus=corpus)
    place = corpus_directory(settings)
    if not place.exists():
        raise InputError(f"There is no corpus of yours at {place}, and the demo notes cannot be removed.")
    with open_corpus(corpus) as opened:
        known = [key for key in dict.fromkeys(ids) if opened.document(key) is not None]
        print(f"{opened.remove(known)} removed.")
    tell_the_desk(settings)
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


@corpus_app.command("doctor")
def corpus_doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, and tell what was done.")] = False,
    format: Annotated[HealthFormat, typer.Option("--format", "-f", help="text or json.")] = HealthFormat.text,
    corpus: CorpusOption = None,
) -> None:
    """Examine the corpus: vectors, model, damage, duplicates, dates. Exit code 1 if faults are left."""
    from factcheck.care import health

    if load_settings(corpus=corpus).chroma_url:
        raise InputError("The doctor reads the corpus's own files: stop its server and unset FACTCHECK_CHROMA_URL.")
    with _opened_as_it_is(corpus) as opened:
        if repair:
            with progress("mending") as show:
                found = health.repair(opened, show)
        else:
            found = health.examine(opened)
    if format is HealthFormat.json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        _print_health(found, repair)
    if found.faults:
        raise typer.Exit(1)


@corpus_app.command("export")
def corpus_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The file to write.")], corpus: CorpusOption = None
) -> None:
    """Write the corpus to one file: documents, vectors, claims checked before, and a checksum for each part."""
    from factcheck.care.archive import export

    with _opened_as_it_is(corpus, checked=True) as opened:
        done = export(opened, file)
    counts = done.manifest.counts
    print(
        f"{counts.documents} documents, {counts.passages} passages, {counts.claims} checked claims;"
        f" snapshot {done.manifest.snapshot}; {done.bytes:,} bytes, SHA-256 {done.sha256}"
    )


@corpus_app.command("import")
def corpus_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What `corpus export` wrote.")],
    merge: Annotated[bool, typer.Option("--merge", help="Add to a corpus that is not empty.")] = False,
    reindex: Annotated[
        bool, typer.Option("--reindex", help="Embed again instead of taking the vectors in it.")
    ] = False,
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="Corpus directory (default: yours).", show_default=False)
    ] = None,
) -> None:
    """Read an exported corpus into yours, after checking all of it. Interrupted, it goes on when it is run again."""
    from factcheck.care.restore import restore
    from factcheck.embed import load_embedder
    from factcheck.engine import corpus_directory

    settings = load_settings(corpus=corpus)
    with progress("importing documents") as show:
        done = restore(
            file, corpus_directory(settings), load_embedder(settings), merge=merge, reindex=reindex, on_progress=show
        )
    print(
        f"{done.added} added, {done.replaced} replaced, {done.unchanged} unchanged; {done.passages} new passages,"
        f" {done.claims} checked claims; snapshot {done.snapshot}"
    )
    tell_the_desk(settings)
    if not done.same:
        stderr().print("The corpus holds other documents too, so its snapshot is not the export's.", style="dim")


def _opened_as_it_is(corpus: Path | None, *, checked: bool = False) -> Corpus:
    """The user's corpus, or the demo notes where there is none; of another model too, unless that is checked."""
    from factcheck.embed import load_embedder
    from factcheck.engine import corpus_directory, demo_corpus_directory
    from factcheck.index import Corpus

    settings = load_settings(corpus=corpus)
    place, server = corpus_directory(settings), settings.chroma_url
    if settings.corpus is None and not place.exists() and demo_corpus_directory(settings).exists():
        place, server = demo_corpus_directory(settings), None
    return Corpus.open(place, load_embedder(settings), reindexing=not checked, server=server)


def _print_health(found: Health, repaired: bool) -> None:
    from factcheck.report import printable

    print(f"{found.corpus}: {found.documents} documents, {found.passages} passages, {found.snapshot or 'unreadable'}")
    for sentence in found.mended:
        print(f"mended  {printable(sentence)}")
    for trouble in found.troubles:
        some = ", ".join(trouble.ids) + (", ..." if trouble.count > len(trouble.ids) else "")
        where = f" [{some}]" if some else ""
        print(f"{trouble.severity:<7} {trouble.name} ({trouble.count}): {printable(trouble.sentence + where)}")
    mendable = sum(trouble.mendable for trouble in found.troubles)
    if not found.faults:
        print("ok      no faults")
    elif repaired and mendable:
        print(f"{mendable} of these could not be mended now. Run it again; if they stay, import an export.")
