"""What every test runs under: no network beyond loopback, no settings of the machine, a home of its own."""

from __future__ import annotations

import io
import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from homes import DemoRun, own_settings
from hypothesis import settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("factcheck", deadline=None)
settings.load_profile("factcheck")

_CONNECT, _CONNECT_EX, _RESOLVE = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkReached(RuntimeError):
    """A test tried to leave this machine."""


def _loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in ("localhost", "localhost.localdomain"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _literal(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def _guard(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _loopback(address[0]):
        raise NetworkReached(f"a test tried to connect to {address!r}")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Bars every connection and every name look-up beyond loopback; an address written in digits needs no look-up."""

    def connect(self: socket.socket, address: Any) -> None:
        _guard(self, address)
        _CONNECT(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _guard(self, address)
        return _CONNECT_EX(self, address)

    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not (_loopback(host) or _literal(host)):
            raise NetworkReached(f"a test tried to look up {host!r}")
        return _RESOLVE(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", resolve)
        yield


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test, and what a test stores goes to its own directory."""
    own_settings(monkeypatch, tmp_path / "factcheck-home")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The material beside the checkout that the seed tests read; a test that needs it skips without it."""
    place = Path(__file__).resolve().parents[2] / "shared"
    if not (place / "seed").is_dir():
        pytest.skip("../shared is not here: the seed article cannot be read")
    return place


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the packaged model converted and the demo notes indexed, made once for all slow tests."""
    from factcheck.embed import load_embedder
    from factcheck.engine import demo_corpus
    from factcheck.settings import Settings

    home = tmp_path_factory.mktemp("demo-home")
    with pytest.MonkeyPatch.context() as patch:
        own_settings(patch, home)
        settings = Settings.load()
        demo_corpus(settings, load_embedder(settings)).close()
    return home


@pytest.fixture(scope="session")
def demo_run(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """`factcheck demo` with the real models, run once for all slow tests."""
    from factcheck import cli
    from factcheck.store import RunStore

    page, out, err = tmp_path_factory.mktemp("demo") / "report.html", io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        own_settings(patch, demo_home)
        patch.setattr(sys, "argv", ["factcheck", "demo", "-o", str(page)])
        with pytest.raises(SystemExit) as leave:
            cli.main()
    (stored,) = RunStore(demo_home / "runs.sqlite3").recent(1)
    assert stored.report is not None, err.getvalue()
    return DemoRun(int(leave.value.code or 0), out.getvalue(), err.getvalue(), page.read_text("utf-8"), stored.report)
