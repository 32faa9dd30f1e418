"""Runs `factcheck eval` on the labelled sets of a directory and keeps the records.

    python benchmarks/run_bench.py BENCH_DIR [--evidence given retrieved] [--sets verdict_fm2 ...] [--limit N]

Every `verdict_*.jsonl` is run, from the evidence given; sets that bring none, or whose corpus is not there, are passed
over and named. Offline. The records go to `benchmarks/records`, packed; then `python benchmarks/results.py` makes the
tables.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import packing

from factcheck.evals.record import read_record

HERE = Path(__file__).resolve().parent


def run(path: Path, evidence: str, limit: int | None, out: Path) -> Path | None:
    """One set in a process of its own; None where it cannot be run so, which `factcheck eval` explains."""
    name = f"{path.stem}-{evidence}" if path.name.startswith("verdict_") else path.stem
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "record.json"
        command = [sys.executable, "-m", "factcheck.cli", "eval", str(path), "--mode", "offline", "-o", str(made)]
        command += ["--evidence", evidence, *(["--limit", str(limit)] if limit else [])]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if not made.exists():
            print(f"{name}: not run. {done.stderr.strip()}", file=sys.stderr)
            return None
        target = out / f"{name}.json"
        target.write_text(packing.pack(read_record(made)), encoding="utf-8")
    return target


def main() -> None:
    """Runs the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--evidence", nargs="+", choices=("given", "retrieved"), default=["given"])
    parser.add_argument("--sets", nargs="+", help="only these, of any task")
    parser.add_argument("--limit", type=int, help="only so many rows of each")
    parser.add_argument("--out", type=Path, default=HERE / "records")
    given = parser.parse_args()
    names = given.sets or [path.stem for path in sorted(given.bench.glob("verdict_*.jsonl"))]
    if not names:
        sys.exit(f"There is no verdict_*.jsonl in {given.bench}.")
    given.out.mkdir(parents=True, exist_ok=True)
    for name in names:
        for evidence in given.evidence if name.startswith("verdict_") else ["given"]:
            began = time.perf_counter()
            made = run(given.bench / f"{name}.jsonl", evidence, given.limit, given.out)
            if made:
                print(f"{made.name}: {time.perf_counter() - began:.0f} s, {made.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
