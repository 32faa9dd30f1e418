"""Time expressions: a gold file, round trips of written dates, and the rules for relative ones."""

from __future__ import annotations

import itertools
import json
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.dates import calendar_spans, find_dates, find_times

GOLD = [
    json.loads(line)
    for line in (Path(__file__).parent / "gold" / "dates.jsonl").read_text(encoding="utf-8").splitlines()
]
BASE = date(2024, 6, 19)  # a Wednesday

_ID_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
_EN_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS = st.dates(date(1500, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["text"][:40])
def test_gold_expressions(row: dict[str, object]) -> None:
    base = date.fromisoformat(str(row["base"])) if row["base"] else None
    found = find_dates(str(row["text"]), str(row["language"]), base)
    assert [[m.text, str(m.first), str(m.last), m.relation] for m in found] == row["dates"]
    assert all(str(row["text"])[m.start : m.end] == m.text for m in found)


@given(_DAYS)
def test_a_written_day_is_read_back(day: date) -> None:
    indonesian, english = _ID_MONTHS[day.month - 1], _EN_MONTHS[day.month - 1]
    for text, language in (
        (f"pada {day.day} {indonesian} {day.year}.", "id"),
        (f"on {english} {day.day}, {day.year},", "en"),
        (f"on {day.day} {english} {day.year}.", "en"),
        (f"({day.day}/{day.month}/{day.year})", "id"),
        (f"({day.month}/{day.day}/{day.year})", "en"),
        (f"it is {day.isoformat()}", "en"),
    ):
        (mention,) = find_dates(text, language)
        assert (mention.first, mention.last, mention.granularity) == (day, day, "day"), text


@given(_DAYS)
def test_a_written_month_and_year_are_read_back(day: date) -> None:
    (month,) = find_dates(f"pada {_ID_MONTHS[day.month - 1]} {day.year}", "id")
    assert (month.first.year, month.first.month, month.first.day, month.last.month) == (
        day.year,
        day.month,
        1,
        day.month,
    )
    assert (month.last + timedelta(days=1)).day == 1
    (year,) = find_dates(f"in {day.year}", "en")
    assert (year.first, year.last) == (date(day.year, 1, 1), date(day.year, 12, 31))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_weekday_is_the_nearest_one_up_to_the_base(base: date) -> None:
    for number, name in enumerate(("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")):
        (mention,) = find_dates(f"pada hari {name} di Jakarta", "id", base)
        assert mention.first.weekday() == number
        assert timedelta() <= base - mention.first < timedelta(days=7)
        assert mention.resolved_from == "relative"


def test_relative_expressions_need_a_base() -> None:
    text = "Kemarin, hari Senin, minggu lalu, two days ago, last year"
    assert find_dates(text, "id") == ()
    assert len(find_dates(text, "id", BASE)) == 5
    # They are time all the same: no number in them is a quantity.
    assert len(calendar_spans(text, "id")) == 5


def test_last_and_next_leave_today_out() -> None:
    found = {m.text: m.first for m in find_dates("last Wednesday, Wednesday, next Wednesday", "en", BASE)}
    assert found == {
        "last Wednesday": date(2024, 6, 12),
        "Wednesday": BASE,
        "next Wednesday": date(2024, 6, 26),
    }


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("mendarat pukul 02.22 waktu setempat", [142]),
        ("at 2:22 a.m. local time", [142]),
        ("at 2:22 p.m.", [862]),
        ("pukul 20.00 WIB", [1200]),
        ("20.00 WIB", [1200]),
        ("jam 5 sore", [1020]),
        ("pukul 12 malam", [0]),
        ("18:58", [1138]),
        ("inflasi 2,86 persen", []),
        ("rasio 2:10", []),
        ("versi 1.2.3", []),
    ],
)
def test_clock_times(text: str, minutes: list[int]) -> None:
    assert [t.minutes for t in find_times(text)] == minutes


@given(st.text(max_size=200), st.sampled_from(["id", "en", None, "fr"]))
def test_any_text_is_read_without_an_error(text: str, language: str | None) -> None:
    for mention in find_dates(text, language, BASE):
        assert text[mention.start : mention.end] == mention.text
        assert mention.first <= mention.last
    find_times(text)


@given(
    st.lists(
        st.sampled_from(
            ["19", "2024", "31", "Juni", "May", "-", "/", ".", ",", "(", ")", "Senin", "lalu", "tahun",
            "abad", "ke-", "early", "0", "9999", "ago"]
        ),
        max_size=20,
    )
)  # fmt: skip
def test_any_pile_of_date_words_is_read_without_an_error(pieces: list[str]) -> None:
    for text in (" ".join(pieces), "".join(pieces)):
        found = find_dates(text, "id", BASE)
        assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("base", [date.min, date.max])
def test_the_ends_of_the_calendar(base: date) -> None:
    find_dates("kemarin, besok, tahun lalu, tahun depan, 2000 tahun lalu, next week, last month", "id", base)


@pytest.mark.parametrize(
    "unit", ["1", "1.1", "2024 ", "Juni ", "awal ", "Senin, ", "twenty ", "-", " ", "2024-", "(27/4", "19-"]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = (unit * (200_000 // len(unit) + 1))[:200_000]
    begun = time.thread_time()
    find_dates(text, "id", BASE)
    find_times(text)
    # Quadratic work would take minutes here.
    assert time.thread_time() - begun < 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The abbey was founded in 1297.", ["1297"]),
        ("Biara itu berdiri sejak 1297.", ["1297"]),
        ("The abbey counted 1297 monks.", []),
        ("In 1297 cases the court was right.", []),
    ],
)
def test_early_years_need_a_word_before_them(text: str, expected: list[str]) -> None:
    assert [mention.text for mention in find_dates(text)] == expected


@pytest.mark.parametrize(
    ("text", "relation"),
    [("in or before 2016", "until"), ("on or after 4 May 2016", "since"), ("before 2016", "before")],
)
def test_relations_with_or(text: str, relation: str) -> None:
    assert [mention.relation for mention in find_dates(text, "en")] == [relation]
