"""The rows of a JSONL file, or of a JSON list, each with the place that a message about it names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from factcheck.errors import InputError


class Placed(NamedTuple):
    """A row with its place, `file:line`, or `file, item n` in a JSON list."""

    place: str
    number: int
    fields: Mapping[str, Any]


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"There is no file at {path}. Check the spelling of the path.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}. Name a file that can be read.") from error


def rows_of(data: bytes, path: Path) -> Iterator[Placed]:
    """The rows of a file's bytes: a JSON object a line, or one JSON list of objects.

    A byte order mark, CRLF line ends and blank lines are accepted. `number` counts lines, or items, from 1.

    Raises:
        InputError: the bytes are not UTF-8, or a row is not a JSON object; the message says where.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"[":
        items = _parsed(data, str(path))
        for number, item in enumerate(items, start=1):
            yield _object(item, f"{path}, item {number}", number)
        return
    # Not splitlines: a JSON string may hold U+2028 and its like as they are.
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            place = f"{path}:{number}"
            yield _object(_parsed(line, place), place, number)


def _parsed(data: bytes, place: str) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{place} is not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    except RecursionError as error:
        raise InputError(f"{place} is nested too deeply to be a row. Take it out.") from error
    except ValueError as error:
        raise InputError(
            f"{place} is not JSON ({error}). Write one JSON object a line, or a list of objects."
        ) from error


def _object(item: Any, place: str, number: int) -> Placed:
    if not isinstance(item, dict):
        raise InputError(f'{place} is not a JSON object. Write one object a line, such as {{"id": ..., ...}}.')
    return Placed(place, number, item)
