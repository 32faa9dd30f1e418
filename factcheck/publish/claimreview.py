"""Signed-off claims as ClaimReview of schema.org, with the fields that Google's fact-check tools document.

A claim that only the machine has judged never becomes one. The rating scale and every field are described in
docs/claimreview.md. `factcheck.claimreview` reads what is written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from factcheck.claimreview.review import MAX_CLAIM, MAX_NAME, MAX_URL
from factcheck.errors import InputError, SettingsError
from factcheck.publish.scope import scoped
from factcheck.publish.site import Site
from factcheck.publish.words import Words, words
from factcheck.report import one_line
from factcheck.review.reported import ReviewedReport, ReviewOfClaim
from factcheck.text.words import word_set
from factcheck.types import Article, ClaimResult, Label

BEST, WORST = 5, 1
"""Ends of the scale of truth that Google's documentation gives as its example: 1 is false, 3 half true, 5 true."""

VALUES: dict[Label, int] = {"supported": 5, "conflicting": 3, "refuted": 1}
"""`ratingValue` of a label. `not_enough_evidence` has none: it is no place on a scale from false to true."""

MAX_EXPLANATION = 1_000
"""Characters of `ratingExplanation`, which is meant to be short."""

_BODIES = word_set(
    "agency association authority bank bureau commission committee company corporation council department federation"
    " foundation government institute ministry office organisation organization party police union university"
    " asosiasi badan dewan dinas ikatan institut kantor kementerian kepolisian komisi komite lembaga mahkamah"
    " majelis organisasi partai pemerintah perusahaan pt serikat universitas yayasan"
)
_SPEAKS_FOR = word_set("spokesman spokeswoman spokesperson juru")


def to_claimreview(
    reviewed: ReviewedReport, claim_id: str | None = None, *, site: Site | None, language: str | None = None
) -> list[dict[str, Any]]:
    """The ClaimReview objects of an article's signed-off claims, or of one of them.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for all that are signed off and not dropped, which may be none.
        site: the author, and where the claims' pages stand.
        language: of the rating's words, `en` or `id`; None takes Indonesian for an Indonesian claim, else English.

    Raises:
        SettingsError: there is no site.
        InputError: there is no such claim, or it is not signed off; there are no texts in the language.
    """
    if site is None:
        raise SettingsError(
            "A ClaimReview names its author and the page it stands on. "
            "Set FACTCHECK_SITE_NAME and FACTCHECK_SITE_URL, or give both as options."
        )
    part = scoped(reviewed, claim_id)
    both = list(zip(part.report.claims, part.review, strict=True))
    if claim_id is not None and not signed_off(both[0][1]):
        raise InputError(_refusal(both[0][1]))
    return [
        _item(result, entry, part.report.article, site.page(reviewed.report.run.id, entry.claim_id), site, language)
        for result, entry in both
        if signed_off(entry)
    ]


def claimreview_json(items: Sequence[dict[str, Any]] | dict[str, Any]) -> str:
    """JSON text of ClaimReview objects that may stand in a script element: it holds none of `<`, `>` and `&`."""
    text = json.dumps(items, ensure_ascii=False, indent=2)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def signed_off(entry: ReviewOfClaim) -> bool:
    """Whether a claim may be published as a ClaimReview."""
    return entry.state in ("reviewed", "published") and entry.label is not None and not entry.dropped


def _refusal(entry: ReviewOfClaim) -> str:
    if entry.dropped:
        return f"Claim {entry.claim_id} was dropped. Restore it and have it signed off to publish it as a ClaimReview."
    if entry.state == "correction":
        return f"Claim {entry.claim_id} is being corrected. Have the correction signed off to publish it again."
    return f"Claim {entry.claim_id} is not signed off. A ClaimReview is made of claims that a person has signed off."


def _item(
    result: ClaimResult, entry: ReviewOfClaim, article: Article, url: str, site: Site, language: str | None
) -> dict[str, Any]:
    say = words(language or ("id" if result.language == "id" else "en"))
    made = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": _cut(entry.text, MAX_CLAIM),
        "datePublished": entry.first_published_at or entry.signed_at,
        "dateModified": _modified(entry),
        "inLanguage": say.language,
        "author": {"@type": "Organization", "name": site.name, "url": site.url},
        "reviewRating": _rating(say, entry),
        "itemReviewed": _claim(result, article),
        "correction": [_correction(say, entry, at) for at in range(len(entry.corrections))],
    }
    return {key: value for key, value in made.items() if value}


def _rating(say: Words, entry: ReviewOfClaim) -> dict[str, Any]:
    """The rating, explained in the words of a person or not at all."""
    assert entry.label is not None
    value = VALUES.get(entry.label)
    return {
        "@type": "Rating",
        **({} if value is None else {"ratingValue": value, "bestRating": BEST, "worstRating": WORST}),
        "alternateName": say(f"rating.{entry.label}"),
        **({"ratingExplanation": _cut(entry.reason, MAX_EXPLANATION)} if entry.reason else {}),
    }


def _modified(entry: ReviewOfClaim) -> str | None:
    """When a published review was last changed; None if it never was."""
    first = entry.first_published_at
    times = [at for at in (entry.published_at, entry.signed_at) if at and first and at > first]
    return max(times, default=None)


def _correction(say: Words, entry: ReviewOfClaim, at: int) -> dict[str, Any]:
    correction = entry.corrections[at]
    key = "correction.was" if correction.was else "correction"
    label = say(f"label.{correction.was}") if correction.was else ""
    text = say(key, day=say.day(correction.at), reason=correction.reason, label=label)
    return {"@type": "CorrectionComment", "text": _cut(text, MAX_EXPLANATION), "datePublished": correction.at}


def _claim(result: ClaimResult, article: Article) -> dict[str, Any]:
    """The claim as it was made: by its speaker, or by the article that says it, also that somebody said something."""
    said_by = result.speaker if result.kind != "attribution" else None
    author = _agent(said_by or article.author)
    made = {
        "@type": "Claim",
        "author": author,
        "datePublished": article.published or _known_day(result),
        "appearance": _work(article),
    }
    return {key: value for key, value in made.items() if value}


def _known_day(result: ClaimResult) -> str | None:
    return None if result.as_of_source == "today" else result.as_of.isoformat()


def _work(article: Article) -> dict[str, Any]:
    url = _web_address(article.url)
    title = _cut(article.title, MAX_NAME) if article.title else None
    made = {"url": url, "headline": title, "datePublished": article.published, "author": _agent(article.author)}
    known = {key: value for key, value in made.items() if value}
    return {"@type": "CreativeWork", **known} if url or title else {}


def _agent(name: str | None) -> dict[str, Any]:
    """A person or a body, by its words: schema.org wants to know which, and the article does not say."""
    said = _cut(name, MAX_NAME) if name else ""
    if not said:
        return {}
    parts = [part.strip(".,").lower() for part in said.split()]
    acronym = said.isupper() and said.isalpha() and 2 <= len(said) <= 6
    body = acronym or parts[0] in _BODIES or parts[-1] in _BODIES
    return {"@type": "Organization" if body and not _SPEAKS_FOR.intersection(parts) else "Person", "name": said}


def _web_address(url: str | None) -> str | None:
    """The address where it is one that a reader's program may follow: http or https."""
    text = (url or "").strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return text if usable and len(text) <= MAX_URL and all(c.isprintable() and c != " " for c in text) else None


def _cut(text: str, limit: int) -> str:
    line = one_line(text)
    return line if len(line) <= limit else (line[: limit - 1].rpartition(" ")[0] or line[: limit - 1]) + "…"
