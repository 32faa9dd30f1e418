"""What a system may search or is given, as the product's own documents and passages.

In both, `Document.id` is the set's `doc_id`, so that a quote or a passage is traced back to the set by its
`document_id` alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factcheck.corpus import split_passages
from factcheck.errors import InputError, ReadError
from factcheck.evals.datasets import load_corpus_documents
from factcheck.evals.lines import read_bytes
from factcheck.evals.rows import Dataset, Given, Question
from factcheck.read.about import document_of
from factcheck.settings import Settings
from factcheck.types import Document, Passage

if TYPE_CHECKING:
    from factcheck.embed import Embedder
    from factcheck.index import Corpus

Note = Callable[[str], None]
OnProgress = Callable[[int, int | None], None]

_BETWEEN = "\n\n"


class GivenPassage(NamedTuple):
    """A passage that comes with a question, and the document that it is of."""

    document: Document
    passage: Passage


def corpus_file(dataset: Dataset) -> Path:
    """The file of documents that a set is searched in.

    Raises:
        InputError: the set names none, or it is not there.
    """
    if dataset.corpus is None:
        raise InputError(
            f"{dataset.path} names no corpus to search. Give one with --corpus, or use the given evidence."
        )
    if not dataset.corpus.is_file():
        raise InputError(f"There is no corpus file at {dataset.corpus}. Put it there, or name it with --corpus.")
    return dataset.corpus


def eval_corpus(
    path: Path,
    settings: Settings,
    note: Note | None = None,
    *,
    on_progress: OnProgress | None = None,
    embedder: Embedder | None = None,
) -> Corpus:
    """The corpus of an evaluation file, indexed under `settings.home / "evals"` the first time, then opened.

    The directory is named after the file's content and the model, so a changed file or another model is indexed anew.
    Indexing that was cut off goes on where it was.

    Args:
        path: documents as `load_corpus_documents` reads them.
        settings: the embedding model, and where to keep the index.
        note: told in a sentence that indexing begins.
        on_progress: called with the number of documents done and their number.
        embedder: another model than the settings name.

    Returns:
        The corpus, open; its documents' ids are the file's `doc_id`s.

    Raises:
        InputError: the file cannot be used or holds no document.
        CorpusLocked: another process is indexing it.
    """
    from factcheck.embed import load_embedder
    from factcheck.index import Corpus

    embedder = embedder or load_embedder(settings)
    documents = tuple(load_corpus_documents(path))
    if not documents:
        raise InputError(
            f"{path} holds no documents. Give a file with a JSON object with `doc_id` and `text` on each line."
        )
    corpus = Corpus.open_or_create(corpus_directory(path, settings, embedder), embedder)
    try:
        there = corpus.info().documents
        if there < len(documents):
            if note:
                note(f"Indexing {len(documents) - there:,} of the {len(documents):,} documents of {path.name} ...")
            corpus.add(documents, on_progress)
    except BaseException:
        corpus.close()
        raise
    return corpus


def corpus_directory(path: Path, settings: Settings, embedder: Embedder) -> Path:
    """Where the index of a corpus file is, or would be, for a model."""
    from factcheck.index import LAYOUT

    digest = hashlib.sha256(read_bytes(path))
    for part in (embedder.name, embedder.revision, embedder.scheme, LAYOUT):
        digest.update(b"\0" + part.encode())
    return settings.home / "evals" / f"{path.stem}-{digest.hexdigest()[:12]}"


def given_passages(question: Question) -> tuple[GivenPassage, ...]:
    """The evidence that comes with a question, cut as a corpus would cut it, in the order given.

    Pieces with the same `doc_id` are parts of one document, with a blank line between, so that they count as one
    source and every quote has one place; the same words twice come once. Offsets count characters of that text.

    Raises:
        InputError: a field of the evidence cannot be used.
    """
    grouped: dict[str, dict[str, Given]] = {}
    for piece in question.evidence:
        grouped.setdefault(piece.doc_id, {}).setdefault(piece.text, piece)
    documents = [_document(key, tuple(pieces.values()), question) for key, pieces in grouped.items()]
    return tuple(GivenPassage(document, passage) for document in documents for passage in split_passages(document))


def _document(key: str, pieces: tuple[Given, ...], question: Question) -> Document:
    fields = {
        name: next((value for piece in pieces if (value := getattr(piece, name)) is not None), None)
        for name in ("title", "url", "published")
    }
    try:
        return document_of(_BETWEEN.join(piece.text for piece in pieces), {**fields, "doc_id": key})
    except ReadError as error:
        raise InputError(f"The evidence {key!r} of row {question.id!r} cannot be used: {error}. Correct it.") from error
