"""Numbers as they are written, in digits or in Indonesian and English words, read as exact decimals.

A text is first cut into plain tokens by one pattern without nested repetition, so that reading stays linear
whatever the text holds. `numbers` and `dates` are built on these tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

TokenKind = Literal["number", "word", "sign"]
NumeralKind = Literal["cardinal", "ordinal", "fraction", "vague"]

MAX_DIGITS = 40
"""A longer run of digits is an identifier, not a quantity."""

_TOKEN = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W0-9_]+)|(?P<sign>[^\s\w]|_)")


class Token(NamedTuple):
    """A number in digits, a run of letters, or one other sign; `word` is its text in lower case."""

    start: int
    end: int
    kind: TokenKind
    word: str


class Digits(NamedTuple):
    """A number in digits: its value and the place value of its last digit."""

    value: Decimal
    step: Decimal


class Numeral(NamedTuple):
    """A number read from tokens `[first, end)`.

    `step` is the place value of the last digit given (`1,5 juta`: 100,000). A vague numeral ("ribuan",
    "dozens") has its bounds in `low` and `high`; every other has None there.
    """

    value: Decimal
    step: Decimal
    end: int
    kind: NumeralKind
    low: Decimal | None = None
    high: Decimal | None = None


def words(line: str) -> list[str]:
    """The words of a line of a word list."""
    return line.split()


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; `text[t.start:t.end].lower() == t.word` up to the length change of "
    "lower()."""
    return [Token(m.start(), m.end(), m.lastgroup, m[0].lower()) for m in _TOKEN.finditer(text)]  # type: ignore[arg-type]


_INDONESIAN = frozenset(
    words(
        "yang dan di dari pada untuk dengan ini itu dalam tidak akan ke adalah oleh telah juga "
        "sebanyak sekitar lebih hampir atau orang warga "
        "persen ribu juta miliar triliun rp rupiah tahun bulan hari jam kasus tewas sampai hingga"
    )
)
_ENGLISH = frozenset(
    words(
        "the of and in to was were is are that for on with has have by from at an it as or than people "
        "percent thousand million billion years "
        "months days hours cases"
    )
)


def guess_language(parts: Sequence[Token]) -> Literal["id", "en"]:
    """Indonesian or English by their commonest function words; English where neither has more."""
    indonesian = sum(t.word in _INDONESIAN for t in parts)
    return "id" if indonesian > sum(t.word in _ENGLISH for t in parts) else "en"


_DECIMAL_COMMA = frozenset({"id", "ms", "de", "es", "fr", "it", "nl", "pt", "ru", "tr", "pl"})


def decimal_mark(parts: Sequence[Token], language: str | None) -> Literal[".", ","]:
    """The sign that this text puts before decimals.

    Numbers that can be read in one way only ("1.234.567", "12,5") outvote the habit of the language.
    """
    votes = 0
    for token in parts:
        if token.kind == "number" and (found := _plain_mark(token.word)):
            votes += 1 if found == "," else -1
    if votes:
        return "," if votes > 0 else "."
    return "," if language in _DECIMAL_COMMA else "."


def _plain_mark(raw: str) -> str | None:
    """The decimal mark that a number in digits shows beyond doubt, or None."""
    if len(raw) > MAX_DIGITS or not ("." in raw or "," in raw):
        return None
    last = max(raw.rfind("."), raw.rfind(","))
    mark = raw[last]
    other = "," if mark == "." else "."
    if other in raw:
        return mark if raw.count(mark) == 1 else None
    if raw.count(mark) > 1:
        return other if _grouped(raw, mark) else None
    # One sign with two decimals may be a clock time ("02.22", "20.00"), which says nothing.
    decimals = len(raw) - last - 1
    return mark if decimals == 1 or (decimals == 2 and raw[0] != "0" and last != 2) else None


def _grouped(raw: str, mark: str) -> bool:
    groups = raw.split(mark)
    thousands = 1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
    indian = mark == "," and len(groups[0]) <= 2 and len(groups[-1]) == 3 and all(len(g) == 2 for g in groups[1:-1])
    return (thousands or indian) and not (groups[0].startswith("0") and len(groups) > 1)


def read_digits(raw: str, mark: str = ".") -> Digits | None:
    """The value of a number in digits, or None where it is a label ("007", "1.1.1.1") and not a number.

    Args:
        raw: digits with dots and commas between them.
        mark: the decimal mark that decides "1.500" and "1,500", which can be read in two ways.
    """
    if len(raw) > MAX_DIGITS:
        return None
    signs = {c for c in raw if c in ".,"}
    if not signs:
        return None if len(raw) > 1 and raw[0] == "0" else Digits(Decimal(raw), Decimal(1))
    last = max(raw.rfind("."), raw.rfind(","))
    final, other = raw[last], "," if raw[last] == "." else "."
    whole, decimals = raw[:last], raw[last + 1 :]
    if len(signs) == 2:
        if raw.count(final) > 1 or not _grouped(whole, other):
            return None
        return _decimal(whole.replace(other, ""), decimals)
    if raw.count(final) > 1:
        return Digits(Decimal(raw.replace(final, "")), Decimal(1)) if _grouped(raw, final) else None
    # "30.000" is thirty thousand in English text too: nobody measures to three zeros.
    zeros = decimals == "000" and len(whole) > 1
    if len(decimals) == 3 and (final != mark or zeros) and _grouped(raw, final):
        return Digits(Decimal(whole + decimals), Decimal(1))
    if len(whole) > 1 and whole[0] == "0":
        return None
    return _decimal(whole, decimals)


def _decimal(whole: str, decimals: str) -> Digits:
    return Digits(Decimal(f"{whole}.{decimals}"), Decimal(1).scaleb(-len(decimals)))


_ID_UNITS = {
    w: i for i, w in enumerate(words("nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"))
}
_EN_UNITS = {
    w: i
    for i, w in enumerate(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
UNITS: Mapping[str, int] = {**_ID_UNITS, **_EN_UNITS, "delapan": 8}
TENS: Mapping[str, int] = {
    w: 10 * i for i, w in enumerate(words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
SCALES: Mapping[str, Decimal] = {
    word: Decimal(10) ** power
    for power, words in {
        3: "ribu thousand",
        5: "lakh lakhs",
        6: "juta million",
        7: "crore crores",
        9: "miliar milyar billion",
        12: "triliun trilyun trillion",
        15: "kuadriliun quadrillion",
    }.items()
    for word in words.split()
}
_ONE_SCALES: Mapping[str, tuple[str, ...]] = {
    "seratus": ("ratus",),
    "seribu": ("ribu",),
    "sejuta": ("juta",),
    "semiliar": ("miliar",),
    "setriliun": ("triliun",),
}
_EN_ORDINALS: Mapping[str, int] = {
    **{
        w: i
        for i, w in enumerate(
            words(
                "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
                "thirteenth fourteenth "
                "fifteenth sixteenth seventeenth eighteenth nineteenth"
            ),
            1,
        )
    },
    **{word[:-1] + "ieth": value for word, value in TENS.items()},
}
_EN_ORDINAL_SCALES: Mapping[str, Decimal] = {
    "hundredth": Decimal(100),
    "thousandth": Decimal(1000),
    "millionth": Decimal(10) ** 6,
}
_ID_ORDINALS: Mapping[str, str] = {
    "ke" + w: w for w in (*_ID_UNITS, "seratus", "seribu", "sejuta") if w not in ("nol", "satu")
}
_DENOMINATORS: Mapping[str, int] = {
    **{"per" + w: i for w, i in _ID_UNITS.items() if i > 2},
    **{w + ending: i for w, i in {**_EN_ORDINALS, "quarter": 4}.items() for ending in ("", "s") if i > 2},
}
_ONE_FRACTIONS: Mapping[str, int] = {"seper" + w: i for w, i in _ID_UNITS.items() if i > 2} | {
    "seperempat": 4,
    "setengah": 2,
    "separuh": 2,
    "separo": 2,
}
GLYPHS: Mapping[str, Decimal] = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3,
}
# From the plural of a scale word on, people mean anything up to about the next scale but one.
_VAGUE: Mapping[str, tuple[int, int]] = {
    "belasan": (11, 19),
    "puluhan": (20, 99),
    "ratusan": (100, 999),
    "ribuan": (1000, 999_999),
    "jutaan": (10**6, 10**9),
    "miliaran": (10**9, 10**12),
    "triliunan": (10**12, 10**15),
    "lusinan": (24, 120),
    "tens": (20, 99),
    "dozens": (24, 120),
    "scores": (40, 200),
    "hundreds": (100, 999),
    "thousands": (1000, 999_999),
    "millions": (10**6, 10**9),
    "billions": (10**9, 10**12),
    "trillions": (10**12, 10**15),
}
_SHORT_VAGUE = frozenset({"belasan", "puluhan", "ratusan", "tens", "hundreds", "dozens", "lusinan"})

_CARDINALS_BEGIN = frozenset({*_ONE_SCALES, *UNITS, *TENS, *_EN_ORDINALS} - {*SCALES, "ratus", "hundred", "dozen"})


def read_words(parts: Sequence[Token], first: int) -> Numeral | None:
    """The number in words that starts at token `first`, or None.

    Reads cardinals ("dua puluh tiga", "twenty-three", "dua koma lima juta"), ordinals ("kelima", "fifth"),
    fractions ("sepertiga", "two thirds") and vague numbers ("ratusan ribu", "dozens"). The articles "a" and
    "an" count only before hundred, thousand, million ...
    """
    word = parts[first].word
    if word in _VAGUE:
        return None if word in ("tens", "scores") and _word(parts, first + 1) != "of" else _vague(parts, first)
    if word in _ID_ORDINALS:
        return _indonesian_ordinal(parts, first)
    if word == "pertama" or word == "pertamanya":
        return Numeral(Decimal(1), Decimal(1), first + 1, "ordinal")
    if word in _ONE_FRACTIONS:
        return _fraction_scaled(parts, Decimal(1) / _ONE_FRACTIONS[word], first + 1)
    if word in ("a", "an") and first + 1 < len(parts):
        return _after_article(parts, first)
    if word == "half":
        return _half(parts, first)
    return _cardinal(parts, first) if word in _CARDINALS_BEGIN else None


def _word(parts: Sequence[Token], at: int) -> str:
    return parts[at].word if 0 <= at < len(parts) else ""


def _touching(parts: Sequence[Token], left: int, right: int) -> bool:
    return right < len(parts) and parts[left].end == parts[right].start


def _vague(parts: Sequence[Token], first: int) -> Numeral:
    low, high = (Decimal(n) for n in _VAGUE[parts[first].word])
    at = first + 1
    if parts[first].word in _SHORT_VAGUE:
        following = at + 1 if _word(parts, at) == "of" else at
        scale = SCALES.get(_word(parts, following)) or SCALES.get(_word(parts, following).removesuffix("s"))
        if scale:
            return Numeral(low * scale, scale, following + 1, "vague", low * scale, (high + 1) * scale)
    return Numeral(low, low, at, "vague", low, high)


def _indonesian_ordinal(parts: Sequence[Token], first: int) -> Numeral | None:
    bare = parts[first]._replace(word=_ID_ORDINALS[parts[first].word])
    # Only the words right after the prefixed one can go on with the number.
    read = _cardinal([bare, *parts[first + 1 : first + 12]], 0)
    return read and read._replace(end=first + read.end, kind="ordinal")


def _fraction_scaled(parts: Sequence[Token], value: Decimal, at: int) -> Numeral:
    scale = SCALES.get(_word(parts, at))
    if scale:
        return Numeral(value * scale, scale / 10, at + 1, "cardinal")
    return Numeral(value, Decimal("0.01"), at, "fraction")


def _half(parts: Sequence[Token], first: int) -> Numeral | None:
    """`half of`, `half a million`; not `the second half`, `half-time`."""
    following = _word(parts, first + 1)
    scaled = following in ("a", "an") and (_word(parts, first + 2) in SCALES)
    if scaled:
        return _fraction_scaled(parts, Decimal("0.5"), first + 2)
    whole = following in ("of", "the", "a", "an", "its", "their", "his", "her", "our", "all")
    before = _word(parts, first - 1)
    if not whole or before in _EN_ORDINALS or before == "last":
        return None
    return Numeral(Decimal("0.5"), Decimal("0.01"), first + 1, "fraction")


def _after_article(parts: Sequence[Token], first: int) -> Numeral | None:
    following = _word(parts, first + 1)
    if following in ("hundred", "dozen") or following in SCALES:
        return _cardinal(parts, first + 1)
    if following in _DENOMINATORS and _word(parts, first + 2) == "of":
        return Numeral(Decimal(1) / _DENOMINATORS[following], Decimal("0.01"), first + 2, "fraction")
    return None


class _Sum:
    """The running state of a number in words: thousands and more in `total`, the rest in `part`."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.part: Decimal | None = None
        self.room = Decimal(10) ** 18  # what the next word must stay below
        self.scale = Decimal(10) ** 18
        self.step = Decimal(1)

    def add(self, value: int, below: int) -> bool:
        """Takes a unit or tens word where the part so far leaves room for it."""
        if value >= self.room:
            return False
        self.part = (self.part or Decimal(0)) + value
        self.room = Decimal(below)
        self.step = Decimal(1)
        return True

    def multiply(self, by: Decimal) -> bool:
        if by < 1000:
            if self.part is not None and self.part >= by:
                return False
            self.part = (self.part if self.part is not None else Decimal(1)) * by
            self.room = by
        else:
            if by >= self.scale:
                return False
            self.total += (self.part if self.part is not None else Decimal(1)) * by
            self.part, self.scale, self.room, self.step = None, by, by, by
        return True

    @property
    def value(self) -> Decimal:
        return self.total + (self.part or Decimal(0))


def _cardinal(parts: Sequence[Token], first: int) -> Numeral | None:
    total, at, kind = _Sum(), first, "cardinal"
    while at < len(parts):
        word = parts[at].word
        if word == "-" and at > first and _hyphen_joins(parts, at):
            at += 1
            continue
        if word == "and" and at > first and _and_joins(parts, at, total):
            at += 1
            continue
        taken = _take(total, word)
        if taken is None:
            break
        at += 1
        if taken == "ordinal":
            kind = "ordinal"
            break
    if at == first:
        return None
    read = Numeral(total.value, total.step, at, "ordinal" if kind == "ordinal" else "cardinal")
    return read if kind == "ordinal" else _tail(parts, first, read, total)


def _hyphen_joins(parts: Sequence[Token], at: int) -> bool:
    touching = _touching(parts, at - 1, at) and _touching(parts, at, at + 1)
    follows = _word(parts, at + 1)
    return touching and (_word(parts, at - 1) in TENS and (follows in UNITS or follows in _EN_ORDINALS))


def _and_joins(parts: Sequence[Token], at: int, total: _Sum) -> bool:
    before, after = _word(parts, at - 1), _word(parts, at + 1)
    small = after in TENS or (after in _EN_UNITS and after != "zero")
    return small and (before == "hundred" or before in SCALES) and total.room > 99


def _take(total: _Sum, word: str) -> str | None:
    """Takes one word into the sum: "cardinal" or "ordinal" when it belongs to the number, else None."""
    if word in _ONE_SCALES:
        # "seratus" after a smaller part begins another number ("dua seratus").
        if total.part is not None and word != "seratus":
            return None
        (scale,) = _ONE_SCALES[word]
        if scale == "ratus":
            return "cardinal" if total.add(100, 100) else None
        return "cardinal" if total.multiply(SCALES[scale]) else None
    if word in UNITS:
        return "cardinal" if total.add(UNITS[word], 0) else None
    if word in TENS:
        return "cardinal" if total.add(TENS[word], 10) else None
    if word in ("belas", "puluh") and total.part is not None:
        unit = int(total.part) % 10
        if not 1 <= unit <= 9 or total.room != 0:
            return None
        total.part += 10 if word == "belas" else 9 * unit
        total.room = Decimal(0) if word == "belas" else Decimal(10)
        return "cardinal"
    if word in ("ratus", "hundred", "dozen"):
        if total.part is None and word == "ratus":
            return None
        return "cardinal" if total.multiply(Decimal(12 if word == "dozen" else 100)) else None
    if word in SCALES and total.part is not None:
        return "cardinal" if total.multiply(SCALES[word]) else None
    if word in SCALES and total.total == 0:
        return "cardinal" if total.multiply(SCALES[word]) else None
    if word in _EN_ORDINALS and total.room > _EN_ORDINALS[word]:
        return "ordinal" if total.add(_EN_ORDINALS[word], 0) else None
    if word in _EN_ORDINAL_SCALES and total.part is not None:
        return "ordinal" if total.multiply(_EN_ORDINAL_SCALES[word]) else None
    return None


def _tail(parts: Sequence[Token], first: int, read: Numeral, total: _Sum) -> Numeral:
    """What may follow a cardinal: decimals in words, a half, or the lower part of a fraction."""
    at, word = read.end, _word(parts, read.end)
    if word in ("koma", "point") and _word(parts, at + 1) in UNITS and UNITS[_word(parts, at + 1)] < 10:
        return _spoken_decimals(parts, read)
    if word == "setengah":
        return _scaled(parts, read.value + Decimal("0.5"), Decimal("0.5"), at + 1)
    if [_word(parts, at + i) for i in range(3)] == ["and", "a", "half"]:
        return _scaled(parts, read.value + Decimal("0.5"), Decimal("0.5"), at + 3)
    joined = at + 1 if word == "-" and _touching(parts, at - 1, at) and _touching(parts, at, at + 1) else at
    below = _DENOMINATORS.get(_word(parts, joined))
    if below and read.value < below and _is_fraction(parts, read, joined):
        return _fraction_scaled(parts, read.value / below, joined + 1)
    if word == "per" and _word(parts, at + 1) in _ID_UNITS and read.value < _ID_UNITS[_word(parts, at + 1)]:
        return _fraction_scaled(parts, read.value / _ID_UNITS[_word(parts, at + 1)], at + 2)
    return read


def _is_fraction(parts: Sequence[Token], read: Numeral, at: int) -> bool:
    """`two thirds` and `dua pertiga` are fractions; `one third` only before "of" or a hyphen, else it "
    "is a rank."""
    word = _word(parts, at)
    return (
        word.endswith("s")
        or word.startswith("per")
        or word in ("quarter",)
        or _word(parts, at + 1) == "of"
        or at > read.end
    )


def _spoken_decimals(parts: Sequence[Token], read: Numeral) -> Numeral:
    digits, at = "", read.end + 1
    while at < len(parts) and len(digits) < MAX_DIGITS and UNITS.get(parts[at].word, 10) < 10:
        digits += str(UNITS[parts[at].word])
        at += 1
    value, step = _decimal(str(int(read.value)), digits)
    return _scaled(parts, value, step, at)


def _scaled(parts: Sequence[Token], value: Decimal, step: Decimal, at: int) -> Numeral:
    scale = SCALES.get(_word(parts, at))
    if scale:
        return Numeral(value * scale, step * scale, at + 1, "cardinal")
    return Numeral(value, step, at, "cardinal")
