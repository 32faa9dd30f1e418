"""The value of a source that speaks of the same thing as a value of a claim.

What makes two values counterparts: the same dimension, the same or a translated noun, words in common around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from factcheck.dates import DateMention, find_dates
from factcheck.fits import Fit, fit_dates, fit_quantities, overlap, scale, share
from factcheck.glossary import canonical, is_people
from factcheck.numbers import STOPWORDS, Quantity, find_quantities
from factcheck.numerals import guess_language, tokens
from factcheck.text import sentences

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


class Item(NamedTuple):
    """A value with the canonical words around it."""

    value: Quantity | DateMention
    near: frozenset[str]
    sentence: frozenset[str]
    dates: tuple[DateMention, ...]
    """The dates of its sentence."""
    attributive: bool = False
    """Part of what it stands before: "the 2018 elections"."""


class Pair(NamedTuple):
    fit: Fit
    score: float
    source: Item
    near: int = 0
    """Content words common to the close contexts."""
    covered: float = 0.0
    """Share of the claim's content words in the source's sentence."""


# -- values and their surroundings


def read_items(text: str, language: str | None, base: date | None) -> tuple[Item, ...]:
    """The values of a text. A passage is read once however many claims it is laid beside."""
    return _read_once(text, language, base) if len(text) <= _KEPT else tuple(_read(text, language, base))


@lru_cache(maxsize=2048)
def _read_once(text: str, language: str | None, base: date | None) -> tuple[Item, ...]:
    return tuple(_read(text, language, base))


def _read(text: str, language: str | None, base: date | None) -> list[Item]:
    language = language or guess_language(tokens(text[:20_000]))
    dates = find_dates(text, language, base)
    values: list[Quantity | DateMention] = sorted(
        (*find_quantities(text, language), *dates), key=lambda value: value.start
    )
    if not values:
        return []
    items: list[Item] = []
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
) -> list[Item]:
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
        items.append(Item(value, frozenset((*before, *after)), everything, told, attributive))
    return items


def words_of(text: str, language: str | None) -> frozenset[str]:
    parts = tokens(text[:4000])
    language = language or guess_language(parts)
    return frozenset(
        canonical(t.word, language) for t in parts if t.kind == "word" and t.word not in STOPWORDS and len(t.word) > 1
    )


def _pair(fit: Fit, ours: Item, theirs: Item, common: frozenset[str], kin: float) -> Pair:
    """How much two values speak of the same thing: words near both of them count twice."""
    near = len(ours.near & theirs.near)
    shared = len(common & theirs.sentence)
    return Pair(fit, near + shared + kin, theirs, near, shared / max(1, len(common)))


# -- the counterpart of one value


def counterpart(item: Item, theirs: Sequence[Item], common: frozenset[str]) -> Pair | None:
    """The source's value that speaks of the same thing as the claim's, or None."""
    value = item.value
    pairs: list[Pair] = []
    for other in theirs:
        if isinstance(value, DateMention) and isinstance(other.value, DateMention):
            pairs.append(_pair(fit_dates(value, other.value), item, other, common, 0))
        if isinstance(value, Quantity) and isinstance(other.value, Quantity):
            kin = _kin(value, other.value, other)
            pairs += [_pair(fit_quantities(value, other.value), item, other, common, kin)] if kin else []
    bounded = value.relation in ("gt", "ge", "lt", "le", "before", "after")
    pair = _choose(item, pairs, bounded)
    if pair and pair.fit == "agrees" and isinstance(value, Quantity) and not _agreement_counts(value, pair):
        return None
    return pair


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


def _date_is_sure(item: Item, pair: Pair) -> bool:
    """A date is contradicted by the one date of a sentence on the same matter."""
    value = pair.source.value
    assert isinstance(value, DateMention)
    attributive = item.attributive or pair.source.attributive
    close = pair.covered >= SURE_DATE and pair.near >= SURE_NEAR_DATE
    return close and not value.vague and len(pair.source.dates) == 1 and not attributive


def _quantity_is_sure(item: Item, pair: Pair) -> bool:
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
        return any(overlap(a, b) for a in item.dates for b in pair.source.dates)
    return True


def _same_size(ours: Quantity, theirs: Quantity) -> bool:
    """Whether values in different units are of an order: a gun's millimetres are not a voyage's miles."""
    a, b = abs(ours.value * scale(ours, theirs)), abs(theirs.value * scale(theirs, ours))
    return min(a, b) * 20 >= max(a, b)


def _agreement_counts(quantity: Quantity, pair: Pair) -> bool:
    """Equal small numbers without a unit mean little unless the words around them meet too."""
    distinctive = quantity.dimension not in ("plain", "count", "ordinal") or quantity.value >= 20
    return distinctive or pair.score >= 2


# -- quantities


def _kin(ours: Quantity, theirs: Quantity, context: Item) -> float:
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
        return 1 if (share(ours) is not None and share(theirs) is not None) or ours.unit == theirs.unit else 0
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


def _kin_counts(ours: Quantity, theirs: Quantity, context: Item) -> float:
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
