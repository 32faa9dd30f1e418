"""Sentences with offsets, the language of a text, and finding a quote in its source.

Everything here counts characters of the text as given: a normal form is only ever used beside it, with a map of
offsets back. The sentence rules are our own, for Indonesian and English, since general segmenters break
`PT. Pertamina`, `Prof. Budi` and `M.Si.` apart. Each rule looks at a bounded stretch around a stop, so that the time
taken grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from factcheck.types import Span

# --- words -----------------------------------------------------------------------------------------------------------


def word_set(text: str) -> frozenset[str]:
    """A list of words, written as one text."""
    return frozenset(text.split())


NEGATIONS: dict[str, frozenset[str]] = {
    "id": word_set(
        "tidak bukan bukanlah tidaklah tak belum tanpa jangan tiada nggak enggak gak ngga ndak kagak takkan"
    ),
    "en": word_set(
        "not no never none nobody nothing neither nor without cannot can't don't doesn't didn't isn't aren't wasn't"
        " weren't won't wouldn't hasn't haven't hadn't couldn't shouldn't mustn't ain't"
    ),
}
"""Words that turn a statement into its opposite, by language."""

_ALL_NEGATIONS = frozenset().union(*NEGATIONS.values())

# Changing one of these changes what is said, although it is no number, name or negation.
_TURNING = word_set(
    "naik turun meningkat menurun lebih kurang sebelum sesudah setelah hanya semua seluruh sebagian"
    " jika kalau kecuali"
    " mungkin dapat bisa akan hampir sekitar gagal berhasil menang kalah menolak menerima"
    " rise rises rose fall falls fell up down increase increased decrease decreased more less fewer"
    " before after only"
    " all some if unless may might could would will almost about least most failed won lost rejected"
    " accepted"
    " satu dua tiga empat lima enam tujuh delapan sembilan sepuluh belas puluh ratus ribu juta miliar"
    " milyar triliun"
    " one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million"
    " billion trillion"
)

_CALENDAR = word_set(
    "januari februari maret april mei juni juli agustus september oktober november desember"
    " january february march may june july august october december"
    " senin selasa rabu kamis jumat sabtu minggu ahad monday tuesday wednesday thursday friday saturday"
    " sunday"
)

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
_AFTER_CLOCK = _CALENDAR | word_set("eastern pacific central mountain greenwich")
_DAYS = word_set("mon tue tues wed thu thur thurs fri sat sun")
_MONTHS = word_set("jan feb mar apr jun jul ags agt agu aug sep sept okt oct nov des dec") | _CALENDAR
# Indonesian closings of a list: what comes after them with a capital is a new sentence.
_OFTEN_FINAL = word_set("dll dsb dst dkk tsb etc")

_STARTERS = word_set(
    "the a an he she it they we you this that these those his her its their our my there here in on at"
    " for from with by"
    " as but and or so yet if when while after before since although though however meanwhile moreover"
    " according"
    " what who where why how one some many most all both each no not according under over during despite"
    " because then now"
    " ia dia mereka kami kita saya anda aku beliau itu ini hal para sang di ke dari pada dalam dengan"
    " untuk oleh sejak"
    " sebab karena namun tetapi tapi dan atau jika kalau ketika saat sementara setelah sebelum sesudah"
    " menurut meski"
    " meskipun walaupun selain sebagai akibatnya adapun bahkan sedangkan kemudian lalu lantas maka oleh"
    " selama sampai"
    " seorang sebuah suatu semua seluruh sejumlah beberapa banyak kedua ketiga apa siapa mengapa"
    " bagaimana kapan tidak"
    " bukan ada akan telah sudah masih hingga berdasarkan kini sekarang nantinya pihak pihaknya acara"
    " kegiatan polisi"
)

_SAYING = (
    r"(?:said|says|asked|added|told|wrote|replied|kata|ujar|tanya|ucap|tutur|jelas|tegas|bertanya|berkata|mengatakan)"
)

# --- sentences -------------------------------------------------------------------------------------------------------

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(
    r"\.(?: \.){2,}|[.!?…]+|[。！？।؟]"
    "|(?<=[^\\W_][ \t])"
    "(?:[\U0001f300-\U0001f448\U0001f44a-\U0001f5ff\U0001f600-\U0001faff\u2600-\u2763\ufe0f\u200d][ \t]?){1,12}"
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_CLOSERS = re.compile(rf"(?:\[\d{{1,3}}\]|[\"'”’»›)\]}}{_INVISIBLE}])*")
_SPACED_CLOSER = re.compile(r"[ \t\u00a0]{1,2}(?:[”»]|\"(?=\s|$))")
_EMOJI = re.compile("(?:[ \\t]?[\U0001f000-\U0001f448\U0001f44a-\U0001faff\u2764\ufe0f\u200d]){1,12}(?=\\s|$)")
_QUOTES = frozenset("\"'”’»›")
_OPENERS = re.compile(rf"[\s\"'“‘«‹(\[{{\-–—•*{_INVISIBLE}]{{0,8}}")
_WEB = re.compile(r"(?:https?://|www\.)\S+")
_BULLET = re.compile(
    rf"[\s{_INVISIBLE}]*(?:(?:[-–—*•▪●◦‣·✔✅➡►▶>#]+|\(?\d{{1,2}}[.)]|\(?[a-zA-Z]\)|[a-h]\.)(?=\s)[\s{_INVISIBLE}]*)?"
)
_TRAILING = re.compile(rf"[\s{_INVISIBLE}]+$")
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
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
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
    starts = following.group().lower() in _STARTERS
    return start + len(text[start:stop_end].rstrip()) if long and (several or starts) else None


def _word_before(text: str, begin: int, stop: int) -> str:
    """The word that ends at a stop, without opening marks; at most 30 characters of it."""
    start = stop
    while start > max(begin, stop - 30) and not text[start - 1].isspace():
        start -= 1
    word = text[start:stop].lstrip("\"'“‘«([{/-–—" + _INVISIBLE)
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
    starter = following.lower() in _STARTERS and not following.isupper()
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


# --- normal form -----------------------------------------------------------------------------------------------------


class Normal(NamedTuple):
    """A normal form of a text with the way back: character `i` of `text` stands for"
    " `source[starts[i]:ends[i]]`."""

    text: str
    starts: array[int]
    ends: array[int]


_SAME = {c: "'" for c in "‘’‚‛′`´ʼ"} | {c: '"' for c in "“”„‟″«»"} | {c: "-" for c in "‐‑‒–—―−"}


def normalise(text: str) -> Normal:
    """Unicode NFKC, lower case, straight quotes, plain dashes, single spaces, nothing invisible; with"
    " the map back."""
    out: list[str] = []
    starts, ends = array("l"), array("l")
    position, length = 0, len(text)
    while position < length:
        char = text[position]
        after = position + 1
        if char >= "\x80" or (after < length and text[after] >= "\u0300"):
            after = _cluster_end(text, after)
        for plain in _plain(char if after == position + 1 else text[position:after]):
            if plain == " " and (not out or out[-1] == " "):
                if out:
                    ends[-1] = after
                continue
            out.append(plain)
            starts.append(position)
            ends.append(after)
        position = after
    if out and out[-1] == " ":
        out.pop(), starts.pop(), ends.pop()
    return Normal("".join(out), starts, ends)


def _cluster_end(text: str, after: int) -> int:
    """The end of a base character with the marks that NFC may join to it (Hangul vowels and finals too)."""
    while after < len(text) and (unicodedata.combining(text[after]) or "\u1160" <= text[after] <= "\u11ff"):
        after += 1
    return after


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    if cluster in _INVISIBLE or "\ufe00" <= cluster <= "\ufe0f":
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    plain = "".join(_SAME.get(c, c) for c in folded if c not in _INVISIBLE)
    return "".join(" " if c.isspace() else c for c in plain)


def reading(text: str) -> Normal:
    """A text as a reader sees it, with the map back: NFC, nothing invisible, plain spaces; case, quotes and line
    breaks stay."""
    out: list[str] = []
    starts, ends = array("l"), array("l")
    position, length = 0, len(text)
    while position < length:
        after = position + 1
        if text[position] >= "\x80" or (after < length and text[after] >= "\u0300"):
            after = _cluster_end(text, after)
        for char in _visible(text[position:after]):
            out.append(char)
            starts.append(position)
            ends.append(after)
        position = after
    return Normal("".join(out), starts, ends)


@lru_cache(maxsize=4096)
def _visible(cluster: str) -> str:
    composed = unicodedata.normalize("NFC", cluster)
    return "".join(" " if c in "\t\u00a0\u2007\u202f" else c for c in composed if c not in _INVISIBLE)


_normal_source = lru_cache(maxsize=16)(normalise)

# --- locating a quote ------------------------------------------------------------------------------------------------


class Located(NamedTuple):
    """Where a quote is: `source[start:end]` is what may be shown. `exact` character for character,"
    " else `aligned`."""

    start: int
    end: int
    how: Literal["exact", "aligned"]


ALIGNED_AT_LEAST = 90.0
"""Indel similarity (0-100) under which a stretch of the source is not the quote."""

_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…|\.\s\.\s\.)\s*[\])]?\s*")
_MAX_GAP = 300
_WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")
_EDGES = " \t\r\n\"'“”‘’„«».,;:!?-–—()[]…"


def locate(quote: str, source: str, within: Span | None = None) -> Located | None:
    """Finds a quote in a source, or says None rather than guess.

    Tried in turn: the exact characters; the same words up to Unicode form, quotes, dashes, spaces and case; the
    quote's parts around an ellipsis, if they lie close together in one sentence; the best alignment (rapidfuzz
    `partial_ratio_alignment`, at least 90 of 100), which counts only where its numbers, negations, names and
    other words that turn a statement are those of the quote, in the same order.

    Args:
        quote: the words that somebody says are in the source.
        source: the stored text.
        within: only look here; offsets that come back still count from the start of `source`.
    """
    base, limit = (within.start, min(within.end, len(source))) if within else (0, len(source))
    for wanted in dict.fromkeys((quote.strip(), quote.strip(_EDGES))):
        if not any(c.isalnum() for c in wanted):
            return None
        at = _find_word_bounded(wanted, source, base, limit)
        if at is not None:
            return Located(at, at + len(wanted), "exact")
    window = source if (base, limit) == (0, len(source)) else source[base:limit]
    normal = _normal_source(window)
    found = (
        _locate_normal(quote.strip(_EDGES), normal)
        or _locate_parts(quote, window, normal)
        or _locate_fuzzy(quote.strip(_EDGES), window, normal)
    )
    return Located(base + found[0], base + found[1], "aligned") if found else None


def _find_word_bounded(wanted: str, text: str, start: int, end: int) -> int | None:
    """The first place of `wanted` that does not begin or end inside a word or a number."""
    at = text.find(wanted, start, end)
    while at >= 0:
        if _word_bounded(text, at, at + len(wanted)):
            return at
        at = text.find(wanted, at + 1, end)
    return None


def _word_bounded(text: str, start: int, end: int) -> bool:
    return not _inside_word(text, start) and not _inside_word(text, end)


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut at `at` would part a word (`ku|njungan`) or a number (`1|,5`)."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.combining(right) or (right in _INVISIBLE and at + 1 < len(text) and text[at + 1].isalnum()):
        return left.isalnum() or unicodedata.combining(left) > 0
    if left in _INVISIBLE:
        return at >= 2 and text[at - 2].isalnum() and right.isalnum()
    if (left.isalnum() or unicodedata.combining(left)) and right.isalnum():
        return True
    if right.isdigit() and left in ".,":
        return at >= 2 and text[at - 2].isdigit()
    if left.isdigit() and right in ".,":
        return at + 1 < len(text) and text[at + 1].isdigit()
    return False


def _locate_normal(quote: str, source: Normal) -> tuple[int, int] | None:
    wanted = normalise(quote).text.strip(" ")
    if not wanted:
        return None
    at = _find_word_bounded(wanted, source.text, 0, len(source.text))
    return (source.starts[at], source.ends[at + len(wanted) - 1]) if at is not None else None


def _locate_parts(quote: str, window: str, source: Normal) -> tuple[int, int] | None:
    """The stretch from the first to the last part of a quote with an ellipsis, if it is one sentence."""
    parts = [normalise(part.strip(_EDGES)).text for part in _ELLIPSIS.split(quote)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or any(len(part) < 4 for part in parts):
        return None
    first = _find_word_bounded(parts[0], source.text, 0, len(source.text))
    while first is not None:
        after: int | None = first + len(parts[0])
        for part in parts[1:]:
            assert after is not None
            at = _find_word_bounded(part, source.text, after, min(len(source.text), after + _MAX_GAP + len(part)))
            after = None if at is None else at + len(part)
            if after is None:
                break
        if after is not None:
            start, end = source.starts[first], source.ends[after - 1]
            if len(sentences(window[start:end])) == 1:
                return start, end
        first = _find_word_bounded(parts[0], source.text, first + 1, len(source.text))
    return None


def _locate_fuzzy(quote: str, window: str, source: Normal) -> tuple[int, int] | None:
    from rapidfuzz import fuzz

    wanted = normalise(quote).text
    if len(wanted) < 20 or len(wanted) > 4000:
        return None
    best: tuple[float, int, int] | None = None
    for low, high in _likely_windows(wanted, source.text):
        aligned = fuzz.partial_ratio_alignment(wanted, source.text[low:high], score_cutoff=ALIGNED_AT_LEAST - 5)
        if aligned is None:
            continue
        snapped = _snapped(source.text, low + aligned.dest_start, low + aligned.dest_end)
        start, end, score = _refined(wanted, source.text, *snapped)
        if score >= ALIGNED_AT_LEAST and (best is None or score > best[0]):
            best = (score, start, end)
    if best is None:
        return None
    start, end = source.starts[best[1]], source.ends[best[2] - 1]
    return (start, end) if same_facts(quote, window[start:end]) else None


def _likely_windows(wanted: str, source: str) -> list[tuple[int, int]]:
    """Stretches of the source around the quote's rarest words: few, so that alignment stays cheap."""
    words = sorted({w for w in _WORD.findall(wanted) if len(w) >= 4}, key=lambda w: (-len(w), w))[:12]
    places: list[tuple[int, str]] = []
    for word in words:
        hits: list[int] = []
        at = source.find(word)
        while at >= 0 and len(hits) < 12:
            hits.append(at)
            at = source.find(word, at + len(word))
        places.extend((hit, word) for hit in hits)
    reach = len(wanted) + 40
    windows: list[tuple[int, int]] = []
    for at, _ in sorted(places):
        near = {word for other, word in places if abs(other - at) <= len(wanted)}
        if len(near) * 2 >= len(words):
            windows.append((max(0, at - reach), min(len(source), at + reach)))
    merged: list[tuple[int, int]] = []
    for low, high in windows:
        if merged and low <= merged[-1][1] and high - merged[-1][0] < 4 * reach:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged[:20]


def _snapped(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch widened to whole words, or narrowed where less than half of a word is in it."""
    while _inside_word(text, start):
        start -= 1
    while _inside_word(text, end):
        end += 1
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _refined(wanted: str, text: str, start: int, end: int) -> tuple[int, int, float]:
    """The best of the stretches whose ends lie up to four words from those of an alignment.

    `partial_ratio_alignment` only looks at stretches as long as the quote, so that a word more or less shifts
    the end of what it finds.
    """
    from rapidfuzz import fuzz

    low, high = max(0, start - 40), min(len(text), end + 40)
    middle = (start + end) // 2
    words = [m.span() for m in _WORD.finditer(text, low, high)]
    words = [(a, b) for a, b in words if _word_bounded(text, a, b)]
    starts = sorted((a for a, _ in words if a < middle), key=lambda a: abs(a - start))[:9] or [start]
    best_start = max(starts, key=lambda a: (fuzz.ratio(wanted, text[a:end]), -abs(a - start)))
    ends = sorted((b for _, b in words if b > middle), key=lambda b: abs(b - end))[:9] or [end]
    best_end = max(ends, key=lambda b: (fuzz.ratio(wanted, text[best_start:b]), -abs(b - end)))
    return best_start, best_end, fuzz.ratio(wanted, text[best_start:best_end])


def same_facts(quote: str, source: str) -> bool:
    """Whether two wordings agree in all numbers, names, negations and words that turn a statement, in"
    " order."""
    left, right = (
        _WORD.findall(unicodedata.normalize("NFKC", quote)),
        _WORD.findall(unicodedata.normalize("NFKC", source)),
    )
    telling = {w.casefold() for w in left + right if w[0].isupper() or any(c.isdigit() for c in w)}
    telling |= _ALL_NEGATIONS | _TURNING | _CALENDAR

    def kept(words: list[str]) -> list[str]:
        folded = (w.casefold().replace("’", "'") for w in words)
        return [w for w in folded if w in telling]

    return kept(left) == kept(right)


# --- names and language ----------------------------------------------------------------------------------------------

_CAPITAL = re.compile(r"[^\W\d_a-z][\w\u0300-\u036f\u00ad]*(?:[-’'.&][^\W_][\w\u0300-\u036f]*)*")
_LINKS = word_set("of de van von der den bin binti al el da dos la le y ibn du")
_TITLES = word_set(
    "pelatih kapten ajudan hakim jaksa komisioner anggota sekretaris dokter profesor penyerang ekonom pengamat warga"
    " saksi aktivis penyanyi ustaz kiai kyai pengacara peneliti coach spokesman spokeswoman spokesperson economist"
    " analyst officer aide ceo leader sheriff lawyer researcher "
    "presiden wakil menteri gubernur bupati wali walikota camat lurah raja ratu pangeran putri perdana"
    " ketua kepala direktur"
    " utama jenderal kolonel kapten pemimpin juru bicara mr mrs ms dr prof ir h hj bapak ibu pak bu tuan"
    " nyonya saudara president"
    " prime minister vice governor mayor senator secretary king queen prince princess chairman director"
    " general"
    " chancellor judge justice sir lord lady captain colonel professor doctor pope"
)
_NOT_NAMES = _CALENDAR | _STARTERS | _ALL_NEGATIONS | word_set("i i'm i'll i've yes ya wib wita wit rp usd am pm covid")


def names(text: str) -> tuple[Span, ...]:
    """The capitalised names of a text: runs of capitalised words, without titles, days, months and first words.

    A word that only ever begins sentences counts as a name when it is written in capitals or followed by another
    capitalised word. `Presiden Rusia Vladimir Putin` gives two names, where `Rusia` is one elsewhere in the text.
    Rules, not a model: they find names, they do not know what is named.
    """
    firsts = {span.start for span in sentences(text)}
    small = {m.group() for m in re.finditer(r"[^\W\d_]+", text) if m.group().islower()}
    runs = [_without_titles(run) for run in _capital_runs(text, firsts)]
    runs = [_without_first(text, run, firsts, small) for run in runs]
    inside = {_joined(text, run) for run in runs if run and not _begins(text, run[0].start(), firsts)}
    found: list[Span] = []
    for run in runs:
        if not run:
            continue
        word = run[0].group()
        alone = len(run) == 1 and _begins(text, run[0].start(), firsts)
        if alone and word not in inside and not (len(word) > 1 and word.isupper()):
            continue
        for part in _split_names(text, run, inside):
            found.append(Span(start=part[0].start(), end=part[-1].end()))
    return tuple(found)


Run = list[re.Match[str]]
_LONGEST_NAME = 10


def _capital_runs(text: str, firsts: set[int]) -> list[Run]:
    runs: list[Run] = []
    for match in _CAPITAL.finditer(text):
        gap = text[runs[-1][-1].end() : match.start()] if runs else ""
        if runs and _joins(gap) and len(runs[-1]) < _LONGEST_NAME and match.start() not in firsts:
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _without_titles(run: Run) -> Run:
    while run and run[0].group().lower().strip(".") in _NOT_NAMES | _TITLES:
        run = run[1:]
    while run and run[-1].group().lower().strip(".") in _CALENDAR:
        run = run[:-1]
    return run


def _without_first(text: str, run: Run, firsts: set[int], small: set[str]) -> Run:
    """Leaves out a word that has its capital only from beginning the sentence: `Kunjungan Putin`."""
    while len(run) > 1 and _begins(text, run[0].start(), firsts) and run[0].group().lower() in small:
        run = _without_titles(run[1:])
    return run


def _joined(text: str, run: Run) -> str:
    return text[run[0].start() : run[-1].end()]


def _split_names(text: str, run: Run, known: set[str]) -> list[Run]:
    """Parts a country or an office from the person after it, where the first part is a name of its own."""
    for cut in range(len(run) - 1, 0, -1):
        head, tail = run[:cut], run[cut:]
        if _joined(text, head) in known and (len(tail) > 1 or _joined(text, tail) in known):
            return [head, tail]
    return [run]


def _begins(text: str, at: int, firsts: set[int]) -> bool:
    return any(start in firsts for start in range(max(0, at - 2), at + 1)) or text[max(0, at - 1) : at] in (
        '"',
        "“",
        "‘",
    )


def _joins(gap: str) -> bool:
    return gap in (" ", "\u00a0", ". ", " \u200b") or (gap[:1] == " " and gap[-1:] == " " and gap.strip() in _LINKS)


_COMMON = {
    "id": word_set(
        "yang di ke dari dan ini itu untuk dengan tidak pada adalah dalam akan juga atau ada oleh"
        " karena saat telah sudah"
        " bisa kami kita saya mereka ia dia para sebagai tersebut bahwa hari tahun lebih menjadi setelah kata belum"
    ),
    "en": word_set(
        "the of and to in is was that for it on with as are by at from his her this have has had be not but they which"
        " were an or he she you we will would been their its after said"
    ),
}


_READ_AS = {"ms": "id", "jv": "id", "su": "id", "pcm": "en"}


def detect_language(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None where it is too short to tell.

    Indonesian and English are told by their commonest words; other languages by py3langid. Malay is read as `id`: the
    two share most of their words, and everything here that is ready for one serves the other. py3langid takes some
    short Indonesian texts for Javanese or Sundanese and some English ones for Nigerian Pidgin, so these are read alike.
    """
    sample = text[:6000]
    words = [w.casefold() for w in re.findall(r"[^\W\d_]+", sample)]
    if sum(map(len, words)) < 12:
        return None
    common = {lang: [w for w in words if w in listed] for lang, listed in _COMMON.items()}
    best, other = sorted(common, key=lambda lang: -len(common[lang]))
    many = len(common[best]) >= 0.12 * len(words) and len(set(common[best])) >= 2
    if many and len(common[best]) >= 2.5 * len(common[other]):
        return best
    if len(words) < 6 and sample.isascii():
        return None
    from py3langid import classify

    code = str(classify(sample)[0])
    return _READ_AS.get(code, code)
