"""Reviews out of files: ClaimReview objects however they are wrapped, as JSON or as JSONL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from factcheck.claimreview.review import Review, review_of, review_of_api
from factcheck.errors import ReadError
from factcheck.types import Value

MAX_FILE_BYTES = 500_000_000
"""Largest JSON file that is read whole; JSONL may be of any length."""
MAX_LINE_BYTES = 20_000_000
MAX_DEPTH = 12
"""Wrappings within one another that are looked into."""

_WRAPPINGS = ("@graph", "itemListElement", "dataFeedElement", "item", "claims", "mainEntity")
_LINES = frozenset({".jsonl", ".ndjson"})


class BadReview(Value):
    """An item that could not be taken in: where it stands, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class _Item(NamedTuple):
    place: str
    value: Any
    depth: int = 0
    among_others: bool = False
    """Whether it stands in a graph, where items of other kinds are to be expected."""


def load_reviews(path: Path) -> Iterator[Review | BadReview]:
    """The reviews in a file, in order; what cannot be used comes as a `BadReview` in its place.

    A file holds one ClaimReview, a list of them, a JSON-LD `@graph`, an ItemList or DataFeed, or an answer of
    Google's Fact Check Tools API (`claims[].claimReview[]`); in a JSONL file every line may be any of these.

    Args:
        path: a file that ends in .jsonl or .ndjson is read by lines; any other as one JSON text, or by lines if it
            is none.

    Raises:
        ReadError: there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise ReadError(f"There is no file at {path}. Name a JSON or JSONL file with ClaimReview items.")
    return _reviews(path)


def _reviews(path: Path) -> Iterator[Review | BadReview]:
    try:
        whole = None if path.suffix.lower() in _LINES else _whole(path)
        for item in _lines(path) if whole is None else (whole,):
            if isinstance(item, BadReview):
                yield item
            else:
                yield from _walk(item)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}. Name a file that can be read.") from error


def _whole(path: Path) -> _Item | BadReview | None:
    """The file as one JSON text; None if it is one JSON text a line."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        return BadReview(
            place=str(path),
            reason=f"the file has {size:,} bytes, more than {MAX_FILE_BYTES:,}; write one item a line as .jsonl",
        )
    data = path.read_bytes()
    try:
        return _Item(str(path), _parsed(data))
    except ReadError as error:
        try:
            _parsed(data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0])
        except ReadError:
            return BadReview(place=str(path), reason=str(error))
        return None


def _lines(path: Path) -> Iterator[_Item | BadReview]:
    with path.open("rb") as rows:
        number = 0
        while line := rows.readline(MAX_LINE_BYTES):
            number += 1
            place = f"{path}:{number}"
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                while (rest := rows.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield BadReview(place=place, reason=f"the line is longer than {MAX_LINE_BYTES:,} bytes")
            elif line.strip():
                try:
                    yield _Item(place, _parsed(line))
                except ReadError as error:
                    yield BadReview(place=place, reason=str(error))


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReadError(f"it is not UTF-8 (byte {error.start})") from error
    except RecursionError as error:
        raise ReadError("it is nested too deeply") from error
    except ValueError as error:  # also a number of thousands of digits
        raise ReadError(f"it is not JSON ({error})") from error


def _walk(root: _Item) -> Iterator[Review | BadReview]:
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if item.depth > MAX_DEPTH:
            yield BadReview(place=item.place, reason="it is wrapped too deeply")
        elif isinstance(item.value, list):
            waiting += reversed([_inside(item, f"[{i}]", value) for i, value in enumerate(item.value)])
        elif not isinstance(item.value, dict):
            yield BadReview(place=item.place, reason="it is not a JSON object")
        elif _is_review(item.value):
            yield _taken(item.place, partial(review_of, item.value))
        elif isinstance(item.value.get("claimReview"), list):
            yield from _answers(item.place, item.value, item.value["claimReview"])
        elif inner := [key for key in _WRAPPINGS if isinstance(item.value.get(key), (dict, list))]:
            waiting += reversed([_inside(item, f" {key}", item.value[key], key == "@graph") for key in inner])
        elif not item.among_others:
            yield BadReview(place=item.place, reason="there is no ClaimReview in it")


def _inside(outer: _Item, step: str, value: Any, graph: bool = False) -> _Item:
    return _Item(outer.place + step, value, outer.depth + 1, graph or outer.among_others)


def _is_review(fields: Mapping[str, Any]) -> bool:
    kinds = fields.get("@type", fields.get("type"))
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.rpartition("/")[2].rpartition(":")[2] == "ClaimReview" for name in names)


def _answers(place: str, claim: Mapping[str, Any], reviews: Sequence[Any]) -> Iterator[Review | BadReview]:
    for i, review in enumerate(reviews):
        at = f"{place} claimReview[{i}]"
        if isinstance(review, dict):
            yield _taken(at, partial(review_of_api, claim, review))
        else:
            yield BadReview(place=at, reason="it is not a JSON object")


def _taken(place: str, read: Callable[[], Review]) -> Review | BadReview:
    try:
        return read()
    except ReadError as error:
        return BadReview(place=place, reason=str(error))
