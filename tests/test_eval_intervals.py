from __future__ import annotations

import time

import numpy as np
import pytest

from factcheck.evals import metrics
from factcheck.evals.intervals import Measure, figures, mcnemar, paired, resamples


def _share(values: np.ndarray) -> Measure:  # type: ignore[type-arg]
    return Measure(lambda w: metrics.ratio(w @ values, w.sum(axis=-1)), len(values), share_of=len(values))


def test_resamples_draw_as_many_rows_and_repeat_themselves() -> None:
    weights = np.concatenate(list(resamples(7, 50)))
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert (weights == np.concatenate(list(resamples(7, 50)))).all()
    assert (weights != np.concatenate(list(resamples(7, 50, seed=1)))).any()


def test_the_interval_of_a_share_is_that_of_theory() -> None:
    values = np.array([1.0] * 120 + [0.0] * 280)
    found = figures({"share": _share(values)}, 400)["share"]
    reach = 1.96 * (0.3 * 0.7 / 400) ** 0.5
    assert found.value == 0.3
    assert found.n == 400
    assert found.low == pytest.approx(0.3 - reach, abs=0.008)
    assert found.high == pytest.approx(0.3 + reach, abs=0.008)


def test_all_of_twenty_are_no_certainty() -> None:
    every = figures({"share": _share(np.ones(20))}, 20)["share"]
    assert (every.value, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(0.8316, abs=1e-4)  # Clopper & Pearson's table, 20 of 20
    none = figures({"share": _share(np.zeros(20))}, 20)["share"]
    assert (none.low, none.high) == (0.0, pytest.approx(0.1684, abs=1e-4))


def test_what_cannot_be_measured_is_left_out() -> None:
    nothing = Measure(lambda w: np.full(w.shape[:-1], np.nan), 3)
    assert figures({"nothing": nothing}, 3) == {}
    assert figures({"share": _share(np.ones(3))}, 0) == {}


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)
    assert mcnemar(5, 1) == mcnemar(1, 5)
    assert mcnemar(3, 3) == 1.0
    assert 0 < mcnemar(300, 1700) < 1e-200


def _paired(a: np.ndarray, b: np.ndarray):  # type: ignore[no-untyped-def,type-arg]
    return paired(_share(a).of, _share(b).of, _share(np.concatenate([a, b])).of, len(a))


def test_two_systems_that_answer_alike_do_not_differ() -> None:
    values = np.array([1.0, 0.0] * 50)
    found = _paired(values, values)
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_random_swaps_agree_with_the_exact_test() -> None:
    """For a share the swaps are McNemar's test by drawing lots."""
    a = np.array([1.0] * 60 + [0.0] * 40)
    b = a.copy()
    b[:4], b[60:76] = 0.0, 1.0  # 4 rows only the first got right, 16 only the second
    found = _paired(a, b)
    assert found.difference == pytest.approx(0.12)
    assert found.low < 0.12 < found.high
    assert found.p == pytest.approx(mcnemar(4, 16), abs=0.004)


def test_an_undefined_measure_has_no_difference() -> None:
    def nothing(weights: metrics.Array) -> metrics.Array:
        return np.full(weights.shape[:-1], np.nan)

    assert paired(nothing, nothing, nothing, 5) is None


def test_a_thousand_resamples_of_six_hundred_rows_are_quick() -> None:
    rng = np.random.default_rng(0)
    gold, predicted = rng.integers(0, 4, 600), rng.integers(0, 4, 600)
    one = Measure(lambda w: metrics.macro_f1(metrics.confusion(gold, predicted, 4, w)), 600)
    start = time.process_time()
    figures({f"m{i}": one for i in range(20)}, 600)
    assert time.process_time() - start < 10
