"""The app as a process of its own, for the tests that drive it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COLD_MS = 540_000
"""A first run reads the models and indexes the demo notes."""


def wait_for(holds: Callable[[], bool], seconds: float, why: str = "the app did not start") -> None:
    """Waits until something holds; fails with `why` once the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, why
        time.sleep(0.2)


class App:
    """The app on a free port of this machine; stopped or killed, it can be started again at the same address."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        """Takes the home of its data and further settings by their names in the environment."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("FACTCHECK_", "OPENAI_"))}
        self._env = {**kept, "FACTCHECK_HOME": str(home), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.home, self.log = home, home / "server.log"
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Starts the app and waits until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={self._port}", "--server.address=127.0.0.1"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=log, stderr=subprocess.STDOUT)
        wait_for(self._healthy, 120)

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)

    def stop(self) -> None:
        """Ends the process and looks through its log."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
        traceback = [line for line in self.log.read_text("utf-8").splitlines() if "Traceback" in line]
        assert not traceback, "the server's log holds a traceback"

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False
