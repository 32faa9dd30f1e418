"""What a cascade saves and what it costs in accuracy, from records of the same rows with and without a language model.

    python benchmarks/batch_cascade.py DIR [--system second] [--price-in 0.15] [--price-out 0.6] [--out cascade.json]

DIR is what `llm_bench.py --out` wrote: `SET-offline.json` and `SET-second.json` (or `chain`), each row with its label,
confidence, seconds and tokens. At each threshold a row keeps the offline verifier's label where its confidence is at
least that and the label is not `conflicting`, as `FACTCHECK_CASCADE` does; the others get the language model's. Rows
that the language model could not judge count as wrong. The records hold tokens without telling prompt from answer: a
sixth of them is taken for answers, which the raw figures of that benchmark bear out.

Published, for scale: FIRE (Xie et al. 2025, arXiv:2411.00784) about $0.0006 and 8 s a claim; SAFE (Wei et al. 2024,
arXiv:2403.18802) $0.19 a response of some 16 facts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
ANSWERS = 1 / 6

Row = Mapping[str, Any]


def rows(path: Path) -> dict[str, Row]:
    """The rows of a record by their ids."""
    return {row["id"]: row for row in json.loads(path.read_text(encoding="utf-8"))["outcomes"]}


def macro_f1(pairs: Sequence[tuple[str, str | None]]) -> float:
    """The mean F1 of the labels that gold has."""
    scores = []
    for label in sorted({gold for gold, _ in pairs}):
        hit = sum(gold == label == told for gold, told in pairs)
        given, there = sum(told == label for _, told in pairs), sum(gold == label for gold, _ in pairs)
        scores.append(2 * hit / (given + there) if given + there else 0.0)
    return sum(scores) / len(scores)


def at(threshold: float | None, pairs: Sequence[tuple[Row, Row]], prices: tuple[float, float]) -> dict[str, Any]:
    """One line of the table; None is the language model alone."""
    told: list[tuple[str, str | None]] = []
    calls = tokens = seconds = 0.0
    kept: list[bool] = []
    for small, large in pairs:
        sure = (
            threshold is not None
            and small.get("predicted") not in (None, "conflicting")
            and (small.get("confidence") or 0.0) >= threshold
        )
        seconds += (small.get("seconds") or 0.0) if threshold is not None else 0.0
        if sure:
            told.append((small["gold"], small.get("predicted")))
            kept.append(bool(small.get("correct")))
        else:
            told.append((large["gold"], large.get("predicted")))
            calls += 1
            tokens += large.get("tokens") or 0
            seconds += large.get("seconds") or 0.0
    n = len(pairs)
    price = ((1 - ANSWERS) * prices[0] + ANSWERS * prices[1]) / 1e6
    return {
        "threshold": threshold,
        "calls_per_claim": round(calls / n, 3),
        "tokens_per_claim": round(tokens / n),
        "dollars_per_claim": round(tokens * price / n, 6),
        "seconds_per_claim": round(seconds / n, 2),
        "accuracy": round(sum(gold == label for gold, label in told) / n, 3),
        "macro_f1": round(macro_f1(told), 3),
        "accuracy_of_what_was_kept": round(sum(kept) / len(kept), 3) if kept else None,
    }


def main() -> None:
    """Runs it, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--system", default="second", choices=("second", "chain"))
    parser.add_argument("--price-in", type=float, default=0.15)
    parser.add_argument("--price-out", type=float, default=0.6)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {}
    every: list[tuple[Row, Row]] = []
    for path in sorted(options.folder.glob("*-offline.json")):
        name = path.name.removesuffix("-offline.json")
        small, large = rows(path), rows(path.with_name(f"{name}-{options.system}.json"))
        pairs = [(small[key], large[key]) for key in small if key in large]
        every += pairs
        result[name] = table(pairs, (options.price_in, options.price_out))
    result["all"] = table(every, (options.price_in, options.price_out))
    for name, lines in result.items():
        print(f"\n{name}: {lines['rows']} rows; the verifier alone {lines['offline_accuracy']}")
        for line in lines["table"]:
            print("  ", *(f"{key}={value}" for key, value in line.items()))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def table(pairs: Sequence[tuple[Row, Row]], prices: tuple[float, float]) -> dict[str, Any]:
    """The lines of one set."""
    return {
        "rows": len(pairs),
        "offline_accuracy": round(sum(bool(small.get("correct")) for small, _ in pairs) / len(pairs), 3),
        "table": [at(threshold, pairs, prices) for threshold in (None, *THRESHOLDS)],
    }


if __name__ == "__main__":
    main()
