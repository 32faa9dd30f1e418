"""A loopback server that speaks as much of OpenAI's chat completions API as the product uses, with scripted behaviour.

It is a real HTTP server in a thread, so that everything on the way is exercised: LangChain, the openai client, its
retries, its time limit, the JSON. Its fixture is called `llm_stub`; import it by the name of its function:

    from llm_stub import LLMStub, judge_all, llm_stub_fixture  # noqa: F401

    def test_something(llm_stub: LLMStub, tmp_path: Path) -> None:
        llm_stub.answer = judge_all("supports")               # what it says when nothing else is scripted
        llm_stub.script(rate_limit(0.2), text("not JSON"))     # the next two requests; then `answer` again
        settings = llm_stub.settings(home=tmp_path)            # base URL, a key, short retries
        ...
        assert len(llm_stub.requests) == 3

An answer is a function from the `Request` to a `Response`, or to a dictionary or a value (sent as a good reply whose
content is its JSON). Helpers make the usual ones: `good`, `text`, `refusal`, `empty`, `cut_off`, `rate_limit`,
`status`, `html`, `broken_json`, `slow`, `hang_up`; `judge_all`, `judge_by`, `extract_sentences` answer the product's
two prompts sensibly, whatever is asked. `requests` holds every request with its headers and body, `most_at_once` the
highest number that were being answered at the same time.
"""

from __future__ import annotations

import atexit
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from factcheck.settings import Settings

KEY = "sk-stub-0123456789"

_SOURCE = re.compile(r'<source id="(S\d+)"[^>]*>(.*?)</source>', re.DOTALL)
_CLAIM = re.compile(r"<claim[^>]*>(.*?)</claim>", re.DOTALL)
_ARTICLE = re.compile(r"<article>(.*)</article>", re.DOTALL)
_SENTENCE = re.compile(r"[^\s][^.!?\n]*[.!?]?")


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return self._message("system")

    @property
    def user(self) -> str:
        return self._message("user")

    @property
    def claim(self) -> str:
        """The text of the claim that the verdict prompt asks about."""
        found = _CLAIM.search(self.user)
        return found[1] if found else ""

    @property
    def sources(self) -> dict[str, str]:
        """Source ids to texts of the verdict prompt."""
        return dict(_SOURCE.findall(self.user))

    @property
    def article(self) -> str:
        """The text of the window that the extraction prompt asks about."""
        found = _ARTICLE.search(self.user)
        return found[1] if found else ""

    def _message(self, role: str) -> str:
        return "\n".join(m["content"] for m in self.body.get("messages", []) if m["role"] == role)


@dataclass(frozen=True)
class Response:
    """What the server sends back, after `delay` seconds."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hangs_up: bool = False
    takes_over: Callable[[socket.socket, threading.Event], None] | None = None
    """Sends what it likes itself, until the event is set, and the connection ends with it (`faults.harness`)."""


Answer = Callable[[Request], Any]


def good(content: Any, *, usage: tuple[int, int] | None = (100, 20), finish: str = "stop") -> Answer:
    """A reply whose content is `content`: text as it is, anything else as JSON; as a tool call where one was asked."""

    def answer(request: Request) -> Response:
        said = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
        said = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        message: dict[str, Any] = {"role": "assistant", "content": said}
        if tools := request.body.get("tools"):
            function = {"name": tools[0]["function"]["name"], "arguments": said}
            call = {"id": "call_1", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return _completion(message, usage=usage, finish=finish)

    return answer


def text(content: str) -> Answer:
    """A reply in plain words, whatever shape was asked for."""
    return lambda request: _completion({"role": "assistant", "content": content})


def empty() -> Answer:
    """A reply with nothing in it."""
    return text("")


def refusal(words: str = "I cannot help with that.") -> Answer:
    """A refusal as OpenAI's structured output marks it."""
    return lambda request: _completion({"role": "assistant", "content": None, "refusal": words})


def cut_off(content: str) -> Answer:
    """A reply that ended at the token limit."""
    return good(content, finish="length")


def status(code: int, message: str = "stub error", *, retry_after: float | None = None) -> Answer:
    """An HTTP error with OpenAI's error body."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    body = json.dumps({"error": {"message": message, "type": "stub", "code": None}}).encode()
    return lambda request: Response(body, status=code, headers=headers)


def rate_limit(retry_after: float | None = None) -> Answer:
    """HTTP 429, telling when to come back where `retry_after` (seconds) is given."""
    return status(429, "Rate limit reached", retry_after=retry_after)


def html(code: int = 200) -> Answer:
    """A web page where JSON was expected, as a proxy's login page would be."""
    return lambda request: Response(b"<html><body>Log in</body></html>", status=code, content_type="text/html")


def broken_json() -> Answer:
    """A body that says it is JSON and is not."""
    return lambda request: Response(b'{"choices": [{"mess')


def hang_up() -> Answer:
    """The end of the connection, without a word."""
    return lambda request: Response(b"", hangs_up=True)


def slow(seconds: float, then: Answer) -> Answer:
    """`then`, after `seconds`."""

    def answer(request: Request) -> Response:
        response = _response(then, request)
        return Response(response.body, response.status, response.content_type, response.headers, seconds)

    return answer


def judge_by(stance: Callable[[str, str], tuple[str, str]]) -> Answer:
    """Answers the verdict prompt: `stance(claim, source text)` gives the stance and the quote of each source."""

    def answer(request: Request) -> Any:
        findings = []
        for identifier, source in request.sources.items():
            chosen, quote = stance(request.claim, source)
            findings.append({"source": identifier, "quote": quote, "stance": chosen})
        asked = {"question": f"{request.claim}?", "answer": "See the sources.", "sources": list(request.sources)}
        return {"questions": [asked], "findings": findings}

    return answer


def judge_all(stance: str) -> Answer:
    """Answers the verdict prompt with one stance for every source, quoting its first sentence."""
    return judge_by(lambda claim, source: (stance, _first_sentence(source)))


def extract_sentences(chosen: Callable[[str], bool] = lambda sentence: True) -> Answer:
    """Answers the extraction prompt: each sentence for which `chosen` holds is a claim in its own words."""

    def answer(request: Request) -> Any:
        found = [m.group() for m in _SENTENCE.finditer(request.article)]
        claims = [{"quote": s, "claim": s, "kind": "statement", "speaker": ""} for s in found if chosen(s)]
        return {"claims": claims, "left_out": [{"quote": s, "reason": "opinion"} for s in found if not chosen(s)]}

    return answer


def both(extract: Answer, judge: Answer) -> Answer:
    """Answers whichever of the product's two prompts is asked."""
    return lambda request: (extract if request.article else judge)(request)


class LLMStub:
    """The server. `url` is what FACTCHECK_LLM_BASE_URL takes."""

    def __init__(self, server: _Server | None = None) -> None:
        self.answer: Answer = status(500, "nothing is scripted")
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._now = 0
        self._scripted: list[Answer] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._own = server is None
        self._server = server or _Server()
        self._server.stub = self

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def script(self, *answers: Answer) -> None:
        """What the next requests get, one after another; after them `answer` holds again."""
        self._scripted.extend(answers)

    def settings(self, home: Path, **overrides: Any) -> Settings:
        """Settings that lead to this server, with a key, one retry and a short time limit."""
        given: dict[str, Any] = {
            "home": home,
            "llm_model": "stub-model",
            "llm_base_url": self.url,
            "llm_api_key": KEY,
            "llm_retries": 1,
            "llm_timeout": 5.0,
        }
        return Settings(**{**given, **overrides})

    def environment(self, home: Path) -> dict[str, str]:
        """The same as environment variables, for a process of its own."""
        return {
            "FACTCHECK_HOME": str(home),
            "FACTCHECK_LLM_MODEL": "stub-model",
            "FACTCHECK_LLM_BASE_URL": self.url,
            "FACTCHECK_LLM_RETRIES": "1",
            "FACTCHECK_LLM_TIMEOUT": "5",
            "OPENAI_API_KEY": KEY,
        }

    def close(self) -> None:
        """Lets go of slow answers; a server of its own stops listening."""
        self.closing.set()
        if self._own:
            self._server.close()

    def respond(self, request: Request) -> Response:
        with self._lock:
            self.requests.append(request)
            chosen = self._scripted.pop(0) if self._scripted else self.answer
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            response = _response(chosen, request)
            self.closing.wait(response.delay)
            return response
        finally:
            with self._lock:
                self._now -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        if self.path.split("?")[0].endswith("/chat/completions"):
            response = self.server.stub.respond(request)
        else:
            response = Response(b'{"error": {"message": "no such path"}}', status=404)
        if response.hangs_up or response.takes_over:
            self.close_connection = True
            if response.takes_over:
                with suppress(OSError):  # the client has given up, as it should
                    response.takes_over(self.connection, self.server.stub.closing)
            return
        try:
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)
        except OSError:
            self.close_connection = True  # the client has given up, as it should after its time limit

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    stub: LLMStub

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


@pytest.fixture(name="llm_stub")
def llm_stub_fixture() -> Iterator[LLMStub]:
    """A stub with no memory of the tests before, at the address that all tests share."""
    stub = LLMStub(_shared_server())
    yield stub
    stub.close()


@cache
def _shared_server() -> _Server:
    """One address for all tests: making an HTTP client reads every root certificate, and LangChain keeps clients."""
    server = _Server()
    atexit.register(server.close)
    return server


def _response(answer: Answer, request: Request) -> Response:
    given = answer(request)
    return given if isinstance(given, Response) else good(given)(request)


def _completion(
    message: dict[str, Any], *, usage: tuple[int, int] | None = (100, 20), finish: str = "stop"
) -> Response:
    body: dict[str, Any] = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": "stub-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    if usage:
        prompt, completion = usage
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
    return Response(json.dumps(body, ensure_ascii=False).encode())


def _first_sentence(source: str) -> str:
    found = re.match(r"\s*(.+?[.!?])(?:\s|$)", source, re.DOTALL)
    return found[1] if found else source.strip()
