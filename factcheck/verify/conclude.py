"""Aggregation by code: located findings to a label, a confidence and a justification.

The rules, in the order in which they are applied to every finding:

1. The quote is located in the passage, else in its document; a quote that is nowhere is shown as the passage and never
   counts.
2. Numbers and dates of the claim are compared with those of the quote's surroundings by code. A source that gives
   another number for the same thing does not support the claim, whatever the judge said: it refutes it. A source that
   does not give the claim's number at all does not support it either.
3. Later and undated sources are shown and never count. Disputed and superseded reports do not count.
4. Copies of one report count once. What one document says for a claim and what it says against it are the same voice,
   so the stronger of the two stands. Documents that take opposite stances are no copies, even if they looked so.
5. What is left decides: supporting only, refuting only, both, none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from factcheck.compare import NumberCheck, compare
from factcheck.dates import find_dates
from factcheck.text import locate
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
from factcheck.verify.words import justification

DEFAULT_PROBABILITY = 0.75
"""Stands in for a judge that gives no probability (a language model's stance has none that means something)."""

CONFLICT_FLOOR = 0.6
"""Each side needs one source of at least this for `conflicting`; below it the weaker side is shown as a weak match."""

WEAK_SOURCE_WEIGHT = 0.7
"""A source that the corpus's owner marked as weak counts for this share of its probability."""

DATE_MISSING_WEIGHT = 0.85
"""Share of its probability that a sure support keeps where the source lacks a relative date of the claim."""

SURE = 0.8

HIGHEST = 0.97
"""No verdict is certain."""

SHOWN_NEUTRAL = 3
"""Neutral passages listed beside the deciding ones."""


@dataclass(frozen=True)
class _Located:
    candidate: Candidate
    finding: Finding
    span: Span
    how: Literal["exact", "aligned", "passage"]
    stance: Stance
    probability: float
    comparisons: tuple[Comparison, ...]
    note: str
    origin: str
    why_not: WhyNot | None = None


def conclude(claim: Claim, candidates: Sequence[Candidate], assessment: Assessment) -> Verdict:
    """The verdict on a claim from a judge's findings.

    Args:
        claim: the claim that was judged.
        candidates: the passages it was judged against, best first.
        assessment: the judge's findings; one for a passage that is not among the candidates is dropped.

    Returns:
        A verdict whose used evidence is located in its documents. `confidence` lies in [0, 1].
    """
    findings = _one_per_passage(assessment.findings)
    located = [
        _apply_source_rules(_apply_number_rule(claim, _locate(candidate, findings[candidate.passage.id])))
        for candidate in candidates
        if candidate.passage.id in findings
    ]
    judged = {item.candidate.passage.id for item in located}
    silent = [c for c in candidates if c.passage.id not in judged]
    decided = _weigh(_one_voice_per_origin(located))
    label = _label(decided)
    evidence = _as_evidence(decided, silent)
    return Verdict(
        label=label,
        confidence=_confidence(label, decided),
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


def _locate(candidate: Candidate, finding: Finding) -> _Located:
    passage, text = candidate.passage, candidate.document.text
    found = None
    if finding.quote.strip():
        found = locate(finding.quote, text, Span(start=passage.start, end=passage.end)) or locate(finding.quote, text)
    probability = finding.probability if finding.probability is not None else DEFAULT_PROBABILITY
    item = _Located(
        candidate=candidate,
        finding=finding,
        span=Span(start=found.start, end=found.end) if found else Span(start=passage.start, end=passage.end),
        how=found.how if found else "passage",
        stance=finding.stance,
        probability=probability,
        comparisons=finding.comparisons,
        note=finding.note,
        origin=candidate.origin,
    )
    if found is None and finding.stance != "neutral":
        return replace(item, stance="neutral", why_not="quote_not_found")
    return item


def _apply_number_rule(claim: Claim, item: _Located) -> _Located:
    if item.stance == "neutral":
        return item
    document = item.candidate.document
    published = document.public_from
    check = compare(
        claim.text,
        item.candidate.passage.text,
        claim_language=claim.language,
        source_language=document.language,
        claim_base=claim.as_of,
        source_base=published,
    )
    item = replace(item, comparisons=item.comparisons or check.comparisons)
    differing = next((c for c in check.comparisons if not c.agrees), None)
    if item.stance == "supports" and check.verdict == "disagree":
        note = differing.note if differing else "the source gives another number"
        return replace(item, stance="refutes", note=_joined(item.note, note))
    if (
        item.stance == "supports"
        and check.verdict == "unmatched"
        and _only_relative_dates(check, claim)
        and _sure(item)
    ):
        return replace(item, probability=item.probability * DATE_MISSING_WEIGHT)
    if item.stance == "supports" and check.verdict == "unmatched":
        note = "the source does not give the claim's number or date"
        return replace(item, stance="neutral", note=_joined(item.note, note))
    return item


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
    if item.stance == "neutral":
        return replace(item, why_not="off_topic")
    reliability = item.candidate.document.reliability
    if reliability in ("disputed", "superseded"):
        return replace(item, why_not="disputed_source")
    if reliability == "weak_source":
        return replace(item, probability=item.probability * WEAK_SOURCE_WEIGHT)
    return item


def _one_voice_per_origin(items: Sequence[_Located]) -> list[_Located]:
    items = _apart_where_opposed(items)
    strongest: dict[str, float] = {}
    chosen: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.why_not is None and item.probability > strongest.get(item.origin, -1.0):
            strongest[item.origin], chosen[item.origin] = item.probability, index
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


def _sides(items: Sequence[_Located]) -> tuple[float, float]:
    """How strongly the counting evidence supports and refutes: noisy-or over independent origins."""
    rest = {"supports": 1.0, "refutes": 1.0}
    for item in items:
        if item.why_not is None and item.stance != "neutral":
            rest[item.stance] *= 1.0 - min(item.probability, HIGHEST)
    return 1.0 - rest["supports"], 1.0 - rest["refutes"]


def _strongest(items: Sequence[_Located], stance: str) -> float:
    return max((i.probability for i in items if i.why_not is None and i.stance == stance), default=0.0)


def _weigh(items: list[_Located]) -> list[_Located]:
    """Where a side is too weak to make a dispute, its evidence is shown and does not count; at a tie, neither does."""
    supports, refutes = (_strongest(items, stance) for stance in ("supports", "refutes"))
    if not supports or not refutes or min(supports, refutes) >= CONFLICT_FLOOR:
        return items
    weaker = {"supports"} if supports < refutes else {"refutes"} if refutes < supports else {"supports", "refutes"}
    return [
        replace(item, why_not="weak_match") if item.why_not is None and item.stance in weaker else item
        for item in items
    ]


def _label(items: Sequence[_Located]) -> Label:
    supports, refutes = _sides(items)
    if supports and refutes:
        return "conflicting"
    if supports:
        return "supported"
    return "refuted" if refutes else "not_enough_evidence"


def _confidence(label: Label, items: Sequence[_Located]) -> float:
    """Confidence in the label in [0, 1]; disagreement that did not decide still lowers it."""
    supports, refutes = _sides(items)
    against = max((i.probability for i in items if i.why_not == "weak_match"), default=0.0)
    if label == "conflicting":
        value = min(supports, refutes)
    elif label == "not_enough_evidence":
        value = 1.0 - max((1.0 - i.probability for i in items if i.stance == "neutral"), default=0.3) * 0.5
    else:
        value = max(supports, refutes) * (1.0 - against / 2)
    return round(min(max(value, 0.0), HIGHEST), 3)


def _as_evidence(items: Sequence[_Located], silent: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Deciding evidence first, then what was judged and did not count, then a few neutral passages."""
    spoken = [i for i in items if i.stance != "neutral" or i.why_not == "quote_not_found"]
    neutral = [i for i in items if i.stance == "neutral" and i.why_not != "quote_not_found"]
    apart = [i for i in neutral if i.why_not in ("later", "undated")]
    near = [i for i in neutral if i.why_not not in ("later", "undated")][:SHOWN_NEUTRAL]
    ordered = sorted(spoken, key=lambda i: (i.why_not is not None, -i.probability)) + near + apart
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
        probability=0.0,
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
        probability=item.finding.probability,
        located=item.how,
        comparisons=item.comparisons,
        note=item.note,
    )
