from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import fakes
import pytest

from factcheck.errors import InputError
from factcheck.index import Corpus
from factcheck.pipeline import Progress, check
from factcheck.settings import Settings
from factcheck.store import RunStore, hand_back
from factcheck.types import Document

SENTENCES = ("Putin landed in Pyongyang.", "Kim met him at the airport.", "They rode in one car.", "He left for Hanoi.")
ARTICLE = Document.from_text(" ".join(SENTENCES) + " Was it raining?", title="A visit", language="en")
NOTE = fakes.document("Putin landed in Pyongyang, met Kim at the airport, rode in one car and left for Hanoi.")

# A check in a process of its own, which kills itself as hard as a machine without power when two claims are finished.
KILLED = """
import os, signal, sys
from pathlib import Path
import fakes, test_resume
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.store import RunStore
from fakes_embedder import HashingEmbedder

home = Path(sys.argv[1])
def die(progress):
    if progress.done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
corpus = Corpus.open(home / "notes", HashingEmbedder())
judge = fakes.ScriptedJudge(default=fakes.everything("supports"))
engine = fakes.make_engine(corpus, judge, store=RunStore(home / "runs.sqlite3"))
check(test_resume.ARTICLE, engine, run_id="r", on_progress=die)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", NOTE)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs.sqlite3")


class _Stop(BaseException):
    """Ends a check as an interrupt does."""


def _engine(corpus: Corpus, store: RunStore | None, **fields: Any) -> tuple[Any, fakes.ScriptedJudge]:
    judge = fakes.ScriptedJudge(default=fakes.everything("supports"))
    return fakes.make_engine(corpus, judge, store=store, **fields), judge


def _stopped_after(done: int, corpus: Corpus, store: RunStore, **fields: Any) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "checking" and progress.done == done:
            raise _Stop

    with pytest.raises(_Stop):
        check(ARTICLE, _engine(corpus, store, **fields)[0], run_id="r", on_progress=stop)


def test_a_killed_check_is_resumed_and_nothing_is_done_twice(corpus: Corpus, store: RunStore, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, env=_environment())
    assert done.returncode == -signal.SIGKILL
    left = store.resumable("r")
    assert left is not None and left.status == "interrupted" and list(left.results) == [0, 1]

    engine, judge = _engine(corpus, store)
    told: list[Progress] = []
    report = check(ARTICLE, engine, run_id="r", resume=True, on_progress=told.append)
    assert [c.text for c in report.claims] == list(SENTENCES)
    assert report.claims[:2] == (left.results[0], left.results[1])
    assert [claim.text for claim, _ in judge.asked] == list(SENTENCES[2:])
    assert [(p.stage, p.done) for p in told] == [("checking", 2), ("checking", 3), ("checking", 4), ("done", 4)]
    assert [item.text for item in report.left_out] == ["Was it raining?"]
    assert any("interrupted and resumed" in note and "2 of 4 claims" in note for note in report.run.notes)
    assert report.run.started == left.created
    finished = store.get("r")
    assert finished is not None and finished.status == "done" and finished.report == report
    assert store.resumable("r") is None


def _environment() -> dict[str, str]:
    here = Path(__file__).resolve().parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}


def test_a_run_that_stopped_before_its_claims_were_found_begins_with_them(corpus: Corpus, store: RunStore) -> None:
    store.start("r", ARTICLE, date(2024, 6, 20), "offline")
    hand_back(store, "r")
    report = check(Document(id="x", text="Not looked at."), _engine(corpus, store)[0], run_id="r", resume=True)
    assert report.article.text == ARTICLE.text and report.article.as_of == date(2024, 6, 20)
    assert len(report.claims) == 4 and report.run.notes == ()


def test_the_day_is_that_of_the_beginning(corpus: Corpus, store: RunStore) -> None:
    _stopped_after(1, corpus, store, today=lambda: date(2024, 7, 1))
    report = check(ARTICLE, _engine(corpus, store, today=lambda: date(2024, 7, 9))[0], run_id="r", resume=True)
    assert (report.article.as_of, report.article.as_of_source) == (date(2024, 7, 1), "today")
    assert {claim.as_of for claim in report.claims} == {date(2024, 7, 1)}


def test_evidence_that_left_the_corpus_meanwhile_is_still_quoted(corpus: Corpus, store: RunStore) -> None:
    _stopped_after(2, corpus, store)
    corpus.add([fakes.document("Nothing about it.")])
    corpus.remove([NOTE.id])
    report = check(ARTICLE, _engine(corpus, store)[0], run_id="r", resume=True)
    assert report.documents[NOTE.id].text == NOTE.text
    assert any("corpus was another" in note for note in report.run.notes)


def test_claims_that_were_given_are_checked_without_an_extraction(corpus: Corpus, store: RunStore) -> None:
    given = fakes.claim(SENTENCES[0], end=len(SENTENCES[0]))
    store.start("r", ARTICLE, None, "offline")
    store.save_claims("r", [given])
    engine, judge = _engine(corpus, store)
    report = check(ARTICLE, engine, run_id="r", resume=True)
    assert [claim.text for claim, _ in judge.asked] == [given.text] and report.run.notes == ()
    assert report.article.as_of == given.as_of


def test_a_run_may_stop_and_go_on_again_and_again(corpus: Corpus, store: RunStore) -> None:
    _stopped_after(1, corpus, store)
    asked: list[str] = []
    for done in (2, 3):
        engine, judge = _engine(corpus, store)

        def stop(progress: Progress, done: int = done) -> None:
            if progress.done == done:
                raise _Stop

        with pytest.raises(_Stop):
            check(ARTICLE, engine, run_id="r", resume=True, on_progress=stop)
        asked += [claim.text for claim, _ in judge.asked]
    assert asked == list(SENTENCES[1:3])


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_side_by_side_too(corpus: Corpus, store: RunStore, mode: str) -> None:
    settings = Settings.load(llm_model="scripted" if mode == "llm" else None)
    _stopped_after(3, corpus, store)
    engine, judge = _engine(corpus, store, settings=settings)
    report = check(ARTICLE, engine, run_id="r", resume=True)
    assert len(judge.asked) == 1 and len(report.claims) == 4
    assert any("began in the mode offline" in note for note in report.run.notes) == (mode == "llm")


def test_what_cannot_be_resumed_is_told(corpus: Corpus, store: RunStore, tmp_path: Path) -> None:
    engine, _ = _engine(corpus, store)
    with pytest.raises(InputError, match="There is no run nobody"):
        check(ARTICLE, engine, run_id="nobody", resume=True)
    check(ARTICLE, engine, run_id="r")
    with pytest.raises(InputError, match="came to its end"):
        check(ARTICLE, engine, run_id="r", resume=True)
    with pytest.raises(InputError, match="name its run"):
        check(ARTICLE, _engine(corpus, None)[0], run_id="r", resume=True)
    store.start("busy", ARTICLE, None, "offline")
    with pytest.raises(InputError, match="being checked now"):
        RunStore(tmp_path / "runs.sqlite3").resume("busy")
