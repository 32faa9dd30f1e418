"""Markdown, HTML and CSV of a reviewed report, and the words they share."""

from __future__ import annotations

import csv
import io
import json
import re
import string
import unicodedata
from html.parser import HTMLParser
from typing import Any

import fakes
import fakes_publish as made
import pytest
from markdown_it import MarkdownIt

from factcheck.errors import InputError
from factcheck.publish import to_claimreview, to_csv, to_html, to_markdown
from factcheck.publish.table import COLUMNS, MAX_CELL
from factcheck.publish.telling import page_of
from factcheck.publish.words import TEXTS, words
from factcheck.review import STATES, ReviewedReport
from factcheck.types import LABELS


class _Page(HTMLParser):
    """Tags and words of a page, and what stands in its script elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words, self.data, self._script = "", "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.data += data
        else:
            self.words += data


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def plain(text: str) -> str:
    """Markdown's words without its escapes."""
    return re.sub(r"\\(.)", r"\1", text)


def shown(reviewed: ReviewedReport, format: str, claim_id: str | None = None, **more: Any) -> str:
    """The words of a format."""
    if format == "html":
        return _Page(to_html(reviewed, claim_id, **more)).words
    return plain(to_markdown(reviewed, claim_id, **more)) if format == "md" else to_csv(reviewed, claim_id, **more)


@pytest.mark.parametrize("format", ["md", "html"])
def test_the_persons_verdict_and_reason_stand_beside_the_machines(format: str) -> None:
    reviewed = made.reviewed_of()
    page = shown(reviewed, format, reviewed.review[1].claim_id)
    assert "Not enough evidence, unlike the machine: Ana, 20 June 2024." in page
    assert "Reason: The second source is a copy." in page
    assert "Signed off: Budi, 25 June 2024." in page
    assert "Published: 21 June 2024, last changed 25 June 2024." in page
    assert "Conflicting evidence, confidence 80%." in page
    assert "2 sources, 2 origins." in page
    assert "Correction, 24 June 2024: We misread the date. Until then: Supported." in page


def test_the_persons_verdict_stands_beside_the_machines_in_a_table() -> None:
    row = rows(to_csv(made.reviewed_of()))[1]
    assert (row["verdict"], row["machine_verdict"], row["overridden"]) == ("not_enough_evidence", "conflicting", "yes")
    assert (row["reason"], row["decided_by"], row["signed_by"]) == ("The second source is a copy.", "Ana", "Budi")
    assert "We misread the date." in row["corrections"]


@pytest.mark.parametrize("format", ["md", "html", "csv"])
def test_notes_are_published_only_when_asked_for(format: str) -> None:
    reviewed = made.reviewed_of()
    assert made.SECRET not in shown(reviewed, format)
    assert made.SECRET in shown(reviewed, format, notes=True)
    assert "run-secret" not in shown(reviewed, format)


@pytest.mark.parametrize("format", ["md", "html"])
def test_an_article_says_of_each_claim_how_far_it_is(format: str) -> None:
    page = shown(made.reviewed_of(), format)
    for whose in (
        "a reviewer's verdict, published", "a reviewer's verdict, signed off", "a reviewer's verdict, not signed off",
        "not reviewed",
    ):  # fmt: skip
        assert whose in page
    assert "Nobody has reviewed this claim yet." in page
    assert "Not checked. The judge gave no answer within 120 s." in page


@pytest.mark.parametrize("format", ["md", "html"])
def test_a_dropped_claim_is_listed_apart_and_shown_where_it_is_asked_for(format: str) -> None:
    reviewed = made.reviewed_of()
    page = shown(reviewed, format)
    assert "Prices doubled. (An opinion.)" in page
    assert "6." not in page
    assert "dropped by a reviewer" in shown(reviewed, format, reviewed.review[5].claim_id)


@pytest.mark.parametrize("format", ["md", "html"])
def test_a_persons_reading_and_evidence_are_told_from_the_machines(format: str) -> None:
    reviewed = made.reviewed_of()
    page = shown(reviewed, format, reviewed.review[2].claim_id)
    assert "he flew to Hanoi" in page and "added by Ana, 20 June 2024" in page
    assert "a reviewer's reading; the machine's: refutes" in page
    assert "1 more passage that did not count" in page


@pytest.mark.parametrize("format", ["md", "html", "csv"])
def test_one_claims_page_holds_that_claim_only(format: str) -> None:
    reviewed = made.reviewed_of()
    page = shown(reviewed, format, reviewed.review[2].claim_id)
    assert "He left for Rome." in page
    assert "Both counts exist." not in page and "An opinion." not in page
    with pytest.raises(InputError, match="has no claim nope"):
        shown(reviewed, format, "nope")


def test_the_article_is_marked_by_the_verdicts_that_stand() -> None:
    marked = {p.claims: p.outcome for p in page_of(made.reviewed_of(), None, "en").pieces if p.claims}
    assert marked == {
        (1,): "supported", (2,): "not_enough_evidence", (3,): "refuted", (4,): "conflicting", (5,): "not_checked",
    }  # fmt: skip
    assert "".join(p.text for p in page_of(made.reviewed_of(), None, "en").pieces) == made.ARTICLE


def test_an_edited_claim_says_what_the_machine_judged() -> None:
    reviewed = made.reviewed_of()
    edited = reviewed.review[0].model_copy(update={"text": "Putin landed in North Korea.", "edited": True})
    page = to_markdown(reviewed.model_copy(update={"review": (edited, *reviewed.review[1:])}), edited.claim_id)
    assert "**Putin landed in North Korea.**" in page
    assert "It judged these words: Putin landed in Pyongyang." in page


@pytest.mark.parametrize("format", ["md", "html"])
def test_a_page_in_indonesian_has_no_english_words_of_its_own(format: str) -> None:
    page = shown(made.reviewed_of("id"), format, language="id")
    for text in ("Peninjau", "Mesin", "Terbantah", "Bukti bertentangan", "20 Juni 2024", "Koreksi, 24 Juni 2024"):
        assert text in page
    fixed = {en for en, idn in TEXTS.values() if "{" not in en and en != idn and len(en) > 8}
    assert {text for text in fixed if text in page} == set()


def test_verdicts_words_in_a_table_follow_the_language_and_its_columns_do_not() -> None:
    row = rows(to_csv(made.reviewed_of(), language="id"))[2]
    assert (row["verdict"], row["verdict_words"]) == ("refuted", "Terbantah")
    assert tuple(row) == COLUMNS


@pytest.mark.parametrize("format", ["md", "html", "csv"])
def test_a_language_without_texts_is_an_input_error(format: str) -> None:
    with pytest.raises(InputError, match="no texts in 'fr'"):
        shown(made.reviewed_of(), format, language="fr")


def test_every_text_has_both_languages_with_the_same_fields() -> None:
    for key, (english, indonesian) in TEXTS.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, indonesian)]
        assert english and indonesian and fields[0] == fields[1], key
    for label in LABELS:
        assert {f"label.{label}", f"rating.{label}"} <= set(TEXTS)
    assert {f"whose.{state}" for state in STATES if state != "machine_checked"} <= set(TEXTS)


def test_days_are_written_as_people_write_them() -> None:
    say, katakan = words("en"), words("id")
    assert say.day("2024-06-09T23:00:00.000+00:00") == "9 June 2024"
    assert (say.day("2024-06"), say.day("2024"), say.day(None)) == ("June 2024", "2024", "undated")
    assert katakan.day("2024-08-17") == "17 Agustus 2024"


def test_an_article_without_claims_says_so() -> None:
    empty = ReviewedReport(report=fakes.report("Nothing here."), review=())
    assert "No check-worthy claim was found." in plain(to_markdown(empty))
    assert "Tidak ditemukan klaim yang layak diperiksa." in to_html(empty, language="id")
    assert rows(to_csv(empty)) == []


def test_a_claims_page_carries_its_claimreview_and_an_articles_page_none() -> None:
    reviewed = made.reviewed_of()
    signed, working = reviewed.review[1].claim_id, reviewed.review[3].claim_id
    page = _Page(to_html(reviewed, signed, site=made.SITE))
    assert [json.loads(page.data)] == to_claimreview(reviewed, signed, site=made.SITE)
    assert [a["type"] for tag, a in page.tags if tag == "script"] == ["application/ld+json"]
    for claim_id, site in ((None, made.SITE), (working, made.SITE), (signed, None)):
        assert not _Page(to_html(reviewed, claim_id, site=site)).data


def test_nothing_of_a_hostile_text_comes_alive_in_a_page() -> None:
    reviewed = made.hostile_of()
    for claim_id in (None, reviewed.review[0].claim_id):
        page = _Page(to_html(reviewed, claim_id, notes=True, site=made.SITE))
        names = {tag for tag, _ in page.tags}
        assert not names & {"img", "iframe", "object", "embed", "link", "base", "form", "svg", "b", "video"}
        assert [a["type"] for tag, a in page.tags if tag == "script"] == ["application/ld+json"] * bool(claim_id)
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcdoc")], tag
            assert re.fullmatch(r"#claim-\d+", attributes.get("href") or "#claim-1")
        assert "<script>alert(1)</script>" in page.words and "49" not in page.words
        policy = next(a for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in (policy["content"] or "")


def test_nothing_of_a_hostile_text_comes_alive_in_markdown() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown(made.hostile_of(), notes=True))
    kinds = {t.type for token in tokens for t in (token, *(token.children or ()))}
    assert not kinds & {
        "link_open", "image", "html_inline", "html_block", "code_inline", "code_block", "fence", "table_open",
    }  # fmt: skip
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert len(headings) == 6, headings  # the title, the claim and its four parts


@pytest.mark.parametrize("make", [to_markdown, to_html, to_csv])
def test_no_control_character_or_direction_override_is_left(make: Any) -> None:
    text = make(made.hostile_of(), notes=True)
    assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\r\n\t"} == set()


def test_a_spreadsheet_takes_no_cell_for_a_formula_and_breaks_none() -> None:
    text = to_csv(made.hostile_of(), notes=True)
    (row,) = rows(text)
    assert row["reason"].startswith("'=HYPERLINK(1)")
    assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert max(map(len, row.values())) == MAX_CELL and row["claim"].endswith("…")
    assert len(text.splitlines()) == 2


def test_a_number_below_zero_stays_readable_in_a_table() -> None:
    reviewed = made.reviewed_of()
    cold = reviewed.review[0].model_copy(update={"text": "-5 degrees were measured."})
    table = rows(to_csv(reviewed.model_copy(update={"review": (cold, *reviewed.review[1:])})))
    assert table[0]["claim"] == "'-5 degrees were measured."
    assert [row["number"] for row in table] == ["1", "2", "3", "4", "5", "6"]
