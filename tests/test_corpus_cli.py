"""`corpus doctor`, `export` and `import` on the command line, over corpora that need no model to be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes_embedder import HashingEmbedder
from test_cli import Run, _is_one_sentence, run
from test_corpus_health import notes

from factcheck.care.archive import export
from factcheck.embed import load_embedder
from factcheck.index import Corpus
from factcheck.settings import Settings

__all__ = ["run"]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    Corpus.create(tmp_path / "empty", load_embedder(Settings.load())).close()
    return tmp_path / "empty"


@pytest.fixture
def others(tmp_path: Path) -> Path:
    with Corpus.create(tmp_path / "others", HashingEmbedder()) as corpus:
        corpus.add(notes(3))
        export(corpus, tmp_path / "others.zip")
    return tmp_path / "others"


def test_the_doctor_of_a_healthy_corpus(run: Run, empty: Path) -> None:
    ended = run("corpus", "doctor", "--corpus", str(empty))
    assert ended.code == 0 and "no faults" in ended.out and "notice  empty (0)" in ended.out
    said = json.loads(run("corpus", "doctor", "--repair", "--format", "json", "--corpus", str(empty)).out)
    assert [trouble["name"] for trouble in said["troubles"]] == ["empty"] and said["mended"] == []


def test_the_doctor_finds_a_fault_that_it_cannot_mend(run: Run, others: Path) -> None:
    for more in ((), ("--repair",)):
        ended = run("corpus", "doctor", "--corpus", str(others), *more)
        assert ended.code == 1 and "fault   another model (1)" in ended.out and "corpus reindex" in ended.out


def test_a_corpus_that_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    _is_one_sentence(run("corpus", "doctor", "--corpus", str(tmp_path / "none")))
    (tmp_path / "corpus.sqlite3").write_bytes(b"nonsense" * 1000)
    _is_one_sentence(run("corpus", "doctor", "--corpus", str(tmp_path)))
    _is_one_sentence(run("corpus", "export", str(tmp_path / "out.zip"), "--corpus", str(tmp_path)))


def test_export_and_import(run: Run, empty: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out.zip")
    ended = run("corpus", "export", out, "--corpus", str(empty))
    assert ended.code == 0 and ended.out.startswith("0 documents, 0 passages, 0 checked claims; snapshot corpus-")
    ended = run("corpus", "import", out, "--corpus", str(tmp_path / "new"))
    assert ended.code == 0 and ended.out.startswith("0 added, 0 replaced, 0 unchanged;"), ended
    assert (tmp_path / "new" / "corpus.sqlite3").exists()


def test_an_import_that_is_refused(run: Run, others: Path, tmp_path: Path) -> None:
    new = str(tmp_path / "new")
    ended = run("corpus", "import", str(tmp_path / "others.zip"), "--corpus", new)
    _is_one_sentence(ended)
    assert "--reindex" in ended.err
    (tmp_path / "bad.zip").write_bytes((tmp_path / "others.zip").read_bytes()[:-100])
    for name in ("bad.zip", "not-there.zip"):
        _is_one_sentence(run("corpus", "import", str(tmp_path / name), "--corpus", new))
    _is_one_sentence(run("corpus", "export", str(tmp_path / "out.tar.gz"), "--corpus", str(others)))
    assert not (tmp_path / "new").exists()
