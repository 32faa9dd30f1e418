"""A report with what people made of its claims laid beside it: what leaves the desk (JSON contract, version 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from factcheck.review.values import AddedEvidence, Event, ReviewedClaim, State
from factcheck.types import Label, Report, SourceDocument, Stance, Value


class Remark(Value):
    """A reviewer's note on a claim; it is for colleagues and is published only where that is asked for."""

    at: str
    """UTC, ISO 8601."""
    who: str
    text: str


class Correction(Value):
    """That a published claim was taken back to be changed."""

    at: str
    """UTC, ISO 8601."""
    who: str
    reason: str
    was: Label | None = None
    """The verdict until then, where the log tells it."""


class ReviewOfClaim(Value):
    """What people made of one claim of a report; the machine's result stands in the report, never changed by it."""

    claim_id: str
    state: State
    """`machine_checked`: nobody looked at it yet; `in_review`: somebody works on it; `reviewed`: signed off;
    `published`; `correction`: published, and being changed."""
    label: Label | None
    """The verdict as it stands: the person's, else the machine's; null where there is neither."""
    decided_by: str | None = None
    """Who accepted or set the verdict; null while it is only the machine's."""
    decided_at: str | None = None
    """UTC, ISO 8601, as all times here."""
    reason: str | None = None
    """Why the verdict was changed, in the reviewer's words."""
    overridden: bool = False
    """Whether the person's verdict differs from the machine's."""
    signed_by: str | None = None
    signed_at: str | None = None
    first_published_at: str | None = None
    published_at: str | None = None
    """When it was last published."""
    text: str
    """The claim as it is worded now."""
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    source_text: str
    """The article's words that the claim comes from: `article.text[start:end]`."""
    dropped: bool = False
    """Whether a reviewer took it out: not a claim to check."""
    edited: bool = False
    """Whether the words differ from those that the machine last judged."""
    stances: Mapping[int, Stance] = Field(default_factory=dict)
    """Stances that a person gave, by the number of the machine's evidence."""
    added: tuple[AddedEvidence, ...] = ()
    """Evidence that people brought."""
    notes: tuple[Remark, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """Oldest first."""
    back_because: str | None = None
    """Why a reviewed claim came back to the queue; null once somebody has looked."""
    version: int = 0
    """Grows with every change to the claim; 0 where nothing happened yet."""

    @classmethod
    def of(cls, claim: ReviewedClaim) -> Self:
        """What a reader needs of a claim of the desk."""
        return cls(
            claim_id=claim.claim_id,
            first_published_at=next((e.at for e in claim.events if e.action == "publish"), claim.published_at),
            notes=tuple(Remark(at=e.at, who=e.who, text=e.reason or "") for e in claim.notes),
            corrections=_corrections(claim),
            **{name: getattr(claim, name) for name in _AS_THEY_STAND},
        )


_AS_THEY_STAND = (
    "state", "label", "decided_by", "decided_at", "reason", "overridden", "signed_by", "signed_at", "published_at",
    "text", "start", "end", "source_text", "dropped", "edited", "stances", "added", "back_because", "version",
)  # fmt: skip


def _corrections(claim: ReviewedClaim) -> tuple[Correction, ...]:
    """The claim's corrections, each with the verdict that stood before it."""
    before: dict[int, Label | None] = {}
    checked_again = any(e.action == "recheck" for e in claim.events)
    machine = None if checked_again else claim.machine.label
    label: Label | None = None
    for event in claim.events:
        before[event.seq] = label
        if event.action == "recheck" and event.change.result:
            machine = event.change.result.label
        label = _label_after(event, label, machine)
    return tuple(
        Correction(at=e.at, who=e.who, reason=e.reason or "", was=before.get(e.seq)) for e in claim.corrections
    )


def _label_after(event: Event, label: Label | None, machine: Label | None) -> Label | None:
    if event.action == "accept":
        return event.change.label or machine
    if event.action in ("set_verdict", "take_match"):
        return event.change.label
    return None if event.action == "edit_claim" else label


class ReviewedReport(Value):
    """A report and, for each of its claims in the same order, what people made of it."""

    schema_version: Literal["1"] = "1"
    report: Report
    """The machine's part. Its claims are the machine's latest results, those that people added to the article too."""
    review: tuple[ReviewOfClaim, ...]

    @model_validator(mode="after")
    def _claim_by_claim(self) -> Self:
        if [c.id for c in self.report.claims] != [r.claim_id for r in self.review]:
            raise ValueError("the review has an entry for each claim of the report, in the same order")
        for entry in self.review:
            if self.report.article.text[entry.start : entry.end] != entry.source_text:
                raise ValueError(f"claim {entry.claim_id} is not at its place in the article")
        return self

    @classmethod
    def of(
        cls, report: Report, claims: Iterable[ReviewedClaim], documents: Mapping[str, SourceDocument] | None = None
    ) -> Self:
        """The report as the desk has it now.

        Args:
            report: as the run left it; its claims give way to the machine's latest results.
            claims: all claims of the run on the desk, in its order.
            documents: those that results of a later check quote and the report lacks, by id.
        """
        standing = tuple(claims)
        results = tuple(
            c.machine if c.machine.id == c.claim_id else c.machine.model_copy(update={"id": c.claim_id})
            for c in standing
        )
        known = {**report.documents, **(documents or {})}
        return cls(
            report=Report(**{**dict(report), "claims": results, "documents": known}),
            review=tuple(ReviewOfClaim.of(c) for c in standing),
        )
