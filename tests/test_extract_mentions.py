from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.extract.mentions import REACH, meant


@pytest.mark.parametrize(
    ("before", "clause", "language", "filled"),
    [
        (
            ["Rusia dan Norwegia menandatangani perjanjian kelautan baru di Oslo."],
            "Perjanjian itu mulai berlaku pada Mei",
            "id",
            "Perjanjian kelautan baru mulai berlaku pada Mei",
        ),
        (
            ["Kedua kepala negara menandatangani kemitraan perikanan."],
            "Ratna menegaskan perjanjian itu tidak rahasia",
            "id",
            "Ratna menegaskan perjanjian kemitraan perikanan tidak rahasia",
        ),
        (
            ["Presiden Surya Wibawa tiba di Marado pada Rabu.", "Hujan turun."],
            "Media menyebut lawatan itu sebagai yang pertama",
            "id",
            "Media menyebut lawatan Presiden Surya Wibawa ke Marado sebagai yang pertama",
        ),
        (
            ["Pasukan itu melancarkan serangan drone dan rudal ke Kota Mawar."],
            "Serangan ini menewaskan 21 orang",
            "id",
            "Serangan drone dan rudal ke Kota Mawar menewaskan 21 orang",
        ),
        (
            ["Rusia memveto resolusi tentang Korea Utara."],
            "Hubungan kedua negara disorot",
            "id",
            "Hubungan Rusia dan Korea Utara disorot",
        ),
        (
            ["PPKM dicabut pada 30 Desember 2022."],
            "Saat itu tercatat 6.718 kasus",
            "id",
            "Saat itu (30 Desember 2022) tercatat 6.718 kasus",
        ),
        (
            ["In 2009 she joined the Aubel cycling race."],
            "The race is held in May",
            "en",
            "The Aubel cycling race is held in May",
        ),
        (
            ["A Parliamentary Commissioner for Standards is appointed for five years."],
            "The Commissioner is independent",
            "en",
            "The Parliamentary Commissioner for Standards is independent",
        ),
        (
            ["The Harbour Judge for Marado is appointed by the council."],
            "The appointment can be renewed",
            "en",
            "The appointment of the Harbour Judge for Marado can be renewed",
        ),
        (["Arnala won the cup in 1986."], "This win was its first", "en", "The win of Arnala was its first"),
        (
            ["A surfboard is made of foam, fibre and resin."],
            "The foam gives it buoyancy",
            "en",
            "The foam of a surfboard gives it buoyancy",
        ),
    ],
)
def test_what_the_sentences_before_name_is_filled_in(
    before: list[str], clause: str, language: str, filled: str
) -> None:
    text, notes = meant(clause, before, language)
    assert text == filled
    assert len(notes) == 1 and notes[0].startswith("“")


@pytest.mark.parametrize(
    ("before", "clause", "language"),
    [
        # two things fit
        (["Perjanjian dagang Oslo gagal.", "Perjanjian kelautan Marado disusun."], "Perjanjian itu berlaku", "id"),
        # nothing tells which
        (["Sebuah perjanjian ditandatangani."], "Perjanjian itu berlaku", "id"),
        # already said in the clause itself
        (["Perjanjian dagang Oslo gagal."], "Ada perjanjian baru, dan perjanjian itu berlaku", "id"),
        # in somebody's words
        (["Perjanjian dagang Oslo gagal."], "Ratna berkata “perjanjian itu berlaku”", "id"),
        # three countries
        (["Rusia, Jepang, dan India bertemu."], "Kedua negara sepakat", "id"),
        # two years
        (["It grew in 1990 and in 2001."], "Since then it has shrunk", "en"),
        # a relative clause says which
        (["They joined the Aubel cycling race."], "The race that she won is over", "en"),
        (["The most expensive restaurant in Port Vale is full."], "The restaurant is open", "en"),
    ],
)
def test_what_is_not_certain_stays(before: list[str], clause: str, language: str) -> None:
    assert meant(clause, before, language) == (clause, [])


def test_the_title_tells_what_the_sentences_do_not() -> None:
    title = "Perjanjian dagang Oslo disusun"
    assert meant("Perjanjian itu berlaku", [], "id", title)[0] == "Perjanjian dagang Oslo berlaku"
    told = ["Perjanjian kelautan Marado gagal."]
    assert meant("Perjanjian itu berlaku", told, "id", title)[0] == "Perjanjian kelautan Marado berlaku"


def test_only_the_last_sentences_count() -> None:
    far = ["Perjanjian dagang Oslo gagal.", *["Hujan turun."] * REACH]
    assert meant("Perjanjian itu berlaku", far, "id")[0] == "Perjanjian itu berlaku"
    assert meant("Perjanjian itu berlaku", far[:-1], "id")[0] == "Perjanjian dagang Oslo berlaku"


WORDS = [
    "perjanjian",
    "itu",
    "The",
    "race",
    "is",
    "Rusia",
    "kedua negara",
    "“",
    "”",
    "2019",
    ".",
    "di",
    "Saat itu",
    "dan",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=12),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=10), max_size=5),
    st.sampled_from(["id", "en"]),
)
def test_nothing_is_filled_in_that_was_not_said(clause: list[str], before: list[list[str]], language: str) -> None:
    told = [" ".join(words) for words in before]
    text, notes = meant(" ".join(clause), told, language)
    allowed = set(" ".join([*told, " ".join(clause), "the of dan and itu perjanjian"]).lower().split())
    assert all(word.strip("()").lower() in allowed for word in text.split())
    assert bool(notes) == (text != " ".join(clause))
