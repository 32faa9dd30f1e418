"""What of a reviewed report is to leave the desk: the whole article or one claim, without what is for colleagues."""

from __future__ import annotations

from factcheck.errors import InputError
from factcheck.review.reported import ReviewedReport
from factcheck.types import content_id


def scoped(reviewed: ReviewedReport, claim_id: str | None = None, *, notes: bool = False) -> ReviewedReport:
    """The part of a report that is published: a claim with its sources, or everything.

    Args:
        reviewed: the report; its article always stays, since every offset counts its characters.
        claim_id: the claim; None for all.
        notes: whether what is for colleagues stays too: their notes, why a claim came back, and the run's id. That is
            a key (who has it may open the run); otherwise the digest stands there that matches carry as well.

    Raises:
        InputError: the report has no such claim.
    """
    report = reviewed.report
    if claim_id is not None and claim_id not in {entry.claim_id for entry in reviewed.review}:
        raise InputError(f"The run {report.run.id} has no claim {claim_id}. `factcheck review list` names them.")
    review = tuple(r for r in reviewed.review if claim_id in (None, r.claim_id))
    claims = tuple(c for c in report.claims if claim_id in (None, c.id))
    run = report.run
    if not notes:
        review = tuple(r.model_copy(update={"notes": (), "back_because": None}) for r in review)
        run = run.model_copy(update={"id": content_id("run", run.id)})
    cited = {e.document_id for claim in claims for e in claim.evidence}
    part = {
        "claims": claims,
        "run": run,
        "left_out": report.left_out if claim_id is None else (),
        "documents": {key: value for key, value in report.documents.items() if key in cited},
    }
    return reviewed.model_copy(update={"report": report.model_copy(update=part), "review": review})
