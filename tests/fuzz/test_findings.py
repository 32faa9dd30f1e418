"""What fuzzing found, as it was found: inputs that crashed, or that took minutes.

Time is the processor's, under an alarm that a loaded machine does not ring: each case took over a minute, or the square
of its size, and takes well under a second.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from fuzz_limits import at_most
from fuzz_targets import page_file
from lxml import html

from factcheck.corpus.passages import split_passages
from factcheck.errors import ReadError
from factcheck.extract import RuleExtractor
from factcheck.read import read_bytes
from factcheck.read.unseen import _sheet, drop_hidden
from factcheck.text import locate, normalise, reading, shown
from factcheck.text.hidden import hides
from factcheck.text.orders import orders
from factcheck.types import Document

DAY = date(2024, 6, 20)
BODY = "<p>Putin tiba di Pyongyang pada Rabu untuk kunjungan pertama dalam dua puluh empat tahun.</p>"


def page(more: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><article>{BODY}{more}</article></body></html>".encode()


def tree(sheet: str) -> object:
    return html.document_fromstring(f"<html><style>{sheet}</style><p>a</p></html>")


# --- crashes


@pytest.mark.parametrize(
    "colour", ["rgb(0,0,0,..)", "rgba(0, 0, 0, 1.2.3)", f"rgb({'9' * 5000},0,0)", "rgb(1,2,3,.)", "rgb(٣,0,0)"]
)
def test_a_colour_that_is_none_crashes_nothing(colour: str) -> None:
    assert not hides(f"color:{colour}")
    assert "Putin" in read_bytes(page(f"<p style='color:{colour}'>Ini pun dibaca orang.</p>"), "a.html").text
    assert shown(f"<p style='color:{colour}'>a</p>").text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<svg>l l<html<html langai=id><he lang='id><ad><title>dJudu"),
        ("a.pdf", page_file(b"BT /F1 12 Tk kuyong/F1 /Parent 2 0 R182 Tf (Zeiian) Tj E Tj ET")),
    ],
)
def test_what_parsers_stumble_over_is_a_sentence(name: str, data: bytes) -> None:
    with pytest.raises(ReadError, match=name):
        read_bytes(data, name)


@pytest.mark.parametrize("colour", ["rgba(0,0,0,0)", "rgb(0 0 0 / 0%)", "rgba(1,2,3,.0)", "rgba(1,2,3,0.00)", "#0000"])
def test_a_colour_that_is_not_drawn_still_hides(colour: str) -> None:
    assert hides(f"color:{colour}") is (colour != "#0000")


# --- times


HOSTILE: dict[str, Callable[[], object]] = {
    "at-rules without a brace": lambda: _sheet(tree("@a" * 100_000)),
    "a sheet without a brace": lambda: _sheet(tree("a" * 200_000)),
    "comments of CSS that are not closed": lambda: _sheet(tree("/*" * 100_000)),
    "one selector many times": lambda: _sheet(tree(".a," * 5_000 + f".a{{{'b' * 50_000}}}")),
    "a style of no height many times": lambda: hides("height:0;" * 20_000),
    "comments of HTML that are not closed": lambda: drop_hidden(tree(""), "<!--" * 200_000),
    "marks in the wrong order": lambda: normalise("a" + "\u0301\u0323" * 60_000),
    "marks as a reader sees them": lambda: reading("a" + "\u0301\u0323" * 60_000),
    "marks in front of an order": lambda: shown("ignore a" + "\u0301\u0323" * 60_000),
    "a quote of spaces": lambda: locate("Putin" + " " * 20_000 + "pulang", "Putin tiba di Pyongyang. " * 20),
    "a quote of many parts": lambda: locate("aaaa ... bbbb" * 4_000, "aaaa bbbb. Bbbb " * 4_000),
    "a passage of marks": lambda: split_passages(Document.from_text("a" + "\u0301" * 100_000)),
    "a quote inside a word": lambda: locate("a" * 40_000, "a" * 80_000 + " b"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sizes_take_no_longer_than_they_are_long(name: str) -> None:
    with at_most(8):
        HOSTILE[name]()


@pytest.mark.parametrize("unit", ["A", " ", "-", "Aa ", "; ", "di Aa. ", "“a” ", "video #a "])
def test_an_article_of_one_thing_is_walked_over(unit: str) -> None:
    text = f"Putin tiba di Pyongyang pada Rabu. {unit * (20_000 // len(unit))}\n\nIa pulang pada Kamis, 20 Juni 2024."
    with at_most(20):
        found, _ = RuleExtractor().extract(Document.from_text(text, language="id"), DAY, "given")
    assert found.claims or found.left_out
    for one in (*found.claims, *found.left_out):
        assert text[one.start : one.end] == (one.source_text if hasattr(one, "source_text") else one.text)


# --- what must stay


def test_rules_of_a_sheet_are_read_as_before() -> None:
    sheet = "@import 'a'; /* .b{} */ .a , #c{display:none} @media print{.d{display:none}} .e{color:red;} .f{x:y"
    assert _sheet(tree(sheet)) == {".a": ";display:none", "#c": ";display:none", ".e": ";color:red;"}


def test_a_sentence_without_an_end_is_left_out_with_the_reason_and_what_follows_is_read() -> None:
    text = "apel dan " * 400 + "pisang.\n\nPutin tiba di Pyongyang pada Rabu, 19 Juni 2024."
    found, _ = RuleExtractor().extract(Document.from_text(text, language="id"), DAY, "given")
    assert [claim.source_text for claim in found.claims] == ["Putin tiba di Pyongyang pada Rabu, 19 Juni 2024"]
    assert [(one.start, one.reason[:8]) for one in found.left_out] == [(0, "too long")]


def test_letters_with_many_marks_keep_their_places() -> None:
    text = "Put\u0301\u0323in" + "\u0301" * 100 + " tiba"
    for copy in (normalise(text), reading(text)):
        assert copy.ends[-1] == len(text)
    assert locate("tiba", text)
    assert orders("a" + "\u0301" * 100) == ()
