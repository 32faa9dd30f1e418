"""What reviewers do to claims, as values: events, the claim that they add up to, and the queue.

An event is never changed and never removed. The present state of a claim is what its events make of the machine's
result, which itself is never overwritten.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from factcheck.types import ClaimResult, Label, PartialDate, SourceDocument, Stance, Value

State = Literal["machine_checked", "in_review", "reviewed", "published", "correction"]
"""`in_review`: somebody has worked on it; `reviewed`: signed off; `correction`: published, and being changed."""

STATES: tuple[State, ...] = ("machine_checked", "in_review", "reviewed", "published", "correction")

Action = Literal[
    "add_claim", "accept", "set_verdict", "edit_claim", "drop", "restore", "set_stance", "add_evidence",
    "recheck", "take_match", "note", "sign_off", "publish", "correct", "evidence_changed",
]  # fmt: skip

MACHINE = "factcheck"
"""Who the program's own events are by; nobody else may bear that name."""


class AddedEvidence(Value):
    """Evidence that a person brought: where it is from and its words, with the place of the quote in them."""

    n: int = Field(ge=1)
    """Its number among the added ones of the claim."""
    text: str = Field(min_length=1)
    """The source's text, or the part of it that was pasted."""
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    stance: Stance
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: PartialDate | None = None
    added_by: str
    added_at: str


class Change(Value):
    """What an event says beside who, when and why; each action reads the fields that its docstring in `acts` names."""

    label: Label | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    source_text: str | None = None
    stance: Stance | None = None
    evidence_n: int | None = None
    """A piece of evidence of the machine's result by its number."""
    added_n: int | None = None
    """A piece of added evidence by its number."""
    added: AddedEvidence | None = None
    result: ClaimResult | None = None
    """What the machine found when it checked again; of an added claim, that it was not checked yet."""
    sources: dict[str, SourceDocument] = Field(default_factory=dict)
    """The documents that this result quotes, by id; the desk keeps them apart from the log."""
    corpus: str | None = None
    """The name of the corpus that it was checked against."""
    match_id: str | None = None
    documents: tuple[str, ...] = ()
    """Ids of documents of the corpus that changed."""


class Event(Value):
    """One thing that happened to a claim."""

    seq: int
    """Grows through the whole log; a claim's version is that of its last event."""
    at: str
    """UTC, ISO 8601, with milliseconds."""
    who: str
    run_id: str
    claim_id: str
    action: Action
    reason: str | None = None
    change: Change = Change()


class ReviewedClaim(Value):
    """A claim as it stands: the machine's result and what people made of it."""

    run_id: str
    claim_id: str
    position: int
    """Its place among the run's claims, from 0; added ones follow."""
    article: str
    """The article's title, or how it begins."""
    machine: ClaimResult
    """The machine's latest result for the claim as it was then worded; never a person's verdict."""
    text: str
    start: int
    end: int
    source_text: str
    state: State
    label: Label | None
    """The person's verdict, else the machine's; None where there is neither."""
    decided_by: str | None = None
    """Who accepted or set the verdict; None while it is only the machine's."""
    decided_at: str | None = None
    reason: str | None = None
    """Why the verdict was changed, in the reviewer's words."""
    overridden: bool = False
    """Whether a person's verdict differs from the machine's."""
    signed_by: str | None = None
    signed_at: str | None = None
    published_at: str | None = None
    """When it was last published."""
    dropped: bool = False
    edited: bool = False
    """Whether the words differ from those that the machine last judged."""
    stances: dict[int, Stance] = Field(default_factory=dict)
    """Stances that a person gave, by the number of the machine's evidence."""
    added: tuple[AddedEvidence, ...] = ()
    notes: tuple[Event, ...] = ()
    corrections: tuple[Event, ...] = ()
    back_because: str | None = None
    """Why a reviewed claim came back to the queue; None once somebody has looked."""
    version: int = 0
    """`seq` of its last event, 0 where nothing happened yet: what a change is based on."""
    events: tuple[Event, ...] = ()
    """All of them, oldest first."""


class QueueFilter(Value):
    """Which claims of the desk are wanted; an empty tuple or None wants them all."""

    labels: tuple[str, ...] = ()
    """Labels, and `not_checked`."""
    states: tuple[State, ...] = ()
    languages: tuple[str, ...] = ()
    run_id: str | None = None
    least: float | None = None
    most: float | None = None
    """Bounds of the machine's confidence, both included."""
    words: str = ""
    """Every word must occur in the claim, its speaker or the article's title, whatever the case."""
    dropped: bool = False
    """Whether dropped claims are wanted instead of the others."""
    back: bool = False
    """Only those that came back to the queue."""


Order = Literal["newest", "oldest", "confidence", "article"]
"""`confidence`: the least sure first."""


class QueueRow(Value):
    """A claim in the queue: what a list needs, read without the whole result."""

    run_id: str
    claim_id: str
    position: int
    text: str
    speaker: str | None
    language: str | None
    article: str
    created: str
    state: State
    label: str
    """The label as it stands, or `not_checked`."""
    machine_label: str
    confidence: float | None
    decided_by: str | None
    signed_by: str | None
    dropped: bool
    back_because: str | None
    version: int
    updated: str


class QueuePage(Value):
    """Some rows of the queue, how many there are in all, and how they divide."""

    rows: tuple[QueueRow, ...]
    total: int
    by_label: dict[str, int]
    by_state: dict[str, int]
    by_language: dict[str, int]


class ArticleRow(Value):
    """An article that was checked: its run, and how far its claims are."""

    run_id: str
    title: str
    created: str
    status: str
    """As the run store has it; `interrupted` ones can be resumed."""
    claims: int
    by_state: dict[str, int]


class Viewer(Value):
    """Somebody who has a claim open."""

    who: str
    since: str


class Agreement(Value):
    """How often people kept the machine's verdict, in one month."""

    month: str
    decided: int
    kept: int
