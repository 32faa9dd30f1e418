"""The measurement of the language model's queries, over an invented set and a scripted loopback server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fakes
import pytest
from fakes_embedder import HashingEmbedder
from llm_stub import LLMStub, Request, llm_stub_fixture, status, text  # noqa: F401

from factcheck.evals.record import Record, read_record
from factcheck.queries import Expansion

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

TOWNS = ("Lindow", "Orvale", "Tovu", "Maribel")
SYSTEMS = [
    "claim", "translation", "claim+translation", "passage", "claim+passage", "refuting", "claim+refuting", "claim+all",
]  # fmt: skip


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import query_bench

    return query_bench


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Claims on four towns, whose mills burned, among forty notes on villages; one row names no document."""
    place = tmp_path / "sets"
    place.mkdir()
    rows = [
        {"id": f"r{n}", "lang": "en", "claim": f"Nothing at all is known of {town} and its people.", "label": "refuted",
         "gold_doc_ids": [f"d{n}"], "corpus": "corpus_mills.jsonl"}
        for n, town in enumerate(TOWNS)
    ]  # fmt: skip
    rows.append({"id": "none", "lang": "en", "claim": "The sea is wide.", "label": "not_enough_evidence"})
    notes = [{"doc_id": f"d{n}", "text": f"The grinding mill at {t} burned down."} for n, t in enumerate(TOWNS)]
    notes += [{"doc_id": f"v{n}", "text": f"What is known of village {n} is old."} for n in range(40)]
    for name, lines in (("verdict_mills", rows), ("corpus_mills", notes)):
        (place / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return place


@pytest.fixture
def run(
    bench: ModuleType, directory: Path, llm_stub: LLMStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    for name, value in llm_stub.environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FACTCHECK_LLM_CONCURRENCY", "1")

    def go(*more: str, minutes: str = "5") -> list[str]:
        told: list[str] = []
        arguments = [str(directory), "--sets", "mills", "--minutes", minutes, "--out", str(tmp_path / "out"), *more]
        assert bench.main(arguments, told.append, HashingEmbedder()) == 0
        return "\n".join(told).split("\n")

    return go


def model(request: Request) -> Any:
    """A passage that finds the note, a query that finds none, and a translation in the wrong language."""
    town = next(town for town in TOWNS if town in request.claim)
    return {
        "translation": "The people of the town are not known.",
        "passage": f"The grinding mill at {town} burned down in the night.",
        "refuting": "Nothing at all is known of the village and its people there.",
    }


def records(tmp_path: Path) -> dict[str, Record]:
    return {name: read_record(tmp_path / "out" / f"mills-{name.replace('+', '-')}.json") for name in SYSTEMS}


def test_each_text_is_scored_alone_and_beside_the_claim(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.answer = model
    lines = run()
    assert len(llm_stub.requests) == 4, "the row that names no document is not asked"
    found = records(tmp_path)
    figures = {name: record.scores.figures["mrr@10"].value for name, record in found.items()}
    assert figures["passage"] == figures["claim+passage"] == 1.0
    assert figures["claim"] == figures["refuting"] == 0.0
    assert figures["translation"] == figures["claim+translation"] == 0.0, "there is none, so the claim"
    assert found["claim"].mode == "offline" and found["claim"].prompts == {}
    assert found["passage"].mode == "llm" and list(found["passage"].prompts) == ["queries"]
    assert {record.n for record in found.values()} == {4} and found["claim"].time_rule_lifted
    assert found["claim"].corpus == "corpus_mills.jsonl"
    assert any("== mills, 4 rows; with a translation 0, passage 4, refuting 4; 0 replies" in line for line in lines)
    shown = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in SYSTEMS]
    assert list(dict.fromkeys(shown)) == SYSTEMS
    (added,) = [line for line in lines if line.startswith("  passage - claim: ")]
    assert all(f"{name} +" in added for name in ("hit@5", "recall@10", "mrr@10"))


def test_it_goes_on_where_it_stopped(run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = model
    assert any("no row has an answer" in line for line in run(minutes="0")) and llm_stub.requests == []
    run("--rows", "2")
    assert len(llm_stub.requests) == 2 and records(tmp_path)["claim"].n == 2
    run()
    assert len(llm_stub.requests) == 4, "only the rows that were not asked"
    first = records(tmp_path)["claim+passage"].scores.figures["mrr@10"]
    run(minutes="0")
    assert len(llm_stub.requests) == 4 and records(tmp_path)["claim+passage"].scores.figures["mrr@10"] == first


def test_a_reply_that_cannot_be_used_leaves_the_claim(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.script(text("Here they are."))
    llm_stub.answer = model
    for _ in range(2):
        lines = run()
        assert any("passage 3, refuting 3; 1 replies could not be used" in line for line in lines)
    assert len(llm_stub.requests) == 4, "and it is asked once"
    assert records(tmp_path)["claim+all"].n == 4


def test_a_server_that_is_gone_ends_the_run_and_costs_no_row(
    run: Callable[..., list[str]], llm_stub: LLMStub, tmp_path: Path
) -> None:
    llm_stub.answer = status(503)
    lines = run()
    assert len(llm_stub.requests) == 3 and any("stopped: " in line and "503" in line for line in lines)
    llm_stub.answer = model
    run()
    assert records(tmp_path)["claim"].n == 4


def test_what_is_searched_for_by_each_system(bench: ModuleType) -> None:
    claim = fakes.claim("The mill burned.", speaker="A. Miller", context="Lindow")
    written = Expansion(
        translation="Penggilingan itu terbakar pada malam hari dan tidak ada yang tersisa.",
        refuting="mill still stands",
    )
    found = {name: (sought, texts) for name, sought, texts in bench.searches(claim, written)}
    assert list(found) == SYSTEMS
    sought, texts = found["translation"]
    assert (sought.text, sought.language, sought.speaker, sought.context) == (written.translation, "id", None, None)
    assert texts == () and sought.as_of == claim.as_of
    assert found["passage"] == found["claim"] == found["claim+passage"] == (claim, ())
    assert found["claim+refuting"] == (claim, (written.refuting,))
    assert found["claim+all"] == (claim, (written.translation, written.refuting))


def test_a_set_that_names_no_documents_is_refused(
    bench: ModuleType, directory: Path, llm_stub: LLMStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    row = {"id": "a", "claim": "The sea is wide.", "label": "supported"}
    (directory / "verdict_seas.jsonl").write_text(json.dumps(row), encoding="utf-8")
    arguments = [str(directory), "--sets", "seas", "--out", str(tmp_path / "out")]
    assert bench.main(arguments) == 2 and "FACTCHECK_LLM_MODEL" in capsys.readouterr().err
    for name, value in llm_stub.environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    assert bench.main(arguments) == 2 and "gold_doc_ids" in capsys.readouterr().err
