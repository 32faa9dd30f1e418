"""Many claims judged together are judged as each would be alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import fakes
import numpy as np
import pytest
from fakes_batch import HashedEntailment
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.types import Candidate, Claim
from factcheck.verify.offline import OfflineJudge

CLAIMS = (
    "Putin signed 20 documents in Pyongyang.",
    "Vladimir Putin landed in Pyongyang on 19 June 2024.",
    "Trade did not grow in 2023.",
    "More than 300 people were met by Kim Jong Un.",
    "It is false that Putin landed in Pyongyang.",
)
NOTES = (
    "Putin signed 12 documents in Pyongyang. Kim watched him. Flags were hung. A band played.",
    "Putin landed in Pyongyang on Wednesday, 19 June 2024.",
    "Trade grew by 5 percent in 2023. The minister said so. It had fallen before. Nobody knew why.",
    "FALSE: a post says that Putin landed in Pyongyang. It was a picture of 2000.",
    "Xi Jinping met 300 people.",
)


def _asked(picked: list[tuple[int, list[int]]]) -> list[tuple[Claim, tuple[Candidate, ...]]]:
    return [(fakes.claim(CLAIMS[c]), tuple(fakes.candidate(NOTES[n]) for n in notes)) for c, notes in picked]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CLAIMS) - 1), st.lists(st.integers(0, len(NOTES) - 1), max_size=5, unique=True)),
        max_size=6,
    )
)
def test_together_as_alone(picked: list[tuple[int, list[int]]]) -> None:
    asked, judge = _asked(picked), OfflineJudge(HashedEntailment(), fakes.plain_head())
    assert judge.judge_many(asked) == [judge.judge(*one) for one in asked]
    together = [[_plain(heard) for heard in of_claim] for of_claim in judge.read_many(asked)]
    assert together == [[_plain(heard) for heard in judge.read(*one)] for one in asked]


def _plain(heard: Any) -> tuple[Any, ...]:
    return (*heard.reading, heard.supporting, heard.refuting, heard.check, heard.refuted_by)


def test_the_model_is_asked_four_times_at_most_however_many_claims() -> None:
    model = HashedEntailment()
    asked = _asked([(c, list(range(len(NOTES)))) for c in range(len(CLAIMS))] * 4)
    OfflineJudge(model, fakes.plain_head()).judge_many(asked)
    assert len(model.calls) <= 4
    assert {claim for claim, _ in model.calls[0]} == set(CLAIMS)


def test_nothing_asked_and_nothing_to_judge_by() -> None:
    model = HashedEntailment()
    judge = OfflineJudge(model, fakes.plain_head())
    assert judge.judge_many([]) == [] and judge.read_many([]) == []
    (alone,) = judge.judge_many(_asked([(0, [])]))
    assert alone.findings == () and model.calls == []


def test_a_claim_without_candidates_leaves_its_neighbours_alone() -> None:
    judge = OfflineJudge(HashedEntailment(), fakes.plain_head())
    asked = _asked([(0, [0, 1]), (1, []), (2, [2])])
    found = judge.judge_many(asked)
    assert [len(one.findings) for one in found] == [2, 0, 1]
    assert found[2] == judge.judge(*asked[2])


def test_a_fault_of_the_model_is_no_finding_of_any() -> None:
    class Broken(HashedEntailment):
        def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
            raise RuntimeError("the weights are damaged")

    with pytest.raises(RuntimeError):
        OfflineJudge(Broken(), fakes.plain_head()).judge_many(_asked([(0, [0]), (1, [1])]))
