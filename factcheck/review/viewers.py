"""Who has a claim open. It is told, not locked: a lock would outlive a browser that was closed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from factcheck.review.acts import same_person
from factcheck.review.values import Viewer

OPEN_FOR = timedelta(seconds=90)
"""How long somebody counts as looking at a claim after the last sign of it."""


def opened(db: sqlite3.Connection, run_id: str, claim_id: str, who: str, now: datetime) -> tuple[Viewer, ...]:
    """Records that somebody has a claim open, and returns the others who do, the first to open it first."""
    db.execute("DELETE FROM viewers WHERE seen < ?", ((now - OPEN_FOR).timestamp(),))
    db.execute(
        "INSERT INTO viewers (run_id, claim_id, who, since, seen) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (run_id, claim_id, who) DO UPDATE SET seen = excluded.seen",
        (run_id, claim_id, who, now.timestamp(), now.timestamp()),
    )
    rows = db.execute(
        "SELECT who, since FROM viewers WHERE run_id = ? AND claim_id = ? ORDER BY since, who", (run_id, claim_id)
    ).fetchall()
    return tuple(
        Viewer(who=row["who"], since=stamp(datetime.fromtimestamp(row["since"], UTC)))
        for row in rows
        if not same_person(row["who"], who)
    )


def closed(db: sqlite3.Connection, run_id: str, claim_id: str, who: str) -> None:
    """Records that somebody has closed a claim."""
    db.execute("DELETE FROM viewers WHERE run_id = ? AND claim_id = ? AND who = ?", (run_id, claim_id, who))


def stamp(time: datetime) -> str:
    """A time as the log has it: UTC, ISO 8601, with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
