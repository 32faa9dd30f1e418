from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.types import Candidate, Document, Passage
from factcheck.verify.found import COLUMNS, Found, FoundHead, columns, how_found


def _candidate(score: float, similarity: float | None, key: str = "d") -> Candidate:
    document = Document(id=key, text="A text.", published="2024-01-01")
    passage = Passage(id=f"{key}-0", document_id=key, start=0, end=7, text="A text.", ordinal=0)
    return Candidate(
        passage=passage, document=document, score=score, similarity=similarity, timing="in_time", origin=key
    )


def test_the_best_passage_has_the_whole_share_whatever_its_place() -> None:
    found = how_found([_candidate(0.4, 0.5), _candidate(0.8, 0.9), _candidate(0.2, 0.1)])
    assert found == (Found(0.5, 0.5, 1), Found(1.0, 0.9, 0), Found(0.25, 0.1, 2))


@pytest.mark.parametrize("given", [[], [_candidate(0.0, None)], [_candidate(0.5, 0.5), _candidate(0.0, None)]])
def test_evidence_that_was_given_was_not_found(given: list[Candidate]) -> None:
    assert how_found(given) is None


def test_the_columns_are_what_they_are_named() -> None:
    values = dict(zip(COLUMNS, columns(np.array([[0.2, 0.3, 0.5]]), [Found(0.5, 0.25, 3)])[0], strict=True))
    assert values == pytest.approx(
        {"support": np.log(0.4), "refute": np.log(0.6), "share": 0.5, "similarity": 0.25, "rank": np.log(4)}
    )


_ROWS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=8)


@given(_ROWS)
def test_the_head_gives_finite_probabilities(places: list[tuple[float, float, int]]) -> None:
    head = FoundHead(np.arange(15.0).reshape(3, 5) - 7, np.array([1.0, -2.0, 3.0]))
    alone = np.tile([1.0, 0.0, 0.0], (len(places), 1))
    rows = head.probabilities(alone, [Found(*place) for place in places])
    assert rows.shape == (len(places), 3)
    assert np.isfinite(rows).all() and rows.sum(axis=1) == pytest.approx(np.ones(len(places)))


def test_nothing_found_is_no_row() -> None:
    assert FoundHead(np.zeros((3, 5)), np.zeros(3)).probabilities(np.zeros((0, 3)), []).shape == (0, 3)
