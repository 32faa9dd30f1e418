"""kill -9 at random moments of ingest, check, review and export, again and again on the same home: is anything lost?

    python benchmarks/kill_cycles.py [--cycles 200] [--seed 1] [--home DIR] [--out kill-cycles.json]

A child process works on a home of real stores (corpus in SQLite and Chroma, runs, the desk's log, exports) with the
fakes of the tests for models, so that a cycle takes a second. It notes in a log what it was told is done: a document
that `add` came back with, a claim whose result was told, an action that the desk returned, an export that was written.
It is killed (SIGKILL) at a moment drawn at random, opening of the stores included; then another process opens the same
stores and looks for everything that was noted. One that was not killed in time is not counted. Printed:

    lost                 what was noted as done and is not there, or is another
    verdicts_from_errors claims whose judge failed by script and that have a label
    not_opened           cycles after which a store could not be opened, or the corpus was not fit for its next writer
    half_written         exports that are there and are not whole
    not_resumed          interrupted checks that did not go on to a report, or did finished claims again
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

# Everything is imported before the first fork, so that a child begins at once. No client of Chroma's is made here.
import chromadb  # noqa: F401
import fakes
from fakes_embedder import HashingEmbedder

from factcheck.care.archive import export
from factcheck.care.health import examine
from factcheck.care.restore import restore
from factcheck.cli.common import write
from factcheck.errors import LLMUnavailable
from factcheck.index import Corpus
from factcheck.pipeline import Progress, check
from factcheck.publish.contract import to_json
from factcheck.review import Change, Desk, reviewed_report
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.types import Assessment, Candidate, Claim, Document

KINDS = ("ingest", "check", "review", "export")
CLAIMS = 8
DONE = {"ingest": 6, "check": 16, "review": 40, "export": 8}
"""A child is killed after so many things noted at most, which is a moment that a loaded machine has too,"""
LONGEST = 0.3
"""and after so many further seconds."""
OPENING = 0.15
"""The share of children that are killed while they open them."""
Note = Callable[..., None]


class Home:
    """The stores of one home, open."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.store = RunStore(place / "runs.sqlite3")
        self.desk = Desk(self.store, two_people=False)
        self.corpus = Corpus.open_or_create(place / "corpus", HashingEmbedder(dimension=64))

    def engine(self) -> Any:
        """An engine over them whose judge fails at every second claim."""
        settings = Settings(home=self.place, llm_model="scripted", llm_concurrency=2)
        return fakes.make_engine(self.corpus, fakes.ScriptedJudge(default=judged), settings=settings, store=self.store)


def judged(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
    """Supports, unless the claim asks for a failure."""
    time.sleep(0.02)
    if "fails" in claim.text:
        raise LLMUnavailable("The language model gave no answer within 5 s, 1 times.")
    return fakes.everything("supports")(claim, candidates)


def digest(text: str) -> str:
    """A short name of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def note_of(name: str) -> Document:
    """A reference note like no other."""
    words = " ".join(f"Train {digest(name + str(i))} left the station of {name} at noon." for i in range(6))
    return fakes.document(words, title=f"Trains of {name}")


# --- what a child does ------------------------------------------------------------------------------------------------


def ingest(home: Home, cycle: str, note: Note) -> None:
    """Adds documents, some at a time, and takes one away at times."""
    home.corpus.passages_at_once = 4
    for part in range(30):
        documents = [note_of(f"{cycle}-{part}-{i}") for i in range(4)]
        home.corpus.add(documents)
        note("documents", [document.id for document in documents])


def checking(home: Home, cycle: str, note: Note) -> None:
    """Checks one article after another."""
    engine = home.engine()
    for number in range(30):
        run_id = f"run-{cycle}-{number}"
        said = [f"Putin landed {'and fails ' * (i % 2)}at {i} in {cycle}." for i in range(CLAIMS)]

        def told(progress: Progress, run_id: str = run_id) -> None:
            if progress.result is not None:
                note("result", run_id, progress.position, digest(progress.result.model_dump_json()))

        report = check(Document.from_text(" ".join(said), language="en"), engine, run_id=run_id, on_progress=told)
        note("report", run_id, digest(report.model_dump_json()))


def review(home: Home, cycle: str, note: Note) -> None:
    """Acts on the claims of a run of its own."""
    run_id = f"run-{cycle}"
    home.store.start(run_id, Document.from_text("Putin landed. He left.", language="en"), None, "offline")
    claims = [fakes.claim("Putin landed.", id=f"{cycle}-a"), fakes.claim("He left.", id=f"{cycle}-b", start=14, end=22)]
    home.store.save_claims(run_id, claims)
    proof = fakes.document("Putin landed. He left.")
    for position, claim in enumerate(claims):
        result = fakes.result(claim, "supported", [fakes.evidence(1, proof, claim.text)])
        home.store.save_result(run_id, position, result)
    for number in range(10_000):
        claim = claims[number % 2]
        seen = home.desk.claim(run_id, claim.id)
        assert seen is not None
        reason = f"{cycle} {number}"
        if number % 4 < 2:
            after = home.desk.act(run_id, claim.id, "note", who="Ana", version=seen.version, reason=reason)
        else:
            label = "refuted" if seen.label != "refuted" else "not_enough_evidence"
            change = Change(label=label)
            after = home.desk.act(
                run_id, claim.id, "set_verdict", change, who="Ana", version=seen.version, reason=reason
            )
        note("event", run_id, claim.id, reason, after.version)


def exporting(home: Home, cycle: str, note: Note) -> None:
    """Writes the corpus and a report of people's work to files, over those of before."""
    small = Corpus.open_or_create(home.place / "small", HashingEmbedder(dimension=64))
    small.add([note_of("small")])
    run = next((one for one in home.store.recent(50) if one.report), None)
    for number in range(1_000):
        export(home.corpus if number % 5 == 4 else small, home.place / "corpus.zip")
        note("export", "corpus.zip")
        if run is not None:
            reviewed = reviewed_report(home.desk, run.id)
            write(to_json(reviewed), home.place / "report.json")
            note("export", "report.json")


WORK = dict(zip(KINDS, (ingest, checking, review, exporting), strict=True))


# --- what is looked for -----------------------------------------------------------------------------------------------


def looked_for(home: Home, noted: list[list[Any]], counts: Counter[str]) -> None:
    """Counts what is noted and is not there."""
    for kind, *said in noted:
        counts[f"noted_{kind}"] += 1
        if not HERE[kind](home, *said):
            counts["lost"] += 1
            print("lost:", kind, said, file=sys.stderr)


def _documents_here(home: Home, ids: list[str]) -> bool:
    passages = [passage for key in ids for passage in home.corpus._files.store.passages_of(key)]
    return (
        all(home.corpus.document(key) is not None for key in ids)
        and {passage.document_id for passage in passages} == set(ids)
        and len(home.corpus.passage_vectors([passage.id for passage in passages])) == len(passages)
    )


def _result_here(home: Home, run_id: str, position: int, name: str) -> bool:
    run = home.store.get(run_id)
    return run is not None and position in run.results and digest(run.results[position].model_dump_json()) == name


def _report_here(home: Home, run_id: str, name: str) -> bool:
    run = home.store.get(run_id)
    # What is noted after `check` came back is what was kept before.
    return run is not None and run.report is not None and digest(run.report.model_dump_json()) == name


def _event_here(home: Home, run_id: str, claim_id: str, reason: str, version: int) -> bool:
    kept = list(home.desk.log(run_id, claim_id))
    now = home.desk.claim(run_id, claim_id)
    return now is not None and now.version >= version and sum(event.reason == reason for event in kept) == 1


def _export_here(home: Home, name: str) -> bool:
    return (home.place / name).is_file()


HERE: dict[str, Callable[..., bool]] = {
    "documents": _documents_here,
    "result": _result_here,
    "report": _report_here,
    "event": _event_here,
    "export": _export_here,
}


def half_written(home: Home) -> int:
    """How many exports are there and are not whole."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        if (file := home.place / "corpus.zip").exists():
            try:
                restore(file, Path(folder) / "corpus", HashingEmbedder(dimension=64))
            except Exception:
                traceback.print_exc()
                bad += 1
    if (file := home.place / "report.json").exists():
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            bad += 1
    return bad


def verdicts_from_errors(home: Home) -> int:
    """How many claims whose judge failed have a label."""
    results = [result for run in home.store.recent(10_000) for result in run.results.values()]
    return sum(("fails" in one.text or one.status == "not_checked") and one.label is not None for one in results)


def resumed(home: Home, counts: Counter[str]) -> None:
    """Goes on with a check that was interrupted."""
    stopped = [run for run in home.store.recent(40) if run.id.count("-") == 2 and run.status == "interrupted"]
    for run in stopped[:1]:
        counts["resumed"] += 1
        report = check(run.document, home.engine(), run_id=run.id, resume=True)
        same = all(report.claims[position] == result for position, result in run.results.items())
        if not same or len(report.claims) != CLAIMS:
            counts["not_resumed"] += 1


def examined(place: Path, noted: list[list[Any]], kind: str, thorough: bool) -> Counter[str]:
    """What is wrong after a kill."""
    counts: Counter[str] = Counter()
    try:
        home = Home(place)
    except Exception:
        traceback.print_exc()
        counts["not_opened"] += 1
        return counts
    looked_for(home, noted, counts)
    if kind == "check" or thorough:
        counts["verdicts_from_errors"] += verdicts_from_errors(home)
        resumed(home, counts)
    if kind == "export" or thorough:
        counts["half_written"] += half_written(home)
    if kind == "ingest" or thorough:
        home.corpus.add([note_of("afterwards")])  # the next writer mends what the killed one left
        health = examine(home.corpus)
        if health.faults:
            counts["not_opened"] += 1
            print(health, file=sys.stderr)
    if thorough:
        for file in (place / "runs.sqlite3", place / "corpus" / "corpus.sqlite3"):
            with closing(sqlite3.connect(file)) as db:
                counts["not_opened"] += db.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    home.corpus.close()
    return counts


# --- cycles -----------------------------------------------------------------------------------------------------------


def forked(work: Callable[[], None]) -> int:
    """A child that does this and nothing else."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def killed(place: Path, kind: str, cycle: int, drawn: random.Random) -> bool:
    """Lets a child work for a while and kills it; whether it was at work then."""
    opening, seconds = drawn.random() < OPENING, drawn.uniform(0, LONGEST)
    notes = os.open(place / "notes.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC)

    def work() -> None:
        home = Home(place)
        os.write(notes, b'["open"]\n')
        WORK[kind](home, str(cycle), lambda *said: os.write(notes, (json.dumps(said) + "\n").encode()) and None)

    pid = forked(work)
    os.close(notes)
    done, until = 1 + drawn.randint(0, DONE[kind]), time.monotonic() + 60
    while not opening and (place / "notes.jsonl").read_bytes().count(b"\n") < done and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def looked_at(place: Path, noted: list[list[Any]], kind: str, thorough: bool = False) -> Counter[str]:
    """The same as `examined`, in a process of its own."""
    result = place / "examined.json"
    result.unlink(missing_ok=True)
    pid = forked(lambda: result.write_text(json.dumps(examined(place, noted, kind, thorough))) and None)
    os.waitpid(pid, 0)
    return Counter(json.loads(result.read_text())) if result.exists() else Counter(not_opened=1)


def cycles(place: Path, wanted: int, seed: int) -> dict[str, Any]:
    """Kills so many children, and counts what was lost."""
    drawn, total, kills, tries = random.Random(seed), Counter[str](), Counter[str](), 0
    everything: list[list[Any]] = []
    began = time.monotonic()
    while sum(kills.values()) < wanted:
        kind = KINDS[tries % len(KINDS)]
        tries += 1
        was_killed = killed(place, kind, tries, drawn)
        lines = (place / "notes.jsonl").read_text().splitlines()
        noted = [told for line in lines if line.endswith("]") and (told := json.loads(line)) != ["open"]]
        total += looked_at(place, noted, kind)
        everything += noted
        kills[kind] += was_killed
    at_the_end = looked_at(place, everything, "all", thorough=True)
    wrong = ("lost", "verdicts_from_errors", "not_opened", "half_written", "not_resumed")
    return {
        "cycles": sum(kills.values()),
        "kills": dict(kills),
        "noted": {key.removeprefix("noted_"): n for key, n in at_the_end.items() if key.startswith("noted_")},
        "resumed": total["resumed"] + at_the_end["resumed"],
        **{name: total[name] + at_the_end[name] for name in wrong},
        "seconds": round(time.monotonic() - began),
    }


def main() -> None:
    """Runs it, prints and writes; the exit code is 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.home or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        result = cycles(place, options.cycles, options.seed)
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    wrong = ("lost", "verdicts_from_errors", "not_opened", "half_written", "not_resumed")
    sys.exit(any(result[name] for name in wrong))


if __name__ == "__main__":
    main()
