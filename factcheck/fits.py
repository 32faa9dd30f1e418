"""Whether one quantity or date allows another: rounding, bounds, ranges, conversion of units."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from factcheck.dates import DateMention
from factcheck.numbers import FACTORS, Quantity

Fit = Literal["agrees", "differs", "unclear"]


# -- quantities


def share(quantity: Quantity) -> Decimal | None:
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
_STRICT, _BESIDE, _NARROW, _WIDE = Decimal("0.02"), Decimal("0.05"), Decimal("0.1"), Decimal("0.25")
"""How far "about" reaches: as a source's word, beside a bound, to be believed, and to be surely wrong."""
_UP_TO = ("up to", "as many as", "as much as", "hingga", "sampai")
"""Words of a source for the most there was, which is then a number that was reached."""


def scale(quantity: Quantity, other: Quantity) -> Decimal:
    """What the quantity is multiplied by to be compared with the other one."""
    if quantity.unit == other.unit:
        return Decimal(1)
    if (as_percent := share(quantity)) is not None:
        return as_percent
    return (
        FACTORS.get(quantity.unit or "", Decimal(1))
        if quantity.dimension not in ("money", "temperature")
        else Decimal(1)
    )


def _bounds(quantity: Quantity, by: Decimal, leeway: Decimal) -> _Bounds:
    """The values that a quantity's words allow; `leeway` is how far "about" reaches."""
    value = quantity.value * by
    if quantity.low is not None and quantity.high is not None:
        spread = leeway if quantity.relation == "about" else Decimal(0)
        return _Bounds(quantity.low * by * (1 - spread), quantity.high * by * (1 + spread))
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
            reach = max(abs(value) * leeway, quantity.precision * by / 2)
            # "hampir 100" is not above 100, within its rounding.
            return _Bounds(value - reach, value if quantity.high is not None else value + reach)
    if _is_fraction(quantity):
        return _Bounds(value * (1 - _FRACTION), value * (1 + _FRACTION))
    # Beside a bound, "22 million" may stand for what is rounded to it.
    rounding = quantity.precision * by / 2 if quantity.precision > 1 and leeway > _STRICT else Decimal(0)
    rounding = min(rounding, abs(value) * leeway)
    return _Bounds(value - rounding, value + rounding)


def _within(inner: _Bounds, outer: _Bounds) -> bool:
    low = inner.low > outer.low or (inner.low == outer.low and (inner.low_open or not outer.low_open))
    high = inner.high < outer.high or (inner.high == outer.high and (inner.high_open or not outer.high_open))
    return low and high


def _apart(a: _Bounds, b: _Bounds) -> bool:
    if a.high < b.low or b.high < a.low:
        return True
    touching_left = a.high == b.low and (a.high_open or b.low_open)
    return touching_left or (b.high == a.low and (b.high_open or a.low_open))


def fit_quantities(ours: Quantity, theirs: Quantity) -> Fit:
    """Whether the source's quantity is one that the claim's words allow."""
    if ours.dimension == "score":
        return "agrees" if (ours.low, ours.high) == (theirs.low, theirs.high) else "differs"
    a, b = scale(ours, theirs), scale(theirs, ours)
    exact = ours.relation == theirs.relation == "eq" and ours.low is theirs.low is None
    if exact:
        return _fit_exact(ours, theirs, a, b)
    equal = ours.value * a == theirs.value * b
    if equal and ours.relation in ("eq", "about") and theirs.low is None:
        return "agrees"
    bounded = ours.relation in ("gt", "ge", "lt", "le")
    if bounded and not equal and theirs.relation == "le" and theirs.text.lower().startswith(_UP_TO):
        theirs = theirs.model_copy(update={"relation": "about"})
    if _within(_bounds(theirs, b, _STRICT), _bounds(ours, a, _NARROW)):
        return "agrees"
    leeway = _BESIDE if bounded else _WIDE
    if not _apart(_bounds(theirs, b, leeway), _bounds(ours, a, leeway)):
        return "unclear"
    # "lebih dari 10.000" beside a plain "10.000": a round number may be rounded itself.
    rounded = equal and theirs.relation != ours.relation and theirs.relation in ("eq", "about")
    return "unclear" if rounded and _round_zeros(theirs) >= 1000 else "differs"


def _fit_exact(ours: Quantity, theirs: Quantity, a: Decimal, b: Decimal) -> Fit:
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


def overlap(a: DateMention, b: DateMention) -> bool:
    return a.first <= b.last and b.first <= a.last


def fit_dates(ours: DateMention, theirs: object) -> Fit:
    """Whether the time that the source gives is one that the claim's words allow."""
    assert isinstance(theirs, DateMention)
    same_time = overlap(ours, theirs)
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
