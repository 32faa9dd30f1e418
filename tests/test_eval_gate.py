from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fakes_evals import record, verdict_rows, verdicts
from homes import own_settings

from factcheck.errors import InputError
from factcheck.evals import floors as pinned
from factcheck.evals import gate
from factcheck.evals.floors import Floors, check, pin, read_floors, update, write_floors
from factcheck.evals.intervals import Figure
from factcheck.evals.pooling import pooled
from factcheck.evals.record import Record
from factcheck.evals.rows import Gold
from factcheck.evals.scoring import score
from factcheck.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data" / "eval"
BENCH = ROOT.parent / "shared" / "bench"
# Pinned with: python -m factcheck.evals.gate --update --data BENCH --floors tests/data/eval/floors_bench.json \
#   --evidence given --limit 60 --sets (these)
BENCH_SETS = ("verdict_feversym", "verdict_fm2", "verdict_healthver_pairs", "verdict_indonli", "verdict_vitaminc")
BENCH_ROWS = 60

ROWS = verdict_rows()
GOOD = record(ROWS, verdicts(ROWS, right=0.8))
BAD = record(ROWS, verdicts(ROWS, right=0.4))
FLOORS = update(Floors(), [GOOD])


def _figure(value: float, low: float, high: float) -> Figure:
    return Figure(value=value, low=low, high=high, n=40)


# --- floors of runs that are made up


def test_a_floor_lies_one_standard_error_below_the_figure() -> None:
    found = pin("accuracy", _figure(0.75, 0.6, 0.9))
    assert (found.value, found.error, found.floor, found.n) == (0.75, 0.0765, 0.6735, 40)  # 0.3 / 3.92


def test_a_ceiling_lies_one_standard_error_above_an_error_measure() -> None:
    assert pin("ece", _figure(0.1, 0.06, 0.16)).floor == 0.1255


@pytest.mark.parametrize("value", [1.0, 0.9])
def test_quotes_have_no_margin_even_where_they_fail_today(value: float) -> None:
    assert pin("quotes_valid", _figure(value, 0.8, 1.0)).floor == 1.0


def test_what_was_pinned_passes() -> None:
    assert FLOORS.floors[0].figures.keys() >= {"accuracy", "macro_f1", "recall@5"}
    assert check(FLOORS, [GOOD]) == ()


def test_a_worse_run_fails_and_says_where() -> None:
    breaches = check(FLOORS, [BAD])
    assert {"accuracy", "macro_f1"} <= {breach.name for breach in breaches}
    floor = FLOORS.floors[0].figures["accuracy"].floor
    assert f"bridges (offline, given): accuracy is {BAD.scores.figures['accuracy'].value:.4f}" in str(breaches[0])
    assert str(breaches[0]).endswith(f"below its floor of {floor:.4f}.")


def test_within_the_margin_is_no_failure_and_just_below_it_is() -> None:
    floor = FLOORS.floors[0].figures["accuracy"].floor
    assert "accuracy" not in {breach.name for breach in check(FLOORS, [_with(GOOD, accuracy=floor)])}
    assert [breach.name for breach in check(FLOORS, [_with(GOOD, accuracy=floor - 0.001)])] == ["accuracy"]


def test_an_error_measure_fails_above_its_ceiling_only() -> None:
    whole = pooled([GOOD], pinned.ALL_SETS)
    floors = update(Floors(), [whole])
    assert check(floors, [_with(whole, ece=0.0)]) == ()
    (breach,) = check(floors, [_with(whole, ece=0.9)])
    assert "ece is 0.9000, above its ceiling" in str(breach)


def test_a_figure_that_can_no_longer_be_measured_fails() -> None:
    figures = {k: v for k, v in GOOD.scores.figures.items() if k != "recall@5"}
    silent = GOOD.model_copy(update={"scores": GOOD.scores.model_copy(update={"figures": figures})})
    (breach,) = check(FLOORS, [silent])
    assert "recall@5 could not be measured" in str(breach)


@pytest.mark.parametrize(
    "change", [{"digest": "cd" * 32}, {"corpus_digest": "ef" * 32}, {"n": 59}], ids=["file", "corpus", "rows"]
)
def test_other_rows_are_refused_rather_than_compared(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"not what its floor was measured on.*--update --lower"):
        check(FLOORS, [GOOD.model_copy(update=change)])


def test_a_run_without_a_floor_and_a_floor_without_a_run_are_refused() -> None:
    other = GOOD.model_copy(update={"dataset": "tunnels"})
    with pytest.raises(InputError, match=r"tunnels \(offline, given\) is in only one"):
        check(FLOORS, [GOOD, other])
    with pytest.raises(InputError, match="bridges"):
        check(FLOORS, [])


def test_floors_rise_without_a_reason() -> None:
    floors = update(update(Floors(), [BAD]), [GOOD])
    assert floors == FLOORS and floors.history == ()


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_floors_sink_only_with_a_reason(reason: str | None) -> None:
    with pytest.raises(InputError, match=r"accuracy 0\.\d{4} to 0\.\d{4}.*--lower REASON"):
        update(FLOORS, [BAD], reason)


def test_the_reason_stays_in_the_history() -> None:
    floors = update(FLOORS, [BAD], "the set's labels were mended", date(2026, 11, 23))
    assert check(floors, [BAD]) == ()
    assert {(one.day, one.reason) for one in floors.history} == {(date(2026, 11, 23), "the set's labels were mended")}
    assert any("accuracy" in one.what for one in floors.history)
    assert update(floors, [GOOD]).history == floors.history


@pytest.mark.parametrize(
    ("records", "said"),
    [((), "is gone"), ((GOOD.model_copy(update={"digest": "cd" * 32}),), "has other rows")],
    ids=["gone", "other rows"],
)
def test_a_floor_does_not_go_without_a_reason_either(records: tuple[Record, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        update(FLOORS, records)


def test_floors_survive_the_file(tmp_path: Path) -> None:
    write_floors(FLOORS, tmp_path / "floors.json")
    assert read_floors(tmp_path / "floors.json") == FLOORS


def test_a_floor_lowered_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    write_floors(FLOORS, path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["floors"][0]["figures"]["accuracy"]["floor"] = 0.1
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(InputError, match="changed by hand"):
        read_floors(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"floors": 3}', "not JSON"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "floors.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"no file of floors|changed by hand"):
        read_floors(tmp_path / "floors.json")


def test_a_directory_without_sets_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(["--data", str(tmp_path), "--update"]) == 2
    assert "There is no set at all" in capsys.readouterr().err
    assert gate.main(["--data", str(tmp_path)]) == 2
    assert "Make it with --update" in capsys.readouterr().err


# --- several runs as one


def _with(run: Record, **values: float) -> Record:
    changed = {name: run.scores.figures[name].model_copy(update={"value": value}) for name, value in values.items()}
    figures = {**run.scores.figures, **changed}
    return run.model_copy(update={"scores": run.scores.model_copy(update={"figures": figures})})


def test_pooled_runs_are_scored_over_all_their_rows() -> None:
    other = BAD.model_copy(update={"dataset": "tunnels", "digest": "cd" * 32})
    whole = pooled([GOOD, other], "both")
    right = sum(o.correct for run in (GOOD, other) for o in run.outcomes)
    assert whole.n == 120 and whole.scores.figures["accuracy"].value == pytest.approx(right / 120)
    assert whole.scores == score("verdict", whole.outcomes)
    by_set = whole.scores.slices["dataset=tunnels"]["accuracy"]
    assert by_set.value == pytest.approx(other.scores.figures["accuracy"].value)
    assert len({o.id for o in whole.outcomes}) == 120
    assert whole.digest == pooled([other, GOOD], "both").digest


def test_pooling_can_keep_some_rows() -> None:
    denied = pooled([GOOD], "denials", keep=lambda o: "negated=yes" in o.slices)
    assert denied.n == 30 and all("negated=yes" in o.slices for o in denied.outcomes)


@pytest.mark.parametrize(
    "runs",
    [[], [GOOD, GOOD], [GOOD, GOOD.model_copy(update={"dataset": "x", "evidence": "retrieved"})]],
    ids=["none", "one twice", "two kinds"],
)
def test_what_cannot_be_pooled_is_refused(runs: list[Record]) -> None:
    with pytest.raises(InputError):
        pooled(runs, "all")


# --- the sets that ship


def test_every_set_names_its_source_and_licence() -> None:
    told = (DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1]: line for line in told.splitlines() if line.startswith("| `")}
    named = {name: line for cell, line in rows.items() for name in cell.replace("`", "").replace(" ", "").split(",")}
    assert named.keys() == {path.name for path in DATA.glob("*.jsonl")}
    for line in named.values():
        assert any(licence in line for licence in ("CC BY-SA", "CC BY 4.0", "Apache-2.0", "MIT", "ODC-BY"))
        assert "](https://" in line


def test_the_sets_are_small_balanced_and_whole() -> None:
    from factcheck.evals.datasets import load_dataset

    assert sum(path.stat().st_size for path in DATA.glob("*.jsonl")) < 300_000
    for path in DATA.glob("verdict_*.jsonl"):
        found = load_dataset(path)
        gold = [row.gold for row in found.rows]
        labels = [one.label for one in gold if isinstance(one, Gold)]
        assert len(labels) == 24 and len({labels.count(label) for label in labels}) == 1
        assert all(row.question.evidence for row in found.rows)
        assert found.corpus is None or found.corpus.is_file()


def test_no_web_page_is_passed_on_with_factcheck_bench() -> None:
    for line in (DATA / "verdict_factcheckbench.jsonl").read_text(encoding="utf-8").splitlines():
        for piece in json.loads(line)["evidence"]:
            assert piece["kind"] == "human" and "//en.wikipedia.org/" in piece["text"]


# --- the real system


@pytest.mark.slow
def test_the_offline_system_is_as_good_as_its_floors(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_settings(monkeypatch, demo_home)
    records = gate.measure(DATA, Settings.load())
    assert [str(breach) for breach in check(read_floors(DATA / "floors.json"), records)] == []
    assert {(r.task, r.evidence) for r in records} == {
        ("verdict", "given"), ("verdict", "retrieved"), ("extract", None)
    }  # fmt: skip
    for run in records:
        assert run.failures == ()
        whole = run.scores.figures["spans_hold" if run.task == "extract" else "quotes_valid"]
        assert whole.value == 1.0 and whole.n > 0, run.dataset


@pytest.mark.slow
@pytest.mark.skipif(not BENCH.is_dir(), reason="../shared/bench is not here: only the sets that ship are measured")
def test_the_offline_system_is_as_good_as_its_floors_on_the_bench() -> None:
    records = gate.measure(BENCH, Settings.load(), sets=BENCH_SETS, evidence=("given",), limit=BENCH_ROWS)
    assert [str(breach) for breach in check(read_floors(DATA / "floors_bench.json"), records)] == []
    assert all(run.scores.figures["quotes_valid"].value == 1.0 for run in records)


@pytest.mark.skipif(not BENCH.is_dir(), reason="../shared/bench is not here: the sets that ship cannot be made again")
def test_the_sets_that_ship_are_what_the_script_makes(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, str(ROOT / "benchmarks" / "make_fixture.py"), str(BENCH), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for path in DATA.glob("*.jsonl"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
