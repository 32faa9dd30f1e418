from __future__ import annotations

import json
from datetime import date

import fakes
import pytest
from pydantic import ValidationError

from factcheck.types import (
    Claim,
    ClaimResult,
    Document,
    Evidence,
    Passage,
    Report,
    Span,
    Usage,
    content_id,
    latest_day,
)


@pytest.mark.parametrize(
    ("partial", "day"),
    [
        ("2024", date(2024, 12, 31)),
        ("2024-06", date(2024, 6, 30)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-06-19", date(2024, 6, 19)),
    ],
)
def test_a_partial_date_means_its_last_day(partial: str, day: date) -> None:
    assert latest_day(partial) == day


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-00", "0000", "2024-02-30", "2024-6-1", "19 June 2024", "2024-06-19T00:00", "２０２４"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        latest_day(text)


def test_values_are_frozen_and_know_no_other_field() -> None:
    span = Span(start=0, end=1)
    with pytest.raises(ValidationError):
        span.start = 1  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Span.model_validate({"start": 0, "end": 1, "length": 1})


def test_a_span_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="cannot end"):
        Span(start=2, end=1)
    assert Span(start=1, end=3).of("abcd") == "bc"


def test_offsets_must_fit_the_words() -> None:
    with pytest.raises(ValidationError):
        Passage(id="p", document_id="d", start=0, end=3, text="four", ordinal=0)
    with pytest.raises(ValidationError):
        fakes.claim("Putin landed.", end=5)
    note = fakes.document()
    with pytest.raises(ValidationError):
        fakes.evidence(1, note, "Putin landed", end=3)


def test_an_identifier_follows_the_text_and_the_source() -> None:
    one = Document.from_text("A text.", publisher="A")
    assert one.id == Document.from_text("A text.", publisher="A").id
    assert one.id != Document.from_text("A text.", publisher="B").id
    assert one.id != Document.from_text("Another text.", publisher="A").id
    assert content_id("x", "a", "b") != content_id("x", "ab")
    assert content_id("x", "\ud800").startswith("x-")


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"published": "2024-06-18", "available_from": "2020-01-01"}, date(2024, 6, 18)),
        ({"available_from": "2024-05"}, date(2024, 5, 31)),
        ({}, None),
    ],
)
def test_a_document_is_public_from_its_date_or_else_its_stand_in(fields: dict[str, str], day: date | None) -> None:
    assert Document(id="d", text="t", **fields).public_from == day


def test_usage_adds_up_and_keeps_an_unknown_price_unknown() -> None:
    one = Usage(calls=1, prompt_tokens=10, completion_tokens=2, cached_tokens=3)
    total = one + Usage(calls=2, prompt_tokens=5)
    assert (total.calls, total.prompt_tokens, total.completion_tokens, total.cached_tokens) == (3, 15, 2, 3)
    assert total.cost_usd is None
    assert (Usage(cost_usd=0.25) + Usage(cost_usd=0.5)).cost_usd == 0.75


# --- a state that must not exist cannot be built ----------------------------------------------------------------------


def test_a_claim_that_was_not_checked_has_a_reason_and_nothing_else() -> None:
    about = fakes.claim()
    made = ClaimResult.not_checked(about, "The endpoint gave no answer.")
    assert (made.status, made.label, made.confidence, made.justification) == ("not_checked", None, None, None)
    for change in ({"label": "refuted"}, {"confidence": 0.5}, {"reason": None}, {"reason": ""}):
        with pytest.raises(ValidationError):
            ClaimResult.model_validate({**made.model_dump(), **change})


def test_a_checked_claim_has_a_label_and_a_confidence_and_no_reason() -> None:
    made = fakes.result(fakes.claim(), "not_enough_evidence")
    for change in ({"label": None}, {"confidence": None}, {"reason": "timeout"}):
        with pytest.raises(ValidationError):
            ClaimResult.model_validate({**made.model_dump(), **change})


NOTE = fakes.document("Putin landed in Pyongyang. He left for Hanoi.")
FOR = fakes.evidence(1, NOTE, "Putin landed in Pyongyang.")
AGAINST = fakes.evidence(2, NOTE, "He left for Hanoi.", "refutes")


@pytest.mark.parametrize(
    ("label", "proof"),
    [
        ("supported", ()),
        ("supported", (AGAINST,)),
        ("refuted", ()),
        ("refuted", (FOR,)),
        ("conflicting", (FOR,)),
        ("conflicting", (AGAINST,)),
        ("supported", (FOR.model_copy(update={"used": False, "why_not": "later"}),)),
    ],
)
def test_a_label_needs_evidence_that_counted_for_it(label: str, proof: tuple[Evidence, ...]) -> None:
    with pytest.raises(ValidationError, match="needs a located quote"):
        fakes.result(fakes.claim(), label, proof)


@pytest.mark.parametrize(
    ("label", "proof"),
    [("supported", (FOR,)), ("refuted", (AGAINST,)), ("conflicting", (FOR, AGAINST)), ("not_enough_evidence", ())],
)
def test_a_label_with_its_evidence_can_be_built(label: str, proof: tuple[Evidence, ...]) -> None:
    assert fakes.result(fakes.claim(), label, proof).label == label


@pytest.mark.parametrize(
    "change",
    [
        {"used": False},
        {"used": True, "why_not": "later"},
        {"used": True, "located": "passage"},
        {"used": True, "timing": "later"},
        {"used": True, "timing": "undated"},
    ],
)
def test_evidence_cannot_count_against_the_rules(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        fakes.evidence(1, NOTE, "He left for Hanoi.", **change)


def test_evidence_counts_whatever_its_date_where_the_rule_was_lifted() -> None:
    assert fakes.evidence(1, NOTE, "He left for Hanoi.", timing="rule_lifted").used


@pytest.mark.parametrize("label", ["true", "SUPPORTED", "", "not_checked"])
def test_there_are_four_labels_and_no_other(label: str) -> None:
    with pytest.raises(ValidationError):
        fakes.result(fakes.claim(), label, (FOR, AGAINST))


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_confidence_is_between_none_and_all(confidence: float) -> None:
    from factcheck.types import Verdict

    with pytest.raises(ValidationError):
        Verdict(label="not_enough_evidence", confidence=confidence, justification="", evidence=())


# --- a report holds every word that it points at ----------------------------------------------------------------------

ARTICLE = "Putin landed in Pyongyang."


def _report() -> Report:
    return fakes.report(ARTICLE, [fakes.result(fakes.claim(ARTICLE), "supported", (FOR,))], [NOTE])


def test_a_report_is_built_where_every_offset_holds() -> None:
    made = _report()
    for one in made.claims:
        assert made.article.text[one.start : one.end] == one.source_text
        for proof in one.evidence:
            assert made.documents[proof.document_id].text[proof.start : proof.end] == proof.quote


def test_a_report_whose_quote_is_not_at_its_offset_cannot_be_built() -> None:
    raw = _report().model_dump()
    raw["claims"][0]["evidence"][0]["quote"] = "Putin landed in Pyongjang."
    with pytest.raises(ValidationError, match=r"quote 1 of claim .* is not in its document"):
        Report.model_validate(raw)


def test_a_report_whose_document_is_missing_cannot_be_built() -> None:
    raw = _report().model_dump()
    raw["documents"] = {}
    with pytest.raises(ValidationError, match="is not in its document"):
        Report.model_validate(raw)


def test_a_report_whose_claim_is_not_in_the_article_cannot_be_built() -> None:
    raw = _report().model_dump()
    raw["article"]["text"] = "Putin landed in Beijing.  "
    with pytest.raises(ValidationError, match="not at its place in the article"):
        Report.model_validate(raw)


def test_a_report_is_read_back_as_it_was_written() -> None:
    made = _report()
    assert Report.model_validate_json(made.model_dump_json()) == made


CONTRACT = {
    "": ["schema_version", "article", "claims", "left_out", "documents", "run"],
    "article": ["text", "title", "language", "as_of"],
    "claims": [
        "id", "text", "start", "end", "source_text", "speaker", "as_of", "kind", "status", "reason", "label",
        "confidence", "justification", "evidence", "matches",
    ],
    "evidence": [
        "n", "document_id", "passage_id", "quote", "start", "end", "stance", "title", "publisher", "url", "published",
        "available_from", "origin", "used", "why_not",
    ],
    "left_out": ["start", "end", "text", "reason"],
    "documents": ["title", "publisher", "url", "published", "available_from", "language", "text"],
    "run": ["mode", "models", "prompts", "settings", "corpus_snapshot", "seconds", "tokens", "cost_usd"],
}  # fmt: skip


def test_the_json_contract_keeps_its_names() -> None:
    from factcheck.types import LeftOut

    text = ARTICLE + " Why?"
    made = fakes.report(
        text,
        [fakes.result(fakes.claim(ARTICLE), "supported", (FOR,))],
        [NOTE],
        [LeftOut(start=27, end=31, text="Why?", reason="a question")],
    )
    raw = json.loads(made.model_dump_json())
    one = raw["claims"][0]
    places = {
        "": raw, "article": raw["article"], "claims": one, "evidence": one["evidence"][0],
        "left_out": raw["left_out"][0], "documents": next(iter(raw["documents"].values())), "run": raw["run"],
    }  # fmt: skip
    missing = {f"{place}.{name}" for place, names in CONTRACT.items() for name in names if name not in places[place]}
    assert not missing
    assert raw["schema_version"] == "1"
    assert (raw["article"]["as_of"], one["as_of"]) == ("2024-06-19", "2024-06-19")
    assert isinstance(one["matches"], list)


def test_a_claim_keeps_its_fields_in_its_result() -> None:
    about = Claim(
        id="c", text="He landed.", start=3, end=13, source_text="He landed.", speaker="Ushakov", as_of=date(2024, 6, 1),
        as_of_source="article", kind="reported", language="en", why=("name",), score=0.5, context="He: Putin",
    )  # fmt: skip
    made = ClaimResult.not_checked(about, "No answer.")
    for name in (
        "id",
        "text",
        "start",
        "end",
        "source_text",
        "speaker",
        "as_of",
        "as_of_source",
        "kind",
        "why",
        "context",
    ):
        assert getattr(made, name) == getattr(about, name)
