"""Several runs as one, so that a figure is had over all sets: each row counts once, so a large set weighs more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from factcheck.errors import InputError
from factcheck.evals.outcomes import Outcome
from factcheck.evals.record import Record
from factcheck.evals.scoring import score

Keep = Callable[[Outcome], bool]


def pooled(records: Sequence[Record], name: str, keep: Keep | None = None) -> Record:
    """A record over the rows of several, scored anew; ids and slices carry the name of their set.

    Args:
        records: of one task, one mode and one kind of evidence, each set once.
        name: what the whole is called.
        keep: which rows to take; all where it is left out.

    Raises:
        InputError: the records are not of one kind, or there is none.
    """
    kinds = {(r.task, r.mode, r.evidence) for r in records}
    if len(kinds) != 1:
        raise InputError(f"{len(records)} records of {len(kinds)} kinds cannot be pooled: take one task and evidence.")
    if len({r.dataset for r in records}) < len(records):
        raise InputError("A set is among the records twice. Pool one record of each.")
    rows = tuple(_named(r.dataset, o) for r in records for o in r.outcomes if keep is None or keep(o))
    first = records[0]
    return first.model_copy(
        update={
            "dataset": name,
            "digest": _digest(records),
            "corpus": None,
            "corpus_digest": None,
            "n": len(rows),
            "time_rule_lifted": any(r.time_rule_lifted for r in records),
            "started": min(r.started for r in records),
            "seconds": round(sum(r.seconds for r in records), 1),
            "scores": score(first.task, rows),
            "baselines": {},
            "failures": (),
            "notes": (f"Pooled: {', '.join(r.dataset for r in records)}.",),
            "outcomes": rows,
        }
    )


def _named(dataset: str, outcome: Outcome) -> Outcome:
    return outcome.model_copy(
        update={"id": f"{dataset}/{outcome.id}", "slices": (f"dataset={dataset}", *outcome.slices)}
    )


def _digest(records: Iterable[Record]) -> str:
    """One digest for all the files, whatever their order."""
    return hashlib.sha256("".join(sorted(r.digest for r in records)).encode()).hexdigest()
