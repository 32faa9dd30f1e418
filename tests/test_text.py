from __future__ import annotations

import itertools
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text import Located, detect_language, locate, names, normalise, same_facts, sentences
from factcheck.types import Span

GOLD = [
    json.loads(line)
    for line in (Path(__file__).parent / "gold" / "sentences_id_en.jsonl").read_text("utf-8").splitlines()
]

SOURCE = (
    "Menteri Keuangan Sri Lestari tidak menaikkan pajak pada 2023. Ia berkata, “Tarif tetap 11 persen,”"
    " meskipun defisit melebar. Presiden Rahmat bertemu Perdana Menteri Tan di Kota Mawar pada hari Rabu."
)


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


# --- sentences


def test_there_are_enough_hard_cases_in_both_languages() -> None:
    assert len(GOLD) >= 400
    assert len({row["text"] for row in GOLD}) == len(GOLD)
    assert {row["language"] for row in GOLD} == {"id", "en"}


def test_hard_cases_are_split_as_written() -> None:
    wrong = [(row["sentences"], split(row["text"])) for row in GOLD if split(row["text"]) != row["sentences"]]
    assert len(wrong) <= 0.02 * len(GOLD), wrong


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\n\n"])
def test_every_kind_of_line_break_ends_a_headline(newline: str) -> None:
    assert split(f"Banjir melanda kota{newline}Warga mengungsi.") == ["Banjir melanda kota", "Warga mengungsi."]


def test_wrapped_prose_is_read_as_prose() -> None:
    text = (
        "The committee met on Tuesday to discuss the annual budget of the\n"
        "city. It was attended by forty members, among them the mayor of\n"
        "Lakeside, who spoke first, and by the heads of the departments\n"
        "for roads and for schools."
    )
    assert len(split(text)) == 2


def test_decomposed_letters_soft_hyphens_and_emoji_do_not_move_offsets() -> None:
    text = unicodedata.normalize("NFD", "Café Ibu Élise buka.\u200b Ia ter\u00adsenyum. 😀 Hebat!")
    assert split(text)[0] == unicodedata.normalize("NFD", "Café Ibu Élise buka.\u200b").rstrip("\u200b")
    assert len(split(text)) == 3


def test_marks_alone_are_no_sentence() -> None:
    assert sentences("") == ()
    assert sentences(" \n ... !!! \r\n --- ") == ()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='aB1.,!?…"”“() \n\r\u00ad\u200b😀é\u0301:-[]', max_size=120))
def test_sentences_are_trimmed_in_order_apart_and_leave_no_letter_out(text: str) -> None:
    found = sentences(text)
    for span in found:
        piece = span.of(text)
        assert piece and not piece[0].isspace() and not piece[-1].isspace()
    for one, two in itertools.pairwise(found):
        assert one.end <= two.start
    outside = set(range(len(text))) - {i for span in found for i in range(span.start, span.end)}
    # Only list markers stay outside: a digit or a letter with a dot or a bracket.
    for i in outside:
        if text[i].isalnum():
            assert "." in text[i : i + 3] or ")" in text[i : i + 3]


@pytest.mark.parametrize(
    "unit",
    [
        "Ia pergi. ",
        ". ",
        "A. ",
        '. "',
        "(.",
        "http://",
        "a.",
        "a b\n",
        "\u00ad",
        "e\u0301",
        "!? ",
        "... ",
        ". . ",
        "aa \U0001f600 A",
        "1: 2. A, ",
        "v. A",
        "Tabel 3. A ",
    ],
)
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.thread_time()
    sentences(text)
    names(text)
    normalise(text)
    assert time.thread_time() - began < 8


# --- normal form


def test_the_normal_form_maps_back() -> None:
    text = "  “Ko\u00adta”\u200b –  Cafe\u0301 ﬁlm\r\nKÖLN"
    normal = normalise(text)
    assert normal.text == '"kota" - café film köln'
    at = normal.text.index("café")
    assert text[normal.starts[at] : normal.ends[at + 3]] == "Cafe\u0301"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_every_character_of_the_normal_form_has_its_place(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    for start, end in zip(normal.starts, normal.ends, strict=True):
        assert 0 <= start < end <= len(text)
    assert list(normal.starts) == sorted(normal.starts)


# --- locate


def test_an_exact_quote_is_found_in_the_stretch_asked_for() -> None:
    text = "satu dua. satu dua."
    assert locate("satu dua", text) == Located(0, 8, "exact")
    assert locate("satu dua", text, Span(start=5, end=len(text))) == Located(10, 18, "exact")
    assert locate("satu dua", text, Span(start=2, end=9)) is None


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ('Ia berkata, "Tarif tetap 11 persen,"', "Ia berkata, “Tarif tetap 11 persen"),
        ("ia berkata, tarif tetap 11 persen", None),
        ("MENTERI  KEUANGAN\nSri Lestari", "Menteri Keuangan Sri Lestari"),
        ("tidak menaik\u00adkan pa\u200bjak", "tidak menaikkan pajak"),
    ],
)
def test_the_same_words_in_another_form_are_found(quote: str, shown: str | None) -> None:
    found = locate(quote, SOURCE)
    if shown is None:
        assert found is None or SOURCE[found.start : found.end].startswith("Ia berkata")
    else:
        assert found is not None
        assert SOURCE[found.start : found.end].strip("”,") == shown


def test_a_decomposed_source_gives_its_own_characters() -> None:
    source = unicodedata.normalize("NFD", "Wali Kota José Pérez tiba.")
    found = locate("José Pérez", source)
    assert found is not None and found.how == "aligned"
    assert source[found.start : found.end] == unicodedata.normalize("NFD", "José Pérez")


def test_a_small_slip_is_aligned_to_whole_words() -> None:
    found = locate("Presiden Rahmat bertmu Perdana Menteri Tan di Kota Mawar pada Rabu", SOURCE)
    assert found is not None and found.how == "aligned"
    assert SOURCE[found.start : found.end] == "Presiden Rahmat bertemu Perdana Menteri Tan di Kota Mawar pada hari Rabu"


@pytest.mark.parametrize(
    "quote",
    [
        "Menteri Keuangan Sri Lestari menaikkan pajak pada 2023",
        "Menteri Keuangan Sri Lestari tidak menaikkan pajak pada 2024",
        "Menteri Keuangan Sri Lestiana tidak menaikkan pajak pada 2023",
        "Presiden Rahmat bertemu Perdana Menteri Tan di Kota Melati pada hari Rabu",
        "Presiden Tan bertemu Perdana Menteri Rahmat di Kota Mawar pada hari Rabu",
        "Presiden Rahmat bertemu Perdana Menteri Tan di Kota Mawar pada hari Kamis",
    ],
)
def test_a_quote_that_changes_a_fact_is_not_found(quote: str) -> None:
    assert locate(quote, SOURCE) is None


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("5 persen", "Inflasi 15 persen."),
        ("5 persen", "Inflasi 2,5 persen."),
        ("kunjung", "Kunjungan itu batal."),
        ("tarif 11", "Kini tarif 11.500 rupiah."),
        ("", "apa saja"),
        ("...", "apa saja ..."),
    ],
)
def test_a_part_of_a_word_or_number_is_not_a_quote(quote: str, source: str) -> None:
    assert locate(quote, source) is None


def test_an_ellipsis_covers_what_was_left_out_in_one_sentence_only() -> None:
    found = locate("Presiden Rahmat bertemu ... di Kota Mawar", SOURCE)
    assert found is not None
    assert SOURCE[found.start : found.end] == "Presiden Rahmat bertemu Perdana Menteri Tan di Kota Mawar"
    assert locate("menaikkan pajak […] di Kota Mawar", SOURCE) is None
    assert locate("di Kota Mawar … Presiden Rahmat", SOURCE) is None


def test_facts_are_compared_in_order() -> None:
    assert same_facts("Ani beat Budi 3-1", "ani beat budi 3-1")
    assert not same_facts("Ani beat Budi 3-1", "Budi beat Ani 3-1")
    assert not same_facts("The bill passed", "The bill may have passed")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_stretch_of_whole_words_is_found_where_it_stands(data: st.DataObject) -> None:
    words = SOURCE.split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    quote = " ".join(words[first:last])
    found = locate(quote, SOURCE)
    assert found is not None and found.how == "exact"
    assert SOURCE[found.start : found.end].strip() in (quote, quote.strip("“”,."))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_is_found_lies_in_the_source_and_says_the_same(quote: str, source: str) -> None:
    found = locate(quote, source)
    if found:
        assert 0 <= found.start < found.end <= len(source)
        assert (
            same_facts(quote.strip(), source[found.start : found.end])
            or found.how == "exact"
            or (normalise(source[found.start : found.end]).text.strip() in normalise(quote).text)
        )


def test_a_long_source_is_searched_quickly() -> None:
    source = (SOURCE + " Sumber lain belum menjawab pertanyaan kami tentang hal itu.\n") * 900
    began = time.thread_time()
    assert locate("Menteri Keuangan Sri Lestari tak pernah menurunkan pajak bumi pada 2022", source) is None
    assert locate("x " * 1500, source) is None
    assert time.thread_time() - began < 3


# --- names and language


def test_names_leave_titles_days_and_first_words_out() -> None:
    text = (
        "Kunjungan Rahmat dimulai Senin. Presiden Malaysia Rahmat Hakim tiba di Kota Mawar. Kemudian kunjungan itu"
        " selesai, kata PBB. Utusan itu kembali ke Malaysia."
    )
    assert [span.of(text) for span in names(text)] == [
        "Rahmat", "Malaysia", "Rahmat Hakim", "Kota Mawar", "PBB", "Malaysia",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Presiden tiba di ibu kota pada hari Rabu untuk bertemu dengan para menteri.", "id"),
        ("Kerajaan telah mengumumkan bahawa cukai baharu akan dikenakan tahun hadapan.", "id"),
        ("The president arrived in the capital on Wednesday to meet with his ministers.", "en"),
        ("Der Präsident ist heute in Berlin angekommen und spricht morgen mit dem Kanzler.", "de"),
        ("Ok", None),
        ("", None),
        ("12345 67890", None),
    ],
)
def test_the_language_is_told_or_left_open(text: str, language: str | None) -> None:
    assert detect_language(text) == language
