"""The work of reviewers: an append-only log of what they did, and the claims as they stand after it."""

from factcheck.review.again import as_claim, check_again, checked_again
from factcheck.review.desk import Desk
from factcheck.review.folding import fold, step
from factcheck.review.reported import ReviewedReport, ReviewOfClaim
from factcheck.review.reports import reviewed_report
from factcheck.review.values import (
    MACHINE,
    STATES,
    Action,
    AddedEvidence,
    Agreement,
    ArticleRow,
    Change,
    Event,
    Order,
    QueueFilter,
    QueuePage,
    QueueRow,
    ReviewedClaim,
    State,
    Viewer,
)

__all__ = [
    "MACHINE",
    "STATES",
    "Action",
    "AddedEvidence",
    "Agreement",
    "ArticleRow",
    "Change",
    "Desk",
    "Event",
    "Order",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "ReviewOfClaim",
    "ReviewedClaim",
    "ReviewedReport",
    "State",
    "Viewer",
    "as_claim",
    "check_again",
    "checked_again",
    "fold",
    "reviewed_report",
    "step",
]
