"""The service under load: searches at a fixed rate while checks run, and many clients at once.

python benchmarks/service_bench.py [--seconds 60] [--rate 10] [--checks 2] [--clients 50] [--corpus DIR] [--out FILE]

`factcheck serve` runs as a process of its own with the offline verifier; this process asks it on loopback, and shares
the machine's cores with it. Three parts:

* `searches`: an open loop. A search is due every 1/rate seconds whether or not earlier ones were answered, and its time
  counts from when it was due, so that a service that falls behind cannot hide it. Meanwhile `--checks` checks of the
  demo article are always in progress.
* `memory`: resident memory of the service every half second of that; its medians over the first and last third.
* `clients`: so many clients, each with a search and a check of one claim at the same moment. Each must get an answer or
  be told to wait, and every check that was taken in must come to its end.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DECLARED = (429, 503)
"""Being told to wait is an answer; it comes with Retry-After."""
SETTLE = 10.0
"""Seconds of load before memory is looked at."""


class Answer(NamedTuple):
    """What came back: status (0 where nothing did), seconds from when it was due, headers, body."""

    status: int
    seconds: float
    headers: dict[str, str]
    body: Any


class Target:
    """The service, asked with its token; each thread keeps one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._local = port, threading.local()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object = None, due: float | None = None) -> Answer:
        """One request; its time counts from `due`, or from now."""
        began = due if due is not None else time.perf_counter()
        try:
            connection = self._connection()
            connection.request(method, path, None if body is None else json.dumps(body), self._headers)
            response = connection.getresponse()
            text = response.read()
            headers = {key.lower(): value for key, value in response.getheaders()}
            known = json.loads(text) if text and "json" in headers.get("content-type", "") else text.decode()
            return Answer(response.status, time.perf_counter() - began, headers, known)
        except (OSError, HTTPException) as error:
            self._local.connection = None
            return Answer(0, time.perf_counter() - began, {}, repr(error))

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
        return connection


@contextmanager
def service(home: Path, corpus: Path | None, limits: dict[str, str]) -> Iterator[tuple[Target, int]]:
    """A served process that is ready, and its id."""
    token, log = secrets.token_hex(24), home / "service.log"
    command = [sys.executable, "-m", "factcheck.cli", "serve", "--port", "0", "--mode", "offline"]
    environment = {**os.environ, **limits, "FACTCHECK_HOME": str(home), "FACTCHECK_SERVICE_TOKEN": token}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{environment.get('PYTHONPATH', '')}"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, *(["--corpus", str(corpus)] if corpus else [])], stderr=file, env=environment
        )
    try:
        found = None
        while process.poll() is None and '"ready"' not in log.read_text():
            time.sleep(0.2)
        found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())
        if process.poll() is not None or not found:
            raise SystemExit(f"the service did not start:\n{log.read_text()}")
        yield Target(int(found[1]), token), process.pid
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def queries() -> list[str]:
    """Titles and first sentences of the demo notes, none twice."""
    found = []
    for path in sorted((ROOT / "corpus" / "notes").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = re.search(r"^title: *[\"']?(.+?)[\"']?$", text, re.MULTILINE)
        body = text.rpartition("\n---\n")[2].strip()
        found += [title[1] if title else "", body.split(". ")[0][:300]]
    return list(dict.fromkeys(filter(None, found)))


def article(number: int) -> str:
    """The demo article, each time with another last sentence, so that no check is known already."""
    text = (ROOT / "corpus" / "demo-article.md").read_text(encoding="utf-8")
    return f"{text}\n\nPada hari ke-{number} rombongan mengunjungi {number + 2} tempat.\n"


def keep_checking(target: Target, number: int, stop: threading.Event, ended: list[str]) -> None:
    """One check after another until told to stop."""
    while not stop.is_set():
        taken = target.ask("POST", "/v1/checks", {"text": article(number + len(ended) * 100)})
        if taken.status != 202:
            stop.wait(float(taken.headers.get("retry-after", 1)))
            continue
        state = taken
        while not stop.is_set() and (state := target.ask("GET", f"/v1/checks/{taken.body['id']}")).status == 200:
            if state.body["status"] not in ("waiting", "running"):
                ended.append(state.body["status"])
                if ended[-1] != "done":
                    print(f"a check {ended[-1]}: {state.body['reason']}", file=sys.stderr)
                    stop.wait(5.0)
                break
            stop.wait(0.5)


def open_loop(target: Target, texts: Sequence[str], rate: float, seconds: float) -> list[Answer]:
    """Searches at a fixed rate, each answered when it is."""
    from urllib.parse import quote

    def search(due: float, number: int) -> Answer:
        words = quote(f"{texts[number % len(texts)]} {number // len(texts) or ''}".strip())
        return target.ask("GET", f"/v1/search?q={words}", due=due)

    with ThreadPoolExecutor(64) as pool:
        began, running = time.perf_counter(), []
        for number in range(round(rate * seconds)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            running.append(pool.submit(search, due, number))
        return [one.result() for one in running]


class Memory(threading.Thread):
    """Resident megabytes of a process, twice a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._stop_asked, self.megabytes = pid, threading.Event(), list[float]()

    def run(self) -> None:
        """Looks until it is told to stop."""
        while not self._stop_asked.wait(0.5):
            status = Path(f"/proc/{self._pid}/status").read_text()
            found = re.search(r"VmRSS:\s+(\d+)", status)
            self.megabytes.append(int(found[1]) / 1024 if found else 0.0)

    def stop(self) -> list[float]:
        """What was seen."""
        self._stop_asked.set()
        self.join()
        return self.megabytes


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def searches(target: Target, pid: int, options: argparse.Namespace) -> dict[str, Any]:
    """The open loop with its checks, and memory during it."""
    texts, stop, ended = queries(), threading.Event(), list[str]()
    checkers = [
        threading.Thread(target=keep_checking, args=(target, number, stop, ended)) for number in range(options.checks)
    ]
    for thread in checkers:
        thread.start()
    open_loop(target, texts, options.rate, min(SETTLE, options.seconds))  # until both checks are at work
    memory = Memory(pid)
    memory.start()
    before = len(ended)
    answers = open_loop(target, texts[::-1], options.rate, options.seconds)
    seen = memory.stop()
    finished = ended[before:]
    stop.set()
    for thread in checkers:
        thread.join()
    third = max(1, len(seen) // 3)
    answered = [one.seconds for one in answers if one.status == 200]
    return {
        "asked": len(answers),
        "status": dict(Counter(str(one.status) for one in answers)),
        "undeclared_errors": sum(one.status not in (200, *DECLARED) for one in answers),
        "ms": {
            name: round(1000 * percentile(answered, share), 1)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1.0))
        },
        "checks_finished_meanwhile": dict(Counter(finished)),
        "memory_mb": {
            "first_third": round(statistics.median(seen[:third]), 1),
            "last_third": round(statistics.median(seen[-third:]), 1),
            "most": round(max(seen), 1),
        },
    }


def clients(target: Target, count: int) -> dict[str, Any]:
    """So many clients at one moment, each with a search and a check."""
    together, texts = threading.Barrier(count), queries()

    def client(number: int) -> list[Answer]:
        from urllib.parse import quote

        together.wait()
        return [
            target.ask("GET", f"/v1/search?q={quote(texts[number])}"),
            target.ask("POST", "/v1/checks", {"claims": [{"text": texts[-1 - number][:300]}]}),
        ]

    with ThreadPoolExecutor(count) as pool:
        told = list(pool.map(client, range(count)))
    answers = [one for both in told for one in both]
    taken = [check.body["id"] for _, check in told if check.status == 202]
    ends = Counter(_end(target, run_id) for run_id in taken)
    return {
        "requests": len(answers),
        "status": dict(Counter(str(one.status) for one in answers)),
        "neither_answered_nor_told_to_wait": sum(
            one.status not in (200, 202) and not (one.status in DECLARED and one.headers.get("retry-after"))
            for one in answers
        ),
        "search_ms_most": round(1000 * max((one.seconds for one, _ in told if one.status == 200), default=0.0), 1),
        "checks_taken_in": len(taken),
        "how_they_ended": dict(ends),
    }


def _end(target: Target, run_id: str, patience: float = 600.0) -> str:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        state = target.ask("GET", f"/v1/checks/{run_id}")
        if state.status == 200 and state.body["status"] not in ("waiting", "running"):
            return str(state.body["status"])
        time.sleep(0.2)
    return "still going on"


def main() -> None:
    """Measures and prints; `--out` keeps it as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=10.0, help="searches a second")
    parser.add_argument("--checks", type=int, default=2, help="checks in progress meanwhile")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--corpus", type=Path, help="a corpus directory; unset, the demo corpus")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    limits = {"FACTCHECK_SERVICE_GRACE": "1"}
    with tempfile.TemporaryDirectory(prefix="service-bench-") as directory:
        home = Path(directory)
        with service(home, options.corpus, limits) as (target, pid):
            corpus = target.ask("GET", "/v1/corpus").body
            found: dict[str, Any] = {
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
                "corpus": {key: corpus[key] for key in ("documents", "passages")},
                "options": {"seconds": options.seconds, "rate": options.rate, "checks": options.checks},
                "searches": searches(target, pid, options),
                "clients": clients(target, options.clients),
            }
    memory, part, many = found["searches"]["memory_mb"], found["searches"], found["clients"]
    found["holds"] = {
        "no error other than declared limits": part["undeclared_errors"] == 0,
        "p95 of a search under 500 ms": part["ms"]["p95"] < 500,
        "memory flat (last third at most 5 % over the first)": memory["last_third"] <= 1.05 * memory["first_third"],
        "the checks beside it came to their end": set(part["checks_finished_meanwhile"]) <= {"done"},
        "every client answered or told to wait": many["neither_answered_nor_told_to_wait"] == 0,
        "no check that was taken in is dropped": set(many["how_they_ended"]) == {"done"},
    }
    text = json.dumps(found, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
