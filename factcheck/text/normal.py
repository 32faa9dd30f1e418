"""Normal forms of a text with the way back to its own offsets."""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache
from typing import NamedTuple

from factcheck.text.words import INVISIBLE


class Normal(NamedTuple):
    """A normal form of a text with the way back: character `i` of `text` stands for
    `source[starts[i]:ends[i]]`."""

    text: str
    starts: array[int]
    ends: array[int]


_SAME = {c: "'" for c in "‘’‚‛′`´ʼ"} | {c: '"' for c in "“”„‟″«»"} | {c: "-" for c in "‐‑‒–—―−"}


def normalise(text: str) -> Normal:
    """Unicode NFKC, lower case, straight quotes, plain dashes, single spaces, nothing invisible; with
    the map back."""
    out: list[str] = []
    starts, ends = array("l"), array("l")
    position, length = 0, len(text)
    while position < length:
        char = text[position]
        after = position + 1
        if char >= "\x80" or (after < length and text[after] >= "\u0300"):
            after = _cluster_end(text, after)
        for plain in _plain(char if after == position + 1 else text[position:after]):
            if plain == " " and (not out or out[-1] == " "):
                if out:
                    ends[-1] = after
                continue
            out.append(plain)
            starts.append(position)
            ends.append(after)
        position = after
    if out and out[-1] == " ":
        out.pop(), starts.pop(), ends.pop()
    return Normal("".join(out), starts, ends)


MOST_MARKS = 32
"""Marks on one letter that are read together; Unicode's stream-safe form has 30 (UAX 15, 13). Ordering them takes the
square of their number."""
_MAY_BE_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")


def unpiled(text: str) -> str:
    """A text with no more marks on a letter than a normal form is made of in bounded time; most are unchanged."""
    return text if text.isascii() else _MAY_BE_MARKS.sub(_fewer_marks, text)


def _fewer_marks(found: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in found[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _cluster_end(text: str, after: int) -> int:
    """The end of a base character with the marks that NFC may join to it (Hangul vowels and finals too)."""
    most = min(len(text), after + MOST_MARKS)
    while after < most and (unicodedata.combining(text[after]) or "\u1160" <= text[after] <= "\u11ff"):
        after += 1
    return after


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    if cluster in INVISIBLE or "\ufe00" <= cluster <= "\ufe0f":
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    plain = "".join(_SAME.get(c, c) for c in folded if c not in INVISIBLE)
    return "".join(" " if c.isspace() else c for c in plain)


def reading(text: str) -> Normal:
    """A text as a reader sees it, with the map back: NFC, nothing invisible, plain spaces; case, quotes and line
    breaks stay."""
    out: list[str] = []
    starts, ends = array("l"), array("l")
    position, length = 0, len(text)
    while position < length:
        after = position + 1
        if text[position] >= "\x80" or (after < length and text[after] >= "\u0300"):
            after = _cluster_end(text, after)
        for char in _visible(text[position:after]):
            out.append(char)
            starts.append(position)
            ends.append(after)
        position = after
    return Normal("".join(out), starts, ends)


@lru_cache(maxsize=4096)
def _visible(cluster: str) -> str:
    composed = unicodedata.normalize("NFC", cluster)
    return "".join(" " if c in "\t\u00a0\u2007\u202f" else c for c in composed if c not in INVISIBLE)
