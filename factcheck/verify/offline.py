"""The offline judge: sentence-level entailment by the shipped model, with the checks no small model is trusted with.

Every sentence of a passage and every pair of neighbours is scored against the claim; the strongest decides the
passage's stance, and its words are the quote. Then code looks at what small cross-encoders are known to get wrong:
who it is about, and numbers. Where a source differs from the claim in a number or date only, the claim is scored
again with the source's own value put in: if that is entailed, the source speaks of the same thing and refutes the
claim (a counterfactual in the sense of Kaushik et al., 2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from factcheck.compare import NumberCheck, compare
from factcheck.lexical import words_of
from factcheck.settings import Settings
from factcheck.text import sentences
from factcheck.types import Assessment, Candidate, Claim, Comparison, Finding, Span, Stance
from factcheck.verify.cues import is_news_outlet, opens_with_pronoun, reports_denial, reports_saying
from factcheck.verify.subjects import missing_speaker, missing_subject
from factcheck.verify.wording import plain_claim, plain_source

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPPORT_AT = 0.5
"""Least probability of `supported` for a supporting stance."""

REFUTE_AT = 0.5
"""Least probability of `refuted` for a refuting stance of a source that shares most of the claim's words."""

REFUTE_APART_AT = 0.75
"""The same for a source that does not: unrelated sentences look refuting to a small model, not supporting."""

WORTH_REWORDING = 0.08
"""Least probability of `supported` for which a plainer wording is tried."""

NEAREST = 3
"""A speaker's absence is told of so many of the nearest passages; the others are not scored at all."""

SHARED_WORDS = 0.5
"""Least share of the claim's words that a source must have to speak plainly of the same thing."""

SILENT = 0.9
"""Probability of saying nothing of a passage that does not name whom the claim is about."""

ABOUT_CHARS = 5000
"""How much of a document is searched for the names of those it is about."""

UNITS_PER_PASSAGE = 8
"""Sentences and pairs of neighbours scored of a passage; of one with more sentences, every sentence."""

_SUPPORTED, _REFUTED, _NEITHER = 0, 1, 2


class Entailment(Protocol):
    """A model that scores (claim, evidence) pairs."""

    @property
    def name(self) -> str: ...
    @property
    def revision(self) -> str: ...
    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
        """Probabilities of shape (n, 3): supported, refuted, not enough evidence."""
        ...


class _Unit(NamedTuple):
    candidate: int
    span: Span
    text: str


class OfflineJudge:
    """Judges by entailment and code; no key, no network."""

    def __init__(self, model: Entailment) -> None:
        self._model = model

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The judge with the verifier that ships.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        from factcheck.entail import EntailmentModel

        return cls(EntailmentModel.load(threads=settings.threads))

    @property
    def models(self) -> Mapping[str, str]:
        """The verifier's name and revision."""
        return {"verifier": f"{self._model.name}@{self._model.revision}"}

    @property
    def prompts(self) -> Mapping[str, str]:
        """None: this judge has no prompts."""
        return {}

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """A finding for every candidate, with the model's probability of its stance."""
        apart = {i: why for i, one in enumerate(candidates) if (why := _cannot_speak(claim, one, i))}
        units = [unit for i, candidate in enumerate(candidates) if i not in apart for unit in _units(i, candidate)]
        silent = tuple(_silent(candidates[i], why) for i, why in apart.items())
        if not units:
            return Assessment(findings=silent)
        scores = self._model.scores([(claim.text, _premise(candidates[u.candidate], u)) for u in units])
        best = _strongest(units, scores, len(candidates))
        checks = {i: _numbers(claim, candidates[i]) for i in best}
        scores = self._plainer(claim, candidates, best, units, checks, scores)
        counterfactual = self._counterfactuals(claim, candidates, best, units, checks)
        findings = [
            _finding(claim, candidates[i], units[u], scores[u], checks[i], counterfactual.get(i))
            for i, u in best.items()
        ]
        return Assessment(findings=(*findings, *silent))

    def _plainer(
        self,
        claim: Claim,
        candidates: Sequence[Candidate],
        best: Mapping[int, int],
        units: Sequence[_Unit],
        checks: Mapping[int, NumberCheck],
        scores: NDArray[np.floating],
    ) -> NDArray[np.floating]:
        """The scores, with the row of a plainer wording where that one shows that the source does say it."""
        asked: list[tuple[int, str, str]] = []
        for i, u in best.items():
            premise = _premise(candidates[i], units[u])
            if not WORTH_REWORDING <= scores[u, _SUPPORTED] < SUPPORT_AT or checks[i].verdict == "disagree":
                continue
            agree = checks[i].verdict == "agree"
            text = plain_claim(claim.text, premise, claim.language, claim.as_of, dates_agree=agree)
            source = plain_source(premise, claim.text)
            if text != claim.text or source != premise:
                asked.append((u, text, source))
        if not asked:
            return scores
        rows = self._model.scores([(text, source) for _, text, source in asked])
        scores = scores.copy()
        for (u, _, _), row in zip(asked, rows, strict=True):
            if row[_SUPPORTED] >= SUPPORT_AT and row[_SUPPORTED] > row[_REFUTED]:
                scores[u] = row
        return scores

    def _counterfactuals(
        self,
        claim: Claim,
        candidates: Sequence[Candidate],
        best: Mapping[int, int],
        units: Sequence[_Unit],
        checks: Mapping[int, NumberCheck],
    ) -> dict[int, float]:
        """For each candidate that differs in a value: how surely it entails the claim with its own value put in."""
        asked: list[tuple[int, str]] = []
        for i, check in checks.items():
            if check.verdict == "disagree" and (swapped := _with_source_values(claim.text, check.comparisons)):
                asked.append((i, swapped))
        if not asked:
            return {}
        pairs = []
        for i, text in asked:
            premise = _premise(candidates[i], units[best[i]])
            plain = plain_claim(text, premise, claim.language, claim.as_of, dates_agree=False)
            pairs.append((plain, plain_source(premise, claim.text)))
        scores = self._model.scores(pairs)
        return {i: float(row[_SUPPORTED]) for (i, _), row in zip(asked, scores, strict=True)}


def _about(candidate: Candidate) -> str:
    """Where a source may name those it speaks of: its title, its document and the passage."""
    document = candidate.document
    return f"{document.title or ''} {document.text[:ABOUT_CHARS]} {candidate.passage.text}"


def _cannot_speak(claim: Claim, candidate: Candidate, rank: int) -> str | None:
    """Why a passage cannot take a stance whatever the model says, so that it need not be scored; None if it can."""
    about = _about(candidate)
    if claim.kind == "attribution" and rank >= NEAREST and (gap := missing_speaker(claim, about)):
        return f"the source does not mention {gap}"
    if not (gap := missing_subject(claim, about)):
        return None
    spans = sentences(candidate.passage.text, candidate.document.language)
    if any(opens_with_pronoun(span.of(candidate.passage.text)) for span in spans):
        return None
    return f"the source does not mention {gap}"


def _silent(candidate: Candidate, why: str) -> Finding:
    first = next(iter(_units(0, candidate)))
    return Finding(passage_id=candidate.passage.id, stance="neutral", quote=first.text, probability=SILENT, note=why)


def _units(index: int, candidate: Candidate) -> Iterator[_Unit]:
    """The sentences of a passage and the pairs of neighbours, as spans of the document."""
    passage = candidate.passage
    spans = sentences(passage.text, candidate.document.language) or (Span(start=0, end=len(passage.text)),)
    pairs = [Span(start=a.start, end=b.end) for a, b in pairwise(spans)]
    for span in (*spans, *pairs)[: max(UNITS_PER_PASSAGE, len(spans))]:
        moved = Span(start=span.start + passage.start, end=span.end + passage.start)
        yield _Unit(index, moved, span.of(passage.text))


def _premise(candidate: Candidate, unit: _Unit) -> str:
    """The unit with its document's title before it, which often names what the sentence is about."""
    title = candidate.document.title
    return f"{title}. {unit.text}" if title and title not in unit.text else unit.text


def _strongest(units: Sequence[_Unit], scores: NDArray[np.floating], candidates: int) -> dict[int, int]:
    """For each candidate the unit that says most for or against the claim."""
    best: dict[int, int] = {}
    for u, unit in enumerate(units):
        known = best.get(unit.candidate)
        if known is None or scores[u, :_NEITHER].max() > scores[known, :_NEITHER].max() + 0.02:
            best[unit.candidate] = u
    return dict(sorted(best.items())) if candidates else {}


def _numbers(claim: Claim, candidate: Candidate) -> NumberCheck:
    document = candidate.document
    return compare(
        claim.text,
        candidate.passage.text,
        claim_language=claim.language,
        source_language=document.language,
        claim_base=claim.as_of,
        source_base=document.public_from,
    )


def _with_source_values(text: str, comparisons: Sequence[Comparison]) -> str | None:
    """The claim with every differing value replaced by the source's, or None where that cannot be done by text."""
    changed = text
    for item in comparisons:
        if not item.agrees:
            if not item.claim_value or item.claim_value not in changed:
                return None
            changed = changed.replace(item.claim_value, item.source_value, 1)
    return changed if changed != text else None


class _Opinion(NamedTuple):
    """A stance on its way through the rules."""

    stance: Stance
    probability: float
    note: str = ""


def _finding(
    claim: Claim,
    candidate: Candidate,
    unit: _Unit,
    row: NDArray[np.floating],
    check: NumberCheck,
    counterfactual: float | None,
) -> Finding:
    opinion = _by_model(row, _refute_at(claim, candidate, unit))
    if opinion.stance == "refutes" and check.verdict == "unmatched":
        opinion = _Opinion("neutral", 0.6)  # another event: the claim's own number or date is not in it
    opinion = _by_counterfactual(opinion, counterfactual, float(row[_REFUTED]))
    if opinion.stance != "neutral":
        opinion = _by_frame(_by_denial(opinion, claim, unit), claim, candidate, unit)
    return Finding(
        passage_id=candidate.passage.id,
        stance=opinion.stance,
        quote=unit.text,
        probability=round(min(max(opinion.probability, 0.0), 1.0), 4),
        comparisons=check.comparisons,
        note=opinion.note,
    )


def _refute_at(claim: Claim, candidate: Candidate, unit: _Unit) -> float:
    """How sure the model must be that a source refutes: surer where the source shares few of the claim's words."""
    ours = _content(claim.text, claim.language)
    theirs = _content(_premise(candidate, unit), candidate.document.language)
    return REFUTE_AT if ours and len(ours & theirs) >= SHARED_WORDS * len(ours) else REFUTE_APART_AT


def _content(text: str, language: str | None) -> frozenset[str]:
    return frozenset(w for w in words_of(text, language) if len(w) > 3 and not w.startswith("#"))


def _by_model(row: NDArray[np.floating], refute_at: float) -> _Opinion:
    supported, refuted = float(row[_SUPPORTED]), float(row[_REFUTED])
    if supported >= SUPPORT_AT and supported >= refuted:
        return _Opinion("supports", supported)
    if refuted >= refute_at and refuted > supported:
        return _Opinion("refutes", refuted)
    return _Opinion("neutral", float(row[_NEITHER]))


def _by_counterfactual(opinion: _Opinion, counterfactual: float | None, refuted: float) -> _Opinion:
    """Where a value differs, the source refutes the claim if it entails the claim with its own value put in.

    If it does not, it speaks of something else that has a number or a date too, and says nothing of the claim.
    """
    if counterfactual is None:
        return opinion
    if counterfactual >= SUPPORT_AT:
        return _Opinion("refutes", max(refuted, counterfactual))
    return _Opinion("neutral", 1.0 - counterfactual)


def _by_denial(opinion: _Opinion, claim: Claim, unit: _Unit) -> _Opinion:
    if opinion.stance == "supports" and reports_denial(unit.text, claim.text):
        return _Opinion("refutes", opinion.probability, "the source reports a denial of this")
    return opinion


def _by_frame(opinion: _Opinion, claim: Claim, candidate: Candidate, unit: _Unit) -> _Opinion:
    """Who it is about, who said it, and whether saying it is all that the source reports."""
    about = _about(candidate)
    if not opens_with_pronoun(unit.text) and (gap := missing_subject(claim, about)):
        return _Opinion("neutral", 0.5, f"the source does not mention {gap}")
    if claim.kind == "attribution" and (gap := missing_speaker(claim, about)):
        return _Opinion("neutral", 0.5, f"the source does not give these words to {gap}")
    repeats = claim.kind == "reported" and claim.speaker and not missing_speaker(claim, unit.text)
    repeats = repeats and not is_news_outlet(claim.speaker or "")
    if repeats and reports_saying(unit.text):
        return _Opinion("neutral", 0.5, f"the source reports only that {claim.speaker} said so")
    return opinion
