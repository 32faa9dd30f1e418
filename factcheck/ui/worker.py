"""The background checks of the app, under the name that its pages know."""

from factcheck.workshop import INTERNAL, Place, RunView, Step, Workshop

__all__ = ["INTERNAL", "Place", "RunView", "Step", "Workshop"]
