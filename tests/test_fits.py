"""Whether one value allows another, apart from what the two are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.dates import find_dates
from factcheck.fits import fit_dates, fit_quantities
from factcheck.numbers import find_quantities


def _fit(ours: str, theirs: str) -> str:
    (a,), (b,) = find_quantities(ours, "en"), find_quantities(theirs, "en")
    return fit_quantities(a, b)


def _fit_dates(ours: str, theirs: str) -> str:
    (a,), (b,) = find_dates(ours, "en"), find_dates(theirs, "en")
    return fit_dates(a, b)


@pytest.mark.parametrize(
    ("ours", "theirs", "fit"),
    [
        ("less than 1,670 cases", "1,657 cases", "agrees"),
        ("less than 1,670 cases", "1,670 cases", "differs"),
        ("more than 67 %", "67 %", "differs"),
        ("more than 300 cases", "at least 250 cases", "unclear"),
        # A round number beside a bound reaches five parts in a hundred each way.
        ("less than seven months", "about eight months", "differs"),
        ("less than 14,900 people", "about 15,000 people", "unclear"),
        ("less than 3.75 million copies", "four million copies", "differs"),
        ("less than 3.9 million copies", "four million copies", "unclear"),
        # "Up to" was reached; equal bounds agree.
        ("more than 25,000 people", "up to 40,000 people", "agrees"),
        ("up to 40,000 people", "up to 40,000 people", "agrees"),
        ("less than 42,000 likes", "more than 42,000 likes", "differs"),
        ("more than 10,000 boxes", "10,000 boxes", "unclear"),
    ],
)
def test_bounds(ours: str, theirs: str, fit: str) -> None:
    assert _fit(ours, theirs) == fit


@pytest.mark.parametrize(
    ("ours", "theirs", "fit"),
    [
        ("before May 2014", "in April 2014", "agrees"),
        ("before May 2014", "in May 2014", "differs"),
        ("in or before 2016", "in 2016", "agrees"),
        ("after May 2014", "on 1 June 2014", "agrees"),
        ("in the 2000s", "on 4 May 2017", "differs"),
        ("in the 1800s", "on 4 May 1817", "agrees"),
    ],
)
def test_dates(ours: str, theirs: str, fit: str) -> None:
    assert _fit_dates(ours, theirs) == fit


# From 3,000 on, four digits are no year.
@given(st.integers(3000, 10**6), st.integers(3000, 10**6))
def test_a_bound_and_its_opposite_never_both_agree(bound: int, value: int) -> None:
    above, below = (_fit(f"{words} {bound} boxes", f"{value} boxes") for words in ("more than", "at most"))
    assert not (above == below == "agrees")
    assert "agrees" in (above, below) or bound == value
