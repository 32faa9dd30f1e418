"""Who watches a run, and is told when something changed about it."""

from __future__ import annotations

import threading
from collections.abc import Callable

Tell = Callable[[], None]


class Watchers:
    """Calls to make when something changes about a run. May be used by many threads."""

    def __init__(self) -> None:
        self._watchers: dict[str, list[Tell]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many runs somebody watches."""
        return len(self._watchers)

    def watch(self, run_id: str, tell: Tell) -> Tell:
        """Has `tell` called whenever something changed about a run, in the thread that changed it.

        Returns:
            What ends it.
        """
        with self._lock:
            self._watchers.setdefault(run_id, []).append(tell)

        def end() -> None:
            with self._lock:
                left = [one for one in self._watchers.get(run_id, ()) if one is not tell]
                if left:
                    self._watchers[run_id] = left
                else:
                    self._watchers.pop(run_id, None)

        return end

    def tell(self, run_id: str) -> None:
        """Tells those who watch a run."""
        with self._lock:
            watchers = list(self._watchers.get(run_id, ()))
        for tell in watchers:
            tell()
