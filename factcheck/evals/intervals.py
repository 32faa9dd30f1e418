"""How sure a figure is: bootstrap intervals, and whether two systems differ on the same rows.

Everything is drawn from a fixed seed, so the same rows give the same interval, and two systems are resampled alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import comb, sqrt
from typing import NamedTuple

import numpy as np

from factcheck.evals.metrics import Array, ones
from factcheck.types import Value

RESAMPLES = 1000
ROUNDS = 10_000
SEED = 13
_CELLS = 2_000_000
"""Weights held at once: 16 MB, whatever the size of the set."""

Measured = Callable[[Array], Array]
"""From the rows' weights `(..., n)` to the measure's values `(...)`, NaN where there is nothing to measure."""


class Measure(NamedTuple):
    """A measure of some rows, and how many units (rows, quotes, claims) its value is over.

    `share_of` is set for a share, or a mean of values in [0, 1]: the independent rows that it is over.
    """

    of: Measured
    n: int
    share_of: int = 0


class Figure(Value):
    """A measured value with its 95 % percentile bootstrap interval.

    `n` is how many units the value is over: rows, and for the measures of quotes, citations and claims those. A
    biased measure (a calibration error) can lie outside its interval.
    """

    value: float
    low: float
    high: float
    n: int


class Difference(Value):
    """What a second system has over a first on the same rows: `b - a`, its 95 % interval, and the p value."""

    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float


def resamples(n: int, count: int = RESAMPLES, seed: int = SEED) -> Iterator[Array]:
    """Weights `(some, n)` of `count` resamples of `n` rows with replacement (Efron & Tibshirani 1993)."""
    draw = np.random.default_rng(seed)
    at_once = max(1, _CELLS // max(n, 1))
    for done in range(0, count, at_once):
        size = min(at_once, count - done)
        picked = draw.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        yield np.bincount(picked.ravel(), minlength=size * n).reshape(size, n).astype(float)


def figures(measures: Mapping[str, Measure], n: int, count: int = RESAMPLES, seed: int = SEED) -> dict[str, Figure]:
    """Each measure of `n` rows with its percentile bootstrap interval over the rows.

    A resample in which a measure is undefined does not count for it. A measure that is undefined is left out. Where a
    share is 0 or 1, every resample agrees; the interval is then the exact binomial one, so that 20 of 20 does not pass
    for certainty.
    """
    values = {name: float(measure.of(ones(n))) for name, measure in measures.items()} if n else {}
    known = {name: measures[name] for name, value in values.items() if not np.isnan(value)}
    drawn: dict[str, list[Array]] = {name: [] for name in known}
    if known:
        for weights in resamples(n, count, seed):
            for name, measure in known.items():
                drawn[name].append(measure.of(weights))
    return {
        name: Figure(value=values[name], low=low, high=high, n=measure.n)
        for name, measure in known.items()
        for low, high in [_exact(values[name], measure) or _interval(np.concatenate(drawn[name]))]
    }


def _exact(value: float, measure: Measure) -> tuple[float, float] | None:
    """The interval of Clopper & Pearson (1934) for none or all rows, the two cases with a closed form."""
    if not measure.share_of or value not in (0.0, 1.0):
        return None
    room = 1 - 0.025 ** (1 / measure.share_of)
    return (1 - room, 1.0) if value else (0.0, room)


def wilson(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of Wilson (1927) of a share of `n`; 95 % with the default `z`."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.percentile(values[~np.isnan(values)], [2.5, 97.5])
    return float(low), float(high)


def paired(
    a: Measured, b: Measured, both: Measured, n: int, *, count: int = RESAMPLES, rounds: int = ROUNDS, seed: int = SEED
) -> Difference | None:
    """Two systems on the same rows: the difference with a paired bootstrap interval and a randomisation p value.

    Args:
        a: the measure of the first system's rows.
        b: the measure of the second's, in the same order.
        both: the measure of all `2n` rows, the first system's before the second's.
        n: how many rows each has.
        count: resamples for the interval.
        rounds: how often the systems' answers are swapped at random, each row by a coin (Noreen 1989).
        seed: of the draws.

    Returns:
        The difference, or None where one of the two has nothing to measure.
    """
    if not n:
        return None
    one, two = float(a(ones(n))), float(b(ones(n)))
    if np.isnan(one) or np.isnan(two):
        return None
    gaps = np.concatenate([b(weights) - a(weights) for weights in resamples(n, count, seed)])
    low, high = _interval(gaps)
    return Difference(
        a=one, b=two, difference=two - one, low=low, high=high, p=_randomised(both, n, abs(two - one), rounds, seed)
    )


def _randomised(both: Measured, n: int, gap: float, rounds: int, seed: int) -> float:
    """The share of random swaps that leave at least this gap, the observed one among them (Noreen 1989)."""
    draw = np.random.default_rng(seed)
    at_once = max(1, _CELLS // (2 * n))
    as_large = 0
    for done in range(0, rounds, at_once):
        swapped = draw.integers(0, 2, (min(at_once, rounds - done), n)).astype(float)
        first = both(np.concatenate([1 - swapped, swapped], axis=1))
        second = both(np.concatenate([swapped, 1 - swapped], axis=1))
        as_large += int((~(np.abs(first - second) < gap - 1e-12)).sum())  # NaN counts: nothing left to measure
    return (as_large + 1) / (rounds + 1)


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact two-sided p value of McNemar's test (1947): rows that only the first, or only the second, got right."""
    n = only_a + only_b
    tail = sum(comb(n, k) for k in range(min(only_a, only_b) + 1))
    return min(1.0, float(2 * tail / 2**n))
