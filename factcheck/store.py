"""Runs on disk: what was asked, every claim as soon as it is finished, and the report. SQLite, one file.

A run is written claim by claim, so that a page reload, a second browser or a killed process loses nothing finished.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from factcheck.errors import InputError
from factcheck.types import Claim, ClaimResult, Document, Mode, Report, Value

RunStatus = Literal["running", "done", "failed", "interrupted"]

_CLAIMS = TypeAdapter(tuple[Claim, ...])


class StoredRun(Value):
    """A run as the store knows it. `results` holds the finished claims by their position among `claims`."""

    id: str
    status: RunStatus
    created: str
    title: str
    mode: Mode
    as_of: date | None
    document: Document
    claims: tuple[Claim, ...] | None
    results: dict[int, ClaimResult]
    report: Report | None
    reason: str | None


def new_run_id() -> str:
    """An identifier that cannot be guessed: who has the link may open the run."""
    return f"run-{secrets.token_urlsafe(16)}"


def _v1(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE runs (id TEXT PRIMARY KEY, status TEXT NOT NULL, created TEXT NOT NULL, title TEXT NOT NULL,"
        " mode TEXT NOT NULL, as_of TEXT, document TEXT NOT NULL, claims TEXT, report TEXT, reason TEXT,"
        " host TEXT NOT NULL, pid INTEGER NOT NULL)"
    )
    db.execute(
        "CREATE TABLE results (run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, position INTEGER NOT NULL,"
        " result TEXT NOT NULL, PRIMARY KEY (run_id, position))"
    )
    db.execute("CREATE INDEX runs_by_time ON runs (created DESC)")


_MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_v1,)


def _to_write_ahead_log(db: sqlite3.Connection, patience: float = 30.0) -> None:
    """Switches the journal; SQLite does not wait by itself while another connection to a new file does the same."""
    until = time.monotonic() + patience
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


class RunStore:
    """The runs of one installation. One object may be used by many threads."""

    def __init__(self, path: Path) -> None:
        """Opens the store, creating it or bringing it to the present form.

        Raises:
            InputError: the file cannot be opened as a store.
        """
        self._path = path
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._transaction() as db:
                version = db.execute("PRAGMA user_version").fetchone()[0]
                if version > len(_MIGRATIONS):
                    raise InputError(
                        f"The record of runs at {path} was written by a later version of factcheck. Install that one,"
                        " or set FACTCHECK_HOME to another directory."
                    )
                for number, migrate in enumerate(_MIGRATIONS[version:], start=version + 1):
                    migrate(db)
                    db.execute(f"PRAGMA user_version = {number}")
        except (sqlite3.Error, OSError) as error:
            raise InputError(
                f"The record of runs at {path} cannot be opened ({error}). Set FACTCHECK_HOME to a directory you may"
                " write to, or move the damaged file away."
            ) from error

    def _connection(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            db.row_factory = sqlite3.Row
            _to_write_ahead_log(db)
            db.execute("PRAGMA foreign_keys = ON")
            self._local.db = db
        return db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    def close(self) -> None:
        """Closes this thread's connection."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    def start(self, run_id: str, document: Document, as_of: date | None, mode: Mode) -> None:
        """Records that a check of `document` has begun; starting the same id again begins it anew."""
        title = document.title or document.text.strip().split("\n", 1)[0][:120]
        with self._transaction() as db:
            db.execute("DELETE FROM results WHERE run_id = ?", (run_id,))
            db.execute(
                "INSERT OR REPLACE INTO runs (id, status, created, title, mode, as_of, document, host, pid)"
                " VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?)",
                (
                    run_id,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    title,
                    mode,
                    as_of.isoformat() if as_of else None,
                    document.model_dump_json(),
                    socket.gethostname(),
                    os.getpid(),
                ),
            )

    def save_claims(self, run_id: str, claims: Sequence[Claim]) -> None:
        """Records the claims that will be checked, in their order."""
        with self._transaction() as db:
            db.execute("UPDATE runs SET claims = ? WHERE id = ?", (_CLAIMS.dump_json(tuple(claims)).decode(), run_id))

    def save_result(self, run_id: str, position: int, result: ClaimResult) -> None:
        """Records one finished claim."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO results (run_id, position, result) VALUES (?, ?, ?)",
                (run_id, position, result.model_dump_json()),
            )

    def finish(self, run_id: str, report: Report) -> None:
        """Records the report of a run that came to its end."""
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET status = 'done', report = ?, reason = NULL WHERE id = ?",
                (report.model_dump_json(), run_id),
            )

    def fail(self, run_id: str, reason: str) -> None:
        """Records why a run stopped; its finished claims stay."""
        with self._transaction() as db:
            db.execute("UPDATE runs SET status = 'failed', reason = ? WHERE id = ?", (reason, run_id))

    def get(self, run_id: str) -> StoredRun | None:
        """A run by its id, or None. One whose process is gone is `interrupted`."""
        row = self._connection().execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return self._stored(row) if row else None

    def recent(self, limit: int = 20) -> tuple[StoredRun, ...]:
        """The latest runs, newest first."""
        rows = self._connection().execute(
            "SELECT * FROM runs ORDER BY created DESC, rowid DESC LIMIT ?", (limit,)
        ).fetchall()  # fmt: skip
        return tuple(self._stored(row) for row in rows)

    def _stored(self, row: sqlite3.Row) -> StoredRun:
        found = self._connection().execute(
            "SELECT position, result FROM results WHERE run_id = ? ORDER BY position", (row["id"],)
        ).fetchall()  # fmt: skip
        status: RunStatus = row["status"]
        if status == "running" and not _alive(row["host"], row["pid"]):
            status = "interrupted"
        return StoredRun(
            id=row["id"],
            status=status,
            created=row["created"],
            title=row["title"],
            mode=row["mode"],
            as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
            document=Document.model_validate_json(row["document"]),
            claims=_CLAIMS.validate_json(row["claims"]) if row["claims"] else None,
            results={r["position"]: ClaimResult.model_validate_json(r["result"]) for r in found},
            report=Report.model_validate(json.loads(row["report"])) if row["report"] else None,
            reason=row["reason"],
        )


def _alive(host: str, pid: int) -> bool:
    """Whether the process that wrote a run may still be working; on another host nobody can tell, so yes."""
    if host != socket.gethostname():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
