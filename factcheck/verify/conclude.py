"""Aggregation by code: located findings to a label, a confidence and a justification.

The rules, in the order in which they are applied to every finding:

1. The quote is located in the passage, else in its document; a quote that is nowhere, or that is hidden text or an
   order to a machine, is shown as the passage and never counts.
2. Numbers and dates of the claim are compared with those of the quote's surroundings by code. A source that gives
   another number for the same thing does not support the claim, whatever the judge said: it refutes it. A source that
   does not give the claim's number at all does not support it either, unless the judge's own probabilities have
   weighed that (the offline judge's do).
3. Later and undated sources are shown and never count. Disputed and superseded reports do not count.
4. Copies of one report count once. What one document says for a claim and what it says against it are the same voice,
   so the stronger of the two stands. Documents that take opposite stances are no copies, even if they looked so.
5. Where tiers are known, sources of a lesser standing cannot outweigh known ones, however many they are (`standing`).
6. What is left is weighed together (`weigh`): the likeliest label that has a located quote for each side it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from factcheck.compare import NumberCheck, compare
from factcheck.dates import find_dates
from factcheck.text import locate, shown, unread_words
from factcheck.types import (
    Assessment,
    Candidate,
    Claim,
    Comparison,
    Evidence,
    Finding,
    Label,
    Span,
    Stance,
    Verdict,
    WhyNot,
)
from factcheck.verify.standing import LOW_WEIGHT, STANDING, Heed, Voice, heed
from factcheck.verify.weigh import PLAIN, Weighing, best_label, in_company, label_probabilities, witness
from factcheck.verify.words import justification

WEAK_SOURCE_WEIGHT = 0.7
"""A source that the corpus's owner marked as weak counts for this share of its probability."""

DATE_MISSING_WEIGHT = 0.85
"""Share of its probability that a sure support keeps where the source lacks a relative date of the claim."""

SURE = 0.8

COUNTS_AT = 0.25
"""Least probability of its side, among the other sources, for a source to count."""

CONFLICT_FLOOR = 0.5
"""Each side of a dispute needs one source that is as likely to take it, among the others, as not."""

FOUND_CONFLICT_FLOOR = 0.45
"""The same where a judge's probabilities allow for how each source was found: they are lower, and so is the floor."""

FOUND_COUNTS_AT = 0.2
"""`COUNTS_AT` for such probabilities."""

FOUND_CROWD = 0.0
"""The exponent `crowd` of the weighing for such probabilities, which allow for the company already."""

HIGHEST = 0.97
"""No verdict is certain."""

SHOWN_NEUTRAL = 3
"""Neutral passages listed beside the deciding ones."""

_SPEAKING: dict[Label, frozenset[Stance]] = {
    "supported": frozenset({"supports"}),
    "refuted": frozenset({"refutes"}),
    "conflicting": frozenset({"supports", "refutes"}),
    "not_enough_evidence": frozenset(),
}


@dataclass(frozen=True)
class _Located:
    candidate: Candidate
    finding: Finding
    span: Span
    how: Literal["exact", "aligned", "passage"]
    stance: Stance
    odds: tuple[float, float, float]
    """Probabilities that it supports, refutes and says nothing."""
    comparisons: tuple[Comparison, ...]
    note: str
    origin: str
    why_not: WhyNot | None = None
    weighs: bool = True
    """Whether it is a witness although it does not decide."""

    @property
    def force(self) -> float:
        """How likely it is that the source speaks of the claim at all."""
        return 1.0 - self.odds[2]


def conclude(
    claim: Claim,
    candidates: Sequence[Candidate],
    assessment: Assessment,
    weighing: Weighing = PLAIN,
    *,
    abstain_below: float = 0.0,
) -> Verdict:
    """The verdict on a claim from a judge's findings.

    Args:
        claim: the claim that was judged.
        candidates: the passages it was judged against, best first.
        assessment: the judge's findings; one for a passage that is not among the candidates is dropped.
        weighing: how sources are weighed together; the judge's own, unless the assessment brings another.
        abstain_below: a label that is less likely than this becomes `not_enough_evidence`, its evidence shown.

    Returns:
        A verdict whose used evidence is located in its documents. `confidence` is the probability of its label,
        at most `HIGHEST`.
    """
    floor, counts_at = CONFLICT_FLOOR, COUNTS_AT
    if assessment.weighing is not None:
        weighing = Weighing(*assessment.weighing)
    if assessment.among_found:
        weighing = weighing._replace(crowd=FOUND_CROWD)
        floor, counts_at = FOUND_CONFLICT_FLOOR, FOUND_COUNTS_AT
    findings = _one_per_passage(assessment.findings)
    located = [
        _apply_source_rules(_apply_number_rule(claim, _locate(candidate, findings[candidate.passage.id], weighing)))
        for candidate in candidates
        if candidate.passage.id in findings
    ]
    judged = {item.candidate.passage.id for item in located}
    silent = [c for c in candidates if c.passage.id not in judged]
    voices = _one_voice_per_origin(located)
    heeding = heed(_sides(voices), floor, said=claim.kind == "attribution")
    voices = _by_standing(voices, heeding)
    heard = _heard(voices)
    witnesses = {origin: item.odds for origin, item in heard.items()}
    speakers = {item.candidate.document.id for item in heard.values()}
    passages = sum(
        item.why_not in (None, "off_topic", "same_origin") and item.candidate.document.id in speakers for item in voices
    )
    probabilities = label_probabilities(list(witnesses.values()), weighing, passages)
    voices, loudness = _audible(voices, witnesses, weighing, passages, counts_at)
    counting = [item for item in voices if item.why_not is None]
    label = _label(probabilities, counting, loudness, abstain_below, floor, heeding.outweighed)
    evidence = _as_evidence(_only_the_sides_of(label, voices), silent)
    return Verdict(
        label=label,
        confidence=round(min(probabilities[label], HIGHEST), 3),
        probabilities={name: round(value, 4) for name, value in probabilities.items()},
        justification=justification(claim, label, evidence),
        evidence=evidence,
    )


def _one_per_passage(findings: Sequence[Finding]) -> dict[str, Finding]:
    """The finding of each passage; where a judge gave several, the one that says most."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.passage_id)
        if known is None or _force(finding) > _force(known):
            best[finding.passage_id] = finding
    return best


def _force(finding: Finding) -> tuple[bool, float]:
    return finding.stance != "neutral", finding.probability or 0.0


def _locate(candidate: Candidate, finding: Finding, weighing: Weighing) -> _Located:
    passage, text = candidate.passage, candidate.document.text
    found = None
    if finding.quote.strip():
        found = locate(finding.quote, text, Span(start=passage.start, end=passage.end)) or locate(finding.quote, text)
    if found and unread_words(text, Span(start=found.start, end=found.end)):
        found = None  # hidden text and orders to machines are no evidence, whoever quotes them
    told = weighing.trust if finding.probability is None else finding.probability
    item = _Located(
        candidate=candidate,
        finding=finding,
        span=Span(start=found.start, end=found.end) if found else Span(start=passage.start, end=passage.end),
        how=found.how if found else "passage",
        stance=finding.stance,
        odds=finding.probabilities or witness(finding.stance, told),
        comparisons=finding.comparisons,
        note=finding.note,
        origin=candidate.origin,
    )
    if found is None and finding.stance != "neutral":
        return replace(item, stance="neutral", odds=_SILENT, why_not="quote_not_found")
    return item


def _apply_number_rule(claim: Claim, item: _Located) -> _Located:
    if item.stance == "neutral":
        return item
    document, passage = item.candidate.document, item.candidate.passage
    published = document.public_from
    check = compare(
        claim.text,
        shown(document.text, Span(start=passage.start, end=passage.end)).text,
        claim_language=claim.language,
        source_language=document.language,
        claim_base=claim.as_of,
        source_base=published,
    )
    item = replace(item, comparisons=item.comparisons or check.comparisons)
    differing = next((c for c in check.comparisons if not c.agrees), None)
    if item.stance != "supports":
        return item
    supports, refutes, neutral = item.odds
    if check.verdict == "disagree":
        note = differing.note if differing else "the source gives another number"
        return replace(item, stance="refutes", odds=(refutes, supports, neutral), note=_joined(item.note, note))
    if check.verdict != "unmatched" or item.finding.probabilities is not None:
        return item
    if _only_relative_dates(check, claim) and _sure(item):
        return replace(item, odds=_weakened(item.odds, DATE_MISSING_WEIGHT))
    note = "the source does not give the claim's number or date"
    return replace(item, stance="neutral", odds=_SILENT, note=_joined(item.note, note))


_SILENT = (0.02, 0.02, 0.96)


def _weakened(odds: tuple[float, float, float], share: float) -> tuple[float, float, float]:
    supports, refutes = odds[0] * share, odds[1] * share
    return supports, refutes, 1.0 - supports - refutes


def _sure(item: _Located) -> bool:
    """Whether a judge without doubt gave the stance, or one that gives no probabilities did."""
    return item.finding.probability is None or item.finding.probability >= SURE


def _only_relative_dates(check: NumberCheck, claim: Claim) -> bool:
    """Whether all that the source lacks of the claim's values are dates like "on Monday", which a text leaves out."""
    found = [find_dates(value, claim.language, claim.as_of) for value in check.unmatched]
    return all(mentions and all(m.resolved_from == "relative" for m in mentions) for mentions in found)


def _joined(*notes: str) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))


def _apply_source_rules(item: _Located) -> _Located:
    if item.why_not is not None:
        return item
    timing = item.candidate.timing
    if timing == "later":
        return replace(item, why_not="later")
    if timing == "undated":
        return replace(item, why_not="undated")
    if item.candidate.document.reliability == "weak_source":
        item = replace(item, odds=_weakened(item.odds, WEAK_SOURCE_WEIGHT))
    if item.stance == "neutral":
        return replace(item, why_not="off_topic")
    return replace(item, why_not="disputed_source") if _is_disputed(item) else item


def _is_disputed(item: _Located) -> bool:
    return item.candidate.document.reliability in ("disputed", "superseded")


def _one_voice_per_origin(items: Sequence[_Located]) -> list[_Located]:
    items = _apart_where_opposed(items)
    strongest: dict[str, float] = {}
    chosen: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.why_not is None and item.force > strongest.get(item.origin, -1.0):
            strongest[item.origin], chosen[item.origin] = item.force, index
    return [
        replace(item, why_not="same_origin") if item.why_not is None and chosen[item.origin] != i else item
        for i, item in enumerate(items)
    ]


def _apart_where_opposed(items: Sequence[_Located]) -> list[_Located]:
    """Gives each stance an origin of its own where one source of an origin supports and another refutes.

    Notes of one page, such as its two translations, are one source: there the stronger finding stands.
    """
    sides: dict[str, dict[Stance, set[str]]] = {}
    for item in items:
        if item.why_not is None:
            documents = sides.setdefault(item.origin, {}).setdefault(item.stance, set())
            documents.add(item.candidate.document.url or item.candidate.document.id)
    opposed = {origin for origin, by in sides.items() if len(by) == 2 and len(set.union(*by.values())) > 1}
    return [
        replace(item, origin=f"{item.origin} {item.stance}")
        if item.origin in opposed and item.why_not is None
        else item
        for item in items
    ]


def _sides(items: Sequence[_Located]) -> list[Voice]:
    """A voice for each origin that takes a side; its standing is that of its best copy."""
    side = {"supports": 0, "refutes": 1}
    best: dict[tuple[str, Stance], int] = {}
    for item in items:
        key = item.origin, item.stance
        best[key] = max(best.get(key, 0), STANDING[item.candidate.tier])
    return [
        Voice(item.origin, item.stance, best[item.origin, item.stance], item.odds[side[item.stance]])
        for item in items
        if item.why_not is None
    ]


def _by_standing(items: Sequence[_Located], heeding: Heed) -> list[_Located]:
    """Marks what does not decide for its source's standing; the loudest of them still weighs."""

    def marked(item: _Located) -> _Located:
        if item.why_not is None and item.origin in heeding.weakened:
            return replace(item, odds=_weakened(item.odds, LOW_WEIGHT), why_not="low_standing")
        if item.why_not is None and item.origin in heeding.silenced:
            return replace(item, why_not="low_standing", weighs=False)
        return item

    return [marked(item) for item in items]


def _heard(items: Sequence[_Located]) -> dict[str, _Located]:
    """For each origin that counts or is silent the passage that says most."""
    of: dict[str, _Located] = {}
    for item in items:
        if item.why_not in (None, "off_topic", "low_standing") and item.weighs and not _is_disputed(item):
            known = of.get(item.origin)
            if known is None or (item.why_not is None, item.force) > (known.why_not is None, known.force):
                of[item.origin] = item
    return of


def _audible(
    items: Sequence[_Located],
    witnesses: Mapping[str, tuple[float, float, float]],
    weighing: Weighing,
    passages: int,
    counts_at: float,
) -> tuple[list[_Located], dict[str, float]]:
    """Marks what is too faint to count among so many sources; it is shown. And each origin's loudness: how likely
    it is, among the others, that it takes the side that it seems to take."""
    if not witnesses:
        return list(items), {}
    weighed = dict(zip(witnesses, in_company(np.array(list(witnesses.values())), weighing, passages), strict=True))
    side = {"supports": 0, "refutes": 1}
    loudness = {i.origin: float(weighed[i.origin][side[i.stance]]) for i in items if i.why_not is None}
    kept = [
        replace(item, why_not="weak_match") if item.why_not is None and loudness[item.origin] < counts_at else item
        for item in items
    ]
    return kept, loudness


def _label(
    probabilities: Mapping[Label, float],
    counting: Sequence[_Located],
    loudness: Mapping[str, float],
    abstain_below: float,
    conflict_floor: float,
    outweighed: Stance | None,
) -> Label:
    loudest: dict[Stance, float] = {}
    for item in counting:
        loudest[item.stance] = max(loudest.get(item.stance, 0.0), loudness[item.origin])
    disputed = len(loudest) == 2 and min(loudest.values()) >= conflict_floor
    label = best_label(probabilities, supports="supports" in loudest, refutes="refutes" in loudest, disputed=disputed)
    if _SPEAKING[label] == {outweighed}:
        label = "conflicting" if len(loudest) == 2 else "not_enough_evidence"
    return label if probabilities[label] >= abstain_below else "not_enough_evidence"


def _only_the_sides_of(label: Label, items: Sequence[_Located]) -> list[_Located]:
    """Marks what speaks for another label as too weak to decide; it is shown."""
    return [
        replace(item, why_not="weak_match") if item.why_not is None and item.stance not in _SPEAKING[label] else item
        for item in items
    ]


def _as_evidence(items: Sequence[_Located], silent: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Deciding evidence first, then what was judged and did not count, then a few neutral passages."""
    spoken = [i for i in items if i.stance != "neutral" or i.why_not == "quote_not_found"]
    neutral = [i for i in items if i.stance == "neutral" and i.why_not != "quote_not_found"]
    apart = [i for i in neutral if i.why_not in ("later", "undated")]
    near = [i for i in neutral if i.why_not not in ("later", "undated")][:SHOWN_NEUTRAL]
    ordered = sorted(spoken, key=lambda i: (i.why_not is not None, -i.force)) + near + apart
    if not ordered:
        ordered = [_unjudged(candidate) for candidate in silent[:SHOWN_NEUTRAL]]
    return tuple(_evidence(n, item) for n, item in enumerate(ordered, start=1))


def _unjudged(candidate: Candidate) -> _Located:
    passage = candidate.passage
    finding = Finding(passage_id=passage.id, stance="neutral", quote="")
    why: WhyNot = candidate.timing if candidate.timing in ("later", "undated") else "off_topic"
    return _Located(
        candidate=candidate,
        finding=finding,
        span=Span(start=passage.start, end=passage.end),
        how="passage",
        stance="neutral",
        odds=_SILENT,
        comparisons=(),
        note="",
        origin=candidate.origin,
        why_not=why,
    )


def _evidence(n: int, item: _Located) -> Evidence:
    document = item.candidate.document
    return Evidence(
        n=n,
        document_id=document.id,
        passage_id=item.candidate.passage.id,
        quote=item.span.of(document.text),
        start=item.span.start,
        end=item.span.end,
        stance=item.stance,
        title=document.title,
        publisher=document.publisher,
        url=document.url,
        published=document.published,
        available_from=document.available_from,
        origin=item.origin,
        used=item.why_not is None,
        why_not=item.why_not,
        timing=item.candidate.timing,
        tier=item.candidate.tier,
        probability=item.finding.probability,
        located=item.how,
        comparisons=item.comparisons,
        note=item.note,
    )
