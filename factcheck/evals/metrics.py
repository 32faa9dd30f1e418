"""Measures of how well a system did, as pure functions of numpy arrays.

A measure over rows takes weights: an array `(..., n)` that says how often each of the `n` rows counts. Ones give the
measure itself, the counts of a thousand resamples `(1000, n)` give a thousand values at once (`intervals`). The result
has the shape of the weights without their last axis; it is NaN where nothing is there to measure.

A row that was not checked has no label. It is -1 among the predicted labels and wrong in every measure of labels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

NO_LABEL = -1
_SLACK = 1e-9


def ratio(over: Array, under: Array) -> Array:
    """`over / under`, NaN where `under` is 0."""
    return np.asarray(np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under != 0))


def ones(n: int) -> Array:
    """The weights under which every one of `n` rows counts once."""
    return np.ones(n)


# -- labels


def confusion(gold: Codes, predicted: Codes, labels: int, weights: Array) -> Array:
    """The table of gold against predicted labels, `(..., labels, labels + 1)`; its last column is "no label".

    Args:
        gold: `(n,)`, each a label from 0.
        predicted: `(n,)`, the same or `NO_LABEL`.
        labels: how many labels there are.
        weights: `(..., n)`.
    """
    cell = gold * (labels + 1) + np.where(predicted == NO_LABEL, labels, predicted)
    placed = np.equal.outer(cell, np.arange(labels * (labels + 1))).astype(float)
    return np.asarray(weights @ placed).reshape(*weights.shape[:-1], labels, labels + 1)


def accuracy(table: Array) -> Array:
    """The share of rows whose predicted label is the gold one, from a `confusion` table."""
    return ratio(np.trace(table, axis1=-2, axis2=-1), table.sum(axis=(-2, -1)))


class PerLabel(NamedTuple):
    """For each label, `(..., labels)`: precision, recall, their harmonic mean, and how many gold rows have it."""

    precision: Array
    recall: Array
    f1: Array
    support: Array


def per_label(table: Array) -> PerLabel:
    """Precision, recall and F1 of each label (van Rijsbergen, Information Retrieval, 1979, ch. 7).

    Precision is NaN for a label that was never predicted, recall for one that never occurs, F1 where both hold.
    """
    right = np.diagonal(table, axis1=-2, axis2=-1)
    support, said = table.sum(axis=-1), table.sum(axis=-2)[..., : right.shape[-1]]
    return PerLabel(ratio(right, said), ratio(right, support), ratio(2 * right, support + said), support)


def _mean_where(values: Array, here: NDArray[np.bool_]) -> Array:
    return ratio(np.where(here, values, 0.0).sum(axis=-1), here.sum(axis=-1).astype(float))


def macro_f1(table: Array) -> Array:
    """The unweighted mean of the labels' F1, over the labels that occur in gold (Opitz & Burst 2019, "macro F1").

    A label that no gold row has is no part of the mean; to predict it costs the recall of the label that was right.
    """
    each = per_label(table)
    return _mean_where(each.f1, each.support > 0)


def balanced_accuracy(table: Array) -> Array:
    """The mean recall over the labels that occur in gold (Brodersen et al. 2010)."""
    each = per_label(table)
    return _mean_where(each.recall, each.support > 0)


# -- confidence


def _bins(confidence: Array, bins: int) -> Codes:
    """The bin of each confidence among equal ones `(0, 1/bins], ...`; 0 falls into the first."""
    return np.clip(np.ceil(confidence * bins - _SLACK).astype(np.int64) - 1, 0, bins - 1)


def calibration_error(confidence: Array, correct: Array, weights: Array, bins: int = 15) -> Array:
    """The expected calibration error with equal-width bins (Guo et al. 2017, section 2).

    Resampling adds noise to every bin's gap, so that a bootstrap interval of it leans upwards.
    """
    placed = np.equal.outer(_bins(confidence, bins), np.arange(bins))
    gaps = np.abs(weights @ np.where(placed, (correct - confidence)[:, None], 0.0))
    return ratio(gaps.sum(axis=-1), weights.sum(axis=-1))


class Bin(NamedTuple):
    """The rows whose confidence lies in `(low, high]`: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def reliability_bins(confidence: Array, correct: Array, bins: int = 15) -> tuple[Bin, ...]:
    """The bins of a reliability diagram that hold a row, in order (Guo et al. 2017, figure 1)."""
    where = _bins(confidence, bins)
    return tuple(
        Bin(b / bins, (b + 1) / bins, int(here.sum()), float(confidence[here].mean()), float(correct[here].mean()))
        for b in range(bins)
        if (here := where == b).any()
    )


def brier(probabilities: Mapping[str, float], gold: str) -> float:
    """A row's Brier score, in [0, 2], lower is better: the squared error summed over the labels (Brier 1950).

    A label without a probability has 0.
    """
    labels = probabilities.keys() | {gold}
    return sum((probabilities.get(label, 0.0) - (label == gold)) ** 2 for label in labels)


class _Blocks(NamedTuple):
    """Rows from the highest score down, cut where the score changes: the order, and the last place of each block."""

    order: Codes
    ends: Codes


def _blocks(scores: Array) -> _Blocks:
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    return _Blocks(order, np.flatnonzero(np.append(falling[1:] != falling[:-1], True)))


class RiskCoverage(NamedTuple):
    """`(..., points)`: the share of rows answered when all above a confidence are, and the share of those wrong."""

    coverage: Array
    risk: Array


def risk_coverage(confidence: Array, correct: Array, weights: Array) -> RiskCoverage:
    """The risk-coverage curve (El-Yaniv & Wiener 2010), a point for each confidence that occurs.

    Rows of one confidence are answered together, so the order in the file cannot matter. A row that was not checked
    belongs at minus infinity: it is answered last, and wrong.
    """
    order, ends = _blocks(confidence)
    answered = np.cumsum(weights[..., order], axis=-1)[..., ends]
    wrong = np.cumsum((weights * (1.0 - correct))[..., order], axis=-1)[..., ends]
    risk = np.nan_to_num(ratio(wrong, answered), nan=0.0)  # nothing answered yet: a resample without the first rows
    return RiskCoverage(ratio(answered, np.broadcast_to(answered[..., -1:], answered.shape)), risk)


def area_under_risk(curve: RiskCoverage) -> Array:
    """AURC: the mean risk over all coverages, lower is better (Geifman & El-Yaniv 2017); each block at its own risk."""
    return np.asarray((np.diff(curve.coverage, axis=-1, prepend=0.0) * curve.risk).sum(axis=-1))


def coverage_at_error(curve: RiskCoverage, error: float) -> Array:
    """The largest share of rows that can be answered with at most `error` of the answers wrong; 0 where none can."""
    return np.asarray(np.where(curve.risk <= error + _SLACK, curve.coverage, 0.0).max(axis=-1))


def average_precision(scores: Array, positive: Array, weights: Array) -> Array:
    """Precision at each score, weighted by the recall it adds (Manning et al. 2008, section 8.4).

    Rows of one score enter together. The value of a random order is the share of positive rows. NaN without any.
    """
    order, ends = _blocks(scores)
    found = np.cumsum((weights * positive)[..., order], axis=-1)[..., ends]
    seen = np.cumsum(weights[..., order], axis=-1)[..., ends]
    precision = np.nan_to_num(ratio(found, seen), nan=0.0)
    return ratio((np.diff(found, axis=-1, prepend=0.0) * precision).sum(axis=-1), found[..., -1])


def quantile(values: Array, q: float, weights: Array) -> Array:
    """The least value that at least a share `q` of the rows does not exceed (Hyndman & Fan 1996, type 1)."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[..., order], axis=-1)
    first = (below >= q * below[..., -1:] - _SLACK).argmax(axis=-1)
    return np.asarray(values[order][first], dtype=float)


# -- ranked documents: `ranked` holds unique ids, best first; `gold` is not empty


def hit_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 if a gold document is among the first `k`, else 0."""
    return float(any(one in gold for one in ranked[:k]))


def recall_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """The share of the gold documents that are among the first `k`."""
    return sum(one in gold for one in ranked[:k]) / len(gold)


def reciprocal_rank_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 over the rank of the first gold document, 0 if it is not among the first `k` (Voorhees 1999, TREC-8 QA)."""
    return next((1 / rank for rank, one in enumerate(ranked[:k], start=1) if one in gold), 0.0)


def ndcg_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin & Kekäläinen 2002)."""
    gain = sum(1 / log2(rank + 1) for rank, one in enumerate(ranked[:k], start=1) if one in gold)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(k, len(gold)) + 1))
