"""What is kept of a checked claim beside its vector: of one checked here, and of a review by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from factcheck.claimreview import Review
from factcheck.types import LABELS, ClaimResult, Label, PartialDate, Value, content_id, latest_day
from factcheck.vectors import Metadata


class Checked(Value):
    """A claim checked before, by us or by a publisher whose review was imported."""

    id: str
    """The key it is kept under."""
    text: str
    language: str | None
    label: Label | None
    as_of: date | None
    """The day as of which it was checked; of a review the last day it can have appeared on, None if undated."""
    claim_id: str
    run_id: str | None = None
    """The run that checked it; None of a review."""
    publisher: str | None = None
    url: str | None = None
    rating: str | None = None
    """The publisher's own words for its verdict."""
    reviewed: PartialDate | None = None
    claimant: str | None = None
    reviewed_by: str | None = None
    """The person who signed off the verdict here."""


def checked_id(result: ClaimResult, snapshot: str) -> str:
    """The key of a checked claim: the same claim, date and corpus give the same one."""
    return content_id("checked", result.text, result.as_of.isoformat(), snapshot)


def checked_metadata(run_id: str, result: ClaimResult) -> Metadata:
    """What is kept beside the vector of a checked claim; an unknown language is left out."""
    kept: dict[str, str | int] = {
        "claim_id": result.id,
        "run_id": run_id,
        "text": result.text,
        "as_of": _number(result.as_of),
    }
    if result.label is not None:
        kept["label"] = result.label
    if result.language is not None:
        kept["language"] = result.language
    return kept


def decided_id(run_id: str, claim_id: str, text: str) -> str:
    """The key of a claim that a person has signed off, in those words: under one key the text never changes."""
    return content_id("decided", run_id, claim_id, text)


def decided_metadata(
    run_id: str,
    claim_id: str,
    text: str,
    *,
    label: Label,
    as_of: date,
    language: str | None,
    reviewed_by: str,
    reviewed: PartialDate,
) -> Metadata:
    """What is kept beside the vector of a claim that a person has signed off; an unknown language is left out."""
    kept: dict[str, str | int] = {
        "claim_id": claim_id,
        "run_id": run_id,
        "text": text,
        "as_of": _number(as_of),
        "label": label,
        "reviewed_by": reviewed_by,
        "reviewed": reviewed,
    }
    return kept if language is None else {**kept, "language": language}


def review_id(review: Review) -> str:
    """The key of an imported review: one page's review of one claim, whatever its rating is by now."""
    return content_id("review", review.url, review.claim)


def review_metadata(review: Review) -> Metadata:
    """What is kept beside the vector of an imported review; what is unknown is left out."""
    kept: dict[str, str | int | None] = {
        "claim_id": review_id(review),
        "text": review.claim,
        "as_of": _number(latest_day(review.reviewed)) if review.reviewed else None,
        "label": review.label,
        "language": review.language,
        "publisher": review.publisher,
        "url": review.url,
        "rating": review.rating,
        "reviewed": review.reviewed,
        "claimant": review.claimant,
        "claimed": review.claimed,
    }
    return {name: value for name, value in kept.items() if value is not None}


def checked_of(key: str, kept: Mapping[str, Any]) -> Checked:
    """The claim that was kept under a key."""
    day = str(kept.get("as_of") or "")
    return Checked(
        id=key,
        text=str(kept["text"]),
        language=kept.get("language"),
        label=kept["label"] if kept.get("label") in LABELS else None,
        as_of=date(int(day[:4]), int(day[4:6]), int(day[6:])) if day else None,
        claim_id=str(kept["claim_id"]),
        **{name: kept.get(name) for name in _WHERE_KNOWN},
    )


_WHERE_KNOWN = ("run_id", "publisher", "url", "rating", "reviewed", "claimant", "reviewed_by")


def _number(day: date) -> int:
    return int(day.strftime("%Y%m%d"))
