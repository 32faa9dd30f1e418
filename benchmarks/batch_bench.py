"""A batch offline against the verifier alone on the same pairs, and against `check` claim by claim; its memory.

    python benchmarks/batch_bench.py BENCH_DIR [--claims 1000] [--passages 10000] [--memory 500,5000] [--out batch.json]

BENCH_DIR holds `corpus_*.jsonl` and `verdict_*.jsonl`, as the evaluation does. The claims of all sets, in turn, are
checked against one corpus of documents of all sets. Rounds of bare verifier, batch and claim by claim follow one
another in one warm process, so that a busy machine hurts all three; the ratio of each round is given. Memory is that of
`factcheck batch` in a process of its own, sampled from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from factcheck import pipeline
from factcheck.batches import batch, batch_engine
from factcheck.corpus import load_documents
from factcheck.embed import load_embedder
from factcheck.engine import Engine
from factcheck.entail import EntailmentModel, load_verifier
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Document
from factcheck.verify.offline import OfflineJudge
from factcheck.verify.shown import shown_to


class Listening:
    """The verifier, keeping the pairs that it is asked about."""

    def __init__(self, model: EntailmentModel) -> None:
        self._model, self.pairs = model, []
        self.name, self.revision = model.name, model.revision

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """See `EntailmentModel.scores`."""
        self.pairs.extend(pairs)
        return self._model.scores(pairs)


def in_turn(streams: Sequence[Iterator[Any]]) -> Iterator[Any]:
    """One of each, round and round, until all are used up."""
    left = list(streams)
    while left:
        for stream in list(left):
            try:
                yield next(stream)
            except StopIteration:
                left.remove(stream)


def documents(folder: Path) -> Iterator[Document]:
    """The documents of all sets in turn."""
    return in_turn([_documents(path) for path in sorted(folder.glob("corpus_*.jsonl"))])


def _documents(path: Path) -> Iterator[Document]:
    return (item for item in load_documents(path) if isinstance(item, Document))


def claims(folder: Path) -> Iterator[dict[str, Any]]:
    """Lines of a batch: the claims of all sets in turn, each once."""
    seen: set[str] = set()
    for row in in_turn([_rows(path) for path in sorted(folder.glob("verdict_*.jsonl"))]):
        if row["claim"] not in seen:
            seen.add(row["claim"])
            yield {"id": str(row["id"]), "text": row["claim"]}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def corpus_of(folder: Path, place: Path, passages: int, settings: Settings) -> Corpus:
    """A corpus of at least so many passages, made where there is none."""
    corpus = Corpus.open_or_create(place, load_embedder(settings))
    stream = documents(folder)
    while corpus.info().passages < passages:
        part = list(islice(stream, 400))
        if not part:
            break
        corpus.add(part)
    return corpus


def written(lines: Sequence[dict[str, Any]], path: Path) -> Path:
    """The lines as JSONL."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def speed(engine: Engine, lines: Sequence[dict[str, Any]], one_by_one: int, rounds: int) -> dict[str, Any]:
    """Claims a second: the verifier alone, the batch, and claim by claim."""
    model = load_verifier(engine.settings)
    head = OfflineJudge.load(engine.settings)._head
    listening = Listening(model)
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        source, output = written(lines, Path(folder, "claims.jsonl")), Path(folder, "out.jsonl")
        # Warm, and which pairs it is: the same ones that a batch asks about.
        batch(source, output, engine.settings, engine=replace(engine, judge=shown_to(OfflineJudge(listening, head))))
        labels = _labels(output)
        pairs = listening.pairs
        chosen = random.Random(0).sample(range(len(lines)), min(one_by_one, len(lines)))
        for _ in range(rounds):
            _forget(engine)
            bare = _seconds(lambda: model.scores(pairs))
            together = _seconds(lambda: batch(source, output, engine.settings, engine=engine))
            again = _labels(output)
            _forget(engine)
            results: dict[int, str | None] = {}
            alone = _seconds(lambda results=results: results.update(_alone(engine, lines, chosen)))
            found.append(
                {
                    "bare_claims_per_second": round(len(lines) / bare, 2),
                    "batch_claims_per_second": round(len(lines) / together, 2),
                    "alone_claims_per_second": round(len(chosen) / alone, 2),
                    "batch_to_bare": round(bare / together, 3),
                    "batch_to_alone": round((alone / len(chosen)) / (together / len(lines)), 2),
                    "same_labels_as_before": round(
                        sum(a == b for a, b in zip(labels, again, strict=True)) / len(again), 4
                    ),
                    "same_labels_as_alone": round(sum(results[i] == again[i] for i in chosen) / len(chosen), 4),
                }
            )
            print(found[-1], flush=True)
    return {
        "claims": len(lines),
        "pairs": len(pairs),
        "pairs_per_claim": round(len(pairs) / len(lines), 1),
        "batch_to_bare": round(statistics.median(one["batch_to_bare"] for one in found), 3),
        "batch_to_alone": round(statistics.median(one["batch_to_alone"] for one in found), 2),
        "rounds": found,
    }


def _alone(engine: Engine, lines: Sequence[dict[str, Any]], chosen: Sequence[int]) -> dict[int, str | None]:
    return {i: pipeline.check_claim(pipeline.claim_of_text(lines[i]["text"], engine), engine).label for i in chosen}


def _labels(output: Path) -> list[str | None]:
    return [row["label"] for row in _rows(output)]


def _forget(engine: Engine) -> None:
    """The vectors of queries that were embedded before are no part of what is measured."""
    engine.corpus._queries._queries.clear()


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def memory(lines: Sequence[dict[str, Any]], corpus: Path, counts: Sequence[int]) -> dict[str, Any]:
    """The most megabytes of a batch process, for several lengths of the input; longer ones repeat with a number."""
    found: dict[str, Any] = {}
    for count in counts:
        many = [
            {"id": str(i), "text": line["text"] if i < len(lines) else f"{line['text']} ({i})"}
            for i, line in enumerate(islice(cycle(lines), count))
        ]
        with tempfile.TemporaryDirectory() as folder:
            source = written(many, Path(folder, "claims.jsonl"))
            command = [
                sys.executable,
                "-m",
                "factcheck.cli",
                "batch",
                str(source),
                "-o",
                str(Path(folder, "out.jsonl")),
            ]
            command += ["--corpus", str(corpus), "--mode", "offline", "--lift-time-rule"]
            began = time.perf_counter()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            samples: list[int] = []
            while child.poll() is None:
                samples.append(resident(child.pid))
                time.sleep(0.2)
            late = samples[len(samples) // 2 :] or [0]
            found[str(count)] = {
                "peak_mb": max(samples, default=0),
                "median_of_second_half_mb": round(statistics.median(late)),
                "seconds": round(time.perf_counter() - began, 1),
                "exit_code": child.returncode,
            }
            print(count, found[str(count)], flush=True)
    return found


def resident(pid: int) -> int:
    """Resident megabytes of a process; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--alone", type=int, default=100, help="claims that are checked one by one in each round")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="500,5000", help="lengths of the input; empty for none")
    parser.add_argument("--corpus", type=Path, help="where the corpus is made, found and kept")
    parser.add_argument("--only-memory", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    place = options.corpus or Path(tempfile.mkdtemp()) / "corpus"
    settings = Settings.load(corpus=place, lift_time_rule=True)
    corpus = corpus_of(options.folder, place, options.passages, settings)
    lines = list(islice(claims(options.folder), options.claims))
    result: dict[str, Any] = {
        "processors": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "passages": corpus.info().passages,
    }
    corpus.close()
    if not options.only_memory:
        engine = batch_engine(settings)
        result["speed"] = speed(engine, lines, options.alone, options.rounds)
        engine.corpus.close()
    if options.memory:
        result["memory"] = memory(lines, place, [int(count) for count in options.memory.split(",")])
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
