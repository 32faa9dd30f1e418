"""kill -9 at random moments of a batch with a language model, resumed each time: the same rows, and no double bill.

    python benchmarks/batch_kill.py BENCH_DIR [--claims 500] [--kills 10] [--offline] [--corpus DIR] [--out kill.json]

`factcheck batch` runs in processes of its own against the sleeping endpoint (`endpoint.py`), which logs every answer it
is paid for. The rows must be those of an undisturbed run: all but the seconds, the usage and the run's id. Without
`--cache` the cache of answers is off, so that the log shows what the journal alone saves.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from batch_bench import claims, corpus_of, written
from batch_llm_bench import endpoint

from factcheck.settings import Settings

VARIES = ("seconds", "usage", "run_id")


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows without what may differ."""
    with path.open(encoding="utf-8") as lines:
        return [{k: v for k, v in json.loads(line).items() if k not in VARIES} for line in lines]


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--offline", action="store_true", help="the offline verifier, and no bill")
    parser.add_argument("--cache", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    place = options.corpus or Path(tempfile.mkdtemp()) / "corpus"
    corpus_of(options.folder, place, options.passages, Settings.load(corpus=place)).close()
    lines = list(islice(claims(options.folder), options.claims))
    with tempfile.TemporaryDirectory() as folder:
        result = killed(Path(folder), place, lines, options)
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def killed(folder: Path, place: Path, lines: list[dict[str, Any]], options: argparse.Namespace) -> dict[str, Any]:
    """The undisturbed run, then the killed one."""
    source, whole, output = written(lines, folder / "claims.jsonl"), folder / "whole.jsonl", folder / "out.jsonl"
    bill, other = folder / "bill.txt", folder / "other.txt"
    part, chosen = folder / "out.jsonl.part", random.Random(options.seed)

    def start(target: Path, address: str, home: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "factcheck.cli", "batch", str(source), "-o", str(target), "--resume"]
        command += ["--corpus", str(place), "--lift-time-rule", "--concurrency", str(options.width)]
        mine = {
            **os.environ,
            "FACTCHECK_HOME": str(folder / home),
            "FACTCHECK_LLM_MODEL": "" if options.offline else "sleeps",
            "FACTCHECK_LLM_BASE_URL": f"{address}/v1",
            "FACTCHECK_LLM_API_KEY": "none",
            "FACTCHECK_LLM_CACHE": str(options.cache).lower(),
            "FACTCHECK_SECOND_OPINION": "false",
        }
        with (folder / "told.txt").open("ab") as told:
            return subprocess.Popen(command, env=mine, stdout=subprocess.DEVNULL, stderr=told)

    with endpoint("--capacity", "64", "--log", str(other)) as address:
        child = start(whole, address, "home1")
        assert child.wait() == 0, (folder / "told.txt").read_text("utf-8")
    kills: list[int] = []
    with endpoint("--capacity", "64", "--log", str(bill)) as address:
        for at in sorted(chosen.sample(range(1, len(lines) - 1), options.kills)):
            child = start(output, address, "home2")
            while child.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < at):
                time.sleep(0.02)
            time.sleep(chosen.random() * 0.3)
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                kills.append(at)
            child.wait()
            if output.exists():
                break
        if not output.exists():
            start(output, address, "home2").wait()
            assert output.exists(), (folder / "told.txt").read_text("utf-8")
    paid = Counter(bill.read_text("utf-8").split()) if bill.exists() else Counter()
    paid = Counter({key: count for key, count in paid.items() if key not in ("good", "broken")})
    one, two = rows(whole), rows(output)
    twice = sum(count - 1 for count in paid.values())
    return {
        "claims": len(lines),
        "killed_at_rows": kills,
        "same_rows": one == two,
        "different_rows": sum(a != b for a, b in zip(one, two, strict=False)) + abs(len(one) - len(two)),
        "different": [
            {"line": a["line"], "in": sorted(k for k in a.keys() | b.keys() if a.get(k) != b.get(k))}
            for a, b in zip(one, two, strict=False)
            if a != b
        ],
        "each_alone": (folder / "told.txt").read_text("utf-8").count("could not be searched for together"),
        "same_but_for_more_digits": alike(one, two),
        "paid_for": sum(paid.values()),
        "paid_again": twice,
        "in_flight_at_most": len(kills) * options.width,
        "never_paid": 0 if options.offline else len({line["text"] for line in lines}) - len(paid),
    }


def alike(one: list[dict[str, Any]], two: list[dict[str, Any]]) -> dict[str, int]:
    """How many rows differ in their label, in their citations, in a confidence by more than .01, and at all."""
    pairs = list(zip(one, two, strict=False))
    quoted = [[[(e["document_id"], e["start"], e["end"]) for e in row["evidence"]] for row in both] for both in pairs]
    return {
        "labels": sum(a["label"] != b["label"] for a, b in pairs),
        "citations": sum(a != b for a, b in quoted),
        "confidences": sum(abs((a["confidence"] or 0) - (b["confidence"] or 0)) > 0.01 for a, b in pairs),
        "at_all": sum(a != b for a, b in pairs),
    }


if __name__ == "__main__":
    main()
