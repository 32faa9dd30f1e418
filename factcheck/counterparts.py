"""The value of a source that speaks of the same thing as a value of a claim.

What makes two values counterparts: the same dimension, the same or a translated noun, words in common around them,
and, where a claim gives a bound ("more than 1,600"), a value of the source that lies close to it. The thresholds
were chosen on half of the training pairs (`benchmarks/number_check.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from factcheck.dates import DateMention
from factcheck.fits import Fit, fit_dates, fit_quantities, overlap, scale, share
from factcheck.glossary import canonical, is_people
from factcheck.numbers import Quantity
from factcheck.surroundings import Item, Subject

BOUNDS = ("gt", "ge", "lt", "le")
SURE_QUANTITY = 0.4
"""Share of the claim's content words that a source sentence must have before a different quantity of the same
kind in it counts as a contradiction."""
SURE_KIND = 0.3
"""The same, of the words around the sentence too, where the quantities have the same noun or unit."""
SURE_DATE = 0.5
"""The same for dates, which one subject has many of."""
SURE_NEAR_DATE = 0.3
"""The same where several words close to the two dates are common."""
ON_TOPIC = 0.15
"""Share of the claim's content words around the source's value below which even an agreement may be chance."""
CLOSE, FAR, LEAST = 0.9, 0.5, 0.1
"""Ratio to a bound from which a value is surely the one that the bound is about, down to which it is likely, and
down to which it may be."""
SURE_NAMES = 0.6
"""The same where only names are common to the close contexts."""
CLOSE_DAYS = 400
"""Days within which a date is likely the one that a bound is about."""
MANY_DATES = 3
"""Dates of one sentence beyond which none of them is surely the one meant."""
RIVAL = 2.5
"""Context score within which another value of the source might be the one meant."""


class Pair(NamedTuple):
    """A value of the claim beside one of the source."""

    fit: Fit
    score: float
    source: Item
    near: int = 0
    """Content words common to the close contexts."""
    covered: float = 0.0
    """Share of the claim's content words in the source's sentence."""
    about: float = 0.0
    """The same, in the words around that sentence too."""
    kin: float = 0.0
    """How surely the two values measure the same kind of thing."""
    deeds: int = 0
    """Common words of the close contexts that are no names."""
    named: bool = True
    """Whether the source's words hold a name of the claim, if it has any."""
    unnamed: bool = False
    """Whether they lack one that tells the claim's event from others."""


def _pair(fit: Fit, ours: Item, theirs: Item, subject: Subject, kin: float) -> Pair:
    """How much two values speak of the same thing: words near both of them count twice."""
    close = ours.near & theirs.near
    shared = len(subject.words & theirs.sentence)
    size = max(1, len(subject.words))
    return Pair(
        fit=fit,
        score=len(close) + shared + kin,
        source=theirs,
        near=len(close),
        covered=shared / size,
        about=len(subject.words & theirs.around) / size,
        kin=kin,
        deeds=len(close & subject.deeds),
        named=not subject.names or bool(subject.names & theirs.around),
        unnamed=bool(subject.places - theirs.around),
    )


# -- the counterpart of one value


def counterpart(item: Item, theirs: Sequence[Item], subject: Subject) -> Pair | None:
    """The source's value that speaks of the same thing as the claim's, or None."""
    if isinstance(item.value, DateMention):
        return _of_date(item, item.value, theirs, subject)
    return _of_quantity(item, item.value, theirs, subject)


def _of_date(item: Item, value: DateMention, theirs: Sequence[Item], subject: Subject) -> Pair | None:
    pairs = [
        _pair(fit_dates(value, other.value), item, other, subject, 2.0 if item.role and item.role == other.role else 0)
        for other in theirs
        # Someone's birth says nothing of the day they died.
        if isinstance(other.value, DateMention) and not (item.role and other.role and item.role != other.role)
    ]
    bounded = value.relation in ("before", "after")
    chosen = (_nearest_date(item, value, pairs) if bounded else None) or _choose(item, pairs, bounded)
    if chosen and chosen.fit == "agrees" and value.granularity != "day" and not _on_topic(chosen):
        return None
    return chosen


def _nearest_date(item: Item, value: DateMention, pairs: Sequence[Pair]) -> Pair | None:
    """Where a source gives dates on both sides of "before June 2019", the one close to it is meant."""
    sure = [p for p in pairs if p.named and p.near and p.about >= SURE_NEAR_DATE]
    if len({p.fit for p in sure}) < 2 or any(p.fit == "unclear" for p in sure):
        return None
    days = sorted(((_days_apart(value, p), p) for p in sure), key=lambda known: known[0])
    nearest, best = days[0]
    rivals = [p for apart, p in days if apart <= 3 * nearest + 60]
    told = nearest <= CLOSE_DAYS and all(p.fit == best.fit for p in rivals)
    return best if told and (best.fit == "agrees" or _date_is_sure(item, best)) else None


def _days_apart(value: DateMention, pair: Pair) -> int:
    other = pair.source.value
    assert isinstance(other, DateMention)
    return max(0, (other.first - value.last).days, (value.first - other.last).days)


def _of_quantity(item: Item, value: Quantity, theirs: Sequence[Item], subject: Subject) -> Pair | None:
    pairs, loose = [], []
    for other in theirs:
        if isinstance(other.value, Quantity) and _comparable(value, other.value):
            kin = _kin(item, other)
            pair = _pair(fit_quantities(value, other.value), item, other, subject, kin)
            loose.append(pair)
            pairs += [pair] if kin else []
    if value.relation in BOUNDS and (told := _nearest(item, value, loose, subject)):
        return told
    chosen = _choose(item, pairs, value.relation in BOUNDS)
    if chosen and chosen.fit == "agrees" and not _agreement_counts(value, chosen):
        return None
    return chosen


def _comparable(ours: Quantity, theirs: Quantity) -> bool:
    a, b = ours.dimension, theirs.dimension
    if a == b:
        return a != "money" or ours.unit == theirs.unit
    return {a, b} <= {"plain", "count", "multiple"} or {a, b} <= {"percent", "ratio"}


def _nearest(item: Item, value: Quantity, pairs: Sequence[Pair], subject: Subject) -> Pair | None:
    """The value that a bound is about: people round to a bound, so it lies close by, whatever its noun.

    None where none is close in a sentence on the same matter, or where close ones lie on both sides.
    """
    if value.dimension in ("ordinal", "score"):
        return None
    near = [(ratio, p) for p in pairs if (ratio := _closeness(value, p)) and _may_be_meant(value, p, ratio, subject)]
    if not near:
        return None
    nearest, best = max(near, key=lambda known: (known[0], known[1].score))
    rivals = [p for ratio, p in near if 1 - ratio <= 3 * (1 - nearest) + 0.02]
    if any(p.fit != best.fit for p in rivals):
        rivals.sort(key=lambda p: -p.score)
        # Between values on both sides the words around them decide, if they do.
        if rivals[0].score < max(p.score for p in rivals if p.fit != rivals[0].fit) + 2:
            return None
        best = rivals[0]
    if best.fit == "differs" and not _same_time(item, best):
        return best._replace(fit="unclear")
    return best if best.fit != "unclear" else None


def _closeness(value: Quantity, pair: Pair) -> float:
    """The smaller of two values as a share of the greater, in one unit."""
    other = pair.source.value
    assert isinstance(other, Quantity)
    a, b = abs(value.value * scale(value, other)), abs(other.value * scale(other, value))
    return float(min(a, b) / max(a, b)) if max(a, b) > 0 else 1.0


def _may_be_meant(value: Quantity, pair: Pair, ratio: float, subject: Subject) -> bool:
    other = pair.source.value
    assert isinstance(other, Quantity)
    counted = value.dimension in ("plain", "count")
    if ratio < LEAST or (pair.kin < (1.5 if counted else 1) and ratio < FAR):
        return False
    if counted and pair.kin == 0:
        # A number of what the claim counts elsewhere answers that other number.
        elsewhere = other.noun is not None and canonical(other.noun, None) in subject.words
        if value.value < 10 or (value.noun and elsewhere):
            return False
    needed = ON_TOPIC if ratio >= CLOSE and pair.near else SURE_KIND if ratio >= FAR else SURE_DATE
    return pair.about >= needed


def _choose(item: Item, pairs: list[Pair], bounded: bool) -> Pair | None:
    """The pair to report: an agreement where there is one, else a difference that is beyond doubt."""
    if not pairs:
        return None
    pairs = sorted(pairs, key=lambda p: -p.score)
    best = pairs[0]
    # Any large number satisfies "more than 5": only the best counterparts may.
    eligible = [p for p in pairs if p.score >= best.score - 0.5] if bounded else pairs
    if agreeing := next((p for p in eligible if p.fit == "agrees"), None):
        return agreeing
    rivals = [p for p in pairs[1:] if p.score >= best.score - RIVAL]
    sure = best.fit == "differs" and best.near >= 1 and all(p.fit == "differs" for p in rivals)
    if sure and (_date_is_sure if isinstance(item.value, DateMention) else _quantity_is_sure)(item, best):
        return best
    return best._replace(fit="unclear")


def _on_topic(pair: Pair) -> bool:
    return pair.near >= 1 or pair.about >= ON_TOPIC


def _date_is_sure(item: Item, pair: Pair) -> bool:
    """A date is contradicted by one that the same deed is told with, or one that is the same but for a part."""
    ours, theirs = item.value, pair.source.value
    assert isinstance(ours, DateMention) and isinstance(theirs, DateMention)
    bounded = ours.relation in ("before", "after")
    if (theirs.vague and not bounded) or item.attributive or pair.source.attributive:
        return False
    if item.role and item.role == pair.source.role:
        return pair.named and pair.about >= ON_TOPIC
    # Of several dates one may be told with what is lacking: another place, another work.
    told = len(pair.source.dates)
    if told > MANY_DATES or (told > 1 and pair.unnamed):
        return False
    if not pair.named:
        return pair.deeds >= 3 and pair.about >= SURE_DATE
    if bounded:
        return pair.about >= SURE_NEAR_DATE
    if pair.deeds:
        return pair.about >= SURE_DATE or (pair.about >= SURE_NEAR_DATE and pair.near >= 2)
    return pair.about >= SURE_NAMES or (pair.about >= SURE_DATE and _but_for_a_part(ours, theirs))


def _but_for_a_part(ours: DateMention, theirs: DateMention) -> bool:
    """ "12 June 2024" and "19 June 2024": days of which only the day, the month or the year differs."""
    if ours.granularity != "day" or theirs.granularity != "day":
        return False
    a, b = ours.first, theirs.first
    return (a.day == b.day) + (a.month == b.month) + (a.year == b.year) == 2


def _quantity_is_sure(item: Item, pair: Pair) -> bool:
    """A quantity is contradicted by one of the same kind in a sentence on the same matter and of no other time."""
    ours, theirs = item.value, pair.source.value
    assert isinstance(ours, Quantity) and isinstance(theirs, Quantity)
    close = pair.covered >= SURE_QUANTITY or (pair.kin >= 1.5 and pair.about >= SURE_KIND)
    if not close or ours.unit == "label" or (ours.spelled and ours.value == 1):
        return False
    if ours.dimension == "ordinal" and (ours.relation, theirs.relation) != ("eq", "eq"):
        return False
    if ours.unit != theirs.unit and not _same_size(ours, theirs):
        return False
    return _same_time(item, pair)


def _same_time(item: Item, pair: Pair) -> bool:
    """Whether the two sentences may tell of one time: figures of different years do not contradict each other."""
    if not item.dates or not pair.source.dates:
        return True
    return any(overlap(a, b) for a in item.dates for b in pair.source.dates)


def _same_size(ours: Quantity, theirs: Quantity) -> bool:
    """Whether values in different units are of an order: a gun's millimetres are not a voyage's miles."""
    a, b = abs(ours.value * scale(ours, theirs)), abs(theirs.value * scale(theirs, ours))
    return min(a, b) * 20 >= max(a, b)


def _agreement_counts(quantity: Quantity, pair: Pair) -> bool:
    """Equal small numbers without a unit mean little unless the words around them meet too."""
    if quantity.relation in BOUNDS and not _on_topic(pair):
        return False
    distinctive = quantity.dimension not in ("plain", "count", "ordinal") or quantity.value >= 20
    return distinctive or pair.score >= 2


# -- quantities


def _kin(item: Item, other: Item) -> float:
    """How surely two quantities measure the same kind of thing: 0 where they cannot be compared."""
    ours, theirs = item.value, other.value
    assert isinstance(ours, Quantity) and isinstance(theirs, Quantity)
    a, b = ours.dimension, theirs.dimension
    if a == "score" or b == "score" or a == "ordinal" or b == "ordinal":
        if a != b or ours.unit != theirs.unit:
            return 0
        if a == "score":
            return 1
        if _same_noun(ours, theirs):
            return 1.5
        # "eighth and final season": equal ranks meet even where a noun was not found.
        return 0.5 if ours.value == theirs.value and None in (ours.noun, theirs.noun) else 0
    if {a, b} <= {"percent", "ratio"}:
        return 1 if (share(ours) is not None and share(theirs) is not None) or ours.unit == theirs.unit else 0
    if {a, b} <= {"plain", "count"}:
        return _kin_counts(ours, theirs, item, other)
    if {a, b} <= {"multiple", "count"} and ours.unit == theirs.unit:
        return 1
    if a != b:
        return 0
    if a in ("money", "temperature"):
        loose = a == "temperature" and "degree" in (ours.unit, theirs.unit)
        return 1.5 if ours.unit == theirs.unit or loose else 0
    return 1.5 if ours.unit == theirs.unit else 1


def _kin_counts(ours: Quantity, theirs: Quantity, item: Item, other: Item) -> float:
    if ours.unit == theirs.unit == "times":
        return 1.5
    if "times" in (ours.unit, theirs.unit):
        return 0
    if _same_noun(ours, theirs):
        return 2
    if _counts_people(ours, item) and _counts_people(theirs, other):
        return 1
    # "at the age of 61": no noun, but the same word leads to both.
    if item.lead and item.lead == other.lead and (ours.noun is None or theirs.noun is None):
        return 1.5 if ours.noun is theirs.noun is None else 1
    # "204 juta pemilih" and "pemilih ... 204 juta": the noun may stand elsewhere near the number.
    if ours.noun and canonical(ours.noun, None) in other.near:
        return 1
    equal = ours.value == theirs.value
    return 0.5 if equal and (ours.noun is None or theirs.noun is None or ours.value >= 20) else 0


def _same_noun(ours: Quantity, theirs: Quantity) -> bool:
    if not ours.noun or not theirs.noun:
        return ours.unit is not None and ours.unit == theirs.unit and not ours.noun and not theirs.noun
    return canonical(ours.noun, None) == canonical(theirs.noun, None)


def _counts_people(quantity: Quantity, item: Item) -> bool:
    if quantity.noun is None:
        return quantity.unit == "people" or (item.lead is not None and is_people(item.lead))
    return quantity.unit == "people" or is_people(quantity.noun)
