"""The queue: the table `desk`, filtered, put in order and counted by SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from factcheck.review.folding import kept_machine_verdict
from factcheck.review.values import (
    Agreement,
    ArticleRow,
    Order,
    QueueFilter,
    QueuePage,
    QueueRow,
    ReviewedClaim,
)
from factcheck.store.rows import DeskRow, folded

_ORDERS: dict[Order, str] = {
    "newest": "created DESC, run_id, position",
    "oldest": "created, run_id, position",
    "confidence": "confidence IS NULL, confidence, created DESC, run_id, position",
    "article": "article COLLATE NOCASE, created DESC, run_id, position",
}

_SHOWN = ", ".join(QueueRow.model_fields)


def desk_row(past: list[ReviewedClaim], created: str) -> DeskRow:
    """The row of a claim out of all that it was, the last being what it is."""
    claim = past[-1]
    return DeskRow(
        run_id=claim.run_id,
        claim_id=claim.claim_id,
        position=claim.position,
        created=created,
        updated=claim.events[-1].at if claim.events else created,
        state=claim.state,
        label=claim.label or "not_checked",
        machine_label=claim.machine.label or "not_checked",
        confidence=claim.machine.confidence,
        language=claim.machine.language,
        decided_by=claim.decided_by,
        decided_at=claim.decided_at,
        signed_by=claim.signed_by,
        dropped=claim.dropped,
        added=bool(claim.events) and claim.events[0].action == "add_claim",
        kept=kept_machine_verdict(past),
        version=claim.version,
        stale=False,
        back_because=claim.back_because,
        speaker=claim.machine.speaker,
        article=claim.article,
        text=claim.text,
        words=folded(claim.text, claim.machine.speaker, claim.article),
    )


class _Where(NamedTuple):
    """Conditions by the field of the filter that asks for them, each with its values."""

    conditions: dict[str, tuple[str, list[object]]]

    def but(self, left_out: str = "") -> tuple[str, list[object]]:
        """All of them, or all but one, as SQL."""
        chosen = [c for name, c in self.conditions.items() if name != left_out]
        return " AND ".join(sql for sql, _ in chosen), [value for _, values in chosen for value in values]


def queue_page(db: sqlite3.Connection, wanted: QueueFilter, order: Order, offset: int, limit: int) -> QueuePage:
    """Some rows of what is wanted; `Desk.queue` says the rest."""
    where = _where(wanted)
    sql, values = where.but()
    rows = db.execute(
        f"SELECT {_SHOWN} FROM desk WHERE {sql} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?", [*values, limit, offset]
    ).fetchall()
    return QueuePage(
        rows=tuple(QueueRow(**dict(row)) for row in rows),
        total=db.execute(f"SELECT count(*) FROM desk WHERE {sql}", values).fetchone()[0],
        by_label=_counted(db, "label", where.but("labels")),
        by_state=_counted(db, "state", where.but("states")),
        by_language=_counted(db, "language", where.but("languages")),
    )


def _counted(db: sqlite3.Connection, column: str, where: tuple[str, list[object]]) -> dict[str, int]:
    sql, values = where
    found = db.execute(
        f"SELECT ifnull({column}, ''), count(*) FROM desk WHERE {sql} GROUP BY 1 ORDER BY 2 DESC, 1", values
    ).fetchall()
    return {name: count for name, count in found}


def _where(wanted: QueueFilter) -> _Where:
    found: dict[str, tuple[str, list[object]]] = {"dropped": ("dropped = ?", [wanted.dropped])}
    if wanted.labels:
        found["labels"] = _among("label", wanted.labels)
    if wanted.states:
        found["states"] = _among("state", wanted.states)
    if wanted.languages:
        found["languages"] = _among("ifnull(language, '')", wanted.languages)
    if wanted.run_id is not None:
        found["run"] = ("run_id = ?", [wanted.run_id])
    if wanted.least is not None:
        found["least"] = ("confidence >= ?", [wanted.least])
    if wanted.most is not None:
        found["most"] = ("confidence <= ?", [wanted.most])
    if wanted.back:
        found["back"] = ("back_because IS NOT NULL", [])
    words = folded(wanted.words).split()
    if words:
        found["words"] = (" AND ".join(["instr(words, ?) > 0"] * len(words)), list(words))
    return _Where(found)


def _among(column: str, wanted: Collection[str]) -> tuple[str, list[object]]:
    return f"{column} IN ({', '.join('?' * len(wanted))})", list(wanted)


def article_rows(db: sqlite3.Connection, limit: int) -> list[dict[str, object]]:
    """The latest runs with the number of their claims: those found, those added, less those dropped."""
    rows = db.execute(
        "SELECT id AS run_id, title, created, ifnull(json_array_length(claims), 0)"
        " + (SELECT count(*) FROM desk WHERE desk.run_id = runs.id AND added)"
        " - (SELECT count(*) FROM desk WHERE desk.run_id = runs.id AND dropped) AS claims"
        " FROM runs ORDER BY created DESC, rowid DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [dict(row) for row in rows]


def states_of(db: sqlite3.Connection, run_id: str) -> dict[str, int]:
    """How many claims of an article are in each state, without those that were dropped."""
    found = db.execute("SELECT state, count(*) FROM desk WHERE run_id = ? AND NOT dropped GROUP BY 1", (run_id,))
    return {state: count for state, count in found.fetchall()}


def agreements(db: sqlite3.Connection) -> tuple[Agreement, ...]:
    """Month by month, the decisions that stand and how many of them kept the machine's verdict."""
    rows = db.execute(
        "SELECT substr(decided_at, 1, 7) AS month, count(*) AS decided, sum(kept) AS kept FROM desk"
        " WHERE kept IS NOT NULL AND NOT dropped GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return tuple(Agreement(**dict(row)) for row in rows)


__all__ = ["ArticleRow", "agreements", "article_rows", "desk_row", "queue_page", "states_of"]
