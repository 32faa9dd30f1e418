"""The scores of a run from its outcomes, every figure with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from pydantic import Field

from factcheck.evals import metrics
from factcheck.evals.intervals import Figure, Measure, Measured, figures
from factcheck.evals.metrics import Array
from factcheck.evals.outcomes import TASK_LABELS, Outcome
from factcheck.evals.rows import Task
from factcheck.types import Value

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
