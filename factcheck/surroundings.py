"""The numbers and dates of a text, each with the words that stand around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from factcheck.dates import DateMention, find_dates
from factcheck.glossary import canonical
from factcheck.numbers import STOPWORDS, Quantity, find_quantities
from factcheck.numerals import Token, guess_language, tokens
from factcheck.text import sentences
from factcheck.types import Span

NEAR = 6
"""Content words on each side of a value that are its close context."""
_KEPT = 5000
"""Characters up to which a text's values are kept in memory for the next comparison."""
_LEAD = 16
"""Characters that may lie between a value and the content word that leads to it ("at the age of 61")."""
_LONGEST_LIFE = 115

_PLACING = frozenset({"in", "at", "for", "from", "to", "on", "di", "ke", "dari", "untuk"})

Role = Literal["birth", "death"]


class Item(NamedTuple):
    """A value with the canonical words around it."""

    value: Quantity | DateMention
    near: frozenset[str]
    sentence: frozenset[str]
    around: frozenset[str]
    """The words of its sentence, of the one before and of the text's first, which name what "it" is."""
    dates: tuple[DateMention, ...]
    """The dates of its sentence."""
    attributive: bool = False
    """Part of what it stands before: "the 2018 elections"."""
    lead: str | None = None
    """The content word right before it: `age` of "at the age of 61"."""
    role: Role | None = None
    """Whether a date is said to be that of a birth or a death."""


class Subject(NamedTuple):
    """What a claim speaks of."""

    words: frozenset[str]
    deeds: frozenset[str]
    """Those in lower case, which name no one: what happened or is the case."""
    names: frozenset[str]
    """Those with a capital; the first word only where no other has one."""
    places: frozenset[str]
    """Names after "in", "for" and the like, which tell one event from others of its kind."""


def subject_of(text: str, language: str | None) -> Subject:
    """The content words of a claim in canonical form."""
    parts = tokens(text[:4000])
    language = language or guess_language(parts)
    told = [(t, canonical(t.word, language)) for t in parts if _has_content(t)]
    deeds = frozenset(w for t, w in told if text[t.start].islower())
    capital = [(t, w) for t, w in told if not text[t.start].islower()]
    later = [w for t, w in capital if text[: t.start].strip(" \"'“‘")]
    before = {t.start: one.word for one, t in pairwise(parts)}
    places = frozenset(w for t, w in capital if before.get(t.start) in _PLACING)
    return Subject(frozenset(w for _, w in told), deeds, frozenset(later or (w for _, w in capital)), places)


def _has_content(token: Token) -> bool:
    return token.kind == "word" and token.word not in STOPWORDS and len(token.word) > 1


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
    roles = _roles(text, dates)
    items: list[Item] = []
    at = 0
    first: frozenset[str] | None = None
    before: frozenset[str] = frozenset()
    # Values outside every sentence are read in the text as a whole.
    for span in (*sentences(text, language), Span(start=0, end=len(text))):
        inside = []
        while at < len(values) and values[at].start < span.end:
            inside.append(values[at])
            at += 1
        if at == len(values) and not inside:
            break
        content = _content(text, span, language)
        words = frozenset(w for _, w in content)
        first = words if first is None else first
        if inside:
            items += _in_sentence(text, content, inside, words | before | first, roles)
        before = words
    return items


def _content(text: str, span: Span, language: str) -> list[tuple[int, str]]:
    """The content words of a sentence and where they stand; of a very long one those of its beginning."""
    part = tokens(text[span.start : min(span.end, span.start + 4000)])
    return [(t.start + span.start, canonical(t.word, language)) for t in part if _has_content(t)]


def _in_sentence(
    text: str,
    content: Sequence[tuple[int, str]],
    values: Sequence[Quantity | DateMention],
    around: frozenset[str],
    roles: Mapping[int, Role],
) -> list[Item]:
    """The values of one sentence with their context."""
    told = tuple(v for v in values if isinstance(v, DateMention))[:20]
    taken = [(v.start, v.end) for v in values[:60]]
    content = [(at, w) for at, w in content if not any(a <= at < b for a, b in taken)]
    everything = frozenset(w for _, w in content)
    items = []
    for value in values:
        before = [(at, w) for at, w in content if at < value.start][-NEAR:]
        lead = before[-1][1] if before and value.start - before[-1][0] <= _LEAD else None
        after = [w for at, w in content if at >= value.end][:NEAR]
        items.append(
            Item(
                value=_aged(value, lead),
                near=frozenset((*(w for _, w in before), *after)),
                sentence=everything,
                around=around,
                dates=told,
                attributive=text[max(0, value.start - 4) : value.start].lower() == "the ",
                lead=lead,
                role=roles.get(value.start),
            )
        )
    return items


def _aged(value: Quantity | DateMention, lead: str | None) -> Quantity | DateMention:
    """ "At the age of 61" gives years."""
    bare = isinstance(value, Quantity) and value.dimension == "plain" and value.noun is None
    return value.model_copy(update={"unit": "year", "dimension": "duration"}) if bare and lead == "age" else value


_BIRTH = re.compile(r"(?i)\b(?:born|birth|lahir|dilahirkan|kelahiran)\b[^.;()]{0,40}$")
_DEATH = re.compile(
    r"(?i)\b(?:died|dies|dead|death|passed away|deceased|meninggal|wafat|kematian|tewas|mangkat)\b[^.;()]{0,40}$"
)
_LIFESPAN = re.compile(r"[ ]{0,2}(?:[-–—]{1,3}|to|hingga|sampai)[ ]{0,2}(?i:died[ ])?")


def _roles(text: str, dates: Sequence[DateMention]) -> dict[int, Role]:
    """Which dates are of a birth or a death: by the words before them, or as "(1 May 1920 - 3 June 1990)"."""
    roles: dict[int, Role] = {}
    for one, two in pairwise(dates):
        opened = "(" in text[max(0, one.start - 90) : one.start]
        years = two.first.year - one.first.year
        if opened and 15 <= years <= _LONGEST_LIFE and _LIFESPAN.fullmatch(text[one.end : two.start]):
            roles[one.start], roles[two.start] = "birth", "death"
    for mention in dates:
        before = text[max(0, mention.start - 60) : mention.start]
        if mention.start not in roles and _DEATH.search(before):
            roles[mention.start] = "death"
        elif mention.start not in roles and _BIRTH.search(before):
            roles[mention.start] = "birth"
    return roles
