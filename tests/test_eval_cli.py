"""`factcheck eval` through the command, on small invented sets.

The tasks that need no model run in the ordinary tests; verdicts and retrieval, with the models that ship, in the slow.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fakes_evals import record, verdict_rows, verdicts
from homes import own_settings

from factcheck import cli
from factcheck.evals.record import Record, read_record, write_record


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def _eval(*arguments: object) -> Ended:
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["factcheck", "eval", *map(str, arguments)])
        patch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as leave:
            cli.main()
    return Ended(int(leave.value.code or 0), out.getvalue(), err.getvalue())


def _written(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _is_one_sentence(ended: Ended, *words: str) -> None:
    """Exit code 2, nothing on stdout, and one sentence for the user without a traceback."""
    assert ended.code == 2, ended
    assert ended.out == "" and "Traceback" not in ended.err
    lines = [line for line in ended.err.splitlines() if line.startswith("factcheck: ")]
    assert len(lines) == 1 and lines[0].endswith((".", ")")), ended.err
    for word in words:
        assert word in lines[0], ended.err


WORTH = [
    {"id": "w1", "lang": "en", "text": "Exports rose by 12 per cent to 4.1 million tonnes.", "label": "checkworthy"},
    {"id": "w2", "lang": "en", "text": "I love this lake.", "label": "not_checkworthy"},
    {"id": "w3", "lang": "en", "text": "The council closed 14 of its 20 libraries in 2019.", "label": "checkworthy"},
    {"id": "w4", "lang": "en", "text": "What a day it was!", "label": "not_checkworthy"},
    {"id": "w5", "lang": "en", "text": "The bridge opened in 1911 and is 300 metres long."},
]
"""The last has no label."""


@pytest.fixture
def worth(tmp_path: Path) -> Path:
    """A set that needs no model."""
    return _written(tmp_path / "checkworthy_towns.jsonl", WORTH)


# --- a run without models


def test_a_run_is_printed_and_recorded(worth: Path, tmp_path: Path) -> None:
    ended = _eval(worth, "--mode", "offline", "-o", tmp_path / "record.json")
    assert ended.code == 0, ended.err
    assert "checkworthy_towns" in ended.out and "average precision" in ended.out and "random" in ended.out
    assert "record.json" in ended.err
    found = read_record(tmp_path / "record.json")
    assert (found.dataset, found.task, found.n, found.mode) == ("checkworthy_towns", "checkworthy", 5, "offline")
    assert found.scores.figures.keys() >= {"accuracy", "average_precision"}


def test_a_row_without_gold_is_predicted_and_not_scored(worth: Path, tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    assert _eval(worth, "--predictions", said, "-o", tmp_path / "record.json").code == 0
    assert [row["id"] for row in _lines(said)] == ["w1", "w2", "w3", "w4", "w5"]
    assert all(row["status"] == "checked" and row["score"] is not None for row in _lines(said))
    found = read_record(tmp_path / "record.json")
    assert (found.n, found.scores.n) == (5, 4)
    assert "w5" not in {outcome.id for outcome in found.outcomes}


def test_the_record_holds_no_text_of_the_set_and_no_path(worth: Path, tmp_path: Path) -> None:
    assert _eval(worth, "-o", tmp_path / "record.json").code == 0
    text = (tmp_path / "record.json").read_text(encoding="utf-8")
    assert "libraries" not in text and str(tmp_path) not in text


def test_without_a_name_the_record_goes_among_yours(worth: Path) -> None:
    assert _eval(worth, "--mode", "offline").code == 0
    (made,) = (Path(os.environ["FACTCHECK_HOME"]) / "evals" / "records").glob("*.json")
    assert made.name.startswith("checkworthy_towns-offline-")
    assert read_record(made).n == 5


def test_limit_keeps_the_first_rows(worth: Path, tmp_path: Path) -> None:
    assert _eval(worth, "--limit", "2", "--predictions", tmp_path / "said.jsonl").code == 0
    assert [row["id"] for row in _lines(tmp_path / "said.jsonl")] == ["w1", "w2"]


def test_the_task_can_be_said(tmp_path: Path) -> None:
    rows = [{"id": "a1", "lang": "en", "text": "The mill opened in 1901. I like it.", "gold_claims": [{"text": "The mill opened in 1901."}], "gold_is_exhaustive": True}]  # fmt: skip  # noqa: E501
    source = _written(tmp_path / "rows.jsonl", rows)
    ended = _eval(source, "--task", "extract", "--mode", "offline", "-o", tmp_path / "record.json")
    assert ended.code == 0, ended.err
    assert read_record(tmp_path / "record.json").scores.figures["recall"].value == 1.0


# --- two records


ROWS = verdict_rows()
A = record(ROWS, verdicts(ROWS, right=0.5))
B = record(ROWS, verdicts(ROWS, right=0.9))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Records of two runs on the same rows."""
    write_record(A, tmp_path / "a.json")
    write_record(B, tmp_path / "b.json")
    return tmp_path / "a.json", tmp_path / "b.json"


def test_two_records_are_compared(two: tuple[Path, Path]) -> None:
    ended = _eval("--compare", *two)
    assert ended.code == 0, ended.err
    assert "b.json against a.json" in ended.out and "macro-F1" in ended.out
    gap = B.scores.figures["accuracy"].value - A.scores.figures["accuracy"].value
    assert f"+{gap:.3f}".replace("+0.", "+.") in ended.out


def test_records_of_different_sets_are_not_compared(two: tuple[Path, Path], tmp_path: Path) -> None:
    other: Record = A.model_copy(update={"digest": "cd" * 32, "dataset": "tunnels"})
    write_record(other, tmp_path / "other.json")
    _is_one_sentence(_eval("--compare", two[0], tmp_path / "other.json"), "different sets", "tunnels")


def test_what_is_no_record_is_not_compared(two: tuple[Path, Path], worth: Path, tmp_path: Path) -> None:
    _is_one_sentence(_eval("--compare", two[0], worth), "towns.jsonl")
    _is_one_sentence(_eval("--compare", two[0], tmp_path / "none.json"), "none.json")


# --- what cannot be used


def test_neither_a_set_nor_records(tmp_path: Path) -> None:
    _is_one_sentence(_eval(), "--compare")


def test_both_a_set_and_records(worth: Path, two: tuple[Path, Path]) -> None:
    _is_one_sentence(_eval(worth, "--compare", *two), "--compare")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    _is_one_sentence(_eval(tmp_path / "verdict_none.jsonl"), "verdict_none.jsonl")


VERDICT = {
    "id": "v1",
    "lang": "en",
    "claim": "The bridge is 300 metres long.",
    "label": "supported",
    "evidence": [{"doc_id": "d1", "text": "The bridge over the Ness is 300 metres long."}],
}


@pytest.mark.parametrize(
    ("row", "arguments", "words"),
    [
        ({**VERDICT, "label": "half true"}, (), ("verdict_x.jsonl:1", "half true", "not_enough_evidence")),
        ({**VERDICT, "claim": ""}, (), ("verdict_x.jsonl:1", "claim")),
        ({**VERDICT, "evidence": []}, (), ("brings evidence", "--evidence retrieved")),
        (VERDICT, ("--evidence", "retrieved"), ("names no corpus", "--corpus")),
        ({**VERDICT, "corpus": "gone.jsonl"}, ("--evidence", "retrieved"), ("no corpus file", "gone.jsonl")),
        ({**VERDICT, "corpus": "../up.jsonl"}, ("--evidence", "retrieved"), ("../up.jsonl", "--corpus")),
        (VERDICT, ("--corpus", "missing.jsonl"), ("no corpus file", "missing.jsonl")),
        (VERDICT, ("--mode", "llm"), ("No language model is configured", "FACTCHECK_LLM_MODEL")),
        (VERDICT, ("-o", "no/such/place.json"), ("no directory",)),
        (VERDICT, ("--predictions", "no/such/place.jsonl"), ("no directory",)),
    ],
    ids=[
        "label", "claim", "no evidence", "no corpus", "corpus gone", "corpus elsewhere", "corpus missing", "mode",
        "output", "predictions",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, row: dict[str, Any], arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    _is_one_sentence(_eval(_written(tmp_path / "verdict_x.jsonl", [row]), *arguments), *words)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    source = tmp_path / "verdict_x.jsonl"
    source.write_text(json.dumps(VERDICT) + "\n{broken\n", encoding="utf-8")
    _is_one_sentence(_eval(source), "verdict_x.jsonl:2")


@pytest.mark.parametrize("arguments", [("--limit", "0"), ("--task", "poetry"), ("--evidence", "hearsay")])
def test_an_option_out_of_range_is_a_usage_error(worth: Path, arguments: tuple[str, ...]) -> None:
    ended = _eval(worth, *arguments)
    assert ended.code == 2 and arguments[0] in ended.err and "Traceback" not in ended.err


def test_there_are_no_pictures_of_other_tasks(worth: Path, tmp_path: Path) -> None:
    ended = _eval(worth, "--plots", tmp_path / "plots", "-o", tmp_path / "record.json")
    assert ended.code == 2 and "verdicts only" in ended.err
    assert (tmp_path / "record.json").is_file()


# --- verdicts, with the models that ship


TOWNS = [
    ("t1", "The bridge over the Ness is 300 metres long.", "supported", "d1"),
    ("t2", "The bridge over the Ness is 500 metres long.", "refuted", "d1"),
    ("t3", "The mayor of Halden was born in Norway.", "not_enough_evidence", "d2"),
    ("t4", "The council of Halden closed 14 libraries.", None, "d2"),
]
NOTES = {
    "d1": "The bridge over the Ness is 300 metres long and was opened in 1911.",
    "d2": "The council of Halden closed 14 of its 20 libraries in 2019.",
    "d3": "The harbour of Moss was dredged twice in the last century.",
}


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Verdicts with evidence, and the corpus that it is of; the last row has no label."""
    _written(tmp_path / "corpus_towns.jsonl", ({"doc_id": key, "text": text} for key, text in NOTES.items()))
    rows = [
        {
            "id": key, "lang": "en", "claim": claim, "evidence": [{"doc_id": doc, "text": NOTES[doc]}],
            "corpus": "corpus_towns.jsonl",
            **({"label": label, "gold_doc_ids": [doc] if label != "not_enough_evidence" else []} if label else {}),
        }
        for key, claim, label, doc in TOWNS
    ]  # fmt: skip
    return _written(tmp_path / "verdict_towns.jsonl", rows)


@pytest.mark.slow
def test_verdicts_on_given_evidence(towns: Path, tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    ended = _eval(towns, "--mode", "offline", "-o", tmp_path / "record.json", "--predictions", said)
    assert ended.code == 0, ended.err
    found, lines = read_record(tmp_path / "record.json"), _lines(said)
    assert (found.n, found.scores.n, found.evidence, found.corpus) == (4, 3, "given", None)
    assert found.baselines.keys() == {"majority", "lexical"} and "verifier" in found.models
    assert [line["label"] for line in lines[:2]] == ["supported", "refuted"]
    assert lines[3]["label"] is not None
    for line in lines:
        for piece in line["evidence"]:
            assert piece["in_source"] and NOTES[piece["doc_id"]][piece["start"] : piece["end"]] == piece["quote"]


@pytest.mark.slow
def test_verdicts_on_retrieved_evidence(
    towns: Path, tmp_path: Path, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_settings(monkeypatch, demo_home)
    ended = _eval(towns, "--mode", "offline", "--evidence", "retrieved", "-o", tmp_path / "record.json")
    assert ended.code == 0, ended.err
    found = read_record(tmp_path / "record.json")
    assert (found.corpus, found.evidence, found.time_rule_lifted) == ("corpus_towns.jsonl", "retrieved", True)
    assert found.scores.figures["recall@1"].value == 1.0 and "embedding" in found.models
    assert _eval("--compare", tmp_path / "record.json", tmp_path / "record.json").code == 0
