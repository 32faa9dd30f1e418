"""The report of a run as the desk has it now."""

from __future__ import annotations

from factcheck.errors import ReviewError
from factcheck.review.desk import Desk
from factcheck.review.reported import ReviewedReport
from factcheck.store import RunStore


def reviewed_report(at: Desk | RunStore, run_id: str) -> ReviewedReport:
    """A report with what people made of its claims beside it.

    Args:
        at: the desk, or the store that it is over.
        run_id: the run.

    Raises:
        ReviewError: there is no such run, or it has no report yet.
    """
    desk = at if isinstance(at, Desk) else Desk(at)
    run = desk.store.get(run_id)
    if run is None:
        raise ReviewError(f"There is no run {run_id}. `factcheck review list --articles` shows the runs there are.")
    if run.report is None:
        raise ReviewError(f"The check of {run_id} is {run.status} and has no report yet. Let it end, or resume it.")
    claims = desk.claims(run_id)
    quoted = dict.fromkeys(e.document_id for claim in claims for e in claim.machine.evidence)
    return ReviewedReport.of(run.report, claims, desk.store.sources(list(quoted)))
