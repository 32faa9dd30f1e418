"""A text as models and code of ours read it: what a person sees of it, without sentences that give orders to machines.

The stored text stays as it is, and so do the offsets that count its characters: every reading has the way back.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from factcheck.text.hidden import CARRIES_WORDS, Unread, hidden, latin
from factcheck.text.orders import orders
from factcheck.types import Span


class Shown(NamedTuple):
    """A stretch of a text as it is read: character `i` of `text` stands for `source[starts[i]:ends[i]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    unread: tuple[Unread, ...]
    """What was not read, at its place in the source."""

    def place(self, start: int, end: int) -> Span:
        """The stretch of the source that `text[start:end]` stands for; what is unread inside it is part of it."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return Span(start=at, end=at)
        return Span(start=self.starts[start], end=self.ends[end - 1])

    def silent(self, place: Span) -> bool:
        """Whether a stretch of the source has no words that were not read."""
        return not any(u.kind in CARRIES_WORDS and u.start < place.end and place.start < u.end for u in self.unread)


@lru_cache(maxsize=512)
def shown(text: str, within: Span | None = None) -> Shown:
    """A text, or a stretch of it, as it is read; its offsets lead back into `text`.

    What is hidden is looked for in the whole text, since a comment may begin before the stretch and end behind it;
    orders to machines are looked for in what is left of the stretch.
    """
    span = within or Span(start=0, end=len(text))
    unread = _hidden_in(text, span)
    seen = _read(text, span, unread)
    given = tuple(orders(seen.text))
    if not given:
        return seen
    ordered = [Unread("order", *_ends(seen.place(one.start, one.end))) for one in given]
    return _read(text, span, _merged([*unread, *ordered]))


def without_hidden(text: str, within: Span) -> str:
    """A stretch of a text without what a reader does not see; orders to machines stay."""
    return "".join(said for _, _, said in _kept(text, within, _hidden_in(text, within)))


def unread_words(text: str, place: Span) -> bool:
    """Whether a stretch of a text touches words that nobody is shown, or gives an order to a machine."""
    over = (one for one in hidden(text) if one.kind in CARRIES_WORDS)
    return any(one.start < place.end and place.start < one.end for one in over) or bool(orders(place.of(text)))


def plainly(text: str | None) -> str | None:
    """A name, a title or a sentence as it is read."""
    return shown(text).text.strip() if text else text


def told(unread: Iterable[Unread]) -> str:
    """What was not read, in words ("an order to a machine (64 characters), 12 invisible characters"); empty for nothing
    worth telling."""
    counts: Counter[str] = Counter()
    lengths: Counter[str] = Counter()
    for one in unread:
        counts[one.kind] += 1
        lengths[one.kind] += one.end - one.start
    return ", ".join(part for kind, n in counts.items() if (part := _told(kind, n, lengths[kind])))


def _told(kind: str, count: int, length: int) -> str:
    characters = f"{length} character{'s' if length > 1 else ''}"
    match kind:
        case "order":
            return f"{'an order' if count == 1 else f'{count} orders'} to a machine ({characters})"
        case "comment" | "hidden element":
            return f"{f'a {kind}' if count == 1 else f'{count} {kind}s'} ({characters})"
        case "tag characters" | "invisible characters" | "direction marks":
            return f"{length} {kind[:-1] if length == 1 else kind}"
        case "look-alikes":
            return f"{count} word{'s' if count > 1 else ''} written with letters of another script"
    return ""


def _hidden_in(text: str, span: Span) -> list[Unread]:
    """What is hidden of a stretch, cut to it."""
    cut = (Unread(one.kind, max(one.start, span.start), min(one.end, span.end)) for one in hidden(text))
    return [one for one in cut if one.start < one.end]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _merged(unread: Iterable[Unread]) -> list[Unread]:
    """Stretches in order, where one that lies in another is a part of it."""
    merged: list[Unread] = []
    for one in sorted(unread, key=lambda u: (u.start, -u.end)):
        if not merged or one.start >= merged[-1].end:
            merged.append(one)
    return merged


def _read(text: str, span: Span, unread: list[Unread]) -> Shown:
    if not unread:
        return Shown(span.of(text), range(span.start, span.end), range(span.start + 1, span.end + 1), ())
    parts: list[str] = []
    starts, ends = array("l"), array("l")
    for start, end, said in _kept(text, span, unread):
        parts.append(said)
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))
    return Shown("".join(parts), starts, ends, tuple(unread))


def _kept(text: str, span: Span, unread: list[Unread]) -> Iterator[tuple[int, int, str]]:
    """The stretches that are read, each with what it is read as, which has its length."""
    at = span.start
    for one in unread:
        yield at, one.start, text[at : one.start]
        if one.kind == "look-alikes":
            yield one.start, one.end, latin(text[one.start : one.end])
        at = max(at, one.end)
    yield at, span.end, text[at : span.end]
