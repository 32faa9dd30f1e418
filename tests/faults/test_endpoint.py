from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import fakes
import pytest
from llm_stub import Answer, LLMStub, Request, Response, good, llm_stub_fixture, text  # noqa: F401

from factcheck.index import Corpus
from factcheck.llm import LONGEST_ANSWER
from factcheck.pipeline import check
from factcheck.store import RunStore, StoredRun
from factcheck.types import Document, Report
from faults.harness import (
    ARTICLE,
    HEAD,
    NOTES,
    SENTENCES,
    body,
    cached,
    drips,
    floods,
    llm_engine,
    raw,
    reason_of,
    resets,
    sends,
    sized,
    struck,
    working,
    wrapped,
)

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ANSWER = b'{"choices": [{"message": {"role": "assistant", "content": "'
NO_CHOICE = "did not answer as an OpenAI-compatible server does"


def _stances(stance: str) -> Answer:
    return lambda request: {
        "questions": [],
        "findings": [{"source": key, "quote": words, "stance": stance} for key, words in request.sources.items()],
    }


def _packed_bomb() -> Answer:
    packed = gzip.compress(b" " * (64 << 20))
    return lambda request: Response(packed, headers={"Content-Encoding": "gzip"})


SLOW: dict[str, Callable[[], Answer]] = {
    "never answers": lambda: sends(lambda connection, closing: closing.wait(20) and None),
    "headers a byte at a time": lambda: drips(b"", HEAD),
    "body a byte at a time": lambda: drips(HEAD + b"Content-Length: 100000\r\n\r\n", ANSWER),
    "chunks a byte at a time": lambda: drips(CHUNKED + b"ffff\r\n"),
}
FAULTS: dict[str, tuple[Callable[[], Answer], str]] = {
    "reset before a word": (lambda: resets(b""), "cannot be reached"),
    "reset in the headers": (lambda: resets(HEAD[:30]), "broke off in the middle"),
    "reset in the body": (lambda: resets(HEAD + b"Content-Length: 100000\r\n\r\n" + ANSWER), "broke off in the middle"),
    "ends in the body": (lambda: raw(HEAD + b"Content-Length: 100000\r\n\r\n" + ANSWER), "broke off in the middle"),
    "ends in a chunk": (lambda: raw(CHUNKED + b"ff\r\n" + ANSWER), "broke off in the middle"),
    "no HTTP": (lambda: raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "broke off in the middle"),
    "10 MB of an answer": (lambda: good({"questions": [], "findings": [], "more": "x" * (10 << 20)}), "more than 4 MB"),
    "10 MB of white space": (lambda: body(b" " * (10 << 20)), "more than 4 MB"),
    "10 MB without a length": (lambda: floods(CHUNKED, b"10000\r\n" + b"x" * 0x10000 + b"\r\n"), "more than 4 MB"),
    "10 MB of an error": (lambda: body(b'{"error": {"message": "' + b"x" * (10 << 20), code=500), "more than 4 MB"),
    "headers without an end": (lambda: floods(HEAD, b"X-More: " + b"x" * 60_000 + b"\r\n"), "broke off"),
    "a packed bomb": (_packed_bomb, "packed answer"),
    "nested 100,000 deep": (lambda: raw(sized(b"[" * 100_000)), NO_CHOICE),
    "an answer nested 100,000 deep": (lambda: text("[" * 100_000), "did not answer in JSON"),
    "truncated JSON": (lambda: raw(sized(b'{"choices": [{"mess')), NO_CHOICE),
    "bytes that are no text": (lambda: raw(sized(b"\xff\xfe\x00{}")), NO_CHOICE),
    "an image": (lambda: body(b"\x89PNG\r\n\x1a\n\0\0", "image/png"), NO_CHOICE),
    "a list": (lambda: body("[]"), NO_CHOICE),
    "null": (lambda: body("null"), NO_CHOICE),
    "an error with status 200": (lambda: body({"error": {"message": "out of memory"}}), NO_CHOICE),
    "no choices": (lambda: wrapped(lambda sent: {**sent, "choices": []}), NO_CHOICE),
    "choices that are null": (lambda: wrapped(lambda sent: {**sent, "choices": None}), NO_CHOICE),
    "a choice without a message": (lambda: wrapped(lambda sent: {**sent, "choices": [{"index": 0}]}), NO_CHOICE),
    "a message that is null": (lambda: wrapped(lambda sent: {**sent, "choices": [{"message": None}]}), NO_CHOICE),
    "status 204": (lambda: raw(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), NO_CHOICE),
    "redirects to itself": (lambda: lambda request: _redirect(request.path), "cannot be reached"),
    "a label instead of stances": (lambda: good({"label": "supported", "confidence": 1.0}), "another shape"),
    "stances in Indonesian": (lambda: _stances("mendukung"), "another shape"),
    "keys in Indonesian": (lambda: good({"pertanyaan": [], "temuan": []}), "another shape"),
    "Indonesian prose": (lambda: text("Klaim ini benar, menurut pengetahuan saya."), "did not answer in JSON"),
    "NaN": (lambda: text('{"questions": NaN, "findings": []}'), "another shape"),
}


def _redirect(place: str) -> Response:
    return Response(b"", status=307, headers={"Location": place})


class Run(NamedTuple):
    """A check in which every fault struck a claim."""

    report: Report
    stored: StoredRun | None
    cached: int


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path_factory.mktemp("notes") / "notes", *NOTES)
    yield made
    made.close()


def _run(corpus: Corpus, home: Path, faults: Sequence[Answer], **limits: Any) -> Run:
    stub = LLMStub()
    document, stub.answer = struck(faults)
    settings = stub.settings(home, llm_retries=0, **limits)
    store = RunStore(home / "runs.sqlite3")
    engine = llm_engine(corpus, settings, store=store, extractor=fakes.SentenceExtractor())
    report = check(document, engine, run_id="r")
    stub.close()
    return Run(report, store.get("r"), cached(home) if stub.requests else 0)


@pytest.fixture(scope="module")
def run(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Run:
    faults = [make() for make, _ in FAULTS.values()]
    return _run(corpus, tmp_path_factory.mktemp("run"), faults, llm_timeout=60.0)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_claims_reason(run: Run, fault: str) -> None:
    claim = run.report.claims[list(FAULTS).index(fault)]
    assert FAULTS[fault][1] in reason_of(claim)


def test_the_others_are_checked_and_all_is_on_record(run: Run) -> None:
    assert [claim.label for claim in run.report.claims] == [None] * len(FAULTS) + ["supported"]
    assert run.stored is not None and run.stored.status == "done" and run.stored.report == run.report
    assert run.cached == 1, "only the answer that was good"


def test_a_slow_answer_is_given_up_as_a_whole(corpus: Corpus, tmp_path: Path) -> None:
    began = time.monotonic()
    run = _run(corpus, tmp_path, [make() for make in SLOW.values()], llm_timeout=0.5)
    for claim in run.report.claims[: len(SLOW)]:
        assert "gave no answer within 0.5 s" in reason_of(claim), claim.text
    assert time.monotonic() - began < 20, "they would go on for hours"


def test_afterwards_it_is_asked_again(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    settings = llm_stub.settings(tmp_path, llm_retries=0)
    llm_stub.answer = raw(HEAD + b"Content-Length: 100000\r\n\r\n" + ANSWER)
    report = check(ARTICLE, llm_engine(corpus, settings))
    assert [("broke off" in reason_of(claim), claim.label) for claim in report.claims] == [(True, None)] * 3
    assert any("by rules" in note and "broke off" in note for note in report.run.notes), "the extraction met it too"
    llm_stub.answer = working()
    assert {claim.label for claim in check(ARTICLE, llm_engine(corpus, settings)).claims} == {"supported"}


def test_a_break_in_the_middle_is_tried_again(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = working()
    llm_stub.script(raw(HEAD + b"Content-Length: 100000\r\n\r\n" + ANSWER))
    report = check(ARTICLE, llm_engine(corpus, llm_stub.settings(tmp_path, llm_retries=1)))
    assert {claim.label for claim in report.claims} == {"supported"} and report.run.notes == ()


def test_what_is_good_is_read_though_it_is_long_or_said_to_be_something_else(
    corpus: Corpus, llm_stub: LLMStub, tmp_path: Path
) -> None:
    padding = " " * (LONGEST_ANSWER - (64 << 10))

    def answer(request: Request) -> Response:
        sent = good(working()(request))(request) if request.article else text(padding + _judged(request))(request)
        return Response(sent.body, content_type="text/plain")

    llm_stub.answer = answer
    document = Document.from_text(SENTENCES[0], language="en", published="2024-06-19")
    report = check(document, llm_engine(corpus, llm_stub.settings(tmp_path)))
    assert {claim.label for claim in report.claims} == {"supported"} and report.run.notes == ()


def _judged(request: Request) -> str:
    return json.dumps(working()(request))
