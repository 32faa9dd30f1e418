"""Logs as lines of JSON: what happened, when, how long it took; never a secret, an article, a query or a run's id.

Of other packages' records only the unfilled template is kept, and of an exception its class and where it was raised:
messages of both may quote what a client sent.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from factcheck.redact import guard_logs

FRAMES = 12


def tell(log: logging.Logger, event: str, level: int = logging.INFO, **fields: Any) -> None:
    """Logs an event with its fields."""
    log.log(level, event, extra={"fields": fields})


def run_mark(run_id: str) -> str:
    """What a log calls a run: equal for equal ids, and no key to it."""
    return hashlib.sha256(run_id.encode("utf-8", "replace")).hexdigest()[:12]


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        if record.name.partition(".")[0] == "factcheck":
            line["event"] = record.getMessage()
            line |= fields if isinstance(fields, dict) else {}
        elif record.args and isinstance(record.msg, str):
            line["event"] = record.msg[:200]
        else:
            line["event"] = f"a message of {record.name}, line {record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def frames(trace: TracebackType | None) -> list[str]:
    """Where an exception was raised, the last twelve calls: file, line and function."""
    found = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in found]


def set_up(stream: TextIO | None = None) -> None:
    """Has every record of this process written as JSON lines, to stderr unless a stream is given."""
    guard_logs()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("factcheck").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.captureWarnings(True)
