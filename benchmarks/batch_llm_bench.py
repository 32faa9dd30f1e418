"""A batch with a language model against what its endpoint can do at best.

    python benchmarks/batch_llm_bench.py BENCH_DIR [--claims 1000] [--corpus DIR] [--rounds 2] [--out batch_llm.json]

The endpoint sleeps 500 ms a question and takes 32 at once: at best 64 claims a second. `clean` asks it so; `faulty`
with 5 % of the questions refused (HTTP 429) and 2 % of the answers broken, after which `--retry-failed` has those
checked that a broken answer left. Time runs from the first claim to the last row in a warm process. The second opinion
is off, since the verifier's processor time and not the endpoint would be measured, and so is the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from batch_bench import claims, corpus_of, written

from factcheck.batches import Plan, batch, batch_engine
from factcheck.settings import Settings

LATENCY, CAPACITY = 0.5, 32


@contextmanager
def endpoint(*arguments: str) -> Iterator[str]:
    """The address of an endpoint in a process of its own."""
    command = [sys.executable, str(Path(__file__).parent / "endpoint.py"), *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def stats(address: str) -> dict[str, int]:
    """The endpoint's own numbers."""
    with urllib.request.urlopen(f"{address}/stats") as reply:
        found: dict[str, int] = json.load(reply)
    return found


def measured(lines: Sequence[dict[str, Any]], corpus: Path, faults: Sequence[str], width: int) -> dict[str, Any]:
    """One run, and the retry where answers were broken."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "paid.txt")
        arguments = ("--latency", str(LATENCY), "--capacity", str(CAPACITY), "--log", str(log), *faults)
        with endpoint(*arguments) as address:
            settings = Settings.load(
                corpus=corpus, llm_model="sleeps", llm_base_url=f"{address}/v1", llm_api_key="none", llm_cache=False,
                llm_concurrency=width, llm_patience=300.0, second_opinion=False, lift_time_rule=True,
                llm_price_in=0.15, llm_price_out=0.6,
            )  # fmt: skip
            engine = batch_engine(settings)
            warm, source = written(lines[:8], Path(folder, "warm.jsonl")), written(lines, Path(folder, "claims.jsonl"))
            batch(warm, Path(folder, "warm.out.jsonl"), settings, engine=engine)
            log.write_text("", encoding="utf-8")
            output = Path(folder, "out.jsonl")
            spent = time.process_time()
            began = time.perf_counter()
            tally = batch(source, output, settings, engine=engine)
            seconds = time.perf_counter() - began
            processor = time.process_time() - spent
            numbers, rows = stats(address), tally.rows
            failed = Counter(
                row["reason"][:60] for row in map(json.loads, output.open(encoding="utf-8")) if row["reason"]
            )
            retried = (
                batch(source, output, settings, engine=engine, plan=Plan(retry_failed=True)) if tally[2] else tally
            )
            engine.corpus.close()
        paid = Counter(line.split()[1] for line in log.read_text("utf-8").splitlines() if line.startswith("good"))
    return {
        "width": width,
        "seconds": round(seconds, 2),
        "processor_ms_per_claim": round(1000 * processor / rows, 1),
        "rows_per_second": round(rows / seconds, 2),
        "checked_per_second": round(tally.checked / seconds, 2),
        "of_ideal": round(tally.checked / seconds / (CAPACITY / LATENCY), 3),
        "rows": rows,
        "not_checked": tally.not_checked,
        "reasons": dict(failed),
        "not_checked_after_retry": retried.not_checked,
        "lost": len(lines) - rows,
        "paid_twice": sum(count - 1 for count in paid.values()),
        "endpoint": numbers,
    }


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path, help="where the corpus is made, found and kept")
    parser.add_argument("--width", type=int, default=CAPACITY, help="calls at once, at most")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    place = options.corpus or Path(tempfile.mkdtemp()) / "corpus"
    corpus_of(options.folder, place, options.passages, Settings.load(corpus=place)).close()
    lines = list(islice(claims(options.folder), options.claims))
    result: dict[str, Any] = {"processors": len(os.sched_getaffinity(0)), "claims": len(lines)}
    faults = ("--refused", "0.05", "--broken", "0.02")
    for name, more in (("clean", ()), ("faulty", faults)):
        rounds = []
        for _ in range(options.rounds):
            rounds.append(measured(lines, place, more, options.width))
            print(name, json.dumps(rounds[-1]), flush=True)
        result[name] = {"of_ideal": statistics.median(one["of_ideal"] for one in rounds), "rounds": rounds}
    print(json.dumps({name: result[name]["of_ideal"] for name in ("clean", "faulty")}))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
