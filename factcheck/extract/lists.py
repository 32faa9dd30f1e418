"""Lists under a line that introduces them: each item worded as the statement it makes there."""

from __future__ import annotations

import re
from typing import NamedTuple

from factcheck.extract.clauses import first_verb, subject_of
from factcheck.extract.units import Unit

INTRODUCES = "introduces the list below it"
REFERENCES = "a list of references, which states nothing itself"

_MARK = re.compile(r"^(?:[-*•‣▪–]|\(?\d{1,2}[.)]|[a-z][.)])\s*(?=\S)")
_NUMBER_ONLY = re.compile(r"^\(?\d{1,2}[.)]?$")
_NUMBERED = re.compile(r"(?:^|\n)\s*\(?\d{1,2}[.)]\s*$")
_INTRO_VERB = re.compile(
    r"\b(?:include|includes|are|were|is|was|adalah|meliputi|ialah|yaitu|yakni|antara lain|termasuk)$"
)
_NAMED = re.compile(r"^(?P<name>[^\W\d_a-z“\"'][^:–—]{1,60}?)(?P<sign>:| [-–—])\s+(?P<what>\S.{5,})$", re.DOTALL)
_HERE = re.compile(
    r"^(?:Sure,? )?(?:Here (?:is|are)|Berikut (?:ini|adalah)?|The following|They are|These are|References"
    r"|Sources?|Daftar)\b",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"^(?:References?|Sources?|Bibliography|Further reading|Referensi|Daftar pustaka|Sumber)\s*:?$", re.IGNORECASE
)


class Listed(NamedTuple):
    """What is known of the lists of a text, by the place of a sentence among its sentences."""

    wording: dict[int, str]
    """Items worded as statements."""
    reason: dict[int, str]
    """Lines that only introduce a list, and references."""


def lists_of(text: str, units: list[Unit], language: str) -> Listed:
    """The lists of a text: `The members were:` followed by lines gives `The members were X` for each line X.

    `X: a maker of Y` gives `X is a maker of Y`. Items that are sentences of their own are left as they are.
    """
    wording: dict[int, str] = {}
    reason: dict[int, str] = {}
    intro: str | None = None
    references = False
    for i, unit in enumerate(units):
        line = text[unit.start : unit.end].strip()
        if _REFERENCES.match(line):
            references = True
        if references:
            reason[i] = REFERENCES
            continue
        bare = re.sub(r"\s*\d{1,2}[.)]$", "", line)
        if bare.endswith(":") and len(bare.split()) >= 2 and len(bare) < 200:
            intro = bare[:-1].strip()
            reason[i] = INTRODUCES
            continue
        numbered = bool(
            _NUMBER_ONLY.match(_before(text, units, i)) or _NUMBERED.search(text[max(0, unit.start - 8) : unit.start])
        )
        if _NUMBER_ONLY.match(line) or (intro is None and not numbered):
            continue
        if not _own_line(text, unit) and not numbered:
            intro = None
            continue
        said = _item(_MARK.sub("", line), intro or "", language)
        if said:
            wording[i] = said
        elif len(line.split()) > 25:
            intro = None
    return Listed(wording, reason)


def _before(text: str, units: list[Unit], i: int) -> str:
    return text[units[i - 1].start : units[i - 1].end].strip() if i else ""


def _own_line(text: str, unit: Unit) -> bool:
    return "\n" in text[max(0, unit.start - 6) : unit.start]


def _item(item: str, intro: str, language: str) -> str | None:
    named = _NAMED.match(item)
    be = "adalah" if language == "id" else "is"
    if named:
        name, what = named["name"].strip(), named["what"]
        own = re.match(
            r"(?:This|It|He|She|They|Ini|Ia|Dia)\s+(?=(?:is|was|are|were|has|had|\w+ed|\w+s|adalah|merupakan)\b)", what
        )
        if own:
            return f"{name} {what[own.end() :]}"
        if language == "en" and re.match(r"[A-Z]?[a-z]+ing\b", what):
            return f"{name} {be} {what[0].lower()}{what[1:]}"
        return f"{name} {be} {what}" if re.match(r"(?:an?|the|one|sebuah|seorang|salah satu)\b", what, re.I) else None
    if first_verb(item, language) and subject_of(item, language):
        return None
    if _INTRO_VERB.search(intro) and not _HERE.match(intro) and len(item.split()) <= 12:
        return f"{_among(intro)} {item}"
    return None


_ALL = {
    "were": "included", "are": "include", "adalah": "antara lain", "ialah": "antara lain", "yaitu": "antara lain",
    "yakni": "antara lain", "meliputi": "antara lain",
}  # fmt: skip


def _among(intro: str) -> str:
    """`The members included` for `The members were`: a line of the list is one of them, not all."""
    head, _, verb = intro.rpartition(" ")
    return f"{head} {_ALL[verb]}" if verb in _ALL else intro
