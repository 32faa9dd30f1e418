"""Quantities: a gold file of phrases, and values that are written in many ways and must be read back."""

from __future__ import annotations

import itertools
import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.numbers import FACTORS, UNITS, Quantity, find_quantities

GOLD = [
    json.loads(line)
    for line in (Path(__file__).parent / "gold" / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
]


def _short(quantity: Quantity) -> list[object]:
    return [quantity.text, float(quantity.value), quantity.relation, quantity.unit]


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["text"][:40])
def test_gold_phrases(row: dict[str, object]) -> None:
    text = str(row["text"])
    found = find_quantities(text, str(row["language"]))
    assert [_short(q) for q in found] == row["quantities"]
    assert all(text[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10-20 orang", 10, 20),
        ("antara 5 dan 7 persen", 5, 7),
        ("between 5 and 7 million people", 5_000_000, 7_000_000),
        ("Rp 5-7 triliun", 5 * 10**12, 7 * 10**12),
        ("5 tahun hingga 10 tahun", 5, 10),
        ("US$1.5-2 billion", 1_500_000_000, 2 * 10**9),
        ("puluhan ribu warga", 20_000, 100_000),
        ("dozens of people", 24, 120),
    ],
)
def test_ranges_and_vague_numbers_have_bounds(text: str, low: int, high: int) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.low, quantity.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "pandemi Covid-19", "KTT G20 di Bali", "pesawat F-16 dan Su-35", "pada tahun 2024", "19 Juni 2024",
        "sejak 1990-an", "abad ke-19",
        "pukul 02.22 WIB", "dua hari lalu", "three years ago", "salah satu dari mereka", "no one came",
        "one of the best",
        "versi 1.1.1.1", "nomor induk 0812345678", "https://example.org/2/30-orang", "akun @user0410",
        "per second", "4K video", "",
    ],
)  # fmt: skip
def test_what_is_not_a_quantity(text: str) -> None:
    found = [q for q in find_quantities(text) if q.unit != "label"]
    assert found == []


def test_the_counted_noun_is_named() -> None:
    assert find_quantities("mengirim lebih dari 10.000 kontainer amunisi", "id")[0].noun == "kontainer"
    assert find_quantities("It won 18 World Championship medals.", "en")[0].noun == "medals"
    assert find_quantities("ia berada di peringkat ke-5", "id")[0].noun == "peringkat"


def test_precision_is_the_place_of_the_last_digit() -> None:
    precise = {
        q.text: q.precision for q in find_quantities("58,6 persen; 3 juta; Rp 1,25 triliun; 96.214.691 suara", "id")
    }
    assert precise == {
        "58,6 persen": Decimal("0.1"),
        "3 juta": 10**6,
        "Rp 1,25 triliun": 10**10,
        "96.214.691": 1,
    }


def test_a_group_of_three_digits_follows_the_language_or_the_text() -> None:
    assert find_quantities("1.500 kursi", "id")[0].value == 1500
    assert find_quantities("1.500 metres", "en")[0].value == Decimal("1.5")
    # The text shows that its comma is a decimal mark, whatever language it was said to be in.
    assert find_quantities("1.500 seats, 12,5 percent", "en")[0].value == 1500


def test_all_five_are_counted_and_the_fifth_is_ranked() -> None:
    assert find_quantities("kelima negara sepakat", "id")[0].dimension == "plain"
    assert find_quantities("negara kelima yang sepakat", "id")[0].dimension == "ordinal"
    assert find_quantities("untuk kedua kalinya", "id")[0].dimension == "ordinal"


def test_every_unit_has_a_factor() -> None:
    assert {u.name for u in UNITS.values()} == set(FACTORS)
    assert all(f > 0 for f in FACTORS.values())


# -- values written in many ways

_ID_ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_EN_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _indonesian(n: int) -> str:
    """Spells out a whole number below 10^12 in Indonesian."""
    if n < 10:
        return _ID_ONES[n]
    if n < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(n, f"{_ID_ONES[n % 10]} belas")
    for size, word in ((10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if n >= size:
            head = f"se{word}" if n // size == 1 and size in (100, 1000) else f"{_indonesian(n // size)} {word}"
            return head + (f" {_indonesian(n % size)}" if n % size else "")
    raise AssertionError(n)


def _english(n: int) -> str:
    """Spells out a whole number below 10^12 in English."""
    if n < 20:
        return _EN_ONES[n]
    if n < 100:
        return _EN_TENS[n // 10 - 2] + (f"-{_EN_ONES[n % 10]}" if n % 10 else "")
    for size, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            rest = n % size
            joint = " and " if size == 100 else " "
            return f"{_english(n // size)} {word}" + (f"{joint}{_english(rest)}" if rest else "")
    raise AssertionError(n)


def _only(text: str, language: str) -> Quantity:
    found = find_quantities(text, language)
    assert len(found) == 1, (text, found)
    return found[0]


@given(st.integers(2, 10**12 - 1))
def test_whole_numbers_in_words(n: int) -> None:
    assert _only(f"{_indonesian(n)} kursi", "id").value == n
    assert _only(f"{_english(n)} seats", "en").value == n


@given(st.integers(1, 10**13))
def test_whole_numbers_in_digits(n: int) -> None:
    assert _only(f"{n:,} seats", "en").value == n
    assert _only(f"{n:,}".replace(",", ".") + " kursi", "id").value == n
    assert _only(f"Rp{n:,}".replace(",", "."), "id").value == n


@given(st.integers(0, 10**9), st.integers(1, 2), st.booleans())
def test_decimals(n: int, places: int, grouped: bool) -> None:
    value = Decimal(n).scaleb(-places)
    english = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    for text, language in ((f"{english} percent", "en"), (f"{indonesian} persen", "id"), (f"{indonesian}%", "id")):
        quantity = _only(text, language)
        assert (quantity.value, quantity.unit, quantity.precision) == (value, "percent", Decimal(1).scaleb(-places))


@given(
    st.integers(1, 9999),
    st.sampled_from(
        [("ribu", "thousand", 3), ("juta", "million", 6), ("miliar", "billion", 9), ("triliun", "trillion", 12)]
    ),
)
def test_scaled_numbers(tenths: int, scale: tuple[str, str, int]) -> None:
    value = Decimal(tenths) / 10
    digits = f"{value:.1f}"
    wanted = value.scaleb(scale[2])
    assert _only(f"{digits.replace('.', ',')} {scale[0]} kursi", "id").value == wanted
    assert _only(f"{digits} {scale[1]} seats", "en").value == wanted
    money = _only(f"US${digits} {scale[1]}", "en")
    assert (money.value, money.unit) == (wanted, "USD")
    money = _only(f"Rp {digits.replace('.', ',')} {scale[0]}", "id")
    assert (money.value, money.unit) == (wanted, "IDR")


_PIECES = (
    *("1", "12", "1.500", "2,5", "Rp", "$", "%", "juta", "dua", "puluh", "ke", "-", "/", ".", ","),
    *("dari", "lebih", "persen", "million", "half", "a", "and", "per", "2024", "Juni", "antara", "sampai"),
)


@given(st.text(max_size=200), st.sampled_from(["id", "en", None, "fr"]))
def test_any_text_is_read_without_an_error(text: str, language: str | None) -> None:
    for quantity in find_quantities(text, language):
        assert text[quantity.start : quantity.end] == quantity.text


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "12",
                "1.500",
                "2,5",
                "Rp",
                "$",
                "%",
                "juta",
                "dua",
                "puluh",
                "ke",
                "-",
                "/",
                ".",
                ",",
                "dari",
                "lebih",
                "persen",
                "million",
                "half",
                "a",
                "and",
                "per",
                "2024",
                "Juni",
            ]
        ),
        max_size=25,
    )
)
def test_any_pile_of_number_words_is_read_without_an_error(words: list[str]) -> None:
    for text in (" ".join(words), "".join(words)):
        found = find_quantities(text)
        assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    "unit",
    ["1", "1.1", "1,", "2024 ", "dua ", "seratus ribu ", "lebih dari ", "5-", "a ", "twenty ", "-",
    "1 234 ", "antara 5 dan ", "$", "Rp ", "ke-",
     "satu koma ", "www.", " ", "\n"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        begun = time.thread_time()
        find_quantities(text, "id")
        return time.thread_time() - begun

    # Quadratic work would take minutes here.
    assert seconds(200_000) < 20


@pytest.mark.parametrize(
    ("text", "language", "value", "unit", "noun"),
    [
        ("an 18,450-seat arena", "en", 18_450, None, "seat"),
        ("1,231 confirmed coronavirus cases", "en", 1231, None, "cases"),
        ("75 COVID-19 cases", "en", 75, None, "cases"),
        ("the first game of ten Brenhold's home games", "en", 10, None, "games"),
        ("a ten–year $80 million contract", "en", 80_000_000, "USD", None),
        ("$ 150million", "en", 150_000_000, "USD", None),
        ("32 crore", "en", 320_000_000, None, None),
        ("Rs 5 lakh", "en", 500_000, "INR", None),
        ("about 30.000 inhabitants", "en", 30_000, "people", None),
        ("season 2012/13 - 12300 visitors", "en", 12_300, None, "visitors"),
        ("film yang ketujuh dari seri itu", "id", 7, "rank", "film"),
    ],
)
def test_readings(text: str, language: str, value: int, unit: str | None, noun: str | None) -> None:
    last = find_quantities(text, language)[-1]
    assert (last.value, last.unit, last.noun) == (value, unit, noun)


@pytest.mark.parametrize("text", ["the US Hot 100 chart", "a Top 40 hit"])
def test_charts_are_names(text: str) -> None:
    (found,) = find_quantities(text, "en")
    assert (found.dimension, found.unit) == ("ordinal", "label")


@pytest.mark.parametrize(
    ("text", "relation"),
    [("shorter than 6 feet", "lt"), ("taller than 6 feet", "gt"), ("lebih luas dari 6 hektare", "gt")],
)
def test_compared_sizes_are_bounds(text: str, relation: str) -> None:
    assert [q.relation for q in find_quantities(text)] == [relation]
