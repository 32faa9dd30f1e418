"""A server that does every evil thing an endpoint can do, an engine of real parts, and what must hold of a report."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import fakes
from llm_stub import KEY, Answer, Request, Response, both, extract_sentences, good, judge_all

from factcheck.engine import Engine
from factcheck.extract.chain import LLMExtractor
from factcheck.index import Corpus
from factcheck.llm import CACHE_NAME
from factcheck.settings import Settings
from factcheck.types import ClaimResult, Document
from factcheck.verify.chain import LLMJudge

SENTENCES = (
    "Putin landed in Pyongyang.",
    "Kim met Putin at the airport.",
    "Both men rode in one car to a guest house.",
)
ARTICLE = Document.from_text(" ".join(SENTENCES), title="A visit", language="en", published="2024-06-19")
NOTES = (
    fakes.document("Putin landed in Pyongyang early on Wednesday.", publisher="A"),
    fakes.document("Kim met Putin at the airport of Pyongyang.", publisher="B"),
    fakes.document("Putin and Kim rode in one car to a guest house.", publisher="C"),
)
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
Sending = Callable[[socket.socket, threading.Event], None]


def llm_engine(corpus: Corpus, settings: Settings, **fields: Any) -> Engine:
    """An engine that asks the language model, with rules to stand in for its extraction."""
    base: dict[str, Any] = {"extractor": LLMExtractor(settings), "fallback": fakes.SentenceExtractor()}
    return fakes.make_engine(corpus, LLMJudge(settings), settings=settings, **{**base, **fields})


def struck(faults: Sequence[Answer]) -> tuple[Document, Answer]:
    """An article with a claim for each fault and a sound one at its end, and the endpoint that does that evil."""
    sentences = [f"Putin landed in Pyongyang at {i} o'clock." for i in range(len(faults))]

    def judge(request: Request) -> Any:
        found = re.search(r"at (\d+) o'clock", request.claim)
        return (faults[int(found[1])] if found else judge_all("supports"))(request)

    text = " ".join([*sentences, SENTENCES[0]])
    return Document.from_text(text, language="en", published="2024-06-19"), both(extract_sentences(), judge)


def working() -> Answer:
    """An endpoint that does nothing evil."""
    return both(extract_sentences(), judge_all("supports"))


def reason_of(claim: ClaimResult) -> str:
    """Why a claim was not checked; nothing of it may look like a verdict."""
    assert (claim.status, claim.label, claim.confidence, claim.justification) == ("not_checked", None, None, None)
    assert claim.evidence == () and claim.reason is not None
    return plain(claim.reason)


def plain(sentence: str) -> str:
    """The same, if it is fit to be shown: a short sentence or two, without a key or the innards of a program."""
    assert 20 < len(sentence) < 500 and sentence[0].isupper() and sentence.rstrip()[-1] in ".)'", sentence
    assert "\n" not in sentence and KEY not in sentence and "Traceback" not in sentence, sentence
    assert "internal error" not in sentence.lower() and not re.search(r"0x[0-9a-f]{6}|\bobject at\b", sentence), (
        sentence
    )
    return sentence


def cached(home: Path) -> int:
    """How many answers are kept in the cache."""
    with closing(sqlite3.connect(home / CACHE_NAME)) as db:
        return int(db.execute("SELECT count(*) FROM replies").fetchone()[0])


# --- what an endpoint does ------------------------------------------------------------------------------------------


def sends(doing: Sending) -> Answer:
    """An answer that is sent by hand."""
    return lambda request: Response(b"", takes_over=doing)


def raw(data: bytes) -> Answer:
    """These bytes, and then the end of the connection."""
    return sends(lambda connection, closing: connection.sendall(data))


def resets(data: bytes) -> Answer:
    """These bytes, and then a reset of the connection (RST)."""

    def doing(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(data)
        closing.wait(0.05)  # or the bytes are lost with the connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return sends(doing)


def drips(first: bytes, data: bytes = b"", every: float = 0.1) -> Answer:
    """The first bytes at once, then one of the others at a time, and after them spaces, without an end."""

    def doing(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(first)
        for byte in data:
            if closing.wait(every):
                return
            connection.sendall(bytes([byte]))
        while not closing.wait(every):
            connection.sendall(b" ")

    return sends(doing)


def floods(first: bytes, chunk: bytes) -> Answer:
    """The first bytes, and then one chunk after another, without an end."""

    def doing(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(first)
        while not closing.is_set():
            connection.sendall(chunk)

    return sends(doing)


def body(data: bytes | str | dict[str, Any], content_type: str = "application/json", code: int = 200) -> Answer:
    """A whole answer with this body."""
    given = json.dumps(data) if isinstance(data, dict) else data
    sent = given.encode() if isinstance(given, str) else given
    return lambda request: Response(sent, status=code, content_type=content_type)


def wrapped(change: Callable[[dict[str, Any]], Any]) -> Answer:
    """A good answer whose envelope is changed."""

    def answer(request: Request) -> Response:
        sent = json.loads(good(_good(request))(request).body)
        return Response(json.dumps(change(sent)).encode())

    return answer


def _good(request: Request) -> Any:
    return working()(request)


def sized(content: bytes) -> bytes:
    """A head that announces this length, and the content."""
    return HEAD + f"Content-Length: {len(content)}\r\n\r\n".encode() + content
