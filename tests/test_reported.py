from __future__ import annotations

from typing import Any

import fakes
import fakes_publish as made
import pytest
from pydantic import ValidationError

from factcheck.review import Change, Event, ReviewedReport, ReviewOfClaim, fold
from factcheck.types import ClaimResult, SourceDocument

RESULT = fakes.result(
    made.claim_of("He left for Rome."), "refuted", [fakes.evidence(1, made.NOTE, "He left for Hanoi.", "refutes")]
)
REPORT = fakes.report(made.ARTICLE, [RESULT], [made.NOTE])


def happened(*steps: tuple[str, str, dict[str, Any]], reason: str | None = "Because.") -> list[Event]:
    """Events on the claim: action, who, what changed."""
    return [
        Event(
            seq=n, at=f"2024-06-{10 + n}T08:00:00.000+00:00", who=who, run_id="run-1", claim_id=RESULT.id,
            action=action, reason=reason, change=Change.model_validate(change),
        )
        for n, (action, who, change) in enumerate(steps, start=1)
    ]  # fmt: skip


def reviewed(*steps: tuple[str, str, dict[str, Any]]) -> ReviewOfClaim:
    return ReviewOfClaim.of(fold(RESULT, 0, "A visit", "run-1", happened(*steps)))


def test_a_claim_that_nobody_touched_is_as_the_machine_left_it() -> None:
    assert reviewed() == made.entry_of(RESULT)


def test_the_first_publication_is_kept_through_a_correction_with_the_verdict_until_then() -> None:
    entry = reviewed(
        ("set_verdict", "Ana", {"label": "supported"}), ("sign_off", "Budi", {}), ("publish", "Budi", {}),
        ("correct", "Ana", {}), ("set_verdict", "Ana", {"label": "refuted"}), ("sign_off", "Budi", {}),
        ("publish", "Budi", {}),
    )  # fmt: skip
    assert (entry.state, entry.label, entry.overridden) == ("published", "refuted", False)
    assert entry.first_published_at == "2024-06-13T08:00:00.000+00:00"
    assert entry.published_at == "2024-06-17T08:00:00.000+00:00"
    (correction,) = entry.corrections
    assert (correction.was, correction.who, correction.at) == ("supported", "Ana", "2024-06-14T08:00:00.000+00:00")


def test_a_correction_after_an_acceptance_says_the_machines_verdict() -> None:
    accepted = ("accept", "Ana", {"label": "refuted"})
    entry = reviewed(accepted, ("sign_off", "Budi", {}), ("publish", "Budi", {}), ("correct", "Ana", {}))
    assert entry.state == "correction" and entry.corrections[0].was == "refuted"


def test_notes_are_remarks_with_their_words() -> None:
    entry = reviewed(("note", "Ana", {}))
    assert [(note.who, note.text) for note in entry.notes] == [("Ana", "Because.")]


def test_the_machines_latest_result_stands_in_the_report_under_the_claims_own_id() -> None:
    other = fakes.document("He went to Rome.", publisher="Gazette")
    again = fakes.result(
        made.claim_of("He left for Rome."), "supported", [fakes.evidence(1, other, "He went to Rome.")]
    ).model_copy(update={"id": "claim-renamed"})
    claim = fold(RESULT, 0, "A visit", "run-1", happened(("recheck", "Ana", {"result": again})))
    joined = ReviewedReport.of(REPORT, [claim], {other.id: SourceDocument.of(other)})
    (result,) = joined.report.claims
    assert (result.id, result.label) == (RESULT.id, "supported")
    assert {made.NOTE.id, other.id} == set(joined.report.documents)
    assert REPORT.claims[0].label == "refuted", "the report itself is not changed"
    with pytest.raises(ValidationError, match="is not in its document"):
        ReviewedReport.of(REPORT, [claim])


def test_a_review_without_its_claim_cannot_be_built() -> None:
    entry = made.entry_of(RESULT)
    with pytest.raises(ValidationError, match="in the same order"):
        ReviewedReport(report=REPORT, review=())
    with pytest.raises(ValidationError, match="not at its place"):
        ReviewedReport(report=REPORT, review=(entry.model_copy(update={"start": entry.start + 1}),))


def test_a_claim_that_a_person_added_is_one_of_the_report() -> None:
    words = made.claim_of("He sang.")
    unchecked = ClaimResult.not_checked(words, "A person added it.")
    added = Event(
        seq=1, at="2024-06-11T08:00:00.000+00:00", who="Ana", run_id="run-1", claim_id=unchecked.id,
        action="add_claim", change=Change(result=unchecked),
    )  # fmt: skip
    claims = [fold(RESULT, 0, "A visit", "run-1", []), fold(None, 1, "A visit", "run-1", [added])]
    joined = ReviewedReport.of(REPORT, claims)
    assert [c.text for c in joined.report.claims] == ["He left for Rome.", "He sang."]
    assert joined.review[1].label is None
