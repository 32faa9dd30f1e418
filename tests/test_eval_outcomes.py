from __future__ import annotations

import pytest

from factcheck.errors import InputError
from factcheck.evals.outcomes import outcomes
from factcheck.evals.rows import Cited, Gold, GoldClaim, Prediction, Question, Row


def _row(key: str, text: str = "A claim.", **gold: object) -> Row:
    return Row(Question(id=key, text=text, language="en"), Gold.model_validate(gold))


def _said(key: str, task: str = "verdict", **fields: object) -> Prediction:
    return Prediction.model_validate({"id": key, "task": task, **fields})


def _cited(doc: str, stance: str, in_source: bool = True) -> Cited:
    return Cited.model_validate(
        {"doc_id": doc, "quote": "q", "start": 0, "end": 1, "stance": stance, "in_source": in_source}
    )


def test_a_verdict() -> None:
    rows = [_row("1", label="refuted")]
    (found,) = outcomes(
        "verdict",
        rows,
        [_said("1", label="refuted", confidence=0.8, probabilities={"refuted": 0.8, "supported": 0.2}, seconds=1.5)],
    )
    assert (found.gold, found.predicted, found.correct, found.confidence) == ("refuted", "refuted", True, 0.8)
    assert found.shares == {"brier": (0.08, 1.0)}
    assert found.seconds == 1.5
    assert "label=refuted" in found.slices


def test_a_row_that_was_not_checked_is_wrong_and_found_nothing() -> None:
    rows = [_row("1", label="refuted", doc_ids=("d",)), _row("2", label="refuted", doc_ids=("d",))]
    said = [
        _said("1", status="not_checked", reason="No answer.", label="refuted", confidence=0.9, retrieved=("d",)),
        _said("2", label="refuted", retrieved=("x", "d")),
    ]
    lost, kept = outcomes("verdict", rows, said)
    assert (lost.predicted, lost.correct, lost.confidence) == (None, False, None)
    assert lost.shares["recall@20"] == (0.0, 1.0)
    assert kept.shares["recall@1"] == (0.0, 1.0)
    assert kept.shares["recall@5"] == (1.0, 1.0)
    assert kept.shares["mrr@10"] == (0.5, 1.0)


def test_retrieval_is_measured_only_where_there_was_some() -> None:
    rows = [_row("1", label="refuted", doc_ids=("d",)), _row("2", label="refuted")]
    unsearched = outcomes("verdict", rows, [_said("1", label="refuted"), _said("2", label="refuted")])
    assert all("recall@5" not in o.shares for o in unsearched)
    one, other = outcomes("verdict", rows, [_said("1", label="refuted"), _said("2", label="refuted", retrieved=("d",))])
    assert one.shares["recall@5"] == (0.0, 1.0)
    assert "recall@5" not in other.shares  # no document to find


def test_a_citation_is_right_by_stance_and_where_none_is_known_by_document() -> None:
    gold = {"label": "supported", "doc_ids": ("a", "b"), "stances": {"a": "supports", "c": "neutral"}}
    cited = (
        _cited("a", "supports"),
        _cited("a", "refutes"),
        _cited("b", "refutes"),
        _cited("c", "supports", in_source=False),
        _cited("d", "supports"),
    )
    shown = (_cited("d", "supports"),)
    (found,) = outcomes("verdict", [_row("1", **gold)], [_said("1", label="supported", evidence=cited, shown=shown)])
    assert found.shares["citation_precision"] == (2.0, 5.0)
    assert found.shares["quotes_valid"] == (5.0, 6.0)
    (unknown,) = outcomes("verdict", [_row("1", label="supported")], [_said("1", label="supported", evidence=cited)])
    assert "citation_precision" not in unknown.shares


def test_a_match() -> None:
    rows = [_row("1", doc_ids=("a", "b")), _row("2", doc_ids=("c",)), _row("3")]
    said = [_said("1", "match", retrieved=("b", "x")), _said("2", "match"), _said("3", "match")]
    one, other = outcomes("match", rows, said)  # the third has nothing to find
    assert one.correct and not other.correct
    assert one.shares["hit@1"] == (1.0, 1.0)
    assert one.shares["recall@5"] == (0.5, 1.0)
    assert other.shares["hit@5"] == (0.0, 1.0)


def test_an_extraction() -> None:
    claims = (
        GoldClaim(text="cats chase mice"),
        GoldClaim(text="dogs bark loudly"),
        GoldClaim(text="lovely weather", checkworthy=False),
    )
    text = "Cats chase mice. Dogs bark. Lovely weather."
    said = _said(
        "1",
        "extract",
        claims=("Lovely weather", "x y", "x y", "x y", "x y", "Cats chase mice"),
        spans=((28, 42), (0, 3), (3, 3), (0, 99), (4, 5)),
    )
    (found,) = outcomes("extract", [_row("1", text, claims=claims, exhaustive=True)], [said])
    assert found.shares["recall"] == (1.0, 2.0)
    assert found.shares["precision"] == (1.0, 6.0)
    assert found.shares["f1"] == (2.0, 8.0)
    assert found.shares["recall_first_5"] == (0.0, 2.0)
    # Of six claims two have a place in the article: one is empty, one too long, one white space, one missing.
    assert found.shares["spans_hold"] == (2.0, 6.0)
    (partial,) = outcomes("extract", [_row("1", text, claims=claims)], [said])
    assert "precision" not in partial.shares


def test_check_worthiness() -> None:
    rows = [_row("1", label="checkworthy"), _row("2", label="not_checkworthy")]
    said = [_said("1", "checkworthy", label="checkworthy", score=0.7), _said("2", "checkworthy", status="not_checked")]
    one, other = outcomes("checkworthy", rows, said)
    assert (one.correct, one.score) == (True, 0.7)
    assert (other.correct, other.score) == (False, None)


def test_rows_without_gold_are_not_scored() -> None:
    rows = [Row(Question(id="1", text="x"), None), _row("2"), _row("3", label="supported")]
    said = [_said(key, label="supported") for key in "123"]
    assert [o.id for o in outcomes("verdict", rows, said)] == ["3"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "1 of 1 rows have no prediction, the first is '1'"),
        ([_said("1"), _said("1")], "Two predictions have the id '1'"),
        ([_said("1"), _said("9")], "'9' is of no row"),
        ([_said("1", "match")], "is of the task match, the set of verdict"),
        ([_said("1", label="checkworthy")], "has the label 'checkworthy'; a verdict is one of supported"),
        ([_said("1", retrieved=("a", "a"))], "ranks a document twice"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(said: list[Prediction], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        outcomes("verdict", [_row("1", label="refuted")], said)


def test_no_text_of_the_set_is_kept() -> None:
    rows = [_row("1", "A most peculiar claim.", label="refuted")]
    (found,) = outcomes("verdict", rows, [_said("1", label="refuted", evidence=(_cited("d", "refutes"),))])
    assert "peculiar" not in found.model_dump_json()
