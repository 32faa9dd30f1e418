"""The words around a value: what leads to it, whose birth or death it is, what a claim speaks of."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.surroundings import read_items, subject_of


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ilse Marrow (2 May 1911 - 9 June 1988) was a painter.", ["birth", "death"]),
        ("Ilse Marrow (born 2 May 1911) is a painter.", ["birth"]),
        ("Ilse Marrow lahir pada 2 Mei 1911 dan meninggal pada 9 Juni 1988.", ["birth", "death"]),
        ("The tour (2 May 2011 - 9 June 2011) was short.", [None, None]),
        ("Osric Hale signed it on 2 May 1911.", [None]),
    ],
)
def test_births_and_deaths(text: str, roles: list[str | None]) -> None:
    assert [item.role for item in read_items(text, None, None)] == roles


def test_an_age_is_in_years() -> None:
    (item,) = read_items("He died at the age of 61.", "en", None)
    assert (item.lead, item.value.unit, item.value.dimension) == ("age", "year", "duration")  # type: ignore[union-attr]


def test_words_of_the_sentence_before_are_around_a_value() -> None:
    text = "Greywater is a film. It was shot in Brenhold. It took 30 days. The crew left in 2014."
    first, second = read_items(text, "en", None)
    assert {"greywater", "brenhold"} <= first.around and "brenhold" not in first.sentence
    assert "greywater" in second.around and "brenhold" not in second.around


def test_names_places_and_deeds_of_a_claim() -> None:
    subject = subject_of("The Pocketbox console was released in Australia.", "en")
    assert subject.names == {"pocketbox", "australia"} and subject.places == {"australia"}
    assert subject.deeds == {"console", "release"}
    # A capital at the start of a sentence says nothing where another word has one.
    assert subject_of("Residents of Brenhold left.", "en").names == {"brenhold"}
    assert subject_of("Marmots sleep.", "en").names == {"marmot"}


@given(st.text(max_size=200))
def test_items_stand_in_order(text: str) -> None:
    items = read_items(text, None, None)
    assert all(a.value.start <= b.value.start for a, b in pairwise(items))
    assert all(item.near <= item.sentence <= item.around for item in items)
