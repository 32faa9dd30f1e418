from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from fakes_review import TEXT, Clock, fill, supported

from factcheck.errors import ReviewConflict, ReviewError
from factcheck.review import Change, Desk, QueueFilter, ReviewedClaim
from factcheck.store import RunStore


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    made = RunStore(tmp_path / "runs.sqlite3")
    fill(made)
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: RunStore, clock: Clock) -> Desk:
    return Desk(store, now=clock)


def first(desk: Desk) -> ReviewedClaim:
    found = desk.claim("r", "c1")
    assert found is not None
    return found


def test_a_claim_nobody_worked_on_is_the_machines(desk: Desk) -> None:
    found = first(desk)
    assert (found.state, found.label, found.decided_by, found.version) == ("machine_checked", "supported", None, 0)
    assert found.machine == supported() and found.article == "A visit" and found.events == ()
    assert desk.claim("r", "nothing") is None and desk.claim("nothing", "c1") is None
    assert [c.claim_id for c in desk.claims("r")] == ["c1", "c2"]


def test_a_shift(desk: Desk, clock: Clock) -> None:
    after = desk.act("r", "c1", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It was Seoul.")
    assert (after.state, after.label, after.decided_by, after.reason) == (
        "in_review",
        "refuted",
        "Ana",
        "It was Seoul.",
    )
    assert after.overridden and after.machine.label == "supported"
    with pytest.raises(ReviewError, match="somebody else must sign"):
        desk.act("r", "c1", "sign_off", who="ANA", version=after.version)
    clock.passes(hours=1)
    after = desk.act("r", "c1", "sign_off", who="Budi", version=after.version)
    assert (after.state, after.signed_by, after.signed_at) == ("reviewed", "Budi", "2026-11-23T10:00:00.000+00:00")
    after = desk.act("r", "c1", "publish", who="Ana", version=after.version)
    assert after.state == "published" and after.published_at
    with pytest.raises(ReviewError, match="Begin a correction"):
        desk.act("r", "c1", "set_verdict", Change(label="supported"), who="Ana", version=after.version, reason="No.")
    after = desk.act("r", "c1", "correct", who="Ana", version=after.version, reason="A reader wrote.")
    assert after.state == "correction" and after.signed_by is None and len(after.corrections) == 1
    after = desk.act("r", "c1", "accept", who="Budi", version=after.version)
    assert (after.state, after.label, after.overridden) == ("correction", "supported", False)
    after = desk.act("r", "c1", "sign_off", who="Ana", version=after.version)
    assert after.state == "reviewed"
    assert after == first(desk)
    assert [e.action for e in desk.log("r")] == [e.action for e in after.events]


def test_a_stale_version_is_told_who_did_what(desk: Desk) -> None:
    desk.act("r", "c1", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It was Seoul.")
    with pytest.raises(ReviewConflict, match="Ana set the verdict to refuted on 2026-11-23 at 09:00 UTC") as told:
        desk.act("r", "c1", "accept", who="Budi", version=0)
    assert told.value.current.label == "refuted" and told.value.current == first(desk)
    assert [e.action for e in desk.log()] == ["set_verdict"]


def test_the_log_cannot_be_changed(desk: Desk, tmp_path: Path) -> None:
    desk.act("r", "c1", "note", who="Ana", version=0, reason="Look at this.")
    with sqlite3.connect(tmp_path / "runs.sqlite3") as db:
        for statement in (
            "UPDATE events SET who = 'Budi'",
            "DELETE FROM events",
            "INSERT OR REPLACE INTO events SELECT seq, at, 'B', run_id, claim_id, action, reason, change FROM events",
            "REPLACE INTO events (seq, at, who, run_id, claim_id, action, change) VALUES (1, '', '', '', '', '', '{}')",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="stays as it is"):
                db.execute(statement)
    (event,) = desk.log()
    assert (event.who, event.reason) == ("Ana", "Look at this.")


def test_a_note_changes_no_state(desk: Desk) -> None:
    after = desk.act("r", "c1", "note", who="Ana", version=0, reason="Look at this.")
    assert after.state == "machine_checked" and [n.reason for n in after.notes] == ["Look at this."]


def test_a_claim_is_added_at_its_place(desk: Desk) -> None:
    words = "Nobody counted the cars."
    start = TEXT.index(words)
    added = desk.add_claim("r", Change(start=start, end=start + len(words), source_text=words), who="Ana")
    assert (added.state, added.label, added.position, added.text) == ("in_review", None, 2, words)
    assert added.machine.status == "not_checked" and added.machine.as_of == date(2024, 6, 19)
    assert desk.claim("r", added.claim_id) == added and desk.claims("r")[-1] == added
    with pytest.raises(ReviewError, match="already"):
        desk.add_claim("r", Change(start=start, end=start + len(words), source_text=words), who="Ana")
    with pytest.raises(ReviewError, match="other words"):
        desk.add_claim("r", Change(start=0, end=5, source_text="Kim"), who="Ana")


def test_the_queue_filters_and_counts(desk: Desk) -> None:
    desk.act("r", "c1", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It was Seoul.")
    page = desk.queue()
    assert [(r.claim_id, r.label, r.machine_label, r.state) for r in page.rows] == [
        ("c1", "refuted", "supported", "in_review"),
        ("c2", "not_checked", "not_checked", "machine_checked"),
    ]
    assert page.total == 2 and page.by_label == {"not_checked": 1, "refuted": 1}
    assert [r.claim_id for r in desk.queue(QueueFilter(labels=("refuted",))).rows] == ["c1"]
    assert [r.claim_id for r in desk.queue(QueueFilter(words="HANOI minister visit")).rows] == ["c2"]
    assert desk.queue(QueueFilter(words="100%")).total == 0
    assert desk.queue(limit=1, offset=1).rows[0].claim_id == "c2"


def test_who_has_it_open(desk: Desk, clock: Clock) -> None:
    assert desk.viewing("r", "c1", "Ana") == ()
    clock.passes(seconds=30)
    assert [v.who for v in desk.viewing("r", "c1", "Budi")] == ["Ana"]
    clock.passes(seconds=61)
    assert desk.viewing("r", "c1", "Budi") == ()
    assert [v.who for v in desk.viewing("r", "c1", "Ana")] == ["Budi"]
    desk.left("r", "c1", "Budi")
    assert desk.viewing("r", "c1", "Ana") == ()
