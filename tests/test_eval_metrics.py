from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.evals import metrics
from factcheck.evals.metrics import ones

# gold 0 0 0 1 1, predicted 0 0 1 1 none; label 2 never occurs.
GOLD = np.array([0, 0, 0, 1, 1])
PREDICTED = np.array([0, 0, 1, 1, metrics.NO_LABEL])


def _table(weights: metrics.Array | None = None) -> metrics.Array:
    return metrics.confusion(GOLD, PREDICTED, 3, ones(5) if weights is None else weights)


def test_the_confusion_table_has_a_column_for_rows_without_a_label() -> None:
    assert _table().tolist() == [[2, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0]]


def test_label_measures_by_hand() -> None:
    each = metrics.per_label(_table())
    assert float(metrics.accuracy(_table())) == pytest.approx(3 / 5)
    assert each.precision[:2].tolist() == pytest.approx([1.0, 1 / 2])
    assert each.recall[:2].tolist() == pytest.approx([2 / 3, 1 / 2])
    assert each.f1[:2].tolist() == pytest.approx([4 / 5, 1 / 2])
    assert np.isnan([each.precision[2], each.recall[2], each.f1[2]]).all()
    assert float(metrics.macro_f1(_table())) == pytest.approx((4 / 5 + 1 / 2) / 2)
    assert float(metrics.balanced_accuracy(_table())) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_macro_f1_leaves_out_a_label_that_gold_lacks_though_it_was_predicted() -> None:
    table = metrics.confusion(np.array([0, 0, 1]), np.array([0, 2, 1]), 3, ones(3))
    assert float(metrics.macro_f1(table)) == pytest.approx((2 / 3 + 1) / 2)


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


@settings(deadline=None)  # the import of scikit-learn takes its time
@given(ROWS)
def test_label_measures_agree_with_scikit_learn(rows: list[tuple[int, int]]) -> None:
    sk = pytest.importorskip("sklearn.metrics")
    gold, predicted = (np.array(column) for column in zip(*rows, strict=True))
    table = metrics.confusion(gold, predicted, 3, ones(len(gold)))
    labels = sorted(set(gold.tolist()))
    f1 = sk.f1_score(gold, predicted, labels=labels, average="macro", zero_division=0)
    recall = sk.recall_score(gold, predicted, labels=labels, average="macro", zero_division=0)
    assert float(metrics.macro_f1(table)) == pytest.approx(f1)
    assert float(metrics.balanced_accuracy(table)) == pytest.approx(recall)


@given(ROWS, st.data())
def test_a_weight_is_a_repetition(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    """What the bootstrap rests on: every measure under counts is the measure of the rows so often repeated."""
    n = len(rows)
    counts = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any)))
    scores = np.array(data.draw(st.lists(st.sampled_from([0.1, 0.4, 0.4, 0.8, 1.0]), min_size=n, max_size=n)))
    gold, predicted = (np.array(column) for column in zip(*rows, strict=True))
    correct = (gold == predicted).astype(float)

    def values(g: metrics.Codes, p: metrics.Codes, s: metrics.Array, c: metrics.Array, w: metrics.Array) -> list[float]:
        table, curve = metrics.confusion(g, p, 3, w), metrics.risk_coverage(s, c, w)
        return [
            float(metrics.accuracy(table)),
            float(metrics.macro_f1(table)),
            float(metrics.calibration_error(s, c, w)),
            float(metrics.area_under_risk(curve)),
            float(metrics.coverage_at_error(curve, 0.3)),
            float(metrics.average_precision(s, c, w)),
            float(metrics.quantile(s, 0.9, w)),
        ]

    rep = np.repeat(np.arange(n), counts)
    weighted = values(gold, predicted, scores, correct, counts.astype(float))
    repeated = values(gold[rep], predicted[rep], scores[rep], correct[rep], ones(len(rep)))
    assert weighted == pytest.approx(repeated, nan_ok=True)


def test_calibration_error_by_hand() -> None:
    # Bins of width 1/2: {.2, .4} with one of two right, {.9, .9, .9, .8} with three of four right.
    confidence = np.array([0.2, 0.4, 0.9, 0.9, 0.9, 0.8])
    correct = np.array([1.0, 0.0, 1.0, 1.0, 1.0, 0.0])
    expected = 2 / 6 * abs(0.5 - 0.3) + 4 / 6 * abs(0.75 - 0.875)
    assert float(metrics.calibration_error(confidence, correct, ones(6), bins=2)) == pytest.approx(expected)
    low, high = metrics.reliability_bins(confidence, correct, bins=2)
    assert (low.n, low.confidence, low.accuracy) == (2, pytest.approx(0.3), 0.5)
    assert (high.low, high.high, high.n, high.accuracy) == (0.5, 1.0, 4, 0.75)


def test_the_edges_of_bins() -> None:
    bins = metrics.reliability_bins(np.array([0.0, 0.2, 0.2000001, 1.0]), np.ones(4), bins=5)
    assert [(b.low, b.n) for b in bins] == [(0.0, 2), (0.2, 1), (0.8, 1)]


def test_brier_by_hand() -> None:
    assert metrics.brier({"a": 0.7, "b": 0.2, "c": 0.1}, "a") == pytest.approx(0.09 + 0.04 + 0.01)
    assert metrics.brier({"b": 1.0}, "a") == pytest.approx(2.0)
    assert metrics.brier({"a": 1.0}, "a") == 0


def test_risk_and_coverage_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    correct = np.array([1.0, 0.0, 1.0, 1.0])
    curve = metrics.risk_coverage(confidence, correct, ones(4))
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    assert float(metrics.area_under_risk(curve)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    # The risk falls again: the largest coverage counts, not the first that is too risky.
    assert float(metrics.coverage_at_error(curve, 0.25)) == 1.0
    assert float(metrics.coverage_at_error(curve, 0.2)) == 0.25
    assert float(metrics.coverage_at_error(metrics.risk_coverage(confidence, 1 - correct, ones(4)), 0.1)) == 0.0


def test_rows_of_one_confidence_are_one_block() -> None:
    curve = metrics.risk_coverage(np.array([0.5, 0.9, 0.5]), np.array([1.0, 1.0, 0.0]), ones(3))
    assert curve.coverage.tolist() == pytest.approx([1 / 3, 1])
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3])
    assert float(metrics.area_under_risk(curve)) == pytest.approx(2 / 3 * 1 / 3)


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.9]), st.booleans()), min_size=1, max_size=20), st.randoms())
def test_the_order_of_rows_cannot_matter(rows: list[tuple[float, bool]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for some in (rows, shuffled):
        scores, right = np.array([s for s, _ in some]), np.array([float(r) for _, r in some])
        curve = metrics.risk_coverage(scores, right, ones(len(some)))
        found.append(
            [
                float(metrics.area_under_risk(curve)),
                float(metrics.coverage_at_error(curve, 0.1)),
                float(metrics.average_precision(scores, right, ones(len(some)))),
            ]
        )
    assert found[0] == pytest.approx(found[1], nan_ok=True)


def test_average_precision_by_hand() -> None:
    scores, positive = np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    assert float(metrics.average_precision(scores, positive, ones(4))) == pytest.approx((1 + 2 / 3) / 2)
    # All at one score: no better than a random order.
    assert float(metrics.average_precision(np.zeros(4), positive, ones(4))) == pytest.approx(0.5)
    assert np.isnan(metrics.average_precision(scores, np.zeros(4), ones(4)))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30).filter(
        lambda r: any(b for _, b in r)
    )
)
def test_average_precision_agrees_with_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    sk = pytest.importorskip("sklearn.metrics")
    scores, positive = np.array([float(s) for s, _ in rows]), np.array([float(p) for _, p in rows])
    ours = float(metrics.average_precision(scores, positive, ones(len(rows))))
    assert ours == pytest.approx(sk.average_precision_score(positive, scores))


def test_quantiles() -> None:
    values = np.array([5.0, 1.0, 3.0, 2.0, 4.0])
    assert float(metrics.quantile(values, 0.5, ones(5))) == 3.0
    assert float(metrics.quantile(values, 0.9, ones(5))) == 5.0
    assert float(metrics.quantile(values, 0.8, ones(5))) == 4.0
    assert float(metrics.quantile(values, 0.5, np.array([0.0, 5, 0, 0, 1]))) == 1.0


def test_ranking_measures_by_hand() -> None:
    ranked, gold = ["x", "a", "y", "b"], {"a", "b", "c"}
    assert [metrics.hit_at(ranked, gold, k) for k in (1, 2)] == [0, 1]
    assert [metrics.recall_at(ranked, gold, k) for k in (1, 2, 4)] == pytest.approx([0, 1 / 3, 2 / 3])
    assert metrics.reciprocal_rank_at(ranked, gold, 10) == 0.5
    assert metrics.reciprocal_rank_at(ranked, gold, 1) == 0
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert metrics.ndcg_at(ranked, gold, 10) == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert metrics.ndcg_at(["a"], gold, 1) == 1.0
    assert metrics.ndcg_at([], gold, 10) == 0.0


def test_many_weights_at_once_have_the_values_of_each() -> None:
    weights = np.array([[1.0, 1, 1, 1, 1], [2, 0, 1, 0, 2]])
    both = metrics.macro_f1(metrics.confusion(GOLD, PREDICTED, 3, weights))
    assert both.tolist() == pytest.approx([float(metrics.macro_f1(_table(w))) for w in weights])
