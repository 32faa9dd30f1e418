from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser

import fakes
import pytest
from markdown_it import MarkdownIt

from factcheck.report import (
    TIER_WORDS,
    around,
    confidence_words,
    outcome,
    pieces,
    printable,
    render,
    source_line,
    summary,
    tally,
    to_html,
    to_json,
    to_markdown,
)
from factcheck.types import (
    ClaimResult,
    Comparison,
    Evidence,
    LeftOut,
    Match,
    Question,
    Report,
    SourceDocument,
    Tier,
)

ARTICLE = "Putin landed in Pyongyang. It was his second visit. He left for Rome. He signed 12 deals. He sang. Why?"
NOTE = fakes.document(
    "Putin landed in Pyongyang. His first visit was in 2000. He left for Hanoi. Two deals were signed.",
    title="The visit",
    url="https://agency.example/visit",
)
OTHER = fakes.document(
    "It was a third visit, a paper wrote.", publisher="Paper", published=None, available_from="2024-05"
)
LATER = fakes.document("Troops were sent.", publisher="Later", published="2024-10-01")


def _claim(words: str, **fields: object) -> fakes.Claim:
    start = ARTICLE.index(words)
    return fakes.claim(words, start=start, end=start + len(words), **fields)


def _report(**fields: object) -> Report:
    later = fakes.evidence(3, LATER, "Troops were sent.", "neutral", used=False, why_not="later", timing="later")
    second = [
        fakes.evidence(1, NOTE, "His first visit was in 2000."),
        fakes.evidence(2, OTHER, "a third visit", "refutes"),
    ]
    landed = fakes.evidence(1, NOTE, "Putin landed in Pyongyang.")
    to_hanoi = fakes.evidence(1, NOTE, "He left for Hanoi.", "refutes")
    deals = Comparison(claim_value="12", source_value="Two", agrees=False, note="claim: 12; source: Two")
    claims = [
        fakes.result(_claim("Putin landed in Pyongyang."), "supported", [landed, later]),
        fakes.result(_claim("It was his second visit."), "conflicting", second),
        fakes.result(_claim("He left for Rome."), "refuted", [to_hanoi]),
        fakes.result(
            _claim("He signed 12 deals.", kind="reported", speaker="Ushakov"),
            "refuted",
            [fakes.evidence(1, NOTE, "Two deals were signed.", "refutes", comparisons=(deals,))],
            questions=(Question(question="How many deals?", answer="Two [1]."),),
            notes=("one stance was given without words",),
            matches=(
                Match(
                    claim_id="c", run_id="r", text="He signed twelve deals", label="refuted", as_of=fakes.AS_OF,
                    similarity=0.9, strength="strong",
                ),
            ),
        ),
        ClaimResult.not_checked(_claim("He sang."), "The language model gave no answer within 120 s."),
        fakes.result(_claim("signed 12"), "not_enough_evidence"),
    ]  # fmt: skip
    left = [LeftOut(start=ARTICLE.index("Why?"), end=len(ARTICLE), text="Why?", reason="a question")]
    return fakes.report(ARTICLE, claims, [NOTE, OTHER, LATER], left, title="A visit", **fields)


def _hostile() -> Report:
    """A report whose every free text would do harm."""
    text = fakes.HOSTILE + "x" * 100_000
    note = fakes.document(text, title=fakes.HOSTILE, publisher=fakes.HOSTILE, url="javascript:alert('" + fakes.HOSTILE)
    claim = fakes.claim(text, speaker=fakes.HOSTILE, kind="reported", context=fakes.HOSTILE, why=(fakes.HOSTILE,))
    bad = Comparison(claim_value="1", source_value="2", agrees=False, note=fakes.HOSTILE)
    proof = fakes.evidence(1, note, fakes.HOSTILE, "refutes", note=fakes.HOSTILE, comparisons=(bad,))
    judged = fakes.result(
        claim,
        "refuted",
        [proof],
        questions=(Question(question=fakes.HOSTILE, answer=fakes.HOSTILE),),
        notes=(fakes.HOSTILE,),
        matches=(
            Match(
                claim_id="c",
                run_id="r",
                text=fakes.HOSTILE,
                label=None,
                as_of=fakes.AS_OF,
                similarity=0.9,
                strength="weak",
            ),
        ),
    ).model_copy(update={"justification": fakes.HOSTILE})
    missed = ClaimResult.not_checked(claim, fakes.HOSTILE)
    report = fakes.report(
        text,
        [judged, missed],
        [note],
        [LeftOut(start=0, end=len(text), text=text, reason=fakes.HOSTILE)],
        title=fakes.HOSTILE,
        notes=(fakes.HOSTILE,),
        models={"m": fakes.HOSTILE},
        prompts={"p": fakes.HOSTILE},
        corpus={"name": fakes.HOSTILE},
        mode="llm",
    )
    article = report.article.model_copy(update={"language": '"><script>alert(9)</script>'})
    return report.model_copy(update={"article": article})


def _reviewed(**fields: object) -> Report:
    """A report of one claim with a match that is a review by somebody else."""
    made = {
        "claim_id": "c", "run_id": None, "text": "He signed twelve deals", "label": None, "as_of": None,
        "similarity": 0.9, "strength": "strong", "publisher": "Cek *Contoh*", "url": "https://cek.example.org/1",
        "rating": "Satire", "reviewed": None,
    }  # fmt: skip
    match = Match.model_validate({**made, **fields})
    return fakes.report(
        ARTICLE, [fakes.result(_claim("He signed 12 deals."), "not_enough_evidence", matches=(match,))], [NOTE]
    )


def test_a_review_of_somebody_else_is_shown_in_their_own_words() -> None:
    undated, dated = _reviewed(), _reviewed(reviewed="2024-06", label="refuted", rating="Hoaks")
    text = " ".join(render(undated, "text").split())
    assert "checked before (undated, Cek *Contoh*: “Satire”): He signed twelve deals https://cek.example.org/1" in text
    assert "(2024-06, Cek *Contoh*: “Hoaks”, read as refuted)" in " ".join(render(dated, "text").split())
    page = render(dated, "html")
    assert "Checked before (2024-06, Cek *Contoh*: “Hoaks”, read as refuted): He signed twelve deals" in page
    assert 'href="https://cek.example.org' not in page
    markdown = render(undated, "md")
    assert "Cek \\*Contoh\\*: “Satire”" in markdown and "https\\://cek.example.org/1" in markdown


# --- numbers and words ------------------------------------------------------------------------------------------------


def test_the_tally_counts_every_outcome_in_the_order_of_the_labels() -> None:
    report = _report()
    assert tally(report) == {"supported": 1, "refuted": 2, "not_enough_evidence": 1, "conflicting": 1, "not_checked": 1}
    assert list(tally(report)) == ["supported", "refuted", "not_enough_evidence", "conflicting", "not_checked"]
    assert summary(report).startswith("6 claims: 1 supported, 2 refuted")
    assert summary(fakes.report("No claim.")) == "No check-worthy claim was found."
    assert outcome(report.claims[4]) == "not_checked"


def test_a_source_line_says_what_its_date_is() -> None:
    assert source_line(fakes.evidence(1, NOTE, "Putin")) == "Agency, The visit, 2024-06-18"
    assert source_line(fakes.evidence(1, OTHER, "third")) == "Paper, available from 2024-05"
    undated = fakes.document("A text.", published=None)
    shown = fakes.evidence(1, undated, "A", used=False, why_not="undated", timing="undated")
    assert source_line(shown) == "Agency, undated"


@pytest.mark.parametrize(("tier", "words"), TIER_WORDS.items())
def test_every_format_for_reading_names_the_tier_of_a_source(tier: Tier, words: str) -> None:
    about, proof = fakes.claim("Putin came."), fakes.evidence(1, NOTE, "Putin", tier=tier)
    report = fakes.report("Putin came.", [fakes.result(about, "supported", [proof])], [NOTE])
    assert source_line(proof) == f"Agency, The visit, 2024-06-18, {words}"
    for shown in (to_html(report), to_markdown(report).replace("\\", "")):
        assert words in shown
    assert report.model_validate_json(to_json(report)) == report


def test_a_report_of_before_there_were_tiers_is_read() -> None:
    old = fakes.evidence(1, NOTE, "Putin").model_dump(exclude={"tier"})
    assert Evidence.model_validate(old).tier is None


@pytest.mark.parametrize(("value", "words"), [(0.97, "high"), (0.85, "high"), (0.7, "fair"), (0.2, "low")])
def test_confidence_is_words_beside_a_number(value: float, words: str) -> None:
    assert confidence_words(value) == f"{words} confidence ({value:.2f})"


def test_a_quote_is_shown_inside_its_text() -> None:
    text = "word " * 200 + "THE QUOTE" + " word" * 200
    note = fakes.document(text)
    before, quote, after = around(SourceDocument.of(note), fakes.evidence(1, note, "THE QUOTE"))
    assert quote == "THE QUOTE"
    assert before.startswith("… word") and after.endswith("word …")
    assert len(before) < 260 and len(after) < 260
    unspaced = fakes.document("字" * 900)
    before, quote, after = around(
        SourceDocument.of(unspaced), fakes.evidence(1, unspaced, "字" * 300, start=300, end=600)
    )
    assert (before, quote, after) == ("… " + "字" * 240, "字" * 300, "字" * 240 + " …")
    short = fakes.document("A QUOTE.")
    assert around(SourceDocument.of(short), fakes.evidence(1, short, "QUOTE")) == ("A ", "QUOTE", ".")


def test_the_pieces_of_an_article_make_it_whole_and_show_the_worst_outcome() -> None:
    report = _report()
    found = pieces(report)
    assert "".join(piece.text for piece in found) == ARTICLE
    inside = next(piece for piece in found if piece.text == "signed 12")
    assert inside.claims == (4, 6) and inside.outcome == "refuted"
    assert pieces(fakes.report("")) == []
    assert [(p.text, p.claims) for p in pieces(fakes.report("No claim."))] == [("No claim.", ())]


# --- formats ----------------------------------------------------------------------------------------------------------


def test_json_is_the_report() -> None:
    report = _report()
    assert Report.model_validate_json(to_json(report)) == report
    assert to_json(report).endswith("}\n")
    kept = json.loads(to_json(fakes.report("Kata “asing” é.")))
    assert kept["article"]["text"] == "Kata “asing” é."
    assert "“asing” é" in to_json(fakes.report("Kata “asing” é."))


SAYS = [
    "A visit", "6 claims", "Putin landed in Pyongyang.", "Agency, The visit, 2024-06-18", "did not count",
    "later than the claim's date", "120 s",
    "one stance was given without words", "conflicting evidence", "not enough evidence", "a question",
]  # fmt: skip


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_every_format_says_what_was_found(format: str) -> None:
    shown = render(_report(), format)  # type: ignore[arg-type]
    folded = " ".join(re.sub(r"\\(?=[^\w\s])", "", shown).replace("&#39;", "'").split()).lower()
    assert not [words for words in SAYS if words.lower() not in folded]


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_a_lifted_time_rule_is_said(format: str) -> None:
    assert "time rule was lifted" in render(_report(time_rule_lifted=True), format).lower()  # type: ignore[arg-type]
    assert "time rule was lifted" not in render(_report(), format).lower()  # type: ignore[arg-type]


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_a_report_without_claims_can_be_read(format: str) -> None:
    assert "No check-worthy claim was found" in render(fakes.report(""), format)  # type: ignore[arg-type]


def test_the_terminal_text_keeps_to_its_width() -> None:
    assert max(map(len, render(_report(), "text", width=72).splitlines())) <= 72
    assert "\x1b" not in render(_report(), "text")
    assert "\x1b[" in render(_report(), "text", color=True)


def test_long_text_without_a_space_is_cut_and_not_lost() -> None:
    left = [LeftOut(start=0, end=300, text="字" * 300, reason="no reason")]
    assert "字…" in "".join(render(fakes.report("字" * 300, left_out=left), "text").split())


# --- hostile text neither runs nor links ------------------------------------------------------------------------------


class _Page(HTMLParser):
    """What a browser would find in a page: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_nothing_of_a_hostile_text_runs_or_links_in_html() -> None:
    page = _Page(to_html(_hostile()))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "svg", "b", "video"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcdoc", "action")], tag
        if "href" in attributes:
            assert re.fullmatch(r"#claim-\d+", attributes["href"] or "")
    assert "<script>alert(1)</script>" in page.words  # it is shown, as text
    assert "{{ 7 * 7 }}" in page.words and "49" not in page.words
    policy = next(a for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in (policy["content"] or "")


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_no_control_character_or_direction_override_is_left(format: str) -> None:
    shown = render(_hostile(), format)  # type: ignore[arg-type]
    left = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"}
    assert left == set()


def test_colour_codes_in_a_terminal_are_our_own_only() -> None:
    shown = render(_hostile(), "text", color=True)
    assert set(re.findall(r"\x1b(.)", shown)) == {"["}
    assert all(re.fullmatch(r"[\d;]+m", code) for code in re.findall(r"\x1b\[([^m]*m)", shown))
    assert "\x1b[31mred" not in shown


def test_nothing_of_a_hostile_text_comes_alive_in_markdown() -> None:
    shown = to_markdown(_hostile())
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    flat = [t for token in tokens for t in (token, *(token.children or ()))]
    kinds = {token.type for token in flat}
    assert not kinds & {
        "link_open",
        "image",
        "html_inline",
        "html_block",
        "code_inline",
        "code_block",
        "fence",
        "table_open",
    }
    read = "".join(token.content for token in flat if token.type in ("text", "text_special"))
    assert "<script>alert(1)</script>" in read and "![x](http://198.51.100.7/a.png)" in read
    # Programs that make links of bare addresses look for these (GitHub's autolink extension).
    assert not re.search(r"(?<!\\)://|\bwww\.|(?<!\\)@", shown)


def test_a_line_of_text_does_not_become_structure_in_markdown() -> None:
    for text in ("1. first", "2024) second", "+ plus", "=====", "    code", "line\n# heading\n- item", "> quote"):
        report = fakes.report(text, [ClaimResult.not_checked(fakes.claim(text), text)])
        tokens = MarkdownIt("commonmark").parse(to_markdown(report))
        kinds = [token.type for token in tokens]
        assert "ordered_list_open" not in kinds and "blockquote_open" not in kinds, text
        assert "bullet_list_open" not in kinds and "code_block" not in kinds, text
        assert kinds.count("heading_open") == 3, text  # title, claim, run


def test_printable_keeps_words_and_line_breaks() -> None:
    assert printable("dua\nbaris\tdan “kutip” é 漢字") == "dua\nbaris\tdan “kutip” é 漢字"
    assert printable("a\x1b[31mb\u202ec\x00d") == "a [31mbc d"
    assert printable("Ko\u00adrea") == "Korea"  # a soft hyphen is no space inside a word


def test_a_long_report_is_made_in_little_time() -> None:
    import time

    began = time.thread_time()
    report = _hostile()
    for format in ("text", "md", "html", "json"):
        assert render(report, format)  # type: ignore[arg-type]
    assert time.thread_time() - began < 10
