"""A long article in windows that a language model reads one by one, each with what tells who and what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from factcheck.text import sentences
from factcheck.types import Document, Span

OVERLAP = 2
"""Sentences at a window's end that the next one begins with, so that a quotation and its speaker are read together."""
OVERLAP_SHARE = 0.15
"""The most of a window, in characters, that such sentences take."""

_LEAD_LENGTH = 300
_SENTENCES_BEFORE = 2


class Window(NamedTuple):
    """A run of sentences that is read in one call, with the text that tells who and what is meant."""

    sentences: tuple[Span, ...]
    context: str

    @property
    def span(self) -> Span:
        """The stretch of the article that the window covers."""
        return Span(start=self.sentences[0].start, end=self.sentences[-1].end)


def windows(document: Document, size: int) -> tuple[Window, ...]:
    """The article in runs of whole sentences of at most about `size` characters, evenly filled.

    Each begins with the last sentences of the one before. Its context is that of its first sentence.
    """
    spans = pieces(document, size)
    if not spans:
        return ()
    length = spans[-1].end - spans[0].start
    room = size if length <= size else size * (1 - OVERLAP_SHARE)
    target = length / max(1, -(-length // room))
    runs: list[list[Span]] = [[]]
    for span in spans:
        if runs[-1] and span.end - runs[-1][0].start > target * 1.15:
            runs.append([])
        runs[-1].append(span)
    whole = [runs[0], *(_tail(before, size) + run for before, run in pairwise(runs))]
    return tuple(Window(tuple(run), context_of(document, spans, run[0].start)) for run in whole)


def halves(document: Document, window: Window) -> tuple[Window, ...]:
    """A window in two, the second told of the first; nothing where it is a single sentence."""
    if len(window.sentences) < 2:
        return ()
    middle = len(window.sentences) // 2
    first, second = window.sentences[:middle], window.sentences[middle:]
    told = (span.of(document.text)[:_LEAD_LENGTH] for span in first[-_SENTENCES_BEFORE:])
    return Window(first, window.context), Window(second, " ".join((window.context, *told)).strip())


def context_of(document: Document, spans: Sequence[Span], start: int) -> str:
    """What tells who and what is meant at `start`: title, the article's beginning, the two sentences before."""
    before = [span for span in spans if span.end <= start]
    told = before[:1] + before[1:][-_SENTENCES_BEFORE:]
    parts = [document.title or "", *(span.of(document.text)[:_LEAD_LENGTH] for span in told)]
    return " ".join(dict.fromkeys(part for part in parts if part))


def pieces(document: Document, size: int) -> tuple[Span, ...]:
    """The sentences of an article; one that is longer than a window comes in stretches."""
    found = sentences(document.text, document.language)
    return tuple(piece for span in found for piece in _cut(document.text, span, size))


def _cut(text: str, span: Span, size: int) -> Iterable[Span]:
    start = span.start
    while span.end - start > size:
        cut = max(text.rfind(" ", start, start + size), text.rfind("\n", start, start + size))
        cut = cut if cut > start else start + size
        yield Span(start=start, end=cut)
        start = cut + 1 if text[cut].isspace() else cut
    if start < span.end:
        yield Span(start=start, end=span.end)


def _tail(run: Sequence[Span], size: int) -> list[Span]:
    """The last sentences of a run that the next window repeats; never the whole run."""
    last = run[1:][-OVERLAP:]
    while last and last[-1].end - last[0].start > size * OVERLAP_SHARE:
        last = last[1:]
    return list(last)
