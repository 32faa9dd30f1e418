"""Who may reach the app and the service: this machine, or whoever has the token."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from factcheck import cli
from factcheck.access import is_loopback_name, refuse_openness
from factcheck.errors import SettingsError
from factcheck.service import refuse_openness as service_refuses
from factcheck.settings import Settings
from factcheck.ui import entrance

ROOT = Path(__file__).resolve().parents[1]
APP = str(ROOT / "app.py")
TOKEN = "token-of-the-app-0123456789"
HERE = ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST", "localhost."]
ELSEWHERE = ["0.0.0.0", "::", "", "10.0.0.1", "192.168.1.5", "8.8.8.8", "newsroom.example", "127.1"]
ELSEWHERE += ["localhost.example", "0", "2130706433", "0x7f.1", "127.0.0.1.example", "::ffff:10.0.0.1"]


def test_what_is_this_machine() -> None:
    assert all(map(is_loopback_name, HERE))
    assert not any(map(is_loopback_name, [*ELSEWHERE, None]))


@pytest.mark.parametrize("host", ELSEWHERE)
def test_without_a_token_nothing_listens_elsewhere(host: str) -> None:
    with pytest.raises(SettingsError, match="FACTCHECK_APP_TOKEN"):
        refuse_openness("app", host, "FACTCHECK_APP_TOKEN", guarded=False)
    refuse_openness("app", host, "FACTCHECK_APP_TOKEN", guarded=True)
    with pytest.raises(SettingsError, match="FACTCHECK_SERVICE_TOKEN"):
        service_refuses(Settings(), host)
    service_refuses(Settings(service_token=TOKEN), host)


@pytest.mark.parametrize("command", ["app", "serve"])
def test_the_commands_refuse_with_code_2(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token of the one does not open the other."""
    other = {"app": "SERVICE", "serve": "APP"}[command]
    monkeypatch.setenv(f"FACTCHECK_{other}_TOKEN", TOKEN)
    monkeypatch.setattr(sys, "argv", ["factcheck", command, "--host", "0.0.0.0"])
    with pytest.raises(SystemExit) as leave:
        cli.main()
    said = capsys.readouterr()
    assert leave.value.code == 2 and said.out == ""
    assert "this machine's own address only, not on 0.0.0.0" in said.err and "_TOKEN" in said.err


def test_a_token_is_long_and_is_recorded_nowhere() -> None:
    with pytest.raises(SettingsError, match="16 ASCII characters") as caught:
        Settings.load(app_token="too-short")
    assert "too-short" not in str(caught.value)
    settings = Settings.load(app_token=TOKEN)
    assert TOKEN not in f"{settings!r}{settings.model_dump()}{settings.public()}"
    assert not [name for name in settings.public() if name.startswith("app_")]


@pytest.mark.parametrize(
    ("address", "host", "why"),
    [
        ("127.0.0.1", "127.0.0.1:8501", None),
        ("localhost", "localhost:8501", None),
        ("::1", "[::1]:8501", None),
        ("127.0.0.1", None, None),
        ("unix:///run/app.sock", "localhost", None),
        (None, "127.0.0.1:8501", "bound"),
        ("0.0.0.0", "127.0.0.1:8501", "bound"),
        ("newsroom.example", "newsroom.example", "bound"),
        ("127.0.0.1", "evil.example:8501", "named"),
        ("127.0.0.1", "localhost.evil.example", "named"),
        ("127.0.0.1", "[::1", "named"),
        ("127.0.0.1", "", "named"),
        ("127.0.0.1", "127.0.0.1@evil.example", "named"),
    ],
)
def test_without_a_token_the_app_is_for_this_machine(address: str | None, host: str | None, why: str | None) -> None:
    """The last ones are pages of other sites whose names were made to lead here (DNS rebinding)."""
    assert entrance.why_closed(address, host) == why


def _entrance() -> None:
    import streamlit as st

    from factcheck.settings import Settings
    from factcheck.ui import entrance
    from factcheck.ui.strings import words

    if entrance.admitted(words("en"), Settings.load(), pause=0):
        st.write("inside")


def _inside(at: AppTest) -> bool:
    assert not at.exception
    return any("inside" in element.value for element in at.markdown)


def test_the_token_opens_the_app_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_APP_TOKEN", TOKEN)
    at = AppTest.from_function(_entrance, default_timeout=30).run()
    assert not _inside(at)
    for wrong in ("", "x", TOKEN[:-1], TOKEN + "0", TOKEN.upper()):
        at.text_input[0].set_value(wrong)
        at.button[0].click().run()
        assert not _inside(at) and at.error[0].value == "That is not the token."
    at.text_input[0].set_value(TOKEN)
    at.button[0].click().run()
    assert _inside(at) and not at.text_input
    drawn = "".join(str(element.proto) for element in at.main)
    assert TOKEN not in drawn and entrance.COOKIE in drawn
    monkeypatch.setenv("FACTCHECK_APP_TOKEN", TOKEN + "-changed")
    assert not _inside(at.run()), "another token ends what the old one opened"


def test_the_whole_app_shows_nothing_before_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_APP_TOKEN", TOKEN)
    at = AppTest.from_file(APP, default_timeout=60).run()
    assert not at.exception
    assert [field.label for field in at.text_input] == ["Token"] and not at.text_area
    assert not (Path(Settings.load().home) / "runs.sqlite3").exists(), "nothing was opened either"


def test_the_app_started_by_hand_listens_on_this_machine_alone(tmp_path: Path) -> None:
    """`streamlit run app.py` from anywhere: the settings beside app.py hold."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", APP, f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while not _answers("127.0.0.1", port):
            assert time.monotonic() < end and process.poll() is None, "the app did not start"
            time.sleep(0.05)
        assert not _answers("127.0.0.2", port), "every other address of this machine stays closed"
    finally:
        process.terminate()
        process.wait()


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True
