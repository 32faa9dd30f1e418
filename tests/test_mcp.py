"""The MCP server in a process of its own, asked by the SDK's own client over stdio."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from factcheck.store import RunStore

if importlib.util.find_spec("mcp") is None:
    pytest.skip("the extra [mcp] is not installed: the MCP server cannot be run", allow_module_level=True)

from mcp import Client, StdioServerParameters, stdio_client

ROOT = Path(__file__).resolve().parents[1]
DESK = ROOT / "tests" / "mcp_desk.py"
CLAIM = "Putin landed in Pyongyang."
TEXT = "Putin landed in Pyongyang early on Wednesday. Kim met him."


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {"PYTHONPATH": path, "FACTCHECK_HOME": str(home), "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}


class Served(NamedTuple):
    """A server that runs, and what asks it."""

    portal: BlockingPortal
    client: Client
    home: Path

    def tool(self, name: str, **arguments: Any) -> Any:
        """What a tool gives."""
        return self.portal.call(self.client.call_tool, name, arguments)

    def told(self) -> str:
        """What the server has said on standard error so far."""
        return (self.home / "stderr.txt").read_text()


@contextmanager
def _serving(home: Path, *arguments: str) -> Iterator[Served]:
    server = StdioServerParameters(command=sys.executable, args=list(arguments), env=_environment(home))
    with (home / "stderr.txt").open("w") as told, start_blocking_portal() as portal:
        connected = Client(stdio_client(server, errlog=told), read_timeout_seconds=120)
        with portal.wrap_async_context_manager(connected) as client:
            yield Served(portal, client, home)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The notes of mcp_desk.py, served."""
    home = tmp_path_factory.mktemp("mcp")
    with _serving(home, str(DESK), str(home)) as running:
        yield running


def _said(result: Any) -> str:
    return " ".join(part.text for part in result.content)


def test_the_tools_are_offered_with_their_schemas(served: Served) -> None:
    tools = {tool.name: tool for tool in served.portal.call(served.client.list_tools).tools}
    assert set(tools) == {"check_claim", "check_article", "search_corpus", "find_checked_claims"}
    assert served.client.server_info.name == "factcheck"
    assert "not_enough_evidence" in (served.client.instructions or "")
    for tool in tools.values():
        assert tool.description and tool.output_schema and tool.input_schema["required"]
    assert "evidence" in tools["check_claim"].output_schema["properties"]
    assert tools["search_corpus"].annotations.read_only_hint and not tools["check_article"].annotations.read_only_hint


def test_a_claim_is_checked_with_a_quote_at_its_place(served: Served) -> None:
    result = served.tool("check_claim", claim=CLAIM, as_of="2024-06-19")
    assert not result.is_error, _said(result)
    made = result.structured_content
    assert (made["label"], made["status"], made["as_of"]) == ("supported", "checked", "2024-06-19")
    (used,) = [quoted for quoted in made["evidence"] if quoted["used"]]
    assert TEXT[used["start"] : used["end"]] == used["quote"] == "Putin landed in Pyongyang early on Wednesday."
    assert used["publisher"] == "A" and made["matches"][0]["text"] == CLAIM
    assert json.loads(_said(result)) == made


def test_a_check_that_fails_is_a_result_and_no_verdict(served: Served) -> None:
    result = served.tool("check_claim", claim="The plane is gone.")
    made = result.structured_content
    assert not result.is_error and (made["status"], made["label"]) == ("not_checked", None)
    assert "no answer" in made["reason"]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("check_claim", {"claim": "  "}, "The claim is empty: give the statement to check as text."),
        ("check_claim", {"claim": CLAIM, "as_of": "19/06/2024"}, "as_of takes a date as YYYY-MM-DD"),
        ("check_claim", {}, "claim"),
        ("check_article", {"text": ""}, "There is no text"),
        ("check_article", {"text": CLAIM, "published": "soon"}, "not a date"),
        ("search_corpus", {"query": ""}, "The query is empty"),
        ("search_corpus", {"query": "Putin", "k": 1000}, "less than or equal to 50"),
        ("find_checked_claims", {"claim": ""}, "The claim is empty"),
    ],
)
def test_what_cannot_be_used_is_a_tool_error_in_a_sentence(
    served: Served, name: str, arguments: dict[str, Any], words: str
) -> None:
    result = served.tool(name, **arguments)
    assert result.is_error and words in _said(result)


def test_an_article_is_checked_claim_by_claim_and_recorded(served: Served) -> None:
    seen: list[tuple[float, float | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        seen.append((done, total))

    async def ask() -> Any:
        text = f"{CLAIM} Was it a good day? The plane is gone."
        given = {"text": text, "published": "2024-06-19", "language": "en"}
        return await served.client.call_tool("check_article", given, progress_callback=progress)

    made = served.portal.call(ask).structured_content
    assert [(c["label"], c["status"]) for c in made["claims"]] == [("supported", "checked"), (None, "not_checked")]
    assert made["left_out"][0]["text"] == "Was it a good day?" and (2, 2) in seen
    stored = RunStore(served.home / "runs.sqlite3").get(made["run_id"])
    assert stored is not None and stored.status == "done"


def test_the_corpus_is_searched_and_later_passages_are_marked(served: Served) -> None:
    dated = served.tool("search_corpus", query="Putin", as_of="2024-06-19").structured_content["passages"]
    assert {found["publisher"]: found["timing"] for found in dated} == {"A": "in_time", "B": "later"}
    (first,) = [found for found in dated if found["publisher"] == "A"]
    assert TEXT[first["start"] : first["end"]] == first["text"]
    best = served.tool("search_corpus", query="Hanoi", k=1).structured_content["passages"]
    assert [found["text"] for found in best] == ["Putin went on to Hanoi."]


def test_claims_checked_before_are_found(served: Served) -> None:
    def texts(claim: str) -> list[str]:
        found = served.tool("find_checked_claims", claim=claim).structured_content["matches"]
        return [match["text"] for match in found]

    assert texts("Putin has landed in Pyongyang.") == [CLAIM]
    assert texts("Rice costs more in Java.") == []


def test_a_cancelled_article_ends_its_check(served: Served) -> None:
    many = " ".join(f"The slow train has {i} wagons." for i in range(60))

    async def ask() -> None:
        with anyio.move_on_after(1.5):
            await served.client.call_tool("check_article", {"text": many, "language": "en"})

    served.portal.call(ask)
    store = RunStore(served.home / "runs.sqlite3")
    deadline = time.monotonic() + 20
    while (run := store.recent(1)[0]).status == "running" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert run.status == "interrupted"


def test_what_a_library_prints_does_not_reach_the_client(served: Served) -> None:
    served.tool("check_claim", claim=CLAIM)
    assert "A library writes." in served.told() and "A library talks." in served.told()


def test_an_engine_that_cannot_be_opened_is_told_at_every_call(tmp_path: Path) -> None:
    with _serving(tmp_path, str(DESK), str(tmp_path), "broken") as served:
        for _ in range(2):
            result = served.tool("search_corpus", query="Putin")
            assert result.is_error and "factcheck corpus add" in _said(result)


def test_nothing_but_the_protocol_is_on_standard_output(tmp_path: Path) -> None:
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    ask = {"name": "check_claim", "arguments": {"claim": CLAIM}}
    lines: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": ask},
    ]
    pipe, environment = subprocess.PIPE, {**os.environ, **_environment(tmp_path)}
    command = [sys.executable, str(DESK), str(tmp_path)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        rest, told = process.stdout.read(), process.stderr.read()
    assert [answer["id"] for answer in answers] == [1, 2] and rest == ""
    assert answers[1]["result"]["structuredContent"]["label"] == "supported"
    assert "A library talks." in told and process.returncode == 0


@pytest.mark.slow
def test_the_command_serves_the_demo_corpus(demo_home: Path) -> None:
    with _serving(demo_home, "-m", "factcheck.cli", "mcp", "--mode", "offline") as served:
        claim = "Vladimir Putin tiba di Pyongyang pada 19 Juni 2024."
        checked = served.tool("check_claim", claim=claim, language="id", as_of="2024-06-19").structured_content
        found = served.tool("search_corpus", query="Kim", k=3).structured_content
    assert checked["label"] == "supported" and all(quoted["quote"] for quoted in checked["evidence"])
    assert len(found["passages"]) == 3


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError(\"No module named 'mcp'\", name='mcp')")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "factcheck.cli", "mcp"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "pip install 'factcheck[mcp]'" in done.stderr and done.stdout == ""
