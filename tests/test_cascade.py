"""From small to large: who is asked, and whose verdict stands."""

from __future__ import annotations

from collections.abc import Sequence

import fakes
import pytest

from factcheck.errors import LLMUnavailable
from factcheck.types import Assessment, Candidate, Claim, ClaimKind, Stance
from factcheck.verify import Judge, conclude
from factcheck.verify.cascade import CascadeJudge
from factcheck.verify.second import SecondOpinionJudge
from factcheck.verify.weigh import Weighing

CLAIM = fakes.claim("Putin landed in Pyongyang.")
SOURCE = fakes.candidate("Putin landed in Pyongyang on Wednesday.")
OTHER = fakes.candidate("Putin stayed away from Pyongyang.")


class Weighed(fakes.ScriptedJudge):
    """A judge with a weighing and a name of its own."""

    def __init__(self, name: str, weighing: Weighing, *stances: tuple[Stance, float]) -> None:
        super().__init__(default=self._answer)
        self._name, self._weighing, self._stances = name, weighing, stances

    @property
    def models(self) -> dict[str, str]:
        return {self._name: "1"}

    @property
    def weighing(self) -> Weighing:
        return self._weighing

    def _answer(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        pairs = zip(candidates, self._stances, strict=True)
        return Assessment(findings=tuple(fakes.finding(c, s, probability=p) for c, (s, p) in pairs))


SOFT, PLAIN = Weighing(temperature=2.0), Weighing()


def _cascade(first: Judge, second: Judge, sure: float = 0.9) -> CascadeJudge:
    return CascadeJudge(first, second, sure)


def test_a_sure_verdict_stands_with_its_own_weighing() -> None:
    first, second = Weighed("small", SOFT, ("supports", 0.97)), Weighed("large", PLAIN, ("refutes", 0.99))
    judge = _cascade(first, second, 0.8)
    found = judge.judge(CLAIM, [SOURCE])
    verdict = conclude(CLAIM, [SOURCE], found, judge.weighing)
    assert verdict == conclude(CLAIM, [SOURCE], first.judge(CLAIM, [SOURCE]), SOFT)
    assert verdict != conclude(CLAIM, [SOURCE], first.judge(CLAIM, [SOURCE]), PLAIN)
    assert verdict.label == "supported" and not second.asked
    assert any("no language model was asked" in note for note in found.notes)


@pytest.mark.parametrize(
    ("stances", "kind", "words"),
    [
        ([("supports", 0.7)], "statement", "not sure enough"),
        ([("supports", 0.98)], "reported", "reported to have said"),
        ([("supports", 0.98), ("refutes", 0.98)], "statement", "both sides"),
    ],
)
def test_where_it_is_in_doubt_the_large_one_is_asked(
    stances: list[tuple[Stance, float]], kind: ClaimKind, words: str
) -> None:
    claim = fakes.claim("Putin landed in Pyongyang.", kind=kind)
    candidates = [SOURCE, OTHER][: len(stances)]
    second = Weighed("large", PLAIN, *[("refutes", 0.9)] * len(stances))
    found = _cascade(Weighed("small", PLAIN, *stances), second).judge(claim, candidates)
    assert len(second.asked) == 1 and found.weighing is None
    assert [f.stance for f in found.findings] == ["refutes"] * len(stances)
    assert any(words in note for note in found.notes)


def test_nothing_to_judge_by_is_no_call() -> None:
    second = Weighed("large", PLAIN)
    judge = _cascade(Weighed("small", PLAIN), second)
    found = judge.judge(CLAIM, [])
    assert conclude(CLAIM, [], found, judge.weighing).label == "not_enough_evidence" and not second.asked


def test_what_the_large_one_cannot_judge_is_not_judged_by_the_small() -> None:
    second = fakes.ScriptedJudge(default=LLMUnavailable("No answer in time."))
    with pytest.raises(LLMUnavailable):
        _cascade(Weighed("small", PLAIN, ("supports", 0.6)), second).judge(CLAIM, [SOURCE])


def test_the_second_opinion_is_the_one_it_has_already() -> None:
    first = Weighed("small", PLAIN, ("supports", 0.6))
    large = Weighed("large", PLAIN, ("refutes", 0.9))
    found = _cascade(first, SecondOpinionJudge(large, first)).judge(CLAIM, [SOURCE])
    assert len(first.asked) == 1 and len(large.asked) == 1
    assert any("reads 1 of 1 sources differently" in note for note in found.notes)


def test_it_names_both() -> None:
    judge = _cascade(Weighed("small", SOFT), Weighed("large", PLAIN))
    assert judge.models == {"small": "1", "large": "1"} and judge.weighing == PLAIN
