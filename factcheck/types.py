"""The values that travel between the steps: frozen, typed, and impossible to build in a state that must not exist.

The flow is Document -> Claim -> Candidate -> Finding -> Evidence -> ClaimResult -> Report. Offsets are counts of
Unicode characters into the text they belong to, half-open, as in Python slices. The field names of `Report` and
everything under it are the JSON contract (schema version 1).
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION: Literal["1"] = "1"

Label = Literal["supported", "refuted", "not_enough_evidence", "conflicting"]
"""AVeriTeC's four labels (Schlichtkrull et al., 2023)."""

LABELS: tuple[Label, ...] = ("supported", "refuted", "not_enough_evidence", "conflicting")

Stance = Literal["supports", "refutes", "neutral"]
Status = Literal["checked", "not_checked"]
Mode = Literal["offline", "llm"]

ClaimKind = Literal["statement", "attribution", "reported"]
"""`statement`: the article says so itself. `attribution`: that somebody said it. `reported`: what they said."""

WhyNot = Literal[
    "later",
    "undated",
    "same_origin",
    "quote_not_found",
    "off_topic",
    "disputed_source",
    "low_standing",
    "weak_match",
]
"""Why evidence that is shown did not count."""

Timing = Literal["in_time", "later", "undated", "rule_lifted"]

Tier = Literal["primary", "established", "unknown", "low"]
"""What kind of source a document comes from, by the user's rules (`factcheck.tiers`), the highest first."""

AsOfSource = Literal["given", "article", "today"]

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def latest_day(partial: str) -> date:
    """The last day that an ISO 8601 date of year, month or day precision can mean.

    A month-only date counts as its last day, so that the time rule fails closed.

    Raises:
        ValueError: the text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or names no day of the calendar.
    """
    found = _PARTIAL.fullmatch(partial)
    if not found:
        raise ValueError(f"{partial!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    year, month = int(found[1]), int(found[2] or 12)
    if not 1 <= month <= 12 or year < 1:
        raise ValueError(f"{partial!r} is not a date of the calendar")
    return date(year, month, int(found[3]) if found[3] else calendar.monthrange(year, month)[1])


def _partial_date(value: str) -> str:
    latest_day(value)
    return value


PartialDate = Annotated[str, AfterValidator(_partial_date)]
"""An ISO 8601 date as text with the precision that is known: `2024`, `2024-06` or `2024-06-19`."""


def content_id(prefix: str, *parts: str) -> str:
    """A short stable identifier: `prefix` and 16 hex digits of SHA-256 over the parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}-{digest[:16]}"


class Value(BaseModel):
    """Base of all values: frozen, and no field that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Value):
    """A half-open stretch `[start, end)` of characters of some text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")
        return self

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]


class Document(Value):
    """A text with what is known of where it comes from: an article to check, or a note of the corpus.

    `text` is the decoded input, never normalised; every offset in a report counts characters of it.
    """

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    author: str | None = None
    published: PartialDate | None = None
    available_from: PartialDate | None = None
    language: str | None = None
    source_family: str | None = None
    """The agency or paper that the text goes back to, where known (`KCNA`, `Reuters`): a part of its origin."""
    reliability: Literal["disputed", "superseded", "weak_source"] | None = None
    """Set by the corpus's owner; a disputed or superseded report is shown but decides nothing alone."""
    media_type: str = "text/plain"
    unseen: str | None = None
    """What text that no reader sees the file held, in a sentence; it was left out when the file was read."""

    @classmethod
    def from_text(cls, text: str, **fields: Any) -> Self:
        """A document whose id is the hash of its text and of its source fields."""
        keys = (
            "title",
            "publisher",
            "url",
            "published",
            "available_from",
            "language",
            "source_family",
            "reliability",
        )
        return cls(id=content_id("doc", text, *(str(fields.get(k) or "") for k in keys)), text=text, **fields)

    @property
    def public_from(self) -> date | None:
        """The first day the text is known to have been public (last day of a partial date), or None if unknown.

        `published` decides; `available_from` stands in where it is unknown.
        """
        known = self.published or self.available_from
        return latest_day(known) if known else None


class Passage(Value):
    """A stretch of a document that is embedded and retrieved as one: `document.text[start:end] == text`."""

    id: str
    document_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    ordinal: int = Field(ge=0)

    @model_validator(mode="after")
    def _length(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError("a passage's offsets do not fit its text")
        return self


class Claim(Value):
    """One check-worthy statement, standing alone, with the words of the article that it comes from.

    `article.text[start:end] == source_text` in every claim.
    """

    id: str
    text: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    source_text: str
    speaker: str | None = None
    as_of: date
    as_of_source: AsOfSource = "given"
    kind: ClaimKind = "statement"
    language: str | None = None
    why: tuple[str, ...] = ()
    """Why it was picked, one short reason each (`number`, `date`, `named people or places`, ...)."""
    score: float | None = None
    context: str | None = None
    """What was filled in from the article to make the claim stand alone, or what stays open."""

    @model_validator(mode="after")
    def _length(self) -> Self:
        if self.end - self.start != len(self.source_text):
            raise ValueError("a claim's offsets do not fit its source text")
        return self


class LeftOut(Value):
    """A stretch of the article that was not taken as a claim, and why."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    reason: str


class Extraction(Value):
    """What the extractor made of an article, both lists in the order of the text."""

    claims: tuple[Claim, ...]
    left_out: tuple[LeftOut, ...]


class Candidate(Value):
    """A passage that retrieval offers for a claim, with its document, its rank and its standing under the rules."""

    passage: Passage
    document: Document
    score: float
    """Fused retrieval score, higher is better; comparable within one query only."""
    similarity: float | None = None
    """Cosine similarity of claim and passage in [-1, 1], where the dense index found it."""
    timing: Timing
    origin: str
    """Candidates with the same origin are copies of one report and count once."""
    tier: Tier | None = None
    """None where nothing asked for it."""


class Comparison(Value):
    """A number, date or quantity of the claim beside the one of the source, compared by code."""

    claim_value: str
    source_value: str
    agrees: bool
    note: str = ""


class Finding(Value):
    """What a judge found in one candidate: a stance and the words it rests on, not yet located."""

    passage_id: str
    stance: Stance
    quote: str
    probability: float | None = Field(default=None, ge=0, le=1)
    """The judge's own probability of that stance, where it gives one."""
    probabilities: tuple[float, float, float] | None = None
    """The judge's probabilities that the source supports, refutes and says nothing, where it gives them."""
    comparisons: tuple[Comparison, ...] = ()
    note: str = ""


class Question(Value):
    """A question asked of the evidence and its answer, with the passages that the answer rests on."""

    question: str
    answer: str
    passage_ids: tuple[str, ...] = ()


class Usage(Value):
    """What language-model calls cost. `cached_tokens` were answered from the cache and paid for earlier."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None
    """None where no price is known for the model."""

    def __add__(self, other: Usage) -> Usage:
        cost = (
            None if self.cost_usd is None and other.cost_usd is None else (self.cost_usd or 0) + (other.cost_usd or 0)
        )
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            cost_usd=cost,
        )


class Assessment(Value):
    """A judge's whole answer for one claim: a finding per candidate that says something, the rest being neutral."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...] = ()
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    """What was odd about the answer, a clause each (findings dropped, sources passed over)."""
    among_found: bool = False
    """Whether the probabilities already allow for how many passages were found beside each."""
    weighing: tuple[float, ...] | None = None
    """The values of `verify.Weighing` to weigh it with, where they are other ones than its judge's own."""


class Evidence(Value):
    """A located quote with its source: `documents[document_id].text[start:end] == quote`."""

    n: int = Field(ge=1)
    document_id: str
    passage_id: str
    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    stance: Stance
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: PartialDate | None = None
    available_from: PartialDate | None = None
    origin: str
    used: bool
    why_not: WhyNot | None = None
    timing: Timing = "in_time"
    tier: Tier | None = None
    """None in a report of before there were tiers."""
    probability: float | None = None
    located: Literal["exact", "aligned", "passage"] = "exact"
    """`exact`: the judge's words stand in the source; `aligned`: found up to spelling with equal numbers, and the
    source's own words are shown; `passage`: no quote was given or found, the whole passage is shown, never used."""
    comparisons: tuple[Comparison, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError("a quote's offsets do not fit its words")
        if self.used and self.why_not is not None:
            raise ValueError("evidence that counts has no reason for not counting")
        if not self.used and self.why_not is None:
            raise ValueError("evidence that does not count must say why")
        if self.used and self.located == "passage":
            raise ValueError("evidence without a located quote cannot count")
        if self.used and self.timing in ("later", "undated"):
            raise ValueError("later or undated evidence cannot count")
        return self


class Match(Value):
    """A claim checked before that may be the same one. It is offered, never applied by itself."""

    claim_id: str
    run_id: str | None
    """A digest of the run's id: equal for claims of one run, and no key to it, since who has a run's id may open it.
    None for an imported review, which has a publisher instead."""
    text: str
    label: Label | None
    """The verdict of then; for a review what the publisher's rating surely means, or None."""
    as_of: date | None
    """The day as of which it was checked; for a review the day it appeared, None if undated."""
    similarity: float
    """Cosine of the two claims' vectors."""
    strength: Literal["strong", "weak"]
    publisher: str | None = None
    """Who reviewed it; None if it was checked here."""
    url: str | None = None
    rating: str | None = None
    """The publisher's own words for its verdict."""
    reviewed: PartialDate | None = None
    """The day of the review, by a publisher or by `reviewed_by`."""
    reviewed_by: str | None = None
    """The person who signed off the verdict here; None where it is only the machine's, and for a publisher's review."""


class Verdict(Value):
    """The outcome for one claim, as code concluded it from located findings."""

    label: Label
    confidence: float = Field(ge=0, le=1)
    probabilities: Mapping[Label, float] = Field(default_factory=dict)
    """For each label its probability; they sum to 1."""
    justification: str
    evidence: tuple[Evidence, ...]


class ClaimResult(Value):
    """A claim with its verdict, or with the reason why it has none."""

    id: str
    text: str
    start: int
    end: int
    source_text: str
    speaker: str | None
    as_of: date
    as_of_source: AsOfSource
    kind: ClaimKind
    language: str | None
    why: tuple[str, ...]
    context: str | None
    status: Status
    reason: str | None
    """Why the claim was not checked; None when it was."""
    label: Label | None
    confidence: float | None
    probabilities: Mapping[Label, float] = Field(default_factory=dict)
    """For each label its probability, summing to 1; empty for a claim that was not checked."""
    justification: str | None
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    matches: tuple[Match, ...] = ()
    queries: tuple[str, ...] = ()
    retrieved: tuple[str, ...] = ()
    """Ids of the passages retrieved, best first."""
    notes: tuple[str, ...] = ()
    """What was odd about the judge's answer, a clause each."""
    seconds: float = 0.0
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _no_verdict_from_an_error(self) -> Self:
        if self.status == "not_checked" and (self.label is not None or self.confidence is not None or not self.reason):
            raise ValueError("a claim that was not checked has a reason and no label")
        if self.status == "checked" and (self.label is None or self.confidence is None or self.reason is not None):
            raise ValueError("a checked claim has a label and a confidence")
        stances = {e.stance for e in self.evidence if e.used}
        needed: dict[Label, set[Stance]] = {
            "supported": {"supports"},
            "refuted": {"refutes"},
            "conflicting": {"supports", "refutes"},
        }
        if self.label is not None and not needed.get(self.label, set()) <= stances:
            raise ValueError(f"{self.label} needs a located quote of that stance")
        return self

    @classmethod
    def checked(cls, claim: Claim, verdict: Verdict, **more: Any) -> Self:
        """The result of a claim that was judged."""
        return cls(
            **_claim_fields(claim),
            status="checked",
            reason=None,
            label=verdict.label,
            confidence=verdict.confidence,
            probabilities=verdict.probabilities,
            justification=verdict.justification,
            evidence=verdict.evidence,
            **more,
        )

    @classmethod
    def not_checked(cls, claim: Claim, reason: str, **more: Any) -> Self:
        """The result of a claim that could not be judged, with the reason in a sentence."""
        return cls(
            **_claim_fields(claim),
            status="not_checked",
            reason=reason,
            label=None,
            confidence=None,
            justification=None,
            **more,
        )


def _claim_fields(claim: Claim) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in type(claim).model_fields if name != "score"}


class Article(Value):
    """The article as the report carries it."""

    text: str
    title: str | None = None
    language: str | None = None
    as_of: date
    as_of_source: AsOfSource
    published: PartialDate | None = None
    author: str | None = None
    url: str | None = None


class SourceDocument(Value):
    """A stored document that some evidence quotes, in full."""

    title: str | None
    publisher: str | None
    url: str | None
    published: PartialDate | None
    available_from: PartialDate | None
    language: str | None
    source_family: str | None = None
    reliability: str | None = None
    text: str

    @classmethod
    def of(cls, document: Document) -> Self:
        """What a report keeps of a stored document."""
        return cls(**{name: getattr(document, name) for name in cls.model_fields})


class Run(Value):
    """How a report came about, so that it can be reproduced."""

    id: str
    mode: Mode
    started: str
    """UTC, ISO 8601."""
    version: str
    models: Mapping[str, str]
    prompts: Mapping[str, str]
    """Prompt name to version and hash."""
    settings: Mapping[str, Any]
    corpus_snapshot: str
    corpus: Mapping[str, Any] = Field(default_factory=dict)
    time_rule_lifted: bool = False
    seconds: float
    tokens: Mapping[str, int]
    cost_usd: float | None
    notes: tuple[str, ...] = ()


class Report(Value):
    """Everything a run found: the JSON contract of `factcheck check --format json`."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    article: Article
    claims: tuple[ClaimResult, ...]
    left_out: tuple[LeftOut, ...]
    documents: Mapping[str, SourceDocument]
    run: Run

    @model_validator(mode="after")
    def _every_quote_in_its_source(self) -> Self:
        for claim in self.claims:
            if self.article.text[claim.start : claim.end] != claim.source_text:
                raise ValueError(f"claim {claim.id} is not at its place in the article")
            for evidence in claim.evidence:
                source = self.documents.get(evidence.document_id)
                if source is None or source.text[evidence.start : evidence.end] != evidence.quote:
                    raise ValueError(f"quote {evidence.n} of claim {claim.id} is not in its document")
        return self
