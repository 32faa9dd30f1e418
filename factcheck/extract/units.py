"""The sentences of an article as the offline extractor walks over them: mended, with repeats and quotes marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from factcheck.extract.clauses import names_its_subject, points_back, stands_alone
from factcheck.extract.speech import Speech, reported_speech
from factcheck.text import Normal, sentences, word_set
from factcheck.types import Span

LONGEST_SENTENCE = 2000
"""Characters over which a stretch without a stop is no sentence but a table, a list or code."""


class Unit(NamedTuple):
    """A sentence of the reading copy, or two that a stray full stop had parted."""

    start: int
    end: int
    headline: bool


_DANGLING = re.compile(
    r"\b(?:oleh|dengan|untuk|dan|atau|dari|ke|pada|antara|bahwa|yang|sebagai|karena|kepada"
    r"|terhadap|tentang|dalam|of|to|with|by|the|and"
    r"|or|for|from|that)\.$"
)
_RELATION = re.compile(r"\b(?:hubungan|kebutuhan|keinginan|kerja sama|upaya|rencana|di ?lakukan|kebijakan)\.$")
_FRAGMENT = re.compile(
    r"[A-Z][\w-]*(?: [A-Z][\w-]*)* (?:sejak (?:ia|dia|mereka)|yang|dengan|akan (?!me|ber|di"
    r"|ter|ke|ada|tiba|datang|pergi|hadir|terus|tetap|segera))\b"
)


_BLANKS = 30
_LETTERS = 150
# Letters without spaces between words (Chinese, Thai) are no such run.
_RUN = re.compile(rf"[^\S\n\r]{{{_BLANKS},}}|[0-9A-Za-z_\u00aa-\u02af]{{{_LETTERS},}}|[^\w\s]{{{_LETTERS},}}")


def readable(copy: Normal) -> tuple[Normal, list[Span]]:
    """An article without what nobody writes for a reader: runs of blanks, of letters or of signs, endless sentences.

    Rules look at a sentence many times, some from each of its words to its end, so that its length has to be bounded.
    Of a run its beginning stays.

    Returns:
        The copy, and where in the article sentences were left out that are longer than `LONGEST_SENTENCE`.
    """
    runs = ((found.start() + (1 if found[0].isspace() else _BLANKS), found.end()) for found in _RUN.finditer(copy.text))
    short = _without(copy, [i for start, end in runs for i in range(start, end)])
    endless = [span for span in sentences(short.text) if span.end - span.start > LONGEST_SENTENCE]
    places = [Span(start=short.starts[one.start], end=short.ends[one.end - 1]) for one in endless]
    return _without(short, [i for one in endless for i in range(one.start, one.end)]), places


def units_of(copy: Normal) -> tuple[Normal, list[Unit]]:
    """The sentences of an article, those parted by a stray full stop joined, in a copy without these stops."""
    spans = list(sentences(copy.text))
    joins: list[int] = []
    first = spans[0].start if spans else 0
    for one, two in pairwise(spans):
        if two.end - first <= LONGEST_SENTENCE and (
            "\n" not in copy.text[one.end : two.start]
            and _stray(copy.text[max(0, one.end - 60) : one.end], copy.text[two.start : two.start + 120])
        ):
            joins.append(one.end - 1)
        else:
            first = two.start
    joined = _without(copy, joins)
    units: list[Unit] = []
    dropped = set(joins)
    begin: int | None = None
    for span in spans:
        begin = span.start if begin is None else begin
        if span.end - 1 in dropped:
            continue
        low, high = begin - bisect_left(joins, begin), span.end - bisect_left(joins, span.end)
        units.append(Unit(low, high, _is_headline(joined.text, low, high)))
        begin = None
    return joined, units


def clauses_of(text: str, units: list[Unit], language: str) -> list[Unit]:
    """The sentences, those cut at a semicolon of which each side has a subject and a verb of its own."""
    found: list[Unit] = []
    for unit in units:
        low = unit.start
        for mark in re.finditer(r";\s+", text[unit.start : unit.end]):
            at, after = unit.start + mark.start(), unit.start + mark.end()
            left, right = text[low:at], text[after : unit.end].rstrip(".")
            told = reported_speech(text, Span(start=low, end=at), language) is not None
            if _open_marks(left) or _open_marks(right) or not stands_alone(left, language):
                continue
            if told or (names_its_subject(right, language) and not points_back(right, language)):
                found.append(Unit(low, at, False))
                low = after
        found.append(Unit(low, unit.end, unit.headline and low == unit.start))
    return found


def _open_marks(text: str) -> bool:
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1 or text.count("(") != text.count(")")


def _stray(before: str, after: str) -> bool:
    if _DANGLING.search(before):
        return True
    return bool(_RELATION.search(before) and _FRAGMENT.match(after))


def _without(copy: Normal, drops: list[int]) -> Normal:
    if not drops:
        return copy
    gone = set(drops)
    kept = [i for i in range(len(copy.text)) if i not in gone]
    return Normal(
        "".join(copy.text[i] for i in kept),
        type(copy.starts)("l", [copy.starts[i] for i in kept]),
        type(copy.ends)("l", [copy.ends[i] for i in kept]),
    )


def in_title_case(text: str) -> bool:
    """Whether nearly all words have capitals, which then name nobody."""
    words = re.findall(r"[^\W\d_]\S*", text)
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _is_headline(text: str, start: int, end: int) -> bool:
    """A line of its own, of at most 25 words, without a stop, or in Title Case with an exclamation mark."""
    shouts = text[end - 1] == "!" and in_title_case(text[start:end])
    if (text[end - 1] in '.!?…”"' and not shouts) or len(text[start:end].split()) > 25:
        return False
    before, after = text[max(0, start - 3) : start], text[end : end + 3]
    return (start < 3 or "\n" in before) and ("\n" in after or end >= len(text) - 2)


# --- beginnings

_DATELINE = re.compile(
    r"^(?:[A-Z][\w.'’]*(?:[ ,/]+[A-Z][\w.'’]*){0,4}\s*(?:\([^)]{2,40}\))?,?\s*(?:[A-Za-z]+\.(?:com"
    r"|co\.id|id|net|org)\s*)?|[A-Za-z]+\.(?:com|co\.id|id|net)[^–—-]{0,20})\s*(?:--|[-–—])\s+(?=[\"“A-Z])"
)
_LEAD = re.compile(
    r"^(?:(?:Namun demikian|Namun|Selain itu|Sementara itu|Di sisi lain|Di samping itu|Akan tetapi"
    r"|Tetapi|Tapi|Oleh karena itu|Karena itu|Lebih lanjut"
    r"|Sebelumnya|Kemudian|Selanjutnya|Bahkan|Adapun|Dan|Lalu|Meski demikian|Meski begitu"
    r"|Walau demikian|Sebagai informasi|Diketahui|Seperti diketahui|Di mana|Dimana|Kendati demikian"
    r"|Kendati begitu|Alhasil"
    r"|Akibatnya|Sebaliknya"
    r"|Dengan begitu|Dengan demikian|Untuk itu|Oleh sebab itu|Faktanya|Sebab|Pasalnya|Apalagi|Terlebih"
    r"|Sementara(?! waktu)"
    r"|However|Meanwhile|Moreover|Furthermore|In addition(?! to)|Additionally|But|And|Also|Besides"
    r"|Nevertheless|Still|Then|Overall|In fact|Yes|No|Sure|Finally|So)\b,?\s+"
    r"|As of my (?:last |latest )?(?:knowledge cutoff|update)[^,.]{0,30},\s+"
    r"|It(?:['’]s| is) (?:also )?(?:important|worth|worthwhile) (?:to note|noting|to mention|mentioning)(?: that)?,?\s+"
    r"|(?:Please note|Note|Perlu (?:diketahui|dicatat)|This means) (?:that|bahwa),?\s+)+"
)


def lead_end(text: str, start: int, end: int) -> int:
    """Where a sentence begins after dateline and connecting words."""
    for _ in range(2):
        dateline = _DATELINE.match(text[start : min(end, start + 120)])
        if dateline and end - start - dateline.end() > 20:
            start += dateline.end()
    lead = _LEAD.match(text[start : min(end, start + 80)])
    return start + lead.end() if lead and end - start - lead.end() > 8 else start


def lead_off(text: str) -> str:
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead and len(text) - lead.end() > 8 else text


# --- repetition and quotes over several sentences

_TOKEN = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*")
_COMMON = word_set(
    "yang untuk dari dengan pada ini itu dan akan telah the and for with from that has have had was were its his her"
)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(t[:6] for t in _TOKEN.findall(text.casefold()) if t not in _COMMON)


def repeating_headlines(text: str, units: list[Unit]) -> set[int]:
    """Headlines all of whose numbers and most of whose words the body has, much of it in one sentence."""
    body = [(i, _tokens(text[u.start : u.end])) for i, u in enumerate(units) if not u.headline]
    places: dict[str, list[int]] = defaultdict(list)
    for i, tokens in body:
        for token in tokens:
            places[token].append(i)
    repeated = set()
    for i, unit in enumerate(units):
        if not unit.headline:
            continue
        tokens = _tokens(text[unit.start : unit.end])
        covered = [t for t in tokens if t in places]
        if not tokens or any(t[0].isdigit() and t not in places for t in tokens):
            continue
        hits: dict[int, int] = defaultdict(int)
        for token in covered:
            for place in places[token][:300]:
                hits[place] += 1
        best = max(hits.values(), default=0)
        counted = any(t[0].isdigit() for t in tokens)
        if best >= (0.45 if counted else 0.65) * len(tokens) or (
            len(covered) >= 0.55 * len(tokens)
            and (best >= max(2, 0.35 * len(tokens)) or (i > 0 and in_title_case(text[unit.start : unit.end])))
        ):
            repeated.add(i)
    return repeated


def quoted_by(text: str, units: list[Unit], language: str) -> dict[int, Speech]:
    """Whole sentences inside a quotation, with the speaker named at its end or in the sentence before it."""
    found: dict[int, Speech] = {}
    opened: list[int] = []
    last: tuple[int, Speech] | None = None
    for i, unit in enumerate(units):
        sentence = text[unit.start : unit.end]
        speech = (
            reported_speech(text, Span(start=unit.start, end=unit.end), language)
            if len(sentence) < LONGEST_SENTENCE
            else None
        )
        opens = sentence[:1] in '“"' and not re.search(r"[”\"]", sentence[1:])
        if opened and (len(opened) > 6 or (sentence[:1] in '“"' and opens)):
            opened = []
        if speech and opened and re.search(r"[”\"]", sentence):
            for j in opened:
                low, high = units[j].start + (text[units[j].start] in '“"'), units[j].end
                content = Span(start=low, end=high - (high > low and text[high - 1] in ".!?…,"))
                found[j] = speech._replace(contents=(content,), direct=True)
            found[i] = speech._replace(direct=True)
            opened = []
        elif opens or (opened and not re.search(r"[”\"]", sentence)):
            opened.append(i)
        elif re.fullmatch(r"[“\"][^“”\"]{12,}[”\"]\.?", sentence) and last and last[0] == i - 1:
            content = Span(start=unit.start + 1, end=unit.end - len(re.search(r"[.!]?[”\"]\.?$", sentence).group()))  # type: ignore[union-attr]
            found[i] = last[1]._replace(contents=(content,), direct=True)
            last = (i, last[1])
            continue
        else:
            opened = []
        last = (i, speech) if speech else None
    return found
