"""What an evaluation set holds, in two halves that never meet before the scoring.

A system under test is given `Question` values only. What the annotators found out lies in a `Gold` beside it; a
question has no field that could carry it. A row without a label is predicted and not scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from factcheck.types import Label, Stance, Status, Value

Task = Literal["verdict", "match", "extract", "checkworthy"]
TASKS: tuple[Task, ...] = ("verdict", "match", "extract", "checkworthy")

EvidenceSource = Literal["given", "retrieved"]

GOLD_FIELDS = frozenset(
    {
        "label", "orig_label", "meta", "stance", "gold_doc_ids", "gold_claims", "gold_is_exhaustive",
        "normalized_claim", "sent_ids",
    }
)  # fmt: skip
"""Fields of the file schema that hold gold, in a row or in a piece of its evidence; no system is shown them."""


class Given(Value):
    """A piece of evidence that comes with a row."""

    doc_id: str
    text: str
    title: str | None = None
    url: str | None = None
    published: str | None = None


class Question(Value):
    """What a system under test is shown of a row: the claim, post, article or sentence, and the evidence if given."""

    id: str
    text: str
    """The claim (verdict), the post (match), the article (extract) or the sentence (checkworthy)."""
    language: str | None = None
    claim_date: date | None = None
    speaker: str | None = None
    evidence: tuple[Given, ...] = ()


class GoldClaim(Value):
    """A claim that annotators took from an article."""

    text: str
    checkworthy: bool | None = None


class Gold(Value):
    """What the annotators say; only the scoring reads it."""

    label: str | None = None
    """A verdict label, or `checkworthy` / `not_checkworthy`."""
    doc_ids: tuple[str, ...] = ()
    """Documents that hold the evidence; empty where there is none to find."""
    stances: Mapping[str, Stance] = Field(default_factory=dict)
    """For each document with a stance on record: that stance."""
    claims: tuple[GoldClaim, ...] = ()
    exhaustive: bool = False
    """Whether `claims` are all the claims of the article, so that precision can be measured."""
    slices: frozenset[str] = frozenset()
    """Slices by what only annotators know (`nei_from_partial`, a category of the set)."""


class Row(NamedTuple):
    """A row of a set: the question for the system, the gold for the scoring."""

    question: Question
    gold: Gold | None


class Dataset(NamedTuple):
    """A set that was read whole.

    `digest` is the SHA-256 of the file, `corpus` the file of documents to search, where the rows name one.
    """

    name: str
    path: Path
    task: Task
    digest: str
    rows: tuple[Row, ...]
    corpus: Path | None


class Cited(Value):
    """A located quote as `--predictions` writes it."""

    doc_id: str
    quote: str
    start: int
    end: int
    stance: Stance
    in_source: bool
    """Whether `document[start:end] == quote` held when the scorer looked it up itself."""


class Prediction(Value):
    """What a system said of one row: a line of `--predictions`."""

    id: str
    task: Task
    status: Status = "checked"
    reason: str | None = None
    """Why there is no answer, where `status` is `not_checked`."""
    label: Label | Literal["checkworthy", "not_checkworthy"] | None = None
    confidence: float | None = None
    probabilities: Mapping[str, float] = Field(default_factory=dict)
    """For each label its probability; they sum to 1. Empty where the system gives none."""
    evidence: tuple[Cited, ...] = ()
    """The quotes that the label rests on."""
    shown: tuple[Cited, ...] = ()
    """Quotes that are shown beside them and did not count."""
    retrieved: tuple[str, ...] = ()
    """Ranked, unique ids of documents of the set's corpus, best first; at least 20 where the corpus has them."""
    claims: tuple[str, ...] = ()
    """Extracted claims, in the system's order (extract)."""
    spans: tuple[tuple[int, int], ...] = ()
    """For each extracted claim its place in the article (extract)."""
    score: float | None = None
    """How check-worthy the sentence is, higher is more (checkworthy)."""
    seconds: float = 0.0
    tokens: int = 0
    notes: tuple[str, ...] = ()
