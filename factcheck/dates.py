"""Time expressions of Indonesian and English text as intervals of days.

Absolute expressions ("19 Juni 2024", "akhir 2023", "1990-an", "abad ke-19") need nothing but the text. Relative
ones ("Rabu dini hari", "tahun lalu", "two days ago") and days without a year are resolved only against a base
date, in the way of news text: a weekday is the nearest one on or before the base. Every pattern has bounded
repetition, so that reading is linear in the text.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from factcheck.numerals import TENS, UNITS, guess_language, read_words, tokens, words
from factcheck.types import Value

Granularity = Literal["time", "day", "week", "month", "quarter", "year", "decade", "century", "range"]
DateRelation = Literal["in", "before", "after", "since", "until"]

FIRST_YEAR, LAST_YEAR = 1500, 2100
"""Four bare digits outside this are not taken for a year."""


class DateMention(Value):
    """A time expression and the days it can mean, both ends included: `text[start:end] == mention.text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    first: date
    last: date
    granularity: Granularity
    resolved_from: Literal["absolute", "relative"] = "absolute"
    relation: DateRelation = "in"
    """How the text places its event to this time: "sejak 2000" is `since`, "before 1765" is `before`."""
    vague: bool = False
    """The interval is an estimate of a loose word ("awal", "late", "weeks ago")."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first or self.end - self.start != len(self.text):
            raise ValueError("a date mention ends before it starts, or its offsets do not fit its text")
        return self


class TimeMention(Value):
    """A clock time, in minutes after midnight."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    minutes: int = Field(ge=0, lt=1440)


class CalendarSpan(NamedTuple):
    """A stretch of text that speaks of time on the calendar or the clock, whether it could be resolved "
    "or not."""

    start: int
    end: int


_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
# "may" and "mar" are words too; as months they have a capital.
_MONTH = (
    "(?:(?i:"
    + "|".join(sorted((m for m in _MONTHS if m not in ("may", "mar", "des", "jun")), key=len, reverse=True))
    + ")|May|MAY|Mar|MAR|Des|DES|Jun|JUN)"
)
_WEEKDAYS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "senin monday mon", "selasa tuesday tue", "rabu wednesday wed", "kamis thursday thu",
            "jumat jum'at friday fri", "sabtu saturday sat", "minggu ahad sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = (
    "(?:(?i:senin|monday|selasa|tuesday|rabu|wednesday|kamis|thursday|jum'?at|friday|sabtu|saturday|sunday)"
    "|Minggu|Ahad)"
)
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|2100)"
_TO = r"[ ]{0,2}(?:-|–|—|/|(?i:sampai|hingga|s\.?d\.?|to|until|through|and|dan|&))[ ]{0,2}"
_NOT_IN_NUMBER = r"(?<![0-9.,:/_A-Za-z-])"
_END = r"(?![0-9A-Za-z_])(?![.,:/][0-9])"
_TH = r"(?:(?i:st|nd|rd|th))?"
_PART = (
    r"(?i:awal|pertengahan|tengah|akhir|penghujung|early|mid|late|the start of|the beginning of"
    r"|the middle of|the end of"
    r"|start of|beginning of|end of)"
)
_COUNT = f"(?i:{'|'.join(sorted({*UNITS, *TENS, 'belas', 'puluh', 'ratus', 'seratus'}, key=len, reverse=True))})"
_SPACE = r"[ \u00a0\n]{1,2}"
_COMMA = r"[ ]{0,2},?[ ]{0,2}"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(
        pattern.replace("MONTH", _MONTH)
        .replace("WEEKDAY", _WEEKDAY)
        .replace("DAY", _DAY)
        .replace("YEAR", _YEAR)
        .replace("PART", _PART)
        .replace("COUNT", _COUNT)
        .replace("TO_", _TO)
        .replace("TH_", _TH)
        .replace("__", _SPACE)
        .replace("COMMA", _COMMA)
    )


class _Found(NamedTuple):
    """What a rule made of a match: an interval, or None where it is time but cannot be resolved."""

    interval: tuple[date, date] | None
    granularity: Granularity
    relative: bool = False
    vague: bool = False


class _Setting(NamedTuple):
    """What a rule may use beside its match."""

    text: str
    language: str
    base: date | None
    year: Callable[[int, int], int | None]
    """The year that the text around offsets `[start, end)` gives to a day or month without one."""


_Rule = Callable[[re.Match[str], _Setting], _Found | None]


def _day(year: int | None, month: int, day: int) -> date | None:
    if year is None or not 1 <= year <= 9999 or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _month_number(name: str) -> int:
    return _MONTHS[name.lower()]


def _iso(m: re.Match[str], _: _Setting) -> _Found | None:
    day = _day(int(m["y"]), int(m["m"]), int(m["d"]))
    return _Found((day, day), "day") if day else None


def _numeric(m: re.Match[str], setting: _Setting) -> _Found | None:
    first, second, year = int(m["a"]), int(m["b"]), int(m["y"])
    if len(m["y"]) == 2:
        year += 2000 if year < 70 else 1900
    month_first = second > 12 or (setting.language == "en" and first <= 12)
    month, day = (first, second) if month_first else (second, first)
    found = _day(year, month, day)
    return _Found((found, found), "day") if found else None


def _day_month(m: re.Match[str], setting: _Setting) -> _Found | None:
    year = int(m["y"]) if m["y"] else setting.year(m.start(), m.end())
    month = _month_number(m["m"])
    first, last = _day(year, month, int(m["d"])), _day(year, month, int(m["d2"] or m["d"]))
    if year is None:
        return _Found(None, "day")
    if first is None or last is None or last < first:
        return None
    return _Found((first, last), "day" if first == last else "range", relative=not m["y"])


def _weekday_day(m: re.Match[str], setting: _Setting) -> _Found | None:
    """`Senin (27/4)`: the year comes from the surroundings."""
    year = setting.year(m.start(), m.end())
    day = _day(year, int(m["b"]), int(m["a"]))
    return _Found((day, day) if day else None, "day", relative=True)


def _part_of(interval: tuple[date, date], word: str) -> tuple[date, date]:
    """The early, middle or late third of an interval."""
    first, last = interval
    third = (last - first) / 3
    word = word.lower()
    if word in ("awal", "early", "the start of", "the beginning of", "start of", "beginning of"):
        return first, first + third
    if word in ("akhir", "penghujung", "late", "the end of", "end of"):
        return last - third, last
    return first + third, last - third


def _month_year(m: re.Match[str], setting: _Setting) -> _Found | None:
    year = int(m["y"]) if m["y"] else setting.year(m.start(), m.end())
    if year is None:
        return _Found(None, "month")
    first, last = _month(year, _month_number(m["m"]))
    if m["m2"]:
        _, last = _month(year, _month_number(m["m2"]))
        if last < first:
            return None
    if m["part"]:
        return _Found(_part_of((first, last), m["part"]), "range", relative=not m["y"], vague=True)
    return _Found((first, last), "range" if m["m2"] else "month", relative=not m["y"])


def _bare_month(m: re.Match[str], setting: _Setting) -> _Found | None:
    year = setting.year(m.start(), m.end())
    return _Found(_month(year, _month_number(m["m"])) if year else None, "month", relative=True)


def _years(m: re.Match[str], _: _Setting) -> _Found | None:
    first = int(m["y"])
    second = int(m["y2"]) if len(m["y2"]) == 4 else first - first % 100 + int(m["y2"])
    if not first < second <= first + 500 or first < 1000:
        return None
    return _Found((date(first, 1, 1), date(second, 12, 31)), "range")


def _part_year(m: re.Match[str], _: _Setting) -> _Found | None:
    return _Found(_part_of(_whole_year(int(m["y"])), m["part"]), "range", vague=True)


def _decade(m: re.Match[str], _: _Setting) -> _Found | None:
    year = int(m["y"])
    # "The 1800s" are a century, "the 2000s" in news their first ten years.
    century = year % 100 == 0 and year < 2000 and "s" in m[0].lower()
    interval = date(year, 1, 1), date(year + (99 if century else 9), 12, 31)
    if m["part"]:
        return _Found(_part_of(interval, m["part"]), "range", vague=True)
    return _Found(interval, "decade")


_ROMAN = {
    numeral: number
    for number, numeral in enumerate(
        words("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI"), 1
    )
}


def _century(m: re.Match[str], _: _Setting) -> _Found | None:
    raw = m["n"]
    number = int(raw) if raw.isdigit() else _ROMAN.get(raw.upper(), 0)
    if not number and (read := read_words(tokens(raw), 0)):
        number = int(read.value)
    if not 1 <= number <= 30:
        return None
    if re.search(r"\b(?:SM|BC|BCE)\b", m[0]):
        return _Found(None, "century")
    interval = date(max(1, (number - 1) * 100 + 1), 1, 1), date(number * 100, 12, 31)
    return _Found(_part_of(interval, m["part"]) if m["part"] else interval, "century", vague=bool(m["part"]))


_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "pertama": 1, "kedua": 2,
    "ketiga": 3,
             "keempat": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}  # fmt: skip


def _quarter(m: re.Match[str], _: _Setting) -> _Found | None:
    number = _QUARTERS[m["n"].lower()]
    length = 6 if re.search(r"(?i)semester|half", m[0]) else 3
    start = (number - 1) * length + 1
    if start > 12:
        return None
    year = int(m["y"])
    return _Found((date(year, start, 1), _month(year, start + length - 1)[1]), "quarter")


# What follows four digits when they count something, in either language.
_COUNTED = re.compile(
    r"[ \u00a0]{0,2}(?:%|°|(?i:persen|percent|ribu|juta|miliar|triliun|thousand|million|billion|orang"
    r"|jiwa|warga|ton|kg|kilogram"
    r"|gram|km|kilometer|kilometers|meter|meters|metres|m|cm|hektare?|ha|unit|buah|ekor|kasus|tentara"
    r"|prajurit|personel|siswa|kali"
    r"|kontainer|rudal|rupiah|dolar|dollars|euros?|yen|jam|hari|hours|days|years|months|weeks|tahun"
    r"|bulan|minggu|people|persons"
    r"|soldiers|troops|tonnes?|tons|miles|feet|acres|hectares|deaths|cases|seats|votes|copies|rumah"
    r"|korban|pasien|kursi|suara"
    r"|halaman|pages|watts?|mw|gb|mb|kali|anggota|members|students|employees|workers|pekerja|karyawan"
    r"|peserta|penumpang|passengers"
    r"|sekolah|desa|unit-unit|points|poin|reviews|ulasan|kios|toko|dosis|doses))(?![A-Za-z])"
)
_COUNTING_BEFORE = re.compile(
    r"(?:[$€£¥₹+#]|\b(?i:rp\.?|idr|usd|nomor|no\.?|sebanyak|lebih dari|kurang dari|setidaknya|sebesar"
    r"|senilai|more than|over|at least"
    r"|fewer than|less than|some|nearly|almost|hampir|total of|model|tipe|boeing|room|flight|windows"
    r"|pasal|seri)) ?$"
)
_TIME_CUE = re.compile(
    r"\b(?i:tahun|pada|sejak|semenjak|awal|akhir|since|during|year|sebelum|sesudah|setelah|after) ?$"
)
_YEAR_CUE = re.compile(
    r"\b(?i:tahun|pada|sejak|hingga|sampai|di|dalam|awal|akhir|in|since|by|of|from|until|till|the|during"
    r"|year|for|before|after"
    r"|sebelum|sesudah|setelah|menjelang|antara|between|circa|c\.|ca\.|masa|musim|pemilu|pilpres|born"
    r"|lahir) ?$"
)


def _bare_year(m: re.Match[str], setting: _Setting) -> _Found | None:
    year = int(m["y"])
    if m["cue"]:
        if re.match(r"[ ]{1,2}(?:SM|BC|BCE)\b", setting.text[m.end() : m.end() + 5]):
            return _Found(None, "year")
        return _Found(_whole_year(year), "year") if 1 <= year <= LAST_YEAR else None
    if not FIRST_YEAR <= year <= LAST_YEAR or len(m["y"]) != 4:
        return None
    before = setting.text[max(0, m.start() - 24) : m.start()]
    if _COUNTING_BEFORE.search(before):
        return None
    # "pada 2010 sekolah itu" is a year; "dari 2000 sekolah" counts; "in 2016 cases were few" is a year again.
    counted = _COUNTED.match(setting.text, m.end()) and not _TIME_CUE.search(before)
    if counted and (year % 10 == 0 or not _YEAR_CUE.search(before)):
        return None
    return _Found(_whole_year(year), "year")


def _early_year(m: re.Match[str], setting: _Setting) -> _Found | None:
    if _COUNTED.match(setting.text, m.end()):
        return None
    return _Found(_whole_year(int(m["y"])), "year")


def _ago(m: re.Match[str], setting: _Setting) -> _Found | None:
    parts = tokens(m["n"])
    read = read_words(parts, 0) if parts and parts[0].kind == "word" else None
    word = m["n"].lower()
    count = int(m["n"]) if m["n"].isdigit() else 1 if word in ("a", "an") else int(read.value) if read else None
    if count is None:
        return None
    if setting.base is None or count > 2000:
        return _Found(None, "day")
    return _shifted(setting.base, _UNITS[m["unit"].lower().removesuffix("s")], -count, vague=count > 1)


_UNITS: Mapping[str, Literal["day", "week", "month", "year"]] = {
    "hari": "day", "day": "day", "malam": "day", "night": "day", "minggu": "week", "pekan": "week",
    "week": "week",
    "bulan": "month", "month": "month", "tahun": "year", "year": "year",
}  # fmt: skip


def _shifted(base: date, unit: Literal["day", "week", "month", "year"], by: int, vague: bool = False) -> _Found | None:
    """The day, Monday-to-Sunday week, month or year that lies `by` units from the base."""
    try:
        if unit == "day":
            day = base + timedelta(days=by)
            return _Found((day, day), "day", relative=True)
        if unit == "week":
            monday = base - timedelta(days=base.weekday()) + timedelta(weeks=by)
            return _Found((monday, monday + timedelta(days=6)), "week", relative=True, vague=vague)
        if unit == "year":
            return _Found(_whole_year(base.year + by), "year", relative=True, vague=vague)
        months = base.year * 12 + base.month - 1 + by
        return _Found(_month(months // 12, months % 12 + 1), "month", relative=True, vague=vague)
    except (ValueError, OverflowError):
        return None


_WHEN = {
    "ini": 0,
    "lalu": -1,
    "kemarin": -1,
    "silam": -1,
    "depan": 1,
    "mendatang": 1,
    "this": 0,
    "last": -1,
    "next": 1,
    "past": -1,
}


def _this_unit(m: re.Match[str], setting: _Setting) -> _Found | None:
    unit, when = _UNITS[m["unit"].lower()], m["when"].lower()
    if setting.base is None:
        return _Found(None, unit)
    return _shifted(setting.base, unit, _WHEN[when])


_NAMED_DAYS = {
    "kemarin": -1, "yesterday": -1, "tadi malam": -1, "semalam": -1, "last night": -1, "kemarin lusa": -2,
    "hari ini": 0, "today": 0, "tonight": 0, "malam ini": 0, "pagi ini": 0, "siang ini": 0, "sore ini": 0,
    "this morning": 0,
    "this afternoon": 0, "this evening": 0, "besok": 1, "esok": 1, "tomorrow": 1, "lusa": 2,
}  # fmt: skip


def _named_day(m: re.Match[str], setting: _Setting) -> _Found | None:
    if setting.base is None:
        return _Found(None, "day")
    return _shifted(setting.base, "day", _NAMED_DAYS[" ".join(m[0].lower().split())])


def _weekday(m: re.Match[str], setting: _Setting) -> _Found | None:
    if setting.base is None:
        return _Found(None, "day")
    back = (setting.base.weekday() - _WEEKDAYS[m["w"].lower()]) % 7
    shift = _WHEN.get((m["before"] or m["after"] or "").lower().strip(), 0)
    # "lalu" and "last" exclude today; "depan" and "next" look forward.
    days = 7 - back if shift > 0 else -(back or 7) if shift < 0 else -back
    return _shifted(setting.base, "day", days)


_PARTS_OF_DAY = r"(?:__(?i:dini hari|pagi|siang|sore|petang|malam|morning|afternoon|evening|night))?"
_FULL_DAY = rf"(?:(?:WEEKDAY{_PARTS_OF_DAY})[ ]{{0,2}}[,(]?[ ]{{0,2}}(?i:tanggal[ ])?)?"

# Earlier rules win where two of them match at the same place.
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (_compiled(pattern), rule)
    for pattern, rule in (
        (_NOT_IN_NUMBER + r"(?P<y>[12][0-9]{3})(?P<s>[-/])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9])"
            r"(?:T[0-9:.Z+-]{4,20})?(?![0-9])", _iso),
        (_FULL_DAY + _NOT_IN_NUMBER + r"(?P<a>DAY)(?P<s>[/.-])(?P<b>DAY)(?P=s)(?P<y>YEAR|[0-9]{2})"
            r"(?![0-9/])\)?", _numeric),
        (
            _FULL_DAY + _NOT_IN_NUMBER + r"(?P<d>DAY)TH_(?:TO_(?P<d2>DAY)TH_)?__?(?:of__)?(?P<m>MONTH)"
                r"(?![A-Za-z])"
            r"(?:\.?COMMA(?:(?i:tahun)__)?(?P<y>YEAR)" + _END + ")?",
            _day_month,
        ),
        (
            _FULL_DAY + r"(?<![A-Za-z])(?P<m>MONTH)\.?__(?P<d>DAY)TH_(?![0-9A-Za-z])(?![.,][0-9])(?:TO_"
                r"(?P<d2>DAY)TH_(?![0-9]))?"
            r"(?:COMMA(?P<y>YEAR)" + _END + ")?",
            _day_month,
        ),
        (r"WEEKDAY" + _PARTS_OF_DAY + r"[ ]{0,2}\([ ]?(?P<a>DAY)/(?P<b>0?[1-9]|1[0-2])[ ]?\)", _weekday_day),
        (
            r"(?<![A-Za-z])(?:(?P<part>PART)[- ](?:bulan__)?)?(?P<m>MONTH)(?:TO_(?P<m2>MONTH))?\.?COMMA"
            r"(?:(?i:tahun|of)__)?(?P<y>YEAR)" + _END,
            _month_year,
        ),
        (r"(?<![A-Za-z])(?P<part>PART)[- ](?:bulan__)?(?P<m>MONTH)(?P<m2>(?!))?(?P<y>(?!))?(?![A-Za-z])",
        _month_year),
        (
            r"(?<![A-Za-z])(?i:kuartal|triwulan|semester)__(?:(?i:ke)-)?(?P<n>(?i:I{1,3}|IV|[1-4]"
            r"|pertama|kedua|ketiga|keempat))__"
            r"(?:tahun__)?(?P<y>YEAR)" + _END,
            _quarter,
        ),
        (r"(?<![A-Za-z])Q(?P<n>[1-4])COMMA(?P<y>YEAR)" + _END, _quarter),
        (r"(?<![A-Za-z])(?P<n>(?i:first|second|third|fourth))__(?i:quarter|half)__(?:of__)?(?P<y>YEAR)" + _END,
        _quarter),
        (
            r"(?<![A-Za-z])(?:(?P<part>PART)[- ](?:the[ ])?)?(?i:abad)__(?:ke-?[ ]?)?(?P<n>[0-9]{1,2}"
            r"|[IVX]{1,5}|(?i:pertama|kedua"
            r"|ke(?:tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas)(?: (?:belas|puluh"
            r"(?: satu)?))?))(?![A-Za-z0-9])"
            r"(?:__(?:SM|BC|M)\b)?",
            _century,
        ),
        (
            r"(?<![A-Za-z])(?:(?P<part>PART)[- ](?:the[ ])?)?(?P<n>[0-9]{1,2}(?=(?i:st|nd|rd|th))|"
            r"(?i:[a-z]{3,10}(?:th|first|second|third)))"
            r"(?i:st|nd|rd|th)?[- ](?i:century)(?:__(?:BCE?|AD)\b)?",
            _century,
        ),
        (
            r"(?<![A-Za-z0-9.,])(?:(?P<part>PART)[- ](?:the[ ])?)?(?:(?i:tahun|dekade|era|the)[ ]"
            r"(?:tahun[ ])?)?(?P<y>1[0-9]{2}0|20[0-9]0)(?:-?an\b|['’]?s(?![A-Za-z]))",
            _decade,
        ),
        (
            r"(?<![A-Za-z])(?:(?P<part>PART)[- ](?:the[ ])?)?(?i:dekade)__(?P<y>1[0-9]{2}0|20[0-9]0)"
            r"(?:-?an\b)?(?![0-9])",
            _decade,
        ),
        (
            r"(?<![A-Za-z])(?P<part>PART)[- ](?:(?i:tahun|of)[ ])?(?P<y>YEAR)" + _END,
            _part_year,
        ),
        # Before 1500 four digits are a year only where a word says so.
        (
            r"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\b[Ss]ejak )|(?<=\b[Pp]ada ))(?P<y>1[0-4][0-9]{2})" + _END,
            _early_year,
        ),
        (_NOT_IN_NUMBER + r"(?P<y>1[5-9][0-9]{2}|20[0-9]{2})(?:TO_)(?P<y2>YEAR|(?<=[-–—/])[0-9]{2})" + _END,
        _years),
        (r"(?<![A-Za-z])(?P<n>[0-9]{1,4}|(?i:an?)|COUNT(?:[ -]COUNT){0,2})__(?P<unit>(?i:hari"
            r"|malam|minggu|pekan|bulan|tahun|days?|weeks?|months?|years?))__(?i:(?:yang[ ])?(?:lalu"
            r"|silam)|ago|earlier)\b", _ago),
        (r"(?<![A-Za-z])(?P<unit>(?i:minggu|pekan|bulan|tahun))__(?:yang__)?(?P<when>(?i:ini|lalu|silam"
            r"|kemarin|depan|mendatang))\b", _this_unit),
        (r"(?<![A-Za-z])(?P<when>(?i:this|last|next))__(?P<unit>(?i:week|month|year))\b", _this_unit),
        (r"(?<![A-Za-z])(?i:kemarin lusa|kemarin|yesterday|tadi malam|semalam|last night|hari ini|today"
            r"|tonight|malam ini|pagi ini|siang ini"
         r"|sore ini|this morning|this afternoon|this evening|besok|esok|tomorrow|lusa)\b", _named_day),
        (
            r"(?<![A-Za-z])(?:(?P<before>(?i:last|this|next|on|hari))__)?(?P<w>WEEKDAY)(?![A-Za-z])" + _PARTS_OF_DAY
            + r"(?:__(?P<after>(?i:lalu|ini|depan|mendatang|kemarin)))?",
            _weekday,
        ),
        (r"(?<![A-Za-z])(?:(?i:in|since|by|until|pada|sejak|hingga|bulan|during)__(?:bulan__)?)"
            r"(?P<m>MONTH)(?![A-Za-z])(?!__DAY)", _bare_month),
        (r"(?<![A-Za-z0-9])(?P<cue>(?i:tahun|year|the year))__(?P<y>[0-9]{3,4})" + _END + r"(?![ ]"
            r"(?i:lalu|silam|ago))", _bare_year),
        (r"(?<![0-9.,:_A-Za-z@#])(?<![0-9]/)(?P<cue>(?!))?(?P<y>1[5-9][0-9]{2}|20[0-9]{2}|2100)" + _END,
        _bare_year),
    )
)  # fmt: skip

_ZONE = r"(?:[ ](?:WIB|WITA|WIT|GMT|UTC|EST|EDT|PST|BST|KST|JST|(?i:waktu setempat|local time)))"
_TIMES = (
    re.compile(
        r"(?<![A-Za-z])(?i:pukul|jam)[ ]{1,2}(?P<h>[01]?[0-9]|2[0-4])(?:[.:](?P<m>[0-5][0-9]))?(?:[.:][0-5][0-9])?"
        r"(?![0-9])(?:[ ](?P<half>(?i:dini hari|pagi|siang|sore|petang|malam)))?" + _ZONE + "?"
    ),
    re.compile(
        r"(?<![0-9.,:])(?P<h>1[0-2]|0?[1-9])(?:[.:](?P<m>[0-5][0-9]))?[ ]{0,2}"
        r"(?P<half>(?i:[ap]\.?[ ]?m(?:\.|\b)))"
    ),
    re.compile(r"(?<![0-9.,:])(?P<h>[01]?[0-9]|2[0-4]):(?P<m>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?P<half>(?!))?"),
    re.compile(
        r"(?<![0-9.,:])(?P<h>[01]?[0-9]|2[0-4])\.(?P<m>[0-5][0-9])(?P<half>(?!))?"
        r"(?=[ ](?:WIB|WITA|WIT|GMT|UTC|(?i:waktu setempat)))"
    ),
)
_RATIO_BEFORE = re.compile(r"(?i)(?:rasio|ratio|skor|score|perbandingan|ayat|odds)[a-z ]{0,12}$")


def find_times(text: str) -> tuple[TimeMention, ...]:
    """The clock times of a text, in its order: "pukul 02.22", "2:22 a.m.", "20.00 WIB"."""
    found: list[TimeMention] = []
    for pattern in _TIMES:
        for m in pattern.finditer(text):
            hour, minute, half = int(m["h"]), int(m["m"] or 0), (m["half"] or "").lower()
            if pattern is _TIMES[2] and _RATIO_BEFORE.search(text[max(0, m.start() - 24) : m.start()]):
                continue
            hour = _of_day(hour, half)
            end = m.start() + len(m[0].rstrip())
            clash = any(m.start() < other.end and other.start < end for other in found[-64:])
            if not clash:
                minutes = (hour * 60 + minute) % 1440
                found.append(TimeMention(start=m.start(), end=end, text=text[m.start() : end], minutes=minutes))
    return tuple(sorted(found, key=lambda t: t.start))


def _of_day(hour: int, half: str) -> int:
    """The hour of 24 that an hour of 12 means in its part of the day; "1 malam" is after midnight."""
    if half == "malam":
        return hour + 12 if 6 <= hour < 12 else hour % 12 if hour == 12 else hour
    if half in ("sore", "petang") or (half.startswith("p") and half != "pagi"):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and (half.startswith("a") or half == "dini hari") else hour


_RELATION_WORDS: Mapping[DateRelation, str] = {
    # The longer wordings are tried first: "on or before May" ends with May.
    "until": "(?:in|on|at) or before|hingga|sampai|until|till|by|paling lambat|through|up to|no later than",
    "since": "(?:in|on|at) or after|sejak|semenjak|since|mulai|starting|from",
    "before": "sebelum|before|prior to|earlier than|menjelang|ahead of",
    "after": "sesudah|setelah|selepas|after|later than|following|usai",
}
_BETWEEN = "tahun|tanggal|bulan|hari|the|year|end of|akhir"
_RELATIONS: Mapping[DateRelation, re.Pattern[str]] = {
    relation: re.compile(rf"(?<![A-Za-z])(?i:{words})[ ]{{1,2}}(?i:(?:{_BETWEEN})[ ])?$")
    for relation, words in _RELATION_WORDS.items()
}


def _relation(text: str, start: int) -> DateRelation:
    before = text[max(0, start - 32) : start]
    return next((relation for relation, pattern in _RELATIONS.items() if pattern.search(before)), "in")


def _matches(text: str, setting: _Setting) -> Iterator[tuple[int, int, _Found]]:
    """Every rule's findings that overlap no earlier rule's, in the order of the text."""
    taken = bytearray(len(text))
    found: list[tuple[int, int, _Found]] = []
    for pattern, rule in _RULES:
        for m in pattern.finditer(text):
            end = m.start() + len(m[0].rstrip(" \n,"))
            start = m.start() + len(m[0]) - len(m[0].lstrip())
            if (
                end > start
                and not (taken[start] or taken[end - 1] or any(taken[start:end]))
                and (made := rule(m, setting))
            ):
                # A bracket is taken in only as a pair.
                if text[end - 1] == ")" and "(" not in text[start:end]:
                    end -= 1
                taken[start:end] = b"\x01" * (end - start)
                found.append((start, end, made))
    yield from sorted(found, key=lambda item: item[:2])


_EXPLICIT_YEAR = re.compile(r"(?<![0-9.,])(1[5-9][0-9]{2}|20[0-9]{2}|2100)(?![0-9])(?![.,][0-9])(?! ?%)")


def _year_giver(text: str, base: date | None) -> Callable[[int, int], int | None]:
    """Gives a day without a year the year named next before it, else soon after it, else the base's."""
    years = [(m.start(), int(m[0])) for m in _EXPLICIT_YEAR.finditer(text)]
    starts = [start for start, _ in years]

    def year(start: int, end: int) -> int | None:
        at = bisect_left(starts, start)
        if at < len(years) and years[at][0] - end <= 24:
            return years[at][1]
        if at > 0:
            return years[at - 1][1]
        return base.year if base else None

    return year


def _setting(text: str, language: str | None, base: date | None) -> _Setting:
    known = language if language else guess_language(tokens(text[:20_000]))
    return _Setting(text, "id" if known == "ms" else known, base, _year_giver(text, base))


def find_dates(text: str, language: str | None = None, base: date | None = None) -> tuple[DateMention, ...]:
    """The time expressions of a text that mean certain days, in its order and without overlap.

    Args:
        text: any text; offsets of the result count its characters.
        language: ISO 639-1; decides "04/05/2020" (day first except in English). Guessed when None.
        base: the day from which "kemarin", "on Monday", "last year" count; without it these are left out.
            A day without a year gets a year named nearby in the text, else the base's.

    Returns:
        Mentions with their first and last day. Clock times are in `find_times`.
    """
    setting = _setting(text, language, base)
    found = []
    for start, end, made in _matches(text, setting):
        if made.interval is None:
            continue
        found.append(
            DateMention(
                start=start,
                end=end,
                text=text[start:end],
                first=made.interval[0],
                last=made.interval[1],
                granularity=made.granularity,
                resolved_from="relative" if made.relative else "absolute",
                relation=_relation(text, start),
                vague=made.vague,
            )
        )
    return tuple(found)


def calendar_spans(text: str, language: str | None = None) -> tuple[CalendarSpan, ...]:
    """Where a text speaks of dates and clock times, resolved or not: numbers there are not quantities."""
    spans = [CalendarSpan(start, end) for start, end, _ in _matches(text, _setting(text, language, None))]
    spans += [CalendarSpan(time.start, time.end) for time in find_times(text)]
    return tuple(sorted(spans))
