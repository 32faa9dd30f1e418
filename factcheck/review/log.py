"""The log in the store: rows of the table `events`, which nothing changes or removes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from factcheck.review.values import Action, Change, Event

_COLUMNS = "seq, at, who, run_id, claim_id, action, reason, change"
_BATCH = 500


def append(
    db: sqlite3.Connection,
    *,
    at: str,
    who: str,
    run_id: str,
    claim_id: str,
    action: Action,
    reason: str | None,
    change: Change,
) -> Event:
    """Writes an event and returns it with its number."""
    told = change.model_dump_json(exclude_defaults=True)
    done = db.execute(
        "INSERT INTO events (at, who, run_id, claim_id, action, reason, change) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (at, who, run_id, claim_id, action, reason, told),
    )
    assert done.lastrowid is not None
    return Event(
        seq=done.lastrowid,
        at=at,
        who=who,
        run_id=run_id,
        claim_id=claim_id,
        action=action,
        reason=reason,
        change=change,
    )


def events_of(db: sqlite3.Connection, run_id: str, claim_id: str | None = None) -> list[Event]:
    """The events of a claim, or of all claims of a run, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM events WHERE run_id = ?1 AND (?2 IS NULL OR claim_id = ?2) ORDER BY seq",
        (run_id, claim_id),
    )
    return [_event(row) for row in rows.fetchall()]


def events_since(db: sqlite3.Connection, run_id: str | None, claim_id: str | None, since_seq: int) -> Iterator[Event]:
    """Events after a number, oldest first, read some at a time so that no long read holds the file."""
    while True:
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM events WHERE seq > ?1 AND (?2 IS NULL OR run_id = ?2)"
            " AND (?3 IS NULL OR claim_id = ?3) ORDER BY seq LIMIT ?4",
            (since_seq, run_id, claim_id, _BATCH),
        ).fetchall()
        for row in rows:
            yield _event(row)
        if len(rows) < _BATCH:
            return
        since_seq = rows[-1]["seq"]


def _event(row: sqlite3.Row) -> Event:
    return Event(**{**dict(row), "change": Change.model_validate_json(row["change"])})
