"""What `retrieval` measures, as values, written to one JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from factcheck.evals.intervals import Difference, Figure
from factcheck.types import Value


class SystemRecord(Value):
    """A system's measures, and the milliseconds of a warm query, embedding apart."""

    figures: Mapping[str, Figure]
    p50_ms: float
    p95_ms: float


class Gain(Value):
    """What one system has over another on the same rows."""

    system: str
    over: str
    difference: Difference


class SetRecord(Value):
    """All systems on one set. `gains` are ours over the best other, for each measure, and reranked over ours."""

    name: str
    corpus: str
    documents: int
    passages: int
    n: int
    left_out: int
    between_languages: bool
    systems: Mapping[str, SystemRecord]
    gains: Mapping[str, tuple[Gain, ...]]


class WeightRecord(Value):
    """The weight of the lexical score that is best on other sets, and the measures at it on this one.

    `curve` has each measure at every weight of the grid.
    """

    name: str
    n: int
    weight: float
    fitted_on: tuple[str, ...]
    out_of_fold: Mapping[str, Figure]
    shipped: float
    at_shipped: Mapping[str, Figure]
    own_best: float
    curve: Mapping[str, tuple[float, ...]]


class Bench(Value):
    """One run: what was run, and every figure."""

    command: str
    started: datetime
    version: str
    embedding: str
    plain: str
    lexical_weights: Mapping[str, float]
    sets: tuple[SetRecord, ...] = ()
    weights: tuple[WeightRecord, ...] = ()
