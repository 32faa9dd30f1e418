from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes_review import FIRST, Clock, evidence_by_hand, fill, refuted, sources
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import ReviewError
from factcheck.review import MACHINE, STATES, Action, Change, Desk, Event, ReviewedClaim, as_claim, fold, step
from factcheck.store import RunStore
from factcheck.types import LABELS, ClaimResult, Label

Move = tuple[Action, str, int]
"""What somebody tries: the action, who, and a number that chooses among what the action can be about."""

ACTIONS: tuple[Action, ...] = (
    "accept", "set_verdict", "edit_claim", "drop", "restore", "set_stance", "add_evidence", "recheck", "take_match",
    "note", "sign_off", "publish", "correct", "evidence_changed",
)  # fmt: skip

# Random actions seldom meet on the way to publication, so that its parts are offered whole as well.
SIGNED: tuple[Move, ...] = (
    ("restore", "Ana", 0),
    ("accept", "Ana", 0),
    ("set_verdict", "Ana", 1),
    ("sign_off", "Budi", 0),
)
WAYS: tuple[tuple[Move, ...], ...] = (
    SIGNED,
    (*SIGNED, ("publish", "Ana", 0)),
    (("publish", "Ana", 0), ("correct", "Budi", 0)),
    (("evidence_changed", "Ana", 0), *SIGNED),
)
MOVES = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.sampled_from(("Ana", "Budi")), st.integers(0, 3)).map(lambda move: (move,))
    | st.sampled_from(WAYS),
    min_size=1,
    max_size=15,
).map(lambda parts: [move for part in parts for move in part])


def _change(claim: ReviewedClaim, action: Action, number: int) -> Change:
    label: Label = LABELS[number]
    match action:
        case "set_verdict":
            return Change(label=label)
        case "take_match":
            return Change(label="refuted", match_id="old")
        case "edit_claim":
            return Change(text=(FIRST.text, "Putin came.", "He came.", "Nobody came.")[number])
        case "set_stance":
            return Change(stance="neutral", evidence_n=number) if number < 3 else Change(stance="neutral", added_n=1)
        case "add_evidence":
            return Change(added=evidence_by_hand())
        case "recheck":
            return Change(result=refuted(as_claim(claim)), sources=sources())
        case "evidence_changed":
            return Change(documents=("doc-1",))
        case _:
            return Change()


def _try(desk: Desk, move: Move, claim_id: str = "c1") -> ReviewedClaim | None:
    """The claim after a move, or None where it was refused."""
    action, who, number = move
    claim = desk.claim("r", claim_id)
    assert claim is not None
    by = MACHINE if action == "evidence_changed" else who
    change = _change(claim, action, number)
    try:
        return desk.act("r", claim_id, action, change, who=by, version=claim.version, reason="Because.")
    except ReviewError:
        return None


@contextmanager
def _desk() -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as directory:
        store = RunStore(Path(directory) / "runs.sqlite3")
        fill(store)
        try:
            yield Desk(store, now=Clock())
        finally:
            store.close()


def _first(desk: Desk) -> ClaimResult:
    run = desk.store.get("r")
    assert run is not None
    return run.results[0]


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_the_claim_is_what_its_events_make_of_the_first_result(moves: list[Move]) -> None:
    with _desk() as desk:
        accepted = [after for move in moves if (after := _try(desk, move))]
        events = list(desk.log("r", "c1"))
        base = _first(desk)
        for after, number in zip(accepted, range(1, len(events) + 1), strict=True):
            assert after == fold(base, 0, "A visit", "r", events[:number])
        now = desk.claim("r", "c1")
        assert now == fold(base, 0, "A visit", "r", events)
        assert now is not None and [e.seq for e in now.events] == [e.seq for e in events]


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_the_queue_says_what_the_claim_is(moves: list[Move]) -> None:
    with _desk() as desk:
        for move in moves:
            _try(desk, move)
        kept = _rows(desk)
        claim = desk.claim("r", "c1")
        row = next(r for r in kept if r["claim_id"] == "c1")
        assert claim is not None
        told = ("state", "decided_by", "signed_by", "dropped", "back_because", "version", "text", "position")
        assert {name: row[name] for name in told} == {name: getattr(claim, name) for name in told}
        assert row["label"] == (claim.label or "not_checked")
        desk.rebuild()
        assert _rows(desk) == kept


def _rows(desk: Desk) -> list[dict[str, object]]:
    found = desk.store.connection().execute("SELECT * FROM desk ORDER BY position").fetchall()
    return [dict(row) for row in found]


@settings(max_examples=80, deadline=None)
@given(moves=MOVES)
def test_what_always_holds(moves: list[Move]) -> None:
    with _desk() as desk:
        base = _first(desk)
        for move in moves:
            before = desk.claim("r", "c1")
            after = _try(desk, move)
            now = desk.claim("r", "c1")
            assert before is not None and now is not None
            assert now == (after or before), "a refusal changes nothing"
            assert now.state in STATES and (now.signed_by is None) == (now.state not in ("reviewed", "published"))
            if now.state in ("reviewed", "published"):
                assert now.decided_by and now.label and not now.dropped
                assert now.decided_by != now.signed_by
            if now.decided_by is None:
                assert now.label == now.machine.label and not now.overridden
            assert now.edited == (now.text != now.machine.text)
            assert (now.published_at is None) == (not any(e.action == "publish" for e in now.events))
            assert now.back_because is None or now.events[-1].who == MACHINE
        assert _first(desk) == base, "what the machine found is never overwritten"


def test_a_step_leaves_the_claim_that_it_is_taken_from() -> None:
    with _desk() as desk:
        before = desk.claim("r", "c1")
        assert before is not None
        event = Event(seq=9, at="2026-01-01", who="Ana", run_id="r", claim_id="c1", action="note", reason="A note.")
        after = step(before, event)
        assert before.notes == () and before.version == 0 and after.notes == (event,) and after.version == 9


def test_a_claim_begins_with_something() -> None:
    with pytest.raises(ValueError, match="begins with"):
        fold(None, 0, "A visit", "r", [])
