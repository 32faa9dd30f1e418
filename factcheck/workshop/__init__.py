"""Checks in the background, for the app and for the service."""

from factcheck.workshop.engines import BuildEngine, Engines, Note
from factcheck.workshop.priority import step_back
from factcheck.workshop.values import INTERNAL, Ended, Load, Observer, Place, RunView, Step
from factcheck.workshop.watching import Watchers
from factcheck.workshop.work import Workshop

__all__ = [
    "INTERNAL",
    "BuildEngine",
    "Ended",
    "Engines",
    "Load",
    "Note",
    "Observer",
    "Place",
    "RunView",
    "Step",
    "Watchers",
    "Workshop",
    "step_back",
]
