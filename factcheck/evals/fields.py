"""The fields of a row, each read as what it must be, with an error that names the place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from factcheck.errors import InputError, ReadError
from factcheck.evals.lines import Placed
from factcheck.read.about import source_fields


def letters(name: object) -> str:
    """The lower-case letters and digits of a label, so that its spelling does not matter."""
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def identifier(row: Placed, *names: str) -> str:
    """The first of the named fields that is a text or a whole number.

    Raises:
        InputError: none is.
    """
    for name in names:
        value = row.fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    raise InputError(f"{row.place}: `{names[0]}` is missing, or neither a text nor a number. Give the row an id.")


def text_of(row: Placed, *names: str) -> str:
    """The first of the named fields that is there, a text with something in it.

    Raises:
        InputError: none is there, or it is empty or damaged.
    """
    name = next((name for name in names if row.fields.get(name) is not None), names[0])
    value = row.fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{row.place}: `{name}` is missing or empty. Write it in, or take the row out.")
    return whole(value, name, row.place)


def optional(fields: Mapping[str, Any], name: str, place: str) -> str | None:
    """A text that may be left out; white space alone is nothing.

    Raises:
        InputError: it is no text, or damaged.
    """
    value = fields.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise InputError(f"{place}: `{name}` is not a text. Write it in quotation marks or take it out.")
    return whole(value, name, place)


def whole(value: str, name: str, place: str) -> str:
    """The text itself, if it can be stored and shown.

    Raises:
        InputError: it holds half a surrogate pair.
    """
    if re.search(r"[\ud800-\udfff]", value):
        raise InputError(
            f"{place}: `{name}` holds half a surrogate pair, so it is damaged text. Save it again as UTF-8."
        )
    return value


def list_of(row: Placed, name: str) -> list[Any]:
    """A list, empty where it is left out.

    Raises:
        InputError: it is something else.
    """
    value = row.fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{row.place}: `{name}` is not a list. Write it in square brackets or take it out.")
    return value


def language_of(row: Placed) -> str | None:
    """`lang` or `language` as ISO 639; `id-ms` is `id`, and so is `ms`, as everywhere in the house.

    Raises:
        InputError: it is no code.
    """
    name = row.fields.get("lang") or row.fields.get("language")
    try:
        return source_fields({"language": name}).get("language")
    except ReadError as error:
        raise InputError(f"{row.place}: {error}. Correct it or leave it out.") from error


def day_of(row: Placed) -> date | None:
    """`claim_date` as `YYYY-MM-DD`, or as AVeriTeC writes it, `DD-MM-YYYY`.

    Raises:
        InputError: it is no day of the calendar.
    """
    value = optional(row.fields, "claim_date", row.place)
    if value is None:
        return None
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)-(\d\d?)-(\d{4})", value.strip(), re.ASCII)
    try:
        if found:
            year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
            return date(int(year), int(month), int(day))
    except ValueError:
        pass
    raise InputError(f"{row.place}: the claim_date {value!r} is not a date. Write it as YYYY-MM-DD or leave it out.")
