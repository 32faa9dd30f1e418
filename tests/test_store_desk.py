"""What the store does for the desk and for resuming: older files, whose run it is, the documents that results quote."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes_review import ARTICLE, FIRST, NOTE, SECOND, fill, sources, supported

from factcheck.errors import InputError
from factcheck.review import Desk, QueueFilter
from factcheck.store import RunStore
from factcheck.store.tables import MIGRATIONS
from factcheck.types import ClaimResult, SourceDocument


def _file_of_before(path: Path) -> None:
    """A store as the first version wrote it, with one run of two claims."""
    with sqlite3.connect(path) as db:
        MIGRATIONS[0](db)
        db.execute("PRAGMA user_version = 1")
        claims = json.dumps([claim.model_dump(mode="json") for claim in (FIRST, SECOND)])
        db.execute(
            "INSERT INTO runs (id, status, created, title, mode, document, claims, host, pid)"
            " VALUES ('r', 'running', '2026-01-02T03:04:05+00:00', 'A visit', 'offline', ?, ?, ?, 1)",
            (ARTICLE.model_dump_json(), claims, "another-host"),
        )
        for position, result in enumerate((supported(), ClaimResult.not_checked(SECOND, "No answer."))):
            db.execute("INSERT INTO results VALUES ('r', ?, ?)", (position, result.model_dump_json()))


def test_the_claims_of_an_older_file_are_on_the_desk(tmp_path: Path) -> None:
    _file_of_before(tmp_path / "runs.sqlite3")
    store = RunStore(tmp_path / "runs.sqlite3")
    desk = Desk(store)
    rows = desk.queue().rows
    assert [(r.claim_id, r.label, r.speaker, r.article) for r in rows] == [
        ("c1", "supported", None, "A visit"),
        ("c2", "not_checked", "The Minister", "A visit"),
    ]
    assert rows[0].created == rows[0].updated == "2026-01-02T03:04:05+00:00"
    assert desk.queue(QueueFilter(words="minister hanoi")).total == 1
    assert desk.act("r", "c1", "accept", who="Ana", version=0).decided_by == "Ana"
    run = store.get("r")
    assert run is not None and run.extracted is None and run.status == "interrupted", "it was silent for months"
    assert store.resumable("r") is not None


def test_the_migration_fills_the_queue_as_saving_would(tmp_path: Path) -> None:
    _file_of_before(tmp_path / "old.sqlite3")
    old, new = RunStore(tmp_path / "old.sqlite3"), RunStore(tmp_path / "new.sqlite3")
    fill(new)
    with new.transaction() as db:
        db.execute("UPDATE desk SET created = '2026-01-02T03:04:05+00:00', updated = '2026-01-02T03:04:05+00:00'")
    columns = "SELECT * FROM desk ORDER BY position"
    rows = [[dict(r) for r in store.connection().execute(columns).fetchall()] for store in (old, new)]
    assert rows[0] == rows[1]


def test_documents_that_results_quote_are_kept(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs.sqlite3")
    fill(store)
    found = store.sources([NOTE.id, "doc-nobody-has"])
    assert found == {NOTE.id: SourceDocument.of(NOTE)} and store.sources([]) == {}
    assert store.sources(list(sources())) == sources()


def _changed(store: RunStore, **columns: object) -> None:
    with store.transaction() as db:
        for name, value in columns.items():
            db.execute(f"UPDATE runs SET {name} = ? WHERE id = 'r'", (value,))


@pytest.fixture
def running(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path / "runs.sqlite3")
    store.start("r", ARTICLE, None, "offline")
    return store


def test_a_process_id_that_was_given_to_another_process_tells_nothing(running: RunStore) -> None:
    assert running.status("r") == "running"
    if not Path("/proc/self/stat").exists():
        pytest.skip("the system does not tell when a process began")
    _changed(running, process="1")
    assert running.status("r") == "interrupted"


@pytest.mark.parametrize(("silent", "status"), [(5, "running"), (40, "interrupted")])
def test_of_another_host_only_its_silence_tells(running: RunStore, silent: int, status: str) -> None:
    touched = datetime.now(UTC) - timedelta(minutes=silent)
    _changed(running, host="another-host", touched=touched.isoformat())
    assert running.status("r") == status and running.status("nobody's") is None


def test_a_finished_claim_is_a_sign_of_life(running: RunStore) -> None:
    _changed(running, host="another-host", touched=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    running.save_claims("r", [FIRST])
    assert running.status("r") == "running"
    _changed(running, touched=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    running.save_result("r", 0, supported())
    assert running.status("r") == "running"


@pytest.mark.parametrize("stop", [lambda s: s.fail("r", "Full."), lambda s: _changed(s, pid=2**22 + 1)])
def test_a_run_that_stopped_becomes_ours(running: RunStore, stop: Callable[[RunStore], None]) -> None:
    stop(running)
    run = running.resume("r")
    assert run.status in ("failed", "interrupted")
    now = running.get("r")
    assert now is not None and (now.status, now.reason) == ("running", None)
    row = running.connection().execute("SELECT host, pid FROM runs").fetchone()
    assert tuple(row) == (socket.gethostname(), os.getpid())
    with pytest.raises(InputError, match="being checked now"):
        running.resume("r")
    assert running.resume("r", begun_here=True).status == "running"


def test_of_two_that_would_resume_a_run_one_does(running: RunStore, tmp_path: Path) -> None:
    running.fail("r", "The disk is full.")
    script = (
        "import sys; from pathlib import Path; from factcheck.errors import InputError\n"
        "from factcheck.store import RunStore\n"
        "store = RunStore(Path(sys.argv[1])); sys.stdin.readline()\n"
        "try:\n    store.resume('r'); print('mine', flush=True)\n"
        "except InputError as error:\n    print(error, flush=True)\n"
        "sys.stdin.readline()"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "runs.sqlite3")]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) for _ in range(2)
    ]
    told = []
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
    for process in both:
        assert process.stdout is not None
        told.append(process.stdout.readline().strip())
    for process in both:
        process.communicate("\n", timeout=60)
    assert sorted(told) == ["The run r is being checked now, so there is nothing to resume.", "mine"]
