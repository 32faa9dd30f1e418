"""One claim checked again, in its present words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck.errors import ReviewError
from factcheck.review.desk import Desk
from factcheck.review.values import Change, ReviewedClaim
from factcheck.types import Claim, SourceDocument

if TYPE_CHECKING:
    from factcheck.engine import Engine


def as_claim(claim: ReviewedClaim) -> Claim:
    """A claim of the desk as the pipeline takes it, in its present words and at its present place."""
    machine = claim.machine
    return Claim(
        id=claim.claim_id,
        text=claim.text,
        start=claim.start,
        end=claim.end,
        source_text=claim.source_text,
        speaker=machine.speaker,
        as_of=machine.as_of,
        as_of_source=machine.as_of_source,
        kind=machine.kind,
        language=machine.language,
        why=machine.why,
        context=machine.context if claim.text == machine.text else None,
    )


def checked_again(claim: ReviewedClaim, engine: Engine) -> Change:
    """What the machine finds now, as the action `recheck` takes it.

    Raises:
        ReviewError: the claim could not be checked; the sentence has the reason.
    """
    from factcheck.pipeline import check_claim

    result = check_claim(as_claim(claim), engine, claim.run_id)
    if result.status == "not_checked":
        raise ReviewError(f"The claim could not be checked again, and all stays as it was. {result.reason}")
    quoted = {e.document_id: engine.corpus.document(e.document_id) for e in result.evidence}
    sources = {key: SourceDocument.of(document) for key, document in quoted.items() if document is not None}
    return Change(result=result, sources=sources, corpus=engine.corpus.name)


def check_again(desk: Desk, engine: Engine, run_id: str, claim_id: str, *, who: str, version: int) -> ReviewedClaim:
    """Has a claim checked again and records it.

    Raises:
        ReviewConflict: somebody changed the claim since that version.
        ReviewError: there is no such claim, it cannot be worked on now, or it could not be checked.
    """
    claim = desk.claim(run_id, claim_id)
    if claim is None:
        raise ReviewError(f"The run {run_id} has no finished claim {claim_id}.")
    return desk.act(run_id, claim_id, "recheck", checked_again(claim, engine), who=who, version=version)
