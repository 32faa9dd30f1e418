"""Time and memory of what reads, over hostile texts that double in size until the limit: what is worse than linear.

    python benchmarks/fuzz_sizes.py [--chars 200000] [--limit 5] [TARGET ...]

Prints for each target the slowest shapes with seconds of processor at the largest size reached, and the growth between
the last two sizes (1 is linear, 2 quadratic).
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from collections.abc import Callable, Sequence

from fuzz_limits import TookTooLong, at_most

SHAPES: dict[str, str] = {
    "a": "a", "A": "A", "1": "1", "space": " ", "line": "\n", "tab": "\t", "dot": ".", "comma": ",", "dash": "-",
    "quote": '"',
    "open": "(", "bracket": "[", "brace": "{", "curly": "“", "lt": "<", "comment": "<!--", "image": "![a](",
    "hash": "#",
    "a ": "a ", "A ": "A ", "Aa ": "Aa ", "1 ": "1 ", "1,": "1,", "1.": "1.", "1/": "1/", "1-": "1-", "A.": "A.",
    "Rp": "Rp", "%": "%",
    "percent": "5% ", "money": "Rp 5 juta ", "dollars": "$5 million ", "dates": "19 Juni 2024 ", "days": "on Monday ",
    "years": "2024 ",
    "words": "dua puluh ", "number words": "twenty one ", "and": "and ", "dan": "dan ", "said": "said ",
    "kata": "kata Putin ",
    "bahwa": "bahwa ia ", "quotes": '"a" ', "names": "Vladimir Putin ", "links": "https://a.b ", "tags": "#a ",
    "emoji": "😀", "marks": "\u0301",
    "joiners": "\u200b", "jamo": "\u1160", "turns": "\u202e", "look-alikes": "аb", "Chinese": "中。", "Arabic": "١",
    "bullets": "- a\n", "lines": "Aa aa\n",
    "sentences": "Putin tiba di Pyongyang. ", "long": "Putin tiba di Pyongyang dan ", "list": "apel, ",
    "that": "that he said that ",
    "not": "not ", "pair": "between 1 and ", "range": "1-2 ", "clock": "10.30 WIB ", "ago": "2 days ago ",
    "a=": "a='", "p": "<p>", "b64": "YWFh", "hex": "6162",
}  # fmt: skip


def main(given: Sequence[str] | None = None) -> int:
    """Prints one line for each slow pair; 1 if there are any."""
    from fuzz_targets import TARGETS, attempt

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--chars", type=int, default=200_000)
    parser.add_argument("--limit", type=float, default=5.0)
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES))
    chosen = parser.parse_args(given)
    slow = 0
    for name in chosen.targets or TARGETS:
        target = TARGETS[name]
        for seed in target.seeds:
            attempt(target, seed)
        for shape in chosen.shapes:
            reached = grown(
                lambda data, target=target: attempt(target, data), SHAPES[shape], chosen.chars, chosen.limit
            )
            if reached[1] > chosen.limit / 4:
                slow += 1
                print(
                    f"{name:14} {shape:12} {reached[1]:6.2f} s at {reached[0]:7,} growth {reached[2]:.1f}", flush=True
                )
    print(f"{slow} slow")
    return 1 if slow else 0


def grown(run: Callable[[bytes], object], unit: str, chars: int, limit: float) -> tuple[int, float, float]:
    """Characters reached, seconds of processor there, growth between the last two sizes."""
    size, before, growth = 500, 0.0, 0.0
    while True:
        size = min(size, chars)
        text = unit * (size // len(unit) + 1)
        given = f"{text}\x1e{text} 5 Juni."
        gc.collect()
        start = time.process_time()
        try:
            with at_most(limit):
                run(given.encode())
            took = time.process_time() - start
        except TookTooLong:
            took = limit
        growth = math.log2(max(took, 1e-6) / before) if before else 0.0
        if took >= limit or size >= chars:
            return size, took, growth
        size, before = size * 2, max(took, 1e-6)


if __name__ == "__main__":
    sys.exit(main())
