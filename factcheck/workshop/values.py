"""Where a run is, how much there is to do, and what is told of what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from factcheck.store import RunStatus, StoredRun
from factcheck.types import ClaimResult

Step = Literal["waiting", "loading", "extracting", "checking", "finishing"]

INTERNAL = "internal:"
"""Begins the stored reason of a run that an error of ours stopped; the error's class follows."""


@dataclass(frozen=True)
class Place:
    """Where a run of this process is: the step, and how many of how many claims are finished."""

    step: Step = "waiting"
    done: int = 0
    total: int = 0
    note: str = ""
    """What the engine says while it loads."""


class RunView(NamedTuple):
    """A run for the screen: what the store has of it, and its place while this process is working on it."""

    run: StoredRun
    place: Place | None


class Ended(NamedTuple):
    """That a run of this process came to an end."""

    run_id: str
    status: RunStatus
    seconds: float
    """From when a thread took it up."""
    why: str = ""
    """The class of the error that it failed of; the sentence is in the store."""


class Load(NamedTuple):
    """How much a workshop has to do."""

    waiting: int
    running: int


Observer = Callable[[ClaimResult | Ended], None]
