from __future__ import annotations

import pytest
from fakes_evals import record, verdict_rows, verdicts

from factcheck.errors import InputError
from factcheck.evals.comparing import compare_records
from factcheck.evals.intervals import mcnemar

ROWS = verdict_rows()
WORSE = record(ROWS, verdicts(ROWS, seed=2, right=0.3))
BETTER = record(ROWS, verdicts(ROWS, seed=1, right=0.8, lost=0), evidence="retrieved", settings={"evidence": 5})


def test_the_difference_is_that_of_the_scores() -> None:
    found = compare_records(WORSE, BETTER)
    for name in ("accuracy", "macro_f1", "aurc", "mrr@10", "seconds_median"):
        each = found.differences[name]
        assert each.a == pytest.approx(WORSE.scores.figures[name].value)
        assert each.b == pytest.approx(BETTER.scores.figures[name].value)
        assert each.difference == pytest.approx(each.b - each.a)
    assert found.differences["macro_f1"].low > 0
    assert found.differences["macro_f1"].p < 0.001
    assert found.differences["accuracy"].p == mcnemar(found.only_a, found.only_b)
    assert found.both + found.only_a + found.only_b + found.neither == found.n == 60
    assert found.only_b - found.only_a == pytest.approx(60 * found.differences["accuracy"].difference)


def test_turned_round_it_is_the_same_with_the_other_sign() -> None:
    there, back = compare_records(WORSE, BETTER), compare_records(BETTER, WORSE)
    one, other = there.differences["macro_f1"], back.differences["macro_f1"]
    assert one.difference == pytest.approx(-other.difference)
    assert (one.low, one.high) == (pytest.approx(-other.high), pytest.approx(-other.low))
    assert one.p == pytest.approx(other.p)


def test_a_run_does_not_differ_from_itself() -> None:
    found = compare_records(WORSE, WORSE)
    assert {(d.difference, d.p) for d in found.differences.values()} == {(0.0, 1.0)}
    assert found.settings == ()


def test_the_order_of_rows_cannot_matter() -> None:
    turned = record(ROWS[::-1], verdicts(ROWS, seed=2, right=0.3)[::-1])
    assert {d.difference for d in compare_records(WORSE, turned).differences.values()} == {0.0}


def test_it_says_in_what_the_runs_differ() -> None:
    assert compare_records(WORSE, BETTER).settings == ("evidence: given, retrieved", "settings.evidence: None, 5")


def test_runs_that_cannot_be_compared_are_refused() -> None:
    other = record(ROWS, verdicts(ROWS), digest="cd" * 32)
    with pytest.raises(InputError, match=r"different sets: bridges \(abababababab\) and bridges \(cdcdcdcdcdcd\)"):
        compare_records(WORSE, other)
    with pytest.raises(InputError, match="share 40 rows of 60 and 40"):
        compare_records(WORSE, record(ROWS[:40], verdicts(ROWS[:40])))
    matching = record([], []).model_copy(update={"task": "match"})
    with pytest.raises(InputError, match="of the task verdict, the second of match"):
        compare_records(WORSE, matching)
