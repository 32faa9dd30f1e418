"""Following a run cheaply: where it is and what came since, without reading the whole of it again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factcheck.store.runs import RunStore
from factcheck.types import Mode

if TYPE_CHECKING:
    from factcheck.store.liveness import RunStatus


class RunState(NamedTuple):
    """A run without its texts."""

    id: str
    status: RunStatus
    created: str
    title: str
    mode: Mode
    as_of: str | None
    """The day that was asked for; None where the article's own counts."""
    done: int
    total: int | None
    """None until its claims are found."""
    reason: str | None


class NewResult(NamedTuple):
    """A finished claim as it is stored."""

    seq: int
    """Grows with every result that is stored."""
    position: int
    json: str
    """A `ClaimResult`."""


def state_of(store: RunStore, run_id: str) -> RunState | None:
    """Where a run is, or None if there is none of that id."""
    row = store.connection().execute(
        "SELECT id, created, title, mode, as_of, reason, json_array_length(claims) AS total,"
        " (SELECT count(*) FROM results WHERE run_id = runs.id) AS done FROM runs WHERE id = ?",
        (run_id,),
    ).fetchone()  # fmt: skip
    status = store.status(run_id)
    return None if row is None or status is None else RunState(status=status, **dict(row))


def results_after(store: RunStore, run_id: str, seq: int = 0) -> list[NewResult]:
    """The finished claims of a run that were stored after a `seq`, in the order in which they were."""
    rows = store.connection().execute(
        "SELECT rowid, position, result FROM results WHERE run_id = ? AND rowid > ? ORDER BY rowid", (run_id, seq)
    ).fetchall()  # fmt: skip
    return [NewResult(*row) for row in rows]


def report_json(store: RunStore, run_id: str) -> str | None:
    """The report of a finished run as JSON, else None."""
    row = store.connection().execute("SELECT report FROM runs WHERE id = ?", (run_id,)).fetchone()
    return None if row is None else row["report"]


def hand_back(store: RunStore, run_id: str) -> None:
    """Marks a run that has not come to its end as interrupted: what is finished stays, the rest can be resumed."""
    with store.transaction() as db:
        db.execute("UPDATE runs SET status = 'interrupted', reason = NULL WHERE id = ? AND status != 'done'", (run_id,))
