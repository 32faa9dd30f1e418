"""Two runs on the same rows held against each other."""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.errors import InputError
from factcheck.evals.intervals import Difference, mcnemar, paired
from factcheck.evals.outcomes import TASK_LABELS
from factcheck.evals.record import Record
from factcheck.evals.rows import Task
from factcheck.evals.scoring import measures
from factcheck.types import Value

_BUILD = ("mode", "evidence", "time_rule_lifted", "corpus_digest", "version", "commit")
_TABLES = ("models", "prompts", "settings")


class Comparison(Value):
    """What a second run (`b`) has over a first (`a`) on the same rows."""

    dataset: str
    task: Task
    n: int
    differences: Mapping[str, Difference]
    """Measure to difference. The p value is McNemar's exact one for accuracy and hit@1, else of random swaps."""
    both: int
    only_a: int
    only_b: int
    neither: int
    """Rows that both, one or none got right."""
    settings: tuple[str, ...]
    """In what the runs differ, a line each: `evidence: given, retrieved`."""


def compare_records(a: Record, b: Record) -> Comparison:
    """The second run against the first, each difference with a paired interval and a p value.

    The p values are of single tests; of twenty measures one falls below .05 by chance.

    Raises:
        InputError: the runs are of different tasks, sets or rows.
    """
    if a.task != b.task:
        raise InputError(f"The first record is of the task {a.task}, the second of {b.task}. Compare runs of one task.")
    if a.digest != b.digest:
        raise InputError(
            f"The records are of different sets: {a.dataset} ({a.digest[:12]}) and {b.dataset} ({b.digest[:12]}). "
            "Run both systems on the same file."
        )
    first, by_id = a.outcomes, {o.id: o for o in b.outcomes}
    if by_id.keys() != {o.id for o in first}:
        shared = len(by_id.keys() & {o.id for o in first})
        raise InputError(
            f"The records share {shared} rows of {len(first)} and {len(by_id)}. Run both systems on the same rows."
        )
    second = tuple(by_id[o.id] for o in first)
    of_a, of_b, of_both = (measures(a.task, rows) for rows in (first, second, first + second))
    found = {name: paired(of_a[name].of, of_b[name].of, of_both[name].of, len(first)) for name in of_a if name in of_b}
    differences = {name: each for name, each in found.items() if each is not None}
    right = [(one.correct, other.correct) for one, other in zip(first, second, strict=True)]
    only_a, only_b = right.count((True, False)), right.count((False, True))
    counted = "accuracy" if a.task in TASK_LABELS else "hit@1"
    if counted in differences:
        differences[counted] = differences[counted].model_copy(update={"p": mcnemar(only_a, only_b)})
    return Comparison(
        dataset=a.dataset,
        task=a.task,
        n=len(first),
        differences=differences,
        both=right.count((True, True)),
        only_a=only_a,
        only_b=only_b,
        neither=right.count((False, False)),
        settings=_settings(a, b),
    )


def _settings(a: Record, b: Record) -> tuple[str, ...]:
    pairs = [(name, getattr(a, name), getattr(b, name)) for name in _BUILD]
    for table in _TABLES:
        one, other = getattr(a, table), getattr(b, table)
        pairs += [(f"{table}.{key}", one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())]
    return tuple(f"{name}: {one}, {other}" for name, one, other in pairs if one != other)
