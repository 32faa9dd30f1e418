from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.types import LABELS
from factcheck.verify.weigh import PLAIN, Weighing, best_label, label_probabilities, witness

EVEN = Weighing()


@st.composite
def _witness(draw: st.DrawFn) -> tuple[float, float, float]:
    parts = [draw(st.floats(0.01, 1)) for _ in range(3)]
    total = sum(parts)
    return parts[0] / total, parts[1] / total, parts[2] / total


def _weighings() -> st.SearchStrategy[Weighing]:
    return st.builds(
        Weighing,
        crowd=st.floats(0, 1),
        contrast=st.floats(0, 1),
        temperature=st.floats(0.5, 2),
        conflict=st.floats(0.1, 2),
    )


def test_nobody_asked_is_not_enough_evidence() -> None:
    assert label_probabilities([], PLAIN)["not_enough_evidence"] == 1


def test_one_witness_is_taken_as_they_are() -> None:
    found = label_probabilities([(0.7, 0.1, 0.2)], EVEN)
    assert found["supported"] == pytest.approx(0.7, abs=1e-6)
    assert found["refuted"] == pytest.approx(0.1, abs=1e-6)
    assert found["not_enough_evidence"] == pytest.approx(0.2, abs=1e-6)
    assert found["conflicting"] == pytest.approx(0, abs=1e-6)


def test_two_witnesses_by_hand() -> None:
    found = label_probabilities([(0.6, 0.1, 0.3), (0.2, 0.5, 0.3)], EVEN)
    assert found["not_enough_evidence"] == pytest.approx(0.09)
    assert found["supported"] == pytest.approx(0.9 * 0.5 - 0.09)
    assert found["refuted"] == pytest.approx(0.4 * 0.8 - 0.09)
    assert found["conflicting"] == pytest.approx(1 - 0.45 - 0.32 + 0.09)


@given(st.lists(_witness(), max_size=12), _weighings())
def test_probabilities_sum_to_one(witnesses: list[tuple[float, float, float]], weighing: Weighing) -> None:
    found = label_probabilities(witnesses, weighing)
    assert set(found) == set(LABELS)
    assert math.isclose(sum(found.values()), 1, abs_tol=1e-9) and min(found.values()) >= 0


@given(st.lists(_witness(), min_size=1, max_size=8), _weighings())
def test_their_order_does_not_matter(witnesses: list[tuple[float, float, float]], weighing: Weighing) -> None:
    one, other = (label_probabilities(each, weighing) for each in (witnesses, witnesses[::-1]))
    assert all(math.isclose(one[label], other[label], abs_tol=1e-9) for label in LABELS)


@given(st.integers(1, 10))
def test_witnesses_who_agree_make_it_surer(count: int) -> None:
    weighing = Weighing(crowd=0.5, contrast=0.5)
    fewer = label_probabilities([witness("supports", 0.8)] * count, weighing)["supported"]
    more = label_probabilities([witness("supports", 0.8)] * (count + 1), weighing)["supported"]
    assert more >= fewer - 0.02


def test_the_silent_make_a_faint_voice_fainter() -> None:
    faint = (0.5, 0.1, 0.4)
    alone = label_probabilities([faint], PLAIN)["supported"]
    crowd = label_probabilities([faint, *[(0.01, 0.01, 0.98)] * 9], PLAIN)["supported"]
    assert crowd < alone


def test_a_label_needs_a_quote_of_each_side() -> None:
    found = label_probabilities([(0.9, 0.05, 0.05), (0.05, 0.9, 0.05)], EVEN)
    assert best_label(found, supports=True, refutes=True) == "conflicting"
    assert best_label(found, supports=True, refutes=False) == "supported"
    assert best_label(found, supports=False, refutes=False) == "not_enough_evidence"


def test_a_tie_is_not_enough_evidence() -> None:
    even = {**dict.fromkeys(LABELS, 0.3), "conflicting": 0.1}
    assert best_label(even, supports=True, refutes=True) == "not_enough_evidence"


def test_a_dispute_is_told_before_it_is_the_likeliest() -> None:
    close = {"supported": 0.4, "refuted": 0.1, "not_enough_evidence": 0.2, "conflicting": 0.3}
    assert best_label(close, supports=True, refutes=True) == "conflicting"
    assert best_label(close, supports=True, refutes=False) == "supported"
