"""What goes in and comes out of the service, beside the values that a report is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from factcheck.review.values import AddedEvidence, ArticleRow, Change, Event, ReviewedClaim
from factcheck.types import ClaimResult, Label, Mode, PartialDate, Stance, Tier, Timing, Value

CLAIMS_AT_ONCE = 100
LONGEST_CLAIM = 5_000
LONGEST_QUERY = 2_000


def _storable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a character (a lone surrogate); send whole Unicode characters") from error
    if "\x00" in text:
        raise ValueError("it holds a NUL character; take it out")
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Text that can be stored."""


class Spoken(Value):
    """A value of the service; what is written under its fields stands in the description."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class GivenClaim(Spoken):
    """A claim to check as it stands."""

    text: Text = Field(min_length=1, max_length=LONGEST_CLAIM)
    as_of: date | None = None
    """The day as of which it is judged; unset, that of the request, else today."""
    speaker: Text | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, pattern="^[a-z]{2}$")
    """ISO 639-1; unset, it is told from the text."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text.strip():
            raise ValueError("the claim is empty: give the statement to check")
        return self


class CheckOptions(Spoken):
    """How something is checked."""

    as_of: date | None = None
    """The day as of which the claims are judged; unset, the article's own date, else today."""
    mode: Literal["auto", "offline", "llm"] = "auto"
    """`auto`: a language model where the service has one."""
    lift_time_rule: bool = False
    """Let evidence of any date count; the report says so."""


class CheckRequest(CheckOptions):
    """An article as text or address, or claims: exactly one of them."""

    text: Text | None = None
    url: str | None = Field(default=None, max_length=2_000)
    claims: tuple[GivenClaim, ...] | None = Field(default=None, min_length=1, max_length=CLAIMS_AT_ONCE)
    title: Text | None = Field(default=None, max_length=1_000)
    author: Text | None = Field(default=None, max_length=500)
    published: PartialDate | None = None
    """The article's own date: `2024`, `2024-06` or `2024-06-19`."""
    language: str | None = Field(default=None, pattern="^[a-z]{2}$")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = [name for name in ("text", "url", "claims") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"give exactly one of text, url and claims (there are {' and '.join(given) if given else 'none'})"
            )
        return self


class ResumeRequest(Spoken):
    """How a check that stopped goes on."""

    mode: Literal["as_before", "auto", "offline", "llm"] = "as_before"
    lift_time_rule: bool | None = None
    """Unset, it is lifted if evidence of any date counted in what is finished."""


class Links(Spoken):
    """Where more of a check is."""

    self: str
    events: str
    claims: str
    report: str
    export: str
    review: str


CheckStatus = Literal["waiting", "running", "done", "failed", "interrupted"]


class CheckState(Spoken):
    """Where a check is."""

    id: str
    """Whoever has it may open the check; it cannot be guessed."""
    status: CheckStatus
    """`interrupted`: stopped before its end, for one by a restart; POST to `.../resume` goes on with it."""
    step: Literal["waiting", "loading", "extracting", "checking", "finishing"] | None = None
    """Null where no check is at work here."""
    ahead: int | None = None
    """Of a check that waits, how many wait before it."""
    done: int = 0
    total: int | None = None
    """Claims; null until they are found."""
    created: str
    title: str
    mode: Mode
    as_of: date | None = None
    reason: str | None = None
    """Why it failed."""
    links: Links


class FinishedClaim(Spoken):
    """A finished claim of a check that may still be going on."""

    seq: int
    """Grows with every claim that is finished; the ids of the event stream are the same."""
    position: int
    """Its place among the claims of the article, from 0."""
    result: ClaimResult


class FinishedClaims(Spoken):
    """What is finished of a check, in the order in which it was."""

    status: CheckStatus
    claims: tuple[FinishedClaim, ...]


class FoundPassage(Spoken):
    """A passage of the corpus."""

    passage_id: str
    document_id: str
    text: str
    start: int
    """Where it begins in the document, in characters."""
    end: int
    title: str | None
    publisher: str | None
    url: str | None
    published: PartialDate | None
    available_from: PartialDate | None
    language: str | None
    score: float
    """Higher is better; comparable within one answer only."""
    similarity: float | None
    """Cosine similarity of query and passage."""
    timing: Timing
    """`later` or `undated` where a day was asked for and the passage would not count on it."""
    tier: Tier | None
    origin: str
    """Passages of one origin are copies of one report."""


class SearchAnswer(Spoken):
    """The passages that a query finds, best first."""

    query: str
    as_of: date | None
    corpus_snapshot: str
    passages: tuple[FoundPassage, ...]


class CorpusAnswer(Spoken):
    """What the service checks against."""

    name: str
    documents: int
    passages: int
    snapshot: str


ReviewAction = Literal[
    "accept", "set_verdict", "edit_claim", "drop", "restore", "set_stance", "add_evidence", "take_match", "note",
    "sign_off", "publish", "correct",
]  # fmt: skip
"""What a person may do to a claim. Checking again is an address of its own: its result is not the client's to give."""


class GivenEvidence(Spoken):
    """Evidence that a person brings: a source's words, and the quote's place in them."""

    text: Text = Field(min_length=1, max_length=200_000)
    """The source's text, or the part of it that matters."""
    quote: Text = Field(min_length=1, max_length=20_000)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    """`text[start:end]` is the quote, in Unicode characters."""
    stance: Stance
    title: Text | None = Field(default=None, max_length=1_000)
    publisher: Text | None = Field(default=None, max_length=500)
    url: Text | None = Field(default=None, max_length=2_000)
    published: PartialDate | None = None

    def added_by(self, who: str) -> AddedEvidence:
        """As the desk takes it; its number and time are the desk's to set."""
        return AddedEvidence(n=1, added_by=who, added_at="", **dict(self))


class ReviewChange(Spoken):
    """What an action changes; each reads the fields that concern it."""

    label: Label | None = None
    """`set_verdict`, `take_match`."""
    text: Text | None = Field(default=None, max_length=LONGEST_CLAIM)
    """`edit_claim`: the new words; with `start`, `end` and `source_text` also a new place in the article."""
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    source_text: Text | None = None
    stance: Stance | None = None
    """`set_stance`, of `evidence_n` or of `added_n`."""
    evidence_n: int | None = None
    added_n: int | None = None
    added: GivenEvidence | None = None
    """`add_evidence`."""
    match_id: str | None = None
    """`take_match`: the earlier claim whose verdict is taken as one's own."""


class ReviewRequest(Spoken):
    """Something that a person does to a claim on the desk."""

    action: ReviewAction
    who: Text = Field(min_length=1, max_length=80)
    """The name of the person."""
    version: int = Field(ge=0)
    """The version of the claim that the person saw; if it has another one by now, the answer is 409 with the claim."""
    reason: Text | None = Field(default=None, max_length=5_000)
    """Why; `set_verdict`, `take_match`, `drop` and `correct` ask for it. For a note, the note."""
    change: ReviewChange = ReviewChange()

    def as_change(self) -> Change:
        """The change as the desk takes it."""
        given = {name: value for name, value in self.change if name != "added"}
        return Change(**given, added=self.change.added.added_by(self.who) if self.change.added else None)


class RecheckRequest(Spoken):
    """Who has a claim checked again."""

    who: Text = Field(min_length=1, max_length=80)
    """The name of the person."""
    version: int = Field(ge=0)
    """The version of the claim that the person saw."""


class AddClaimRequest(Spoken):
    """A claim of the article that the machine did not pick."""

    who: Text = Field(min_length=1, max_length=80)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    source_text: Text = Field(min_length=1, max_length=LONGEST_CLAIM)
    """The article's words from `start` to `end`."""
    text: Text | None = Field(default=None, max_length=LONGEST_CLAIM)
    """The claim's words, where they are to differ from the article's."""
    reason: Text | None = Field(default=None, max_length=5_000)


class ArticlesAnswer(Spoken):
    """Checks, the newest first."""

    articles: tuple[ArticleRow, ...]


class LogAnswer(Spoken):
    """Events of the desk, oldest first."""

    events: tuple[Event, ...]
    next_since: int
    """What to ask for next: `since=` this."""


class ProblemAnswer(Spoken):
    """Why a request was refused (RFC 9457)."""

    type: str
    """`urn:factcheck:problem:` and the kind."""
    title: str
    status: int
    detail: str
    """A sentence that says what to do."""
    instance: str
    """The request's id, as in the log."""
    errors: tuple[dict[str, Any], ...] | None = None
    """Of a request that does not fit: where, and what."""
    current: ReviewedClaim | None = None
    """Of a conflict: the claim as it stands now."""


class Health(Spoken):
    """Whether the process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(Spoken):
    """Whether the service can do its work."""

    ready: bool
    engine: Literal["ready", "loading", "unusable"]
    store: Literal["ready", "unusable"]
    draining: bool
    waiting: int
    running: int
