"""Verdicts that people signed off, on their way to where claims checked before are kept.

The desk does not open a corpus: what it signs off waits in the store until a check opens the corpus anyway.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from factcheck.store.runs import RunStore

if TYPE_CHECKING:
    from factcheck.index import Corpus
    from factcheck.vectors import Metadata


def wait_to_lay(
    db: sqlite3.Connection,
    run_id: str,
    claim_id: str,
    corpus: str | None,
    decided: Mapping[str, Metadata],
    withdrawn: Iterable[str],
) -> None:
    """Has a claim's verdict laid beside a corpus, or taken away, in place of what waits for that claim already.

    Args:
        db: a connection in a transaction.
        run_id: the run.
        claim_id: the claim.
        corpus: the name of the corpus that it was checked against; None is any.
        decided: the entry by its key; none if the verdict no longer holds.
        withdrawn: keys of all earlier entries of the claim.
    """
    entry = json.dumps({"decided": dict(decided), "withdrawn": sorted(withdrawn)})
    db.execute("DELETE FROM to_lay WHERE run_id = ? AND claim_id = ?", (run_id, claim_id))
    db.execute(
        "INSERT INTO to_lay (run_id, claim_id, corpus, kept) VALUES (?, ?, ?, ?)", (run_id, claim_id, corpus, entry)
    )


def lay_decisions(store: RunStore, corpus: Corpus) -> int:
    """Lays what waits for a corpus beside it, and returns of how many claims.

    Raises:
        CorpusError: the corpus cannot be written to; all of it goes on waiting.
    """
    rows = store.connection().execute(
        "SELECT id, kept FROM to_lay WHERE corpus IS NULL OR corpus = ? ORDER BY id", (corpus.name,)
    ).fetchall()  # fmt: skip
    if not rows:
        return 0
    entries = [json.loads(row["kept"]) for row in rows]
    corpus.remember_decisions(
        {key: kept for entry in entries for key, kept in entry["decided"].items()},
        {key for entry in entries for key in entry["withdrawn"]},
    )
    with store.transaction() as db:  # by number: a newer verdict that came meanwhile has another
        db.executemany("DELETE FROM to_lay WHERE id = ?", [(row["id"],) for row in rows])
    return len(rows)
