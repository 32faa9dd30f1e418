"""A claim and all that it was, read from the store: the machine's result with the log laid over it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from factcheck.review.folding import history
from factcheck.review.log import events_of
from factcheck.review.values import Event, ReviewedClaim
from factcheck.types import ClaimResult, Document


def past_of(db: sqlite3.Connection, run_id: str, claim_id: str, *, found_anew: bool = False) -> list[ReviewedClaim]:
    """All that a claim was, oldest first; nothing where the run has no such claim.

    Args:
        db: the store.
        run_id: the run.
        claim_id: the claim.
        found_anew: whether its place among the results may be another than the queue says.
    """
    row = db.execute(
        "SELECT desk.position, runs.title FROM desk JOIN runs ON runs.id = desk.run_id"
        " WHERE desk.run_id = ? AND claim_id = ?",
        (run_id, claim_id),
    ).fetchone()
    if row is None:
        return []
    found = _result(db, run_id, claim_id, None if found_anew else row["position"])
    events = events_of(db, run_id, claim_id)
    if found is None and not _still_there(events, article_of(db, run_id).text):
        return []
    position, result = found or (row["position"], None)
    return list(history(result, position, row["title"], run_id, events))


def article_of(db: sqlite3.Connection, run_id: str) -> Document:
    """The article of a run that there is."""
    row = db.execute("SELECT document FROM runs WHERE id = ?", (run_id,)).fetchone()
    return Document.model_validate_json(row["document"])


def created_of(db: sqlite3.Connection, run_id: str) -> str:
    """When a run was begun that there is."""
    return str(db.execute("SELECT created FROM runs WHERE id = ?", (run_id,)).fetchone()["created"])


def corpus_of(db: sqlite3.Connection, claim: ReviewedClaim) -> str | None:
    """The name of the corpus that a claim was last checked against, where it is known."""
    again = [e.change.corpus for e in claim.events if e.action == "recheck"]
    row = db.execute(
        "SELECT ifnull(json_extract(extracted, '$.corpus'), json_extract(report, '$.run.corpus.name')) AS corpus"
        " FROM runs WHERE id = ?",
        (claim.run_id,),
    ).fetchone()
    return (again[-1] if again else None) or (row["corpus"] if row else None) or None


def _result(db: sqlite3.Connection, run_id: str, claim_id: str, position: int | None) -> tuple[int, ClaimResult] | None:
    row = db.execute(
        "SELECT position, result FROM results WHERE run_id = ?1 AND (?3 IS NULL OR position = ?3)"
        " AND json_extract(result, '$.id') = ?2 ORDER BY position LIMIT 1",
        (run_id, claim_id, position),
    ).fetchone()
    return None if row is None else (row["position"], ClaimResult.model_validate_json(row["result"]))


def _still_there(events: Sequence[Event], article: str) -> bool:
    """Whether a claim that a person added stands in the article of the run as it is now."""
    if not events or events[0].action != "add_claim":
        return False
    change = events[0].change
    return change.start is not None and article[change.start : change.end] == change.source_text
