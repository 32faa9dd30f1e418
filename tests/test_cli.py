from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import fakes
import pytest
from homes import DemoRun

from factcheck import cli
from factcheck.cli.checking import deliver
from factcheck.cli.common import OutputFormat, write
from factcheck.errors import InputError


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def command(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["factcheck", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(leave.value.code or 0), said.out, said.err)

    return command


def _is_one_sentence(ended: Ended) -> None:
    """Exit code 2, nothing on stdout, and one line for the user without a traceback."""
    assert ended.code == 2, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    lines = ended.err.strip().splitlines()
    assert lines[-1].startswith("factcheck: "), ended.err
    assert lines[-1].rstrip().endswith((".", "!", ")")), ended.err
    assert len([line for line in lines if line.startswith("factcheck: ")]) == 1


# --- help and usage ---------------------------------------------------------------------------------------------------

COMMANDS = [
    ("check",), ("extract",), ("demo",), ("search",), ("batch",), ("doctor",), ("app",), ("corpus",),
    ("corpus", "add"), ("corpus", "list"), ("corpus", "remove"), ("corpus", "info"), ("corpus", "reindex"),
    ("corpus", "doctor"), ("corpus", "export"), ("corpus", "import"),
    ("claims",), ("claims", "import"), ("claims", "list"), ("claims", "find"), ("claims", "remove"),
]  # fmt: skip


@pytest.mark.parametrize("command", [(), *COMMANDS], ids=" ".join)
def test_every_command_has_help(run: Run, command: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        ended = run(*command, option)
        assert ended.code == 0
        assert "Usage:" in ended.out and "--help" in ended.out


def test_the_version(run: Run) -> None:
    import factcheck

    assert run("--version").out == f"factcheck {factcheck.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("check",),
        ("check", "a.txt", "--no-such-option"),
        ("check", "a.txt", "--format", "pdf"),
        ("check", "a.txt", "--mode", "magic"),
        ("search", "x", "-k", "0"),
        ("search", "x", "-k", "many"),
        ("batch", "claims.jsonl"),
        ("corpus", "add"),
    ],
)
def test_a_wrong_command_line_is_code_2_with_usage(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.code == 2 and ended.out == ""
    assert "Usage:" in ended.err and "Traceback" not in ended.err


# --- what cannot be used: exit code 2 and one sentence ----------------------------------------------------------------


@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "2024-02-30", "19-06-2024", "", "2024"])
def test_a_bad_as_of_date(run: Run, tmp_path: Path, day: str) -> None:
    (tmp_path / "a.txt").write_text("Putin landed in Pyongyang.")
    ended = run("check", str(tmp_path / "a.txt"), "--as-of", day)
    _is_one_sentence(ended)
    assert "YYYY-MM-DD" in ended.err and repr(day) in ended.err


def _pdf(path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.encrypt("secret")
    writer.write(path)


ARTICLES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "missing": ("There is no file", lambda path: None),
    "empty": ("empty", lambda path: path.write_bytes(b"")),
    "blank": ("empty", lambda path: path.write_bytes(b" \n\t \n")),
    "junk": ("", lambda path: path.write_bytes(bytes(range(256)) * 40)),
    "directory": ("directory", lambda path: path.mkdir()),
    "too long": ("150,000", lambda path: path.write_text("Putin landed in Pyongyang. " * 7_408)),
    "no pdf": ("", lambda path: path.write_bytes(b"%PDF-1.7\nnot really")),
    "locked pdf": ("password", _pdf),
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_that_cannot_be_read(run: Run, tmp_path: Path, kind: str) -> None:
    words, make = ARTICLES[kind]
    path = tmp_path / ("article.pdf" if "pdf" in kind else "article.txt")
    make(path)
    ended = run("check", str(path))
    _is_one_sentence(ended)
    assert words in ended.err.replace("150000", "150,000")


@pytest.mark.parametrize("content", [b"", b"  \n", bytes(range(256)) * 40])
def test_standard_input_that_cannot_be_read(run: Run, content: bytes) -> None:
    _is_one_sentence(run("check", "-", stdin=content))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/secret",
        "http://localhost:8501/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "ftp://192.0.2.1/a.txt",
        "file:///etc/passwd",
        "http://",
    ],
)
def test_an_address_that_is_refused(run: Run, url: str) -> None:
    ended = run("check", url)
    _is_one_sentence(ended)
    assert "root:" not in ended.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [("FACTCHECK_EVIDENCE", "many"), ("FACTCHECK_LLM_BASE_URL", "localhost"), ("FACTCHECK_RETRIEVE", "0")],
)
def test_a_setting_that_cannot_be_used(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    (tmp_path / "a.txt").write_text("Putin landed in Pyongyang.")
    ended = run("check", str(tmp_path / "a.txt"))
    _is_one_sentence(ended)
    assert variable in ended.err


def test_a_language_model_that_is_not_configured(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Putin landed in Pyongyang.")
    ended = run("check", str(tmp_path / "a.txt"), "--mode", "llm")
    _is_one_sentence(ended)
    assert "FACTCHECK_LLM_MODEL" in ended.err


def test_an_output_that_cannot_be_written_is_said_before_the_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Putin landed in Pyongyang.")
    for output, words in ((tmp_path, "is a directory"), (tmp_path / "no" / "r.html", "There is no directory")):
        for command in (("check", str(tmp_path / "a.txt")), ("demo",)):
            ended = run(*command, "-o", str(output))
            _is_one_sentence(ended)
            assert words in ended.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("check", "{article}", "--corpus", "{missing}"), "There is no corpus at"),
        (("search", "Putin", "--corpus", "{missing}"), "There is no corpus at"),
        (("search", "  ", "--corpus", "{other}"), "empty"),
        (("search", "Putin", "--format", "html"), "text or json"),
        (("corpus", "list", "--corpus", "{missing}"), "There is no corpus at"),
        (("corpus", "info", "--corpus", "{missing}"), "There is no corpus at"),
        (("corpus", "remove", "doc-1", "--corpus", "{missing}"), "no corpus"),
        (("corpus", "remove", "doc-1"), "demo notes"),
        (("corpus", "add", "{missing}"), "There is no file"),
        (("corpus", "add", "{article}", "--available-from", "soon"), "soon"),
        (("check", "{article}", "--corpus", "{other}"), "another"),
        (("corpus", "list", "--corpus", "{other}"), "reindex"),
        (("batch", "{missing}", "-o", "out.jsonl"), "There is no file"),
        (("batch", "{article}", "-o", "out.jsonl"), "factcheck check"),
    ],
)
def test_a_corpus_or_a_batch_that_cannot_be_used(
    run: Run, tmp_path: Path, command: tuple[str, ...], words: str
) -> None:
    from fakes_embedder import HashingEmbedder

    from factcheck.index import Corpus

    (tmp_path / "article.txt").write_text("Putin landed in Pyongyang.")
    Corpus.create(tmp_path / "other", HashingEmbedder(name="another")).close()
    places = {"article": tmp_path / "article.txt", "missing": tmp_path / "missing", "other": tmp_path / "other"}
    ended = run(*(part.format(**places) for part in command))
    _is_one_sentence(ended)
    assert words in ended.err


def test_messages_hold_no_escape_sequences(run: Run) -> None:
    ended = run("check", "\x1b[31mred\x1b]8;;http://198.51.100.7\x07 \u202ereversed")
    _is_one_sentence(ended)
    assert "\x1b" not in ended.err and "\u202e" not in ended.err


# --- the result goes to a file whole or not at all --------------------------------------------------------------------


def test_a_result_replaces_a_file_whole(tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    output.write_text("old")
    write("new “words”", output)
    assert output.read_text(encoding="utf-8") == "new “words”"
    with pytest.raises(UnicodeEncodeError):
        write("half \ud800", output)
    assert output.read_text(encoding="utf-8") == "new “words”"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write("new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write("through", tmp_path / "pipe")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_full_disk_is_a_sentence() -> None:
    with pytest.raises(InputError, match="could not be written"):
        write("words" * 10_000, Path("/dev/full"))


# --- what is delivered ------------------------------------------------------------------------------------------------


def test_a_report_in_which_nothing_could_be_checked_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from factcheck.types import ClaimResult

    claim = fakes.claim()
    report = fakes.report(claim.text, [ClaimResult.not_checked(claim, "No answer within 120 s.")])
    with pytest.raises(typer.Exit) as leave:
        deliver(report, OutputFormat.json, None)
    said = capsys.readouterr()
    assert leave.value.exit_code == 1
    assert json.loads(said.out)["claims"][0]["reason"] == "No answer within 120 s."
    assert "No answer within 120 s." in said.err


def test_an_internal_error_is_code_1_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.usage_or_internal(ZeroDivisionError("x / 0")) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "FACTCHECK_DEBUG" in said and "Traceback" not in said
    monkeypatch.setenv("FACTCHECK_DEBUG", "1")
    monkeypatch.setenv("SOME_API_KEY", "sk-of-nobody-123")
    assert cli.usage_or_internal(ZeroDivisionError("x / 0 by sk-of-nobody-123")) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError: x / 0 by ***" in said
    assert "sk-of-nobody" not in said


def _process(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "factcheck.cli", *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **{**pipes, **more})  # type: ignore[call-overload,no-any-return]


def test_output_is_utf8_whatever_the_locale_says(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C.UTF-8"}
    out, err = _process("check", str(tmp_path / "tidak-ada-“ü”.txt"), env=environment).communicate(timeout=60)
    assert out == b"" and "tidak-ada-“ü”.txt" in err.decode("utf-8")


@pytest.mark.slow
def test_an_interrupt_ends_quietly() -> None:
    # A shell's background job ignores the signal, and its children inherit that.
    process = _process("check", "-", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Interrupted" in err and b"Traceback" not in err


# --- with the real models, over the demo notes ------------------------------------------------------------------------


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Path:
    monkeypatch.setenv("FACTCHECK_HOME", str(demo_home))
    return demo_home


@pytest.mark.slow
def test_the_demo_prints_every_label_and_writes_its_page(demo_run: DemoRun) -> None:
    assert demo_run.code == 0, demo_run.err
    for words in ("SUPPORTED", "REFUTED", "CONFLICTING EVIDENCE", "NOT ENOUGH EVIDENCE"):
        assert words in demo_run.out
    assert demo_run.page.startswith("<!doctype html>") and "<mark>" in demo_run.page
    assert "Traceback" not in demo_run.err


@pytest.mark.slow
def test_a_check_prints_json_and_nothing_else(run: Run, at_home: Path) -> None:
    text = "Putin tiba di Pyongyang pada 19 Juni 2024. Apakah itu lawatan pertamanya?"
    ended = run("check", "-", "--as-of", "2024-06-19", "--format", "json", stdin=text.encode())
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert report["article"]["text"] == text and report["article"]["as_of"] == "2024-06-19"
    for claim in report["claims"]:
        assert text[claim["start"] : claim["end"]] == claim["source_text"]
        for proof in claim["evidence"]:
            assert report["documents"][proof["document_id"]]["text"][proof["start"] : proof["end"]] == proof["quote"]
    assert report["run"]["mode"] == "offline"


@pytest.mark.slow
def test_an_article_in_a_third_language_gives_an_honest_report(run: Run, at_home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Le président est arrivé mardi à Lyon. Il a promis 300 millions d'euros aux communes touchées par la crue."
    )
    ended = run("check", str(tmp_path / "a.txt"), "--as-of", "2024-06-19", "-f", "json", "-o", str(tmp_path / "out"))
    assert ended.code == 0, ended.err
    assert ended.out == "" and "written to" in ended.err
    report = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert report["article"]["language"] == "fr"
    assert {claim["label"] for claim in report["claims"]} <= {"not_enough_evidence"}


@pytest.mark.slow
def test_search_finds_and_marks_what_is_later(run: Run, at_home: Path) -> None:
    ended = run("search", "kunjungan Putin ke Pyongyang", "-k", "3", "--as-of", "2000-01-01")
    assert ended.code == 0 and ended.out.count("LATER") + ended.out.count("undated") >= 1
    found = json.loads(run("search", "kunjungan Putin ke Pyongyang", "-k", "3", "-f", "json").out)
    assert len(found) == 3 and all(c["passage"]["text"] in c["document"]["text"] for c in found)


@pytest.mark.slow
def test_a_corpus_of_ones_own_from_adding_to_removing(run: Run, at_home: Path, tmp_path: Path) -> None:
    corpus = str(tmp_path / "mine")
    (tmp_path / "note.md").write_text(
        "---\npublished: 2024-06-18\npublisher: P\nlanguage: en\n---\nThe dam holds 3.5 million litres.\n"
    )
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7")
    added = run("corpus", "add", str(tmp_path / "note.md"), str(tmp_path / "bad.pdf"), "--corpus", corpus)
    assert added.code == 0 and added.out.startswith("1 added, ") and "bad.pdf" in added.err
    listed = run("corpus", "list", "--corpus", corpus).out.strip().split("\t")
    assert listed[1:4] == ["2024-06-18", "en", "P"]
    assert "documents: 1" in run("corpus", "info", "--corpus", corpus).out
    unknown = run("corpus", "remove", listed[0], "doc-unknown", "--corpus", corpus)
    assert unknown.code == 2 and unknown.out == "1 removed.\n" and "doc-unknown" in unknown.err
    empty = run("corpus", "list", "--corpus", corpus)
    assert empty.code == 2 and "empty" in empty.err
    only_bad = run("corpus", "add", str(tmp_path / "bad.pdf"), "--corpus", corpus)
    assert only_bad.code == 2
