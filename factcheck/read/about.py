"""What is known of where a text comes from: front matter, field values, the headline, the dateline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from factcheck.errors import ReadError
from factcheck.text import detect_language
from factcheck.types import Document, latest_day

_FRONT = re.compile(r"---[ \t]*\r?\n(?=[ \t]*(?:#.*|[A-Za-z_][\w -]*:))")
_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.MULTILINE)
_NO_VALUE = frozenset({"", "null", "Null", "NULL", "~"})
_TEXTS = ("title", "publisher", "author", "source_family")
_DATES = ("published", "available_from")
_RELIABILITY = ("disputed", "superseded", "weak_source")
MAX_FRONT_CHARS = 64_000
MAX_FIELD_CHARS = 2_000
MAX_ID_CHARS = 200


class Parted(NamedTuple):
    """A Markdown file's body, which is the end of the file unchanged, and its front matter."""

    body: str
    fields: dict[str, object]


def front_matter(text: str, name: str) -> Parted:
    """Parts YAML front matter from the Markdown under it.

    Raises:
        ReadError: it is not closed, or is no YAML mapping; the message says where.
    """
    import yaml

    opening = _FRONT.match(text)
    if opening is None:
        return Parted(text, {})
    closing = _FENCE.search(text, opening.end(), opening.end() + MAX_FRONT_CHARS)
    if closing is None:
        raise ReadError(f"The front matter of {name} is not closed. Put a line with --- after its last field.")
    try:
        # Every scalar stays the text that was written: `language: no` is Norwegian, `2024-06` is a month.
        fields = yaml.load(text[opening.end() : closing.start()], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f" in line {mark.line + 2}"
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        raise ReadError(
            f"The front matter of {name} is not YAML{line}: {problem}. Correct it or take it out."
        ) from error
    if fields is None:
        return Parted(text[closing.end() :], {})
    if not isinstance(fields, dict):
        raise ReadError(f"The front matter of {name} is not a list of `key: value` lines.")
    return Parted(text[closing.end() :], {str(key): value for key, value in fields.items()})


def source_fields(fields: Mapping[str, object]) -> dict[str, str]:
    """The fields of a document that a mapping (front matter, a JSONL row) gives; other keys are passed over.

    White space in titles and names is made plain. `doc_id` becomes `id`. A `url` that does not begin with http:// or
    https:// is no link and is left out.

    Raises:
        ReadError: a value cannot be used; the message names its key and what it takes.
    """
    known: dict[str, str] = {}
    for key in (*_TEXTS, *_DATES, "url", "language", "reliability", "doc_id"):
        if (value := _scalar(key, fields.get(key))) is not None:
            known[key] = value
    for key in _TEXTS:
        if key in known:
            known[key] = plain(known[key])
    for key in _DATES:
        if key in known:
            known[key] = _day(key, known[key])
    if "url" in known and not re.match(r"https?://[^\s<>\"]+\Z", known["url"]):
        del known["url"]
    if "language" in known:
        known["language"] = _language(known["language"])
    if known.get("reliability", "weak_source") not in _RELIABILITY:
        raise ReadError(
            f"'reliability' is {known['reliability']!r}; it takes {', '.join(_RELIABILITY)}, or is left out"
        )
    if "doc_id" in known:
        known["id"] = _identifier(known.pop("doc_id"))
    return {key: value for key, value in known.items() if value}


def document_of(text: str, fields: Mapping[str, object], **more: Any) -> Document:
    """A document of `text` with what `fields` says of its source; its language is detected where not given.

    Raises:
        ReadError: a field has a value that cannot be used; the message names it.
    """
    known: dict[str, Any] = {**source_fields(fields), **more}
    identifier = known.pop("id", None)
    if "language" not in known:
        known["language"] = detect_language(text)
    document = Document.from_text(text, **known)
    return document if identifier is None else document.model_copy(update={"id": identifier})


def plain(value: str) -> str:
    """One line without control characters, so that a title can be printed anywhere."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", " ", value).split())


def _scalar(key: str, value: object) -> str | None:
    if value is None or (isinstance(value, str) and value.strip() in _NO_VALUE):
        if key == "doc_id" and value is not None:
            raise ReadError("'doc_id' is empty; give an id or leave the key out")
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    if not isinstance(value, str):
        raise ReadError(f"'{key}' is not a text; write it in quotation marks")
    if len(value) > MAX_FIELD_CHARS:
        raise ReadError(f"'{key}' is longer than {MAX_FIELD_CHARS:,} characters")
    if re.search(r"[\ud800-\udfff]", value):
        raise ReadError(f"'{key}' holds half a surrogate pair, so it is damaged text")
    return value if key == "doc_id" else value.strip()


def _day(key: str, value: str) -> str:
    # A time of day is more than a date needs; the day is kept as it was written, in the publisher's own zone.
    day = value[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]", value) else value
    try:
        latest_day(day)
    except ValueError as error:
        raise ReadError(
            f"'{key}' is {value[:40]!r}, which is not a date: write it as YYYY-MM-DD, YYYY-MM or YYYY"
        ) from error
    return day


def _language(value: str) -> str:
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]+)?", value)
    if found is None:
        raise ReadError(f"'language' is {value[:40]!r}; it takes a code of ISO 639 such as id or en")
    code = found[1].lower()
    # `in` is the code of Indonesian that ISO 639 withdrew in 1989; Malay is treated as Indonesian everywhere here.
    return {"in": "id", "ms": "id", "ind": "id", "msa": "id", "eng": "en"}.get(code, code)


def _identifier(value: str) -> str:
    if len(value) > MAX_ID_CHARS or not value.strip() or re.search(r"[\x00-\x1f\x7f-\x9f]", value):
        raise ReadError(f"'doc_id' takes 1 to {MAX_ID_CHARS} printable characters")
    return value


# --- headline and dateline ----------------------------------------------------------------------------------------

_BULLET = re.compile(r"\s*(?:[-*+•>]\s|\d+[.)]\s|[\"“«|])")


def headline(text: str, markdown: bool = False) -> str | None:
    """The first line as a title, where it is one: short, without a full stop, and with a text under it."""
    lines = _first_lines(text, 2)
    if len(lines) < 2 or len(lines[0]) > 300:
        return None
    first = lines[0]
    if markdown and (heading := re.match(r"#{1,6}\s+(.+?)(?:\s+#+)?$", first)):
        return plain(re.sub(r"[*_`]", "", heading[1])) or None
    if not 8 <= len(first) <= 200 or len(first.split()) < 2 or first.endswith((".", ",", ";", ":")):
        return None
    # A hard-wrapped paragraph goes on in lower case; a list or a quotation is no headline.
    if lines[1][:1].islower() or _BULLET.match(first) or _dated_line(first) or _PLACE_DASH.match(first):
        return None
    return plain(first)


def _first_lines(text: str, n: int) -> list[str]:
    """The first lines that are not blank, among the first 5,000 characters."""
    return [line.strip() for line in text[:5000].splitlines() if line.strip()][:n]


_PLACE_DASH = re.compile(r"[^\W\d_][^\r\n]{1,90}?\s*[-–—]{1,2}\s")
_AROUND_DATE = re.compile(
    r"[\s,.:;|()/–—-]+|\b(?:published|posted|diterbitkan|dipublikasikan|diposting|terbit|tayang|tanggal|on|pada|at|pukul"
    r"|jam|date|wib|wita|wit|gmt|utc|kst|est|edt|et|cet|bst|am|pm|[ap]\.m)\b"
    r"|\b(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)\b|\d{1,2}[.:]\d\d(?:[.:]\d\d)?",
    re.IGNORECASE,
)


def dateline(text: str, language: str | None, today: date) -> str | None:
    """The day (`YYYY-MM-DD`) of a publication line or dateline among the first lines, where there is no doubt.

    Taken are a line that is nothing but a date with its weekday, time, place or "published" ("Rabu, 19 Juni 2024
    10:30 WIB"), and the head of a report up to its dash ("JAKARTA, 19 Juni 2024 (ANTARA) –"). A date without a year, a
    date to come, "updated", and two different dates give None.
    """
    days = set()
    for line in _first_lines(text, 6):
        day = _dated_line(line, language) or _report_head(line, language)
        if day is not None:
            days.add(day)
    return days.pop().isoformat() if len(days) == 1 and min(days, default=today) <= today else None


def _dated_line(line: str, language: str | None = None) -> date | None:
    if len(line) > 90:
        return None
    mention = _one_day(line, language)
    if mention is None:
        return None
    start, end, day = mention
    before = re.sub(r"^[\w .]{2,30}?[,|–—-]", "", line[:start]) if re.match(r"[A-Z]", line) else line[:start]
    return day if not _AROUND_DATE.sub("", before) and not _AROUND_DATE.sub("", line[end:]) else None


def _report_head(line: str, language: str | None) -> date | None:
    head = re.match(r"([^\W\d_a-z][^\r\n]{2,80}?)\s*(?:--|[–—]|\s-\s)", line)
    if head is None or not re.match(r"[^\W\d_]{3,}(?<![a-z])", head[1]):
        return None
    place = re.match(r"[\w .]+", head[1])
    mention = _one_day(head[1], language)
    return mention[2] if mention and place and place[0].split()[0].isupper() else None


def _one_day(line: str, language: str | None) -> tuple[int, int, date] | None:
    from factcheck.dates import find_dates

    if not re.search(r"\d{4}", line):
        return None
    found = [m for m in find_dates(line, language) if m.granularity in ("day", "time")]
    if len(found) != 1 or found[0].first != found[0].last or found[0].relation != "in":
        return None
    mention = found[0]
    # 04/05/2024 is the fourth of May or the fifth of April; which, no line says.
    numeric = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}", mention.text.strip())
    if numeric and int(numeric[1]) <= 12 and int(numeric[2]) <= 12 and numeric[1] != numeric[2] and language != "id":
        return None
    return mention.start, mention.end, mention.first
