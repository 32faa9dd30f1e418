"""The review desk in chromium: how long until its rows are on screen, opened anew and filtered.

`desk_scale.py --browser` calls it with a store of its own. It needs Debian's chromium and playwright (extra `browser`).
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from factcheck.errors import InputError

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, ViewportSize

ROOT = Path(__file__).resolve().parents[1]
WAIT_MS = 60_000
SIZE: ViewportSize = {"width": 1280, "height": 900}
ROWS = 50

SHOWN = "n => document.querySelectorAll('.st-key-queue .fc-row').length === n"
"""The rows are in the page."""

SIGNS = "new Set([...document.querySelectorAll('.st-key-queue .fc-row .fc-chip')].map(e => e.innerText.slice(2)))"

ONLY = f"label => {{ const signs = {SIGNS}; return signs.size === 1 && signs.has(label); }}"
"""Every row on screen has that verdict."""

SEVERAL = f"() => {SIGNS}.size > 1"

COUNTED = "text => document.querySelector('.st-key-count')?.innerText.includes(text)"
"""The heading above the rows says so; it is drawn before them."""

STILL = "() => document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'"


class Step(NamedTuple):
    """One thing that was waited for."""

    wall: float
    """Seconds until it was on screen."""
    browser: float
    """Seconds of processor time of every process of the browser."""
    server: float
    """Seconds of processor time of the server, until its script stood still."""
    messages: int
    """Messages that the server sent, until then."""
    kilobytes: float
    runs: int
    """How often the script ran, until then."""
    elements: int
    """Elements of Streamlit's on the page then."""


class Wire:
    """What the server sends over the page's websockets."""

    def __init__(self, page: Page) -> None:
        self.messages, self.octets, self.runs = 0, 0, 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            return
        self.messages += 1
        self.octets += len(frame)
        self.runs += ForwardMsg.FromString(frame).WhichOneof("type") == "new_session"


def measured(home: Path, repeat: int, labels: dict[str, str]) -> dict[str, Any]:
    """Opens the desk over a store and filters it in a browser.

    Args:
        home: the directory with `runs.sqlite3`.
        repeat: how often each.
        labels: the verdicts to filter by in turn, by the text of their box; each with the number of claims it leaves
            as the desk writes it.

    Returns:
        For opening, opening in a browser that has never been there, and filtering: median and longest, in seconds, and
        what it cost; beside them the load average before and after.

    Raises:
        InputError: there is no chromium or no playwright.
    """
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise InputError("playwright is not installed: pip install -e '.[browser]'.") from None
    if chromium is None:
        raise InputError("There is no chromium here: apt-get install chromium.")
    before = os.getloadavg()
    steps: dict[str, list[Step]] = {name: [] for name in ("opening", "opening, new browser", "filtering", "clearing")}
    with _server(home) as (address, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        usual = browser.new_context(viewport=SIZE)
        for turn in range(repeat + 1):  # the first warms the server, and the cache of the browser
            new = browser.new_context(viewport=SIZE)
            taken = _visit(new, address, pid, {})
            taken = {"opening, new browser": taken["opening"]}
            taken |= _visit(usual, address, pid, labels, turn)
            new.close()
            for name, step in taken.items() if turn else ():
                steps[name].append(step)
        version = browser.version
        browser.close()
    return {
        "steps": {name: _summary(done) for name, done in steps.items()}, "n": repeat, "chromium": version,
        "load_average_before": before, "load_average_after": os.getloadavg(),
    }  # fmt: skip


def _visit(
    context: BrowserContext, address: str, server: int, labels: dict[str, str], turn: int = 0
) -> dict[str, Step]:
    """Opens the desk in a new page; where there are verdicts, filters by one and clears the filter."""
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    wire = Wire(page)
    taken = {"opening": _step(page, wire, server, lambda: _open(page, address))}
    if labels:
        box, number = list(labels.items())[turn % len(labels)]
        everything = f"{sum(int(n.replace(',', '')) for n in labels.values()):,}"
        taken["filtering"] = _step(page, wire, server, lambda: _tick(page, box, number))
        taken["clearing"] = _step(page, wire, server, lambda: _clear(page, everything))
    page.close()
    return taken


def _open(page: Page, address: str) -> None:
    page.goto(f"{address}/desk", wait_until="commit")
    page.wait_for_function(SHOWN, arg=ROWS)


def _tick(page: Page, box: str, number: str) -> None:
    page.locator(".st-key-facet-label label", has_text=box).click()
    page.wait_for_function(COUNTED, arg=f" {number} ")
    page.wait_for_function(SHOWN, arg=min(ROWS, int(number.replace(",", ""))))
    page.wait_for_function(ONLY, arg=box)


def _clear(page: Page, number: str) -> None:
    page.locator(".st-key-clear button").click()
    page.wait_for_function(COUNTED, arg=f" {number} ")
    page.wait_for_function(SHOWN, arg=ROWS)
    page.wait_for_function(SEVERAL)


def _step(page: Page, wire: Wire, server: int, do: Callable[[], None]) -> Step:
    """Does something and waits for the script to stand still before the next."""
    sent = (wire.messages, wire.octets, wire.runs)
    browser, worked, began = _worked(os.getpid(), below=True), _worked(server), time.perf_counter()
    do()
    wall, rendered = time.perf_counter() - began, _worked(os.getpid(), below=True) - browser
    page.wait_for_function(STILL)
    page.wait_for_timeout(300)
    return Step(
        wall, rendered, _worked(server) - worked, wire.messages - sent[0], (wire.octets - sent[1]) / 1000,
        wire.runs - sent[2], page.locator("[data-testid=stElementContainer]").count(),
    )  # fmt: skip


def _summary(steps: list[Step]) -> dict[str, float]:
    middle = {name: round(statistics.median(s[i] for s in steps), 3) for i, name in enumerate(Step._fields)}
    return {"median_s": middle.pop("wall"), "longest_s": round(max(s.wall for s in steps), 3), **middle}


@contextmanager
def _server(home: Path) -> Iterator[tuple[str, int]]:
    """The app over that store on a free port: its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("FACTCHECK_", "OPENAI_"))}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    address = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=kept | {"FACTCHECK_HOME": str(home)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _until_healthy(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until_healthy(address: str) -> None:
    ends = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise InputError("The app did not start; its directory has server.log.")


def _worked(pid: int, *, below: bool = False) -> float:
    """Seconds of processor time of a process, or of all that are below it and still there; 0 without /proc."""
    try:
        times = {int(p.name): (p / "stat").read_text().rsplit(")", 1)[1].split() for p in Path("/proc").glob("[0-9]*")}
    except OSError:  # a process went away meanwhile
        return _worked(pid, below=below)
    ticks = os.sysconf("SC_CLK_TCK")
    spent = {number: (int(t[11]) + int(t[12])) / ticks for number, t in times.items()}
    if not below:
        return spent.get(pid, 0.0)
    found, left = 0.0, [pid]
    while left:
        parent = left.pop()
        children = [number for number, t in times.items() if int(t[1]) == parent]
        found += sum(spent[child] for child in children)
        left += children
    return found
