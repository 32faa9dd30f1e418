"""A reviewed report as CSV: a row a claim, the columns always the same, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from factcheck.publish.scope import scoped
from factcheck.publish.telling import standing
from factcheck.publish.words import Words, words
from factcheck.report import one_line, outcome
from factcheck.review.reported import ReviewedReport, ReviewOfClaim
from factcheck.types import Article, ClaimResult

MAX_CELL = 32_000
"""Characters; spreadsheets hold 32,767 in a cell and break a longer one in two."""

COLUMNS = (
    "claim_id", "number", "claim", "speaker", "kind", "language", "state", "verdict", "verdict_words", "decided_by",
    "decided_at", "reason", "overridden", "signed_by", "signed_at", "published_at", "corrections", "dropped",
    "machine_verdict", "machine_verdict_words", "machine_confidence", "machine_reason", "machine_claim",
    "evidence", "evidence_urls", "source_text", "start", "end", "as_of", "article_title", "article_url", "notes",
)  # fmt: skip


def to_csv(reviewed: ReviewedReport, claim_id: str | None = None, language: str = "en", *, notes: bool = False) -> str:
    """An article's claims, or one of them, as CSV with a head line, lines ending as RFC 4180 has it.

    Dropped claims are rows too and say so. A cell that a spreadsheet would take for a formula begins with an
    apostrophe; one longer than `MAX_CELL` is cut and ends with an ellipsis.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for the article.
        language: of the verdicts' words, `en` or `id`; the columns' names stay, so that a script can rely on them.
        notes: whether the reviewers' notes are published too.

    Raises:
        InputError: there is no such claim, or there are no texts in the language.
    """
    say = words(language)
    part = scoped(reviewed, claim_id, notes=notes)
    numbers = {claim.id: n for n, claim in enumerate(reviewed.report.claims, start=1)}
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for result, entry in zip(part.report.claims, part.review, strict=True):
        row = _row(say, numbers[result.id], result, entry, part.report.article)
        table.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def _row(say: Words, number: int, result: ClaimResult, entry: ReviewOfClaim, article: Article) -> dict[str, object]:
    used = [e for e in result.evidence if e.used]
    quoted = [*((e.quote, e.publisher) for e in used), *((a.quote, a.publisher) for a in entry.added)]
    urls = [*(e.url for e in used), *(a.url for a in entry.added)]
    return {
        **entry.model_dump(),
        **result.model_dump(include={"speaker", "kind", "language", "as_of"}),
        "number": number,
        "claim": entry.text,
        "verdict": standing(entry),
        "verdict_words": say(f"label.{standing(entry)}"),
        "corrections": " | ".join(f"{c.at}: {c.reason}" for c in entry.corrections),
        "machine_verdict": outcome(result),
        "machine_verdict_words": say(f"label.{outcome(result)}"),
        "machine_confidence": result.confidence,
        "machine_reason": result.justification or result.reason,
        "machine_claim": result.text,
        "evidence": " | ".join(f"“{quote}” {publisher or ''}".rstrip() for quote, publisher in quoted),
        "evidence_urls": " | ".join(url for url in urls if url),
        "article_title": article.title,
        "article_url": article.url,
        "notes": " | ".join(f"{n.who}, {n.at}: {n.text}" for n in entry.notes),
    }


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else one_line(str(value))
    if text[:1] in ("=", "+", "-", "@"):
        text = f"'{text}"
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
