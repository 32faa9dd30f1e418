from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[1] / "benchmarks" / "index_scale.py"


def test_the_bench_of_a_large_corpus_runs_and_writes_what_it_measured(tmp_path: Path) -> None:
    rows = [{"text": f"Harga beras naik di kota {i}. Hujan turun di desa {i}.", "language": "id"} for i in range(30)]
    corpus, out = tmp_path / "corpus.jsonl", tmp_path / "scale.json"
    corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    sizes = ["--passages", "60", "--encoded", "50", "--queries", "10", "--depth", "20"]
    command = [sys.executable, str(BENCH), str(corpus), "--all-made", *sizes, "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    measured = json.loads(out.read_text(encoding="utf-8"))
    assert measured["ingest"]["passages"] == 50 and 0 < measured["ingest"]["ratio"] < 1.5
    assert measured["killed"]["same"] is True
    assert measured["queries"]["passages"] == 60 and measured["queries"]["recall_at_10"] > 0.9
    assert {"embed", "dense", "lexical", "search"} <= measured["queries"].keys() and "recall_at_10" in done.stdout
