"""A document cut into passages: whole sentences, exact offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from factcheck.text import sentences
from factcheck.text.normal import MOST_MARKS
from factcheck.types import Document, Passage, Span, content_id

MAX_PASSAGE_CHARS = 700


def split_passages(
    document: Document, max_chars: int = MAX_PASSAGE_CHARS, overlap_sentences: int = 1
) -> tuple[Passage, ...]:
    """The passages of a document, in order: whole sentences, at most `max_chars` characters each.

    A passage ends at the end of a paragraph where that leaves it at least half full. It begins with the last
    `overlap_sentences` sentences of the one before when no blank line stands between and there is room. A sentence
    longer than `max_chars` is cut between words. Every character but the white space between passages is in one,
    and `document.text[p.start:p.end] == p.text`.
    """
    text = document.text
    whole = _trim(text, 0, len(text))
    if whole.start == whole.end:
        return ()
    if whole.end - whole.start <= max_chars:
        return (_passage(document, whole.start, whole.end, 0),)
    pieces = [part for span in _sentences(document, whole) for part in _cut(text, span, max_chars)]
    passages: list[Passage] = []
    first = 0
    while first < len(pieces):
        begin = _overlap(text, pieces, first, overlap_sentences, max_chars)
        last = _fill(text, pieces, begin, first, max_chars)
        passages.append(_passage(document, pieces[begin].start, pieces[last].end, len(passages)))
        first = last + 1
    return tuple(passages)


def _passage(document: Document, start: int, end: int, ordinal: int) -> Passage:
    identifier = content_id("p", document.id, str(start), str(end))
    text = document.text[start:end]
    return Passage(id=identifier, document_id=document.id, start=start, end=end, text=text, ordinal=ordinal)


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def _sentences(document: Document, whole: Span) -> Iterator[Span]:
    """The sentences with what stands between them, such as the marks of a list, put before the next one."""
    spans = sentences(document.text, document.language)
    ends = [*(span.end for span in spans[:-1]), whole.end]
    start = whole.start
    for end in ends:
        span = _trim(document.text, start, end)
        if span.end > span.start:
            yield span
        start = end


def _overlap(text: str, pieces: Sequence[Span], first: int, wanted: int, max_chars: int) -> int:
    """The index of the piece that a passage whose first new piece is `first` begins with."""
    begin = first
    while begin > max(0, first - wanted):
        gap = text[pieces[begin - 1].end : pieces[begin].start]
        if len(gap.splitlines()) >= 2 or pieces[first].end - pieces[begin - 1].start > max_chars:
            break
        begin -= 1
    return begin


def _fill(text: str, pieces: Sequence[Span], begin: int, first: int, max_chars: int) -> int:
    """The index of the last piece of the passage that begins with `begin`."""
    start, last = pieces[begin].start, first
    while last + 1 < len(pieces) and pieces[last + 1].end - start <= max_chars:
        last += 1
    if last + 1 == len(pieces):
        return last
    for index in range(last, first - 1, -1):
        if pieces[index].end - start < max_chars // 2:
            break
        if text[pieces[index].end : pieces[index + 1].start].strip(" \t\u00a0"):
            return index
    return last


def _cut(text: str, span: Span, max_chars: int) -> Iterator[Span]:
    start, end = span.start, span.end
    while end - start > max_chars:
        stop = start + max_chars
        cut = next((i for i in range(stop, start + max_chars // 2, -1) if text[i].isspace()), stop)
        # Without a space to cut at, at least a letter and its combining marks stay together, if they are a letter's.
        letter = next(
            (i for i in range(cut, max(start, cut - MOST_MARKS), -1) if not unicodedata.combining(text[i])), cut
        )
        cut = letter if letter > start else cut
        piece = _trim(text, start, cut)
        if piece.end > piece.start:
            yield piece
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield Span(start=start, end=end)
