"""The queue: the table `desk`, filtered, put in order and counted by SQLite."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection

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


def queue_page(db: sqlite3.Connection, wanted: QueueFilter, order: Order, offset: int, limit: int) -> QueuePage:
    """Some rows of what is wanted; `Desk.queue` says the rest."""
    base, values = _base(wanted)
    facets = [_among(column, chosen) for column, chosen in _facets(wanted) if chosen]
    sql = " AND ".join([base, *(condition for condition, _ in facets)])
    rows = db.execute(
        f"SELECT {_SHOWN} FROM desk WHERE {sql} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
        [*values, *(value for _, chosen in facets for value in chosen), limit, offset],
    ).fetchall()
    total, by_label, by_state, by_language = _counted(db, wanted, base, values)
    return QueuePage(
        rows=tuple(QueueRow(**dict(row)) for row in rows),
        total=total,
        by_label=by_label,
        by_state=by_state,
        by_language=by_language,
    )


def _facets(wanted: QueueFilter) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns that are counted, each with what is chosen of it."""
    return ("label", wanted.labels), ("state", wanted.states), ("ifnull(language, '')", wanted.languages)


def _counted(
    db: sqlite3.Connection, wanted: QueueFilter, base: str, values: list[object]
) -> tuple[int, dict[str, int], dict[str, int], dict[str, int]]:
    """How many there are, and by each facet without what is chosen of it: one pass over the table for all four."""
    facets = _facets(wanted)
    columns = ", ".join(column for column, _ in facets)
    groups = db.execute(f"SELECT {columns}, count(*) FROM desk WHERE {base} GROUP BY 1, 2, 3", values).fetchall()
    total, tallies = 0, (Counter[str](), Counter[str](), Counter[str]())
    for *names, count in groups:
        missed = [i for i, (_, chosen) in enumerate(facets) if chosen and names[i] not in chosen]
        total += 0 if missed else count
        for i in range(len(facets)):
            if set(missed) <= {i}:
                tallies[i][names[i]] += count
    by_label, by_state, by_language = (dict(sorted(t.items(), key=lambda item: (-item[1], item[0]))) for t in tallies)
    return total, by_label, by_state, by_language


def _base(wanted: QueueFilter) -> tuple[str, list[object]]:
    """What is wanted apart from the facets, as SQL."""
    found: list[tuple[str, list[object]]] = [("dropped = ?", [wanted.dropped])]
    if wanted.run_id is not None:
        found.append(("run_id = ?", [wanted.run_id]))
    if wanted.least is not None:
        found.append(("confidence >= ?", [wanted.least]))
    if wanted.most is not None:
        found.append(("confidence <= ?", [wanted.most]))
    if wanted.back:
        found.append(("back_because IS NOT NULL", []))
    found.extend(("instr(words, ?) > 0", [word]) for word in dict.fromkeys(folded(wanted.words).split()))
    return " AND ".join(sql for sql, _ in found), [value for _, values in found for value in values]


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


def article_titles(db: sqlite3.Connection, limit: int) -> dict[str, str]:
    """The titles of the latest runs, newest first."""
    return dict(db.execute("SELECT id, title FROM runs ORDER BY created DESC, rowid DESC LIMIT ?", (limit,)).fetchall())


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


__all__ = ["ArticleRow", "agreements", "article_rows", "article_titles", "desk_row", "queue_page", "states_of"]
