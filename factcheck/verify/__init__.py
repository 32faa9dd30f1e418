"""From a claim and the passages retrieved for it to a verdict.

A `Judge` (the offline one in `offline`, the language model's in `chain`) says which stance each passage takes and in
which words. `conclude` is code alone: it locates the words, applies the time, independence and number rules, and
aggregates stances to a label. No judge is asked for a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from factcheck.types import Assessment, Candidate, Claim
from factcheck.verify.conclude import conclude
from factcheck.verify.weigh import Weighing

__all__ = ["Judge", "JudgeOfMany", "Weighing", "conclude"]


class Judge(Protocol):
    """Says which stance each candidate passage takes towards a claim."""

    @property
    def models(self) -> Mapping[str, str]:
        """Name and revision of what judges, for the report."""
        ...

    @property
    def prompts(self) -> Mapping[str, str]:
        """Prompt names to version and hash; empty for a judge without prompts."""
        ...

    @property
    def weighing(self) -> Weighing:
        """How sources are weighed together, as fitted for this judge."""
        ...

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """Findings for the candidates; one without a finding is neutral.

        Raises:
            JudgeError: the claim could not be judged. It becomes `not_checked` with the error's sentence.
        """
        ...


@runtime_checkable
class JudgeOfMany(Judge, Protocol):
    """A judge to whom many claims together cost less than one after another, and who says the same of each."""

    def judge_many(self, asked: Sequence[tuple[Claim, Sequence[Candidate]]]) -> Sequence[Assessment]:
        """The assessment of each claim by its own candidates."""
        ...
