"""The scores of a run from its outcomes, every figure with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from pydantic import Field

from factcheck.evals import metrics
from factcheck.evals.intervals import Figure, Measure, Measured, figures
from factcheck.evals.metrics import Array
from factcheck.evals.outcomes import TASK_LABELS, Outcome
from factcheck.evals.rows import Task
from factcheck.types import Value

_NO_SHARE = ("brier", "claims_per_row", "f1")
"""Measures summed over rows that are neither a share nor a mean of values in [0, 1]."""

ERRORS = (0.05, 0.10)
"""The error rates at which coverage is given."""


class Scores(Value):
    """What a run measured. A measure that cannot be taken of it (no probabilities, nothing retrieved) is absent."""

    task: Task
    n: int
    """Rows with gold."""
    not_checked: int
    """Of them those that the system gave no answer to; they are wrong in every measure of labels."""
    figures: Mapping[str, Figure]
    per_label: Mapping[str, Mapping[str, Figure]] = Field(default_factory=dict)
    """Label to `precision`, `recall` and `f1`."""
    confusion: Mapping[str, Mapping[str, int]] = Field(default_factory=dict)
    """Gold label to predicted label (or `not_checked`) to rows."""
    slices: Mapping[str, Mapping[str, Figure]] = Field(default_factory=dict)
    """Slice (`negated=yes`) to the task's main measures on its rows."""


def score(task: Task, outcomes: Sequence[Outcome]) -> Scores:
    """All scores of a run.

    verdict: accuracy, macro_f1, balanced_accuracy, ece, brier, aurc, coverage_at_5_error, coverage_at_10_error,
    quotes_valid, citation_precision, recall@{1,5,10,20}, ndcg@10, mrr@10. match: hit@{1,5}, recall@k, mrr@10, ndcg@10.
    extract: recall, precision, f1, the same `_first_5`, spans_hold, claims_per_row. checkworthy: average_precision and
    its random baseline prevalence, accuracy, balanced_accuracy, macro_f1, and `per_label["checkworthy"]`. All:
    seconds_median, seconds_p90, tokens_median, tokens_p90 where any were spent.
    """
    return Scores(
        task=task,
        n=len(outcomes),
        not_checked=sum(o.status == "not_checked" for o in outcomes),
        figures=figures(measures(task, outcomes), len(outcomes)),
        per_label=_per_label(task, outcomes),
        confusion=_confusion(outcomes) if task in TASK_LABELS else {},
        slices=_slices(task, outcomes),
    )


def measures(task: Task, outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """The measures that can be taken of some outcomes, each a function of the rows' weights."""
    return {
        **(_label_measures(task, outcomes) if task in TASK_LABELS else {}),
        **(_confidence_measures(outcomes) if task == "verdict" else {}),
        **(_ranking_measures(outcomes) if task == "checkworthy" else {}),
        **_share_measures(outcomes),
        **_cost_measures(outcomes),
    }


def main_measures(task: Task) -> tuple[str, ...]:
    """The measures of a task that a slice has and a comparison leads with."""
    return {
        "verdict": ("accuracy", "macro_f1"),
        "match": ("hit@1", "recall@5", "mrr@10"),
        "extract": ("recall", "precision", "f1"),
        "checkworthy": ("average_precision", "accuracy", "macro_f1"),
    }[task]


def _codes(task: Task, outcomes: Sequence[Outcome]) -> tuple[metrics.Codes, metrics.Codes, tuple[str, ...]]:
    labels = TASK_LABELS[task]
    places = {label: place for place, label in enumerate(labels)}
    gold = [places[o.gold or ""] for o in outcomes]
    predicted = [places[o.predicted] if o.predicted else metrics.NO_LABEL for o in outcomes]
    return np.array(gold, dtype=np.int64), np.array(predicted, dtype=np.int64), labels


def _label_measures(task: Task, outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    gold, predicted, labels = _codes(task, outcomes)

    def of(measured: Measured, share_of: int = 0) -> Measure:
        return Measure(lambda w: measured(metrics.confusion(gold, predicted, len(labels), w)), len(gold), share_of)

    return {
        "accuracy": of(metrics.accuracy, len(gold)),
        "macro_f1": of(metrics.macro_f1),
        "balanced_accuracy": of(metrics.balanced_accuracy),
    }


def _per_label(task: Task, outcomes: Sequence[Outcome]) -> dict[str, dict[str, Figure]]:
    if task not in TASK_LABELS:
        return {}
    gold, predicted, labels = _codes(task, outcomes)

    def value(weights: Array, label: int, part: str) -> Array:
        table = metrics.confusion(gold, predicted, len(labels), weights)
        return np.asarray(getattr(metrics.per_label(table), part)[..., label])

    found = {}
    for place, label in enumerate(labels):
        here, said = int((gold == place).sum()), int((predicted == place).sum())
        units = {"precision": said, "recall": here, "f1": here}
        of = {
            part: Measure(partial(value, label=place, part=part), n, 0 if part == "f1" else n)
            for part, n in units.items()
            if n
        }
        if of:
            found[label] = figures(of, len(gold))
    return found


def _confusion(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        table.setdefault(outcome.gold or "", Counter())[outcome.predicted or "not_checked"] += 1
    return {gold: dict(sorted(table[gold].items())) for gold in sorted(table)}


def _confidence_measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """Calibration over the rows that have a confidence; risk over all, rows without one answered last."""
    correct = np.array([o.correct for o in outcomes], dtype=float)
    sure = np.array([o.confidence is not None for o in outcomes], dtype=bool)
    if not sure.any():
        return {}
    confidence = np.array([-np.inf if o.confidence is None else o.confidence for o in outcomes])

    def risk(measured: Callable[[metrics.RiskCoverage], Array]) -> Measure:
        return Measure(lambda w: measured(metrics.risk_coverage(confidence, correct, w)), len(outcomes))

    return {
        "ece": Measure(
            lambda w: metrics.calibration_error(confidence[sure], correct[sure], w[..., sure]), int(sure.sum())
        ),
        "aurc": risk(metrics.area_under_risk),
        **{
            f"coverage_at_{error:.0%}_error".replace("%", ""): risk(partial(metrics.coverage_at_error, error=error))
            for error in ERRORS
        },
    }


def _ranking_measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """Average precision by score, a row without one last, beside what a random order would have."""
    positive = np.array([o.gold == TASK_LABELS["checkworthy"][1] for o in outcomes], dtype=float)
    prevalence = Measure(lambda w: metrics.ratio(w @ positive, w.sum(axis=-1)), len(outcomes))
    if all(o.score is None for o in outcomes):
        return {"prevalence": prevalence}
    scores = np.array([-np.inf if o.score is None else o.score for o in outcomes])
    return {
        "average_precision": Measure(lambda w: metrics.average_precision(scores, positive, w), len(outcomes)),
        "prevalence": prevalence,
    }


def _share_measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    def share(weights: Array, over: Array, under: Array) -> Array:
        return metrics.ratio(np.asarray(weights @ over), np.asarray(weights @ under))

    found = {}
    for name in dict.fromkeys(name for o in outcomes for name in o.shares):
        over, under = np.array([o.shares.get(name, (0.0, 0.0)) for o in outcomes]).T
        rows = 0 if name.startswith(_NO_SHARE) else int((under > 0).sum())
        found[name] = Measure(partial(share, over=over, under=under), round(under.sum()), rows)
    return found


def _cost_measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    found = {}
    for name in ("seconds", "tokens"):
        spent = np.array([getattr(o, name) for o in outcomes], dtype=float)
        if spent.any():
            for suffix, q in (("median", 0.5), ("p90", 0.9)):
                found[f"{name}_{suffix}"] = Measure(partial(_quantile, spent, q), len(outcomes))
    return found


def _quantile(values: Array, q: float, weights: Array) -> Array:
    return metrics.quantile(values, q, weights)


def _slices(task: Task, outcomes: Sequence[Outcome]) -> dict[str, dict[str, Figure]]:
    """The main measures by slice, without slices that are all rows.

    In a slice of one gold label accuracy is that label's recall, and the other measures say nothing.
    """
    found = {}
    for name in sorted({name for o in outcomes for name in o.slices}):
        rows = [o for o in outcomes if name in o.slices]
        if len(rows) == len(outcomes):
            continue
        shown = ("accuracy",) if name.startswith("label=") else main_measures(task)
        found[name] = figures({k: m for k, m in measures(task, rows).items() if k in shown}, len(rows))
    return found
