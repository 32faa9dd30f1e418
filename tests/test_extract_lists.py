from __future__ import annotations

from datetime import date

from factcheck.extract import RuleExtractor
from factcheck.extract.lists import INTRODUCES, REFERENCES
from factcheck.types import Document, Extraction

MEMBERS = (
    "The harbour board of Port Vale was founded in 1931 by the city council and the shipping companies of Marado.\n"
    "The members of the first board were:\n1. Ann Lee (1931-1935)\n2. Tom Ray (1931-1940)\n"
    "The board met every month.\n"
)
NAMED = (
    "Kuro Systems is a software company that was founded in 1999 in Port Vale.\n"
    "Some of its tools are described here:\n"
    "- Lantern: a tool for finding leaks in ships\n"
    "- Anchor: This is a service that has 40 users\n\n"
    "References:\nLee, A. (2010). Harbours of the north. Vale Press.\n"
)


def extract(text: str) -> Extraction:
    extraction, _ = RuleExtractor().extract(Document.from_text(text), date(2024, 6, 19), "given")
    for found in extraction.claims:
        assert text[found.start : found.end] == found.source_text
    return extraction


def test_items_make_the_statement_that_introduces_them() -> None:
    extraction = extract(MEMBERS)
    said = [claim.text for claim in extraction.claims]
    assert "The members of the first board included Ann Lee (1931-1935)." in said
    assert "The members of the first board included Tom Ray (1931-1940)." in said
    assert INTRODUCES in [left.reason for left in extraction.left_out]


def test_a_named_item_is_what_its_line_says() -> None:
    said = [claim.text for claim in extract(NAMED).claims]
    assert "Lantern is a tool for finding leaks in ships." in said
    assert "Anchor is a service that has 40 users." in said


def test_references_are_left_out() -> None:
    extraction = extract(NAMED)
    assert not any("Vale Press" in claim.text for claim in extraction.claims)
    assert any(left.reason == REFERENCES and "Vale Press" in left.text for left in extraction.left_out)


def test_numbered_steps_and_people_need_no_line_before_them() -> None:
    text = (
        "1. Reading the Tables: Listing every table of the old system and its columns.\n\n"
        "2. Mira Holt: She chaired the harbour board in 2019 and wrote its report on the flood.\n"
    )
    found = [c.text for c in RuleExtractor().extract(Document.from_text(text), date(2024, 6, 19), "given")[0].claims]
    assert "Reading the Tables is listing every table of the old system and its columns." in found
    assert any(said.startswith("Mira Holt chaired the harbour board in 2019") for said in found)
