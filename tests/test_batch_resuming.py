"""A batch that is stopped, killed, broke or half failed goes on where it was."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import fakes
import pytest

from factcheck.batches import Plan, Shard, batch, manifest_path
from factcheck.batches.journal import Journal
from factcheck.batches.reading import read_items
from factcheck.engine import Engine
from factcheck.errors import InputError, LLMUnavailable
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim, Usage

NOTE = fakes.document("Putin landed in Pyongyang in the early hours of Wednesday. Kim met him. Flags were hung.")
VARIES = ("seconds", "usage", "run_id")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", NOTE)
    yield made
    made.close()


def _file(tmp_path: Path, texts: Sequence[str], name: str = "claims.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join(json.dumps({"id": f"c{i}", "text": t}) + "\n" for i, t in enumerate(texts)), "utf-8")
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _plain(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in VARIES} for row in rows]


class Paid:
    """A judge whose every answer costs a dollar; it remembers what it was asked, and fails where it is told to."""

    def __init__(self, fails: Callable[[Claim], bool] = lambda claim: False, stops_at: int | None = None) -> None:
        self.asked: list[str] = []
        self._fails, self._stops_at = fails, stops_at

    def __call__(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        if self._stops_at is not None and len(self.asked) == self._stops_at:
            raise KeyboardInterrupt
        self.asked.append(claim.text)
        if self._fails(claim):
            raise LLMUnavailable("No answer in time.")
        usage = Usage(calls=1, prompt_tokens=100, completion_tokens=10, cost_usd=1.0)
        return Assessment(findings=tuple(fakes.finding(c, "supports") for c in candidates), usage=usage)


def _engine(corpus: Corpus, judge: Paid, mode: str = "offline", **fields: Any) -> Engine:
    given: dict[str, Any] = {"llm_price_in": 1.0, "llm_price_out": 1.0, "llm_concurrency": 4} if mode == "llm" else {}
    settings = Settings.load(llm_model="scripted" if mode == "llm" else None, **given)
    return fakes.make_engine(corpus, fakes.ScriptedJudge(default=judge), settings=settings, **fields)


def _claims(count: int) -> list[str]:
    return [f"Putin landed in Pyongyang, it was told in report {i}." for i in range(count)]


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_a_stopped_run_goes_on_and_pays_nothing_twice(tmp_path: Path, corpus: Corpus, mode: str) -> None:
    source, whole, output = _file(tmp_path, _claims(20)), tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    batch(source, whole, Settings.load(), engine=_engine(corpus, Paid(), mode))
    first, second = Paid(stops_at=7), Paid()
    with pytest.raises(KeyboardInterrupt):
        batch(source, output, Settings.load(), engine=_engine(corpus, first, mode))
    assert not output.exists()
    tally = batch(source, output, Settings.load(), engine=_engine(corpus, second, mode), plan=Plan(resume=True))
    assert tally[:3] == (20, 20, 0)
    assert Counter(first.asked + second.asked) == Counter(_claims(20))
    assert _plain(_rows(output)) == _plain(_rows(whole))
    assert len({row["run_id"] for row in _rows(output)}) == 1


def test_what_was_stopped_is_not_begun_anew_by_mistake(tmp_path: Path, corpus: Corpus) -> None:
    source, output = _file(tmp_path, _claims(5)), tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        batch(source, output, Settings.load(), engine=_engine(corpus, Paid(stops_at=2)))
    with pytest.raises(InputError, match="--resume"):
        batch(source, output, Settings.load(), engine=_engine(corpus, Paid()))
    assert len(_rows(tmp_path / "out.jsonl.part")) == 2


def test_a_finished_run_has_nothing_left_to_resume(tmp_path: Path, corpus: Corpus) -> None:
    source, output, judge = _file(tmp_path, _claims(5)), tmp_path / "out.jsonl", Paid()
    batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(resume=True))
    before = output.read_bytes()
    batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(resume=True))
    assert output.read_bytes() == before and len(judge.asked) == 5


@pytest.mark.parametrize("tail", ['{"status": "checked", "line": 4, "te', "x", '{"status": "checked", "line": 4}'])
def test_a_row_that_was_cut_off_is_checked_again(tmp_path: Path, corpus: Corpus, tail: str) -> None:
    source, output, part = _file(tmp_path, _claims(6)), tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    with pytest.raises(KeyboardInterrupt):
        batch(source, output, Settings.load(), engine=_engine(corpus, Paid(stops_at=3)))
    with part.open("a", encoding="utf-8") as file:
        file.write(tail)
    judge = Paid()
    batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(resume=True))
    assert judge.asked == _claims(6)[3:]
    assert [row["line"] for row in _rows(output)] == [1, 2, 3, 4, 5, 6]


def test_a_part_of_something_else_is_refused(tmp_path: Path, corpus: Corpus) -> None:
    source, part = _file(tmp_path, _claims(2)), tmp_path / "out.jsonl.part"
    part.write_text('{"status": "checked", "line": 1}\nnot mine\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"part:2: .*not a row"):
        batch(source, tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()), plan=Plan(resume=True))
    assert part.exists()


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_killed_at_random_moments(tmp_path: Path, corpus: Corpus, mode: str) -> None:
    """SIGKILL, several times over, in processes of their own; the rows are those of an undisturbed run."""
    corpus.close()
    count = 60
    texts = [*_claims(count), *_claims(3)]  # the last three are duplicates
    source, script = _file(tmp_path, texts), Path(__file__).parent / "batch_child.py"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}

    def start(output: Path, log: Path) -> subprocess.Popen[bytes]:
        arguments = [str(source), str(output), str(tmp_path / "notes"), str(log), "0.01", mode]
        return subprocess.Popen([sys.executable, str(script), *arguments], env=environment, stderr=subprocess.PIPE)

    whole, output, bill = tmp_path / "whole.jsonl", tmp_path / "out.jsonl", tmp_path / "bill.txt"
    undisturbed = start(whole, tmp_path / "other.txt")
    chosen = random.Random(7)
    for kill_after in sorted(chosen.sample(range(2, count - 5), 3)):
        child = start(output, bill)
        while child.poll() is None and not (bill.exists() and bill.read_bytes().count(b"\n") >= kill_after):
            time.sleep(0.002)
        assert child.poll() is None, (child.stderr.read() if child.stderr else b"").decode()
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert not output.exists() and (tmp_path / "out.jsonl.part").exists()
    last = start(output, bill)
    assert last.communicate()[1] == b"" and last.returncode == 0
    assert undisturbed.communicate()[1] == b"" and undisturbed.returncode == 0
    assert _plain(_rows(output)) == _plain(_rows(whole))
    paid = Counter(bill.read_text(encoding="utf-8").splitlines())
    in_flight = 4 + 2 if mode == "llm" else 1
    assert set(paid) == set(_claims(count))
    assert sum(paid.values()) - count <= 3 * in_flight and max(paid.values()) <= 4
    assert not list(tmp_path.glob("out.jsonl.part*")) and not list(tmp_path.glob("*.index"))


def test_failed_claims_are_tried_again_and_only_they(tmp_path: Path, corpus: Corpus) -> None:
    source, output = _file(tmp_path, _claims(12)), tmp_path / "out.jsonl"
    first, second = Paid(lambda claim: "report 3" in claim.text or "report 8" in claim.text), Paid()
    tally = batch(source, output, Settings.load(), engine=_engine(corpus, first, "llm"))
    assert tally[:3] == (12, 10, 2)
    tally = batch(source, output, Settings.load(), engine=_engine(corpus, second, "llm"), plan=Plan(retry_failed=True))
    assert tally[:3] == (12, 12, 0)
    assert sorted(second.asked) == [_claims(12)[3], _claims(12)[8]]
    assert [row["id"] for row in _rows(output)] == [f"c{i}" for i in range(12)]
    assert {row["status"] for row in _rows(output)} == {"checked"}


def test_there_must_be_something_to_try_again(tmp_path: Path, corpus: Corpus) -> None:
    with pytest.raises(InputError, match="no rows"):
        batch(
            _file(tmp_path, _claims(2)), tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()),
            plan=Plan(retry_failed=True),
        )  # fmt: skip


def test_rows_of_another_model_are_not_gone_on_with(tmp_path: Path, corpus: Corpus) -> None:
    source, output = _file(tmp_path, _claims(5)), tmp_path / "out.jsonl"
    batch(source, output, Settings.load(), engine=_engine(corpus, Paid()), plan=Plan(limit=2))
    other = fakes.make_engine(corpus, fakes.ScriptedJudge(), settings=Settings.load(evidence=3))
    with pytest.raises(InputError, match=r"settings.evidence was 10 and is 3"):
        batch(source, output, Settings.load(), engine=other, plan=Plan(resume=True))
    corpus.add([fakes.document("Something new.")])
    with pytest.raises(InputError, match="corpus_snapshot"):
        batch(source, output, Settings.load(), engine=_engine(corpus, Paid()), plan=Plan(resume=True))


def test_the_day_stays_that_of_the_beginning(tmp_path: Path, corpus: Corpus) -> None:
    from datetime import date

    source, output = _file(tmp_path, _claims(4)), tmp_path / "out.jsonl"
    batch(source, output, Settings.load(), engine=_engine(corpus, Paid()), plan=Plan(limit=2))
    later = _engine(corpus, Paid(), today=lambda: date(2024, 9, 9))
    batch(source, output, Settings.load(), engine=later, plan=Plan(resume=True))
    assert {row["as_of"] for row in _rows(output)} == {"2024-07-01"}


# --- budget and limit -------------------------------------------------------------------------------------------------


def test_a_budget_stops_cleanly_and_a_larger_one_goes_on(tmp_path: Path, corpus: Corpus) -> None:
    source, output, judge = _file(tmp_path, _claims(30)), tmp_path / "out.jsonl", Paid()
    engine = _engine(corpus, judge, "llm")
    tally = batch(source, output, Settings.load(), engine=engine, plan=Plan(budget=7.5))
    assert tally == (7, 7, 0, "budget") and len(judge.asked) == 7
    assert "--resume" in tally.sentence(output)
    assert [row["line"] for row in _rows(output)] == list(range(1, 8))
    manifest = json.loads(manifest_path(output).read_text("utf-8"))
    assert (manifest["status"], manifest["stopped"], manifest["cost_usd"]) == ("stopped", "budget", 7.0)
    again = batch(source, output, Settings.load(), engine=engine, plan=Plan(budget=7.5, resume=True))
    assert again.rows == 7 and len(judge.asked) == 7
    more = batch(source, output, Settings.load(), engine=engine, plan=Plan(budget=100, resume=True))
    assert more == (30, 30, 0, None) and Counter(judge.asked) == Counter(_claims(30))


def test_a_budget_needs_prices(tmp_path: Path, corpus: Corpus) -> None:
    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(), settings=Settings.load(llm_model="scripted"))
    for budget, words in ((5.0, "FACTCHECK_LLM_PRICE_IN"), (-1.0, "more than nought")):
        with pytest.raises(InputError, match=words):
            batch(
                _file(tmp_path, _claims(2)), tmp_path / "out.jsonl", Settings.load(), engine=engine,
                plan=Plan(budget=budget),
            )  # fmt: skip
    assert not (tmp_path / "out.jsonl.part").exists()


def test_a_limit_and_then_the_rest(tmp_path: Path, corpus: Corpus) -> None:
    source, output, judge = _file(tmp_path, _claims(10)), tmp_path / "out.jsonl", Paid()
    assert batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(limit=4)).rows == 4
    assert batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(resume=True)).rows == 10
    assert judge.asked == _claims(10)


# --- duplicates, shards, order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_what_is_alike_is_checked_once(tmp_path: Path, corpus: Corpus, mode: str) -> None:
    texts = [*_claims(3), *_claims(3), "Putin landed in Pyongyang, it was told in report 0. "]
    source, output, judge = _file(tmp_path, texts), tmp_path / "out.jsonl", Paid()
    batch(source, output, Settings.load(), engine=_engine(corpus, judge, mode))
    rows = _rows(output)
    assert len(judge.asked) == 4  # the last one ends with a space: another text
    assert [row.get("duplicate_of") for row in rows] == [None, None, None, 1, 2, 3, None]
    assert [row["id"] for row in rows] == [f"c{i}" for i in range(7)]
    assert rows[3]["label"] == rows[0]["label"] and rows[3]["evidence"] == rows[0]["evidence"]
    assert rows[3]["usage"]["cost_usd"] is None and rows[0]["usage"]["cost_usd"] == 1.0
    manifest = json.loads(manifest_path(output).read_text("utf-8"))
    assert manifest["counts"] == {"rows": 7, "checked": 7, "not_checked": 0, "duplicates": 3}
    assert manifest["calls"] == 4 and manifest["tokens"]["prompt"] == 400


def test_the_same_words_of_another_day_or_speaker_are_another_claim(tmp_path: Path, corpus: Corpus) -> None:
    path = tmp_path / "claims.jsonl"
    lines: list[dict[str, str]] = [{}, {"as_of": "2024-06-19"}, {"speaker": "Kim"}]
    path.write_text("".join(json.dumps({"text": "Putin landed.", **line}) + "\n" for line in lines), encoding="utf-8")
    judge = Paid()
    batch(path, tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, judge))
    assert len(judge.asked) == 3


def test_a_claim_that_failed_fails_for_those_like_it(tmp_path: Path, corpus: Corpus) -> None:
    source, output = _file(tmp_path, [*_claims(2), *_claims(2)]), tmp_path / "out.jsonl"
    judge = Paid(lambda claim: "report 1" in claim.text)
    batch(source, output, Settings.load(), engine=_engine(corpus, judge, "llm"))
    assert [row["status"] for row in _rows(output)] == ["checked", "not_checked"] * 2
    second = Paid()
    batch(source, output, Settings.load(), engine=_engine(corpus, second, "llm"), plan=Plan(retry_failed=True))
    assert second.asked == [_claims(2)[1]] and {row["status"] for row in _rows(output)} == {"checked"}


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_the_shards_together_are_the_whole(tmp_path: Path, corpus: Corpus, parts: int) -> None:
    texts = [*_claims(40), *_claims(5)]
    source, judge = _file(tmp_path, texts), Paid()
    batch(source, tmp_path / "whole.jsonl", Settings.load(), engine=_engine(corpus, Paid()))
    found: list[dict[str, Any]] = []
    for i in range(1, parts + 1):
        output = tmp_path / f"part{i}.jsonl"
        batch(source, output, Settings.load(), engine=_engine(corpus, judge), plan=Plan(shard=Shard(i, parts)))
        assert _rows(output)
        found += _rows(output)
    found.sort(key=lambda row: row["line"])
    assert _plain(found) == _plain(_rows(tmp_path / "whole.jsonl"))
    assert Counter(judge.asked) == Counter(_claims(40))


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/", "a/b", "-1/3", "1/0"])
def test_a_shard_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="--shard"):
        Shard.of(text)


def test_unordered_rows_are_those_of_an_ordered_run(tmp_path: Path, corpus: Corpus) -> None:
    def slow_first(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        time.sleep(0.3 if "report 0." in claim.text else 0.0)
        return Assessment(findings=())

    source = _file(tmp_path, _claims(12))
    engine = fakes.make_engine(
        corpus, fakes.ScriptedJudge(default=slow_first), settings=Settings.load(llm_model="x", llm_concurrency=4)
    )
    batch(source, tmp_path / "a.jsonl", Settings.load(), engine=engine)
    batch(source, tmp_path / "b.jsonl", Settings.load(), engine=engine, plan=Plan(ordered=False))
    ordered, unordered = _rows(tmp_path / "a.jsonl"), _rows(tmp_path / "b.jsonl")
    assert [row["line"] for row in ordered] == list(range(1, 13))
    assert unordered[0]["line"] != 1
    assert sorted((row["line"], row["label"]) for row in unordered) == [(r["line"], r["label"]) for r in ordered]


# --- articles ---------------------------------------------------------------------------------------------------------


def test_articles_go_on_claim_by_claim(tmp_path: Path, corpus: Corpus) -> None:
    from factcheck.store import RunStore

    articles = tmp_path / "articles"
    articles.mkdir()
    for name in "abc":
        text = " ".join(f"Putin landed in Pyongyang, it was told in {name} {i}." for i in range(4))
        (articles / f"{name}.txt").write_text(text, encoding="utf-8")
    output, store = tmp_path / "out.jsonl", RunStore(tmp_path / "runs.sqlite3")
    first, second = Paid(stops_at=6), Paid()
    with pytest.raises(KeyboardInterrupt):
        batch(articles, output, Settings.load(), engine=_engine(corpus, first, store=store))
    tally = batch(
        articles, output, Settings.load(), engine=_engine(corpus, second, store=store), plan=Plan(resume=True)
    )
    assert tally[:3] == (12, 12, 0)
    assert len(first.asked) == 6 and len(second.asked) == 6
    rows = _rows(output)
    assert [(row["article"], row["claim"], row["claims"]) for row in rows] == [
        (f"{name}.txt", i, 4) for name in "abc" for i in range(1, 5)
    ]
    assert len({row["run_id"] for row in rows}) == 3


def test_an_article_without_claims_is_a_row_and_not_read_again(tmp_path: Path, corpus: Corpus) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("Who would have thought?", encoding="utf-8")
    (articles / "b.txt").write_text("Putin landed in Pyongyang.", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    tally = batch(articles, output, Settings.load(), engine=_engine(corpus, Paid()))
    assert tally[:3] == (2, 1, 0)
    assert [row["status"] for row in _rows(output)] == ["no_claims", "checked"]
    before = output.read_bytes()
    batch(articles, output, Settings.load(), engine=_engine(corpus, Paid()), plan=Plan(resume=True))
    assert output.read_bytes() == before


def test_an_article_half_written_is_taken_away(tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    whole = [{"article": "a", "status": "checked", "claim": n, "claims": 2} for n in (1, 2)]
    half = [{"article": "b", "status": "checked", "claim": 1, "claims": 2}]
    part.write_text("".join(json.dumps(row) + "\n" for row in whole + half), encoding="utf-8")
    journal = Journal(part, lambda row: {"a": 1, "b": 2}[row["article"]])
    assert journal.has(1) and not journal.has(2) and journal.totals.rows == 2
    journal.close()
    assert _rows(part) == whole


# --- the manifest, the lock, the input --------------------------------------------------------------------------------


def test_the_manifest_tells_what_the_run_was(tmp_path: Path, corpus: Corpus) -> None:
    source, output = _file(tmp_path, _claims(4)), tmp_path / "out.jsonl"
    settings = Settings.load(llm_api_key="sk-secret")
    batch(source, output, settings, engine=_engine(corpus, Paid(), "llm"))
    text = manifest_path(output).read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert (manifest["status"], manifest["source"], manifest["cost_usd"]) == ("done", "claims.jsonl", 4.0)
    assert manifest["same"]["corpus_snapshot"] == corpus.snapshot and manifest["same"]["models"]
    assert manifest["sessions"][0]["rows"] == 4 and manifest["seconds"] > 0
    assert manifest["run_id"] == _rows(output)[0]["run_id"]
    assert "sk-secret" not in text and str(tmp_path) not in text


def test_two_processes_do_not_write_one_output(tmp_path: Path, corpus: Corpus) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / "out.jsonl.lock"), pytest.raises(InputError, match="Another process"):
        batch(_file(tmp_path, _claims(1)), tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()))
    batch(_file(tmp_path, _claims(1)), tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()))
    assert not (tmp_path / "out.jsonl.lock").exists()


TABLES = [
    ("id,text,as_of,speaker,lang\r\n7,\"Putin, he landed.\",2024-06,Kim,en\r\n", ","),
    ("ID;Claim;Claim_Date;speaker\n7;Putin, he landed.;2024-06;Kim\n", ";"),
    ("id\ttext\tas_of\tspeaker\n7\tPutin, he landed.\t2024-06\tKim\n", "\t"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "mark"), TABLES, ids=["comma", "semicolon", "tab"])
def test_a_table(tmp_path: Path, table: str, mark: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(b"\xef\xbb\xbf" + table.encode())
    (item,) = read_items(path)
    assert (item.id, item.text, str(item.as_of), item.speaker) == ("7", "Putin, he landed.", "2024-06-30", "Kim")


def test_a_table_s_rows_become_rows(tmp_path: Path, corpus: Corpus) -> None:
    path = tmp_path / "claims.csv"
    lines = [b"text,as_of", b'"Putin landed\nin Pyongyang.",', b",2024", b"Putin left.,soon", b"\xff\xfe,"]
    path.write_bytes(b"\n".join([*lines, b"Kim came.,2024,more", b"Kim went.,"]))
    batch(path, tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()))
    rows = _rows(tmp_path / "out.jsonl")
    assert [(row["line"], row["status"]) for row in rows] == [
        (3, "checked"), (4, "not_checked"), (5, "not_checked"), (6, "not_checked"), (7, "not_checked"), (8, "checked"),
    ]  # fmt: skip
    reasons = [row["reason"] for row in rows[1:5]]
    for reason, words in zip(reasons, ["missing or empty", "as_of", "UTF-8", "more cells"], strict=True):
        assert words in reason
    assert rows[0]["text"] == "Putin landed\nin Pyongyang."


def test_a_table_without_a_column_of_claims(tmp_path: Path, corpus: Corpus) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("id,statement\n1,Putin landed.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"claims.csv:1: .*column named text.*id, statement"):
        batch(path, tmp_path / "out.jsonl", Settings.load(), engine=_engine(corpus, Paid()))
    assert not list(tmp_path.glob("out.jsonl*"))
