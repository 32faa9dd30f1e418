from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from llm_stub import LLMStub, good, llm_stub_fixture, status, text  # noqa: F401

from factcheck.doctor import Finding, _corpus, _language_model, examine
from factcheck.errors import FactcheckError
from factcheck.settings import Settings


def _until(subject: str, settings: Settings) -> Finding:
    """What the doctor says of one subject; what comes after it is not looked at."""
    return next(finding for finding in examine(settings) if finding.subject == subject)


def test_the_first_thing_is_version_and_mode() -> None:
    import factcheck

    finding = _until("version", Settings.load())
    assert finding.ok and factcheck.__version__ in finding.sentence and "offline" in finding.sentence


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _until("environment", Settings.load()).ok
    monkeypatch.setenv("FACTCHECK_LLM_MODLE", "x")
    finding = _until("environment", Settings.load())
    assert not finding.ok
    assert "FACTCHECK_LLM_MODLE" in finding.sentence and "FACTCHECK_LLM_MODEL?" in finding.sentence


def test_a_home_that_cannot_be_used(tmp_path: Path) -> None:
    assert _until("data directory", Settings.load(home=tmp_path / "new")).ok
    (tmp_path / "file").write_text("not a directory")
    finding = _until("data directory", Settings.load(home=tmp_path / "file"))
    assert not finding.ok and str(tmp_path / "file") in finding.sentence


def test_prompts_are_read_as_a_run_would(tmp_path: Path) -> None:
    assert "verdict" in _until("prompts", Settings.load()).sentence
    (tmp_path / "verdict.md").write_text("no front matter", encoding="utf-8")
    finding = _until("prompts", Settings.load(prompts=tmp_path))
    assert not finding.ok and "verdict.md" in finding.sentence


def test_a_fault_does_not_end_the_examination(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    broken = Settings.load(home=tmp_path / "file", sources=tmp_path / "none", prompts=tmp_path / "none")
    found = list(islice(examine(broken), 5))
    assert [f.ok for f in found if f.subject in ("data directory", "prompts", "source tiers")] == [False] * 3


def test_no_corpus_of_ones_own_is_in_order_and_a_missing_one_is_not(tmp_path: Path) -> None:
    assert "demo corpus" in _corpus(Settings.load())
    with pytest.raises(FactcheckError, match="no corpus at"):
        _corpus(Settings.load(corpus=tmp_path / "missing"))


def test_without_a_language_model_nothing_is_sent() -> None:
    assert "offline verifier" in _language_model(Settings.load())


def test_a_language_model_is_asked_one_thing(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good({"answer": "ok"})
    said = _language_model(llm_stub.settings(home=tmp_path))
    assert "answered as asked in" in said and len(llm_stub.requests) == 1


def test_a_server_that_answers_in_another_shape_is_not_in_order(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = text("ok, of course")
    with pytest.raises(FactcheckError, match="JSON"):
        _language_model(llm_stub.settings(home=tmp_path))


def test_a_refused_key_is_a_sentence_that_does_not_hold_it(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = status(401)
    settings = llm_stub.settings(home=tmp_path)
    with pytest.raises(FactcheckError) as caught:
        _language_model(settings)
    assert "key" in str(caught.value) and "sk-stub" not in str(caught.value)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Iterator[Path]:
    monkeypatch.setenv("FACTCHECK_HOME", str(demo_home))
    yield demo_home


@pytest.mark.slow
def test_a_complete_installation_is_healthy(home: Path) -> None:
    found = list(examine(Settings.load()))
    assert [f for f in found if not f.ok] == []
    assert [f.subject for f in found] == [
        "version", "environment", "data directory", "prompts", "source tiers", "embedding model", "offline verifier",
        "corpus", "language model",
    ]  # fmt: skip
