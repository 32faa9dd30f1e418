"""Whether the process that began a run is still at work on it."""

from __future__ import annotations

import os
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

RunStatus = Literal["running", "done", "failed", "interrupted"]

SILENT_ELSEWHERE = timedelta(minutes=30)
"""A run of another host that stored nothing for so long is taken for interrupted."""


def moment() -> str:
    """The time now, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def here() -> tuple[str, int, str | None]:
    """This process: host, id, and when it began by the kernel's count."""
    return socket.gethostname(), os.getpid(), _began(os.getpid())


def mine(row: sqlite3.Row) -> bool:
    """Whether this process is at work on a run."""
    return row["status"] == "running" and (row["host"], row["pid"], row["process"]) == here()


def status_of(row: sqlite3.Row) -> RunStatus:
    """How a run is; one whose process is gone is `interrupted`. On another host only its silence tells."""
    status: RunStatus = row["status"]
    return "interrupted" if status == "running" and not _alive(row) else status


def _alive(row: sqlite3.Row) -> bool:
    if row["host"] != socket.gethostname():
        touched = datetime.fromisoformat(row["touched"] or row["created"])
        return datetime.now(UTC) - touched < SILENT_ELSEWHERE
    try:
        os.kill(row["pid"], 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    began = _began(row["pid"])
    return began is None or row["process"] is None or began == row["process"]


def _began(pid: int) -> str | None:
    """When a process began; None where the system does not tell. Process ids are used again, these are not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
