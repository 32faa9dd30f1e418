"""Accuracy and macro-F1 of a verifier on labelled sets, with 95 % bootstrap intervals, as a Markdown table.

python -m training.evaluate ../shared/bench/verdict_indonli.jsonl ... [--model DIRECTORY] [--threads N]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.rows import LABELS, Row


class Figure(NamedTuple):
    """One measured figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def bench_rows(file: Path) -> tuple[Row, ...]:
    """Rows of a verdict set with its given evidence joined; rows with other labels are left out.

    The gold fields other than the label (stance, meta, orig_label) are not read.
    """
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        if value["label"] in LABELS and value["evidence"]:
            evidence = " ".join(piece["text"] for piece in value["evidence"])
            name = file.stem.removeprefix("verdict_")
            rows.append(
                Row(value["id"], value["lang"], value["claim"], evidence, value["label"], value["id"], name, "")
            )
    return tuple(rows)


def accuracy(gold: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    """Share of equal entries."""
    return float((gold == guess).mean())


def macro_f1(gold: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    """Mean F1 over the labels that occur in `gold`."""
    scores = []
    for label in np.unique(gold):
        hits = int(((gold == label) & (guess == label)).sum())
        scores.append(2 * hits / max(1, int((gold == label).sum()) + int((guess == label).sum())))
    return float(np.mean(scores))


def expected_calibration_error(probabilities: NDArray[np.float32], gold: NDArray[np.int64], bins: int = 10) -> float:
    """ECE of the top label over equal-width bins (Guo et al. 2017)."""
    top, right = probabilities.max(1), probabilities.argmax(1) == gold
    place = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [abs(top[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in np.unique(place)]
    return float(np.sum(gaps))


def with_interval(
    measure: object, gold: NDArray[np.int64], guess: NDArray[np.int64], rounds: int = 1000, seed: int = 13
) -> Figure:
    """The measure on all rows, and the middle 95 % of it over bootstrap samples of the rows."""
    assert callable(measure)
    chance = np.random.default_rng(seed)
    samples = [measure(gold[at], guess[at]) for at in chance.integers(0, len(gold), (rounds, len(gold)))]
    low, high = np.percentile(samples, [2.5, 97.5])
    return Figure(measure(gold, guess), float(low), float(high))


def table(results: Sequence[tuple[str, NDArray[np.int64], NDArray[np.float32]]]) -> str:
    """A Markdown table of (name, gold labels, probabilities)."""
    lines = ["| set | n | accuracy (95 %) | macro-F1 (95 %) | ECE | recall S / R / N |", "|---|---|---|---|---|---|"]
    for name, gold, probabilities in results:
        guess = probabilities.argmax(1)
        recall = [f"{(guess[gold == k] == k).mean():.2f}" if (gold == k).any() else "-" for k in range(len(LABELS))]
        lines.append(
            f"| {name} | {len(gold)} | {with_interval(accuracy, gold, guess)} | {with_interval(macro_f1, gold, guess)} "
            f"| {expected_calibration_error(probabilities, gold):.3f} | {' / '.join(recall)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Score the files named on the command line with the shipped verifier or the one in `--model`."""
    from factcheck.entail import EntailmentModel

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    model = EntailmentModel.load(options.model, options.threads)
    results = []
    for file in options.files:
        rows = bench_rows(file)
        gold = np.array([LABELS.index(row.label) for row in rows])
        results.append((rows[0].source, gold, model.scores([(row.claim, row.evidence) for row in rows])))
    print(table(results))


if __name__ == "__main__":
    main()
