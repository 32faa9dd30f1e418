"""Sentences with offsets.

The rules are our own, for Indonesian and English, since general segmenters break `PT. Pertamina`, `Prof. Budi` and
`M.Si.` apart. Each rule looks at a bounded stretch around a stop, so that the time taken grows with the length of the
text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factcheck.text.words import CALENDAR, INVISIBLE, STARTERS, word_set
from factcheck.types import Span

# Followed by a capital or a digit they never end a sentence.
_BEFORE_NAME = word_set(
    "mr mrs ms messrs dr dra drs prof profs h hj ir bpk bp sdr sdri ny nn tn kh k.h r.a r.m st sta jl"
    " jln gg kp ds kel kec kab prov"
    " rt rw pt cv gd tj tg ud tb tbk.pt gen col lt lt.col lt.gen maj maj.gen brig brig.gen sgt capt cpt"
    " cmdr adm pvt cpl rev hon pres gov sen rep"
    " supt det insp letjen mayjen brigjen jend kol letkol kapt ltn kompol akbp komjen irjen kombes ipda"
    " iptu a.n an d.a u.p u.b"
    " dr.h dr.hc h.c gub bgd vs v ft mt e.g i.e cf viz al spd amb atty fr msgr mgr alm almh ust ustaz yth"
    " fak univ inf pol purn pdt rm ttd reps sens govs"
)
# Followed by a digit they never end a sentence; before a word they may.
_BEFORE_NUMBER = word_set(
    "no nos nr nomor tgl tg hlm hal pkl pk pp p vol jld ed bab ps pas ay art sec fig figs tab ch par rp"
    " rs tel telp hp fax"
    " jan feb mar apr jun jul ags agt agu aug sep sept okt oct nov des dec th thn ca approx est max min"
    " mon tue tues wed thu thur thurs fri sat sun ext lat long lt lk km kav gbr"
)
# They end a sentence only where the next word is one that starts sentences.
_EITHER = word_set(
    "inc corp co ltd llc plc bros jr sr tbk persero etc assn dept est mfg intl natl ave blvd rd"
    " hwy ph.d phd m.d"
    " no ed esq u.s u.k u.n d.c a.s swt saw s.pd m.pd s.si m.si s.h m.h s.e m.m s.sos"
    " m.hum s.kom m.kom"
    " s.t m.t s.ked sp.a sp.og m.kes s.ag m.ag b.sc m.sc b.a m.a red ibid op.cit alm mt ft al rsud"
)
# After a time of day a capital begins a sentence, but for a day, a month or the zone: `5 p.m. Monday`, `8 p.m. EST`.
_CLOCK = word_set("a.m p.m am pm wib wita wit")
_AFTER_CLOCK = CALENDAR | word_set("eastern pacific central mountain greenwich")
_DAYS = word_set("mon tue tues wed thu thur thurs fri sat sun")
_MONTHS = word_set("jan feb mar apr jun jul ags agt agu aug sep sept okt oct nov des dec") | CALENDAR
# Indonesian closings of a list: what comes after them with a capital is a new sentence.
_OFTEN_FINAL = word_set("dll dsb dst dkk tsb etc")

_SAYING = (
    r"(?:said|says|asked|added|told|wrote|replied|kata|ujar|tanya|ucap|tutur|jelas|tegas|bertanya|berkata|mengatakan)"
)

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(
    r"\.(?: \.){2,}|[.!?…]+|[。！？।؟]"
    "|(?<=[^\\W_][ \t])"
    "(?:[\U0001f300-\U0001f448\U0001f44a-\U0001f5ff\U0001f600-\U0001faff\u2600-\u2763\ufe0f\u200d][ \t]?){1,12}"
)
_CLOSERS = re.compile(rf"(?:\[\d{{1,3}}\]|[\"'”’»›)\]}}{INVISIBLE}])*")
_SPACED_CLOSER = re.compile(r"[ \t\u00a0]{1,2}(?:[”»]|\"(?=\s|$))")
_EMOJI = re.compile("(?:[ \\t]?[\U0001f000-\U0001f448\U0001f44a-\U0001faff\u2764\ufe0f\u200d]){1,12}(?=\\s|$)")
_QUOTES = frozenset("\"'”’»›")
_OPENERS = re.compile(rf"[\s\"'“‘«‹(\[{{\-–—•*{INVISIBLE}]{{0,8}}")
_WEB = re.compile(r"(?:https?://|www\.)\S+")
_BULLET = re.compile(
    rf"[\s{INVISIBLE}]*(?:(?:[-–—*•▪●◦‣·✔✅➡►▶>#]+|\(?\d{{1,2}}[.)]|\(?[a-zA-Z]\)|[a-h]\.)(?=\s)[\s{INVISIBLE}]*)?"
)
_ASKED_BY = re.compile(rf"\s+(?:[^\W\d_a-z]\S*\s+){{1,3}}{_SAYING}\b")
_NUMBERED = re.compile(
    r"\W{0,3}(?:tabel|gambar|grafik|bagan|lampiran|bab|bagian|pasal|table|figure|chart|chapter|part|section|appendix)"
    r"\s+(?:\d{1,3}|[ivxlc]{1,6}|[a-z])",
    re.IGNORECASE,
)
_NEXT_ITEM = re.compile(r"\d{1,2}\.[^.!?]{1,80}[,;] (?:dan |and )?\d{1,2}\.\s")
_FIRST_WORD = re.compile(r"[^\W_][\w'’-]*")
_AMOUNT = re.compile(r"(?:Rp|US\$|[$€£])?\d[\d.,:/–-]*\d%?|\d{1,3}%")
_SPELLED = re.compile(r"(?:[^\W\d_]{1,4}\.)+[^\W\d_]{1,4}")


def sentences(text: str, language: str | None = None) -> tuple[Span, ...]:
    """The sentences of an Indonesian or English text: trimmed, in order, never overlapping.

    A line break ends a sentence (headlines have no stop), unless the lines are wrapped prose. Closing quotes and
    brackets belong to the sentence they close; bullets and list numbers are left outside. The rules of both
    languages hold together, since Indonesian news is full of English names: `language` is there for callers that
    know it and for rules to come, and changes nothing today.
    """
    found: list[Span] = []
    for start, end in _blocks(text):
        found.extend(_split_block(text, start, end))
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches in which no sentence ends at a line break: lines, or runs of wrapped lines."""
    block: tuple[int, int] | None = None
    for lines in _paragraphs(text):
        width = _wrapped_at(text, lines)
        for start, end in lines:
            if block and block[0] >= lines[0][0] and _continues(text, block[1], start, end, width):
                block = (block[0], end)
                continue
            if block:
                yield block
            block = (start, end)
    if block:
        yield block


def _paragraphs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines with no empty line between them."""
    lines: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        if match.group().isspace():
            continue
        gap = text[lines[-1][1] : match.start()] if lines else ""
        if gap.strip(" \t") not in ("", "\n", "\r", "\r\n"):
            yield lines
            lines = []
        lines.append(match.span())
    if lines:
        yield lines


def _wrapped_at(text: str, lines: list[tuple[int, int]]) -> int | None:
    """The width at which a paragraph was wrapped, None where its lines are lines."""
    longest = max(end - start for start, end in lines)
    if len(lines) < 3 or not 40 <= longest <= 130:
        return None
    small = sum(1 for start, _ in lines[1:] if text[start].islower())
    return longest if small >= 2 and small * 3 >= len(lines) - 1 else None


def _continues(text: str, before: int, start: int, end: int, width: int | None) -> bool:
    """Whether a line goes on with the sentence of the line before it, as in wrapped prose."""
    last = text[max(0, before - 200) : before].rstrip()
    last = last[max(last.rfind("\n"), last.rfind("\r")) + 1 :]
    head = text[start : start + 40].lstrip()
    if not last or not head or last[-1] in '.!?…:;”"' or _bullet(text, start, end) > start:
        return False
    if head[0].islower():
        return len(last) >= 40
    return width is not None and len(last) >= 0.7 * width


def _bullet(text: str, start: int, end: int) -> int:
    """Where the words of a line begin, after a bullet or a list number."""
    found = _BULLET.match(text, start, end)
    return found.end() if found else start


def _split_block(text: str, start: int, end: int) -> Iterator[Span]:
    web = [m.span() for m in _WEB.finditer(text, start, end)]
    begin = _bullet(text, start, end)
    for stop in _STOP.finditer(text, begin, end):
        while web and web[0][1] <= stop.start():
            web.pop(0)
        # The stop that follows an address is outside it, although no space parts them.
        if web and web[0][0] <= stop.start() and stop.end() < web[0][1]:
            continue
        after = _boundary(text, begin, stop.start(), stop.end(), end)
        if after is not None and after > begin:
            span = _trimmed(text, begin, after)
            if span:
                yield span
            begin = after
    span = _trimmed(text, begin, end)
    if span:
        yield span


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    # Stops and marks alone are no sentence.
    if start < end and any(c.isalnum() or ord(c) > 0x2FFF for c in text[start:end]):
        return Span(start=start, end=end)
    return None


def _boundary(text: str, begin: int, start: int, stop_end: int, end: int) -> int | None:
    """Where the sentence ends if the stop at `start` ends one, else None."""
    stop = text[start:stop_end]
    if stop[0] >= "\u2600" and stop[0] not in "。！？":
        return _after_emoji(text, begin, start, stop_end, end)
    after = _CLOSERS.match(text, stop_end, end).end()  # type: ignore[union-attr]
    spaced = _SPACED_CLOSER.match(text, after, end)
    if spaced and text.count('"', max(begin, after - 3000), after) % 2 == 1:
        after = spaced.end()
    emoji = _EMOJI.match(text, after, end)
    after = emoji.end() if emoji else after
    if after >= end:
        return end
    if stop in "。！？।":
        return after
    quoted = any(c in _QUOTES for c in text[stop_end:after])
    word = _word_before(text, begin, start)
    if not (text[after].isspace() or ord(text[after]) > 0x2FFF):
        return after if _run_together(text, word, after, end) else None
    opener = _OPENERS.match(text, after, end).end()  # type: ignore[union-attr]
    if opener >= end:
        return after
    following = text[opener]
    if following.islower():
        return after if _ends_before_lower(stop, word, quoted) else None
    if "." in stop and len(stop) == 1:
        return None if _abbreviation(text, begin, start, word, opener, end) else after
    if stop[-1] in "!?" and quoted and _ASKED_BY.match(text, after, end):
        return None
    return after


def _after_emoji(text: str, begin: int, start: int, stop_end: int, end: int) -> int | None:
    """Where a sentence ends that a post closes with emoji alone: two of them, or one before a word that starts one."""
    following = _FIRST_WORD.match(text, stop_end, min(end, stop_end + 40))
    if stop_end >= end or not following or not following.group()[0].isupper():
        return None
    several = sum(1 for c in text[start:stop_end] if c >= "\u2600" and c != "\ufe0f") > 1
    long = text.count(" ", max(begin, start - 200), start) >= 3
    starts = following.group().lower() in STARTERS
    return start + len(text[start:stop_end].rstrip()) if long and (several or starts) else None


def _word_before(text: str, begin: int, stop: int) -> str:
    """The word that ends at a stop, without opening marks; at most 30 characters of it."""
    start = stop
    while start > max(begin, stop - 30) and not text[start - 1].isspace():
        start -= 1
    word = text[start:stop].lstrip("\"'“‘«([{/-–—" + INVISIBLE)
    return word[-1] if word[-2:-1] == "/" else word


def _run_together(text: str, word: str, after: int, end: int) -> bool:
    """`selesai.Dia pulang`: the space is missing, and no address or name with a dot is meant."""
    if not _AMOUNT.fullmatch(word) and (
        len(word) < 3 or not word.isalpha() or not word[1:].islower() or word.lower() in _BEFORE_NAME | _EITHER
    ):
        return False
    follows = re.compile(r"[^\W\d_]+").match(text, after, min(end, after + 30))
    if not follows or not follows.group()[0].isupper() or not follows.group()[1:].islower():
        return False
    return follows.end() >= end or text[follows.end()].isspace() or text[follows.end()] in ",;:"


def _ends_before_lower(stop: str, word: str, quoted: bool) -> bool:
    if quoted or stop.startswith(("..", ". .", "…")):
        return False
    if stop[-1] in "!?":
        return word.lower() not in {"yahoo", "jeopardy"}
    known = _BEFORE_NAME | _BEFORE_NUMBER | _EITHER | _OFTEN_FINAL
    return len(word) >= 5 and word.isalpha() and word.islower() and word not in known


def _abbreviation(text: str, begin: int, start: int, word: str, opener: int, end: int) -> bool:
    """Whether the full stop after `word` belongs to an abbreviation and ends no sentence."""
    low = word.lower().strip(".")
    match = _FIRST_WORD.match(text, opener, min(end, opener + 40))
    following = match.group() if match else ""
    number = following[:1].isdigit()
    starter = following.lower() in STARTERS and not following.isupper()
    if low in _OFTEN_FINAL:
        return False
    if low in _BEFORE_NUMBER and (number or (word[0].isupper() and low in _DAYS and following.lower() in _MONTHS)):
        return True
    if low in _CLOCK:
        zone = following.isupper() or following.lower() in _AFTER_CLOCK
        return zone or text.startswith(" time", opener + len(following))
    if len(low) == 1 and low.isalpha() and word[0].isupper():
        before = _word_before(text, begin, max(begin, start - 2)) if start - 2 > begin else ""
        return not starter and before.lower() not in _LETTERED
    if low == "st" or word == "RS":
        return not starter
    if word == "v":
        return following[:1].isupper() and _word_before(text, begin, max(begin, start - 2))[:1].isupper()
    if low in _BEFORE_NAME and (word[0].isupper() or low not in _ORDINARY):
        return True
    if low in _EITHER and low not in _BEFORE_NUMBER:
        return not starter
    if _SPELLED.fullmatch(word):
        return not starter
    if len(text[begin:start]) < 30 and _NUMBERED.fullmatch(text, begin, start):
        return True  # "Tabel 3. Jumlah penduduk"
    # A list number inside a line: "1. Pertama" is kept whole.
    return low.isdigit() and len(low) <= 2 and (start - len(word) <= begin or _listed(text, begin, start - len(word)))


def _listed(text: str, begin: int, at: int) -> bool:
    """Whether the number at `at` belongs to a list that runs on in its sentence: `syarat: 1. KTP, 2. pasfoto`."""
    before = text[max(begin, at - 6) : at].rstrip()
    if before.endswith(":"):
        return _NEXT_ITEM.match(text, at, at + 120) is not None
    return before.endswith(";") or (before.endswith(",") and not before[:-1].endswith(tuple("0123456789")))


# What is named by a letter: "vitamin C." ends a sentence as any word does.
_LETTERED = word_set(
    "vitamin hepatitis plan rencana grup group kelas class tipe type golongan blok block seri series liga"
)
# Words of the language that look like one of the abbreviations when written small.
_ORDINARY = word_set("an al st v mt ft co ny col fr gen alm rep det")
