"""The numbers and dates of a claim against those of a source, by code and not by a model.

Each quantity and date of the claim is laid beside the value of the source that speaks of the same thing: same
dimension, same or translated noun, most words in common around it. Values agree within the rounding that their
digits show and within the bounds that their words give. Code is sure of a difference only where the two
sentences share their subject; where it is not sure it says so (`unmatched`) and leaves the word to the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from factcheck.dates import DateMention, find_dates
from factcheck.glossary import canonical, is_people
from factcheck.numbers import FACTORS, STOPWORDS, Quantity, find_quantities
from factcheck.numerals import guess_language, tokens
from factcheck.text import sentences
from factcheck.types import Comparison, Value

Outcome = Literal["agree", "disagree", "unmatched", "nothing"]
_Fit = Literal["agrees", "differs", "unclear"]

NEAR = 6
"""Content words on each side of a value that are its close context."""
SURE_QUANTITY = 0.4
"""Share of the claim's content words that a source sentence must have before a different quantity of the same
kind in it counts as a contradiction."""
SURE_DATE = 0.6
"""The same for dates: one subject has many of them."""
SURE_NEAR_DATE = 2
"""Content words that must be common to the close contexts of two dates; of two quantities, one."""
_KEPT = 5000
"""Characters up to which a text's values are kept in memory for the next comparison."""
RIVAL = 2.5
"""Context score within which another value of the source might be the one meant."""


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


class _Item(NamedTuple):
    """A value with the canonical words around it."""

    value: Quantity | DateMention
    near: frozenset[str]
    sentence: frozenset[str]
    dates: tuple[DateMention, ...]
    """The dates of its sentence."""
    attributive: bool = False
    """Part of what it stands before: "the 2018 elections"."""


class _Pair(NamedTuple):
    fit: _Fit
    score: float
    source: _Item
    near: int = 0
    """Content words common to the close contexts."""
    covered: float = 0.0
    """Share of the claim's content words in the source's sentence."""


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
    ours = _items(claim, claim_language, claim_base)
    if not ours:
        return NumberCheck(comparisons=(), verdict="nothing")
    theirs = _items(source, source_language, source_base)
    common = _words_of(claim, claim_language)
    found = [(item, _counterpart(item, theirs, common)) for item in ours]
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


def _one_each(found: list[tuple[_Item, _Pair | None]]) -> list[tuple[_Item, _Pair | None]]:
    """A value of the source that answers one value of the claim cannot contradict another."""
    taken = {p.source.value.start for _, p in found if p and p.fit == "agrees"}
    claimed = [item.value for item, _ in found if isinstance(item.value, Quantity)]
    best: dict[int, float] = {}
    for _, pair in found:
        if pair and pair.fit == "differs":
            at = pair.source.value.start
            best[at] = max(best.get(at, 0.0), pair.score)
    kept: list[tuple[_Item, _Pair | None]] = []
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


def _one_event(found: list[tuple[_Item, _Pair | None]]) -> list[tuple[_Item, _Pair | None]]:
    """A source that gives another date and none of the claim's numbers most likely tells of another event."""
    numbers = [(item, pair) for item, pair in found if isinstance(item.value, Quantity) and not _soft(item, None)]
    if not numbers or any(pair and pair.fit == "agrees" for _, pair in numbers):
        return found
    if not any(pair and pair.fit == "differs" and isinstance(item.value, DateMention) for item, pair in found):
        return found
    return [(item, pair._replace(fit="unclear") if pair and pair.fit == "differs" else pair) for item, pair in found]


# -- values and their surroundings


def _items(text: str, language: str | None, base: date | None) -> tuple[_Item, ...]:
    """The values of a text. A passage is read once however many claims it is laid beside."""
    return _read_once(text, language, base) if len(text) <= _KEPT else tuple(_read(text, language, base))


@lru_cache(maxsize=2048)
def _read_once(text: str, language: str | None, base: date | None) -> tuple[_Item, ...]:
    return tuple(_read(text, language, base))


def _read(text: str, language: str | None, base: date | None) -> list[_Item]:
    language = language or guess_language(tokens(text[:20_000]))
    dates = find_dates(text, language, base)
    values: list[Quantity | DateMention] = sorted(
        (*find_quantities(text, language), *dates), key=lambda value: value.start
    )
    if not values:
        return []
    items: list[_Item] = []
    at = 0
    for span in sentences(text, language):
        inside = []
        while at < len(values) and values[at].start < span.end:
            inside.append(values[at])
            at += 1
        if inside:
            items += _in_sentence(text, span.start, span.end, inside, language)
    items += _in_sentence(text, 0, len(text), values[at:], language) if at < len(values) else []
    return items


def _in_sentence(
    text: str, start: int, end: int, values: Sequence[Quantity | DateMention], language: str
) -> list[_Item]:
    """The values of one sentence with their context. Only the surroundings of a very long sentence are read."""
    told = tuple(v for v in values if isinstance(v, DateMention))[:20]
    whole = [t for t in tokens(text[start : min(end, start + 4000)]) if t.kind == "word"]
    content = [
        (t.start + start, canonical(t.word, language)) for t in whole if t.word not in STOPWORDS and len(t.word) > 1
    ]
    taken = [(v.start, v.end) for v in values]
    content = [(at, w) for at, w in content if not any(a <= at < b for a, b in taken[:60])]
    everything = frozenset(w for _, w in content)
    items = []
    for value in values:
        before = [w for at, w in content if at < value.start][-NEAR:]
        after = [w for at, w in content if at >= value.end][:NEAR]
        attributive = text[max(0, value.start - 4) : value.start].lower() == "the "
        items.append(_Item(value, frozenset((*before, *after)), everything, told, attributive))
    return items


def _words_of(text: str, language: str | None) -> frozenset[str]:
    parts = tokens(text[:4000])
    language = language or guess_language(parts)
    return frozenset(
        canonical(t.word, language) for t in parts if t.kind == "word" and t.word not in STOPWORDS and len(t.word) > 1
    )


def _pair(fit: _Fit, ours: _Item, theirs: _Item, common: frozenset[str], kin: float) -> _Pair:
    """How much two values speak of the same thing: words near both of them count twice."""
    near = len(ours.near & theirs.near)
    shared = len(common & theirs.sentence)
    return _Pair(fit, near + shared + kin, theirs, near, shared / max(1, len(common)))


# -- the counterpart of one value


def _counterpart(item: _Item, theirs: Sequence[_Item], common: frozenset[str]) -> _Pair | None:
    """The source's value that speaks of the same thing as the claim's, or None."""
    value = item.value
    pairs: list[_Pair] = []
    for other in theirs:
        if isinstance(value, DateMention) and isinstance(other.value, DateMention):
            pairs.append(_pair(_fit_dates(value, other.value), item, other, common, 0))
        if isinstance(value, Quantity) and isinstance(other.value, Quantity):
            kin = _kin(value, other.value, other)
            pairs += [_pair(_fit_quantities(value, other.value), item, other, common, kin)] if kin else []
    bounded = value.relation in ("gt", "ge", "lt", "le", "before", "after")
    pair = _choose(item, pairs, bounded)
    if pair and pair.fit == "agrees" and isinstance(value, Quantity) and not _agreement_counts(value, pair):
        return None
    return pair


def _choose(item: _Item, pairs: list[_Pair], bounded: bool) -> _Pair | None:
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


def _date_is_sure(item: _Item, pair: _Pair) -> bool:
    """A date is contradicted by the one date of a sentence on the same matter."""
    value = pair.source.value
    assert isinstance(value, DateMention)
    attributive = item.attributive or pair.source.attributive
    close = pair.covered >= SURE_DATE and pair.near >= SURE_NEAR_DATE
    return close and not value.vague and len(pair.source.dates) == 1 and not attributive


def _quantity_is_sure(item: _Item, pair: _Pair) -> bool:
    """A quantity is contradicted by one of the same kind in a sentence on the same matter and of no other time."""
    ours, theirs = item.value, pair.source.value
    assert isinstance(ours, Quantity) and isinstance(theirs, Quantity)
    if pair.covered < SURE_QUANTITY or ours.unit == "label" or (ours.spelled and ours.value == 1):
        return False
    if ours.dimension == "ordinal" and (ours.relation, theirs.relation) != ("eq", "eq"):
        return False
    if ours.unit != theirs.unit and not _same_size(ours, theirs):
        return False
    if item.dates and pair.source.dates:
        return any(_overlap(a, b) for a in item.dates for b in pair.source.dates)
    return True


def _same_size(ours: Quantity, theirs: Quantity) -> bool:
    """Whether values in different units are of an order: a gun's millimetres are not a voyage's miles."""
    a, b = abs(ours.value * _scale(ours, theirs)), abs(theirs.value * _scale(theirs, ours))
    return min(a, b) * 20 >= max(a, b)


def _agreement_counts(quantity: Quantity, pair: _Pair) -> bool:
    """Equal small numbers without a unit mean little unless the words around them meet too."""
    distinctive = quantity.dimension not in ("plain", "count", "ordinal") or quantity.value >= 20
    return distinctive or pair.score >= 2


def _soft(item: _Item, source_base: date | None) -> bool:
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
    return (small and value.spelled) or (value.dimension == "plain" and value.noun is None)


# -- quantities


def _kin(ours: Quantity, theirs: Quantity, context: _Item) -> float:
    """How surely two quantities measure the same kind of thing: 0 where they cannot be compared."""
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
        return 1 if (_share(ours) is not None and _share(theirs) is not None) or ours.unit == theirs.unit else 0
    if {a, b} <= {"plain", "count"}:
        return _kin_counts(ours, theirs, context)
    if {a, b} <= {"multiple", "count"} and ours.unit == theirs.unit:
        return 1
    if a != b:
        return 0
    if a in ("money", "temperature"):
        loose = a == "temperature" and "degree" in (ours.unit, theirs.unit)
        return 1.5 if ours.unit == theirs.unit or loose else 0
    return 1.5 if ours.unit == theirs.unit else 1


def _kin_counts(ours: Quantity, theirs: Quantity, context: _Item) -> float:
    if ours.unit == theirs.unit == "times":
        return 1.5
    if "times" in (ours.unit, theirs.unit):
        return 0
    if _same_noun(ours, theirs):
        return 2
    ours_people, theirs_people = _counts_people(ours), _counts_people(theirs)
    if ours_people and theirs_people:
        return 1
    # "204 juta pemilih" and "pemilih ... 204 juta": the noun may stand elsewhere near the number.
    if ours.noun and canonical(ours.noun, None) in context.near:
        return 1
    equal = ours.value == theirs.value
    return 0.5 if equal and (ours.noun is None or theirs.noun is None or ours.value >= 20) else 0


def _same_noun(ours: Quantity, theirs: Quantity) -> bool:
    if not ours.noun or not theirs.noun:
        return ours.unit is not None and ours.unit == theirs.unit and not ours.noun and not theirs.noun
    return canonical(ours.noun, None) == canonical(theirs.noun, None)


def _counts_people(quantity: Quantity) -> bool:
    return quantity.unit == "people" or (quantity.noun is not None and is_people(quantity.noun))


def _share(quantity: Quantity) -> Decimal | None:
    """A percentage or a ratio as a percentage; None for other ratios (`/10` of a rating, ppm)."""
    if quantity.unit == "percent":
        return Decimal(1)
    if quantity.dimension == "ratio" and quantity.unit is None:
        return Decimal(100)
    if quantity.dimension == "ratio" and quantity.spelled and quantity.unit:
        return Decimal(100) / Decimal(quantity.unit[1:])
    return None


class _Bounds(NamedTuple):
    """An interval of values; an open end is left out of it."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False


_INFINITY = Decimal("Infinity")
_FRACTION = Decimal("0.06")
"""How far a fraction in words ("sepertiga") may lie from a percentage, as a share of it."""
_STRICT, _NARROW, _WIDE = Decimal("0.02"), Decimal("0.1"), Decimal("0.25")
"""How far "about" reaches: as a source's word, to be believed, and to be surely wrong."""


def _scale(quantity: Quantity, other: Quantity) -> Decimal:
    """What the quantity is multiplied by to be compared with the other one."""
    if quantity.unit == other.unit:
        return Decimal(1)
    if (share := _share(quantity)) is not None:
        return share
    return (
        FACTORS.get(quantity.unit or "", Decimal(1))
        if quantity.dimension not in ("money", "temperature")
        else Decimal(1)
    )


def _bounds(quantity: Quantity, scale: Decimal, leeway: Decimal) -> _Bounds:
    """The values that a quantity's words allow; `leeway` is how far "about" reaches."""
    value = quantity.value * scale
    if quantity.low is not None and quantity.high is not None:
        spread = leeway if quantity.relation == "about" else Decimal(0)
        return _Bounds(quantity.low * scale * (1 - spread), quantity.high * scale * (1 + spread))
    match quantity.relation:
        case "gt":
            return _Bounds(value, _INFINITY, low_open=True)
        case "ge":
            return _Bounds(value, _INFINITY)
        case "lt":
            return _Bounds(-_INFINITY, value, high_open=True)
        case "le":
            return _Bounds(-_INFINITY, value)
        case "about":
            reach = max(abs(value) * leeway, quantity.precision * scale / 2)
            # "hampir 100" is not above 100, within its rounding.
            return _Bounds(value - reach, value if quantity.high is not None else value + reach)
    if _is_fraction(quantity):
        return _Bounds(value * (1 - _FRACTION), value * (1 + _FRACTION))
    # Beside a bound, "22 million" may stand for anything that is rounded or cut to it.
    rounding = quantity.precision * scale if quantity.precision > 1 and leeway > _STRICT else Decimal(0)
    return _Bounds(value - rounding / 2, value + rounding)


def _within(inner: _Bounds, outer: _Bounds) -> bool:
    low = inner.low > outer.low or (inner.low == outer.low and (inner.low_open or not outer.low_open))
    high = inner.high < outer.high or (inner.high == outer.high and (inner.high_open or not outer.high_open))
    return low and high


def _apart(a: _Bounds, b: _Bounds) -> bool:
    if a.high < b.low or b.high < a.low:
        return True
    touching_left = a.high == b.low and (a.high_open or b.low_open)
    return touching_left or (b.high == a.low and (b.high_open or a.low_open))


def _fit_quantities(ours: Quantity, theirs: Quantity) -> _Fit:
    """Whether the source's quantity is one that the claim's words allow."""
    if ours.dimension == "score":
        return "agrees" if (ours.low, ours.high) == (theirs.low, theirs.high) else "differs"
    a, b = _scale(ours, theirs), _scale(theirs, ours)
    exact = ours.relation == theirs.relation == "eq" and ours.low is theirs.low is None
    if exact:
        return _fit_exact(ours, theirs, a, b)
    if ours.value * a == theirs.value * b and ours.relation in ("eq", "about") and theirs.low is None:
        return "agrees"
    if _within(_bounds(theirs, b, _STRICT), _bounds(ours, a, _NARROW)):
        return "agrees"
    if not _apart(_bounds(theirs, b, _WIDE), _bounds(ours, a, _WIDE)):
        return "unclear"
    # "lebih dari 10.000" beside a plain "10.000": a round number may be rounded itself.
    equal = ours.value * a == theirs.value * b
    return "unclear" if equal and _round_zeros(theirs) >= 1000 else "differs"


def _fit_exact(ours: Quantity, theirs: Quantity, a: Decimal, b: Decimal) -> _Fit:
    left, right = ours.value * a, theirs.value * b
    if left == right:
        return "agrees"
    left_step, right_step = ours.precision * a, theirs.precision * b
    difference = abs(left - right)
    if _is_fraction(ours) or _is_fraction(theirs):
        # "a third" is said of 33 and of 35 percent.
        return "agrees" if difference <= max(left, right) * _FRACTION else "differs"
    # The finer value, rounded or cut to the coarser one's digits.
    coarse = max(left_step, right_step)
    if left_step != right_step and difference <= coarse / 2:
        return "agrees"
    if left_step > right_step and 0 < right - left < left_step:
        return "agrees"
    if ours.unit != theirs.unit and difference <= abs(right) * Decimal("0.01"):
        return "agrees"
    # "10.000" for 10.050: zeros at the end may be rounding, up to two parts in a hundred.
    zeros = max(_round_zeros(ours) * a, _round_zeros(theirs) * b)
    if zeros >= 100 and difference <= min(zeros / 2, abs(left) / 50):
        return "agrees" if zeros >= 1000 else "unclear"
    return "differs"


def _is_fraction(quantity: Quantity) -> bool:
    return quantity.dimension == "ratio" and quantity.unit is None and quantity.spelled


def _round_zeros(quantity: Quantity) -> Decimal:
    """The place value of the last digit that is not zero: 1000 of 12,000, 1 of 12,345."""
    if quantity.value == 0 or quantity.value != quantity.value.to_integral_value():
        return Decimal(0)
    digits = f"{quantity.value:f}".split(".")[0]
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))


# -- dates


def _overlap(a: DateMention, b: DateMention) -> bool:
    return a.first <= b.last and b.first <= a.last


def _fit_dates(ours: DateMention, theirs: object) -> _Fit:
    """Whether the time that the source gives is one that the claim's words allow."""
    assert isinstance(theirs, DateMention)
    same_time = _overlap(ours, theirs)
    if ours.relation in ("before", "after"):
        if theirs.relation == ours.relation and same_time:
            return "agrees"
        if theirs.relation != "in":
            return "unclear"
        if ours.relation == "before":
            return "agrees" if theirs.last < ours.first else "differs" if theirs.first >= ours.first else "unclear"
        return "agrees" if theirs.first > ours.last else "differs" if theirs.last <= ours.last else "unclear"
    if ours.relation == "until":
        return "agrees" if same_time or theirs.last <= ours.last else "unclear"
    if theirs.relation in ("before", "after", "until"):
        return "unclear"
    if same_time:
        return "agrees"
    return "differs" if ours.relation == theirs.relation else "unclear"


# -- words for a person


def _comparison(item: _Item, pair: _Pair, theirs: Iterable[_Item]) -> Comparison:
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


def _beside(value: Quantity | DateMention, theirs: Iterable[_Item]) -> str:
    """A second figure that the source gives in brackets right after the first: ` (58.59 %)`."""
    for item in theirs:
        other = item.value
        if isinstance(other, Quantity) and isinstance(value, Quantity) and 0 < other.start - value.end <= 24:
            if other.dimension == "percent" != value.dimension:
                return f" ({other.text})"
            return ""
    return ""
