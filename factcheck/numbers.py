"""Quantities of Indonesian and English text as exact values with unit, bounds and precision.

A quantity is a number that measures or counts something: "58,6 persen", "lebih dari 10.000 kontainer",
"US$7.3 billion", "sembilan kali lipat", "10-20 km". Calendar dates, clock times (both are `dates`'s),
identifiers and numbers that belong to a name (Covid-19, G20, Su-35) are not quantities.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from factcheck.dates import calendar_spans
from factcheck.numerals import (
    GLYPHS,
    SCALES,
    Numeral,
    Token,
    decimal_mark,
    guess_language,
    read_digits,
    read_words,
    tokens,
    words,
)
from factcheck.types import Value

Relation = Literal["eq", "gt", "ge", "lt", "le", "about"]
Dimension = Literal[
    "percent", "money", "count", "ordinal", "duration", "length", "mass", "area", "volume", "temperature",
    "speed",
    "energy", "data", "ratio", "multiple", "score", "plain",
]  # fmt: skip


class Quantity(Value):
    """A quantity as it stands in a text: `text[start:end] == quantity.text`, bound words and unit "
    "included."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    value: Decimal
    """The number in the unit named; the middle of a range."""
    low: Decimal | None = None
    high: Decimal | None = None
    """The ends of a range ("10-20", "antara 5 dan 7") or of a vague number ("ribuan"), else None."""
    relation: Relation = "eq"
    unit: str | None = None
    """Canonical: `percent`, `IDR`, `USD`, `people`, `km`, `tonne`, `year`, `times`, `/10`, or None."""
    dimension: Dimension = "plain"
    noun: str | None = None
    """The word that names what is counted, in lower case, where there is one."""
    precision: Decimal = Decimal(1)
    """The place value of the last digit given: 0.1 of "58,6 persen", 1,000,000 of "3 juta"."""
    spelled: bool = False
    """Written in words; small ones ("dua", "kedua") often only refer back."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError("a quantity's offsets do not fit its text")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("a range ends below its start")
        return self


class Unit(NamedTuple):
    """A unit's canonical name, what it measures, and how many base units of that dimension it is."""

    name: str
    dimension: Dimension
    factor: Decimal = Decimal(1)


def _units() -> dict[tuple[str, ...], Unit]:
    rows: tuple[tuple[str, str, Dimension, str], ...] = (
        ("% persen percent per|cent pct prosen", "percent", "percent", "1"),
        ("poin|persen poin|persentase percentage|points percentage|point", "percentage_point", "percent", "1"),
        ("ppm", "ppm", "ratio", "1"),
        ("orang jiwa people persons person inhabitants residents", "people", "count", "1"),
        ("detik second seconds sec", "second", "duration", "1"),
        ("menit minute minutes min mins", "minute", "duration", "60"),
        ("jam hour hours hrs", "hour", "duration", "3600"),
        ("hari day days", "day", "duration", "86400"),
        ("minggu pekan week weeks", "week", "duration", "604800"),
        ("bulan month months", "month", "duration", "2629800"),
        ("tahun year years yr yrs", "year", "duration", "31557600"),
        ("dekade dasawarsa decade decades", "decade", "duration", "315576000"),
        ("abad century centuries", "century", "duration", "3155760000"),
        ("mm milimeter millimeter millimeters millimetres", "mm", "length", "0.001"),
        ("cm sentimeter centimeter centimeters centimetres centimetre", "cm", "length", "0.01"),
        ("m meter meters metre metres", "m", "length", "1"),
        ("km kilometer kilometers kilometre kilometres", "km", "length", "1000"),
        ("mil mile miles", "mile", "length", "1609.344"),
        ("kaki feet foot ft", "foot", "length", "0.3048"),
        ("inci inch inches", "inch", "length", "0.0254"),
        ("mil|laut nautical|miles", "nautical_mile", "length", "1852"),
        ("mg miligram milligram milligrams", "mg", "mass", "0.000001"),
        ("g gr gram grams", "g", "mass", "0.001"),
        ("kg kilo kilogram kilograms kilos", "kg", "mass", "1"),
        ("kuintal", "quintal", "mass", "100"),
        ("ton tonne tonnes tons metrik|ton ton|metrik metric|tons metric|tonnes", "tonne", "mass", "1000"),
        ("lb lbs", "pound", "mass", "0.45359237"),
        ("m2 m² meter|persegi square|meters square|metres sq|m", "m2", "area", "1"),
        ("ha hektare hektar hectare hectares", "hectare", "area", "10000"),
        ("acre acres", "acre", "area", "4046.8564224"),
        ("km2 km² km|persegi kilometer|persegi square|kilometers square|kilometres square|km sq|km", "km2",
        "area", "1000000"),
        ("mil|persegi square|miles sq|mi", "square_mile", "area", "2589988.110336"),
        ("ml mililiter milliliters", "ml", "volume", "0.001"),
        ("l liter litre liters litres", "litre", "volume", "1"),
        ("m3 m³ meter|kubik cubic|meters cubic|metres", "m3", "volume", "1000"),
        ("barel barrel barrels", "barrel", "volume", "158.987294928"),
        ("°|c derajat|celsius derajat|celcius degrees|celsius celsius celcius degree|celsius ℃", "celsius",
        "temperature", "1"),
        ("°|f derajat|fahrenheit degrees|fahrenheit fahrenheit", "fahrenheit", "temperature", "1"),
        ("derajat degrees °", "degree", "temperature", "1"),
        ("km/jam km|/|jam km|per|jam kilometer|per|jam km|/|h kph kilometers|per|hour kilometres|per"
            "|hour kmh", "km/h", "speed", "1"),
        ("mph miles|per|hour mil|per|jam", "mph", "speed", "1.609344"),
        ("m|/|s m|/|detik meter|per|detik meters|per|second", "m/s", "speed", "3.6"),
        ("knot knots", "knot", "speed", "1.852"),
        ("kw kilowatt kilowatts", "kW", "energy", "1"),
        ("mw megawatt megawatts", "MW", "energy", "1000"),
        ("gw gigawatt gigawatts", "GW", "energy", "1000000"),
        ("kwh", "kWh", "energy", "1"),
        ("kb kilobyte kilobytes", "kB", "data", "0.001"),
        ("mb megabyte megabytes", "MB", "data", "1"),
        ("gb gigabyte gigabytes", "GB", "data", "1000"),
        ("tb terabyte terabytes", "TB", "data", "1000000"),
        ("kali|lipat fold times|as kali|lebih times|more times|higher times|larger times|greater times"
            "|bigger", "times", "multiple", "1"),
        ("kali times x", "times", "count", "1"),
        ("rupiah rp idr", "IDR", "money", "1"),
        ("dolar|as dollar|as us|dollars us|dollar dolar|amerika dolar|amerika|serikat usd dollars dollar "
            "dolar bucks", "USD", "money", "1"),
        ("cents cent sen", "cent", "money", "0.01"),
        ("euro euros eur", "EUR", "money", "1"),
        ("poundsterling pound|sterling pounds|sterling pounds gbp", "GBP", "money", "1"),
        ("yen jpy", "JPY", "money", "1"),
        ("yuan renminbi cny rmb", "CNY", "money", "1"),
        ("won krw", "KRW", "money", "1"),
        ("ringgit myr", "MYR", "money", "1"),
        ("baht thb", "THB", "money", "1"),
        ("rubel ruble rubles roubles rub", "RUB", "money", "1"),
        ("rupee rupees rupe inr", "INR", "money", "1"),
        ("riyal riyals sar", "SAR", "money", "1"),
        ("dolar|singapura singapore|dollars sgd", "SGD", "money", "1"),
        ("dolar|australia australian|dollars aud", "AUD", "money", "1"),
    )  # fmt: skip
    return {
        tuple(form.split("|")): Unit(name, dimension, Decimal(factor))
        for forms, name, dimension, factor in rows
        for form in forms.split()
    }


UNITS: Mapping[tuple[str, ...], Unit] = _units()
FACTORS: Mapping[str, Decimal] = {unit.name: unit.factor for unit in UNITS.values()}
"""How many base units of its dimension each canonical unit is; different money has no common base."""
_LONGEST_UNIT = max(len(form) for form in UNITS)

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "฿": "THB"}
_DOLLARS = {"us": "USD", "u.s.": "USD", "a": "AUD", "au": "AUD", "s": "SGD", "sg": "SGD", "hk": "HKD",
    "c": "CAD", "ca": "CAD",
            "nz": "NZD", "nt": "TWD"}  # fmt: skip
_CODES = {"rp": "IDR", "idr": "IDR", "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY", "myr": "MYR",
    "rm": "MYR", "sgd": "SGD",
          "aud": "AUD", "cny": "CNY", "rmb": "CNY", "inr": "INR", "rs": "INR", "thb": "THB"}  # fmt: skip
_SHORT_SCALES = {"k": 3, "m": 6, "mn": 6, "mio": 6, "b": 9, "bn": 9, "t": 12, "tn": 12, "rb": 3, "jt": 6}

_BEFORE: Mapping[Relation, str] = {
    "gt": "lebih dari|lebih daripada|lebih besar dari|lebih tinggi dari|lebih banyak dari|di atas|diatas"
    "|melebihi|melampaui|menembus"
    "|more than|over|above|exceeding|exceeds|exceeded|exceed|greater than|higher than|larger than"
    "|upwards of|in excess of|surpassing|taller than|longer than|older than|bigger than|heavier than|faster than"
    "|lebih panjang dari|lebih tua dari|lebih luas dari|lebih lama dari|lebih berat dari|lebih cepat dari",
    "ge": "setidaknya|setidak-tidaknya|sedikitnya|sekurangnya|sekurang-kurangnya|minimal|minimum|paling "
    "sedikit|paling tidak|tidak kurang dari"
    "|tak kurang dari|at least|no less than|not less than|no fewer than|not fewer than|a minimum of",
    "lt": "kurang dari|kurang daripada|lebih kecil dari|lebih rendah dari|lebih sedikit dari|di bawah"
    "|dibawah|tidak sampai|tak sampai|belum mencapai"
    "|less than|fewer than|under|below|lower than|smaller than|short of|shorter than|younger than|lighter than"
    "|slower than|lebih pendek dari|lebih muda dari|lebih ringan dari",
    "le": "paling banyak|paling lama|maksimal|maksimum|tidak lebih dari|tak lebih dari|hingga|sampai "
    "dengan|hanya sampai"
    "|at most|up to|no more than|not more than|not over|maximum of|as many as|as much as",
    "about": "hampir|nyaris|mendekati|sekitar|sekira|kira-kira|kurang lebih|lebih kurang|kisaran"
    "|berkisar|seputar|rata-rata sekitar|diperkirakan"
    "|nearly|almost|close to|about|around|approximately|approx|roughly|some|circa|an estimated|estimated"
    "|just over|just under",
}
_MARKERS: Mapping[tuple[str, ...], Relation] = {
    tuple(part for part in re.split(r"[ ]|(-)", phrase) if part): relation
    for relation, phrases in _BEFORE.items()
    for phrase in phrases.split("|")
}
_LONGEST_MARKER = max(len(m) for m in _MARKERS)
_FROM_BELOW = frozenset({"hampir", "nyaris", "mendekati", "nearly", "almost", "under"})
_FROM_ABOVE = frozenset({"over"})
_COMPARED = frozenset(
    words(
        "besar kecil tinggi rendah banyak sedikit cepat lambat lama baik buruk mahal murah jauh dekat "
        "panjang pendek berat ringan muda tua "
        "kuat lemah luas awal dari daripada sering jarang dulu unggul maju"
    )
)

STOPWORDS = frozenset(
    words(
        "yang dan di dari pada untuk dengan ini itu dalam tidak akan ke adalah oleh telah juga atau "
        "sebagai karena saat ada sudah masih bisa "
        "dapat harus para serta bahwa namun tetapi tapi hanya saja lagi lebih kurang sekitar antara hingga "
        "sampai sejak sebelum sesudah setelah "
        "per ketika kepada terhadap menjadi merupakan yaitu yakni ia dia mereka kami kita saya nya pun lalu "
        "kemudian seperti tersebut sebuah "
        "seorang satu tiap setiap semua hampir total jumlah sebanyak sebesar mencapai secara maupun agar "
        "jika bila kalau maka belum sedang tak "
        "the of and in to was were is are that for on with has have had by from at an a it as be been its "
        "his her their this these those or but "
        "not no than then who which when while after before since until into over under about around between "
        "during per also more less most least "
        "will would can could may might he she they we i you there where all any each only just so up out "
        "other some such do does did if"
    )
)
_LABELS = frozenset(
    words("top hot pasal ayat nomor no bab halaman hlm edisi jilid volume vol seri episode musim season article "
        "chapter section page number part bagian rt rw "
    "jalan jl lantai kelas type tipe angka nomer level grade act scene gate route interstate highway lot "
    "unit model versi version figure table tabel "
    "gambar poin butir point item huruf fase phase tahap")
) - {"unit", "angka", "poin", "point", "jalan"}  # fmt: skip
_ORDER_PREFIX = "ke"
_HEAD_NOUNS_EN = re.compile(
    r"(?:[a-z]{2,}[^sui\W]s|people|men|women|children|police|troops|percent|personnel|crew|fish|aircraft)"
)
_SCORE_WORDS = frozenset(
    words(
        "skor menang kalah imbang unggul takluk seri laga menundukkan mengalahkan kemenangan kekalahan "
        "catatan rekor record won win wins lost lose loss beat beats defeat "
        "defeated draw drew victory lead score scored agregat aggregate tied"
    )
)
_NOT_A_COUNT = frozenset(
    {
        "no",
        "any",
        "every",
        "this",
        "that",
        "which",
        "the",
        "each",
        "another",
        "salah",
        "some",
        "only",
        "number",
        "day",
        "seksi",
    }
)
_DASHES = frozenset("-–—")
_SPELLED_UNITS = {"setahun": "year", "sebulan": "month", "seminggu": "week", "sepekan": "week",
    "sejam": "hour", "semenit": "minute",
                  "sedetik": "second", "sedekade": "decade", "seabad": "century"}  # fmt: skip
_TIMES_WORDS = {"twice": 2, "thrice": 3}
_URL = re.compile(r"(?:https?://|www\.)[^\s]{1,2000}")


class _Reading(NamedTuple):
    """A number at tokens `[first, end)` with its value, before its surroundings are looked at."""

    first: int
    end: int
    numeral: Numeral
    spelled: bool


class _Reader:
    """The tokens of one text with what is needed to read a quantity at any of them."""

    def __init__(self, text: str, language: str | None) -> None:
        self.text = text
        self.parts = tokens(text)
        known = language or guess_language(self.parts[:4000])
        self.language = "id" if known == "ms" else known
        self.mark = decimal_mark(self.parts, self.language)
        spans = sorted(
            [*((s.start, s.end) for s in calendar_spans(text, self.language)), *(m.span() for m in _URL.finditer(text))]
        )
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def masked(self, token: Token) -> int | None:
        """The end of the date, clock time or address that the token lies in, or None."""
        at = bisect_right(self._starts, token.start) - 1
        return self._spans[at][1] if at >= 0 and self._spans[at][1] > token.start else None

    def word(self, at: int) -> str:
        return self.parts[at].word if 0 <= at < len(self.parts) else ""

    def kind(self, at: int) -> str:
        return self.parts[at].kind if 0 <= at < len(self.parts) else ""

    def touching(self, left: int, right: int) -> bool:
        return left >= 0 and right < len(self.parts) and self.parts[left].end == self.parts[right].start

    def capital(self, at: int) -> bool:
        return 0 <= at < len(self.parts) and self.text[self.parts[at].start].isupper()

    # -- the number itself

    def number(self, at: int) -> _Reading | None:
        """The number that starts at token `at`, scale words included ("1,5 juta", "dua puluh tiga")."""
        token = self.parts[at]
        if token.kind == "word":
            if token.word in GLYPHS:
                return _Reading(at, at + 1, Numeral(GLYPHS[token.word], Decimal("0.01"), at + 1, "fraction"), True)
            read = read_words(self.parts, at)
            return _Reading(at, read.end, read, True) if read else None
        if token.kind == "sign":
            return None
        read = self._digits(at)
        return _Reading(at, read.end, read, False) if read else None

    def _digits(self, at: int) -> Numeral | None:
        raw, end = self._space_groups(at)
        found = read_digits(raw, self.mark)
        if found is None:
            return None
        value, step = found.value, found.step
        if self.word(end) in GLYPHS and self.touching(end - 1, end):
            value, step, end = value + GLYPHS[self.word(end)], Decimal("0.01"), end + 1
        scale = SCALES.get(self.word(end))
        short = _SHORT_SCALES.get(self.word(end))
        if scale is None and self.word(end) == "-" and self.touching(end - 1, end) and self.word(end + 1) in SCALES:
            scale, end = SCALES[self.word(end + 1)], end + 1  # "2.5-million"
        if scale is None and short and self._short_scale_fits(at, end):
            scale = Decimal(10) ** short
        if scale is not None:
            value, step, end = value * scale, step * scale, end + 1
            value, step, end = self._smaller_part(value, step, scale, end)
        return Numeral(value, step, end, "cardinal")

    def _short_scale_fits(self, at: int, end: int) -> bool:
        """`$35B`, `$2.4 M` and `10k` are scaled; `4K`, `100m` and `10 t` are not."""
        start = self.parts[end].start
        if self.currency_before(at) is not None:
            return self.touching(end - 1, end) or self.text[start] in "MB"
        return self.touching(end - 1, end) and self.text[start : start + 2] in ("k ", "rb", "jt", "bn")

    def _space_groups(self, at: int) -> tuple[str, int]:
        """Digits grouped by spaces: no-break ones, or plain ones in two groups at least ("1 234 567")."""
        raw, end = self.word(at), at + 1
        if len(raw) > 3 or not raw.isdigit() or raw[0] == "0":
            return raw, end
        joined, plain = raw, 0
        while end < len(self.parts) and end - at < 8:
            gap = self.text[self.parts[end - 1].end : self.parts[end].start]
            if gap not in (" ", "\u00a0", "\u202f") or not re.fullmatch(r"[0-9]{3}", self.word(end)):
                break
            plain += gap == " "
            joined, end = joined + self.word(end), end + 1
        return (joined, end) if not plain or end - at > 2 else (raw, at + 1)

    def _smaller_part(self, value: Decimal, step: Decimal, scale: Decimal, end: int) -> tuple[Decimal, Decimal, int]:
        """`2 juta 300 ribu`: a second number with a smaller scale belongs to the first."""
        smaller = SCALES.get(self.word(end + 1))
        if (
            self.kind(end) == "number"
            and smaller
            and smaller < scale
            and (found := read_digits(self.word(end), self.mark))
        ):
            return value + found.value * smaller, found.step * smaller, end + 2
        return value, step, end

    # -- what stands before and after it

    def currency_before(self, at: int) -> tuple[int, str] | None:
        """The money sign or code right before a number: where it starts, and the money."""
        back = at - 1
        if self.word(back) == "." and self.word(back - 1) in ("rp", "rs"):
            back -= 1
        word = self.word(back)
        if word in _SIGNS:
            prefix = self.word(back - 1)
            if word == "$" and prefix in _DOLLARS and (self.touching(back - 1, back) or prefix == "us"):
                return back - 1, _DOLLARS[prefix]
            return back, _SIGNS[word]
        if word in _CODES and ((word != "rs" and word != "rm") or self.capital(back)):
            return back, _CODES[word]
        return None

    def unit_at(self, at: int) -> tuple[Unit, int] | None:
        """The longest unit that starts at token `at` and the token after it."""
        for length in range(_LONGEST_UNIT, 0, -1):
            form = tuple(self.word(at + i) for i in range(length))
            if form in UNITS and not self.masked(self.parts[at]):
                return UNITS[form], at + length
        # "90-day", "70-year-old"
        if (
            self.word(at) == "-"
            and self.touching(at - 1, at)
            and (self.word(at + 1),) in UNITS
            and self.touching(at, at + 1)
        ):
            return UNITS[(self.word(at + 1),)], at + 2
        return None

    def is_label(self, reading: _Reading) -> bool:
        """Whether the number is part of a name or identifier and measures nothing."""
        first, end = reading.first, reading.end
        before, after = self.word(first - 1), self.word(end)
        money = self.currency_before(first) is not None
        if reading.spelled:
            return self._is_pronoun(reading)
        glued = self.touching(first - 1, first) and not money
        if glued and (self.kind(first - 1) in ("word", "number") or before in "_@#/\\&=+:°'′.,"):
            return True
        if glued and before in _DASHES and self.touching(first - 2, first - 1) and self.kind(first - 2) == "word":
            return self.word(first - 2) != _ORDER_PREFIX
        if self.touching(end - 1, end):
            if self.kind(end) == "word" and not self.unit_at(end) and after not in ("st", "nd", "rd", "th", "an"):
                return True
            if after in "_@=:°'′" and after and not self.unit_at(end):
                return True
        named = self.kind(first - 1) == "word" and self.capital(first - 1) and before not in STOPWORDS and not money
        plain = not self.unit_at(end) and not self.noun_at(end)
        return named and plain and before not in _LABELS and reading.numeral.value < 3000

    def _is_pronoun(self, reading: _Reading) -> bool:
        """`salah satu`, `no one`, `that one`, `half-time`: words that look like numbers."""
        first, end = reading.first, reading.end
        word, before, after = self.word(first), self.word(first - 1), self.word(end)
        if word in ("one", "satu") and end == first + 1:
            bare = (
                not self.unit_at(end)
                and (after in STOPWORDS or self.kind(end) != "word")
                and after not in ("in", "dari", "out")
            )
            return before in _NOT_A_COUNT or after in ("of", "sama", "another") or bare
        if word == "second" and end == first + 1:
            return before in ("per", "a", "each", "every", "split") or self.kind(first - 1) == "number"
        if word in ("empat", "lima", "enam") and after == "sekawan":
            return True
        joined = self.touching(first - 1, first) and before in _DASHES and self.kind(first - 2) == "word"
        return joined and self.word(first - 2) not in ("ke", "twenty")

    def noun_at(self, at: int) -> str | None:
        """What is counted: the head of the run of content words from token `at` on."""
        run: list[str] = []
        # "a 23,660-seat arena" counts seats.
        if self.word(at) in _DASHES and self.touching(at - 1, at) and self.touching(at, at + 1):
            at += 1
        while at < len(self.parts) and len(run) < 4 and self.kind(at) == "word" and self.word(at) not in STOPWORDS:
            run.append(self.word(at))
            at += 1
            # "the first ten Arsenal 's home games" counts games, "75 COVID-19 cases" cases.
            owner = self.word(at) in ("'", "’") and self.word(at + 1) == "s"
            if owner or (self.word(at) in _DASHES and self.kind(at + 1) == "number" and self.touching(at - 1, at)):
                run, at = [], at + 2
        if not run:
            return None
        if self.language == "en":
            return next((w for w in run if _HEAD_NOUNS_EN.fullmatch(w)), run[0])
        return run[0]

    def marker_before(self, at: int) -> tuple[int, Relation] | None:
        """The bound words that end right before token `at`: where they start, and the relation."""
        for length in range(_LONGEST_MARKER, 0, -1):
            form = tuple(self.word(at - length + i) for i in range(length))
            if form in _MARKERS and at - length >= 0:
                return at - length, _MARKERS[form]
        if self.word(at - 1) in ("~", "±", "≈"):
            return at - 1, "about"
        signs: Mapping[str, Relation] = {">": "gt", "<": "lt", "≥": "ge", "≤": "le"}
        return (at - 1, signs[self.word(at - 1)]) if self.word(at - 1) in signs else None

    def marker_after(self, at: int) -> tuple[int, Relation] | None:
        """`10.000 lebih`, `5 or more`, `100+`, `50-an`: the token after the bound words, and the relation."""
        word, following = self.word(at), self.word(at + 1)
        if word == "lebih" and following not in _COMPARED:
            return at + 1, "gt"
        if (word, following) in (("or", "more"), ("atau", "lebih"), ("ke", "atas"), ("or", "above")):
            return at + 2, "ge"
        if (word, following) in (("or", "less"), ("or", "fewer"), ("atau", "kurang"), ("ke", "bawah")):
            return at + 2, "le"
        if word == "+" and self.touching(at - 1, at) and self.kind(at + 1) != "number":
            return at + 1, "ge"
        if word == "-" and following == "an" and self.touching(at, at + 1):
            return at + 2, "about"
        return None


def find_quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """The quantities of a text in its order, without overlap.

    Args:
        text: any text; offsets of the result count its characters.
        language: ISO 639-1; decides between decimal comma and decimal dot where the text itself does not
            show it ("1.500"). Guessed from function words when None.
    """
    reader = _Reader(text, language)
    found: list[Quantity] = []
    at = done = 0
    while at < len(reader.parts):
        token = reader.parts[at]
        if token.kind == "sign":
            at += 1
            continue
        if (end := reader.masked(token)) is not None:
            while at < len(reader.parts) and reader.parts[at].start < end:
                at += 1
            done = at
            continue
        quantity, following = _quantity_at(reader, at, done)
        if quantity is not None and (not found or found[-1].end <= quantity.start):
            found.append(quantity)
            done = following
        at = max(following, at + 1)
    return tuple(found)


def _quantity_at(reader: _Reader, at: int, done: int) -> tuple[Quantity | None, int]:
    """The quantity whose number starts at token `at`, and the token to go on from."""
    if special := _special_word(reader, at):
        return special, at + 1
    reading = reader.number(at)
    if reading is None:
        return None, at + 1
    if ordinal := _ordinal(reader, reading):
        return ordinal
    if reader.is_label(reading):
        return None, reading.end
    return _measured(reader, reading, done)


def _make(reader: _Reader, first: int, end: int, value: Decimal, **fields: object) -> Quantity:
    start, stop = reader.parts[first].start, reader.parts[end - 1].end
    return Quantity.model_validate(
        {"start": start, "end": stop, "text": reader.text[start:stop], "value": value, **fields}
    )


def _special_word(reader: _Reader, at: int) -> Quantity | None:
    """`setahun`, `twice`, `ninefold`: number and unit in one word."""
    word = reader.word(at)
    if word in _SPELLED_UNITS and reader.word(at + 1) != "-":
        return _make(reader, at, at + 1, Decimal(1), unit=_SPELLED_UNITS[word], dimension="duration", spelled=True)
    if word in _TIMES_WORDS:
        return _make(reader, at, at + 1, Decimal(_TIMES_WORDS[word]), unit="times", dimension="count", spelled=True)
    if word.endswith("fold") and len(word) > 6 and (read := read_words(tokens(word[:-4]), 0)):
        return _make(reader, at, at + 1, read.value, unit="times", dimension="multiple", spelled=True)
    return None


def _ordinal(reader: _Reader, reading: _Reading) -> tuple[Quantity, int] | None:
    """Ranks and labels: `ke-5`, `kelima`, `5th`, `fifth`, `pasal 4`, `#5`."""
    first, end, value = reading.first, reading.end, reading.numeral.value
    if reading.numeral.kind == "ordinal":
        if reader.is_label(reading):
            return None
        return _ordinal_word(reader, reading)
    if reading.spelled:
        return None
    before = reader.word(first - 1)
    if reader.word(end) in ("st", "nd", "rd", "th") and reader.touching(end - 1, end):
        marker = reader.marker_before(first - 1 if before == "the" else first)
        fields = {"unit": "rank", "dimension": "ordinal", "noun": reader.noun_at(end + 1)}
        return _make(reader, first, end + 1, value, relation=marker[1] if marker else "eq", **fields), end + 1
    if before in _DASHES and reader.word(first - 2) == _ORDER_PREFIX and reader.touching(first - 2, first - 1):
        noun = reader.word(first - 3) if reader.kind(first - 3) == "word" else None
        return _make(reader, first - 2, end, value, unit="rank", dimension="ordinal", noun=noun), end
    if before == _ORDER_PREFIX and not reader.unit_at(end):
        noun = reader.word(first - 2) if reader.kind(first - 2) == "word" else None
        return _make(reader, first - 1, end, value, unit="rank", dimension="ordinal", noun=noun), end
    dotted = before == "." and reader.word(first - 2) in ("no", "vol", "hlm")
    label = reader.word(first - 2) if dotted else before
    if label in _LABELS and (dotted or label != "no" or reader.capital(first - 1)) and not reader.unit_at(end):
        start = first - 2 if dotted else first - 1
        return _make(reader, start, end, value, unit="label", dimension="ordinal", noun=label), end
    return None


def _ordinal_word(reader: _Reader, reading: _Reading) -> tuple[Quantity, int]:
    """`negara kelima` ranks, `kelima negara` counts all five; English ordinals always rank."""
    first, end, word = reading.first, reading.end, reader.word(reading.first)
    value = reading.numeral.value
    noun = reader.noun_at(end)
    # "film yang ketujuh" ranks films.
    last = first - 2 if reader.word(first - 1) == "yang" else first - 1
    before = reader.word(last)
    after_noun = reader.kind(last) == "word" and before not in STOPWORDS
    if word.startswith("ke") and not after_noun and noun and noun not in ("kali", "kalinya"):
        return _make(reader, first, end, value, dimension="plain", noun=noun, spelled=True), end
    if reader.language != "en" or word.startswith(("ke", "pertama")):
        noun = before if after_noun else noun
    # "above the sixth place", "di bawah peringkat kelima" rank something else.
    marker = reader.marker_before(first - 1 if before == "the" or after_noun else first)
    relation: Relation = marker[1] if marker else "eq"
    made = _make(
        reader, first, end, value, unit="rank", dimension="ordinal", noun=noun, spelled=True, relation=relation
    )
    return made, end


def _measured(reader: _Reader, reading: _Reading, done: int) -> tuple[Quantity | None, int]:
    """A number with its money, unit, bounds and counted noun."""
    first, end, numeral = reading.first, reading.end, reading.numeral
    low, high = numeral.low, numeral.high
    relation: Relation = "about" if numeral.kind == "vague" else "eq"
    value, step = numeral.value, numeral.step
    currency = reader.currency_before(first)
    if currency and currency[0] < done:
        currency = None
    start = currency[0] if currency else first
    if (ratio := _ratio(reader, reading)) and not currency:
        unit_name, end = ratio
        return _ratio_made(reader, reading, unit_name, end, done), end
    if (
        reader.word(first - 1) in ("-", "−", "minus")
        # "2012/13 - 12300 visitors" has a dash.
        and (reader.word(first - 1) != "-" or reader.touching(first - 1, first))
        and not reader.touching(first - 2, first - 1)
        and not currency
        and not reading.spelled
    ):
        value, start = -value, first - 1
    if suffix := reader.marker_after(end):
        end, relation = suffix
    unit = reader.unit_at(end)
    if partner := _range_partner(reader, reading, end, unit):
        return _range(reader, start, reading, partner, currency, done)
    dimension: Dimension = "ratio" if numeral.kind == "fraction" else "plain"
    name = None
    inherited = _unit_of_change(reader, end) if not (unit or currency) else None
    if currency:
        name, dimension = currency[1], "money"
        if unit and unit[0].name == name:
            end = unit[1]
    elif unit and not (unit[0].name == "second" and numeral.kind == "ordinal"):
        (name, dimension, _), end = unit
    elif inherited:
        name, dimension, _ = inherited
    if dimension != "money" and (suffix := reader.marker_after(end)) and relation == "eq":
        end, relation = suffix
    marker = reader.marker_before(start)
    if marker and marker[0] >= done:
        word = reader.word(marker[0])
        start, relation = marker
        if relation == "about" and word in _FROM_BELOW:
            high = value
    noun = reader.noun_at(end) if dimension in ("plain", "count", "ratio") else None
    if dimension == "plain" and noun is None and reader.word(end) in ("of", "dari", "the"):
        noun = reader.noun_at(end + 1)
    made = _make(
        reader, start, end, value, low=low, high=high, relation=relation, unit=name, dimension=dimension,
        noun=noun,
        precision=step, spelled=reading.spelled,
    )  # fmt: skip
    return made, end


def _ratio_made(reader: _Reader, reading: _Reading, unit: str, end: int, done: int) -> Quantity:
    start: int = reading.first
    relation: Relation = "eq"
    if (marker := reader.marker_before(start)) and marker[0] >= done:
        start, relation = marker
    return _make(
        reader, start, end, reading.numeral.value, unit=unit, dimension="ratio", relation=relation,
        precision=reading.numeral.step, spelled=reading.spelled,
    )  # fmt: skip


def _unit_of_change(reader: _Reader, end: int) -> Unit | None:
    """The unit that `dari 5 menjadi 7 persen` gives to its first number too."""
    if reader.word(end) not in ("menjadi", "ke", "to", "into") or end + 1 >= len(reader.parts):
        return None
    if reader.masked(reader.parts[end + 1]) or not (second := reader.number(end + 1)):
        return None
    found = reader.unit_at(second.end)
    return found[0] if found else None


def _ratio(reader: _Reader, reading: _Reading) -> tuple[str, int] | None:
    """`6.1/10`, `51 out of 100`, `satu dari lima`, `one in five`: the base of the ratio and the token "
    "after it."""
    end = reading.end
    word = reader.word(end)
    if word == "/" and reader.touching(end - 1, end) and reader.touching(end, end + 1):
        base = end + 1
    elif word == "out" and reader.word(end + 1) == "of":
        base = end + 2
    elif word in ("dari", "in", "of") and reading.spelled and reader.kind(end + 1) == "word":
        base = end + 1
    else:
        return None
    if base >= len(reader.parts) or reader.masked(reader.parts[base]) or reader.currency_before(base):
        return None
    below = reader.number(base)
    if (
        below is None
        or below.numeral.kind != "cardinal"
        or below.numeral.value < max(reading.numeral.value, Decimal(2))
    ):
        return None
    if (word in ("dari", "in", "of") and not below.spelled) or reader.word(below.end) == "/":
        return None
    return f"/{below.numeral.value.normalize():f}", below.end


def _range_partner(reader: _Reader, reading: _Reading, end: int, unit: tuple[Unit, int] | None) -> _Reading | None:
    """The second number of `10-20`, `10 sampai 20`, `antara 5 dan 7`, or None."""
    joint = unit[1] if unit else end
    if reading.numeral.kind not in ("cardinal",):
        return None
    word = reader.word(joint)
    if word == "s" and reader.word(joint + 1) in ("/", ".") and reader.word(joint + 2) == "d":
        after = joint + (4 if reader.word(joint + 3) == "." else 3)
    elif word == "to" and reader.word(reading.first - 1) == "from":
        return None  # "rose from 5 to 7 percent" tells of two values
    elif (
        word in _DASHES
        or word in ("sampai", "hingga", "to")
        or (word in ("dan", "and") and _opens_between(reader, reading.first))
    ):
        after = joint + 1
    else:
        return None
    if currency := next(
        (
            i
            for i in range(after, min(after + 3, len(reader.parts)))
            if (money := reader.currency_before(i)) and money[0] == after
        ),
        None,
    ):
        after = currency
    if after >= len(reader.parts) or reader.masked(reader.parts[after]):
        return None
    second = reader.number(after)
    if second is None or second.numeral.kind != "cardinal":
        return None
    hyphenated = word in _DASHES and reader.touching(joint - 1, joint) != reader.touching(joint, joint + 1)
    return None if hyphenated else second


def _opens_between(reader: _Reader, first: int) -> bool:
    currency = reader.currency_before(first)
    return reader.word((currency[0] if currency else first) - 1) in ("antara", "between")


def _range(
    reader: _Reader, start: int, reading: _Reading, second: _Reading, currency: tuple[int, str] | None, done: int
) -> tuple[Quantity, int]:
    low, high, end = reading.numeral.value, second.numeral.value, second.end
    # "5-7 juta" and "1.5-2 billion": the scale belongs to both ends.
    scale = SCALES.get(reader.word(end - 1))
    if scale and low < high / scale and low < 1000:
        low *= scale
    unit = reader.unit_at(end)
    if _is_score(reader, reading, second, unit is not None or currency is not None):
        made = _make(
            reader, reading.first, end, low, low=min(low, high), high=max(low, high), unit="score", dimension="score"
        )
        return made, end
    if low > high:
        # Two numbers that only look like a range: the first is read alone, the second comes next.
        name, dimension = (currency[1], "money") if currency else (None, "plain")
        return _make(
            reader,
            start,
            reading.end,
            reading.numeral.value,
            unit=name,
            dimension=dimension,
            precision=reading.numeral.step,
        ), reading.end
    name, dimension = (currency[1], "money") if currency else (None, "plain")
    first_unit = reader.unit_at(reading.end)
    if not currency and (unit or first_unit):
        found = unit or first_unit
        assert found is not None
        name, dimension = found[0].name, found[0].dimension
    if unit:
        end = unit[1] if not currency or unit[0].dimension == "money" else end
    relation: Relation = "eq"
    if (marker := reader.marker_before(start)) and marker[0] >= done:
        start, relation = marker[0], "about"
    elif reader.word(start - 1) in ("antara", "between") and start - 1 >= done:
        start -= 1
    made = _make(
        reader, start, end, (low + high) / 2, low=low, high=high, relation=relation, unit=name,
        dimension=dimension,
        noun=reader.noun_at(end) if dimension in ("plain", "count") else None,
        precision=max(reading.numeral.step, second.numeral.step), spelled=reading.spelled,
    )  # fmt: skip
    return made, end


def _is_score(reader: _Reader, reading: _Reading, second: _Reading, measured: bool) -> bool:
    a, b = reading.numeral, second.numeral
    if measured or reading.spelled or second.spelled or a.value > 200 or b.value > 200 or a.step != 1 or b.step != 1:
        return False
    if not reader.touching(reading.end - 1, reading.end) or reader.word(reading.end) not in _DASHES:
        return False
    near = range(max(0, reading.first - 8), min(len(reader.parts), second.end + 6))
    told = any(reader.word(i) in _SCORE_WORDS for i in near)
    return told or (a.value >= b.value and not reader.noun_at(second.end))
