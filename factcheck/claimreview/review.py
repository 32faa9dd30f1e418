"""One ClaimReview, or one review of Google's Fact Check Tools API, as a value; hostile and broken ones are refused."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from factcheck.claimreview.ratings import label_of
from factcheck.errors import ReadError
from factcheck.text import detect_language
from factcheck.types import Label, PartialDate, Value, latest_day

MAX_CLAIM, MAX_URL, MAX_NAME = 2_000, 2_000, 300
"""Characters; a longer claim or address is refused, a longer name or rating is cut."""

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_SAME_LANGUAGE = {"in": "id", "ind": "id", "eng": "en", "ms": "id", "msa": "id"}
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?=$|[T ])", re.ASCII)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Review(Value):
    """A claim that somebody else has checked, as their markup says it."""

    claim: str
    url: str
    """The page of the review, http or https."""
    publisher: str
    rating: str
    """The publisher's own words."""
    label: Label | None
    """Our label for the rating, None where it has no certain one."""
    reviewed: PartialDate | None = None
    language: str | None = None
    claimant: str | None = None
    claimed: PartialDate | None = None
    """When the claim was made."""


def review_of(fields: Mapping[str, Any]) -> Review:
    """The review that a ClaimReview object of schema.org describes.

    Raises:
        ReadError: it lacks the claim, a rating or a usable address, or one is too long; a clause says which.
    """
    rating = _object(fields.get("reviewRating"))
    numbers = (rating.get("ratingValue"), rating.get("bestRating"), rating.get("worstRating"))
    words = _words(rating.get("alternateName"))
    url = _url(fields.get("url"))
    claimed = _object(fields.get("itemReviewed"))
    return _review(
        claim=_words(fields.get("claimReviewed")),
        url=url,
        publisher=_name(fields.get("author")) or _name(fields.get("publisher")),
        rating=words or _scale(*numbers),
        label=label_of(words, *numbers),
        reviewed=_date(fields.get("datePublished")),
        language=_language(fields.get("inLanguage")),
        claimant=_name(claimed.get("author")),
        claimed=_date(claimed.get("datePublished")),
    )


def review_of_api(claim: Mapping[str, Any], review: Mapping[str, Any]) -> Review:
    """The review in one entry of `claims[].claimReview[]`, as `claims:search` of Google's API answers.

    Raises:
        ReadError: see `review_of`.
    """
    rating = _words(review.get("textualRating"))
    publisher = _object(review.get("publisher"))
    return _review(
        claim=_words(claim.get("text")),
        url=_url(review.get("url")),
        publisher=_words(publisher.get("name")) or _words(publisher.get("site")),
        rating=rating,
        label=label_of(rating),
        reviewed=_date(review.get("reviewDate")),
        language=_language(review.get("languageCode")),
        claimant=_words(claim.get("claimant")) or None,
        claimed=_date(claim.get("claimDate")),
    )


def _review(*, claim: str, url: str, publisher: str | None, rating: str, language: str | None, **rest: Any) -> Review:
    if not any(character.isalpha() for character in claim):
        raise ReadError("it does not say what claim was reviewed")
    if len(claim) > MAX_CLAIM:
        raise ReadError(f"its claim has {len(claim):,} characters, more than {MAX_CLAIM:,}")
    if not rating:
        raise ReadError("it has no rating")
    rest["claimant"] = (rest["claimant"] or "")[:MAX_NAME] or None
    return Review(
        claim=claim,
        url=url,
        publisher=(publisher or urlsplit(url).hostname or "")[:MAX_NAME],
        rating=rating[:MAX_NAME],
        language=language or detect_language(claim),
        **rest,
    )


def _object(value: Any) -> Mapping[str, Any]:
    """The object that stands there, or the first of a list; else an empty one."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, dict) else {}


def _words(value: Any) -> str:
    """A text on one line: a string, a JSON-LD value with its language, or the first of a list; else nothing."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first = first.get("@value")
    if not isinstance(first, str):
        return ""
    if _SURROGATE.search(first):
        raise ReadError("it holds half a surrogate pair, so it is damaged text")
    # No entity is ten characters a letter, and unescaping a hundred megabytes would take its time.
    text = html.unescape(first) if len(first) <= 10 * MAX_CLAIM else first
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())


def _name(value: Any) -> str | None:
    """A name: of a person or an organisation, or as plain text."""
    first = value[0] if isinstance(value, list) and value else value
    return _words(first.get("name") if isinstance(first, dict) and "@value" not in first else first) or None


def _url(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first = first.get("@id")
    text = first.strip() if isinstance(first, str) else ""
    if len(text) > MAX_URL:
        raise ReadError(f"its address has {len(text):,} characters, more than {MAX_URL:,}")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable or any(c.isspace() or not c.isprintable() for c in text):
        raise ReadError("it has no http or https address of the review")
    return text


def _date(value: Any) -> str | None:
    """The date that an ISO 8601 date or time begins with; None for anything else."""
    found = _DAY.match(_words(value))
    if not found:
        return None
    try:
        latest_day(found[0])
    except ValueError:
        return None
    return found[0]


def _language(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first = first.get("alternateName") or first.get("name")
    found = _LANGUAGE.fullmatch(first.strip()) if isinstance(first, str) else None
    if not found:
        return None
    code = found[1].lower()
    code = _SAME_LANGUAGE.get(code, code)
    return code if len(code) == 2 else None


def _scale(value: Any, best: Any, worst: Any) -> str:
    """`1 (1 to 5)`: a rating that is a number only, in words."""
    shown = [_short(part) for part in (value, worst, best)]
    if not shown[0]:
        return ""
    return f"{shown[0]} ({shown[1]} to {shown[2]})" if shown[1] and shown[2] else shown[0]


def _short(value: Any) -> str:
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return f"{value:g}" if abs(value) < 1e9 else ""
    return _words(value)[:20]
