"""One Dask worker against two on this machine, with an endpoint that sleeps; a worker killed in the middle; the rows.

    python benchmarks/batch_dask.py BENCH_DIR [--claims 400] [--latency 2] [--threads 4] [--corpus DIR] [--out FILE]

Each worker is a process with `--threads` threads and its own models, so that one asks at most so many questions at once
and two twice as many: what is measured is whether the second one comes to anything. The rows of every run must be those
of a run in this process: `different` counts those with another label, other citations or a confidence off by .01, and
any other difference (the order in which passages far down were found).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path
from typing import Any

from batch_bench import claims, corpus_of, written
from batch_kill import alike, rows
from batch_llm_bench import endpoint
from distributed import Client, LocalCluster

from factcheck.batches import Plan, batch, batch_engine
from factcheck.settings import Settings


def kill_one(address: str, part: Path, after: int) -> None:
    """Kills a worker when so many rows are there."""
    while not part.exists() or part.read_bytes().count(b"\n") < after:
        time.sleep(0.05)
    with Client(address, set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=400)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    place = options.corpus or Path(tempfile.mkdtemp()) / "corpus"
    corpus_of(options.folder, place, options.passages, Settings.load(corpus=place)).close()
    lines = list(islice(claims(options.folder), options.claims))
    result: dict[str, Any] = {"claims": len(lines), "threads": options.threads, "latency": options.latency}
    with tempfile.TemporaryDirectory() as name, endpoint("--latency", str(options.latency), "--capacity", "256") as url:
        folder = Path(name)
        source = written(lines, folder / "claims.jsonl")
        os.environ |= {"FACTCHECK_LLM_API_KEY": "none"}
        settings = Settings.load(
            corpus=place, llm_model="sleeps", llm_base_url=f"{url}/v1", llm_cache=False, second_opinion=False,
            lift_time_rule=True, llm_concurrency=16, llm_patience=60.0,
        )  # fmt: skip
        engine = batch_engine(settings)
        here = folder / "here.jsonl"
        batch(source, here, settings, engine=engine)
        for workers, killed in ((1, False), (2, False), (2, True)):
            with LocalCluster(
                n_workers=workers, threads_per_worker=options.threads, processes=True, dashboard_address=None
            ) as cluster:
                address, output = cluster.scheduler_address, folder / f"{workers}{killed}.jsonl"
                plan = Plan(engine="dask", address=address)
                warm = written(lines[: 2 * workers], folder / "warm.jsonl")
                batch(warm, folder / f"warm{workers}{killed}.jsonl", settings, engine=engine, plan=plan)
                if killed:
                    part = output.with_name(output.name + ".part")
                    threading.Thread(target=kill_one, args=(address, part, len(lines) // 3), daemon=True).start()
                began = time.perf_counter()
                batch(source, output, settings, engine=engine, plan=plan)
                seconds = time.perf_counter() - began
            result[f"{workers} workers{', one killed' if killed else ''}"] = {
                "seconds": round(seconds, 2),
                "claims_per_second": round(len(lines) / seconds, 3),
                "rows": len(rows(output)),
                "different": alike(rows(here), rows(output)),
            }
            print(json.dumps(result), flush=True)
        engine.corpus.close()
    result["two_to_one"] = round(result["1 workers"]["seconds"] / result["2 workers"]["seconds"], 3)
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
