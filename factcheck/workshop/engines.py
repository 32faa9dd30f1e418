"""Engines by their settings, built once and kept where they may be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from factcheck.settings import Settings

if TYPE_CHECKING:
    from factcheck.engine import Engine

Note = Callable[[str], None]
BuildEngine = Callable[[Settings, Note | None], "Engine"]


def without_a_key(settings: Settings) -> bool:
    """Whether an engine needs no language model: a key that a visitor typed lives no longer than its run."""
    return settings.mode == "offline"


class Engines:
    """Makes engines, one at a time. May be used by many threads."""

    def __init__(self, build: BuildEngine, keep: Callable[[Settings], bool] = without_a_key) -> None:
        """Takes what makes an engine of settings, and what says whether one of such settings is kept."""
        self._build, self._keep = build, keep
        self._engines: dict[Settings, Engine] = {}
        self._building = threading.Lock()

    def get(self, settings: Settings, note: Note | None = None) -> Engine:
        """The engine of those settings, built if there is none that was kept.

        Raises:
            FactcheckError: it cannot be built.
        """
        kept = self._kept(settings)
        if kept is not None:
            return kept
        with self._building:
            engine = self._kept(settings) or self._build(settings, note)
            if self._keep(settings):
                self._engines[settings] = engine
            return engine

    def _kept(self, settings: Settings) -> Engine | None:
        from factcheck.engine import corpus_place

        engine = self._engines.get(settings)
        # Where a corpus of one's own was made since, the engine over the demo corpus is no longer the one.
        return engine if engine is not None and engine.corpus.directory == corpus_place(settings) else None

    def clear(self) -> None:
        """Forgets every engine; runs that use one go on with it."""
        self._engines.clear()
