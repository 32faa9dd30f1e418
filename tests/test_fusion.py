from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.fusion import combined, fused, lexical_weight

NONE = np.zeros(0, np.float32)


def row(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_by_hand() -> None:
    scores = fused(row(0.8, 0.4), row(3.0, 6.0), np.array([True, True]), 0.5)
    assert scores == pytest.approx([(0.8 + 0.5 * 0.5) / 1.5, (0.4 + 0.5) / 1.5])


def test_another_language_keeps_the_order_of_the_cosines() -> None:
    # The first passage is in another language: its lexical part is what its cosine suggests.
    scores = fused(row(0.9, 0.8, 0.1), row(0.0, 5.0, 9.0), np.array([False, True, True]), 0.3)
    assert scores[0] == pytest.approx((0.9 + 0.3) / 1.3)
    assert list(np.argsort(-scores)) == [0, 1, 2]


def test_where_words_find_nothing_the_cosine_decides() -> None:
    scores = fused(row(0.2, 0.6, -0.5), row(0.0, 0.0, 0.0), np.array([True] * 3), 0.3)
    assert list(np.argsort(-scores)) == [1, 0, 2]
    assert scores[2] == 0


def test_nothing_found_is_nothing_scored() -> None:
    assert fused(NONE, NONE, np.zeros(0, bool), 0.3).shape == (0,)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50), st.booleans()), min_size=1, max_size=20), st.floats(0, 1))
def test_scores_lie_between_nought_and_one_and_rise_with_the_cosine(
    found: list[tuple[float, float, bool]], weight: float
) -> None:
    cosines, lexical = row(*(c for c, _, _ in found)), row(*(x for _, x, _ in found))
    comparable = np.array([same for _, _, same in found])
    scores = fused(cosines, lexical, comparable, weight)
    assert ((scores >= 0) & (scores <= 1 + 1e-6)).all()
    higher = fused(cosines + row(*([0.0] * (len(found) - 1)), 0.01), lexical, comparable, weight)
    assert higher[-1] >= scores[-1] - 1e-6


def test_queries_are_averaged_by_weight() -> None:
    assert combined([row(1.0, 0.0), row(0.0, 1.0)], [1.0, 0.5]) == pytest.approx([2 / 3, 1 / 3])


def test_the_weight_goes_by_language() -> None:
    assert lexical_weight("id") > lexical_weight(None) > lexical_weight("en")
    assert lexical_weight("de") == lexical_weight(None)
