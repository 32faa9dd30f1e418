"""Claims checked before, as they lie beside the corpus, and how much a new claim is one of them.

A match is a hint for a person, never a verdict. Both thresholds are cosine similarities of the packaged embedder.
Different facts of one topic reach .82 in Indonesian and .89 in English, and contrastive claims (one word changed so
that the verdict turns) mostly stay below .92; a claim and its translation lie at .58 to .70, tweets and the claims
that fact-checkers made of them at .50 to .64, and the nearest unrelated claim seldom above .56.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from factcheck.alike import agree
from factcheck.types import LABELS, Claim, ClaimResult, Match, content_id
from factcheck.vectors import Metadata, Near

STRONG_MATCH = 0.92
"""Similarity from which a claim checked before may be the same one."""
WEAK_MATCH = 0.62
"""Similarity from which a claim checked before is worth showing."""
MIN_WORDS = 8
"""A claim of fewer words says too little for a strong match."""


def checked_id(result: ClaimResult, snapshot: str) -> str:
    """The key of a checked claim: the same claim, date and corpus give the same one."""
    return content_id("checked", result.text, result.as_of.isoformat(), snapshot)


def checked_metadata(run_id: str, result: ClaimResult) -> Metadata:
    """What is kept beside the vector of a checked claim; an unknown language is left out."""
    kept: dict[str, str | int] = {
        "claim_id": result.id,
        "run_id": run_id,
        "text": result.text,
        "as_of": int(result.as_of.strftime("%Y%m%d")),
    }
    if result.label is not None:
        kept["label"] = result.label
    if result.language is not None:
        kept["language"] = result.language
    return kept


def match(near: Near, claim: Claim) -> Match:
    """The match that a claim found nearby makes with a new one.

    It is strong if it is very similar, both have eight words or more, and they agree in numbers, dates, names and
    negation.
    """
    kept: Mapping[str, Any] = near.metadata
    text, day = str(kept["text"]), str(kept["as_of"])
    strong = (
        near.similarity >= STRONG_MATCH
        and min(len(text.split()), len(claim.text.split())) >= MIN_WORDS
        and agree(text, kept.get("language"), claim.text, claim.language)
    )
    return Match(
        claim_id=str(kept["claim_id"]),
        run_id=content_id("run", str(kept["run_id"])),
        text=text,
        label=kept["label"] if kept.get("label") in LABELS else None,
        as_of=date(int(day[:4]), int(day[4:6]), int(day[6:])),
        similarity=round(near.similarity, 4),
        strength="strong" if strong else "weak",
    )
