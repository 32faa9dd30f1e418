from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from factcheck import cli
from factcheck.cli.claims import _shown
from factcheck.embed import load_embedder
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Match

CLAIM = "Vaksin itu mengandung cip pelacak buatan Amerika Serikat sejak tahun 2021."


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command of `claims` in this process."""

    def command(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["factcheck", "claims", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(leave.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """A corpus without documents or claims; nothing is embedded, so that no model is loaded."""
    Corpus.create(tmp_path / "corpus", load_embedder(Settings.load())).close()
    return str(tmp_path / "corpus")


def review(url: str = "https://cek.example.org/1", claim: str = CLAIM) -> dict[str, object]:
    return {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": url, "claimReviewed": claim,
        "author": {"@type": "Organization", "name": "Cek \u202eContoh\u001b[31m"}, "datePublished": "2021-02-03",
        "reviewRating": {"@type": "Rating", "alternateName": "HOAKS"}, "inLanguage": "id",
    }  # fmt: skip


@pytest.mark.parametrize("command", [(), ("import",), ("list",), ("find",), ("remove",)], ids=" ".join)
def test_every_command_has_help(run: Run, command: tuple[str, ...]) -> None:
    ended = run(*command, "--help")
    assert ended.code == 0 and "Usage:" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "none.json"), "There is no file at none.json"),
        (("import", "."), "There is no file at ."),
        (("find", " ?! "), "no words"),
        (("find", "x", "-k", "0"), "Usage"),
        (("find", "x", "--format", "html"), "text or json"),
        (("list", "--format", "md"), "text or json"),
        (("remove",), "Usage"),
    ],
)
def test_what_cannot_be_used_is_code_2(run: Run, empty: str, arguments: tuple[str, ...], words: str) -> None:
    ended = run(*arguments, "--corpus", empty)
    assert (ended.code, ended.out) == (2, "")
    assert words in " ".join(ended.err.split()) and "Traceback" not in ended.err


@pytest.mark.parametrize("command", [("import", "{file}"), ("list",), ("find", "a b"), ("remove", "x")])
def test_without_a_corpus_the_commands_say_what_to_do(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(review()))
    arguments = [part.format(file=tmp_path / "a.json") for part in command]
    ended = run(*arguments, "--corpus", str(tmp_path / "none"))
    assert ended.code == 2 and "factcheck corpus add" in ended.err
    assert not (tmp_path / "none").exists()


def test_a_corpus_without_claims(run: Run, empty: str) -> None:
    assert run("list", "--corpus", empty) == Ended(
        0, "", "No claim was checked yet. `factcheck claims import FILE` brings in reviews.\n"
    )
    assert json.loads(run("list", "--corpus", empty, "--format", "json").out) == []
    assert run("find", CLAIM, "--corpus", empty).out == "No claim checked before resembles this one.\n"
    gone = run("remove", "review-1", "--corpus", empty)
    assert gone.code == 2 and "review-1" in gone.err


def test_a_file_of_nothing_usable_is_code_2_and_every_item_is_named(run: Run, empty: str, tmp_path: Path) -> None:
    bad = [review(url="javascript:alert(1)") for _ in range(23)]
    (tmp_path / "a.json").write_text(json.dumps(bad))
    ended = run("import", str(tmp_path / "a.json"), "--corpus", empty)
    assert ended.code == 2
    assert ended.out == "0 added, 0 replaced, 0 unchanged, 23 skipped\n"
    said = " ".join(ended.err.split())
    assert "a.json[0]: it has no http or https address" in said and "and 3 more skipped" in said


def test_a_match_is_shown_with_whose_it_is() -> None:
    fields = {"claim_id": "c", "run_id": None, "text": CLAIM, "similarity": 0.934, "url": "https://cek.example.org/1"}
    theirs = Match.model_validate(
        {**fields, "label": "refuted", "as_of": date(2021, 2, 3), "strength": "strong", "publisher": "Cek\u001b[31m",
         "rating": "HOAKS", "reviewed": "2021-02"}
    )  # fmt: skip
    assert _shown(theirs) == (
        f"very close (0.93) · 2021-02, Cek [31m: “HOAKS”, read as refuted\n    {CLAIM}\n    https://cek.example.org/1\n"
    )
    unread = theirs.model_copy(update={"label": None, "rating": "Satire", "reviewed": None, "strength": "weak"})
    assert _shown(unread).startswith("somewhat close (0.93) · undated, Cek [31m: “Satire”\n")
    ours = theirs.model_copy(update={"publisher": None, "url": None, "rating": None, "reviewed": None})
    assert _shown(ours) == f"very close (0.93) · 2021-02-03, refuted\n    {CLAIM}\n"


@pytest.mark.slow
def test_reviews_from_importing_to_removing(run: Run, empty: str, tmp_path: Path) -> None:
    other = "Harga beras di pasar Cipinang turun setengahnya pada pekan pertama bulan Mei."
    (tmp_path / "a.jsonl").write_text(
        f"{json.dumps(review())}\n{{broken\n{json.dumps(review('https://cek.example.org/2', other))}\n"
    )
    first = run("import", str(tmp_path / "a.jsonl"), "--corpus", empty)
    assert (first.code, first.out) == (0, "2 added, 0 replaced, 0 unchanged, 1 skipped\n")
    assert "a.jsonl:2: it is not JSON" in " ".join(first.err.split())
    assert run("import", str(tmp_path / "a.jsonl"), "--corpus", empty).out.startswith("0 added, 0 replaced, 2 unch")
    rows = [line.split("\t") for line in run("list", "--corpus", empty).out.splitlines()]
    assert {tuple(row[1:]) for row in rows} == {
        ("2021-02-03", "Cek Contoh [31m", "HOAKS", CLAIM), ("2021-02-03", "Cek Contoh [31m", "HOAKS", other),
    }  # fmt: skip
    shown = run("find", CLAIM, "--corpus", empty).out
    assert shown.startswith("very close (1.00) · 2021-02-03, Cek Contoh [31m: “HOAKS”, read as refuted\n")
    assert "https://cek.example.org/1" in shown
    (found,) = json.loads(run("find", CLAIM, "-k", "1", "--corpus", empty, "--format", "json").out)
    assert (found["publisher"], found["label"], found["strength"]) == ("Cek Contoh [31m", "refuted", "strong")
    key = next(row[0] for row in rows if row[4] == CLAIM)
    assert run("remove", key, "--corpus", empty).out == "1 removed.\n"
    left = json.loads(run("list", "--corpus", empty, "--format", "json").out)
    assert [one["text"] for one in left] == [other]
