"""What a batch reads: claims out of JSONL or CSV, or the articles of a directory, one at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from factcheck.errors import InputError
from factcheck.read import SUFFIXES
from factcheck.types import content_id, latest_day

ARTICLE_SUFFIXES = tuple(SUFFIXES)
JSON_SUFFIXES, TABLE_SUFFIXES = (".jsonl", ".ndjson", ".json"), (".csv", ".tsv")

MAX_LINE = 10_000_000
"""Bytes of a line, and characters of a cell, beyond which it is no claim: what is not looked at takes no memory."""


class BatchClaim(NamedTuple):
    """A claim of the input, or why a line is none; or an article, where `article` is its name."""

    line: int
    id: str
    text: str
    as_of: date | None
    speaker: str | None
    language: str | None
    problem: str | None
    article: str | None = None

    def key(self, as_of: date | None) -> str:
        """What makes two claims one: their words, day, speaker and language. A bad line is like no other."""
        if self.article is not None:
            return content_id("article", self.article)
        if self.problem is not None:
            return content_id("line", str(self.line))
        return content_id("claim", self.text, str(as_of or self.as_of), self.speaker or "", self.language or "")


class Shard(NamedTuple):
    """The i-th of n parts of the input, counted from 1. Equal claims are always in the same part."""

    i: int
    n: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """`2/8` as the second of eight.

        Raises:
            InputError: it is not two whole numbers of which the first is at most the second.
        """
        first, _, second = text.partition("/")
        if not (first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
            raise InputError(f"--shard takes a part and their number, such as 1/8; {text!r} is not that.")
        return cls(int(first), int(second))

    def holds(self, key: str) -> bool:
        """Whether the claim of that key belongs to this part."""
        return int(content_id("shard", key).rpartition("-")[2], 16) % self.n == self.i - 1


def check_source(source: Path) -> None:
    """Sees that there is something of a kind that can be read.

    Raises:
        InputError: there is not.
    """
    if not source.exists():
        raise InputError(f"There is no file or directory {source}.")
    if source.is_file() and source.suffix.lower() not in (*JSON_SUFFIXES, *TABLE_SUFFIXES):
        raise InputError(
            f"{source} is not a JSONL or CSV file of claims; for one article use `factcheck check {source}`."
        )
    if source.is_dir() and not articles(source):
        raise InputError(f"{source} holds no article ({', '.join(ARTICLE_SUFFIXES)}).")


def articles(directory: Path) -> list[Path]:
    """The articles of a directory, however deep, in the order of their names."""
    return sorted(p for p in directory.rglob("*") if p.is_file() and p.suffix.lower() in ARTICLE_SUFFIXES)


def read_items(source: Path) -> Iterator[BatchClaim]:
    """Everything that a file or a directory holds, in its order."""
    if not source.is_dir():
        yield from read_claims(source)
        return
    for number, path in enumerate(articles(source), start=1):
        name = path.relative_to(source).as_posix()
        yield BatchClaim(number, name, "", None, None, None, None, article=name)


def read_claims(source: Path) -> Iterator[BatchClaim]:
    """The claims of a JSONL or CSV file, a bad line as a claim with its problem.

    Raises:
        InputError: the file cannot be read, or a table has no column for the claims.
    """
    try:
        yield from (_rows if source.suffix.lower() in TABLE_SUFFIXES else _lines)(source)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from error


def _lines(source: Path) -> Iterator[BatchClaim]:
    with source.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                _to_its_end(file)
                yield _bad(number, f"it is longer than {MAX_LINE:,} bytes.")
            elif line.strip():
                yield _parsed(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)


def _to_its_end(file: BinaryIO) -> None:
    while (more := file.readline(MAX_LINE)) and not more.endswith(b"\n"):
        pass


def _parsed(number: int, line: bytes) -> BatchClaim:
    try:
        row = json.loads(line.decode("utf-8"))
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return _bad(number, "it holds half a character (a lone surrogate), which no text can.")
    except UnicodeDecodeError as error:
        return _bad(number, f"this is not UTF-8 (byte {error.start}).")
    except (ValueError, RecursionError) as error:
        return _bad(number, f"this is not JSON ({error}).")
    if not isinstance(row, dict):
        return _bad(number, "a claim is a JSON object with the key text.")
    return _claim(number, row, "key")


def _rows(source: Path) -> Iterator[BatchClaim]:
    """The rows of a table with a header; its cells are told apart by what the header holds most: `,`, `;` or tabs."""
    csv.field_size_limit(MAX_LINE)
    with source.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        head = file.readline(MAX_LINE)
        file.seek(0)
        reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count), restkey="", restval="")
        names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
        if not names & {"text", "claim"}:
            raise InputError(
                f"{source}:1: the table needs a column named text (or claim);"
                f" it has {', '.join(sorted(names)) or 'none'}."
            )
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                yield _bad(reader.line_num, f"this is no row of a table ({error}).")
                continue
            if row is None:
                return
            cells = {(name or "").strip().lower(): cell for name, cell in row.items()}
            yield _cells(reader.line_num, cells)


def _cells(number: int, cells: Mapping[str, Any]) -> BatchClaim:
    if cells.get(""):
        return _bad(number, "it has more cells than the header.")
    try:
        "".join(cell for cell in cells.values() if cell).encode("utf-8")
    except UnicodeEncodeError:
        return _bad(number, "this is not UTF-8.")
    return _claim(number, {name: cell for name, cell in cells.items() if cell}, "column")


def _bad(number: int, problem: str, key: str = "", text: str = "") -> BatchClaim:
    return BatchClaim(number, key or f"line-{number}", text, None, None, None, f"Line {number}: {problem}")


def _claim(number: int, row: Mapping[str, Any], where: str) -> BatchClaim:
    key = str(row["id"]) if row.get("id") not in (None, "") else f"line-{number}"
    text = row.get("text") or row.get("claim")
    if not isinstance(text, str) or not text.strip():
        return _bad(number, f"the {where} text (or claim) is missing or empty.", key)
    day = row.get("as_of") or row.get("claim_date")
    try:
        as_of = latest_day(str(day)) if day else None
    except ValueError as error:
        return _bad(number, f"as_of: {error}.", key, text)
    speaker, language = row.get("speaker"), row.get("language") or row.get("lang")
    return BatchClaim(
        number,
        key,
        text,
        as_of,
        speaker if isinstance(speaker, str) else None,
        language if isinstance(language, str) else None,
        None,
    )
