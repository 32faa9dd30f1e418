"""A language model's endpoint on loopback that sleeps: what a client makes of latency, capacity and faults.

    python benchmarks/endpoint.py --latency 0.5 --capacity 32 [--refused 0.05] [--broken 0.02] [--log FILE] [--port 0]

It prints its port. A question is answered after `latency` seconds: every source supports the claim in its first
sentence. More than `capacity` at once are refused with HTTP 429, as is the share `refused` of the rest; the share
`broken` of the answers is cut off in the middle. Each answer that is paid for is a line of the log: `good` or `broken`
and a hash of the claim. `GET /stats` tells the numbers. A token is counted as four characters of all messages.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import re
import sys
from pathlib import Path
from typing import Any, TextIO

_SOURCE = re.compile(r'<source id="(S\d+)"[^>]*>(.*?)</source>', re.DOTALL)
_CLAIM = re.compile(r"<claim[^>]*>(.*?)</claim>", re.DOTALL)
_FIRST = re.compile(r"\s*(.+?[.!?])(?:\s|$)", re.DOTALL)


class Endpoint:
    """What it is asked, and how it answers."""

    def __init__(self, latency: float, capacity: int, refused: float, broken: float, log: TextIO | None) -> None:
        self.latency, self.capacity, self.refused, self.broken, self.log = latency, capacity, refused, broken, log
        self.now = self.most = 0
        self.counts = {"good": 0, "broken": 0, "refused": 0, "over_capacity": 0}
        self._chosen = random.Random(0)

    async def answer(self, body: dict[str, Any]) -> tuple[int, bytes]:
        """HTTP status and body."""
        if self.now >= self.capacity:
            self.counts["over_capacity"] += 1
            return 429, b'{"error": {"message": "over capacity", "code": null}}'
        if self._chosen.random() < self.refused:
            self.counts["refused"] += 1
            return 429, b'{"error": {"message": "now and then", "code": null}}'
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.now -= 1
        user = "\n".join(m["content"] for m in body["messages"] if m["role"] == "user")
        kind = "broken" if self._chosen.random() < self.broken else "good"
        self.counts[kind] += 1
        if self.log:
            claim = "".join(_CLAIM.findall(user))
            self.log.write(f"{kind} {hashlib.sha256(claim.encode()).hexdigest()[:16]}\n")
            self.log.flush()
        said = json.dumps(judged(user), ensure_ascii=False)
        told = sum(len(m["content"]) for m in body["messages"]) // 4
        return 200, completion(said[: len(said) // 2] if kind == "broken" else said, told)


def judged(user: str) -> dict[str, Any]:
    """Every source supports the claim in its first sentence."""
    findings = []
    for identifier, text in _SOURCE.findall(user):
        first = _FIRST.match(text)
        findings.append({"source": identifier, "quote": first[1] if first else text.strip(), "stance": "supports"})
    asked = {"question": "Is it so?", "answer": "See the sources.", "sources": [f["source"] for f in findings]}
    return {"findings": findings, "questions": [asked]}


def completion(content: str, prompt_tokens: int) -> bytes:
    """A reply as an OpenAI-compatible server sends it."""
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": len(content) // 4}
    usage["total_tokens"] = sum(usage.values())
    message = {"role": "assistant", "content": content}
    reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "sleeps", "usage": usage}
    reply["choices"] = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return json.dumps(reply, ensure_ascii=False).encode()


async def serve(endpoint: Endpoint, port: int) -> None:
    """Serves until it is killed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                length = 0
                while (header := await reader.readline()).strip():
                    name, _, value = header.decode().partition(":")
                    length = int(value) if name.lower() == "content-length" else length
                body = await reader.readexactly(length)
                if line.startswith(b"GET"):
                    status, said = 200, json.dumps({**endpoint.counts, "most_at_once": endpoint.most}).encode()
                else:
                    status, said = await endpoint.answer(json.loads(body))
                head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
                writer.write(head.encode() + said)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=0.5)
    parser.add_argument("--capacity", type=int, default=32)
    parser.add_argument("--refused", type=float, default=0.0)
    parser.add_argument("--broken", type=float, default=0.0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    log = options.log.open("a", encoding="utf-8") if options.log else None
    made = Endpoint(options.latency, options.capacity, options.refused, options.broken, log)
    try:
        asyncio.run(serve(made, options.port))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
