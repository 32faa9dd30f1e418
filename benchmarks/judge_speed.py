"""Seconds that the offline judge takes for one claim against ten passages of the demo corpus, warm.

python benchmarks/judge_speed.py [--runs 3]
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import date

from factcheck.engine import build_engine
from factcheck.extract.rules import RuleExtractor
from factcheck.read import read_file
from factcheck.resources import demo_corpus_dir
from factcheck.retrieve import retrieve
from factcheck.settings import Settings
from factcheck.verify import conclude


def main() -> None:
    """Times judging and concluding, retrieval left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    engine = build_engine(Settings.load().model_copy(update={"llm_model": None, "corpus": None}))
    article = read_file(demo_corpus_dir() / "demo-article.md")
    extraction, _ = RuleExtractor().extract(article, date(2024, 6, 19), "given")
    asked = [(claim, retrieve(claim, engine.corpus, engine.settings).candidates[:10]) for claim in extraction.claims]
    asked = [(claim, candidates) for claim, candidates in asked if len(candidates) == 10]
    for claim, candidates in asked[:3]:
        engine.judge.judge(claim, candidates)
    for _ in range(runs):
        seconds = []
        for claim, candidates in asked:
            began = time.perf_counter()
            conclude(claim, candidates, engine.judge.judge(claim, candidates), engine.judge.weighing)
            seconds.append(time.perf_counter() - began)
        middle, most = statistics.median(seconds), max(seconds)
        print(f"{len(asked)} claims, 10 passages each: median {middle:.3f} s, most {most:.3f} s")
    engine.corpus.close()


if __name__ == "__main__":
    main()
