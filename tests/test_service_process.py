"""The service as a real process on loopback: streams, fifty clients, signals, kills."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra factcheck[service]")

HERE = Path(__file__).resolve().parent
TOKEN = "token-of-a-test-0123456789"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
PAGE = HERE.parent / "docs" / "service.md"


class Running:
    """A served process and how to ask it."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        self.port = int(self.line("listening")["address"].rpartition(":")[2])
        self.line("ready")

    def lines(self) -> list[dict[str, Any]]:
        """The whole lines of the log so far; each is JSON."""
        return [json.loads(line) for line in self.log.read_text().split("\n")[:-1]]

    def line(self, event: str, seconds: float = 60) -> dict[str, Any]:
        """The first line of an event, as soon as it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = next((line for line in self.lines() if line["event"] == event), None)
            if found:
                return found
            assert self.process.poll() is None or event in ("drained", "stopped"), self.log.read_text()
            time.sleep(0.02)
        raise AssertionError(f"no {event} in the log: {self.log.read_text()}")

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"content-type": "application/json", **AUTH, **headers})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(text) if text else None
        finally:
            connection.close()

    def state(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/v1/checks/{run_id}")[2]
        return found

    def ended(self, run_id: str, seconds: float = 60) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state(run_id)
            if state["status"] in ("done", "failed", "interrupted"):
                return state
            time.sleep(0.05)
        raise AssertionError("the check did not end")

    def events(self, run_id: str) -> Iterator[tuple[str, Any]]:
        """Name and data of each event of a check, as they come."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/v1/checks/{run_id}/events", headers=AUTH)
        answer, name = connection.getresponse(), ""
        try:
            for raw in answer:
                key, _, value = raw.decode().rstrip("\n").partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    yield name, json.loads(value)
        finally:
            connection.close()


@contextmanager
def served(home: Path, seconds: float = 0.0, **environment: str) -> Iterator[Running]:
    home.mkdir(exist_ok=True)
    log = home / f"log-{time.monotonic_ns()}"
    known = {key: value for key, value in os.environ.items() if not key.startswith("FACTCHECK_")}
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "serve_fake.py"), str(home), str(seconds)],
            stderr=file,
            text=True,
            env={**known, "FACTCHECK_SERVICE_TOKEN": TOKEN, **environment},
            cwd=HERE.parent,
        )
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def article(sentences: int) -> str:
    return " ".join(f"Presiden mendarat pada hari ke-{n} itu." for n in range(sentences))


def test_a_stream_a_stop_in_the_middle_and_a_second_process_that_goes_on(tmp_path: Path) -> None:
    with served(tmp_path, 0.15, FACTCHECK_SERVICE_GRACE="0.3", FACTCHECK_SERVICE_THREADS="1") as service:
        begun = service.ask("POST", "/v1/checks", {"text": article(12)})[2]["id"]
        waiting = service.ask("POST", "/v1/checks", {"claims": [{"text": "Presiden tiba."}]})[2]["id"]
        seen = []
        for name, data in service.events(begun):
            seen.append((name, data))
            if sum(one == "claim" for one, _ in seen) == 2 and service.process.poll() is None:
                service.process.send_signal(signal.SIGTERM)
        assert seen[-1][0] == "end" and seen[-1][1]["status"] == "interrupted"
        told = [data["position"] for name, data in seen if name == "claim"]
        assert told == list(range(len(told))) and 2 <= len(told) < 12
        assert service.process.wait(30) == 0
        assert service.line("drained")["handed_back"] == 2
        assert service.lines()[-1]["event"] == "stopped"
    with served(tmp_path) as service:
        assert {service.state(run)["status"] for run in (begun, waiting)} == {"interrupted"}
        for run in (begun, waiting):
            assert service.ask("POST", f"/v1/checks/{run}/resume")[0] == 202
            assert service.ended(run)["status"] == "done"
        report = service.ask("GET", f"/v1/checks/{begun}/report")[2]
        assert [claim["status"] for claim in report["claims"]] == ["checked"] * 12
    judged = (tmp_path / "judged").read_text().splitlines()
    assert sorted(judged) == sorted(set(judged)), "no claim is judged twice"
    assert len(judged) == 13


def test_a_killed_process_loses_no_finished_claim(tmp_path: Path) -> None:
    with served(tmp_path, 0.1) as service:
        run = service.ask("POST", "/v1/checks", {"text": article(8)})[2]["id"]
        for name, _data in service.events(run):
            if name == "claim":
                service.process.kill()
                break
        service.process.wait(30)
    with served(tmp_path) as service:
        before = service.state(run)
        assert before["status"] == "interrupted" and before["done"] >= 1
        assert service.ask("POST", f"/v1/checks/{run}/resume", {})[0] == 202
        after = service.ended(run)
        assert (after["status"], after["done"]) == ("done", 8)
    judged = (tmp_path / "judged").read_text().splitlines()
    assert len(judged) <= 8 + 1, "only the claim in flight is judged again"


def test_fifty_clients_at_once_are_answered_or_told_to_wait(tmp_path: Path) -> None:
    with served(tmp_path, 0.01, FACTCHECK_SERVICE_ROOM="10", FACTCHECK_SERVICE_CHECKS="1000") as service:

        def client(number: int) -> list[tuple[str, int, dict[str, str], Any]]:
            told = [("search", *service.ask("GET", f"/v1/search?q=presiden+{number}"))]
            told.append(("check", *service.ask("POST", "/v1/checks", {"text": article(2)})))
            return told

        with ThreadPoolExecutor(50) as pool:
            told = [one for answers in pool.map(client, range(50)) for one in answers]
        assert len(told) == 100
        wait = [headers for _, status, headers, _ in told if status in (429, 503)]
        assert all(int(headers["retry-after"]) >= 1 for headers in wait)
        taken = [body["id"] for what, status, _, body in told if what == "check" and status == 202]
        assert {status for _, status, _, _ in told} <= {200, 202, 429, 503}
        assert len(taken) >= 12 and any(what == "search" and status == 200 for what, status, _, _ in told)
        assert all(service.ended(run)["status"] == "done" for run in taken), "what was taken in is not dropped"
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(30) == 0
        assert TOKEN not in service.log.read_text() and "Presiden" not in service.log.read_text()


def test_a_client_that_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    with served(tmp_path, 0.05) as service:
        run = service.ask("POST", "/v1/checks", {"text": article(20)})[2]["id"]
        for _ in range(5):
            next(service.events(run))  # one event, then the connection is closed
        assert service.ended(run)["status"] == "done"
        connection = HTTPConnection("127.0.0.1", service.port, timeout=30)
        connection.request("GET", "/metrics", headers=AUTH)
        figures = connection.getresponse().read().decode()
        connection.close()
        assert "factcheck_streams 0.0" in figures
        assert not [line for line in service.lines() if line["level"] == "error"]


@pytest.mark.parametrize(("proxies", "client"), [("127.0.0.1", "203.0.113.9"), ("", "127.0.0.1")])
def test_a_proxy_is_believed_only_where_it_is_named(tmp_path: Path, proxies: str, client: str) -> None:
    with served(tmp_path, FACTCHECK_SERVICE_PROXIES=proxies) as service:
        service.ask("GET", "/v1/corpus", **{"X-Forwarded-For": "203.0.113.9"})
        assert service.line("request")["client"] == client


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith("FACTCHECK_")}
    return subprocess.run(
        [sys.executable, "-m", "factcheck.cli", "serve", *arguments],
        capture_output=True,
        text=True,
        env={**known, **environment},
        cwd=HERE.parent,
        timeout=120,
    )


def test_the_command_refuses_to_be_open(tmp_path: Path) -> None:
    done = command("--host", "0.0.0.0", FACTCHECK_HOME=str(tmp_path))
    assert done.returncode == 2 and "FACTCHECK_SERVICE_TOKEN" in done.stderr
    done = command(FACTCHECK_HOME=str(tmp_path), FACTCHECK_SERVICE_TOKEN="short-secret")
    assert done.returncode == 2 and "16 ASCII characters" in done.stderr and "short-secret" not in done.stderr


def test_the_command_says_that_a_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = command("--port", str(taken.getsockname()[1]), FACTCHECK_HOME=str(tmp_path))
    assert done.returncode == 2 and "Choose another --port" in done.stderr


def curl_lines(page: str) -> list[str]:
    """Every curl command of a page that is to succeed (`-f`), as bash would run it."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl -f")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples of docs/service.md are run with curl")
def test_the_examples_of_the_page_work(tmp_path: Path) -> None:
    lines = curl_lines(PAGE.read_text(encoding="utf-8"))
    assert len(lines) >= 20
    site = {"FACTCHECK_SITE_NAME": "Cek", "FACTCHECK_SITE_URL": "https://cek.example"}
    with served(tmp_path / "home", **site) as service:
        run = service.ask("POST", "/v1/checks", {"text": article(2)})[2]["id"]
        service.ended(run)
        claim = service.ask("GET", f"/v1/checks/{run}/claims")[2]["claims"][0]["result"]["id"]
        (tmp_path / "article.txt").write_text("Presiden mendarat.")
        known = {
            "BASE": f"http://127.0.0.1:{service.port}", "AUTH": f"Authorization: Bearer {TOKEN}", "RUN": run,
            "CLAIM": claim, "VERSION": "0", "PATH": os.environ["PATH"],
        }  # fmt: skip
        for line in lines:
            done = subprocess.run(
                ["bash", "-c", line], capture_output=True, text=True, env=known, cwd=tmp_path, timeout=60
            )
            assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert json.loads((tmp_path / "reviewed.json").read_text())["schema_version"] == "1"
    assert (tmp_path / "report.md").read_text().startswith("#")
