from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import fakes
import pytest

from factcheck.errors import InputError
from factcheck.store import RunStore, new_run_id
from factcheck.types import ClaimResult, Document

TEXT = "Putin landed in Pyongyang. He left for Hanoi."
ARTICLE = Document(id="a", text=TEXT, title="A visit")
FIRST = fakes.claim("Putin landed in Pyongyang.", id="c1")
SECOND = fakes.claim("He left for Hanoi.", id="c2", start=27, end=45)
NOTE = fakes.document("Putin landed in Pyongyang.")


def _result() -> ClaimResult:
    return fakes.result(FIRST, "supported", [fakes.evidence(1, NOTE, "Putin landed in Pyongyang.")])


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "deep" / "runs.sqlite3")


def test_a_run_is_recorded_claim_by_claim(store: RunStore) -> None:
    store.start("r", ARTICLE, date(2024, 6, 19), "offline")
    begun = store.get("r")
    assert begun is not None
    assert (begun.status, begun.claims, begun.results, begun.report) == ("running", None, {}, None)
    assert (begun.document, begun.as_of, begun.title, begun.mode) == (ARTICLE, date(2024, 6, 19), "A visit", "offline")

    store.save_claims("r", [FIRST, SECOND])
    store.save_result("r", 1, ClaimResult.not_checked(SECOND, "No answer."))
    half = store.get("r")
    assert half is not None and half.claims == (FIRST, SECOND)
    assert list(half.results) == [1] and half.results[1].reason == "No answer."

    store.save_result("r", 0, _result())
    report = fakes.report(TEXT, [_result(), ClaimResult.not_checked(SECOND, "No answer.")], [NOTE])
    store.finish("r", report)
    done = store.get("r")
    assert done is not None
    assert (done.status, done.report, done.reason) == ("done", report, None)
    assert list(done.results) == [0, 1]


def test_a_run_outlives_its_store(store: RunStore, tmp_path: Path) -> None:
    store.start("r", ARTICLE, None, "llm")
    store.save_claims("r", [FIRST])
    store.save_result("r", 0, _result())
    store.close()
    again = RunStore(tmp_path / "deep" / "runs.sqlite3").get("r")
    assert again is not None and again.results[0] == _result() and again.as_of is None and again.mode == "llm"


def test_a_failed_run_keeps_its_finished_claims(store: RunStore) -> None:
    store.start("r", ARTICLE, None, "offline")
    store.save_claims("r", [FIRST, SECOND])
    store.save_result("r", 0, _result())
    store.fail("r", "The disk is full.")
    found = store.get("r")
    assert found is not None and (found.status, found.reason) == ("failed", "The disk is full.")
    assert found.results[0].label == "supported"


def test_starting_an_id_again_begins_it_anew(store: RunStore) -> None:
    store.start("r", ARTICLE, None, "offline")
    store.save_claims("r", [FIRST])
    store.save_result("r", 0, _result())
    store.start("r", Document(id="b", text="Another."), None, "offline")
    found = store.get("r")
    assert found is not None
    assert (found.document.id, found.claims, found.results) == ("b", None, {})


def test_a_title_is_taken_from_the_text_where_there_is_none(store: RunStore) -> None:
    store.start("r", Document(id="d", text="\n\n  The first line\nand more"), None, "offline")
    found = store.get("r")
    assert found is not None and found.title == "The first line"


def test_an_unknown_run_is_none(store: RunStore) -> None:
    assert store.get("run-nobody-has") is None
    assert store.recent() == ()


def test_the_latest_runs_come_first(store: RunStore) -> None:
    for name in ("a", "b", "c"):
        store.start(name, ARTICLE, None, "offline")
    assert [run.id for run in store.recent()] == ["c", "b", "a"]
    assert [run.id for run in store.recent(2)] == ["c", "b"]


def test_run_ids_cannot_be_guessed() -> None:
    made = {new_run_id() for _ in range(200)}
    assert len(made) == 200
    assert min(map(len, made)) >= len("run-") + 21


def test_a_run_whose_process_was_killed_is_interrupted(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    script = (
        "import os, sys; from pathlib import Path; from factcheck.store import RunStore;"
        "from factcheck.types import Document; store = RunStore(Path(sys.argv[1]));"
        "store.start('r', Document(id='d', text='A text.'), None, 'offline'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
    found = RunStore(path).get("r")
    assert found is not None and found.status == "interrupted"


def test_a_run_of_this_process_is_running(store: RunStore) -> None:
    store.start("r", ARTICLE, None, "offline")
    found = store.get("r")
    assert found is not None and found.status == "running"


def test_many_threads_share_a_store(store: RunStore) -> None:
    def work(number: int) -> None:
        store.start(f"r{number}", ARTICLE, None, "offline")
        store.save_claims(f"r{number}", [FIRST, SECOND])
        for position in (0, 1):
            store.save_result(f"r{number}", position, _result().model_copy(update={"seconds": float(number)}))
        store.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(16)))
    for number in range(16):
        found = store.get(f"r{number}")
        assert found is not None
        assert [r.seconds for r in found.results.values()] == [number, number]


def test_two_stores_on_one_file_see_each_other(tmp_path: Path) -> None:
    one, two = RunStore(tmp_path / "runs.sqlite3"), RunStore(tmp_path / "runs.sqlite3")
    one.start("a", ARTICLE, None, "offline")
    two.start("b", Document(id="b", text="Another."), None, "offline")
    two.save_result("b", 0, _result())
    one.save_claims("a", [FIRST])
    seen_a, seen_b = two.get("a"), one.get("b")
    assert seen_a is not None and seen_a.claims == (FIRST,) and seen_a.results == {}
    assert seen_b is not None and seen_b.claims is None and list(seen_b.results) == [0]


def test_many_stores_may_be_opened_on_a_new_file_at_once(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / f"runs-{attempt}.sqlite3"
        with ThreadPoolExecutor(8) as pool:
            stores = list(pool.map(lambda _, path=path: RunStore(path), range(8)))
        stores[0].start("r", ARTICLE, None, "offline")
        assert stores[7].get("r") is not None


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    path.write_bytes(b"this is no database, and it is long enough to be taken for one" * 30)
    before = path.read_bytes()
    with pytest.raises(InputError, match="cannot be opened"):
        RunStore(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(InputError, match="FACTCHECK_HOME"):
        RunStore(tmp_path / "file" / "runs.sqlite3")


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    RunStore(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="later version"):
        RunStore(path)


def test_a_store_is_brought_to_the_present_form_once(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    RunStore(path).start("r", ARTICLE, None, "offline")
    again = RunStore(path)
    assert again.get("r") is not None
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] >= 1
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_rolled_back_write_leaves_the_store_usable(store: RunStore) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.save_result("no such run", 0, _result())
    store.start("r", ARTICLE, None, "offline")
    assert store.get("r") is not None
