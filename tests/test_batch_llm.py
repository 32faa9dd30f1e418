"""Batches against an endpoint over HTTP: what is paid, what is refused, what it would cost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakes
import pytest
from llm_stub import LLMStub, broken_json, judge_all, llm_stub_fixture, rate_limit, slow  # noqa: F401
from typer.testing import CliRunner

from factcheck.batches import Plan, Shard, batch, estimated, manifest_path
from factcheck.cli import app
from factcheck.engine import Engine
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.verify.chain import LLMJudge

NOTES = [fakes.document(f"Putin signed {n} documents in Pyongyang on Wednesday.") for n in range(4)]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", *NOTES)
    yield made
    made.close()


def _engine(corpus: Corpus, settings: Settings) -> Engine:
    return fakes.make_engine(corpus, LLMJudge(settings), settings=settings)


def _file(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "claims.jsonl"
    lines = [json.dumps({"id": str(i), "text": f"Putin signed documents, as report {i} has it."}) for i in range(count)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_endpoint_that_bears_less_loses_no_claim(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    """It takes three at once and is asked by twelve; what it refuses costs time and no claim."""
    good = slow(0.05, judge_all("supports"))
    llm_stub.answer = lambda request: (rate_limit() if llm_stub._now > 3 else good)(request)
    settings = llm_stub.settings(
        tmp_path, llm_concurrency=12, llm_retries=0, llm_patience=120.0, llm_price_in=1.0, llm_price_out=1.0
    )
    output = tmp_path / "out.jsonl"
    tally = batch(_file(tmp_path, 40), output, settings, engine=_engine(corpus, settings))
    assert tally[:3] == (40, 40, 0)
    asked = Counter(request.claim for request in llm_stub.requests)
    assert len(asked) == 40 and sum(asked.values()) > 40, "some were refused"
    assert all(row["usage"]["calls"] == 1 for row in _rows(output)), "and paid for once"
    manifest = json.loads(manifest_path(output).read_text("utf-8"))
    assert manifest["calls"] == 40 and manifest["tokens"]["prompt"] == 40 * 100
    assert manifest["cost_usd"] == pytest.approx(40 * 120 / 1e6)
    assert manifest["same"]["prompts"]["verdict"]


def test_a_broken_answer_is_a_row_and_is_not_asked_for_again(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    def answer(request: Any) -> Any:
        return (broken_json() if "report 3 " in request.claim else judge_all("supports"))(request)

    llm_stub.answer = answer
    settings = llm_stub.settings(tmp_path, llm_concurrency=4)
    source, output = _file(tmp_path, 10), tmp_path / "out.jsonl"
    tally = batch(source, output, settings, engine=_engine(corpus, settings))
    assert tally[:3] == (10, 9, 1) and len(llm_stub.requests) == 10
    llm_stub.answer = judge_all("supports")
    again = batch(source, output, settings, engine=_engine(corpus, settings), plan=Plan(retry_failed=True))
    assert again[:3] == (10, 10, 0) and len(llm_stub.requests) == 11


def test_what_was_answered_before_costs_nothing(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    llm_stub.answer = judge_all("supports")
    settings = llm_stub.settings(tmp_path, llm_price_in=1.0, llm_price_out=1.0)
    source = _file(tmp_path, 6)
    batch(source, tmp_path / "a.jsonl", settings, engine=_engine(corpus, settings))
    batch(source, tmp_path / "b.jsonl", settings, engine=_engine(corpus, settings), plan=Plan(budget=0.001))
    assert len(llm_stub.requests) == 6
    manifest = json.loads(manifest_path(tmp_path / "b.jsonl").read_text("utf-8"))
    assert (manifest["calls"], manifest["tokens"]["cached"], manifest["cost_usd"]) == (0, 6 * 120, None)


# --- what it would cost -----------------------------------------------------------------------------------------------


def test_a_dry_run_asks_nobody_and_writes_nothing(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    settings = llm_stub.settings(tmp_path, llm_price_in=2.0, llm_price_out=10.0)
    source = _file(tmp_path, 8)
    with source.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": "Putin signed documents, as report 0 has it."}) + "\nnot json\n")
    found = estimated(source, tmp_path / "out.jsonl", settings, engine=_engine(corpus, settings))
    assert (found.items, found.claims, found.duplicates, found.faulty, found.calls) == (10, 8, 1, 1, 8)
    assert found.prompt_tokens > 8 * 300 and found.completion_tokens > 8 * 100
    assert found.cost_usd == pytest.approx((found.prompt_tokens * 2 + found.completion_tokens * 10) / 1e6)
    assert (
        "about $" in found.sentences()
        and "8 to check, 1 the same as another, 1 that cannot be read" in found.sentences()
    )
    assert not llm_stub.requests and not list(tmp_path.glob("out.jsonl*"))


def test_a_dry_run_leaves_out_what_is_on_record(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    llm_stub.answer = judge_all("supports")
    settings = llm_stub.settings(tmp_path)
    source, output, engine = _file(tmp_path, 8), tmp_path / "out.jsonl", _engine(corpus, settings)
    batch(source, output, settings, engine=engine, plan=Plan(limit=5))
    found = estimated(source, output, settings, engine=engine, plan=Plan(resume=True))
    assert (found.done, found.claims, found.duplicates, found.calls) == (5, 3, 0, 3)
    assert found.cost_usd is None and "price not known" in found.sentences()
    part = estimated(source, output, settings, engine=engine, plan=Plan(shard=Shard(1, 2)))
    rest = estimated(source, output, settings, engine=engine, plan=Plan(shard=Shard(2, 2)))
    assert part.claims + rest.claims == 8


def test_offline_there_is_nothing_to_pay(tmp_path: Path, corpus: Corpus) -> None:
    engine = fakes.make_engine(corpus, fakes.ScriptedJudge())
    found = estimated(_file(tmp_path, 3), tmp_path / "out.jsonl", Settings.load(), engine=engine)
    assert (found.claims, found.calls, found.cost_usd) == (3, 0, 0.0) and "$0" in found.sentences()


def test_articles_are_counted_by_the_rules(tmp_path: Path, corpus: Corpus, llm_stub: LLMStub) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name in "abc":
        (articles / f"{name}.txt").write_text("Putin signed documents. Kim met him. Why so?", encoding="utf-8")
    settings = llm_stub.settings(tmp_path)
    found = estimated(articles, tmp_path / "out.jsonl", settings, engine=_engine(corpus, settings))
    assert (found.items, found.claims, found.calls) == (3, 6, 9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--shard", "5/2"], "--shard"), (["--engine", "dask"], "--address"), (["--resume", "--limit", "0"], "limit")],
)
def test_options_that_cannot_be_used(tmp_path: Path, arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(app, ["batch", str(_file(tmp_path, 1)), "-o", str(tmp_path / "o.jsonl"), *arguments])
    said = str(result.exception) + result.output
    assert result.exit_code != 0 and words in said
