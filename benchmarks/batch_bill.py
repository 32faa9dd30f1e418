"""Calls, tokens and dollars a claim, with and without the cascade and the cache, against a scripted endpoint.

    python benchmarks/batch_bill.py BENCH_DIR [--claims 200] [--corpus DIR] [--cascade 0.8] [--out bill.json]

The claims of all development sets in turn, evidence retrieved from one corpus (ten passages at most), one call for
each. The endpoint's answers mean nothing, so nothing is said here of accuracy (`batch_cascade.py` has that, from a real
model). A token is taken for four characters. `warm` is the same batch once more, its answers on disk.

Published, for scale: FIRE (Xie et al. 2025, arXiv:2411.00784) about $0.0006 and 8 s a claim with GPT-4o mini; SAFE (Wei
et al. 2024, arXiv:2403.18802) $0.19 a response of some 16 facts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from batch_bench import claims, corpus_of, written
from batch_llm_bench import endpoint

from factcheck.batches import batch, batch_engine
from factcheck.settings import Settings


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--cascade", type=float, default=0.8)
    parser.add_argument("--price-in", type=float, default=0.15)
    parser.add_argument("--price-out", type=float, default=0.6)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    place = options.corpus or Path(tempfile.mkdtemp()) / "corpus"
    corpus_of(options.folder, place, options.passages, Settings.load(corpus=place)).close()
    lines = list(islice(claims(options.folder), options.claims))
    result: dict[str, Any] = {"claims": len(lines), "prices": [options.price_in, options.price_out]}
    with tempfile.TemporaryDirectory() as name, endpoint("--latency", "0", "--capacity", "64") as address:
        source = written(lines, Path(name, "claims.jsonl"))
        home = Settings.load().home
        for kind, cascade in (("model alone", None), (f"cascade {options.cascade}", options.cascade)):
            cache = Path(name, "home" + ("2" if cascade else "1"))
            cache.mkdir()
            (cache / "models").symlink_to(home / "models")
            settings = Settings.load(
                home=cache, corpus=place, llm_model="sleeps", llm_base_url=f"{address}/v1", llm_api_key="none",
                llm_cache=True, second_opinion=False, lift_time_rule=True, cascade=cascade,
                llm_price_in=options.price_in, llm_price_out=options.price_out,
            )  # fmt: skip
            engine = batch_engine(settings)
            for state in ("cold", "warm"):
                output = Path(name, "out.jsonl")
                batch(source, output, settings, engine=engine)
                result[f"{kind}, cache {state}"] = of_rows(output)
                print(kind, state, result[f"{kind}, cache {state}"], flush=True)
            engine.corpus.close()
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def of_rows(output: Path) -> dict[str, float]:
    """What a claim came to in the mean."""
    usages = [json.loads(line)["usage"] for line in output.open(encoding="utf-8")]
    n = len(usages)
    return {
        "calls": round(sum(one["calls"] for one in usages) / n, 3),
        "prompt_tokens": round(sum(one["prompt_tokens"] for one in usages) / n),
        "completion_tokens": round(sum(one["completion_tokens"] for one in usages) / n),
        "dollars": round(sum(one["cost_usd"] or 0.0 for one in usages) / n, 6),
    }


if __name__ == "__main__":
    main()
