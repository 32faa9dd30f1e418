"""A reviewed report as one HTML page that needs nothing else and prints well: no script, font or image is fetched."""

from __future__ import annotations

from factcheck.publish.claimreview import claimreview_json, signed_off, to_claimreview
from factcheck.publish.site import Site
from factcheck.publish.telling import page_of
from factcheck.report import SYMBOLS, template
from factcheck.review.reported import ReviewedReport


def to_html(
    reviewed: ReviewedReport,
    claim_id: str | None = None,
    language: str = "en",
    *,
    notes: bool = False,
    site: Site | None = None,
) -> str:
    """An article's claims, or one of them, as an HTML page.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for the article.
        language: of the page's own words, `en` or `id`.
        notes: whether the reviewers' notes are published too.
        site: where the page will stand; given, the page carries the ClaimReview of its claim, if that is signed off.
            On an article's page there is none, since each review names its claim's own page.

    Raises:
        InputError: there is no such claim, or there are no texts in the language.
    """
    from markupsafe import Markup

    page = page_of(reviewed, claim_id, language, notes=notes)
    publishable = site is not None and any(r.claim_id == claim_id and signed_off(r) for r in reviewed.review)
    items = to_claimreview(reviewed, claim_id, site=site, language=language) if publishable else []
    markup = Markup(claimreview_json(items[0])) if items else None
    return template("published.html").render(page=page, symbols=SYMBOLS, markup=markup)
