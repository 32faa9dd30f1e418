"""The machine's part of a claim that a person added: that it has found nothing yet."""

from __future__ import annotations

from datetime import datetime

from factcheck.errors import ReviewError
from factcheck.extract.article import as_of_date
from factcheck.review.values import Change
from factcheck.store import StoredRun
from factcheck.text import detect_language
from factcheck.types import Claim, ClaimResult, content_id


def added_result(run: StoredRun, place: Change, text: str | None) -> ClaimResult:
    """A claim at a place of the article, not checked.

    Args:
        run: the run of the article.
        place: `start`, `end` and `source_text`, seen to be there.
        text: the claim's words where they are to differ from the article's.

    Raises:
        ReviewError: there are no words.
    """
    assert place.start is not None and place.end is not None and place.source_text is not None
    words = " ".join((text or place.source_text).split())
    if not words:
        raise ReviewError("A claim needs words. Give its text, or select words in the article.")
    known = run.extracted or next(iter(run.claims or ()), None)
    begun = datetime.fromisoformat(run.created).date()
    day, source = (known.as_of, known.as_of_source) if known else as_of_date(run.document, run.as_of, begun)
    claim = Claim(
        id=content_id("claim", run.document.id, str(place.start), str(place.end), "added", words),
        text=words,
        start=place.start,
        end=place.end,
        source_text=place.source_text,
        as_of=day,
        as_of_source=source,
        language=run.document.language or detect_language(words),
        why=("added by a person",),
    )
    return ClaimResult.not_checked(claim, "Added by a person and not checked yet.")
