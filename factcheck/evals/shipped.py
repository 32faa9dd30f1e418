"""The figures that ship with this version, for the app's page of quality: made from records of `factcheck eval`.

`benchmarks/quality_page.py` writes the file; what is in it is in benchmarks/RESULTS.md too, with the commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from factcheck.errors import FactcheckError
from factcheck.evals.intervals import Figure, wilson
from factcheck.evals.metrics import reliability_bins
from factcheck.evals.outcomes import Outcome
from factcheck.evals.pooling import pooled
from factcheck.evals.record import Record
from factcheck.types import Mode, Value

PATH = Path(__file__).resolve().parents[1] / "models" / "quality.json"

BINS = 10
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
MEASURES = ("accuracy", "macro_f1", "ece", "recall@1", "recall@5", "recall@10", "quotes_valid", "seconds_median")
BASELINES = ("majority", "lexical")
NUMERIC = "numbers_or_dates=yes"

Group = Literal["all", "unseen", "numeric"]
"""`unseen`: the sets of which no row was used to fit anything."""


class ShippedBin(Value):
    """Answers of about one confidence: how many, their mean confidence, the share that is right and its interval."""

    n: int
    confidence: float
    accuracy: float
    low: float
    high: float


class AtLeast(Value):
    """The answers that are at least so sure: how many, and the share that is right with its interval."""

    confidence: float
    n: int
    accuracy: float
    low: float
    high: float


class Measured(Value):
    """A set, or several as one, with what was measured on it."""

    name: str
    n: int
    evidence: Literal["given", "retrieved"]
    languages: tuple[str, ...] = ()
    fitted: bool = False
    """Whether rows of it were used to fit something, so that its figures flatter."""
    figures: Mapping[str, Figure]
    baselines: Mapping[str, Mapping[str, float]] = Field(default_factory=dict)
    """By baseline: accuracy, and of a single set macro-F1."""
    labels: Mapping[str, Figure] = Field(default_factory=dict)
    """The F1 of each label that the set has."""
    bins: tuple[ShippedBin, ...] = ()
    sure: tuple[AtLeast, ...] = ()


class Shipped(Value):
    """What was measured of this version."""

    schema_version: Literal["1"] = "1"
    version: str
    mode: Mode
    first: date
    last: date
    """The days of the runs."""
    models: Mapping[str, str]
    records: Mapping[str, str]
    """Set and evidence of each record to the digest of what was measured: another digest, another run."""
    groups: Mapping[Group, Measured]
    """Several sets as one, every row counting once; evidence given."""
    sets: tuple[Measured, ...]


def shipped(path: Path = PATH) -> Shipped:
    """The figures that ship.

    Raises:
        FactcheckError: the file is missing or damaged.
    """
    try:
        return Shipped.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise FactcheckError(
            f"The figures of this version cannot be read ({path.name}: {type(error).__name__})."
            " Install factcheck again."
        ) from error


def shipped_from(records: Sequence[Record], fitted: frozenset[str], digests: Mapping[str, str]) -> Shipped:
    """The figures of verdict records.

    Args:
        records: of one mode; each set at most once with each kind of evidence.
        fitted: names of the sets that something was fitted on.
        digests: of each record's file, by set and evidence.
    """
    given = [record for record in records if record.evidence == "given"]
    unseen = [record for record in given if record.dataset not in fitted]
    groups: dict[Group, Measured] = {"all": _group("all", given)}
    if unseen:
        groups["unseen"] = _group("unseen", unseen)
    if any(NUMERIC in outcome.slices for record in given for outcome in record.outcomes):
        groups["numeric"] = _group("numeric", given, numeric=True)
    return Shipped(
        version=records[0].version,
        mode=records[0].mode,
        first=min(record.started for record in records).date(),
        last=max(record.started for record in records).date(),
        models={name: model for record in records for name, model in record.models.items()},
        records=dict(sorted(digests.items())),
        groups=groups,
        sets=tuple(_one(record, record.dataset in fitted) for record in records),
    )


def _group(name: Group, records: Sequence[Record], *, numeric: bool = False) -> Measured:
    whole = pooled(records, name, (lambda outcome: NUMERIC in outcome.slices) if numeric else None)
    shares = {} if numeric else _shared(records)
    return _one(whole, fitted=False).model_copy(update={"baselines": shares, "labels": {}})


def _shared(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """The accuracy of baselines over all rows of several sets: each set's own baseline, every row counting once."""
    n = sum(record.scores.n for record in records)
    return {
        name: {"accuracy": sum(r.baselines[name].figures["accuracy"].value * r.scores.n for r in records) / n}
        for name in BASELINES
        if all(name in record.baselines for record in records)
    }


def _one(record: Record, fitted: bool) -> Measured:
    assert record.evidence is not None
    scores, sure = record.scores, [o for o in record.outcomes if o.confidence is not None]
    languages = {s.partition("=")[2] for o in record.outcomes for s in o.slices if s.startswith("language=")}
    return Measured(
        name=record.dataset.removeprefix("verdict_"),
        n=scores.n,
        evidence=record.evidence,
        languages=tuple(sorted(languages)),
        fitted=fitted,
        figures={name: _short(scores.figures[name]) for name in MEASURES if name in scores.figures},
        baselines={
            name: {key: round(figures[key].value, 4) for key in ("accuracy", "macro_f1") if key in figures}
            for name in BASELINES
            if name in record.baselines
            for figures in [record.baselines[name].figures]
        },
        labels={
            label: _short(each["f1"])
            for label, each in scores.per_label.items()
            if label in scores.confusion and "f1" in each
        },
        bins=_bins(sure),
        sure=tuple(_at_least(bound, sure) for bound in THRESHOLDS if any((o.confidence or 0) >= bound for o in sure)),
    )


def _short(figure: Figure) -> Figure:
    return Figure(value=round(figure.value, 4), low=round(figure.low, 4), high=round(figure.high, 4), n=figure.n)


def _bins(sure: Sequence[Outcome]) -> tuple[ShippedBin, ...]:
    if not sure:
        return ()
    found = reliability_bins(
        np.array([o.confidence for o in sure]), np.array([o.correct for o in sure], dtype=float), BINS
    )
    return tuple(
        ShippedBin(
            n=one.n,
            confidence=round(one.confidence, 4),
            accuracy=round(one.accuracy, 4),
            low=round(low, 4),
            high=round(high, 4),
        )
        for one in found
        for low, high in [wilson(one.accuracy, one.n)]
    )


def _at_least(bound: float, sure: Sequence[Outcome]) -> AtLeast:
    there = [o.correct for o in sure if (o.confidence or 0) >= bound]
    share = sum(there) / len(there)
    low, high = wilson(share, len(there))
    return AtLeast(confidence=bound, n=len(there), accuracy=round(share, 4), low=round(low, 4), high=round(high, 4))
