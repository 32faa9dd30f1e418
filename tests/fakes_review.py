"""A finished run on the desk, for the tests of the review desk and of what leaves it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import fakes

from factcheck.review import AddedEvidence, Change, Desk, ReviewedClaim
from factcheck.store import Extracted, RunStore
from factcheck.types import Claim, ClaimResult, Document, Match, SourceDocument

TEXT = "Putin landed in Pyongyang. He left for Hanoi. Nobody counted the cars."
ARTICLE = Document(id="a", text=TEXT, title="A visit", language="en")
FIRST = fakes.claim("Putin landed in Pyongyang.", id="c1")
SECOND = fakes.claim("He left for Hanoi.", id="c2", start=27, end=45, speaker="The Minister")
NOTE = fakes.document("Putin landed in Pyongyang.", title="Arrivals")
OTHER = fakes.document("Putin never left Moscow.", title="Denials")
MATCH = Match(
    claim_id="old", run_id="run-x", text="Putin came.", label="refuted", as_of=None, similarity=0.9, strength="strong"
)


def supported(about: Claim = FIRST) -> ClaimResult:
    """The machine's result: supported, with a second document that says otherwise and did not count."""
    proof = [
        fakes.evidence(1, NOTE, "Putin landed in Pyongyang."),
        fakes.evidence(2, OTHER, "Putin never left", stance="refutes", used=False, why_not="weak_match"),
    ]
    return fakes.result(about, "supported", proof, matches=(MATCH,))


def refuted(about: Claim) -> ClaimResult:
    """What the machine says when it is asked again."""
    return fakes.result(about, "refuted", [fakes.evidence(1, OTHER, "Putin never left", stance="refutes")])


def sources() -> dict[str, SourceDocument]:
    """The documents that those results quote."""
    return {document.id: SourceDocument.of(document) for document in (NOTE, OTHER)}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def passes(self, **much: float) -> None:
        """Moves it on."""
        self.time += timedelta(**much)


def fill(store: RunStore, run_id: str = "r", corpus: str = "") -> None:
    """A finished run of two claims, the second of which could not be checked."""
    store.start(run_id, ARTICLE, date(2024, 6, 19), "offline")
    store.save_claims(run_id, [FIRST, SECOND], Extracted(as_of=fakes.AS_OF, as_of_source="given", corpus=corpus))
    results = [supported(), ClaimResult.not_checked(SECOND, "No answer.")]
    for position, result in enumerate(results):
        store.save_result(run_id, position, result, sources())
    store.finish(run_id, fakes.report(TEXT, results, [NOTE, OTHER], title="A visit", id=run_id))


def evidence_by_hand(text: str = "The airport says that he came.", quote: str = "he came") -> AddedEvidence:
    """A piece of evidence as a person gives it; number, name and time are the desk's."""
    start = text.index(quote)
    return AddedEvidence(
        n=1, text=text, quote=quote, start=start, end=start + len(quote), stance="supports", added_by="", added_at=""
    )


def reviewed(desk: Desk, label: str = "refuted", claim_id: str = "c1", run_id: str = "r") -> ReviewedClaim:
    """A claim that Ana decided and Budi signed off."""
    before = desk.claim(run_id, claim_id)
    assert before is not None
    change = Change.model_validate({"label": label})
    decided = desk.act(
        run_id, claim_id, "set_verdict", change, who="Ana", version=before.version, reason="It was Seoul."
    )
    return desk.act(run_id, claim_id, "sign_off", who="Budi", version=decided.version)
