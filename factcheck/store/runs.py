"""What was asked, every claim as soon as it is finished, and the report.

A run is written claim by claim, so that a page reload, a second browser or a killed process loses nothing finished.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from factcheck.errors import InputError, StoreError
from factcheck.store.liveness import RunStatus, here, mine, moment, status_of
from factcheck.store.rows import machine_row, put_row
from factcheck.store.tables import MIGRATIONS
from factcheck.types import (
    AsOfSource,
    Claim,
    ClaimResult,
    Document,
    LeftOut,
    Mode,
    Report,
    SourceDocument,
    Usage,
    Value,
)

_CLAIMS = TypeAdapter(tuple[Claim, ...])


class Extracted(Value):
    """What is known of a run before its first claim is checked, kept so that it can be resumed."""

    as_of: date
    as_of_source: AsOfSource
    left_out: tuple[LeftOut, ...] = ()
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    snapshot: str = ""
    corpus: str = ""
    """The corpus's name."""


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
    extracted: Extracted | None = None
    """None where nothing was extracted yet, or by a version that did not keep it."""


def new_run_id() -> str:
    """An identifier that cannot be guessed: who has the link may open the run."""
    return f"run-{secrets.token_urlsafe(16)}"


def _to_write_ahead_log(db: sqlite3.Connection, patience: float = 30.0) -> None:
    """Switches the journal; SQLite does not wait by itself while another connection to a new file does the same."""
    until = time.monotonic() + patience
    while True:
        try:
            sqlite3.Connection.execute(db, "PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


class _Connection(sqlite3.Connection):
    """Whose errors are sentences."""

    path: Path

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        with self._translated():
            return super().execute(sql, values)

    def executemany(self, sql: str, values: Iterable[Any], /) -> sqlite3.Cursor:
        with self._translated():
            return super().executemany(sql, values)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:  # ours to mend, not the user's
            raise
        except sqlite3.OperationalError as error:
            full = "the disk is not full and that nothing else holds the file"
            raise StoreError(
                f"The record of runs at {self.path} cannot be used ({error}). Check that {full}; what is in it is kept."
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"The record of runs at {self.path} is damaged ({error}). Move the file away or restore a copy of it;"
                " until then nothing is recorded."
            ) from error


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
            with self.transaction() as db:
                version = db.execute("PRAGMA user_version").fetchone()[0]
                if version > len(MIGRATIONS):
                    raise InputError(
                        f"The record of runs at {path} was written by a later version of factcheck. Install that one,"
                        " or set FACTCHECK_HOME to another directory."
                    )
                for number, migrate in enumerate(MIGRATIONS[version:], start=version + 1):
                    migrate(db)
                    db.execute(f"PRAGMA user_version = {number}")
        except (sqlite3.Error, OSError, StoreError) as error:
            why = error.__cause__ if isinstance(error, StoreError) else error
            raise StoreError(
                f"The record of runs at {path} cannot be opened ({why}). Set FACTCHECK_HOME to a directory you may"
                " write to, or move the damaged file away."
            ) from error

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            made = sqlite3.connect(self._path, timeout=30, isolation_level=None, factory=_Connection)
            made.path, made.row_factory, db = self._path, sqlite3.Row, made
            _to_write_ahead_log(db)
            db.execute("PRAGMA foreign_keys = ON")
            self._local.db = db
        return db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write that happens as a whole or not at all; the desk keeps its log through it."""
        db = self.connection()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # SQLite undoes it itself where the disk is full
                db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Closes this thread's connection."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    def start(self, run_id: str, document: Document, as_of: date | None, mode: Mode) -> None:
        """Records that a check of `document` has begun; starting the same id again begins it anew.

        What people did to its claims stays in the log, and so do the results that they did it to.
        """
        title = document.title or document.text.strip().split("\n", 1)[0][:120]
        now = moment()
        with self.transaction() as db:
            db.execute(
                "INSERT INTO earlier_results SELECT run_id, position, ?, result FROM results WHERE run_id = ?"
                " AND EXISTS (SELECT 1 FROM events WHERE events.run_id = results.run_id)",
                (now, run_id),
            )
            db.execute("DELETE FROM results WHERE run_id = ?", (run_id,))
            db.execute("UPDATE desk SET stale = 1 WHERE run_id = ?", (run_id,))
            db.execute(
                "INSERT OR REPLACE INTO runs (id, status, created, title, mode, as_of, document, host, pid, process,"
                " touched) VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run_id,
                    now,
                    title,
                    mode,
                    as_of.isoformat() if as_of else None,
                    document.model_dump_json(),
                    *here(),
                    now,
                ),
            )

    def resumable(self, run_id: str) -> StoredRun | None:
        """The run of that id if it stopped before its end, else None."""
        run = self.get(run_id)
        return run if run is not None and run.status in ("interrupted", "failed") else None

    def resume(self, run_id: str, *, begun_here: bool = False) -> StoredRun:
        """Makes a run that stopped before its end this process's own, and returns it as it was.

        Args:
            run_id: the run.
            begun_here: whether one that this process has already made its own will do too.

        Raises:
            InputError: there is none of that id, it is finished, or a process is at work on it.
        """
        with self.transaction() as db:
            row = db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
            if row is None:
                raise InputError(f"There is no run {run_id}. `factcheck review list` shows the runs there are.")
            run = self._stored(row)
            if run.status not in ("interrupted", "failed") and not (begun_here and mine(row)):
                why = "is being checked now" if run.status == "running" else "came to its end"
                raise InputError(f"The run {run_id} {why}, so there is nothing to resume.")
            db.execute(
                "UPDATE runs SET status = 'running', reason = NULL, host = ?, pid = ?, process = ?, touched = ?"
                " WHERE id = ?",
                (*here(), moment(), run_id),
            )
        return run

    def save_claims(self, run_id: str, claims: Sequence[Claim], extracted: Extracted | None = None) -> None:
        """Records the claims that will be checked, in their order, and what else the extraction gave."""
        with self.transaction() as db:
            db.execute(
                "UPDATE runs SET claims = ?, extracted = ?, touched = ? WHERE id = ?",
                (
                    _CLAIMS.dump_json(tuple(claims)).decode(),
                    extracted.model_dump_json() if extracted else None,
                    moment(),
                    run_id,
                ),
            )

    def save_result(
        self,
        run_id: str,
        position: int,
        result: ClaimResult,
        sources: Mapping[str, SourceDocument] | None = None,
    ) -> None:
        """Records one finished claim, which from now on lies on the desk, and the documents that it quotes."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO results (run_id, position, result) VALUES (?, ?, ?)",
                (run_id, position, result.model_dump_json()),
            )
            db.execute("UPDATE runs SET touched = ? WHERE id = ?", (moment(), run_id))
            run = db.execute("SELECT title, created FROM runs WHERE id = ?", (run_id,)).fetchone()
            worked_on = db.execute(
                "SELECT 1 FROM events WHERE run_id = ? AND claim_id = ? LIMIT 1", (run_id, result.id)
            ).fetchone()
            put_row(db, machine_row(run_id, position, run["title"], run["created"], result, stale=bool(worked_on)))
            put_sources(db, sources or {})

    def sources(self, ids: Sequence[str]) -> dict[str, SourceDocument]:
        """The documents that results quote, as they were when the claims were checked, by id; unknown ones left out."""
        wanted = json.dumps(list(ids))
        found = self.connection().execute(
            "SELECT document_id, source FROM sources WHERE document_id IN (SELECT value FROM json_each(?))", (wanted,)
        ).fetchall()  # fmt: skip
        return {row["document_id"]: SourceDocument.model_validate_json(row["source"]) for row in found}

    def finish(self, run_id: str, report: Report) -> None:
        """Records the report of a run that came to its end."""
        with self.transaction() as db:
            db.execute(
                "UPDATE runs SET status = 'done', report = ?, reason = NULL WHERE id = ?",
                (report.model_dump_json(), run_id),
            )

    def fail(self, run_id: str, reason: str) -> None:
        """Records why a run stopped; its finished claims stay."""
        with self.transaction() as db:
            db.execute("UPDATE runs SET status = 'failed', reason = ? WHERE id = ?", (reason, run_id))

    def get(self, run_id: str) -> StoredRun | None:
        """A run by its id, or None. One whose process is gone is `interrupted`."""
        row = self.connection().execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return self._stored(row) if row else None

    def status(self, run_id: str) -> RunStatus | None:
        """How a run is, without reading the rest of it; None if there is none of that id."""
        row = self.connection().execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        return status_of(row) if row else None

    def recent(self, limit: int = 20) -> tuple[StoredRun, ...]:
        """The latest runs, newest first, in the order in which they were begun: the clock may have been set back."""
        rows = self.connection().execute(
            "SELECT * FROM runs ORDER BY rowid DESC LIMIT ?", (limit,)
        ).fetchall()  # fmt: skip
        return tuple(self._stored(row) for row in rows)

    def _stored(self, row: sqlite3.Row) -> StoredRun:
        found = self.connection().execute(
            "SELECT position, result FROM results WHERE run_id = ? ORDER BY position", (row["id"],)
        ).fetchall()  # fmt: skip
        return StoredRun(
            id=row["id"],
            status=status_of(row),
            created=row["created"],
            title=row["title"],
            mode=row["mode"],
            as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
            document=Document.model_validate_json(row["document"]),
            claims=_CLAIMS.validate_json(row["claims"]) if row["claims"] else None,
            results={r["position"]: ClaimResult.model_validate_json(r["result"]) for r in found},
            report=Report.model_validate(json.loads(row["report"])) if row["report"] else None,
            reason=row["reason"],
            extracted=Extracted.model_validate_json(row["extracted"]) if row["extracted"] else None,
        )


def put_sources(db: sqlite3.Connection, sources: Mapping[str, SourceDocument]) -> None:
    """Keeps documents that a result quotes; an id stands for a text, so what is there already stays."""
    db.executemany(
        "INSERT OR IGNORE INTO sources (document_id, source) VALUES (?, ?)",
        [(key, source.model_dump_json()) for key, source in sources.items()],
    )
