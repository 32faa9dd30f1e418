"""A judge that is shown what a person sees: no hidden text, no sentences that give orders to machines.

The judge inside reads clean copies of the claim and of its passages. What it quotes is found in the copy and handed on
in the source's own characters, so that the rest of the way (`conclude`, the report) knows nothing of copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from factcheck.errors import JudgeError
from factcheck.text import locate
from factcheck.text.shown import Shown, plainly, shown, told, without_hidden
from factcheck.types import Assessment, Candidate, Claim, Document, Finding, Span
from factcheck.verify import Judge, JudgeOfMany
from factcheck.verify.weigh import Weighing

SOURCES_NAMED = 5
"""Sources whose hidden text a claim's notes name one by one; the others are counted."""

Asked = tuple[Claim, Sequence[Candidate]]


def shown_to(judge: Judge) -> Judge:
    """The judge, shown what a person sees; it takes many claims at once if the judge inside does."""
    return _ManyShown(judge) if isinstance(judge, JudgeOfMany) else _Shown(judge)


class _Case(NamedTuple):
    """What a judge is shown of a claim and its candidates, and the readings that lead back."""

    claim: Claim
    candidates: tuple[Candidate, ...]
    readings: Mapping[str, tuple[Shown, Document]]
    """Of each passage in which something was not read, by its id."""
    notes: tuple[str, ...]


class _Shown:
    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @property
    def models(self) -> Mapping[str, str]:
        return self._judge.models

    @property
    def prompts(self) -> Mapping[str, str]:
        return self._judge.prompts

    @property
    def weighing(self) -> Weighing:
        return self._judge.weighing

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        case = _case(claim, candidates)
        return _back(case, self._judge.judge(case.claim, case.candidates))


class _ManyShown(_Shown):
    _judge: JudgeOfMany

    def judge_many(self, asked: Sequence[Asked]) -> list[Assessment]:
        cases = [_case(claim, candidates) for claim, candidates in asked]
        found = self._judge.judge_many([(case.claim, case.candidates) for case in cases])
        return [_back(case, assessment) for case, assessment in zip(cases, found, strict=True)]


def _case(claim: Claim, candidates: Sequence[Candidate]) -> _Case:
    read = shown(claim.text)
    if not read.text.strip():
        raise JudgeError("There is nothing to check: the claim is hidden text or an order to a machine.")
    own = told(shown(claim.source_text).unread) or told(read.unread)
    notes = [f"not read in the claim's own words: {own}"] if own else []
    if read.unread or claim.speaker or claim.context:
        fields = {"text": read.text.strip(), "speaker": plainly(claim.speaker), "context": plainly(claim.context)}
        claim = claim.model_copy(update=fields)
    readings: dict[str, tuple[Shown, Document]] = {}
    clean = []
    for candidate in candidates:
        passage, document = candidate.passage, candidate.document
        reading = shown(document.text, Span(start=passage.start, end=passage.end))
        clean.append(_clean(candidate, reading))
        if reading.unread:
            readings[passage.id] = reading, document
    notes += _notes(clean, readings)
    return _Case(claim, tuple(clean), readings, tuple(notes))


def _clean(candidate: Candidate, reading: Shown) -> Candidate:
    """The candidate with its passage as it is read, in a document whose other text is free of what is hidden."""
    passage, document = candidate.passage, candidate.document
    before = without_hidden(document.text, Span(start=0, end=passage.start))
    after = without_hidden(document.text, Span(start=passage.end, end=len(document.text)))
    names = {name: plainly(getattr(document, name)) for name in ("title", "publisher", "author")}
    text = f"{before}{reading.text}{after}"
    if text == document.text and all(getattr(document, name) == value for name, value in names.items()):
        return candidate
    start, end = len(before), len(before) + len(reading.text)
    return candidate.model_copy(
        update={
            "document": document.model_copy(update={"text": text, **names}),
            "passage": passage.model_copy(update={"start": start, "end": end, "text": reading.text}),
        }
    )


def _notes(candidates: Iterable[Candidate], readings: Mapping[str, tuple[Shown, Document]]) -> list[str]:
    said = []
    for candidate in candidates:
        document, reading = candidate.document, readings.get(candidate.passage.id)
        words = told(reading[0].unread) if reading else ""
        words = "; ".join(filter(None, (words, document.unseen)))
        if words:
            said.append(f"not read in the source “{document.title or document.publisher or document.id}”: {words}")
    more = len(said) - SOURCES_NAMED
    return [*said[:SOURCES_NAMED], *([f"hidden text or orders to machines in {more} more sources"] if more > 0 else [])]


def _back(case: _Case, assessment: Assessment) -> Assessment:
    if not case.readings and not case.notes:
        return assessment
    findings = tuple(_restored(finding, case) for finding in assessment.findings)
    return assessment.model_copy(update={"findings": findings, "notes": (*assessment.notes, *case.notes)})


def _restored(finding: Finding, case: _Case) -> Finding:
    """The finding with its quote in the source's own characters; without one where words not read stand inside it."""
    if finding.passage_id not in case.readings or not finding.quote.strip():
        return finding
    reading, document = case.readings[finding.passage_id]
    found = locate(finding.quote, reading.text)
    if found is None:
        return finding
    place = reading.place(found.start, found.end)
    return finding.model_copy(update={"quote": place.of(document.text) if reading.silent(place) else ""})
