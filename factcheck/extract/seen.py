"""An article as the extractor is shown it, and what was extracted at its place in the article as it is."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.text.hidden import CARRIES_WORDS, Unread
from factcheck.text.shown import Shown, plainly, shown, told
from factcheck.types import Claim, Document, Extraction, LeftOut

_REASONS = {"order": "an order to a machine: no model was shown it", "comment": "a comment that no reader sees"}


class Seen(NamedTuple):
    """A document without what no person sees of it and without orders to machines, and the reading that leads back."""

    document: Document
    reading: Shown
    notes: tuple[str, ...]
    """A sentence for the report, where something was not read."""


def seen_by_a_person(document: Document) -> Seen:
    """The document as it is shown to an extractor; itself where nothing is hidden."""
    reading = shown(document.text)
    words = told(reading.unread)
    notes: tuple[str, ...] = (document.unseen,) if document.unseen else ()
    notes += (f"The article has text that was not read: {words}.",) if words else ()
    given = {"text": reading.text, "title": plainly(document.title), "author": plainly(document.author)}
    if all(getattr(document, name) == value for name, value in given.items()):
        return Seen(document, reading, notes)
    return Seen(document.model_copy(update=given), reading, notes)


def in_the_article(extraction: Extraction, document: Document, seen: Seen) -> Extraction:
    """What was extracted of the document as it was shown, at its place in the document as it is.

    What was not read and says something is listed as left out, with the reason.
    """
    if not seen.reading.unread:
        return extraction
    unread = tuple(_unread(one, document) for one in seen.reading.unread if one.kind in CARRIES_WORDS)
    claims = tuple(_claim(claim, document, seen.reading) for claim in extraction.claims)
    left_out = tuple(_left_out(item, document, seen.reading) for item in extraction.left_out)
    ordered = sorted((*left_out, *unread), key=lambda item: (item.start, item.end))
    return Extraction(claims=claims, left_out=tuple(ordered))


def _claim(claim: Claim, document: Document, reading: Shown) -> Claim:
    place = reading.place(claim.start, claim.end)
    moved = {"start": place.start, "end": place.end, "source_text": place.of(document.text)}
    return claim.model_copy(update=moved)


def _left_out(item: LeftOut, document: Document, reading: Shown) -> LeftOut:
    place = reading.place(item.start, item.end)
    return LeftOut(start=place.start, end=place.end, text=place.of(document.text), reason=item.reason)


def _unread(one: Unread, document: Document) -> LeftOut:
    reason = _REASONS.get(one.kind, "text that no reader sees")
    return LeftOut(start=one.start, end=one.end, text=document.text[one.start : one.end], reason=reason)
