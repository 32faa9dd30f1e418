"""The measurement of the language-model chain, over an invented set and a scripted loopback server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fakes
import pytest
from llm_stub import LLMStub, Request, judge_by, llm_stub_fixture, status, text  # noqa: F401

from factcheck.evals.record import read_record
from factcheck.evals.rows import Gold, Question, Row
from factcheck.verify.offline import OfflineJudge

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

ROWS = (
    ("The mill of Lindow burned in 1911.", "supported", "The mill of Lindow burned down in 1911.", "supports"),
    ("The mill of Lindow burned in 1912.", "refuted", "The mill of Lindow burned down in 1911.", "refutes"),
    ("The mill of Lindow was insured.", "not_enough_evidence", "The mill of Lindow ground rye.", "neutral"),
)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import llm_bench

    return llm_bench


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    place = tmp_path / "sets"
    place.mkdir()
    for name in ("mills", "ferries"):
        rows = [
            {
                "id": f"r{n}", "lang": "en", "claim": claim.replace("mill", name[:-1]), "label": label,
                "evidence": [{"doc_id": f"d{n}", "text": source.replace("mill", name[:-1]), "stance": stance}],
            }
            for n, (claim, label, source, stance) in enumerate(ROWS)
        ]  # fmt: skip
        (place / f"verdict_{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return place


@pytest.fixture
def run(
    bench: ModuleType, directory: Path, llm_stub: LLMStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    for name, value in llm_stub.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FACTCHECK_LLM_CONCURRENCY", "1")

    def go(*more: str, minutes: str = "5") -> list[str]:
        told: list[str] = []
        arguments = [str(directory), "--sets", "mills,ferries", "--no-offline", "--minutes", minutes]
        assert bench.main([*arguments, "--out", str(tmp_path / "out"), *more], told.append) == 0
        return "\n".join(told).split("\n")

    return go


def model(request: Request) -> Any:
    """Right with quotes; with the plain prompt it calls everything supported."""
    if not request.body["response_format"]["json_schema"]["schema"]["properties"].get("findings"):
        return {"label": "supported"}

    def stance(claim: str, source: str) -> tuple[str, str]:
        if "insured" in claim:
            return "neutral", ""
        return ("supports" if "1911" in claim else "refutes"), source[:-1]

    return judge_by(stance)(request)


def record(tmp_path: Path, name: str) -> Any:
    return read_record(tmp_path / "out" / f"{name}.json")


def test_both_prompts_are_scored_on_the_same_rows(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.answer = model
    lines = run()
    assert len(llm_stub.requests) == 12
    for name in ("mills", "ferries"):
        chain, plain = record(tmp_path, f"{name}-chain"), record(tmp_path, f"{name}-plain")
        assert chain.scores.figures["accuracy"].value == 1.0
        assert plain.scores.figures["accuracy"].value == pytest.approx(1 / 3, abs=1e-3)
        assert [o.id for o in chain.outcomes] == [o.id for o in plain.outcomes]
        assert chain.mode == plain.mode == "llm" and chain.models == plain.models == {"judge": "stub-model"}
        assert list(chain.prompts) == ["verdict"] and list(plain.prompts) == ["plain"]
        assert chain.scores.figures["tokens_median"].value == 120
        assert chain.outcomes[0].seconds > 0
    assert any("chain - plain: accuracy +0.667" in line for line in lines)
    assert any("quotes of sides taken: 2 exact" in line for line in lines)


def test_a_block_of_every_set_goes_to_one_prompt_before_the_other(
    run: Callable[..., list[str]], llm_stub: LLMStub
) -> None:
    llm_stub.answer = model
    run("--block", "2")
    asked = ["verdict" if "Rules" in r.system else "plain" for r in llm_stub.requests]
    assert asked == ["verdict"] * 4 + ["plain"] * 4 + ["verdict"] * 2 + ["plain"] * 2
    sets = ["mill" if "mill" in r.claim else "ferr" for r in llm_stub.requests]
    assert sets[:4] == ["mill", "mill", "ferr", "ferr"]


def test_it_goes_on_where_it_stopped_and_keeps_what_calls_cost(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.answer = model
    assert not any("accuracy" in line for line in run(minutes="0")) and llm_stub.requests == []
    run("--rows", "2")
    first = record(tmp_path, "mills-chain")
    assert first.n == 2 and len(llm_stub.requests) == 8
    run()
    assert len(llm_stub.requests) == 12, "only the rows that were not asked"
    then = record(tmp_path, "mills-chain")
    costs = {o.id: (o.tokens, o.seconds > 0.0) for o in then.outcomes}
    assert then.n == 3 and set(costs.values()) == {(120, True)}
    run(minutes="0")
    assert len(llm_stub.requests) == 12
    assert record(tmp_path, "mills-chain").outcomes[0].predicted == then.outcomes[0].predicted


def test_a_failed_reply_is_told_with_its_cause_and_asked_once(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.script(text("It is true."))
    llm_stub.answer = model
    for _ in range(2):
        lines = run()
        (told,) = [line for line in lines if "no answer, chain" in line]
        assert "did not answer in JSON" in told
    assert len(llm_stub.requests) == 12
    found = record(tmp_path, "mills-chain")
    assert found.scores.not_checked == 1 and found.n == 3 and len(found.failures) == 1


def test_a_server_that_is_gone_ends_the_run_and_costs_no_row(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.answer = status(503)
    lines = run()
    assert len(llm_stub.requests) == 3 and any("stopped: " in line and "503" in line for line in lines)
    assert not (tmp_path / "out" / "mills-chain.json").exists()
    llm_stub.answer = model
    run()
    assert record(tmp_path, "mills-chain").scores.not_checked == 0


def test_a_row_without_an_answer_failed_where_the_next_ones_had_one(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.script(status(500), status(500))
    llm_stub.answer = model
    for minutes in ("5", "0"):
        run(minutes=minutes)
        assert record(tmp_path, "mills-chain").scores.not_checked == 2
    assert len(llm_stub.requests) == 12


def test_a_sample_keeps_the_shares_of_the_labels_whatever_its_size(bench: ModuleType) -> None:
    from llm_asking import sample

    rows = [Row(Question(id=f"a{n}", text="x"), Gold(label="supported")) for n in range(200)]
    rows += [Row(Question(id=f"b{n}", text="x"), Gold(label="refuted")) for n in range(100)]
    rows += [Row(Question(id="none", text="x"), None)]
    for size in (3, 30, 60):
        assert Counter(row.gold.label for row in sample(rows, size)) == {
            "supported": size * 2 // 3, "refuted": size // 3,
        }  # fmt: skip
    assert sample(rows, 60)[:10] == sample(list(reversed(rows)), 10)
    assert len(sample(rows, 1000)) == 300


def test_the_second_opinion_is_scored_from_the_same_replies(
    bench: ModuleType, directory: Path, llm_stub: LLMStub, tmp_path: Path
) -> None:
    from llm_asking import Asker, Ledger, ask_all, load_bench, promptings

    llm_stub.answer = model
    settings = llm_stub.settings(tmp_path)
    mills, prompts = load_bench(directory, "mills", 3), promptings(settings)
    ledger = Ledger(tmp_path / "costs.jsonl")
    answers = ask_all([mills], prompts, Asker(ledger, lambda: False), 1, 10, lambda line: None)
    known = {("1911", "1911"): (0.97, 0.01), ("1912", "1911"): (0.9, 0.05)}
    head = fakes.plain_head(disagree={"supports": 0.0}, counterfactual={"refutes": 0.0})
    offline = bench.Remembering(OfflineJudge(fakes.ScriptedEntailment(known), head))
    made = bench.predictions(mills, answers, offline, settings)
    assert len(llm_stub.requests) == 6
    chain, second = ({one.id: one for one in made[system]} for system in ("chain", "second"))
    assert (
        {one.label for one in made["chain"]}
        == {one.label for one in made["second"]}
        == set(("supported", "refuted", "not_enough_evidence"))
    )
    assert second["r0"].confidence > chain["r0"].confidence, "the verifier agrees"
    assert second["r1"].confidence < chain["r1"].confidence, "the verifier does not"
    rows = bench.agreement_rows(mills, answers["mills", "chain"], offline)
    assert sorted(correct for _, correct in rows) == [True, True]
    report = "\n".join(bench.fit_report(rows))
    assert "2 stances, 1.00 right; where the verifier agrees 1.00 of 1, else 1.00 of 1" in report


def test_without_a_model_it_says_what_to_set(
    bench: ModuleType, directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main([str(directory), "--out", str(tmp_path / "out")]) == 2
    assert "FACTCHECK_LLM_MODEL" in capsys.readouterr().err
