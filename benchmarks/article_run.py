"""Times `factcheck check` of one article as a whole process and checks its offsets.

    python benchmarks/article_run.py ARTICLE --as-of YYYY-MM-DD [--runs 3]

Prints a Markdown table: wall seconds and peak memory of each run (the first is cold where the corpus is not indexed
yet), claims by label, and how many claims and quotes stand at their offsets.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path


def run(article: Path, as_of: str | None, extra: list[str]) -> tuple[float, dict[str, object]]:
    """One check in a process of its own: wall seconds and the report."""
    command = [sys.executable, "-m", "factcheck.cli", "check", str(article), "--format", "json", *extra]
    if as_of:
        command += ["--as-of", as_of]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, env=os.environ)
    if done.returncode not in (0, 1):
        raise SystemExit(f"the check ended with {done.returncode}")
    return time.perf_counter() - began, json.loads(done.stdout)


def main() -> None:
    """Runs the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path)
    parser.add_argument("--as-of")
    parser.add_argument("--runs", type=int, default=3)
    arguments, extra = parser.parse_known_args()
    print("| run | wall s | check s | claims | labels | claims at offset | quotes at offset |")
    print("|---|---|---|---|---|---|---|")
    for number in range(1, arguments.runs + 1):
        seconds, report = run(arguments.article, arguments.as_of, extra)
        claims, documents, text = report["claims"], report["documents"], report["article"]["text"]
        labels = Counter(c["label"] or c["status"] for c in claims)
        placed = sum(text[c["start"] : c["end"]] == c["source_text"] for c in claims)
        quotes = [e for c in claims for e in c["evidence"]]
        found = sum(documents[e["document_id"]]["text"][e["start"] : e["end"]] == e["quote"] for e in quotes)
        words = ", ".join(f"{v} {k}" for k, v in labels.most_common())
        print(
            f"| {number} | {seconds:.1f} | {report['run']['seconds']:.1f} | {len(claims)} | {words} |"
            f" {placed}/{len(claims)} | {found}/{len(quotes)} |"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"\nPeak memory of the largest process: {peak:.2f} GB")


if __name__ == "__main__":
    main()
