"""The offline judge: entailment by the shipped model, weighed with what code reads in the source.

A passage as a whole, each of its sentences and each pair of neighbours is scored against the claim. Code reads what
small cross-encoders are known to get wrong: numbers and dates, who it is about, negation. Where a source differs from
the claim in a value, the claim is scored again with the source's own value put in: if that is entailed, the source
speaks of the same thing (a counterfactual in the sense of Kaushik et al., 2020). A fitted regression turns all of it
into probabilities that the source supports, refutes or says nothing (`stance`); the few rules that no fit is trusted
with come after it: denials, and who said what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from factcheck.compare import NumberCheck, compare
from factcheck.dates import find_dates
from factcheck.lexical import words_of
from factcheck.settings import Settings
from factcheck.text import sentences
from factcheck.types import Assessment, Candidate, Claim, Comparison, Document, Finding, Span, Stance
from factcheck.verify.checks import (
    Refutation,
    is_fact_check,
    refutation,
    tells_a_finding,
    tells_what_was_posted,
)
from factcheck.verify.cues import denies_the_same, is_news_outlet, opens_with_pronoun, reports_denial, reports_saying
from factcheck.verify.found import how_found
from factcheck.verify.stance import Reading, StanceHead, negated
from factcheck.verify.subjects import missing_speaker, missing_subject, names_missing
from factcheck.verify.weigh import Weighing
from factcheck.verify.wording import plain_claim, plain_source

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEAKS_AT = 0.35
"""Least probability of a side for a source to be shown as taking it."""

FOUND_SPEAKS_AT = 0.3
"""The same for a source that retrieval brought: its probabilities allow for that and are lower."""

WORTH_REWORDING = (0.08, 0.5)
"""Probabilities of `supported` between which a plainer wording is tried."""

WORTH_READING = 0.1
"""Probability of either side, for a passage as a whole, from which its sentences are read one by one.

Of 1,920 passages of more than two sentences 67 % are below it; 1.9 % of all, and 5 of those that annotators gave, hold
a sentence that the model would have taken for one side.
"""

ABOUT_CHARS = 5000
"""How much of a document is searched for the names of those it is about."""

ANOTHER_MATTER = 0.1
"""Probability that a source with another value entails the claim with its own value put in, below which it speaks of
something else: so it is for 49 % of the passages that were not given, and 9 % of those that refute."""

POSTED_UNLESS = 0.6
"""Probability of support, by what a fact-check found and not by what was posted, from which it is no refutation."""

UNITS_PER_PASSAGE = 8
"""Sentences and pairs of neighbours scored of a passage; of one with more sentences, every sentence."""

_SUPPORTED, _REFUTED = 0, 1


Asked = tuple[Claim, Sequence[Candidate]]
"""A claim and the candidates to judge it by."""
_Pair = tuple[str, str]
"""Claim first, evidence second, as the model takes them."""


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
    whole: bool = False


class Heard(NamedTuple):
    """What one candidate says: the reading, the words for and against, the number check, and where it refutes the
    claim as a fact-check of it."""

    reading: Reading
    supporting: Span
    refuting: Span
    check: NumberCheck
    refuted_by: Refutation | None = None


class OfflineJudge:
    """Judges by entailment and code; no key, no network."""

    def __init__(self, model: Entailment, head: StanceHead) -> None:
        self._model = model
        self._head = head

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The judge with the verifier that ships.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        from factcheck.entail import default_directory, load_verifier
        from factcheck.verify.stance import read_head

        model = load_verifier(settings)
        head = read_head(default_directory() / "stance.json", model.revision)
        if settings.embedding_model != "packaged":
            head = head._replace(found=head.found_otherwise)
        return cls(model, head)

    @property
    def models(self) -> Mapping[str, str]:
        """The verifier's name and revision."""
        return {"verifier": f"{self._model.name}@{self._model.revision}"}

    @property
    def prompts(self) -> Mapping[str, str]:
        """None: this judge has no prompts."""
        return {}

    @property
    def weighing(self) -> Weighing:
        """As fitted with the regression that turns readings into probabilities."""
        return self._head.weighing

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """A finding for every candidate, with the probabilities of its stances."""
        return self.judge_many([(claim, candidates)])[0]

    def judge_many(self, asked: Sequence[Asked]) -> list[Assessment]:
        """The assessment of each claim by its own candidates; the model is asked about all of them together."""
        heard = self.read_many(asked)
        return [self._assessed(claim, candidates, one) for (claim, candidates), one in zip(asked, heard, strict=True)]

    def read(self, claim: Claim, candidates: Sequence[Candidate]) -> list[Heard]:
        """What the model and code read in each candidate, before anything is weighed."""
        return self.read_many([(claim, candidates)])[0]

    def read_many(self, asked: Sequence[Asked]) -> list[list[Heard]]:
        """The same for each of many claims: passages, their sentences, plainer wordings and counterfactuals are four
        calls of the model for all of them."""
        cases = [_case(claim, candidates) for claim, candidates in asked]
        scores = [_without_what_was_posted(case, rows) for case, rows in zip(cases, self._scores(cases), strict=True)]
        readings = [_so_far(case, rows) for case, rows in zip(cases, scores, strict=True)]
        plainer = self._plainer(readings)
        swapped = self._counterfactuals(readings)
        return [_heard(*parts) for parts in zip(readings, plainer, swapped, strict=True)]

    def _assessed(self, claim: Claim, candidates: Sequence[Candidate], heard: Sequence[Heard]) -> Assessment:
        rows = self._head.probabilities([one.reading for one in heard])
        found = how_found(candidates) if self._head.found else None
        if self._head.found and found:
            rows = self._head.found.probabilities(rows, found)
        findings = [
            _finding(claim, candidate, one, row, FOUND_SPEAKS_AT if found else SPEAKS_AT)
            for candidate, one, row in zip(candidates, heard, rows, strict=True)
        ]
        return Assessment(findings=tuple(findings), among_found=found is not None)

    def _rows(self, asked: Sequence[Sequence[_Pair]]) -> list[NDArray[np.floating]]:
        """The model's rows for each claim's pairs, out of one call."""
        pairs = [pair for of_claim in asked for pair in of_claim]
        rows = self._model.scores(pairs) if pairs else np.zeros((0, 3))
        return np.split(rows, np.cumsum([len(of_claim) for of_claim in asked])[:-1]) if asked else []

    def _scores(self, cases: Sequence[_Case]) -> list[NDArray[np.floating]]:
        """The model's rows for the units of each case. The sentences of a passage that as a whole says nothing are not
        read one by one: they get the row of certain silence.
        """
        scores = [np.tile(np.array([0.0, 0.0, 1.0]), (len(case.units), 1)) for case in cases]

        def ask(wanted: Sequence[Sequence[int]]) -> None:
            rows = self._rows([[case.pair(u) for u in units] for case, units in zip(cases, wanted, strict=True)])
            for own, units, found in zip(scores, wanted, rows, strict=True):
                own[units] = found

        ask([case.first for case in cases])
        ask([case.later(own) for case, own in zip(cases, scores, strict=True)])
        return scores

    def _plainer(self, readings: Sequence[_SoFar]) -> list[dict[int, NDArray[np.floating]]]:
        """The model's row for each candidate whose plainer wording supports a plainer wording of the claim."""
        asked = [list(_reworded(reading)) for reading in readings]
        rows = self._rows([[pair for _, pair in of_claim] for of_claim in asked])
        return [
            {i: row for (i, _), row in zip(of_claim, found, strict=True) if row[_SUPPORTED] > WORTH_REWORDING[1]}
            for of_claim, found in zip(asked, rows, strict=True)
        ]

    def _counterfactuals(self, readings: Sequence[_SoFar]) -> list[dict[int, float]]:
        """For each candidate that differs in a value: how surely it entails the claim with its own value put in."""
        asked = [list(_swapped(reading)) for reading in readings]
        rows = self._rows([[pair for _, pair in of_claim] for of_claim in asked])
        return [
            {i: float(row[_SUPPORTED]) for (i, _), row in zip(of_claim, found, strict=True)}
            for of_claim, found in zip(asked, rows, strict=True)
        ]


class _Case(NamedTuple):
    """A claim and its candidates, cut into what the model is asked about."""

    claim: Claim
    candidates: Sequence[Candidate]
    units: Sequence[_Unit]
    of: Sequence[Sequence[int]]
    """The units of each candidate."""

    def pair(self, u: int) -> _Pair:
        """What the model is asked about a unit."""
        return self.claim.text, _premise(self.candidates[self.units[u].candidate], self.units[u].text)

    @property
    def whole(self) -> dict[int, int]:
        """Of each candidate that is read as a whole first, that unit."""
        return {unit.candidate: u for u, unit in enumerate(self.units) if unit.whole}

    @property
    def first(self) -> list[int]:
        """The units that are asked about at any rate."""
        whole = self.whole
        return [u for u, unit in enumerate(self.units) if unit.whole or unit.candidate not in whole]

    def later(self, scores: NDArray[np.floating]) -> list[int]:
        """The sentences of those candidates that say something as a whole."""
        speaking = {i for i, u in self.whole.items() if scores[u, : _REFUTED + 1].sum() >= WORTH_READING}
        return [u for u, unit in enumerate(self.units) if not unit.whole and unit.candidate in speaking]


class _SoFar(NamedTuple):
    """A case when its units are scored: the best unit for and against of each candidate, and its number check."""

    case: _Case
    scores: NDArray[np.floating]
    best: Sequence[tuple[int, int]]
    checks: Sequence[NumberCheck]


def _case(claim: Claim, candidates: Sequence[Candidate]) -> _Case:
    of: list[list[int]] = []
    units: list[_Unit] = []
    for i, candidate in enumerate(candidates):
        own = list(_units(i, candidate))
        of.append(list(range(len(units), len(units) + len(own))))
        units += own
    return _Case(claim, candidates, units, of)


def _so_far(case: _Case, scores: NDArray[np.floating]) -> _SoFar:
    best = [_best(case.units, scores, own) for own in case.of]
    return _SoFar(case, scores, best, [_numbers(case.claim, candidate) for candidate in case.candidates])


def _heard(reading: _SoFar, plainer: Mapping[int, NDArray[np.floating]], swapped: Mapping[int, float]) -> list[Heard]:
    claim, candidates, units, of = reading.case
    denies = _denies(claim)
    return [
        Heard(
            reading=_reading(
                claim, candidate, reading.scores[of[i]], plainer.get(i), swapped.get(i), reading.checks[i]
            ),
            supporting=units[reading.best[i][0]].span,
            refuting=units[reading.best[i][1]].span,
            check=reading.checks[i],
            refuted_by=None if denies else refutation(claim, candidate.document),
        )
        for i, candidate in enumerate(candidates)
    ]


def _reworded(reading: _SoFar) -> Iterator[tuple[int, _Pair]]:
    """The candidates that a plainer wording may bring out, each with the pair in that wording."""
    claim, candidates, units, _ = reading.case
    low, high = WORTH_REWORDING
    for i, (u, _) in enumerate(reading.best):
        if not low <= reading.scores[u, _SUPPORTED] < high or reading.checks[i].verdict == "disagree":
            continue
        premise = _premise(candidates[i], units[u].text)
        agree = reading.checks[i].verdict == "agree"
        text = plain_claim(claim.text, premise, claim.language, claim.as_of, dates_agree=agree)
        source = plain_source(premise, claim.text)
        if text != claim.text or source != premise:
            yield i, (text, source)


def _swapped(reading: _SoFar) -> Iterator[tuple[int, _Pair]]:
    """The candidates that differ in a value, each with the pair in which the claim has the source's value."""
    claim, candidates, units, of = reading.case
    for i, check in enumerate(reading.checks):
        if check.verdict == "disagree" and (swapped := _with_source_values(claim.text, check.comparisons)):
            most = max(of[i], key=lambda u: float(reading.scores[u, : _REFUTED + 1].max()))
            premise = _premise(candidates[i], units[most].text)
            plain = plain_claim(swapped, premise, claim.language, claim.as_of, dates_agree=False)
            yield i, (plain, plain_source(premise, claim.text))


def _denies(claim: Claim) -> bool:
    """Whether the claim is itself a finding, such as a fact-check's: that something is false or did not happen."""
    return negated(claim.text) or tells_a_finding(claim.text)


def _without_what_was_posted(case: _Case, scores: NDArray[np.floating]) -> NDArray[np.floating]:
    """The scores, in which the words of a fact-check on what was posted support nothing."""
    if _denies(case.claim):
        return scores
    checked = [is_fact_check(candidate.document) for candidate in case.candidates]
    posted = [u for u, unit in enumerate(case.units) if checked[unit.candidate] and tells_what_was_posted(unit.text)]
    if posted:
        scores = scores.copy()
        scores[posted, 2] += scores[posted, _SUPPORTED]
        scores[posted, _SUPPORTED] = 0.0
    return scores


def about(candidate: Candidate) -> str:
    """Where a source may name those it speaks of: its title, its document and the passage."""
    document = candidate.document
    return f"{document.title or ''} {document.text[:ABOUT_CHARS]} {candidate.passage.text}"


def _units(index: int, candidate: Candidate) -> Iterator[_Unit]:
    """The sentences of a passage, the pairs of neighbours and, if it has more, the whole, as spans of the document."""
    passage = candidate.passage
    spans = sentences(passage.text, candidate.document.language) or (Span(start=0, end=len(passage.text)),)
    pairs = [Span(start=a.start, end=b.end) for a, b in pairwise(spans)]
    for span in (*spans, *pairs)[: max(UNITS_PER_PASSAGE, len(spans))]:
        moved = Span(start=span.start + passage.start, end=span.end + passage.start)
        yield _Unit(index, moved, span.of(passage.text))
    if len(spans) > 2:
        yield _Unit(index, Span(start=passage.start, end=passage.end), passage.text, whole=True)


def _premise(candidate: Candidate, text: str) -> str:
    """The text with its document's title before it, which often names what a sentence is about."""
    title = candidate.document.title
    return f"{title}. {text}" if title and title not in text else text


def _best(units: Sequence[_Unit], scores: NDArray[np.floating], own: Sequence[int]) -> tuple[int, int]:
    """The units with the most to say for and against the claim; a short one is quoted rather than a long one."""

    def most(column: int) -> int:
        chosen = own[0]
        for u in own:
            if not units[u].whole and scores[u, column] > scores[chosen, column] + 0.02:
                chosen = u
        return chosen

    return most(_SUPPORTED), most(_REFUTED)


def _reading(
    claim: Claim,
    candidate: Candidate,
    scores: NDArray[np.floating],
    plainer: NDArray[np.floating] | None,
    counterfactual: float | None,
    check: NumberCheck,
) -> Reading:
    ours, theirs = (
        _content(claim.text, claim.language),
        _content(_premise(candidate, candidate.passage.text), candidate.document.language),
    )
    whole = scores[-1]
    if plainer is not None:
        scores = np.vstack([scores, plainer])
        whole = plainer if plainer[_SUPPORTED] > whole[_SUPPORTED] else whole
    text = candidate.passage.text
    return Reading(
        support=float(scores[:, _SUPPORTED].max()),
        refute=float(scores[:, _REFUTED].max()),
        whole=(float(whole[0]), float(whole[1]), float(whole[2])),
        numbers=check.verdict,
        counterfactual=counterfactual,
        subject_missing=bool(missing_subject(claim, about(candidate))) and not _opens_unnamed(candidate),
        names_missing=names_missing(claim, f"{candidate.document.title or ''} {text}"),
        words_shared=len(ours & theirs) / len(ours) if ours else 0.0,
        negation_differs=negated(claim.text) != negated(text),
        units=len(scores),
    )


def _opens_unnamed(candidate: Candidate) -> bool:
    """Whether a sentence of the passage names its subject by a pronoun, so that the name stands elsewhere."""
    text = candidate.passage.text
    return any(opens_with_pronoun(span.of(text)) for span in sentences(text, candidate.document.language))


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


def _content(text: str, language: str | None) -> frozenset[str]:
    return frozenset(w for w in words_of(text, language) if len(w) > 3 and not w.startswith("#"))


class _Opinion(NamedTuple):
    """A source's probabilities on their way through the rules."""

    supports: float
    refutes: float
    note: str = ""
    speaks_at: float = SPEAKS_AT

    @property
    def stance(self) -> Stance:
        if max(self.supports, self.refutes) < self.speaks_at:
            return "neutral"
        return "supports" if self.supports >= self.refutes else "refutes"

    def silenced(self, note: str) -> _Opinion:
        """The same source, which says nothing of the claim."""
        return self._replace(supports=min(self.supports, 0.05), refutes=min(self.refutes, 0.05), note=note)


def _finding(
    claim: Claim, candidate: Candidate, heard: Heard, row: NDArray[np.float64], speaks_at: float = SPEAKS_AT
) -> Finding:
    opinion = _Opinion(float(row[_SUPPORTED]), float(row[_REFUTED]), speaks_at=speaks_at)
    document = candidate.document
    refuting = heard.refuting
    if heard.refuted_by and opinion.supports < POSTED_UNLESS:
        sure = max(opinion.refutes, _sure_of_posting(heard.refuted_by))
        opinion = opinion._replace(supports=0.02, refutes=sure, note="a fact-check of this claim")
        refuting = heard.refuted_by.finding
    swapped = heard.reading.counterfactual
    if heard.check.verdict == "disagree" and swapped is not None and swapped < ANOTHER_MATTER:
        opinion = opinion.silenced("the source gives another number or date, of something else")
    if opinion.stance == "refutes" and _tells_of_later(claim, document):
        opinion = opinion.silenced("the source is older than what the claim tells of")
    if opinion.stance != "neutral":
        said = (heard.supporting if opinion.stance == "supports" else refuting).of(document.text)
        opinion = _by_frame(_by_denial(opinion, claim, said), claim, candidate, said)
    stance = opinion.stance
    neutral = max(0.0, 1.0 - opinion.supports - opinion.refutes)
    return Finding(
        passage_id=candidate.passage.id,
        stance=stance,
        quote=(refuting if opinion.refutes > opinion.supports else heard.supporting).of(document.text),
        probability=round({"supports": opinion.supports, "refutes": opinion.refutes, "neutral": neutral}[stance], 4),
        probabilities=(round(opinion.supports, 6), round(opinion.refutes, 6), round(neutral, 6)),
        comparisons=heard.check.comparisons,
        note=opinion.note or _silent_note(claim, candidate, heard, stance),
    )


def _tells_of_later(claim: Claim, document: Document) -> bool:
    """Whether all the days that a claim names lie after the source appeared: it may announce them, not refute them."""
    public = document.public_from
    days = find_dates(claim.text, claim.language, claim.as_of)
    return public is not None and bool(days) and all(day.first > public for day in days)


def _sure_of_posting(found: Refutation) -> float:
    """How sure it is that the fact-check is of this claim, by the share of the claim's words that was posted."""
    return 0.4 + 0.5 * found.share


def _silent_note(claim: Claim, candidate: Candidate, heard: Heard, stance: Stance) -> str:
    """Why a source that says nothing does so, where code can tell."""
    if stance == "neutral" and heard.reading.subject_missing:
        return f"the source does not mention {missing_subject(claim, about(candidate))}"
    return ""


def _by_denial(opinion: _Opinion, claim: Claim, said: str) -> _Opinion:
    if opinion.stance == "supports" and reports_denial(said, claim.text):
        note = "the source reports a denial of this"
        return opinion._replace(supports=opinion.refutes, refutes=opinion.supports, note=note)
    if opinion.stance == "supports" and denies_the_same(said, claim.text):
        # Of such pairs that the model takes for support about half are none.
        half = opinion.supports / 2
        return opinion._replace(supports=half, refutes=opinion.refutes + half, note="one denies what the other says")
    return opinion


def _by_frame(opinion: _Opinion, claim: Claim, candidate: Candidate, said: str) -> _Opinion:
    """Who said it, and whether saying it is all that the source reports."""
    if claim.kind == "attribution" and (gap := missing_speaker(claim, about(candidate))):
        return opinion.silenced(f"the source does not give these words to {gap}")
    if claim.kind != "reported" or not reports_saying(said) or is_news_outlet(f"{claim.speaker} {said}"):
        return opinion
    if claim.speaker and not missing_speaker(claim, said):
        return opinion.silenced(f"the source reports only that {claim.speaker} said so")
    return opinion.silenced("the source reports only that somebody else said so too")
