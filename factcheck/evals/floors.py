"""Floors under the figures of evaluation runs: pinned, checked, raised, and lowered only with a reason.

A floor is the measured value less one bootstrap standard error of it over the set's rows (for an error measure: plus
one). The offline system is deterministic, so the margin is room for another processor or library, and for changes that
help elsewhere. Quotes in their source and spans in the article have no margin: every one must hold.

The idea is that of trafilatura's evaluation gate.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import AwareDatetime, Field

from factcheck.errors import InputError
from factcheck.evals.intervals import Figure
from factcheck.evals.record import Record
from factcheck.evals.rows import EvidenceSource, Task
from factcheck.types import Mode, Value

ALL_SETS = "all verdict sets"

PINNED: Mapping[Task, tuple[str, ...]] = {
    "verdict": ("accuracy", "macro_f1", "quotes_valid", "citation_precision", "recall@1", "recall@5", "mrr@10"),
    "match": ("hit@1", "recall@5", "mrr@10"),
    "extract": ("recall", "f1", "spans_hold"),
    "checkworthy": ("average_precision",),
}
PINNED_POOLED = (*PINNED["verdict"], "ece", "brier")

FALLING_IS_BETTER = frozenset({"ece", "brier"})
NO_MARGIN = frozenset({"quotes_valid", "spans_hold"})

_STANDARD_ERRORS = 2 * 1.96
"""How many the width of a 95 % interval has."""

Key = tuple[str, Mode, EvidenceSource | None]


class Pin(Value):
    """A figure as it was measured, and how low (of an error measure: how high) it may come out."""

    value: float
    error: float
    """Standard error over the rows."""
    floor: float
    n: int


class Floor(Value):
    """The pinned figures of one run, and what they were measured on and with."""

    dataset: str
    digest: str
    corpus_digest: str | None = None
    task: Task
    mode: Mode
    evidence: EvidenceSource | None = None
    n: int
    models: Mapping[str, str] = Field(default_factory=dict)
    commit: str | None = None
    measured: AwareDatetime
    figures: Mapping[str, Pin]

    @property
    def key(self) -> Key:
        """What tells it from the other runs."""
        return self.dataset, self.mode, self.evidence


class Lowered(Value):
    """A floor that was lowered or taken out, and why."""

    day: date
    what: str
    reason: str


class Floors(Value):
    """The file of floors (schema version 1)."""

    schema_version: Literal["1"] = "1"
    floors: tuple[Floor, ...] = ()
    history: tuple[Lowered, ...] = ()


class Breach(NamedTuple):
    """A figure that came out worse than its floor; `value` is None where it could not be measured any more."""

    key: Key
    name: str
    value: float | None
    pin: Pin

    def __str__(self) -> str:
        came_out = "could not be measured" if self.value is None else f"is {self.value:.4f}"
        side = "above its ceiling" if self.name in FALLING_IS_BETTER else "below its floor"
        return f"{called(self.key)}: {self.name} {came_out}, {side} of {self.pin.floor:.4f}."


def pin(name: str, figure: Figure) -> Pin:
    """The floor under a figure: one standard error below it, taken as the width of its 95 % interval over 3.92."""
    error = 0.0 if name in NO_MARGIN else (figure.high - figure.low) / _STANDARD_ERRORS
    value = 1.0 if name in NO_MARGIN else figure.value
    edge = value + error if name in FALLING_IS_BETTER else value - error
    return Pin(value=round(value, 4), error=round(error, 4), floor=round(edge, 4), n=figure.n)


def check(floors: Floors, records: Sequence[Record]) -> tuple[Breach, ...]:
    """Every figure that is worse than its floor.

    Raises:
        InputError: a record has no floor or a floor no record, or they are of other rows than each other.
    """
    by_key = {floor.key: floor for floor in floors.floors}
    keys = {key_of(record) for record in records}
    if strange := sorted(called(key) for key in keys ^ by_key.keys()):
        raise InputError(
            f"Floors and runs are not of the same sets: {', '.join(strange)} is in only one of the two."
            " Measure all sets, or pin the new ones with --update."
        )
    found = []
    for record in records:
        floor = by_key[key_of(record)]
        _same_rows(floor, record)
        for name, pinned in floor.figures.items():
            figure = record.scores.figures.get(name)
            if figure is None or _worse(name, figure.value, pinned.floor):
                found.append(Breach(floor.key, name, figure.value if figure else None, pinned))
    return tuple(found)


def update(floors: Floors, records: Sequence[Record], reason: str | None = None, day: date | None = None) -> Floors:
    """Floors at what was measured now.

    Args:
        floors: as they are.
        records: the runs to pin, all of them.
        reason: why floors may sink or go; it is kept in the history, with each of them.
        day: that the history names; today where it is left out.

    Raises:
        InputError: a floor would sink, go or change its rows, and there is no reason.
    """
    made = tuple(_floor(record) for record in records)
    sunk = tuple(_sunk(floors, made))
    if sunk and not (reason and reason.strip()):
        raise InputError(
            f"These floors would be lowered: {'; '.join(sunk)}. Mend what made them fall, or give --lower REASON."
        )
    day = day or datetime.now(UTC).date()
    lowered = tuple(Lowered(day=day, what=what, reason=(reason or "").strip()) for what in sunk)
    return Floors(floors=made, history=(*floors.history, *lowered))


def read_floors(path: Path) -> Floors:
    """The floors of a file.

    Raises:
        InputError: there is none, it is no file of floors, or it was changed by hand since `write_floors` wrote it.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        floors = Floors.model_validate({key: value for key, value in stored.items() if key != "seal"})
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}. Make it with --update.") from error
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path} is no file of floors. Restore it, or make it anew with --update.") from error
    if stored.get("seal") != _seal(floors):
        raise InputError(
            f"{path} was changed by hand since it was written. Restore it; floors change by --update only,"
            " and sink with --lower REASON."
        )
    return floors


def write_floors(floors: Floors, path: Path) -> None:
    """Writes floors with a seal over them, so that a floor lowered by hand is seen."""
    stored = {**floors.model_dump(mode="json"), "seal": _seal(floors)}
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def key_of(record: Record) -> Key:
    """What tells a run from the others."""
    return record.dataset, record.mode, record.evidence


def called(key: Key) -> str:
    """A run in words, `verdict_fm2 (offline, given)`."""
    dataset, mode, evidence = key
    return f"{dataset} ({', '.join(filter(None, (mode, evidence)))})"


def _floor(record: Record) -> Floor:
    names = PINNED_POOLED if record.dataset == ALL_SETS else PINNED[record.task]
    return Floor(
        dataset=record.dataset,
        digest=record.digest,
        corpus_digest=record.corpus_digest,
        task=record.task,
        mode=record.mode,
        evidence=record.evidence,
        n=record.n,
        models=record.models,
        commit=record.commit,
        measured=record.started,
        figures={name: pin(name, record.scores.figures[name]) for name in names if name in record.scores.figures},
    )


def _same_rows(floor: Floor, record: Record) -> None:
    here, there = (record.digest, record.corpus_digest, record.n), (floor.digest, floor.corpus_digest, floor.n)
    if here != there:
        raise InputError(
            f"{called(floor.key)} is not what its floor was measured on: {record.n} rows of {record.digest[:12]}"
            f" with the corpus {(record.corpus_digest or 'none')[:12]}, then {floor.n} of {floor.digest[:12]} with"
            f' {(floor.corpus_digest or "none")[:12]}. Restore the files, or pin anew with --update --lower "new data".'
        )


def _sunk(floors: Floors, made: Iterable[Floor]) -> Iterator[str]:
    new = {floor.key: floor for floor in made}
    for old in floors.floors:
        name = called(old.key)
        if old.key not in new:
            yield f"{name} is gone"
            continue
        now = new[old.key]
        if (now.digest, now.corpus_digest, now.n) != (old.digest, old.corpus_digest, old.n):
            yield f"{name} has other rows"
        for figure, was in old.figures.items():
            if figure not in now.figures:
                yield f"{name}: {figure} is gone"
            elif _worse(figure, now.figures[figure].floor, was.floor):
                yield f"{name}: {figure} {was.floor:.4f} to {now.figures[figure].floor:.4f}"


def _worse(name: str, value: float, edge: float) -> bool:
    return value > edge + 1e-9 if name in FALLING_IS_BETTER else value < edge - 1e-9


def _seal(floors: Floors) -> str:
    canonical = json.dumps(floors.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
