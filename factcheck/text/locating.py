"""Finding a quote in its source, or saying that it is not there."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from factcheck.text.normal import Normal, normalise
from factcheck.text.splitting import sentences
from factcheck.text.words import ALL_NEGATIONS, CALENDAR, INVISIBLE, word_set
from factcheck.types import Span

_normal_source = lru_cache(maxsize=16)(normalise)

# Changing one of these changes what is said, although it is no number, name or negation.
_TURNING = word_set(
    "naik turun meningkat menurun lebih kurang sebelum sesudah setelah hanya semua seluruh sebagian"
    " jika kalau kecuali"
    " mungkin dapat bisa akan hampir sekitar gagal berhasil menang kalah menolak menerima"
    " rise rises rose fall falls fell up down increase increased decrease decreased more less fewer"
    " before after only"
    " all some if unless may might could would will almost about least most failed won lost rejected"
    " accepted"
    " satu dua tiga empat lima enam tujuh delapan sembilan sepuluh belas puluh ratus ribu juta miliar"
    " milyar triliun"
    " one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million"
    " billion trillion"
)


class Located(NamedTuple):
    """Where a quote is: `source[start:end]` is what may be shown. `exact` character for character,
    else `aligned`."""

    start: int
    end: int
    how: Literal["exact", "aligned"]


ALIGNED_AT_LEAST = 90.0
"""Indel similarity (0-100) under which a stretch of the source is not the quote."""

_ELLIPSIS = re.compile(r"\.{3,}|…|\.\s\.\s\.")
_MAX_GAP = 300
_MAX_PARTS = 20
_MAX_TRIES = 50
"""Places of a quote's first part that are looked at; each is read up to its last part."""
_WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")
_EDGES = " \t\r\n\"'“”‘’„«».,;:!?-–—()[]…"


def locate(quote: str, source: str, within: Span | None = None) -> Located | None:
    """Finds a quote in a source, or says None rather than guess.

    Tried in turn: the exact characters; the same words up to Unicode form, quotes, dashes, spaces and case; the
    quote's parts around an ellipsis, if they lie close together in one sentence; the best alignment (rapidfuzz
    `partial_ratio_alignment`, at least 90 of 100), which counts only where its numbers, negations, names and
    other words that turn a statement are those of the quote, in the same order.

    Args:
        quote: the words that somebody says are in the source.
        source: the stored text.
        within: only look here; offsets that come back still count from the start of `source`.
    """
    base, limit = (within.start, min(within.end, len(source))) if within else (0, len(source))
    for wanted in dict.fromkeys((quote.strip(), quote.strip(_EDGES))):
        if not any(c.isalnum() for c in wanted):
            return None
        at = _find_word_bounded(wanted, source, base, limit)
        if at is not None:
            return Located(at, at + len(wanted), "exact")
    window = source if (base, limit) == (0, len(source)) else source[base:limit]
    normal = _normal_source(window)
    found = (
        _locate_normal(quote.strip(_EDGES), normal)
        or _locate_parts(quote, window, normal)
        or _locate_fuzzy(quote.strip(_EDGES), window, normal)
    )
    return Located(base + found[0], base + found[1], "aligned") if found else None


def _find_word_bounded(wanted: str, text: str, start: int, end: int) -> int | None:
    """The first place of `wanted` that does not begin or end inside a word or a number."""
    at = text.find(wanted, start, end)
    while at >= 0:
        if _word_bounded(text, at, at + len(wanted)):
            return at
        at += 1
        # No place inside the same word is one either.
        while at < end and _inside_word(text, at):
            at += 1
        at = text.find(wanted, at, end)
    return None


def _word_bounded(text: str, start: int, end: int) -> bool:
    return not _inside_word(text, start) and not _inside_word(text, end)


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut at `at` would part a word (`ku|njungan`) or a number (`1|,5`)."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.combining(right) or (right in INVISIBLE and at + 1 < len(text) and text[at + 1].isalnum()):
        return left.isalnum() or unicodedata.combining(left) > 0
    if left in INVISIBLE:
        return at >= 2 and text[at - 2].isalnum() and right.isalnum()
    if (left.isalnum() or unicodedata.combining(left)) and right.isalnum():
        return True
    if right.isdigit() and left in ".,":
        return at >= 2 and text[at - 2].isdigit()
    if left.isdigit() and right in ".,":
        return at + 1 < len(text) and text[at + 1].isdigit()
    return False


def _locate_normal(quote: str, source: Normal) -> tuple[int, int] | None:
    wanted = normalise(quote).text.strip(" ")
    if not wanted:
        return None
    at = _find_word_bounded(wanted, source.text, 0, len(source.text))
    return (source.starts[at], source.ends[at + len(wanted) - 1]) if at is not None else None


def _locate_parts(quote: str, window: str, source: Normal) -> tuple[int, int] | None:
    """The stretch from the first to the last part of a quote with an ellipsis, if it is one sentence."""
    parts = [normalise(part.strip(_EDGES)).text for part in _ELLIPSIS.split(quote)]
    parts = [part for part in parts if part]
    if not 2 <= len(parts) <= _MAX_PARTS or any(len(part) < 4 for part in parts):
        return None
    first = _find_word_bounded(parts[0], source.text, 0, len(source.text))
    tries = 0
    while first is not None and (tries := tries + 1) <= _MAX_TRIES:
        after: int | None = first + len(parts[0])
        for part in parts[1:]:
            assert after is not None
            at = _find_word_bounded(part, source.text, after, min(len(source.text), after + _MAX_GAP + len(part)))
            after = None if at is None else at + len(part)
            if after is None:
                break
        if after is not None:
            start, end = source.starts[first], source.ends[after - 1]
            if len(sentences(window[start:end])) == 1:
                return start, end
        first = _find_word_bounded(parts[0], source.text, first + 1, len(source.text))
    return None


def _locate_fuzzy(quote: str, window: str, source: Normal) -> tuple[int, int] | None:
    from rapidfuzz import fuzz

    wanted = normalise(quote).text
    if len(wanted) < 20 or len(wanted) > 4000:
        return None
    best: tuple[float, int, int] | None = None
    for low, high in _likely_windows(wanted, source.text):
        aligned = fuzz.partial_ratio_alignment(wanted, source.text[low:high], score_cutoff=ALIGNED_AT_LEAST - 5)
        if aligned is None:
            continue
        snapped = _snapped(source.text, low + aligned.dest_start, low + aligned.dest_end)
        start, end, score = _refined(wanted, source.text, *snapped)
        if score >= ALIGNED_AT_LEAST and (best is None or score > best[0]):
            best = (score, start, end)
    if best is None:
        return None
    start, end = source.starts[best[1]], source.ends[best[2] - 1]
    return (start, end) if same_facts(quote, window[start:end]) else None


def _likely_windows(wanted: str, source: str) -> list[tuple[int, int]]:
    """Stretches of the source around the quote's rarest words: few, so that alignment stays cheap."""
    words = sorted({w for w in _WORD.findall(wanted) if len(w) >= 4}, key=lambda w: (-len(w), w))[:12]
    places: list[tuple[int, str]] = []
    for word in words:
        hits: list[int] = []
        at = source.find(word)
        while at >= 0 and len(hits) < 12:
            hits.append(at)
            at = source.find(word, at + len(word))
        places.extend((hit, word) for hit in hits)
    reach = len(wanted) + 40
    windows: list[tuple[int, int]] = []
    for at, _ in sorted(places):
        near = {word for other, word in places if abs(other - at) <= len(wanted)}
        if len(near) * 2 >= len(words):
            windows.append((max(0, at - reach), min(len(source), at + reach)))
    merged: list[tuple[int, int]] = []
    for low, high in windows:
        if merged and low <= merged[-1][1] and high - merged[-1][0] < 4 * reach:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged[:20]


def _snapped(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch widened to whole words, or narrowed where less than half of a word is in it."""
    while _inside_word(text, start):
        start -= 1
    while _inside_word(text, end):
        end += 1
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _refined(wanted: str, text: str, start: int, end: int) -> tuple[int, int, float]:
    """The best of the stretches whose ends lie up to four words from those of an alignment.

    `partial_ratio_alignment` only looks at stretches as long as the quote, so that a word more or less shifts
    the end of what it finds.
    """
    from rapidfuzz import fuzz

    low, high = max(0, start - 40), min(len(text), end + 40)
    middle = (start + end) // 2
    words = [m.span() for m in _WORD.finditer(text, low, high)]
    words = [(a, b) for a, b in words if _word_bounded(text, a, b)]
    starts = sorted((a for a, _ in words if a < middle), key=lambda a: abs(a - start))[:9] or [start]
    best_start = max(starts, key=lambda a: (fuzz.ratio(wanted, text[a:end]), -abs(a - start)))
    ends = sorted((b for _, b in words if b > middle), key=lambda b: abs(b - end))[:9] or [end]
    best_end = max(ends, key=lambda b: (fuzz.ratio(wanted, text[best_start:b]), -abs(b - end)))
    return best_start, best_end, fuzz.ratio(wanted, text[best_start:best_end])


def same_facts(quote: str, source: str) -> bool:
    """Whether two wordings agree in all numbers, names, negations and words that turn a statement, in
    order."""
    left, right = (
        _WORD.findall(unicodedata.normalize("NFKC", quote)),
        _WORD.findall(unicodedata.normalize("NFKC", source)),
    )
    telling = {w.casefold() for w in left + right if w[0].isupper() or any(c.isdigit() for c in w)}
    telling |= ALL_NEGATIONS | _TURNING | CALENDAR

    def kept(words: list[str]) -> list[str]:
        folded = (w.casefold().replace("’", "'") for w in words)
        return [w for w in folded if w in telling]

    return kept(left) == kept(right)
