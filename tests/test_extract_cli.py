from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from llm_stub import LLMStub, extract_sentences, llm_stub_fixture, status  # noqa: F401
from pydantic import ValidationError

from factcheck import cli
from factcheck.extract.article import ArticleClaims, as_of_date, extract_article, find_claims
from factcheck.extract.rules import RuleExtractor
from factcheck.settings import Settings
from factcheck.types import Claim, Document, LeftOut

ARTICLE = (
    "Bendungan Karsa Mulai Diisi\n\n"
    "Bendungan Karsa di Tovu mulai diisi kemarin. Gubernur Sari Lembah mengatakan bendungan itu menampung"
    " 3,5 juta meter kubik air. Apakah warga akan pindah?\n"
)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("FACTCHECK_HOME", str(tmp_path / "home"))
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["factcheck", "extract", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(leave.value.code or 0), said.out, said.err)

    return command


def test_the_claims_of_a_file_as_json_are_the_reports_claims(run: Run, home: Path) -> None:
    ended = run(str(home / "article.txt"), "--format", "json", "--as-of", "2024-06-19")
    assert ended.code == 0 and ended.err == ""
    said = json.loads(ended.out)
    found = ArticleClaims.model_validate(said)
    assert found.article.text == ARTICLE and found.article.as_of == date(2024, 6, 19)
    assert found.run.mode == "offline" and found.run.tokens["calls"] == 0
    assert set(said["claims"][0]) == set(Claim.model_fields) and set(said["left_out"][0]) == set(LeftOut.model_fields)
    said_by = {(c.kind, c.speaker) for c in found.claims}
    assert {("attribution", "Sari Lembah"), ("reported", "Sari Lembah"), ("statement", None)} <= said_by
    filled = next(c for c in found.claims if "kemarin" in c.text)
    assert filled.context is not None and "2024-06-18" in filled.context, "yesterday, counted from --as-of"
    assert all(c.score is not None and 0 <= c.score <= 1 and c.why for c in found.claims)
    assert any("question" in item.reason for item in found.left_out)


def test_the_claims_as_text_name_place_score_reasons_and_what_was_left_out(run: Run, home: Path) -> None:
    ended = run(str(home / "article.txt"), "--as-of", "2024-06-19")
    assert ended.code == 0
    place = ARTICLE.index("Gubernur")
    assert "as of 2024-06-19 (given)" in ended.out
    assert f"    {place}–" in ended.out and "speaker: Sari Lembah · score 0." in ended.out
    assert "because of" in ended.out and "number" in ended.out
    assert "Apakah warga akan pindah?  (a question" in ended.out.split("\nleft out\n")[1]


def test_standard_input_and_a_file_for_the_result(run: Run, home: Path) -> None:
    ended = run("-", "-f", "json", "-o", str(home / "claims.json"), stdin=ARTICLE.encode())
    assert ended.code == 0 and ended.out == "" and "written to" in ended.err
    assert ArticleClaims.model_validate_json((home / "claims.json").read_text("utf-8")).claims


def test_an_article_without_claims_says_so(run: Run, home: Path) -> None:
    ended = run("-", stdin=b"Semoga kita semua sehat selalu! Apa kabar?")
    assert ended.code == 0 and "No sentence of it makes a claim" in ended.out and "left out" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{home}/missing.txt",), "There is no file"),
        (("{home}",), "directory"),
        (("http://127.0.0.1/a",), "127.0.0.1"),
        (("{home}/article.txt", "--as-of", "soon"), "YYYY-MM-DD"),
        (("{home}/article.txt", "--mode", "llm"), "FACTCHECK_LLM_MODEL"),
        (("{home}/article.txt", "-o", "{home}"), "is a directory"),
    ],
)
def test_what_cannot_be_used_is_code_2_and_a_sentence(
    run: Run, home: Path, arguments: tuple[str, ...], words: str
) -> None:
    ended = run(*(part.format(home=home) for part in arguments))
    assert ended.code == 2 and ended.out == "" and "Traceback" not in ended.err
    assert words in ended.err.splitlines()[-1] and ended.err.splitlines()[-1].startswith("factcheck: ")


def test_a_format_of_reports_is_a_usage_error(run: Run, home: Path) -> None:
    ended = run(str(home / "article.txt"), "--format", "html")
    assert ended.code == 2 and "Usage:" in ended.err


def test_escape_sequences_of_an_article_do_not_reach_the_terminal(run: Run, home: Path) -> None:
    ended = run("-", stdin="Bendungan Karsa menampung \x1b[31m3,5 juta\u202e liter air pada 2023.".encode())
    assert ended.code == 0 and "3,5 juta" in ended.out
    assert "\x1b" not in ended.out and "\u202e" not in ended.out


def test_the_language_model_extracts_where_one_is_configured(
    run: Run,
    home: Path,
    llm_stub: LLMStub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in llm_stub.environment(home / "home").items():
        monkeypatch.setenv(name, value)
    llm_stub.answer = extract_sentences()
    found = ArticleClaims.model_validate_json(run(str(home / "article.txt"), "-f", "json").out)
    assert found.run.mode == "llm" and found.run.models == {"extractor": "stub-model"} and found.claims
    assert found.run.tokens == {"calls": 1, "prompt": 100, "completion": 20, "cached": 0}
    assert list(found.run.prompts) == ["extract"]
    offline = ArticleClaims.model_validate_json(run(str(home / "article.txt"), "-f", "json", "--mode", "offline").out)
    assert offline.run.mode == "offline" and offline.run.models == {}


def test_rules_stand_in_for_a_language_model_that_does_not_answer(
    run: Run,
    home: Path,
    llm_stub: LLMStub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in llm_stub.environment(home / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FACTCHECK_LLM_RETRIES", "0")
    llm_stub.answer = status(500, "worn out")
    ended = run(str(home / "article.txt"), "-f", "json")
    found = ArticleClaims.model_validate_json(ended.out)
    assert ended.code == 0 and found.claims
    assert "by rules" in found.run.notes[0] and "by rules" in ended.err


# --- the values behind it


def test_no_more_claims_than_the_settings_allow(tmp_path: Path) -> None:
    text = " ".join(f"Bendungan nomor {n} di Tovu menampung {n + 10} juta liter air." for n in range(1, 9))
    found = extract_article(Document.from_text(text, language="id"), Settings(home=tmp_path, max_claims=3))
    assert len(found.claims) == 3
    assert sum("limit of 3" in item.reason for item in found.left_out) == 5


def test_the_same_article_gives_the_same_claims(tmp_path: Path) -> None:
    document, day = Document.from_text(ARTICLE), date(2024, 6, 19)
    settings = Settings(home=tmp_path)
    found = extract_article(document, settings, as_of=day)
    assert found.claims == extract_article(document, settings, as_of=day).claims
    rules = RuleExtractor()
    assert found.claims == find_claims(document, rules, None, day, "given", 100).extraction.claims


def test_the_day_is_given_or_the_articles_or_todays() -> None:
    today, given = date(2024, 7, 1), date(2024, 6, 1)
    dated = Document.from_text("x", published="2024-05")
    assert as_of_date(dated, given, today) == (given, "given")
    assert as_of_date(dated, None, today) == (date(2024, 5, 31), "article")
    assert as_of_date(Document.from_text("x"), None, today) == (today, "today")


def test_a_list_of_claims_that_are_not_in_the_article_cannot_be_built(tmp_path: Path) -> None:
    found = extract_article(Document.from_text(ARTICLE), Settings(home=tmp_path))
    with pytest.raises(ValidationError, match="not at its place"):
        ArticleClaims.model_validate({**found.model_dump(), "article": {**found.article.model_dump(), "text": "x"}})
