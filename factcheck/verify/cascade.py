"""From small to large: the offline verifier first, and the language model only where it is unsure or a rule says so.

Small models first and large ones for what is left: FrugalGPT (Chen, Zaharia & Zou 2023, arXiv:2305.05176) measures it.
Sure is the verdict that the verifier's findings come to, by its own calibrated confidence; what share of the calls that
saves, and what it costs in accuracy, is in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from factcheck.types import Assessment, Candidate, Claim, Verdict
from factcheck.verify import Judge
from factcheck.verify.conclude import conclude
from factcheck.verify.second import SecondOpinionJudge
from factcheck.verify.weigh import Weighing


class CascadeJudge:
    """Judges as the first judge does where that one is sure, and else as the second.

    Args:
        first: the offline verifier.
        second: the language model. What goes wrong in it costs the claim: an unsure verdict is no substitute.
        sure: the confidence from which the first one's verdict stands.
    """

    def __init__(self, first: Judge, second: Judge, sure: float) -> None:
        self._first, self._second, self._sure = first, second, sure
        # The verifier takes all cores for one claim: several at once would only be in each other's way.
        self._one_at_a_time = threading.Lock()

    @property
    def models(self) -> Mapping[str, str]:
        """Both, each by its own name."""
        return {**self._second.models, **self._first.models}

    @property
    def prompts(self) -> Mapping[str, str]:
        """Those of both."""
        return {**self._first.prompts, **self._second.prompts}

    @property
    def weighing(self) -> Weighing:
        """As the second judge's sources are weighed; an assessment of the first one brings its own."""
        return self._second.weighing

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """The assessment of the one or of the other; its notes say which and why.

        Raises:
            JudgeError: the second judge was needed and could not judge the claim.
        """
        with self._one_at_a_time:
            found = self._first.judge(claim, candidates)
        verdict = conclude(claim, candidates, found, self._first.weighing)
        why = doubt(claim, verdict, self._sure)
        if why is None:
            note = f"the offline verifier was sure ({verdict.confidence:.2f}): no language model was asked"
            own = tuple(self._first.weighing)
            return found.model_copy(update={"weighing": own, "notes": (*found.notes, note)})
        if isinstance(self._second, SecondOpinionJudge):
            second = self._second.with_opinion(claim, candidates, found)
        else:
            second = self._second.judge(claim, candidates)
        return second.model_copy(update={"notes": (*second.notes, f"the language model was asked: {why}")})


def doubt(claim: Claim, verdict: Verdict, sure: float) -> str | None:
    """Why the language model is to be asked although the verifier has a verdict, a clause; None where it is not.

    Whatever the confidence, it is asked where sources take both sides, and about what somebody is reported to have
    said: whether a source says so itself or only that it was said is what a small verifier tells worst.
    """
    sides = {evidence.stance for evidence in verdict.evidence if evidence.used} & {"supports", "refutes"}
    if verdict.label == "conflicting" or len(sides) == 2:
        return "sources take both sides"
    if verdict.confidence < sure:
        return f"the offline verifier was not sure enough ({verdict.confidence:.2f})"
    if claim.kind == "reported":
        return "the claim is what somebody is reported to have said"
    return None
