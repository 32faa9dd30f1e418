"""Reference notes read from files into documents: one a file, or one a line of JSONL."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from factcheck.corpus.store import content_hash
from factcheck.errors import CorpusError, ReadError
from factcheck.read import check_text, document_of, read_file
from factcheck.types import Document, Value, latest_day

MAX_LINE_BYTES = 20_000_000
"""Longest JSONL row that is read; a longer one is reported and skipped."""

JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson"})


class BadFile(Value):
    """A file, or one line of a JSONL file, that could not be taken into the corpus, and why."""

    path: str
    line: int | None = None
    reason: str

    def __str__(self) -> str:
        return f"{self.path}{'' if self.line is None else f', line {self.line}'}: {self.reason}"


def load_documents(path: Path, available_from: str | None = None) -> Iterator[Document | BadFile]:
    """The documents of a file or of a directory and everything under it, in the order of their paths.

    Markdown (front matter understood), text, HTML, PDF, DOCX and subtitles are one document a file; JSONL is one a
    line: `text`, and if wanted `title`, `publisher`, `url`, `published`, `available_from`, `language`, `author`,
    `source_family`, `reliability` and `doc_id`, which becomes the document's id. Hidden files are passed over. What
    cannot be used comes as a `BadFile` in its place and the rest goes on. The same document twice comes once; a
    second, different document under an id already used is a `BadFile`.

    Args:
        path: a file or a directory.
        available_from: first day (`YYYY[-MM[-DD]]`) that documents with neither date count as public.

    Raises:
        ReadError: there is nothing at `path`.
        CorpusError: `available_from` is not a date.
    """
    path = Path(path)
    if available_from is not None:
        try:
            latest_day(available_from)
        except ValueError as error:
            raise CorpusError(f"The available-from date cannot be used: {error}.") from error
    if not path.exists():
        raise ReadError(f"There is no file or directory at {path}. Check the spelling of the path.")
    return _distinct(_dated(_each(path), available_from))


class _Placed(NamedTuple):
    """A document with the place that a message about it names."""

    path: str
    line: int | None
    document: Document


def _each(path: Path) -> Iterator[_Placed | BadFile]:
    for file in _files(path):
        name = _shown(file)
        if file.suffix.lower() in JSONL_SUFFIXES:
            yield from _jsonl(file, name)
        else:
            try:
                yield _Placed(name, None, read_file(file))
            except ReadError as error:
                yield BadFile(path=name, reason=str(error))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found: list[Path] = []
    for folder, folders, names in os.walk(path):
        folders[:] = [f for f in folders if not f.startswith(".")]
        found += [Path(folder, n) for n in names if not n.startswith(".")]
    # A pipe or a device in the directory would block the reader for ever.
    yield from sorted(file for file in found if file.is_file() or not file.exists())


def _shown(path: Path) -> str:
    """The path as text that can always be printed, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def _jsonl(file: Path, name: str) -> Iterator[_Placed | BadFile]:
    try:
        with file.open("rb") as rows:
            for number, row in enumerate(_lines(rows.readline), start=1):
                try:
                    if row is None:
                        raise ReadError(f"the row is longer than {MAX_LINE_BYTES:,} bytes; split the document")
                    if row.strip():
                        yield _Placed(name, number, _document_of_row(row))
                except ReadError as error:
                    yield BadFile(path=name, line=number, reason=str(error))
    except OSError as error:
        yield BadFile(path=name, reason=f"{name} cannot be read: {error.strerror or error}.")


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes | None]:
    """Each line of a file; None for one that is too long to hold in memory."""
    first = True
    while line := readline(MAX_LINE_BYTES):
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _document_of_row(row: bytes) -> Document:
    try:
        fields = json.loads(row.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ReadError(f"the row is not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    except RecursionError as error:
        raise ReadError("the row is nested too deeply to be a document") from error
    except ValueError as error:
        raise ReadError(f"the row is not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise ReadError('the row is not a JSON object; write {"text": ...} on one line')
    text = fields.get("text")
    if not isinstance(text, str):
        raise ReadError("the row has no 'text', or it is not a string")
    check_text(text, "the text of the row")
    return document_of(text, fields)


def _dated(stream: Iterable[_Placed | BadFile], available_from: str | None) -> Iterator[_Placed | BadFile]:
    for item in stream:
        if isinstance(item, BadFile) or available_from is None or item.document.public_from is not None:
            yield item
        else:
            yield item._replace(document=_available(item.document, available_from))


def _available(document: Document, day: str) -> Document:
    fields = document.model_dump(exclude={"id", "text"})
    given_id = document.id != Document.from_text(document.text, **fields).id
    dated = Document.from_text(document.text, **{**fields, "available_from": day})
    return dated.model_copy(update={"id": document.id}) if given_id else dated


def _distinct(stream: Iterable[_Placed | BadFile]) -> Iterator[Document | BadFile]:
    seen: dict[str, tuple[str, str]] = {}
    for item in stream:
        if isinstance(item, BadFile):
            yield item
            continue
        digest = content_hash(item.document)
        place = item.path if item.line is None else f"line {item.line} of {item.path}"
        first = seen.setdefault(item.document.id, (digest, place))
        if first[1] == place:
            yield item.document
        elif first[0] != digest:
            reason = f"the id {item.document.id!r} already belongs to a different document, in {first[1]}"
            yield BadFile(path=item.path, line=item.line, reason=reason)
