from __future__ import annotations

from datetime import date

import pytest

from factcheck.verify.wording import plain_claim, plain_source

DAY = date(2024, 6, 19)


@pytest.mark.parametrize(
    ("claim", "source", "language", "plain"),
    [
        (
            "Presiden Rusia Vladimir Putin tiba di Pyongyang.",
            "Pesawat Putin mendarat di Pyongyang.",
            "id",
            "Putin tiba di Pyongyang.",
        ),
        ("President Joe Biden visited Hanoi.", "Biden's trip to Hanoi", "en", "Biden visited Hanoi."),
        # The source does not name him otherwise, so there is nothing to make plainer.
        ("Presiden Joko Widodo membuka jalan itu.", "Jalan itu dibuka kemarin.", "id", None),
        ("Rusia menyerang Ukraina.", "Rusia menyerang Ukraina.", "id", None),
    ],
)
def test_people_are_named_as_the_source_names_them(claim: str, source: str, language: str, plain: str | None) -> None:
    assert plain_claim(claim, source, language, DAY, dates_agree=False) == (plain or claim)


def test_a_date_is_left_out_only_where_code_found_it_to_agree() -> None:
    claim = "Kapal itu tiba pada Rabu dini hari, 19 Juni 2024."
    assert plain_claim(claim, "Kapal itu berlabuh.", "id", DAY, dates_agree=True) == "Kapal itu tiba."
    assert plain_claim(claim, "Kapal itu berlabuh.", "id", DAY, dates_agree=False) == claim


def test_a_date_that_bounds_is_kept() -> None:
    claim = "The bridge has been closed since 12 May 2023."
    assert plain_claim(claim, "The bridge is closed.", "en", DAY, dates_agree=True) == claim


def test_a_capital_gets_the_country_that_the_claim_names() -> None:
    assert plain_source("He landed in Pyongyang.", "He is in North Korea.") == "He landed in Pyongyang (North Korea)."
    assert plain_source("He landed in Pyongyang, North Korea.", "He is in North Korea.").count("North Korea") == 1
    assert plain_source("He landed in Pyongyang.", "He is in Vietnam.") == "He landed in Pyongyang."
