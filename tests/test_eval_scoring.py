from __future__ import annotations

import pytest
from fakes_evals import verdict_rows, verdicts

from factcheck.evals.outcomes import Outcome, outcomes
from factcheck.evals.scoring import main_measures, measures, score


def _verdict(key: str, gold: str, said: str | None, sure: float | None = None, **fields: object) -> Outcome:
    return Outcome.model_validate(
        {
            "id": key,
            "gold": gold,
            "predicted": said,
            "correct": gold == said,
            "confidence": sure,
            "status": "checked" if said else "not_checked",
            **fields,
        }
    )


def test_verdicts_by_hand() -> None:
    some = [
        _verdict("1", "supported", "supported", 0.9, seconds=1.0),
        _verdict("2", "supported", "refuted", 0.8, seconds=2.0),
        _verdict("3", "refuted", "refuted", 0.7, seconds=3.0),
        _verdict("4", "refuted", None, seconds=9.0),
    ]
    scores = score("verdict", some)
    value = {name: figure.value for name, figure in scores.figures.items()}
    assert (scores.n, scores.not_checked) == (4, 1)
    assert value["accuracy"] == 0.5
    assert value["macro_f1"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert value["balanced_accuracy"] == 0.5
    assert value["ece"] == pytest.approx((0.1 + 0.8 + 0.3) / 3)
    assert scores.figures["ece"].n == 3  # the row without an answer has no confidence to be wrong about
    assert value["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)  # but it is a risk, the last to be taken
    assert value["coverage_at_10_error"] == 0.25
    assert (value["seconds_median"], value["seconds_p90"]) == (2.0, 9.0)
    assert "tokens_median" not in value
    assert "brier" not in value
    assert scores.confusion == {
        "refuted": {"not_checked": 1, "refuted": 1},
        "supported": {"refuted": 1, "supported": 1},
    }
    refuted = scores.per_label["refuted"]
    assert [refuted[part].value for part in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert "conflicting" not in scores.per_label


def test_a_label_that_gold_lacks_has_precision_only() -> None:
    scores = score("verdict", [_verdict("1", "supported", "conflicting"), _verdict("2", "supported", "supported")])
    assert list(scores.per_label["conflicting"]) == ["precision"]
    assert "ece" not in scores.figures


def test_shares_are_sums_over_sums() -> None:
    some = [
        _verdict("1", "refuted", "refuted", shares={"quotes_valid": (1, 1)}),
        _verdict("2", "refuted", "refuted", shares={"quotes_valid": (1, 3)}),
        _verdict("3", "refuted", "refuted"),
    ]
    figure = score("verdict", some).figures["quotes_valid"]
    assert (figure.value, figure.n) == (0.5, 4)


def test_every_figure_of_a_run_has_an_interval() -> None:
    rows = verdict_rows()
    scores = score("verdict", outcomes("verdict", rows, verdicts(rows)))
    expected = {
        "accuracy", "macro_f1", "balanced_accuracy", "ece", "aurc", "coverage_at_5_error", "coverage_at_10_error",
        "brier", "recall@1", "recall@5", "recall@10", "recall@20", "ndcg@10", "mrr@10", "seconds_median", "seconds_p90",
        "tokens_median", "tokens_p90",
    }  # fmt: skip
    assert set(scores.figures) == expected
    assert all(figure.low <= figure.high for figure in scores.figures.values())
    accuracy = scores.figures["accuracy"]
    assert accuracy.low < accuracy.value < accuracy.high
    assert scores.figures["recall@1"].high < 0.1  # none of 60, which is no proof of none
    assert scores.figures["recall@1"].high > 0.05


def test_slices_have_the_main_measures_and_part_the_rows() -> None:
    rows = verdict_rows()
    scores = score("verdict", outcomes("verdict", rows, verdicts(rows)))
    assert set(scores.slices["negated=yes"]) == {"accuracy", "macro_f1"}
    assert set(scores.slices["label=refuted"]) == {"accuracy"}
    assert scores.slices["negated=yes"]["accuracy"].n + scores.slices["negated=no"]["accuracy"].n == 60
    assert "language=en" not in scores.slices  # all rows: nothing new
    recall = scores.per_label["refuted"]["recall"].value
    assert scores.slices["label=refuted"]["accuracy"].value == pytest.approx(recall)


def test_check_worthiness_beside_a_random_order() -> None:
    def said(key: str, gold: str, score_: float | None) -> Outcome:
        label = None if score_ is None else "checkworthy" if score_ > 0.5 else "not_checkworthy"
        return Outcome.model_validate(
            {"id": key, "gold": gold, "predicted": label, "score": score_, "correct": gold == label}
        )

    some = [said("1", "checkworthy", 0.9), said("2", "not_checkworthy", 0.8), said("3", "checkworthy", 0.6)]
    some.append(said("4", "not_checkworthy", None))
    value = {name: figure.value for name, figure in score("checkworthy", some).figures.items()}
    assert value["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert value["prevalence"] == 0.5
    assert value["balanced_accuracy"] == 0.5
    assert score("checkworthy", some).per_label["checkworthy"]["f1"].value == pytest.approx(0.8)


def test_a_run_of_no_row_has_no_figure() -> None:
    scores = score("match", [])
    assert (scores.n, scores.figures, scores.slices) == (0, {}, {})
    assert score("verdict", []).figures == {}


def test_one_row_is_scored() -> None:
    figure = score("verdict", [_verdict("1", "refuted", "refuted", 0.9)]).figures["accuracy"]
    assert (figure.value, figure.high) == (1.0, 1.0)
    assert figure.low == pytest.approx(0.025)


def test_the_main_measures_are_measured() -> None:
    rows = verdict_rows(8)
    assert set(main_measures("verdict")) <= measures("verdict", outcomes("verdict", rows, verdicts(rows))).keys()
