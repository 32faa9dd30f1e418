"""One row of the desk's queue: what a list of claims needs, kept true beside the results and the log."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from factcheck.types import ClaimResult


class DeskRow(NamedTuple):
    """A claim in the table `desk`; the fields are its columns."""

    run_id: str
    claim_id: str
    position: int
    created: str
    updated: str
    state: str
    label: str
    machine_label: str
    confidence: float | None
    language: str | None
    decided_by: str | None
    decided_at: str | None
    signed_by: str | None
    dropped: bool
    added: bool
    kept: bool | None
    """Whether the last decision kept the machine's verdict of then; None where there is nothing to compare."""
    version: int
    stale: bool
    """Whether events are to be laid over the machine's new result before the row is read."""
    back_because: str | None
    speaker: str | None
    article: str
    text: str
    words: str
    """Claim, speaker and title, folded for searching."""


_COLUMNS = ", ".join(DeskRow._fields)
_PUT = f"INSERT OR REPLACE INTO desk ({_COLUMNS}) VALUES ({', '.join('?' * len(DeskRow._fields))})"


def machine_row(
    run_id: str, position: int, article: str, created: str, result: ClaimResult, *, stale: bool = False
) -> DeskRow:
    """The row of a claim that nobody has worked on."""
    label = result.label or "not_checked"
    return DeskRow(
        run_id=run_id,
        claim_id=result.id,
        position=position,
        created=created,
        updated=created,
        state="machine_checked",
        label=label,
        machine_label=label,
        confidence=result.confidence,
        language=result.language,
        decided_by=None,
        decided_at=None,
        signed_by=None,
        dropped=False,
        added=False,
        kept=None,
        version=0,
        stale=stale,
        back_because=None,
        speaker=result.speaker,
        article=article,
        text=result.text,
        words=folded(result.text, result.speaker, article),
    )


def folded(*texts: str | None) -> str:
    """Texts as they are searched: one, without regard to case."""
    return "\n".join(text.casefold() for text in texts if text)


def put_row(db: sqlite3.Connection, row: DeskRow) -> None:
    """Writes a row, over that of the same claim."""
    db.execute(_PUT, row)
