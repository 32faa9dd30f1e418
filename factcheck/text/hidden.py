"""Text that a person who reads the page does not see, and letters that look like others.

A source can hold words for machines alone: characters without width, characters that turn the order of what is shown,
Unicode's tag characters (each an invisible ASCII letter), comments, elements that a style hides, white on white. It can
also write a Latin word with Cyrillic or Greek letters, so that no search finds it. Marks that typography needs (soft
hyphens, joiners inside Arabic or Indic words, selectors after emoji) are no secret and are not told of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Kind = Literal[
    "order",
    "comment",
    "hidden element",
    "tag characters",
    "invisible characters",
    "direction marks",
    "look-alikes",
    "marks",
]
"""What kind of text was not read as it stands. `marks` are those of typography; `look-alikes` are read as the letters
that they look like; `order` is found by `factcheck.text.orders`."""

CARRIES_WORDS: Final[frozenset[Kind]] = frozenset({"order", "comment", "hidden element", "tag characters"})
"""Kinds in which something is said."""


class Unread(NamedTuple):
    """A half-open stretch that is not read, or that is read as other letters (`look-alikes`)."""

    kind: Kind
    start: int
    end: int


_SUSPECT = re.compile(
    r"[<\u0370-\u03ff\u0400-\u052f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e01ef]|\]:[ \t]*(?:#|<>)"
)
_COMMENT = re.compile(
    r"<!--.*?(?:-->|\n[ \t]*\n|\Z)"
    r"|^[ \t]*\[[^\]\n]{0,60}\]:[ \t]*(?:#|<>)[ \t]*(?:\([^\n]*\)|\"[^\n]*\"|'[^\n]*')[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_TAG = re.compile(r"<([a-zA-Z][\w-]{0,30})\b([^<>]{0,600})>")
_NEVER_SHOWN = frozenset({"script", "style", "template", "noscript"})
_ATTRIBUTE = re.compile(r"([\w-]+)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|[;\s])opacity\s*:\s*0*(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0*(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|!|$)|(?:text-indent|left|top)\s*:\s*-\d{4,}"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*;", re.IGNORECASE)
_CUT_OFF = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([^;!]+)", re.IGNORECASE)
_CHANNELS = re.compile(
    r"rgba?\(\s*([0-9]{1,400})[\s,]+([0-9]{1,400})[\s,]+([0-9]{1,400})"
    r"(?:[\s,/]+([0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})%?)?\s*\)"
)
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_WHITE = (255, 255, 255)
_SAME_COLOUR = 12
"""Difference in every channel (0 to 255) up to which two colours are one to the eye."""

_FLAG = "\U0001f3f4"
_TAGS = re.compile(r"[\U000e0000-\U000e007f]+")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]+")
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_WIDTHLESS = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]+")
_JOINERS = frozenset("\u200c\u200d")

_LOOKS_LIKE = dict(
    zip(
        "аеорсухіјѕԁһԛԝьАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧοονρ",
        "aeopcyxijsdhqwbABESIJKMHOPCTYXABEZHIKMNOPTYXoovp",
        strict=True,
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")


@lru_cache(maxsize=256)
def hidden(text: str) -> tuple[Unread, ...]:
    """The stretches of a text that a reader does not see, or sees as other letters, in order, never overlapping."""
    if not _SUSPECT.search(text):
        return ()
    found = [*_comments(text), *_elements(text), *_characters(text), *_look_alikes(text)]
    kept: list[Unread] = []
    for one in sorted(found, key=lambda u: (u.start, -u.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def latin(word: str) -> str:
    """A word with every Cyrillic or Greek letter that looks like a Latin one replaced by that one."""
    return "".join(_LOOKS_LIKE.get(char, char) for char in word)


def hides(style: str) -> bool:
    """Whether an inline style keeps an element's text from sight: not drawn, no size, off the page, white on white."""
    style = " ".join(style.split())
    if _HIDING.search(style) or ((small := _NO_SIZE.search(style)) and _CUT_OFF.search(style, small.end())):
        return True
    colours = {name.lower()[:10]: _channels(value) for name, value in _COLOUR.findall(style)}
    ink, paper = colours.get("color"), colours.get("background")
    if ink is None:
        return False
    if ink == ():
        return True
    return all(abs(a - b) <= _SAME_COLOUR for a, b in zip(ink, paper or _WHITE, strict=True))


def _channels(value: str) -> tuple[int, ...] | None:
    """Red, green and blue; an empty tuple where nothing is drawn, None for what is not known."""
    value = value.strip().lower()
    if value == "transparent":
        return ()
    if value in _NAMED:
        return _NAMED[value]
    if found := _CHANNELS.fullmatch(value):
        return () if found[4] and float(found[4]) == 0 else tuple(int(found[i]) for i in (1, 2, 3))
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return tuple(int(digit * 2, 16) for digit in value[1:])
    if re.fullmatch(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?", value):
        return () if value[7:] == "00" else tuple(int(value[i : i + 2], 16) for i in (1, 3, 5))
    return None


def _comments(text: str) -> Iterator[Unread]:
    return (Unread("comment", found.start(), found.end()) for found in _COMMENT.finditer(text))


def _elements(text: str) -> Iterator[Unread]:
    """Elements of HTML in plain text or Markdown that are never shown, or whose own attributes hide them."""
    open_to_the_end: set[str] = set()
    for tag in _TAG.finditer(text):
        name = tag[1].lower()
        if name in open_to_the_end or not (name in _NEVER_SHOWN or _hidden_by(tag[2])):
            continue
        closing = re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE).search(text, tag.end())
        if closing:
            yield Unread("hidden element", tag.start(), closing.end())
        else:
            open_to_the_end.add(name)


def _hidden_by(attributes: str) -> bool:
    given = {found[1].lower(): found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(attributes)}
    return "hidden" in given or given.get("aria-hidden") == "true" or hides(given.get("style", ""))


def _characters(text: str) -> Iterator[Unread]:
    for found in _TAGS.finditer(text):
        flag = text[found.start() - 1 : found.start()] == _FLAG and len(found[0]) <= 7
        yield Unread("marks" if flag else "tag characters", found.start(), found.end())
    for found in _TURNING.finditer(text):
        yield Unread("direction marks", found.start(), found.end())
    for found in _SELECTORS.finditer(text):
        yield Unread("invisible characters", found.start(), found.end())
    for found in _WIDTHLESS.finditer(text):
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if _JOINERS.issuperset(found[0]) and not (_is_latin(before) and _is_latin(after)):
            continue
        telling = len(found[0]) > 1 or (found[0] != "\u00ad" and _is_latin(before) and _is_latin(after))
        yield Unread("invisible characters" if telling else "marks", found.start(), found.end())


def _is_latin(char: str) -> bool:
    return (char.isascii() and char.isalnum()) or (char.isalpha() and unicodedata.name(char, "").startswith("LATIN"))


def _look_alikes(text: str) -> Iterator[Unread]:
    for found in _WORD.finditer(text) if _OTHER_SCRIPT.search(text) else ():
        if not _OTHER_SCRIPT.search(found[0]):
            continue
        read = latin(found[0])
        if any(map(_is_latin, found[0])) and all(map(_is_latin, read)):
            yield Unread("look-alikes", found.start(), found.end())
