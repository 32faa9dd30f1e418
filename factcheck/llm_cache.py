"""Answers of a language model, kept by exact match in one SQLite file, so that the same question is paid
for once.

Only hashes of the questions are stored, never a prompt or a key. The cache is a convenience: whatever is
wrong with its file, the run goes on without it. Imports LangChain; `factcheck.llm` loads it when a model is
first used.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.caches import BaseCache
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, Generation

_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, created TEXT NOT NULL, reply TEXT NOT NULL)"
_T = TypeVar("_T")


class ReplyCache(BaseCache):
    """LangChain's cache interface over `path`; safe between threads and processes (a connection for each
    access).

    A damaged file is renamed to `NAME.damaged-TIME` and a new one begun; one that cannot be read or written
    is left alone. Both are told to `note` in a sentence, the latter once.
    """

    def __init__(self, path: Path, note: Callable[[str], None]) -> None:
        self.path = path
        self._note = note
        self._silent = False

    def lookup(self, prompt: str, llm_string: str) -> Sequence[Generation] | None:
        """The answer to exactly this question from exactly this model and settings, or None."""
        row = self._with_database(
            lambda db: db.execute("SELECT reply FROM replies WHERE key = ?", [_key(prompt, llm_string)]).fetchone()
        )
        if row is None:
            return None
        try:
            reply = json.loads(row[0])
            return [ChatGeneration(message=AIMessage(content=reply["content"], usage_metadata=reply["usage"]))]
        except (ValueError, KeyError, TypeError):
            return None

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        """Keeps the first of `return_val` as the answer, in place of one that was there."""
        message = getattr(return_val[0], "message", None)
        usage = message.usage_metadata if isinstance(message, AIMessage) else None
        reply = json.dumps({"content": return_val[0].text, "usage": usage}, ensure_ascii=False)
        row = [_key(prompt, llm_string), datetime.now(UTC).isoformat(timespec="seconds"), reply]
        self._with_database(lambda db: db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", row))

    def clear(self, **kwargs: Any) -> None:
        """Forgets every answer."""
        self._with_database(lambda db: db.execute("DELETE FROM replies"))

    def _with_database(self, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
        try:
            try:
                return self._attempt(work)
            except sqlite3.OperationalError:
                raise  # locked, full or not writable: the file itself may be sound
            except sqlite3.DatabaseError as error:
                self._set_aside(error)
                return self._attempt(work)
        except (sqlite3.Error, OSError) as error:
            if not self._silent:
                self._silent = True
                self._note(
                    f"Answers of the language model are not kept: the cache {self.path} cannot be used ({error})."
                )
            return None

    def _attempt(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
            db.execute(_TABLE)
            return work(db)

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self.path.with_name(f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        self.path.replace(aside)
        self._note(
            f"The cache of the language model's answers was damaged ({error}); it is set aside as {aside}, which"
            f" can be deleted, and a new one begun."
        )


def _key(prompt: str, llm_string: str) -> str:
    return hashlib.sha256(f"{llm_string}\x1f{prompt}".encode("utf-8", "surrogatepass")).hexdigest()
