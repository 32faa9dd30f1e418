"""What is odd about the documents and passages of a corpus as they lie in SQLite. It only looks."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from factcheck.corpus.store import DocumentStore, content_hash
from factcheck.errors import CorpusError
from factcheck.types import Document

_FIELDS = (
    "id", "text", "title", "publisher", "url", "author", "published", "available_from", "language", "source_family",
    "reliability", "media_type", "unseen",
)  # fmt: skip
_AT_ONCE = 200


class StoreFacts(NamedTuple):
    """Ids of documents by what is odd about them, and every passage that a ready document has."""

    damage: tuple[str, ...]
    """What SQLite itself says of the file; empty if it is sound. Then nothing else was looked at, if it is not."""
    pending: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    """Rows that make no document."""
    altered: tuple[str, ...] = ()
    """Content that is not the one the document was added with."""
    misplaced: tuple[str, ...] = ()
    """Documents with a passage that is not at its offsets."""
    uncut: tuple[str, ...] = ()
    """Documents with text and without a passage."""
    copies: tuple[tuple[str, ...], ...] = ()
    """Documents with the same text, each group by id."""
    undated: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    no_language: tuple[str, ...] = ()
    no_publisher: tuple[str, ...] = ()
    documents: int = 0
    passages: frozenset[str] = frozenset()


def look_at_store(store: DocumentStore, today: date) -> StoreFacts:
    """Reads every document and passage once.

    Args:
        store: what to look at.
        today: a document dated later is from the future.

    Raises:
        CorpusError: the file cannot be read at all.
    """
    damage = _damage(store)
    if damage:
        return StoreFacts(damage)
    try:
        return _facts(store, today)
    except CorpusError as error:  # what SQLite overlooks when it examines itself and stumbles over when it reads
        return StoreFacts((str(error),))


def _damage(store: DocumentStore) -> tuple[str, ...]:
    try:
        said = [str(row[0]) for row in store.rows("PRAGMA integrity_check(5)")]
        lost = [f"a row of {row[0]} refers to a row of {row[2]} that is gone" for row in _foreign(store)]
    except CorpusError as error:
        if isinstance(error.__cause__, sqlite3.DatabaseError):
            return (str(error.__cause__),)
        raise
    return tuple(line for line in said if line != "ok") + tuple(lost)


def _foreign(store: DocumentStore) -> list[tuple[Any, ...]]:
    return store.rows("SELECT * FROM pragma_foreign_key_check('passages') LIMIT 5")


def _facts(store: DocumentStore, today: date) -> StoreFacts:
    found: dict[str, list[str]] = defaultdict(list)
    by_text: dict[bytes, list[str]] = defaultdict(list)
    passages: set[str] = set()
    count = 0
    for rows, cut in _batches(store):
        for row in rows:
            count += 1
            identifier, text = str(row[0]), row[1]
            passages.update(str(passage[0]) for passage in cut[identifier])
            for oddity in _of_row(row, cut[identifier], today):
                found[oddity].append(identifier)
            if isinstance(text, str):
                by_text[hashlib.sha256(text.encode("utf-8", "replace")).digest()].append(identifier)
    return StoreFacts(
        damage=(),
        pending=tuple(str(row[0]) for row in store.rows("SELECT id FROM documents WHERE state = 'pending'")),
        copies=tuple(tuple(ids) for ids in by_text.values() if len(ids) > 1),
        documents=count,
        passages=frozenset(passages),
        **{name: tuple(ids) for name, ids in found.items()},
    )


def _of_row(row: tuple[Any, ...], cut: list[tuple[Any, ...]], today: date) -> Iterator[str]:
    """The names of the oddities of one document."""
    try:
        document = Document(**dict(zip(_FIELDS, row, strict=False)))
    except ValidationError:
        yield "unreadable"
        return
    if content_hash(document) != row[-1]:
        yield "altered"
    if any(document.text[start:end] != text or start >= end for _, start, end, text in cut):
        yield "misplaced"
    if not cut and document.text.strip():
        yield "uncut"
    if document.public_from is None:
        yield "undated"
    elif document.public_from > today and len(document.published or document.available_from or "") == 10:
        yield "future"
    if document.language is None:
        yield "no_language"
    if document.publisher is None:
        yield "no_publisher"


def _batches(store: DocumentStore) -> Iterator[tuple[list[tuple[Any, ...]], Mapping[str, list[tuple[Any, ...]]]]]:
    """Rows of ready documents with the rows of their passages: id, start, end, text."""
    sql = f"""SELECT {", ".join(_FIELDS)}, content_hash FROM documents
              WHERE state = 'ready' AND id > ? ORDER BY id LIMIT {_AT_ONCE}"""
    last = ""
    while rows := store.rows(sql, last):
        last = str(rows[-1][0])
        cut: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        marks = ", ".join("?" * len(rows))
        for owner, *passage in store.rows(
            f'SELECT document_id, id, "start", "end", text FROM passages WHERE document_id IN ({marks})',
            *(row[0] for row in rows),
        ):
            cut[str(owner)].append(tuple(passage))
        yield rows, cut
