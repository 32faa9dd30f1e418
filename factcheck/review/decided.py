"""What of a signed-off claim is laid beside the corpus, so that a new article is offered it."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.checked import decided_id, decided_metadata
from factcheck.review.values import ReviewedClaim
from factcheck.vectors import Metadata

SIGNED = ("reviewed", "published")
"""The states in which a person's verdict holds."""


def decided_entry(claim: ReviewedClaim) -> dict[str, Metadata]:
    """The entry of a claim by its key; none where no signed verdict holds."""
    if claim.state not in SIGNED or claim.label is None or claim.signed_by is None or claim.signed_at is None:
        return {}
    kept = decided_metadata(
        claim.run_id,
        claim.claim_id,
        claim.text,
        label=claim.label,
        as_of=claim.machine.as_of,
        language=claim.machine.language,
        reviewed_by=claim.signed_by,
        reviewed=claim.signed_at[:10],
    )
    return {decided_id(claim.run_id, claim.claim_id, claim.text): kept}


def earlier_keys(past: Sequence[ReviewedClaim]) -> set[str]:
    """The keys of every entry that the claim may have had."""
    return {decided_id(claim.run_id, claim.claim_id, claim.text) for claim in past if claim.state in SIGNED}
