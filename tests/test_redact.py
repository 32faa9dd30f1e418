"""No secret in anything that a run leaves behind: markers are planted, servers echo them, every output is searched."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fakes
import pytest
from llm_stub import LLMStub, Request, both, extract_sentences, llm_stub_fixture, refusal, status, text  # noqa: F401
from test_pipeline_llm import ARTICLE, NOTES

from factcheck import cli
from factcheck.batches import batch, manifest_path
from factcheck.engine import Engine
from factcheck.errors import CorpusError, SettingsError
from factcheck.extract.chain import LLMExtractor
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.publish import to_csv, to_html, to_json, to_markdown
from factcheck.redact import guard_logs, redacted, trace_of
from factcheck.report import to_html as report_html
from factcheck.report import to_markdown as report_markdown
from factcheck.review import reviewed_report
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.verify.chain import LLMJudge

KEY = "sk-planted/7Qm+rt2w"
TOKEN = "planted-service-0123456789"
APP = "planted-app-token-0123456789"
CHROMA = "planted-chroma-credentials"
LOGIN = "planted-password"
PLANTED = (KEY, TOKEN, APP, CHROMA, LOGIN)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, llm_stub: LLMStub, tmp_path: Path) -> Settings:
    """Settings whose every secret is a marker, from the environment as in a real process."""
    for name, value in {
        "OPENAI_API_KEY": KEY,
        "FACTCHECK_SERVICE_TOKEN": TOKEN,
        "FACTCHECK_APP_TOKEN": APP,
        "CHROMA_CLIENT_AUTH_CREDENTIALS": CHROMA,
        "FACTCHECK_LLM_BASE_URL": llm_stub.url.replace("//", f"//someone:{LOGIN}@"),
        "FACTCHECK_LLM_MODEL": "stub-model",
        "FACTCHECK_LLM_RETRIES": "0",
        "FACTCHECK_LLM_TIMEOUT": "5",
        "FACTCHECK_HOME": str(tmp_path / "home"),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "home").mkdir()
    return Settings.load()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a process of ours writes to its log, tracebacks and all."""
    before = logging.getLogRecordFactory()
    guard_logs()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "openai", "httpx2", "factcheck")}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG if name else logging.INFO)
    yield stream
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.setLogRecordFactory(before)


def spellings(secret: str) -> tuple[str, ...]:
    return secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("=")


def leaks(data: bytes | str) -> list[str]:
    """The planted secrets that are in it, in any spelling."""
    held = data.encode() if isinstance(data, str) else data
    return [secret for secret in PLANTED if any(spelling.encode() in held for spelling in spellings(secret))]


def echo(request: Request) -> str:
    """What a careless server says of a request: all that came with it."""
    return f"unknown key {request.headers['authorization']} {KEY} {quote(KEY, safe='')} for someone:{LOGIN}"


def all_files(directory: Path) -> dict[str, list[str]]:
    return {str(path): found for path in directory.rglob("*") if path.is_file() and (found := leaks(path.read_bytes()))}


class Exploding(fakes.SentenceExtractor):
    """An extractor whose fault quotes the key, as a library's may."""

    def extract(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError(f"bad header Bearer {KEY} at http://someone:{LOGIN}@host")


def test_a_failing_run_leaves_no_secret_behind(
    planted: Settings,
    llm_stub: LLMStub,
    logged: io.StringIO,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Refused keys, bad requests, failures and odd answers, each with the secrets in it, and faults of ours."""
    failures = [
        lambda r: status(401, echo(r))(r),
        lambda r: status(500, echo(r))(r),
        lambda r: text(echo(r))(r),
    ]
    seen: list[str] = []
    outputs: dict[str, str] = {}
    store = RunStore(planted.home / "runs.sqlite3")
    with fakes.make_corpus(planted.home / "corpus", *NOTES) as corpus:

        def engine(extractor: Any, judge: Any) -> Engine:
            made = fakes.make_engine(corpus, judge, settings=planted, extractor=extractor, store=store)
            return made

        def answer(request: Request) -> Any:
            seen.append(request.headers["authorization"])
            return failures[len(seen) % len(failures)](request)

        llm_stub.answer = both(extract_sentences(), answer)
        report = check(ARTICLE, engine(LLMExtractor(planted), LLMJudge(planted)))
        assert [claim.status for claim in report.claims] == ["not_checked"] * 3
        assert any("***" in (claim.reason or "") for claim in report.claims), "the servers' words were shown"
        explode = fakes.ScriptedJudge(default=RuntimeError(f"{KEY} in a fault of ours"))
        again = check(ARTICLE, engine(fakes.SentenceExtractor(), explode))
        assert all("internal error" in (claim.reason or "") for claim in again.claims)
        with pytest.raises(RuntimeError):
            check(ARTICLE, engine(Exploding(), explode))
        assert {run.status for run in store.recent(5)} == {"done", "failed"}

        claims = tmp_path / "claims.jsonl"
        claims.write_text("\n".join(json.dumps({"text": f"Putin landed {n} times."}) for n in range(3)), "utf-8")
        rows = tmp_path / "home" / "rows.jsonl"
        tally = batch(claims, rows, planted, engine=engine(fakes.SentenceExtractor(), LLMJudge(planted)))
        assert tally[:3] == (3, 0, 3) and manifest_path(rows).exists()

        for format, write in {"json": to_json, "html": to_html, "md": to_markdown, "csv": to_csv}.items():
            outputs[f"publish {format}"] = write(reviewed_report(store, report.run.id), notes=True)
    outputs |= {"html": report_html(report), "md": report_markdown(report), "json": report.model_dump_json()}
    outputs["log"] = logged.getvalue()
    said = capsys.readouterr()
    outputs["stdout"], outputs["stderr"] = said.out, said.err
    outputs["repr"] = f"{planted!r} {planted.public()} {planted.model_dump(mode='json')}"
    outputs["repr"] = outputs["repr"].replace(str(planted.llm_base_url), "")
    assert seen and all(leaks(one) or LOGIN in base64.b64decode(one.split()[1] + "==").decode() for one in seen)
    assert "RuntimeError" in outputs["log"] and "Traceback" in outputs["log"]
    assert {name: found for name, held in outputs.items() if (found := leaks(held))} == {}
    assert all_files(tmp_path) == {}


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The test above can fail."""
    (tmp_path / "a").write_bytes(b"\0" + quote(KEY, safe="").encode())
    (tmp_path / "b").write_bytes(base64.b64encode(CHROMA.encode()))
    assert {tuple(found) for found in all_files(tmp_path).values()} == {(KEY,), (CHROMA,)}


def test_commands_and_doctor_say_no_secret(
    planted: Settings, llm_stub: LLMStub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from factcheck.doctor import _language_model
    from factcheck.errors import FactcheckError

    llm_stub.answer = lambda request: status(401, echo(request))(request)
    with pytest.raises(FactcheckError) as caught:
        _language_model(planted)
    assert "***" in str(caught.value) and not leaks(str(caught.value))
    for debug in ("", "1"):
        monkeypatch.setenv("FACTCHECK_DEBUG", debug)
        try:
            raise ValueError(f"{KEY} {TOKEN} {CHROMA} http://someone:{LOGIN}@host/")
        except ValueError as error:
            assert cli.usage_or_internal(error) == 1
        said = capsys.readouterr().err
        assert "ValueError" in said and ("Traceback" in said) == bool(debug) and not leaks(said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FACTCHECK_SERVICE_TOKEN", "planted-é-is-no-token-in-ascii"),
        ("FACTCHECK_LLM_BASE_URL", f"ftp://someone:{LOGIN}@host/v1"),
        ("FACTCHECK_CHROMA_URL", f"http://someone:{LOGIN}@[host"),
        ("FACTCHECK_CHROMA_URL", f"someone:{LOGIN}@host"),
    ],
)
def test_a_setting_that_cannot_be_used_is_not_quoted_with_its_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["factcheck", "doctor"])
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert caught.value.__cause__ is None
    assert name in str(caught.value) and "planted" not in str(caught.value)
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr()
    assert name in said.err and "planted" not in said.err + said.out


def test_a_chroma_server_that_echoes_its_token_is_a_sentence_without_it(
    monkeypatch: pytest.MonkeyPatch, llm_stub: LLMStub, tmp_path: Path
) -> None:
    """Nobody at that address is a Chroma server; whatever it says is not passed on with a secret in it."""
    from fakes_embedder import HashingEmbedder

    monkeypatch.setenv("CHROMA_CLIENT_AUTH_CREDENTIALS", CHROMA)
    fakes.make_corpus(tmp_path / "notes", *NOTES).close()
    with pytest.raises(CorpusError) as caught:
        Corpus.open(tmp_path / "notes", HashingEmbedder(), server=f"http://someone:{LOGIN}@{llm_stub.root[7:]}")
    assert not leaks(str(caught.value))


def test_what_a_report_records_of_the_settings(planted: Settings) -> None:
    told = planted.model_copy(update={"chroma_url": f"http://someone:{LOGIN}@host:8000/?token={CHROMA}"}).public()
    assert told["chroma_url"] == "http://host:8000/" and not leaks(json.dumps(told))
    assert not [name for name in told if "token" in name.replace("tokens", "") or name.endswith("_key")]


def test_a_sentence_without_secrets_stays_as_it_is(planted: Settings) -> None:
    sentence = f"On {date(2024, 6, 19)} a@b.example wrote http://host/a@b?c=d, and 12 of 120 tokens."
    assert redacted(sentence, planted) == sentence
    error = ValueError(sentence)
    assert trace_of(error, planted) is error
    stand_in = trace_of(ValueError(f"no {KEY}"), planted)
    assert type(stand_in).__name__ == "ValueError" and str(stand_in) == "no ***"
