"""The rows of a batch: a claim's result with what it needs to be found and paid for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from factcheck.batches.journal import Row
from factcheck.batches.reading import BatchClaim
from factcheck.types import ClaimResult, Report, Usage

NO_CLAIM = "No claim worth checking was found in this article."


def of_result(item: BatchClaim, key: str, result: ClaimResult, ran: Mapping[str, Any]) -> Row:
    """The row of a claim; `ran` says which run, mode and corpus it comes from."""
    return {**result.model_dump(mode="json"), **ran, "id": item.id, "line": item.line, "key": key}


def of_failure(item: BatchClaim, key: str, reason: str, ran: Mapping[str, Any]) -> Row:
    """The row of what could not even be made a claim, or of an article that could not be read."""
    nothing: Row = {"status": "not_checked", "reason": reason, "label": None, "confidence": None, "evidence": []}
    if item.article is not None:
        return {"article": item.article, "text": None, **nothing, **ran, "key": key}
    return {"id": item.id, "line": item.line, "text": item.text or None, **nothing, **ran, "key": key}


def of_duplicate(item: BatchClaim, first: Row, ran: Mapping[str, Any]) -> Row:
    """The row of a claim that was checked already: the same result, which costs nothing again."""
    spent = {"seconds": 0.0, "usage": Usage().model_dump(mode="json"), "duplicate_of": first["line"]}
    return {**first, **ran, **spent, "id": item.id, "line": item.line}


def of_article(item: BatchClaim, key: str, report: Report, ran: Mapping[str, Any]) -> list[Row]:
    """The rows of an article's claims, or the one that says that it has none. The first one bears what finding the
    claims cost."""
    made = {**ran, "run_id": report.run.id, "key": key}
    extraction = {"extraction_usage": _extraction_usage(report).model_dump(mode="json")}
    if not report.claims:
        none = {"text": None, "status": "no_claims", "reason": NO_CLAIM, "label": None, "confidence": None}
        return [{"article": item.article, **none, "evidence": [], **made, **extraction}]
    count = len(report.claims)
    return [
        {
            "article": item.article,
            **result.model_dump(mode="json"),
            **made,
            "claim": number,
            "claims": count,
            **(extraction if number == 1 else {}),
        }
        for number, result in enumerate(report.claims, start=1)
    ]


def _extraction_usage(report: Report) -> Usage:
    """What the report cost beyond its claims."""
    tokens, claims = report.run.tokens, sum((claim.usage for claim in report.claims), start=Usage())
    cost = None if report.run.cost_usd is None else max(0.0, report.run.cost_usd - (claims.cost_usd or 0.0))
    return Usage(
        calls=max(0, tokens.get("calls", 0) - claims.calls),
        prompt_tokens=max(0, tokens.get("prompt", 0) - claims.prompt_tokens),
        completion_tokens=max(0, tokens.get("completion", 0) - claims.completion_tokens),
        cached_tokens=max(0, tokens.get("cached", 0) - claims.cached_tokens),
        cost_usd=cost or None,
    )


def places_of(source_is_directory: bool, articles: Sequence[str]) -> Any:
    """What gives the place of a row in the input, as `Journal` wants it."""
    if not source_is_directory:
        return lambda row: row.get("line") if isinstance(row.get("line"), int) else None
    numbers = {name: number for number, name in enumerate(articles, start=1)}
    return lambda row: numbers.get(row.get("article", ""))
