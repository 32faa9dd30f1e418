from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import fakes
import pytest
from fakes_review import ARTICLE, FIRST, NOTE, SECOND, TEXT, Clock, fill, sources, supported

from factcheck.errors import ReviewConflict, ReviewError
from factcheck.review import Agreement, Change, Desk, Order, QueueFilter, ReviewedClaim, as_claim
from factcheck.store import RunStore
from factcheck.types import Claim, ClaimResult, Document


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


# --- the queue ----------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path, clock: Clock) -> Desk:
    """Three articles with a claim of each label and one that was not checked, sure to different degrees."""
    store = RunStore(tmp_path / "many.sqlite3")
    articles = (("r0", "Beta", "en"), ("r1", "alpha", "id"), ("r2", "Gamma", None))
    for number, (run_id, title, language) in enumerate(articles):
        words = [f"Claim {n} of {title}." for n in range(4)]
        text = " ".join(words)
        store.start(run_id, Document(id=run_id, text=text, title=title), date(2024, 6, 19), "offline")
        claims = [
            fakes.claim(w, id=f"{run_id}-{n}", start=text.index(w), end=text.index(w) + len(w), language=language)
            for n, w in enumerate(words)
        ]
        store.save_claims(run_id, claims)
        verdicts = ["supported", "refuted", "not_enough_evidence", None]
        for position, (claim, label) in enumerate(zip(claims, verdicts, strict=True)):
            result = _result(claim, label, 0.5 + number / 10 + position / 100)
            store.save_result(run_id, position, result)
        with store.transaction() as db:
            db.execute("UPDATE runs SET created = ? WHERE id = ?", (f"2026-11-2{number}T00:00:00+00:00", run_id))
            db.execute("UPDATE desk SET created = ? WHERE run_id = ?", (f"2026-11-2{number}T00:00:00+00:00", run_id))
    return Desk(store, now=clock)


def _result(claim: Claim, label: str | None, confidence: float) -> ClaimResult:
    if label is None:
        return ClaimResult.not_checked(claim, "No answer.")
    stance = {"supported": "supports", "refuted": "refutes"}.get(label)
    proof = [fakes.evidence(1, NOTE, NOTE.text, stance=stance)] if stance else []
    return fakes.result(claim, label, proof).model_copy(update={"confidence": confidence})


def _ids(desk: Desk, order: Order = "newest", **wanted: Any) -> list[str]:
    return [row.claim_id for row in desk.queue(QueueFilter(**wanted), order=order).rows]


def test_the_orders_of_the_queue(many: Desk) -> None:
    assert _ids(many)[:5] == ["r2-0", "r2-1", "r2-2", "r2-3", "r1-0"]
    assert _ids(many, "oldest")[:5] == ["r0-0", "r0-1", "r0-2", "r0-3", "r1-0"]
    assert _ids(many, "article")[::4] == ["r1-0", "r0-0", "r2-0"]
    sure = _ids(many, "confidence")
    assert sure[:4] == ["r0-0", "r0-1", "r0-2", "r1-0"] and {i[-1] for i in sure[-3:]} == {"3"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"labels": ("refuted", "not_checked"), "run_id": "r1"}, ["r1-1", "r1-3"]),
        ({"languages": ("id",)}, ["r1-0", "r1-1", "r1-2", "r1-3"]),
        ({"languages": ("",)}, ["r2-0", "r2-1", "r2-2", "r2-3"]),
        ({"least": 0.61, "most": 0.7}, ["r2-0", "r1-1", "r1-2"]),
        ({"words": "claim ALPHA 2"}, ["r1-2"]),
        ({"words": "%"}, []),
        ({"words": "_"}, []),
        ({"states": ("in_review",)}, ["r0-1"]),
        ({"dropped": True}, ["r0-2"]),
        ({"run_id": "r0"}, ["r0-0", "r0-1", "r0-3"]),
        ({"run_id": "nobody's"}, []),
    ],
)
def test_the_filters_of_the_queue(many: Desk, wanted: dict[str, Any], found: list[str]) -> None:
    many.act("r0", "r0-1", "set_verdict", Change(label="supported"), who="Ana", version=0, reason="It is.")
    many.act("r0", "r0-2", "drop", who="Ana", version=0, reason="No claim.")
    assert _ids(many, **wanted) == found


def test_a_choice_keeps_the_numbers_of_the_other_choices(many: Desk) -> None:
    page = many.queue(QueueFilter(labels=("refuted",), languages=("id",)), limit=1)
    assert page.total == 1 and len(page.rows) == 1
    assert page.by_label == {"not_checked": 1, "not_enough_evidence": 1, "refuted": 1, "supported": 1}
    assert page.by_language == {"": 1, "en": 1, "id": 1} and page.by_state == {"machine_checked": 1}


def test_the_articles_and_how_far_they_are(many: Desk) -> None:
    many.act("r0", "r0-1", "accept", who="Ana", version=0)
    many.act("r0", "r0-2", "drop", who="Ana", version=0, reason="No claim.")
    many.add_claim("r0", Change(start=0, end=5, source_text="Claim"), who="Ana")
    newest, _, oldest = many.articles()
    assert (newest.run_id, newest.title, newest.claims, newest.by_state) == ("r2", "Gamma", 4, {"machine_checked": 4})
    assert (oldest.claims, oldest.by_state, oldest.status) == (4, {"in_review": 2, "machine_checked": 2}, "running")
    assert len(many.articles(2)) == 2
    assert many.titles() == {article.run_id: article.title for article in many.articles()}
    assert list(many.titles(2)) == [article.run_id for article in many.articles(2)]


def test_agreement_month_by_month(many: Desk, clock: Clock) -> None:
    assert many.agreement() == ()
    many.act("r0", "r0-0", "accept", who="Ana", version=0)
    many.act("r0", "r0-1", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="So it is.")
    many.act("r0", "r0-3", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="Not the machine's.")
    clock.passes(days=30)
    after = many.act("r1", "r1-0", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It is not.")
    assert many.agreement() == (
        Agreement(month="2026-11", decided=2, kept=2),
        Agreement(month="2026-12", decided=1, kept=0),
    )
    again = _result(as_claim(after), "refuted", 0.9)
    many.act("r1", "r1-0", "recheck", Change(result=again, sources=sources()), who="Ana", version=after.version)
    assert many.agreement()[1].kept == 0, "the machine came round, but the person had not kept its verdict"
    many.act("r0", "r0-0", "drop", who="Ana", version=_version(many, "r0", "r0-0"), reason="No claim.")
    many.act("r0", "r0-1", "edit_claim", Change(text="New words."), who="Ana", version=_version(many, "r0", "r0-1"))
    assert [a.month for a in many.agreement()] == ["2026-12"]


def _version(desk: Desk, run_id: str, claim_id: str) -> int:
    found = desk.claim(run_id, claim_id)
    assert found is not None
    return found.version


# --- runs that come, go and come again ----------------------------------------------------------------------------


def test_a_run_begun_anew_loses_no_event(desk: Desk, store: RunStore) -> None:
    before = desk.act("r", "c1", "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It was Seoul.")
    added = desk.add_claim("r", Change(start=46, end=70, source_text=TEXT[46:70]), who="Ana")
    store.start("r", ARTICLE, date(2024, 6, 19), "offline")
    assert desk.claim("r", "c1") is None, "it is not checked yet"
    assert [r.claim_id for r in desk.queue().rows] == [added.claim_id]
    fill(store)
    assert desk.claim("r", "c1") == before
    assert [c.claim_id for c in desk.claims("r")] == ["c1", "c2", added.claim_id]
    row = next(r for r in desk.queue().rows if r.claim_id == "c1")
    assert (row.label, row.decided_by, row.version) == ("refuted", "Ana", before.version)
    kept = store.connection().execute("SELECT result FROM earlier_results WHERE run_id = 'r'").fetchall()
    assert ClaimResult.model_validate_json(kept[0]["result"]) == supported()


def test_a_run_begun_anew_with_another_article_keeps_the_log_alone(desk: Desk, store: RunStore) -> None:
    desk.act("r", "c1", "accept", who="Ana", version=0)
    desk.add_claim("r", Change(start=46, end=70, source_text=TEXT[46:70]), who="Ana")
    store.start("r", Document(id="b", text="Another text."), None, "offline")
    assert desk.queue().total == 0 and desk.claims("r") == ()
    assert [e.action for e in desk.log("r")] == ["accept", "add_claim"]


def test_claims_are_on_the_desk_as_they_are_finished(desk: Desk, store: RunStore) -> None:
    store.start("new", ARTICLE, None, "offline")
    store.save_claims("new", [FIRST, SECOND])
    with pytest.raises(ReviewError, match="no finished claim"):
        desk.act("new", "c1", "accept", who="Ana", version=0)
    store.save_result("new", 0, supported(), sources())
    assert desk.act("new", "c1", "accept", who="Ana", version=0).decided_by == "Ana"
    newest = desk.articles()[0]
    assert (newest.run_id, newest.claims, newest.by_state) == ("new", 2, {"in_review": 1})


def test_a_claim_can_be_added_only_where_claims_were_found(desk: Desk, store: RunStore) -> None:
    place = Change(start=0, end=5, source_text="Putin")
    store.start("new", ARTICLE, None, "offline")
    for run_id in ("new", "nobody's"):
        with pytest.raises(ReviewError, match="whose claims were found"):
            desk.add_claim(run_id, place, who="Ana")
    for wrong in (Change(), Change(start=0, end=0, source_text=""), Change(start=-5, end=5, source_text="Putin")):
        with pytest.raises(ReviewError):
            desk.add_claim("r", wrong, who="Ana")
    assert desk.add_claim("r", place.model_copy(update={"text": " Putin  came. "}), who="Ana").text == "Putin came."


def test_the_log_can_be_read_from_a_place_on(desk: Desk, store: RunStore) -> None:
    fill(store, "other")
    for run_id, claim_id in (("r", "c1"), ("other", "c1"), ("r", "c2")):
        desk.act(run_id, claim_id, "note", who="Ana", version=0, reason=f"{run_id} {claim_id}")
    everything = list(desk.log())
    assert [e.reason for e in everything] == ["r c1", "other c1", "r c2"]
    assert [e.reason for e in desk.log("r")] == ["r c1", "r c2"]
    assert [e.reason for e in desk.log("r", "c2")] == ["r c2"]
    assert list(desk.log(since_seq=everything[0].seq)) == everything[1:]
    with store.transaction() as db:
        db.executemany(
            "INSERT INTO events (at, who, run_id, claim_id, action, reason, change)"
            " VALUES ('', 'Ana', 'x', 'y', 'note', ?, '{}')",
            [(str(number),) for number in range(1200)],
        )
    assert [e.reason for e in desk.log("x")] == [str(number) for number in range(1200)]


# --- two at once --------------------------------------------------------------------------------------------------

NOTER = """
import sys
from pathlib import Path
from factcheck.errors import ReviewConflict
from factcheck.review import Desk
from factcheck.store import RunStore

desk, who = Desk(RunStore(Path(sys.argv[1]))), sys.argv[2]
conflicts = 0
for number in range(40):
    while True:
        claim = desk.claim("r", "c1")
        try:
            desk.act("r", "c1", "note", who=who, version=claim.version, reason=f"{who} {number}")
            break
        except ReviewConflict:
            conflicts += 1
print(conflicts)
"""


def test_two_processes_at_once_lose_nothing(store: RunStore, desk: Desk, tmp_path: Path) -> None:
    path = str(tmp_path / "runs.sqlite3")
    names = ("Ana", "Budi", "Citra")
    working = [
        subprocess.Popen([sys.executable, "-c", NOTER, path, who], stdout=subprocess.PIPE, text=True) for who in names
    ]
    for process in working:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
    notes = [e.reason for e in desk.log("r", "c1")]
    assert sorted(notes) == sorted(f"{who} {n}" for who in names for n in range(40)), "each is there once"
    for who in names:
        assert [n for n in notes if n and n.startswith(who)] == [f"{who} {n}" for n in range(40)], "in order"
    claim = desk.claim("r", "c1")
    assert claim is not None and len(claim.notes) == 120
    assert desk.queue(QueueFilter(words="pyongyang")).rows[0].version == claim.version


def test_of_two_that_saw_the_same_one_is_told(store: RunStore) -> None:
    start = threading.Barrier(8)

    def decide(number: int) -> str:
        start.wait(timeout=30)
        try:
            Desk(store).act(
                "r", "c1", "set_verdict", Change(label="refuted"), who=f"P{number}", version=0, reason="No."
            )
        except ReviewConflict as told:
            return str(told)
        finally:
            store.close()
        return ""

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(decide, range(8)))
    (event,) = Desk(store).log("r")
    assert told.count("") == 1
    assert all(f"{event.who} set the verdict to refuted on {event.at[:10]}" in words for words in told if words)
