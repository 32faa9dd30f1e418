"""A lock whose holders say whether they will be short; short ones do not wait for long ones that have not begun."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

OVERTAKING = 8
"""Short turns in a row that a waiting long one lets pass: so many searches at once do not keep a check from its own."""


class Turns:
    """One holder at a time. Work that takes long takes many turns, and between two of them lets short work go first.

    A plain lock is often taken again by the thread that just gave it back, however long others have waited.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held = False
        self._waiting = {True: 0, False: 0}
        self._passed = 0

    @contextmanager
    def taken(self, *, short: bool) -> Iterator[None]:
        """Holds the turn; long work waits while short work does, for `OVERTAKING` turns at most."""
        with self._changed:
            self._waiting[short] += 1
            try:
                self._changed.wait_for(lambda: not self._held and self._may(short))
                self._held = True
            finally:
                self._waiting[short] -= 1
            self._passed = self._passed + 1 if short and self._waiting[False] else 0
        try:
            yield
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()

    def _may(self, short: bool) -> bool:
        owed = self._passed >= OVERTAKING and self._waiting[False] > 0
        return not owed if short else owed or not self._waiting[True]
