"""The systems to be better than; the verdict rule is worked out by hand here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from factcheck.evals import baselines
from factcheck.evals.rows import Dataset, Given, Gold, Prediction, Question, Row, Task
from factcheck.types import Document


def dataset(task: Task, rows: Sequence[tuple[str, str | None]], **fields: Any) -> Dataset:
    made = tuple(
        Row(Question(id=f"r{n}", text=text, language="en", **fields), Gold(label=label) if label else None)
        for n, (text, label) in enumerate(rows)
    )
    return Dataset("set", Path("set.jsonl"), task, "0", made, None)


def judged(claim: str, *evidence: str, language: str = "en") -> Prediction:
    pieces = tuple(Given(doc_id=f"d{n}", text=text) for n, text in enumerate(evidence))
    row = Row(Question(id="q", text=claim, language=language, evidence=pieces), None)
    (prediction,) = baselines.lexical(Dataset("set", Path("set.jsonl"), "verdict", "0", (row,), None))
    return prediction


# --- majority


def test_the_most_frequent_label() -> None:
    rows = [("a", "refuted"), ("b", "supported"), ("c", "refuted"), ("d", None)]
    found = list(baselines.majority(dataset("verdict", rows)))
    assert [one.label for one in found] == ["refuted"] * 4
    assert found[3].confidence == 2 / 3 and dict(found[3].probabilities) == {"refuted": 2 / 3, "supported": 1 / 3}


def test_of_equal_labels_the_first() -> None:
    rows = [("a", "supported"), ("b", "refuted")]
    assert {one.label for one in baselines.majority(dataset("verdict", rows))} == {"refuted"}
    assert list(baselines.majority(dataset("verdict", [("a", None)]))) == []


# --- verdicts by shared words


@pytest.mark.parametrize(
    ("claim", "evidence", "label"),
    [
        ("The mill burned in 1904.", ["The old mill burned down in 1904."], "supported"),
        ("The mill burned in 1904.", ["The old mill burned down in 1911."], "refuted"),
        ("The mill burned in 1904.", ["The old mill burned down."], "supported"),
        ("The mill burned in 1904.", ["The old mill never burned in 1904."], "refuted"),
        ("The mill never burned.", ["The mill has burned."], "refuted"),
        ("The mill never burned.", ["No mill burned."], "supported"),
        ("The harvest increased after harvest.", ["The harvest decreased after harvest."], "refuted"),
        ("The mill burned in 1904.", ["The baker sells bread."], "not_enough_evidence"),
        ("The mill burned in 1904.", [], "not_enough_evidence"),
        ("The mill burned in 1904.", ["The mill burned in 1904.", "The mill burned in 1911."], "conflicting"),
        ("The mill burned in 1904.", ["The mill burned in 1904. Nothing else is known of 3 others."], "supported"),
    ],
)
def test_the_rule(claim: str, evidence: list[str], label: str) -> None:
    assert judged(claim, *evidence).label == label


def test_the_rule_in_indonesian() -> None:
    claim = "Kincir itu terbakar pada tahun 1904."
    assert judged(claim, "Kincir tua itu terbakar tahun 1904.", language="id").label == "supported"
    assert judged(claim, "Kincir tua itu tidak terbakar tahun 1904.", language="id").label == "refuted"


def test_half_of_the_words_is_enough() -> None:
    # mill, burned, village, 1904: two of four are a half.
    claim = "The mill burned, village 1904."
    assert judged(claim, "A mill in a village.").label == "supported"
    assert judged(claim, "A mill in a valley.").label == "not_enough_evidence"
    assert judged(claim, "A mill in a valley.").confidence == pytest.approx(0.75)
    assert judged(claim, "A mill in a village.").confidence == pytest.approx(0.5)


def test_the_closest_sentence_is_quoted_in_place() -> None:
    text = "The baker sells bread. The mill burned down in 1911. Rye is a grain."
    (used,) = judged("The mill burned in 1904.", text).evidence
    assert (used.doc_id, used.stance, used.quote) == ("d0", "refutes", "The mill burned down in 1911.")
    assert text[used.start : used.end] == used.quote


@checked(deadline=None)
@given(st.text(max_size=60).filter(str.strip), st.lists(st.text(max_size=80).filter(str.strip), max_size=3))
def test_the_rule_takes_any_text(claim: str, evidence: list[str]) -> None:
    try:
        found = judged(claim, *evidence)
    except ValueError as error:
        assert "surrogate" in str(error)
        return
    assert found.confidence is not None and 0 <= found.confidence <= 1
    stances = {used.stance for used in found.evidence}
    assert (len(stances) == 2) == (found.label == "conflicting")
    assert (not stances) == (found.label == "not_enough_evidence")


# --- BM25

NOTES = [
    Document(id=f"n:{n}", text=f"Village {n} has a mill that ground {n} sacks.", language="en") for n in range(60)
] + [Document(id="title", text="A text without the word.", title="Lighthouse", language=None)]


def test_bm25_finds_by_words_and_titles() -> None:
    sought = dataset("match", [("The village that ground 17 sacks", None), ("lighthouse", None), ("zzz", None)])
    found = list(baselines.bm25(sought, baselines.retriever(sought, NOTES)))
    assert found[0].retrieved[0] == "n:17" and 20 <= len(found[0].retrieved) == len(set(found[0].retrieved))
    assert found[1].retrieved == ("title",)
    assert found[2].retrieved == ()


def test_verdicts_over_what_bm25_finds() -> None:
    sought = dataset("verdict", [("Village 17 ground 17 sacks.", None), ("Lighthouses shine brightly.", None)])
    one, two = baselines.lexical(sought, baselines.retriever(sought, NOTES))
    assert one.retrieved[0] == "n:17" and "n:17" in {used.doc_id for used in one.evidence if used.stance == "supports"}
    assert len({used.doc_id for used in one.evidence}) <= baselines.READ
    assert two.label == "not_enough_evidence"


# --- extract and checkworthy


def test_sentences_as_claims() -> None:
    text = "One came. Two came. Three came. Four came. Five came. Six came."
    whole, first = (
        next(make(dataset("extract", [(text, None)]))) for make in (baselines.every_sentence, baselines.lead)
    )
    assert whole.claims == ("One came.", "Two came.", "Three came.", "Four came.", "Five came.", "Six came.")
    assert first.claims == whole.claims[:5] and first.spans == whole.spans[:5]
    assert [text[start:end] for start, end in whole.spans] == list(whole.claims)


def test_chance_is_fair_and_repeatable() -> None:
    rows = [(f"text {n}", "checkworthy" if n % 4 == 0 else "not_checkworthy") for n in range(2000)]
    found = list(baselines.random_worth(dataset("checkworthy", rows)))
    share = sum(one.label == "checkworthy" for one in found) / len(found)
    assert share == pytest.approx(0.25, abs=0.04)
    assert all((one.score or 0) >= 0.75 for one in found if one.label == "checkworthy")
    assert found == list(baselines.random_worth(dataset("checkworthy", rows)))
    reverse = dataset("checkworthy", rows)
    reverse = reverse._replace(rows=reverse.rows[::-1])
    assert list(baselines.random_worth(reverse))[::-1] == found


def test_chance_with_a_given_share() -> None:
    rows: list[tuple[str, str | None]] = [("a", None), ("b", None)]
    assert {one.label for one in baselines.random_worth(dataset("checkworthy", rows), 0.0)} == {"not_checkworthy"}
    assert {one.label for one in baselines.random_worth(dataset("checkworthy", rows), 1.0)} == {"checkworthy"}


def test_length() -> None:
    rows: list[tuple[str, str | None]] = [("one", None), ("one two three", None), ("one two", None)]
    found = list(baselines.sentence_length(dataset("checkworthy", rows)))
    assert [one.score for one in found] == [1.0, 3.0, 2.0]
    assert [one.label for one in found] == ["not_checkworthy", "checkworthy", "not_checkworthy"]
