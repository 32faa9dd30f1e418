from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes_evals import record, verdict_rows, verdicts
from pydantic import ValidationError

from factcheck.errors import InputError
from factcheck.evals.record import read_record, source_commit, write_record
from factcheck.evals.scoring import score

ROWS = verdict_rows(20)
RECORD = record(ROWS, verdicts(ROWS))


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one.json"
    write_record(RECORD, path)
    again = read_record(path)
    assert again == RECORD
    assert again.failures[0].reason == "No answer within 120 s."
    assert list(path.parent.iterdir()) == [path]


def test_the_scores_can_be_made_again_from_the_outcomes(tmp_path: Path) -> None:
    write_record(RECORD, tmp_path / "one.json")
    again = read_record(tmp_path / "one.json")
    assert score(again.task, again.outcomes) == again.scores


def test_an_outcome_is_a_line(tmp_path: Path) -> None:
    write_record(RECORD, tmp_path / "one.json")
    lines = (tmp_path / "one.json").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('  {"id":"r') for line in lines) == len(ROWS)


def test_a_record_without_outcomes_can_be_written(tmp_path: Path) -> None:
    empty = record([], [])
    write_record(empty, tmp_path / "none.json")
    assert read_record(tmp_path / "none.json") == empty


def test_no_path_of_the_machine_is_kept() -> None:
    found = record(
        ROWS, verdicts(ROWS), dataset="/home/me/sets/bridges.jsonl", models={"llm": "C:\\models\\small.gguf"},
        settings={"llm_base_url": "http://127.0.0.1:8080/v1", "embedding_model": "~/e5", "list": ["/tmp/x/"]},
    )  # fmt: skip
    assert found.dataset == "bridges.jsonl"
    assert found.models == {"llm": "small.gguf"}
    assert found.settings == {
        "llm_base_url": "http://127.0.0.1:8080/v1",
        "embedding_model": "e5",
        "list": ["x"],
    }


def test_scores_of_another_task_or_other_rows_are_refused() -> None:
    with pytest.raises(ValidationError, match="must be of that task"):
        record(ROWS, verdicts(ROWS), scores=score("match", []))
    with pytest.raises(ValidationError, match="20 rows are scored and 3 have an outcome"):
        record(ROWS, verdicts(ROWS), outcomes=RECORD.outcomes[:3])


def _text(**change: object) -> str:
    raw = json.loads(RECORD.model_dump_json())
    return json.dumps({**raw, **change})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a":\n 1,\n}', "one.json:3: this is not JSON"),
        ("[]", "is no record of `factcheck eval`"),
        ('{"claims": []}', "is no record of `factcheck eval`"),
        (_text(schema_version="7"), "schema version 7, this factcheck reads 1"),
        (_text(task="guess"), "one.json is no record: task: Input should be 'verdict'"),
        (_text(surplus=1), "surplus: Extra inputs are not permitted"),
        ("[" * 100_000, "is no record: its JSON is nested too deep"),
    ],
)
def test_what_is_no_record_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "one.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_record(tmp_path / "one.json")
    assert sentence in str(caught.value)


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_record(tmp_path / "none.json")
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(InputError, match="not UTF-8"):
        read_record(tmp_path / "latin")
    with pytest.raises(InputError, match="could not be written"):
        write_record(RECORD, tmp_path / "latin" / "one.json")
    with pytest.raises(InputError, match="could not be written"):
        write_record(RECORD, tmp_path)


def test_the_commit_is_of_this_checkout_or_none() -> None:
    found = source_commit()
    if not (Path(__file__).parents[1] / ".git").exists():
        assert found is None
    else:
        assert found is not None and len(found.removesuffix("+")) == 40
