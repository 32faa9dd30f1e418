"""The numbers and dates of a claim against those of a source, by code and not by a model.

Each quantity and date of the claim is laid beside the value of the source that speaks of the same thing
(`counterparts`). Values agree within the rounding that their digits show and within the bounds that their words
give (`fits`). Code is sure of a difference only where the two sentences share their subject; where it is not sure
it says so (`unmatched`) and leaves the word to the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from factcheck.counterparts import BOUNDS, Pair, counterpart
from factcheck.dates import DateMention
from factcheck.numbers import Quantity
from factcheck.surroundings import Item, read_items, subject_of
from factcheck.types import Comparison, Value

Outcome = Literal["agree", "disagree", "unmatched", "nothing"]


class NumberCheck(Value):
    """The outcome of laying a claim's numbers and dates beside a source's."""

    comparisons: tuple[Comparison, ...]
    """The values that have a counterpart in the source, in the claim's order."""
    verdict: Outcome
    """`disagree`: a value differs and none of the source's agrees. `unmatched`: a value of the claim has no
    counterpart, so the source cannot support it in full. `agree`: every value that counts agrees. `nothing`:
    the claim has no number or date that counts."""
    unmatched: tuple[str, ...] = ()
    """The claim's values that the source does not give, as written."""


def compare(
    claim: str,
    source: str,
    *,
    claim_language: str | None = None,
    source_language: str | None = None,
    claim_base: date | None = None,
    source_base: date | None = None,
) -> NumberCheck:
    """Compares every quantity and date of a claim with the source's.

    Args:
        claim: one statement.
        source: a passage, in the same or the other language.
        claim_language: ISO 639-1, guessed when None; so `source_language`.
        claim_base: the day that "kemarin" or "on Monday" in the claim count from.
        source_base: the day that the source appeared, from which its relative dates count.

    Returns:
        The comparisons and a verdict; nothing is ever raised for odd text.
    """
    ours = read_items(claim, claim_language, claim_base)
    if not ours:
        return NumberCheck(comparisons=(), verdict="nothing")
    theirs = read_items(source, source_language, source_base)
    subject = subject_of(claim, claim_language)
    found = [(item, counterpart(item, theirs, subject)) for item in ours]
    found = _one_event(_one_each(found))
    comparisons = tuple(_comparison(item, pair, theirs) for item, pair in found if pair and pair.fit != "unclear")
    missing = tuple(
        item.value.text
        for item, pair in found
        if (pair is None or pair.fit == "unclear") and not _soft(item, source_base)
    )
    return NumberCheck(comparisons=comparisons, verdict=_verdict(comparisons, missing), unmatched=missing)


def _verdict(comparisons: Sequence[Comparison], missing: Sequence[str]) -> Outcome:
    if any(not c.agrees for c in comparisons):
        return "disagree"
    if missing:
        return "unmatched"
    return "agree" if comparisons else "nothing"


def _one_each(found: list[tuple[Item, Pair | None]]) -> list[tuple[Item, Pair | None]]:
    """A value of the source that answers one value of the claim cannot contradict another."""
    taken = {p.source.value.start for _, p in found if p and p.fit == "agrees"}
    claimed = [item.value for item, _ in found if isinstance(item.value, Quantity)]
    best: dict[int, float] = {}
    for _, pair in found:
        if pair and pair.fit == "differs":
            at = pair.source.value.start
            best[at] = max(best.get(at, 0.0), pair.score)
    kept: list[tuple[Item, Pair | None]] = []
    for item, pair in found:
        if pair and pair.fit == "differs":
            at = pair.source.value.start
            # "29 of our 60 years" and "29 years": the source's number is the claim's other one.
            told = pair.source.value
            echoed = isinstance(told, Quantity) and any(
                other is not item.value and other.value == told.value for other in claimed
            )
            if at in taken or echoed or pair.score < best[at]:
                pair = pair._replace(fit="unclear")
            taken.add(at)
        kept.append((item, pair))
    return kept


def _one_event(found: list[tuple[Item, Pair | None]]) -> list[tuple[Item, Pair | None]]:
    """A source that gives another date and none of the claim's numbers most likely tells of another event."""
    numbers = [(item, pair) for item, pair in found if isinstance(item.value, Quantity) and not _soft(item, None)]
    if not numbers or any(pair and pair.fit == "agrees" for _, pair in numbers):
        return found
    if not any(pair and pair.fit == "differs" and isinstance(item.value, DateMention) for item, pair in found):
        return found
    return [(item, pair._replace(fit="unclear") if pair and pair.fit == "differs" else pair) for item, pair in found]


def _soft(item: Item, source_base: date | None) -> bool:
    """Whether a source may support the claim without giving this value."""
    value = item.value
    if isinstance(value, DateMention):
        if value.resolved_from == "relative" or value.vague:
            return True
        # A report that appeared at that time tells of it without naming it.
        week = timedelta(days=7)
        return (
            source_base is not None
            and value.first <= source_base
            and value.last >= max(source_base, date(1, 1, 8)) - week
        )
    if value.dimension == "ordinal":
        return True
    if value.low is not None and value.relation == "about":
        return True
    small = value.value <= 3 and value.dimension in ("plain", "count")
    # "Apollo 11" and the like; a number with a bound counts something.
    bare = value.dimension == "plain" and value.noun is None and value.relation not in BOUNDS
    return (small and value.spelled) or bare


# -- words for a person


def _comparison(item: Item, pair: Pair, theirs: Iterable[Item]) -> Comparison:
    ours, other = item.value, pair.source.value
    if pair.fit == "agrees":
        note = f"the source gives {_shown(other)}, which agrees with {_shown(ours)}"
    else:
        note = f"the source says {_shown(other)}{_beside(other, theirs)}; the claim says {_shown(ours)}"
    return Comparison(claim_value=ours.text, source_value=other.text, agrees=pair.fit == "agrees", note=note)


def _shown(value: Quantity | DateMention) -> str:
    text = " ".join(value.text.split())
    if isinstance(value, Quantity) and value.dimension in ("plain", "count") and value.noun:
        return f"{text} {value.noun}" if not text.lower().endswith(value.noun) else text
    if isinstance(value, DateMention) and value.relation != "in":
        return f"{value.relation} {text}"
    return text


def _beside(value: Quantity | DateMention, theirs: Iterable[Item]) -> str:
    """A second figure that the source gives in brackets right after the first: ` (58.59 %)`."""
    for item in theirs:
        other = item.value
        if isinstance(other, Quantity) and isinstance(value, Quantity) and 0 < other.start - value.end <= 24:
            if other.dimension == "percent" != value.dimension:
                return f" ({other.text})"
            return ""
    return ""
