"""A second opinion: beside the language model the offline verifier reads the sources, and confidence follows both.

A language model's own figures of confidence mean little (Xiong et al., 2024, arXiv:2306.13063); whether another reader,
trained apart from it, comes to the same stance says more. Findings, stances and quotes stay the language model's. Only
the probability of each stance that it takes is set, from the offline verifier's probability of that same stance.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import FactcheckError, ModelError
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim, Finding, Stance
from factcheck.verify import Judge
from factcheck.verify.weigh import Weighing

CLIP = 0.02
"""The offline verifier's probabilities are taken as no surer than this and its complement."""

_COLUMNS: tuple[Stance, ...] = ("supports", "refutes", "neutral")

_log = logging.getLogger(__name__)


class Agreement(NamedTuple):
    """How likely a language model's stance is right, given the offline verifier's probability p of that stance:
    sigmoid(a + b logit p), as Platt (1999) scales a score."""

    a: float
    b: float

    def probability(self, offline: float) -> float:
        """The probability that the stance is right."""
        return float(_sigmoid(self.a + self.b * _logits(np.array([offline])))[0])


FIRST_GUESS = Agreement(a=1.29, b=0.3)
"""For a model that nobody has measured. Where the verifier finds the stance just likely enough to take it itself (0.35)
it is 0.75, the trust in a stance without a second opinion; where it is sure of another one it is 0.53, so that the
verifier alone does not overrule; where it is sure of the same one, 0.92. A model of 1.5 billion parameters deserves
far less (a 0.476, b 0.906: benchmarks/RESULTS.md), a large one more: `second_opinion_a` and `_b` of the settings."""


def fit_agreement(rows: Sequence[tuple[float, bool]], prior: Agreement = FIRST_GUESS) -> Agreement:
    """The values for which what happened is likeliest: logistic regression by Newton's method.

    Args:
        rows: for each stance that a language model took the offline verifier's probability of it, and whether it was
            right.
        prior: where the values stay without rows; each has a normal prior of standard deviation 1 around it, so that
            a few rows, or rows that are all right, still give a usable fit.

    Returns:
        The values; `b` is never below 0, since agreement is no reason for doubt.
    """
    told = np.array([offline for offline, _ in rows], np.float64)
    right = np.array([correct for _, correct in rows], np.float64)
    inputs = np.stack([np.ones(len(rows)), _logits(told)], axis=1)
    centre = np.array(prior)
    values = _newton(inputs, right, centre, np.array([True, True]))
    if values[1] < 0:
        values = _newton(inputs, right, np.array([prior.a, 0.0]), np.array([True, False]))
    return Agreement(*(round(float(value), 3) for value in values))


def revise(first: Assessment, second: Assessment, agreement: Agreement = FIRST_GUESS) -> Assessment:
    """The first assessment with the probability of each stance as the second bears it out.

    Args:
        first: of a language model. A neutral finding is weighed as silence, whatever its probability: it keeps it.
        second: of a judge that gives `probabilities`, on the same candidates.
        agreement: what makes a probability of the two.

    Returns:
        The findings of the first, with a note on the number of sources that the two read differently.
    """
    others = {finding.passage_id: finding for finding in second.findings}
    pairs = [(finding, others.get(finding.passage_id)) for finding in first.findings]
    both = [(one, other) for one, other in pairs if other is not None]
    differ = sum(one.stance != other.stance for one, other in both)
    notes = (f"the offline verifier reads {differ} of {len(both)} sources differently",) if differ else ()
    findings = tuple(_revised(one, other, agreement) for one, other in pairs)
    return first.model_copy(update={"findings": findings, "notes": first.notes + notes})


def offline_probability(stance: Stance, finding: Finding) -> float | None:
    """The probability of a stance in a finding that has them all, None in another."""
    if finding.probabilities is None:
        return None
    return finding.probabilities[_COLUMNS.index(stance)]


class SecondOpinionJudge:
    """Judges as the first judge does, with probabilities that a second one bears out.

    Args:
        first: the language model's judge; what it finds is what is found.
        second: the offline judge. Whatever goes wrong in it costs the second opinion and nothing else.
        agreement: what makes a probability of the two.
    """

    def __init__(self, first: Judge, second: Judge, agreement: Agreement = FIRST_GUESS) -> None:
        self._first = first
        self._second = second
        self._agreement = agreement
        # The verifier takes all cores for one claim: several at once would only be in each other's way.
        self._one_at_a_time = threading.Lock()

    @property
    def models(self) -> Mapping[str, str]:
        """Both, each by its own name."""
        return {**self._first.models, **self._second.models}

    @property
    def prompts(self) -> Mapping[str, str]:
        """Those of both."""
        return {**self._first.prompts, **self._second.prompts}

    @property
    def weighing(self) -> Weighing:
        """As the first judge's sources are weighed."""
        return self._first.weighing

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """The first judge's assessment, its stances with a probability; a note says where there is none.

        Raises:
            JudgeError: the first judge could not judge the claim.
        """
        found = self._first.judge(claim, candidates)
        if not found.findings:
            return found
        try:
            with self._one_at_a_time:
                second = self._second.judge(claim, candidates)
            return revise(found, second, self._agreement)
        except Exception as error:  # the claim is judged: what goes wrong now must not cost it
            _log.warning("no second opinion on claim %s", claim.id, exc_info=error)
            why = str(error) if isinstance(error, FactcheckError) else f"an internal error, {type(error).__name__}"
            return found.model_copy(update={"notes": (*found.notes, f"no second opinion: {why}")})

    def with_opinion(self, claim: Claim, candidates: Sequence[Candidate], second: Assessment) -> Assessment:
        """The same where the second judge's assessment is known already.

        Raises:
            JudgeError: the first judge could not judge the claim.
        """
        found = self._first.judge(claim, candidates)
        return revise(found, second, self._agreement) if found.findings else found


def llm_judge(settings: Settings, note: Callable[[str], None] | None = None) -> Judge:
    """The language model's judge, with a second opinion where the settings want one and the verifier can be loaded; the
    verifier comes before it where they want a cascade.

    Args:
        settings: the language model, `second_opinion` and `cascade`.
        note: told in a sentence when there is no second opinion.

    Raises:
        SettingsError: the model or its prompt cannot be used.
    """
    from factcheck.verify.chain import LLMJudge

    first = LLMJudge(settings)
    if not settings.second_opinion and settings.cascade is None:
        return first
    from factcheck.verify.offline import OfflineJudge

    try:
        offline = OfflineJudge.load(settings)
    except ModelError as error:
        (note or _log.warning)(f"The language model judges without a second opinion: {error}")
        return first
    agreement = Agreement(settings.second_opinion_a, settings.second_opinion_b)
    judge = SecondOpinionJudge(first, offline, agreement) if settings.second_opinion else first
    if settings.cascade is None:
        return judge
    from factcheck.verify.cascade import CascadeJudge

    return CascadeJudge(offline, judge, settings.cascade)


def _revised(one: Finding, other: Finding | None, agreement: Agreement) -> Finding:
    offline = None if other is None or one.stance == "neutral" else offline_probability(one.stance, other)
    if offline is None:
        return one
    return one.model_copy(update={"probability": round(agreement.probability(offline), 4)})


def _newton(
    inputs: NDArray[np.float64], right: NDArray[np.float64], centre: NDArray[np.float64], free: NDArray[np.bool_]
) -> NDArray[np.float64]:
    values, inputs = centre.copy(), inputs * free
    for _ in range(50):
        told = _sigmoid(inputs @ values)
        slope = inputs.T @ (told - right) + (values - centre)
        curve = (inputs * (told * (1 - told))[:, None]).T @ inputs + np.eye(2)
        step = np.linalg.solve(curve, slope)
        # A far prior can make the first steps too long to come back from.
        values = values - step / max(1.0, float(np.abs(step).max()))
    return values


def _logits(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(probabilities, CLIP, 1 - CLIP)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float64)


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float64)
