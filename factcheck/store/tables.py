"""The tables of the run store, and how an older file gets them. A migration that was released never changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from factcheck.store.rows import machine_row, put_row
from factcheck.types import ClaimResult


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


def _v2(db: sqlite3.Connection) -> None:
    """The review desk: its log, its queue, who looks at what; and what a run needs to be resumed."""
    for column in ("extracted TEXT", "process TEXT", "touched TEXT"):
        db.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    # No reference to `runs`: the log outlives a run that is begun anew.
    db.execute(
        "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,"
        " run_id TEXT NOT NULL, claim_id TEXT NOT NULL, action TEXT NOT NULL, reason TEXT, change TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX events_by_claim ON events (run_id, claim_id, seq)")
    _never_changed(db, "events", "seq")
    db.execute(
        "CREATE TABLE desk (run_id TEXT NOT NULL, claim_id TEXT NOT NULL, position INTEGER NOT NULL,"
        " created TEXT NOT NULL, updated TEXT NOT NULL, state TEXT NOT NULL, label TEXT NOT NULL,"
        " machine_label TEXT NOT NULL, confidence REAL, language TEXT, decided_by TEXT, decided_at TEXT,"
        " signed_by TEXT, dropped INTEGER NOT NULL, added INTEGER NOT NULL, kept INTEGER, version INTEGER NOT NULL,"
        " stale INTEGER NOT NULL, back_because TEXT, speaker TEXT, article TEXT NOT NULL, text TEXT NOT NULL,"
        " words TEXT NOT NULL, PRIMARY KEY (run_id, claim_id))"
    )
    db.execute("CREATE INDEX desk_newest ON desk (created DESC, run_id, position)")
    db.execute(
        "CREATE INDEX desk_counts ON desk (dropped, label, state, ifnull(language, ''), confidence, back_because)"
    )
    db.execute("CREATE INDEX desk_stale ON desk (run_id) WHERE stale")
    db.execute(
        "CREATE TABLE viewers (run_id TEXT NOT NULL, claim_id TEXT NOT NULL, who TEXT NOT NULL, since REAL NOT NULL,"
        " seen REAL NOT NULL, PRIMARY KEY (run_id, claim_id, who))"
    )
    db.execute("CREATE TABLE sources (document_id TEXT PRIMARY KEY, source TEXT NOT NULL)")
    db.execute(
        "CREATE TABLE earlier_results (run_id TEXT NOT NULL, position INTEGER NOT NULL, replaced TEXT NOT NULL,"
        " result TEXT NOT NULL)"
    )
    db.execute(
        "CREATE TABLE to_lay (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, claim_id TEXT NOT NULL,"
        " corpus TEXT, kept TEXT, UNIQUE (run_id, claim_id))"
    )
    _fill_desk(db)


def _never_changed(db: sqlite3.Connection, table: str, key: str) -> None:
    """Triggers that refuse every change of a row; REPLACE removes rows without a DELETE, so it is refused apart."""
    refuse = f"BEGIN SELECT RAISE(ABORT, 'what is in {table} stays as it is'); END"
    db.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    db.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    db.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}"
    )


def _fill_desk(db: sqlite3.Connection) -> None:
    found = db.execute(
        "SELECT r.run_id, r.position, r.result, runs.title, runs.created FROM results r JOIN runs ON runs.id = r.run_id"
    )
    for run_id, position, result, title, created in found.fetchall():
        put_row(db, machine_row(run_id, position, title, created, ClaimResult.model_validate_json(result)))


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_v1, _v2)
