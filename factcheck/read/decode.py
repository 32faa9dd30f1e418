"""Bytes to text, and the refusal of what is no text."""

from __future__ import annotations

import codecs
import re

from factcheck.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16, whose little-endian mark is the beginning of this one.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1258", "iso8859_2", "iso8859_15",
    "koi8_r", "mac_roman", "cp437", "cp850", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|windows-\d+|cp\d+|(?:us-)?ascii|latin-?1|iso-?8859-\d+|koi8-[ru]|gb(?:k|2312|18030)|big5"
    r"|euc-(?:jp|kr)|shift[_-]jis|iso-2022-(?:jp|kr)|macintosh|tis-620",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes, name: str, charset: str | None = None) -> str:
    """The text that the bytes spell, less a byte order mark; nothing else is changed.

    A byte order mark decides; then UTF-16 without a mark, UTF-8 (which other encodings hardly ever look like), the
    declared `charset`, and at last detection (charset_normalizer) among the encodings that text files are in.

    Raises:
        ReadError: the bytes are not text, or in no encoding that can be told.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"), name)
    declared = _known(charset)
    escaped = declared is not None and declared.startswith("iso2022")
    for attempt in (_unmarked_utf16(data), declared if escaped else None, "utf-8", declared):
        if (text := _strictly(data, attempt)) is not None:
            return _checked(text, name)
    if b"\0" in data:
        raise ReadError(_junk(name))
    return _checked(_damaged_utf8(data) or _detected(data, name), name)


def check_text(text: str, name: str) -> None:
    """Lets text pass that can be read, stored and shown.

    Raises:
        ReadError: it is empty, binary junk, or holds half a surrogate pair (which no file can be written with).
    """
    if not text.strip():
        raise ReadError(f"There is no text in {name}. Give an article with at least one sentence.")
    # Scraped text holds stray control characters and is still text; files are held to more in `decode`.
    if len(_CONTROL.findall(text)) > len(text) / 4:
        raise ReadError(_junk(name))
    if half := _SURROGATE.search(text):
        raise ReadError(
            f"{name} holds half a surrogate pair at character {half.start()}, so it is damaged text."
            " Save it again as UTF-8."
        )


def _known(charset: str | None) -> str | None:
    """The codec of a declared charset; None for a name that is no encoding of the web."""
    if not charset or not _CHARSETS.fullmatch(charset.strip("\"' ")):
        return None
    try:
        name = codecs.lookup(charset.strip("\"' ")).name
    except LookupError:
        return None
    # What calls itself Latin-1 or ASCII on the web is Windows-1252 (WHATWG Encoding, 4.2).
    return "cp1252" if name in ("iso8859-1", "ascii") else name.replace("_", "")


def _strictly(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except UnicodeError:
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in nearly every other byte."""
    sample = data[:4000]
    if len(sample) < 8 or len(data) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.05 * half else None


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes, which stay visible as U+FFFD; None if it was another encoding all along."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    spelled = sum(char > "\x7f" for char in text) - broken
    return text if spelled > 4 * broken and broken * 500 <= len(text) else None


def _detected(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LEGACY, enable_fallback=False).best()
    if best is None:
        raise ReadError(f"The encoding of {name} could not be told, or it is no text. Save it as UTF-8 and try again.")
    return data.decode(best.encoding)


def _checked(text: str, name: str) -> str:
    text = text.removeprefix("\ufeff")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 200:
        raise ReadError(_junk(name))
    check_text(text, name)
    return text


def _junk(name: str) -> str:
    return (
        f"{name} is binary data, not text. Give a text, Markdown, HTML, PDF, DOCX or subtitle file"
        " under a name with that ending."
    )
