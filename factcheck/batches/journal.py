"""The rows of a batch as they are finished: a file that only grows, and where in it each claim's row is.

Every row is written whole and handed to the operating system before the next claim is begun with, so that a killed
process loses none; a last line that was cut off is taken away when the file is opened again. The index beside it holds
no row, only places; it is made anew from the rows each time and means nothing afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from factcheck.errors import InputError
from factcheck.types import Usage

Row = dict[str, Any]

SYNC_SECONDS = 1.0
"""How often at most rows are forced to the disk, for a machine that loses power: a killed process needs none of it."""


class Totals:
    """What all rows together came to."""

    def __init__(self) -> None:
        self.rows = self.checked = self.failed = self.duplicates = self.paid = 0
        self.usage = Usage()

    def count(self, row: Mapping[str, Any]) -> None:
        """Counts one row; what a duplicate cost was counted with the row that it repeats."""
        self.rows += 1
        self.checked += row["status"] == "checked"
        self.failed += row["status"] == "not_checked"
        self.duplicates += "duplicate_of" in row
        usages = [Usage.model_validate(row[name]) for name in ("usage", "extraction_usage") if row.get(name)]
        self.paid += any(usage.cost_usd for usage in usages)
        self.usage = sum(usages, start=self.usage)


class Journal:
    """The rows that are finished. Close it.

    Args:
        path: the file; what it holds already is gone through.
        place_of: the position of a row's item in the input; None for one that the input does not have any more, whose
            rows are left out.
    """

    def __init__(self, path: Path, place_of: Callable[[Mapping[str, Any]], int | None]) -> None:
        self.path = path
        self.totals = Totals()
        self._synced = time.monotonic()
        self._index = path.with_name(path.name + ".index")
        self._index.unlink(missing_ok=True)
        self._db = sqlite3.connect(self._index, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE rows (place INTEGER, start INTEGER, bytes INTEGER, key TEXT);"
            "CREATE INDEX by_key ON rows (key, place); CREATE INDEX by_place ON rows (place);"
        )
        self._file = path.open("a+b")
        self._end = 0
        self._last = -1
        self.sorted = True
        """Whether the rows stand in the order of the input."""
        try:
            self._read(place_of)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file, which stays, and takes the index away."""
        if not self._file.closed:
            self._file.close()
            self._db.close()
            self._index.unlink(missing_ok=True)

    def has(self, place: int) -> bool:
        """Whether the item at that place of the input is finished."""
        return self._db.execute("SELECT 1 FROM rows WHERE place = ? LIMIT 1", (place,)).fetchone() is not None

    def first(self, key: str) -> tuple[int, Row] | None:
        """The place and the row of the first claim of that key, if it is finished."""
        found = self._db.execute(
            "SELECT place, start, bytes FROM rows WHERE key = ? ORDER BY place LIMIT 1", (key,)
        ).fetchone()
        return None if found is None else (int(found[0]), json.loads(self._at(found[1], found[2])))

    def add(self, rows: Iterable[tuple[int, Row]]) -> None:
        """Writes the rows of some items, all of them in one go."""
        made = [(place, row, (json.dumps(row, ensure_ascii=False) + "\n").encode()) for place, row in rows]
        self._file.write(b"".join(line for _, _, line in made))
        self._file.flush()
        if time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()
        for place, row, line in made:
            self._note(place, row, len(line))

    def deliver(self, output: Path, ordered: bool) -> None:
        """Makes the file the output, in the order of the input or in that in which the rows were finished."""
        os.fsync(self._file.fileno())
        if ordered and not self.sorted:
            aside = output.with_name(output.name + ".sorting")
            with aside.open("wb") as out:
                for start, size in self._db.execute("SELECT start, bytes FROM rows ORDER BY place, start"):
                    out.write(self._at(start, size))
                out.flush()
                os.fsync(out.fileno())
            aside.replace(output)
            self.path.unlink()
        else:
            self.path.replace(output)

    def _at(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        return self._file.read(size)

    def _note(self, place: int, row: Mapping[str, Any], size: int) -> None:
        key = row.get("key") if row["status"] == "checked" and "article" not in row else None
        self._db.execute("INSERT INTO rows VALUES (?, ?, ?, ?)", (place, self._end, size, key))
        self.sorted = self.sorted and place >= self._last
        self._last, self._end = place, self._end + size
        self.totals.count(row)

    def _read(self, place_of: Callable[[Mapping[str, Any]], int | None]) -> None:
        whole = self._whole()
        self._file.seek(0)
        self._db.execute("BEGIN")
        for line in iter(self._file.readline, b""):
            if self._end >= whole:
                break
            row = json.loads(line)
            place = place_of(row)
            if place is None:
                self._end += len(line)
                self.sorted = False  # so that it is copied without this row
            else:
                self._note(place, row, len(line))
        self._db.execute("COMMIT")
        self._file.truncate(whole)

    def _whole(self) -> int:
        """Where the last complete item ends: a line that was cut off, or an article some of whose rows are missing."""
        self._file.seek(0)
        end = kept = 0
        for number, line in enumerate(iter(self._file.readline, b""), start=1):
            row = _row_of(line)
            if row is None:
                if line.endswith(b"\n"):
                    raise InputError(
                        f"{self.path}:{number}: this is not a row of a batch. Delete the file to begin anew."
                    )
                break
            end += len(line)
            if row.get("claim", 1) == row.get("claims", 1):
                kept = end
        return kept


def _row_of(line: bytes) -> Row | None:
    try:
        row = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return row if isinstance(row, dict) and "status" in row else None


def carried_over(before: Path, part: Path, again: Callable[[Row], bool] | None) -> None:
    """Makes the rows of an earlier run the beginning of this one's.

    Args:
        before: the rows of the earlier run, finished or not; it stays as it is where it is another file than `part`.
        part: the journal of this run.
        again: says which rows are not taken over, since their claims are to be checked again; None takes all. An
            article is checked again as a whole.
    """
    if before == part and again is None:
        return
    aside = part.with_name(part.name + ".new")
    if again is None:
        shutil.copyfile(before, aside)
    else:
        articles = {row["article"] for row in rows_of(before) if "article" in row and again(row)}
        with aside.open("w", encoding="utf-8") as out:
            for row in rows_of(before):
                if not again(row) and row.get("article") not in articles:
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    aside.replace(part)


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a file, but for a last one that was cut off."""
    with path.open("rb") as lines:
        for line in lines:
            row = _row_of(line)
            if row is not None:
                yield row
