"""Text, files and URLs to documents: plain text, Markdown, HTML, PDF, DOCX, SubRip and WebVTT.

The text of plain-text and Markdown documents is the decoded input, never normalised: only a byte order mark and
Markdown's front matter are taken off. Of the other kinds it is the text taken out of the file. Title, author, date and
language come from what the file says of itself, else from a headline and a dateline where these are certain.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal
from urllib.parse import unquote, urlsplit

from factcheck.errors import ReadError
from factcheck.fetch import Fetched, fetch
from factcheck.read.about import dateline, document_of, front_matter, headline, source_fields
from factcheck.read.decode import check_text, decode
from factcheck.read.formats import Extracted, from_docx, from_html, from_pdf, from_subtitles
from factcheck.settings import Settings
from factcheck.types import Document

__all__ = [
    "MAX_FILE_BYTES",
    "SUFFIXES",
    "check_length",
    "check_text",
    "document_of",
    "read_bytes",
    "read_file",
    "read_source",
    "read_text",
    "read_url",
    "source_fields",
]

Kind = Literal["text", "markdown", "html", "pdf", "docx", "subtitles"]

MAX_FILE_BYTES = 50_000_000
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".srt": "subtitles",
    ".vtt": "subtitles",
}
"""The endings of file names that can be read."""

_MEDIA_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/plain": "text",
    "text/vtt": "subtitles",
    "application/x-subrip": "subtitles",
    "application/pdf": "pdf",
    _WORD: "docx",
}
_MEDIA_TYPES: dict[Kind, str] = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": _WORD,
    "subtitles": "text/vtt",
}


_PAGE = re.compile(
    # The comments are an atomic group: many of them before something else must not be tried in every grouping.
    rb"(?:\xef\xbb\xbf)?\s*(?>(?:<!--.*?-->\s*)*)(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def read_text(text: str, *, name: str | None = None, max_chars: int | None = None, **fields: Any) -> Document:
    """A document of a text that is already decoded, as it is pasted or typed.

    Args:
        text: the article; kept character by character, less a byte order mark.
        name: a file name; one that ends in .md or .markdown has its front matter read.
        max_chars: refuse a longer text.
        **fields: fields of `Document` that are known better than the text says them.

    Raises:
        ReadError: the text is empty, binary junk or too long, or its front matter cannot be read.
    """
    shown = name or "the text"
    text = text.removeprefix("\ufeff")
    check_text(text, shown)
    markdown = name is not None and SUFFIXES.get(_suffix(name)) == "markdown"
    return _from_text(text, shown, markdown=markdown, max_chars=max_chars, given=fields)


def read_bytes(
    data: bytes, name: str, media_type: str | None = None, *, max_chars: int | None = None, **fields: Any
) -> Document:
    """A document of a file's content: an upload, a download, standard input.

    Args:
        data: the content.
        name: the file's name; its ending says what it is, unless the content clearly says otherwise.
        media_type: a Content-Type with its charset, where there is one.
        max_chars: refuse a longer text.
        **fields: fields of `Document` that are known better than the file says them.

    Raises:
        ReadError: the file is of a kind that is not read, damaged, protected, empty or too long.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ReadError(f"{name} is larger than {MAX_FILE_BYTES:,} bytes. Give the article's text alone.")
    if not data.strip():
        raise ReadError(f"{name} is empty. Give an article with at least one sentence.")
    kind = _kind(data, name, media_type)
    found = _extracted(kind, data, name, _charset(media_type))
    if found is None:
        text = decode(data, name, _charset(media_type))
        return _from_text(text, name, markdown=kind == "markdown", max_chars=max_chars, given=fields)
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]", " ", found.text)
    check_text(text, name)
    check_length(text, max_chars, name)
    document = _described(text, found.fields, fields, _MEDIA_TYPES[kind])
    return document.model_copy(update={"unseen": found.unseen}) if found.unseen else document


def read_file(path: Path, *, max_chars: int | None = None) -> Document:
    """The document in a file.

    Raises:
        ReadError: there is no such file, it is a directory, may not be read, or is not a readable document.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise ReadError(f"There is no file {path}. Check the spelling of the path.") from error
    except IsADirectoryError as error:
        raise ReadError(f"{path} is a directory. Give one file; `factcheck batch` takes directories.") from error
    except PermissionError as error:
        raise ReadError(f"{path} may not be read: permission denied. Change its permissions or copy it.") from error
    except (OSError, ValueError) as error:
        raise ReadError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return read_bytes(data, path.name, max_chars=max_chars)


def read_url(url: str, settings: Settings, *, get: Callable[..., Fetched] = fetch) -> Document:
    """The document at a public http(s) address; its `url` is the one that redirects ended at.

    Raises:
        FetchError: the address is refused by the guard or could not be fetched.
        ReadError: what is there is not an article that can be read.
    """
    page = get(url, timeout=settings.fetch_timeout, max_bytes=settings.fetch_max_bytes)
    path = unquote(urlsplit(page.url).path)
    name = PurePosixPath(path).name or urlsplit(page.url).hostname or page.url
    return read_bytes(page.data, name, page.content_type, max_chars=settings.max_article_chars, url=page.url)


def read_source(arg: str, settings: Settings, stdin: BinaryIO | None = None) -> Document:
    """The document that a command line names: a file, a URL, or `-` for standard input.

    Raises:
        InputError: it cannot be read or fetched, or is longer than `settings.max_article_chars`.
    """
    if arg == "-":
        data = (stdin or sys.stdin.buffer).read(MAX_FILE_BYTES + 1)
        return read_bytes(data, "standard input", max_chars=settings.max_article_chars)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", arg) and not Path(arg).exists():
        return read_url(arg, settings)
    return read_file(Path(arg), max_chars=settings.max_article_chars)


def check_length(text: str, limit: int | None, name: str = "the article") -> None:
    """Lets a text of at most `limit` characters pass.

    Raises:
        ReadError: it is longer; the message says how long, the limit, and what to do.
    """
    if limit is not None and len(text) > limit:
        raise ReadError(
            f"{name[:1].upper()}{name[1:]} has {len(text):,} characters; at most {limit:,} are checked in one run."
            " Check a part of it, or raise FACTCHECK_MAX_ARTICLE_CHARS."
        )


def _from_text(text: str, name: str, *, markdown: bool, max_chars: int | None, given: dict[str, Any]) -> Document:
    body, fields = front_matter(text, name) if markdown else (text, {})
    check_text(body, name)
    check_length(body, max_chars, name)
    return _described(body, fields, given, _MEDIA_TYPES["markdown" if markdown else "text"])


def _described(text: str, fields: dict[str, object], given: dict[str, Any], media_type: str) -> Document:
    """The document with what its file says of it, a headline and a dateline where that says nothing."""
    known = {**fields, **{key: value for key, value in given.items() if value is not None}}
    if media_type not in ("text/plain", "text/markdown"):
        known = _usable(known)
    document = document_of(text, known, media_type=media_type)
    more: dict[str, str] = {}
    if document.title is None and (title := headline(text, markdown=media_type == "text/markdown")):
        more["title"] = title
    today = datetime.now(UTC).date()
    if document.public_from is None and (day := dateline(text, document.language, today)):
        more["published"] = day
    return (
        document_of(text, {**known, "language": document.language, **more}, media_type=media_type) if more else document
    )


def _usable(fields: dict[str, object]) -> dict[str, object]:
    """What a page says of itself, less what is no value of that field: nobody here can correct it."""
    usable = {}
    for key, value in fields.items():
        try:
            source_fields({key: value})
        except ReadError:
            continue
        usable[key] = value
    return usable


def _extracted(kind: Kind, data: bytes, name: str, charset: str | None) -> Extracted | None:
    if kind == "pdf":
        return from_pdf(data, name)
    if kind == "docx":
        return from_docx(data, name)
    if kind == "html":
        return from_html(decode(data, name, charset or _declared_in_page(data)), name)
    return from_subtitles(decode(data, name, charset), name) if kind == "subtitles" else None


def _kind(data: bytes, name: str, media_type: str | None) -> Kind:
    suffix = _suffix(name)
    # ISO 32000 readers find the mark anywhere in the first kilobyte; an article may mention it there.
    if data[:1024].lstrip().startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in data[:1024]):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if _is_word(data) or suffix == ".docx":
            return "docx"
        raise ReadError(f"{name} is an archive or another office file. Save it as .docx, .pdf or .txt and try again.")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ReadError(
            f"{name} is an old Word file or is protected by a password."
            " Save it as .docx without a password and try again."
        )
    stated = _MEDIA_KINDS.get((media_type or "").partition(";")[0].strip().lower())
    if stated is not None and stated != "text":
        return stated
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if stated is None and suffix and not _page(data):
        known = ", ".join(sorted(SUFFIXES))
        raise ReadError(f"{name} is of a kind that is not read ({suffix}). Readable files end in {known}.")
    return "html" if _page(data) and stated is None else "text"


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z][a-z0-9]{0,9}", suffix) else ""


def _is_word(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return "word/document.xml" in parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _page(data: bytes) -> bool:
    return _PAGE.match(data[:4096]) is not None


def _charset(media_type: str | None) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", media_type or "", re.IGNORECASE)
    return found[1] if found else None


def _declared_in_page(data: bytes) -> str | None:
    found = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", data[:4096], re.IGNORECASE)
    return found[1].decode("ascii", "replace") if found else None
