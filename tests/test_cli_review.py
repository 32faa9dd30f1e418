from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fakes_review import fill, reviewed

from factcheck import cli
from factcheck.review import Desk
from factcheck.store import RunStore


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command of `review` in this process."""

    def command(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["factcheck", "review", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(leave.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    store = RunStore(tmp_path / "factcheck-home" / "runs.sqlite3")
    fill(store)
    return Desk(store)


def _now(desk: Desk) -> Any:
    found = desk.claim("r", "c1")
    assert found is not None
    return found


def test_a_shift_of_a_script(run: Run, desk: Desk) -> None:
    ended = run("set", "r", "c1", "--verdict", "refuted", "--by", "Ana", "--reason", "It was Seoul.")
    assert ended.code == 0 and ended.out.startswith("in_review\trefuted\tversion ")
    assert "somebody else must sign" in run("set", "r", "c1", "--sign-off", "--by", "Ana").err
    assert run("set", "r", "c1", "--sign-off", "--by", "Budi").out.startswith("reviewed\t")
    assert run("set", "r", "c1", "--publish", "--by", "Ana").out.startswith("published\t")
    assert run("set", "r", "c1", "--correct", "--by", "Ana", "--reason", "A reader wrote.").code == 0
    assert [json.loads(line)["action"] for line in run("log").out.splitlines()] == [
        "set_verdict", "sign_off", "publish", "correct",
    ]  # fmt: skip
    assert _now(desk).state == "correction"


def test_the_list(run: Run, desk: Desk) -> None:
    reviewed(desk)
    ended = run("list")
    assert ended.out.splitlines() == [
        "r\tc1\treviewed\trefuted\t0.80\tAna\tPutin landed in Pyongyang.",
        "r\tc2\tmachine_checked\tnot_checked\t\tmachine\tHe left for Hanoi.",
    ]
    assert "2 of 2 claims" in ended.err
    for options, claim in (
        (("--label", "refuted"), "c1"),
        (("--label", "not_checked", "--label", "supported"), "c2"),
        (("--state", "reviewed"), "c1"),
        (("--words", "MINISTER"), "c2"),
        (("--least", "0.5"), "c1"),
        (("--offset", "1"), "c2"),
        (("--limit", "1"), "c1"),
        (("--run", "r", "--order", "confidence", "--limit", "1"), "c1"),
    ):
        assert [line.split("\t")[1] for line in run("list", *options).out.splitlines()] == [claim]
    assert run("list", "--dropped").out == run("list", "--back").out == run("list", "--language", "ms").out == ""
    assert [row["claim_id"] for row in json.loads(run("list", "-f", "json").out)] == ["c1", "c2"]
    assert [json.loads(row)["label"] for row in run("list", "-f", "jsonl").out.splitlines()] == [
        "refuted",
        "not_checked",
    ]


def test_the_articles(run: Run, desk: Desk) -> None:
    reviewed(desk)
    (line,) = run("list", "--articles").out.splitlines()
    assert line.split("\t")[0::2] == ["r", "done", "1 machine_checked, 1 reviewed"] and line.endswith("\tA visit")
    assert json.loads(run("list", "--articles", "-f", "json").out)[0]["claims"] == 2


def test_a_claim_is_shown_with_all_that_happened(run: Run, desk: Desk) -> None:
    run("set", "r", "c1", "--stance", "neutral", "--evidence", "1", "--by", "Ana")
    run("set", "r", "c1", "--note", "Ask\x1b[31m the embassy.", "--by", "Ana")
    reviewed(desk)
    shown = run("show", "r", "c1").out
    for words in (
        "state: reviewed", "machine: supported (0.80)", "verdict: refuted, by Ana: It was Seoul.",
        "signed off by Budi", "[1] neutral (machine: supports)", "[2] refutes, not counted: weak_match",
        "Ana wrote a note: Ask", "Ana set the verdict to refuted: It was Seoul.", "checked before", "(old)",
    ):  # fmt: skip
        assert words in shown
    assert "\x1b" not in shown
    assert json.loads(run("show", "r", "c1", "-f", "json").out)["machine"]["label"] == "supported"


def test_everything_that_can_be_set(run: Run, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("---\npublisher: Airport\npublished: 2024-06-19\n---\nHe came at two.\n")
    source = str(tmp_path / "note.md")
    steps: list[tuple[str, ...]] = [
        ("--accept",),
        ("--match", "old", "--reason", "The same words."),
        ("--text", "He left.", "--start", "27", "--end", "45"),
        ("--source", source, "--quote", "came at two", "--stance", "supports", "--title", "Log"),
        ("--stance", "neutral", "--added", "1"),
        ("--drop", "--reason", "Not a claim."),
        ("--restore",),
        ("--note", "Well."),
    ]
    for step in steps:
        ended = run("set", "r", "c1", *step, "--by", "Ana")
        assert ended.code == 0, ended.err
    now = _now(desk)
    assert [e.action for e in now.events] == [
        "accept", "take_match", "edit_claim", "add_evidence", "set_stance", "drop", "restore", "note",
    ]  # fmt: skip
    assert now.events[1].change.label == "refuted", "the match's own verdict is taken"
    assert (now.text, now.source_text) == ("He left.", "He left for Hanoi.")
    (added,) = now.added
    assert (added.quote, added.stance, added.title, added.publisher, added.published, added.added_by) == (
        "came at two", "neutral", "Log", "Airport", "2024-06-19", "Ana",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Say one thing to do"),
        (("--accept", "--drop"), "Say one thing to do"),
        (("--verdict", "refuted"), "needs a reason"),
        (("--verdict", "perhaps", "--reason", "Why."), "perhaps"),
        (("--sign-off",), "Nobody has decided"),
        (("--publish",), "signed off first"),
        (("--text", "X.", "--start", "3"), "both --start and --end"),
        (("--text", "X.", "--start", "0", "--end", "999"), "other words"),
        (("--accept", "--version", "7"), "begun anew"),
        (("--accept", "--by", "factcheck"), "name of the program"),
        (("--source", "nowhere.txt", "--quote", "x", "--stance", "supports"), "nowhere.txt"),
        (("--note", " "), "note is empty"),
    ],
)
def test_a_refusal_is_a_sentence_and_code_2(run: Run, desk: Desk, options: tuple[str, ...], words: str) -> None:
    by = () if "--by" in options else ("--by", "Ana")
    ended = run("set", "r", "c1", *options, *by)
    assert ended.code == 2 and words in ended.err and "Traceback" not in ended.err
    assert list(desk.log()) == []


def test_evidence_wants_its_quote(run: Run, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("He came at two.")
    source = ("set", "r", "c1", "--by", "Ana", "--source", str(tmp_path / "note.txt"))
    assert "Quote them exactly" in run(*source, "--quote", "at three", "--stance", "supports").err
    assert "--quote" in run(*source).err
    ended = run(*source, "--quote", "at two", "--stance", "supports", "--published", "yesterday")
    assert ended.code == 2 and "YYYY-MM-DD" in ended.err


def test_what_is_not_there_is_told(run: Run, desk: Desk) -> None:
    for command in (("show", "r", "c9"), ("set", "r", "c9", "--accept", "--by", "Ana")):
        ended = run(*command)
        assert ended.code == 2 and "no finished claim c9" in ended.err
    assert run("export", "nobody").code == 2
    assert run("export", "r", "c9").code == 2


def test_a_name_is_needed_and_may_be_a_setting(run: Run, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "FACTCHECK_REVIEWER" in run("set", "r", "c1", "--accept").err
    monkeypatch.setenv("FACTCHECK_REVIEWER", "Citra")
    assert run("set", "r", "c1", "--accept").code == 0 and _now(desk).decided_by == "Citra"
    monkeypatch.setenv("FACTCHECK_TWO_PEOPLE", "false")
    assert run("set", "r", "c1", "--sign-off").code == 0


def test_a_version_that_was_seen_is_kept_to(run: Run, desk: Desk) -> None:
    seen = str(_now(desk).version)
    run("set", "r", "c1", "--accept", "--by", "Ana")
    ended = run("set", "r", "c1", "--verdict", "refuted", "--reason", "No.", "--by", "Budi", "--version", seen)
    assert ended.code == 2 and "Ana accepted the verdict supported" in ended.err
    assert _now(desk).decided_by == "Ana"


def test_the_log_of_a_part(run: Run, desk: Desk) -> None:
    fill(desk.store, "other")
    for run_id, claim in (("r", "c1"), ("r", "c2"), ("other", "c1")):
        run("set", run_id, claim, "--note", f"{run_id} {claim}", "--by", "Ana")

    def told(*options: str) -> list[str]:
        return [json.loads(line)["reason"] for line in run("log", *options).out.splitlines()]

    assert told() == ["r c1", "r c2", "other c1"]
    assert told("--run", "r") == ["r c1", "r c2"] and told("--run", "r", "--claim", "c2") == ["r c2"]
    first = json.loads(run("log").out.splitlines()[0])["seq"]
    assert told("--since", str(first)) == ["r c2", "other c1"]


def test_a_claim_is_checked_again(run: Run, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against an empty corpus nothing can be checked: the engine says so before any model is loaded."""
    from factcheck.embed import load_embedder
    from factcheck.index import Corpus
    from factcheck.settings import Settings

    Corpus.create(tmp_path / "corpus", load_embedder(Settings.load())).close()
    monkeypatch.setenv("FACTCHECK_CORPUS", str(tmp_path / "corpus"))
    ended = run("set", "r", "c1", "--recheck", "--by", "Ana")
    assert ended.code == 2 and "empty" in ended.err and _now(desk).machine.label == "supported"


@pytest.mark.parametrize(
    ("format", "words"),
    [("json", '"decided_by": "Ana"'), ("md", "It was Seoul."), ("html", "<html"), ("csv", "It was Seoul.")],
)
def test_what_was_reviewed_is_exported(run: Run, desk: Desk, tmp_path: Path, format: str, words: str) -> None:
    reviewed(desk)
    whole, one = run("export", "r", "-f", format), run("export", "r", "c1", "-f", format, "--language", "id")
    assert whole.code == one.code == 0, whole.err
    assert words in whole.out and "He left for Hanoi." in whole.out
    target = tmp_path / f"out.{format}"
    assert run("export", "r", "-f", format, "-o", str(target)).out == ""
    assert words in target.read_text(encoding="utf-8")


def test_notes_stay_in_the_house_unless_asked_for(run: Run, desk: Desk) -> None:
    run("set", "r", "c1", "--note", "For colleagues only.", "--by", "Ana")
    assert "For colleagues only." not in run("export", "r").out
    assert "For colleagues only." in run("export", "r", "--notes").out


def test_claimreview_wants_a_site_and_a_signature(run: Run, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "FACTCHECK_SITE" in run("export", "r", "-f", "claimreview").err
    monkeypatch.setenv("FACTCHECK_SITE_NAME", "Cek")
    monkeypatch.setenv("FACTCHECK_SITE_URL", "https://cek.example.org")
    assert run("export", "r", "c1", "-f", "claimreview").code == 2
    reviewed(desk)
    made = json.loads(run("export", "r", "-f", "claimreview").out)
    (item,) = made if isinstance(made, list) else made.get("@graph", [made])
    assert item["claimReviewed"] == "Putin landed in Pyongyang."


def test_a_pdf_goes_to_a_file(run: Run, desk: Desk, tmp_path: Path) -> None:
    pytest.importorskip("fpdf", reason="the extra [pdf] is not installed")
    target = tmp_path / "out.pdf"
    ended = run("export", "r", "-f", "pdf", "-o", str(target))
    assert ended.code == 0 and target.read_bytes().startswith(b"%PDF-"), ended.err


@pytest.mark.parametrize("command", ["list", "show", "set", "log", "export"])
def test_every_command_has_help(run: Run, command: str) -> None:
    ended = run(command, "--help")
    assert ended.code == 0 and "Usage" in ended.out


def test_a_change_of_the_corpus_brings_reviewed_claims_back(
    run: Run, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from factcheck.embed import load_embedder
    from factcheck.index import Corpus
    from factcheck.settings import Settings

    def corpus(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["factcheck", "corpus", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
        return " ".join(capsys.readouterr().err.split())

    Corpus.create(tmp_path / "newsroom", load_embedder(Settings.load())).close()
    monkeypatch.setenv("FACTCHECK_CORPUS", str(tmp_path / "newsroom"))
    (tmp_path / "empty").mkdir()
    assert "back" not in corpus("add", str(tmp_path / "empty")), "nothing is reviewed"
    fill(desk.store, corpus="newsroom")
    reviewed(desk)
    assert "1 reviewed claim comes back" in corpus("add", str(tmp_path / "empty"))
    assert "“Arrivals” is no longer in the corpus" in run("show", "r", "c1").out
    assert [line.split("\t")[1] for line in run("list", "--back").out.splitlines()] == ["c1"]
