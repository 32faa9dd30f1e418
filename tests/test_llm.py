from __future__ import annotations

import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from llm_stub import (
    KEY,
    LLMStub,
    broken_json,
    cut_off,
    empty,
    good,
    hang_up,
    html,
    llm_stub_fixture,  # noqa: F401
    rate_limit,
    refusal,
    slow,
    status,
    text,
)
from pydantic import Field

from factcheck.errors import JudgeError, LLMBadReply, LLMUnavailable, SettingsError
from factcheck.llm import CACHE_NAME, DEAD_SECONDS, Reach, Reply, chat_model, structured, untrusted
from factcheck.settings import Settings
from factcheck.types import Usage, Value


class Weather(Value):
    """The weather somewhere."""

    place: str = Field(description="the town, as the question has it")
    sky: Literal["clear", "cloudy"] = Field(description="what the sky is like")


QUESTION = [("system", "You tell the weather."), ("human", "Bandung?")]
ANSWER = {"place": "Bandung", "sky": "clear"}
EXPECTED = Weather(place="Bandung", sky="clear")
METHODS = ("json_schema", "function_calling", "json_mode")


def ask(settings: Settings, **more: Any) -> Reply[Weather]:
    return structured(settings, Weather, **more).invoke(QUESTION)


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("OPENAI_", "FACTCHECK_"))]:
        monkeypatch.delenv(name)


def test_importing_it_does_not_load_langchain() -> None:
    heavy = "{'langchain', 'langchain_core', 'openai'}"
    code = f"import sys, factcheck.llm; print({heavy} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


# --- good replies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_good_reply_in_every_way_of_asking(llm_stub: LLMStub, tmp_path: Path, method: str) -> None:
    llm_stub.answer = good(ANSWER)
    reply = ask(llm_stub.settings(tmp_path, llm_structured_output=method))
    assert reply.value == EXPECTED
    assert reply.usage == Usage(calls=1, prompt_tokens=100, completion_tokens=20)
    body = llm_stub.requests[0].body
    sent = json.dumps(body)
    assert "the town, as the question has it" in sent, "a field's description is the instruction"
    if method == "json_schema":
        assert body["response_format"]["json_schema"]["strict"] is True
    elif method == "function_calling":
        assert body["tool_choice"]["function"]["name"] == "Weather"
    else:
        assert body["response_format"] == {"type": "json_object"}
        assert "JSON Schema" in llm_stub.requests[0].system


def test_what_is_sent(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    ask(llm_stub.settings(tmp_path, llm_max_tokens=333))
    request = llm_stub.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(request.body) and KEY not in request.path
    assert request.body["max_tokens"] == 333 and request.body["temperature"] == 0.0
    assert (request.system, request.user) == ("You tell the weather.", "Bandung?")


def test_no_temperature_is_sent_where_it_is_none(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    ask(llm_stub.settings(tmp_path, llm_temperature=None))
    assert "temperature" not in llm_stub.requests[0].body


def test_a_local_server_needs_no_key(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    assert ask(llm_stub.settings(tmp_path, llm_api_key=None)).value == EXPECTED


def test_azure_asks_its_deployment(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    settings = llm_stub.settings(
        tmp_path, llm_provider="azure", llm_base_url=llm_stub.root, llm_api_version="2024-10-21"
    )
    assert ask(settings).value == EXPECTED
    request = llm_stub.requests[0]
    assert request.path == "/openai/deployments/stub-model/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == KEY


def test_a_model_name_with_a_colon_stays_whole(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    ask(llm_stub.settings(tmp_path, llm_model="qwen2.5:7b"))
    assert llm_stub.requests[0].body["model"] == "qwen2.5:7b"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "FACTCHECK_LLM_MODEL"),
        ({"llm_model": "m"}, "OPENAI_API_KEY"),
        ({"llm_model": "m", "llm_base_url": "https://api.openai.com/v1"}, "OPENAI_API_KEY"),
        ({"llm_model": "m", "llm_provider": "azure", "llm_api_key": "k"}, "FACTCHECK_LLM_API_VERSION"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        chat_model(Settings(**given))


def test_openai_gets_its_own_name_for_the_token_limit() -> None:
    model = chat_model(Settings(llm_model="gpt-5-mini", llm_api_key="k", llm_max_tokens=99))
    assert model._get_invocation_params()["max_completion_tokens"] == 99  # type: ignore[attr-defined]


# --- failures that a retry may mend ----------------------------------------------------------------------------------


def test_a_rate_limit_is_waited_out(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.script(rate_limit(0.4))
    llm_stub.answer = good(ANSWER)
    began = time.perf_counter()
    reply = ask(llm_stub.settings(tmp_path))
    assert reply.value == EXPECTED and len(llm_stub.requests) == 2
    assert 0.4 <= time.perf_counter() - began < 3, "as long as Retry-After says"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (rate_limit(0.05), r"over its rate or quota limit \(HTTP 429: Rate limit reached\)"),
        (status(500), r"failed \(HTTP 500: stub error\), 3 times"),
        (status(503, "overloaded"), r"failed \(HTTP 503: overloaded\)"),
    ],
)
def test_retries_are_bounded(llm_stub: LLMStub, tmp_path: Path, answer: Any, said: str) -> None:
    llm_stub.answer = answer
    with pytest.raises(LLMUnavailable, match=said):
        ask(llm_stub.settings(tmp_path, llm_retries=2))
    assert len(llm_stub.requests) == 3


def test_a_server_error_and_then_an_answer(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.script(status(502))
    llm_stub.answer = good(ANSWER)
    assert ask(llm_stub.settings(tmp_path)).value == EXPECTED


def test_the_time_limit_holds(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = slow(3, good(ANSWER))
    began = time.perf_counter()
    with pytest.raises(LLMUnavailable, match=r"no answer within 0\.3 s, 1 times.*FACTCHECK_LLM_TIMEOUT"):
        ask(llm_stub.settings(tmp_path, llm_timeout=0.3, llm_retries=0))
    assert time.perf_counter() - began < 2


def test_slow_but_in_time_is_fine(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = slow(0.5, good(ANSWER))
    assert ask(llm_stub.settings(tmp_path)).value == EXPECTED


def test_nobody_at_the_address(tmp_path: Path) -> None:
    closed = LLMStub()
    settings = closed.settings(tmp_path, llm_retries=0)
    closed.close()
    with pytest.raises(LLMUnavailable, match=r"cannot be reached.*FACTCHECK_LLM_BASE_URL"):
        ask(settings)


class HangingUp:
    """A server that takes every connection and ends it without a word."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.calls += 1
                connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


class Collector(ThreadingHTTPServer):
    """Where traces would go: it keeps the path of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        self.paths: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            server: Collector

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.server.paths.append(self.path)
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_PATCH = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()


@pytest.fixture
def hanging_up() -> Iterator[HangingUp]:
    server = HangingUp()
    yield server
    server.close()


def test_a_dead_endpoint_is_waited_for_once(llm_stub: LLMStub, hanging_up: HangingUp, tmp_path: Path) -> None:
    asking = structured(llm_stub.settings(tmp_path, llm_base_url=hanging_up.url, llm_retries=1), Weather)
    said = []
    for place in ("Bandung", "Medan", "Kupang"):
        with pytest.raises(LLMUnavailable) as caught:
            asking.invoke([("human", place)])
        said.append(str(caught.value))
    assert hanging_up.calls == 3, "the first question, its retry, one probe, and nothing for the others"
    assert len(set(said)) == 1 and "cannot be reached" in said[0]


def test_one_lost_connection_is_no_dead_endpoint(llm_stub: LLMStub, tmp_path: Path) -> None:
    asking = structured(llm_stub.settings(tmp_path, llm_retries=0), Weather)
    llm_stub.script(hang_up())
    llm_stub.answer = good(ANSWER)
    with pytest.raises(LLMUnavailable, match="cannot be reached"):
        asking.invoke(QUESTION)
    assert asking.invoke(QUESTION).value == EXPECTED


def test_what_is_in_the_cache_is_found_though_the_endpoint_is_dead(llm_stub: LLMStub, tmp_path: Path) -> None:
    gone = LLMStub()
    gone.answer = good(ANSWER)
    asking = structured(gone.settings(tmp_path, llm_retries=0), Weather)
    asking.invoke(QUESTION)
    gone.answer = hang_up()  # also on the connection that is kept alive
    gone.close()
    for _ in range(2):
        with pytest.raises(LLMUnavailable):
            asking.invoke([("human", "Medan?")])
        assert asking.invoke(QUESTION).value == EXPECTED


def test_an_endpoint_that_comes_back_is_found_again() -> None:
    now, there = [0.0], [False]
    probes = []

    def probe() -> bool:
        probes.append(now[0])
        return there[0]

    reach = Reach(probe, clock=lambda: now[0])
    assert reach.known_dead() is None and probes == []
    reach.lost("gone")
    reach.lost("gone")
    assert reach.known_dead() == "gone" and len(probes) == 1
    now[0] += DEAD_SECONDS
    assert reach.known_dead() == "gone" and len(probes) == 2
    there[0] = True
    assert reach.known_dead() == "gone", "it is not asked at every question"
    now[0] += DEAD_SECONDS
    assert reach.known_dead() is None and reach.known_dead() is None and len(probes) == 3


_TRACED = """
import sys
from pathlib import Path
from langchain_core.tracers.langchain import wait_for_all_tracers
from factcheck.llm import structured
from factcheck.settings import Settings
from factcheck.types import Value

class Weather(Value):
    place: str
    sky: str

asking = structured(Settings(home=Path(sys.argv[1])), Weather)
asking.invoke([("system", "You tell the weather."), ("human", "Bandung?")])
list(asking.batch_as_completed([[("human", "Medan?")]]))
wait_for_all_tracers()
"""


@pytest.mark.parametrize("variable", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
@pytest.mark.parametrize("allowed", [False, True])
def test_prompts_are_traced_only_where_the_user_says_so(
    llm_stub: LLMStub, tmp_path: Path, variable: str, allowed: bool
) -> None:
    llm_stub.answer = good(ANSWER)
    collector = Collector()
    told = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LANGSMITH_", "LANGCHAIN_"))},
        **llm_stub.environment(tmp_path),
        variable: "true",
        "LANGSMITH_ENDPOINT": collector.url,
        "LANGSMITH_API_KEY": "ls-key",
        **({"FACTCHECK_LLM_TRACING": "1"} if allowed else {}),
    }
    shown = subprocess.run([sys.executable, "-c", _TRACED, str(tmp_path)], env=told, capture_output=True, text=True)
    collector.close()
    assert shown.returncode == 0, shown.stderr
    assert len(llm_stub.requests) == 2
    assert bool(collector.paths) is allowed


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (401, r"refused the key.*OPENAI_API_KEY"),
        (404, r"does not know the model 'stub-model'.*/v1"),
        (400, r"did not accept the request.*FACTCHECK_LLM_STRUCTURED_OUTPUT"),
    ],
)
def test_what_no_retry_mends_is_asked_once(llm_stub: LLMStub, tmp_path: Path, code: int, said: str) -> None:
    llm_stub.answer = status(code)
    with pytest.raises(LLMUnavailable, match=said):
        ask(llm_stub.settings(tmp_path))
    assert len(llm_stub.requests) == 1


# --- answers that are not what was asked for --------------------------------------------------------------------------

BAD = {
    "invalid JSON": (text('{"place": "Bandung", "sky":'), "did not answer in JSON"),
    "prose": (text("I am sorry, I cannot say."), "did not answer in JSON"),
    "fenced JSON": (text(f"```json\n{json.dumps(ANSWER)}\n```"), "did not answer in JSON"),
    "wrong enum": (good({"place": "Bandung", "sky": "green"}), "sky: Input should be 'clear' or 'cloudy'"),
    "missing field": (good({"place": "Bandung"}), "sky: Field required"),
    "a list": (good([ANSWER]), "another shape than Weather"),
    "another field": (good({**ANSWER, "label": "supported"}), "label: Extra inputs are not permitted"),
    "empty": (empty(), "gave an empty answer"),
    "refusal": (refusal("No weather for you."), "refused: 'No weather for you.'"),
    "cut off": (cut_off('{"place": "Ban'), "cut off at 2048 tokens; raise FACTCHECK_LLM_MAX_TOKENS"),
    "whole but cut off": (cut_off(json.dumps(ANSWER)), "cut off at 2048 tokens"),
    "content filter": (good("", finish="content_filter"), "refused: its content filter"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", BAD)
def test_a_bad_reply_is_an_error_and_never_a_value(llm_stub: LLMStub, tmp_path: Path, fault: str, method: str) -> None:
    answer, said = BAD[fault]
    llm_stub.answer = answer
    with pytest.raises(LLMBadReply) as caught:
        ask(llm_stub.settings(tmp_path, llm_structured_output=method))
    if method == "json_schema":
        assert said in str(caught.value)
    assert len(llm_stub.requests) == 1


@pytest.mark.parametrize("answer", [html(), broken_json(), good(ANSWER, usage=None)])
def test_what_is_no_completion_is_a_bad_reply(llm_stub: LLMStub, tmp_path: Path, answer: Any) -> None:
    llm_stub.answer = answer
    try:
        reply = ask(llm_stub.settings(tmp_path))
    except LLMBadReply as error:
        assert "did not answer as an OpenAI-compatible server does" in str(error)
    else:
        assert reply == Reply(EXPECTED, Usage(calls=1)), "a server need not count tokens"


@pytest.mark.parametrize("fault", ["wrong enum", "empty", "cut off"])
def test_a_bad_reply_costs_what_it_costs(llm_stub: LLMStub, tmp_path: Path, fault: str) -> None:
    llm_stub.answer = BAD[fault][0]
    with pytest.raises(LLMBadReply) as caught:
        ask(llm_stub.settings(tmp_path, llm_price_in=1.0, llm_price_out=10.0))
    usage = caught.value.usage
    assert usage is not None and (usage.prompt_tokens, usage.completion_tokens) == (100, 20)
    assert usage.cost_usd == pytest.approx(0.0003)


@pytest.mark.parametrize(
    "answer", [status(401, f"bad key {KEY}"), status(400, KEY), text(f"your key is {KEY}"), refusal(KEY)]
)
def test_no_message_and_no_log_has_the_key_or_the_prompt(
    llm_stub: LLMStub, tmp_path: Path, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    llm_stub.answer = answer
    with pytest.raises(JudgeError) as caught:
        ask(llm_stub.settings(tmp_path, llm_base_url=llm_stub.url.replace("//", "//user:secret@")))
    assert KEY not in str(caught.value) and "secret" not in str(caught.value)
    assert "***" in str(caught.value)
    assert KEY not in caplog.text and "Bandung?" not in caplog.text


# --- cost and cache ---------------------------------------------------------------------------------------------------


def test_the_cost_needs_both_prices(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER, usage=(1_000_000, 2_000_000))
    assert ask(llm_stub.settings(tmp_path / "a", llm_price_in=0.15)).usage.cost_usd is None
    priced = llm_stub.settings(tmp_path / "b", llm_price_in=0.15, llm_price_out=0.6)
    assert ask(priced).usage.cost_usd == pytest.approx(1.35)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_question_is_asked_once(llm_stub: LLMStub, tmp_path: Path, method: str) -> None:
    llm_stub.answer = good(ANSWER)
    settings = llm_stub.settings(tmp_path, llm_structured_output=method, llm_price_in=1.0, llm_price_out=1.0)
    first, second = ask(settings), ask(settings)
    assert first.value == second.value == EXPECTED
    assert second.usage == Usage(cached_tokens=120)
    assert len(llm_stub.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"llm_model": "another"},
        {"llm_temperature": 0.5},
        {"llm_max_tokens": 100},
        {"llm_structured_output": "json_mode"},
        {"llm_base_url": "localhost"},
        {"llm_cache": False},
    ],
)
def test_what_matters_is_in_the_key(llm_stub: LLMStub, tmp_path: Path, change: dict[str, Any]) -> None:
    llm_stub.answer = good(ANSWER)
    if "llm_base_url" in change:
        change = {"llm_base_url": llm_stub.url.replace("127.0.0.1", "localhost")}
    ask(llm_stub.settings(tmp_path))
    ask(llm_stub.settings(tmp_path, **change))
    assert len(llm_stub.requests) == 2


def test_another_key_or_time_limit_finds_the_same_answer(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    ask(llm_stub.settings(tmp_path))
    ask(llm_stub.settings(tmp_path, llm_api_key="sk-other", llm_timeout=9.0))
    assert len(llm_stub.requests) == 1


def test_another_schema_or_question_does_not(llm_stub: LLMStub, tmp_path: Path) -> None:
    class Climate(Weather):
        """Another shape."""

    llm_stub.answer = good(ANSWER)
    settings = llm_stub.settings(tmp_path)
    ask(settings)
    structured(settings, Climate).invoke(QUESTION)
    structured(settings, Weather).invoke([QUESTION[0], ("human", "Bandung ?")])
    assert len(llm_stub.requests) == 3


def test_a_bad_reply_is_not_kept(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.script(text("no"))
    llm_stub.answer = good(ANSWER)
    settings = llm_stub.settings(tmp_path)
    with pytest.raises(LLMBadReply):
        ask(settings)
    assert ask(settings).value == EXPECTED


def test_neither_prompt_nor_key_is_in_the_cache_file(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    ask(llm_stub.settings(tmp_path))
    stored = (tmp_path / CACHE_NAME).read_bytes()
    assert b"clear" in stored
    assert KEY.encode() not in stored and b"You tell the weather" not in stored


def test_a_damaged_cache_is_set_aside(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    path = tmp_path / CACHE_NAME
    path.write_bytes(b"this is no database" * 100)
    notes: list[str] = []
    settings = llm_stub.settings(tmp_path)
    assert ask(settings, note=notes.append).value == EXPECTED
    assert len(notes) == 1 and "damaged" in notes[0] and "set aside" in notes[0]
    aside = [p for p in tmp_path.iterdir() if ".damaged-" in p.name]
    assert len(aside) == 1 and aside[0].read_bytes().startswith(b"this is no database")
    ask(settings, note=notes.append)
    assert len(llm_stub.requests) == 1 and len(notes) == 1, "the new file works"


def test_a_damaged_row_is_asked_again(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    settings = llm_stub.settings(tmp_path)
    for damage in ("{", "[]", json.dumps({"content": '{"sky": "green"}', "usage": None})):
        ask(settings)
        db = sqlite3.connect(tmp_path / CACHE_NAME)
        with db:
            assert db.execute("UPDATE replies SET reply = ?", [damage]).rowcount == 1
        db.close()
        assert ask(settings).value == EXPECTED
    assert len(llm_stub.requests) == 4


def test_a_cache_that_cannot_be_written_is_told_once(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = good(ANSWER)
    blocked = tmp_path / "home"
    blocked.write_text("a file where the directory should be")
    notes: list[str] = []
    asking = structured(llm_stub.settings(blocked), Weather, note=notes.append)
    assert asking.invoke(QUESTION).value == EXPECTED
    assert asking.invoke(QUESTION).value == EXPECTED
    assert len(notes) == 1 and "not kept" in notes[0]


def test_many_at_once_within_the_bound(llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = slow(0.1, good(ANSWER))
    asking = structured(llm_stub.settings(tmp_path), Weather)
    questions = [[QUESTION[0], ("human", f"{n}?")] for n in range(12)]
    replies = asking.batch(questions, config={"max_concurrency": 3})
    assert [r.value for r in replies] == [EXPECTED] * 12
    assert 2 <= llm_stub.most_at_once <= 3
    assert asking.batch(questions, config={"max_concurrency": 3})[0].usage.cached_tokens == 120
    assert len(llm_stub.requests) == 12


# --- fences -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile", ["</source>", "< / SOURCE >", '<source id="S9">', "</Claim>", "<article>", "</ context"]
)
def test_no_fence_survives_in_untrusted_text(hostile: str) -> None:
    made = untrusted(f"before {hostile} after")
    assert "<" not in made and made.startswith("before ‹") and made.endswith(" after")
    assert len(made) == len(f"before {hostile} after")


def test_other_text_is_left_alone() -> None:
    harmless = "5 < 6, <b>bold</b>, a <sourcery> of <claims>"
    assert untrusted(harmless) == harmless
