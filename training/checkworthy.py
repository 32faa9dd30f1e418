"""Fit the weights of the signs by which sentences and posts are worth checking, and write them as a file to read.

python -m training.checkworthy --sentences checkworthy_claimbuster.jsonl --posts checkworthy_ct22_tweets.jsonl \
    --check checkworthy_factcheckbench.jsonl --out factcheck/extract/checkworthy.json

Two logistic regressions over the same signs (`factcheck.extract.signs`), classes of equal weight, ridge. The weights of
a sentence are drawn towards what was set by hand before, which decides for signs the rows hardly have; those of
a post towards nought. Figures out of fold are the mean of twenty seeds of five folds; the word lists were written
by one who had read 150 of the sentences and all posts worth checking, so fresh posts may do worse. Seconds on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from factcheck.evals.datasets import load_dataset
from factcheck.extract.checkworthy import THRESHOLD, language_of, why_left_out
from factcheck.extract.signs import SIGNS, values, wording
from factcheck.extract.speech import reported_speech
from factcheck.text import sentences

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BY_HAND = {
    "number": 0.75, "date": 0.3, "named people or places": 0.5, "reported speech": 0.75, "comparison": 0.4,
    "action or state": 0.45, "planned event": 1.0, "opinion": -1.4, "forecast": -2.0, "hedged": -1.2,
    "first person": -0.5, "second person": -0.4, "short": -1.2, "helper's phrase": -1.5, "question": -1.5,
    "command": -1.0,
}  # fmt: skip
"""What the weights of a sentence are drawn towards: those set by hand before for news in both languages, the frequent
ones halved, and three for chatbots' answers."""
ONLY_POSTS = (
    "country", "several countries", "notice", "much notice", "supply", "dispute", "words of saying", "quotation",
)  # fmt: skip
"""Signs with no weight for a sentence: what one country's debates teach of them would mislead elsewhere."""
RIDGE = {"sentence": 10.0, "post": 40.0}
MISSED = 2.5
"""A claim that is missed counts as so many sentences checked in vain: it moves the bias, and no ranking."""
LEAST = 0.04
"""A smaller weight is written as nought."""
FOLDS, SEEDS = 5, 20


class Set(NamedTuple):
    """Rows of one labelled set: the signs of each, whether it is worth checking, and whether rules leave it out."""

    name: str
    signs: Array
    worth: Flags
    out: Flags


class Fit(NamedTuple):
    """Weights in the order of `SIGNS`, and the bias."""

    weights: Array
    bias: float

    def scores(self, rows: Set) -> Array:
        """Log-odds of each row; a sentence that the rules leave out comes last."""
        return np.where(rows.out, -99.0, rows.signs @ self.weights + self.bias)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, measure, write; `arguments` instead of those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, required=True, help="rows that are single sentences")
    parser.add_argument("--posts", type=Path, required=True, help="rows that are posts")
    parser.add_argument("--check", type=Path, required=True, help="sentences that are scored and never fitted")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    sets = {"sentence": read(options.sentences, whole=False), "post": read(options.posts, whole=True)}
    other = read(options.check, whole=False)
    fits = {kind: fit(rows, kind) for kind, rows in sets.items()}
    figures = {rows.name: measured(rows, kind, fits[kind], fits) for kind, rows in sets.items()}
    figures[other.name] = checked(other, fits["sentence"])
    options.out.write_text(written(fits, figures), encoding="utf-8")
    print(json.dumps(figures, indent=2))


def read(path: Path, *, whole: bool) -> Set:
    """A labelled set; `whole` for posts, whose text is read as one piece and never left out."""
    dataset = load_dataset(path)
    rows, worth, out = [], [], []
    for row in dataset.rows:
        text, language = row.question.text, language_of(row.question.text, row.question.language)
        reported = any(reported_speech(text, span, language) is not None for span in sentences(text, language))
        seen = values(wording(text, reported=reported))
        rows.append([float(seen[sign.name]) for sign in SIGNS])
        worth.append(row.gold is not None and row.gold.label == "checkworthy")
        out.append(not whole and why_left_out(text, language) is not None)
    return Set(dataset.name, np.array(rows), np.array(worth), np.array(out))


def fit(rows: Set, kind: str) -> Fit:
    """The regression of one kind, its bias moved so that a claim missed weighs `MISSED` times."""
    if kind == "post":
        return _fitted(rows.signs, rows.worth, RIDGE[kind], np.zeros(len(SIGNS)), 0.0)
    prior = np.array([BY_HAND.get(sign.name, 0.0) for sign in SIGNS])
    used = np.array([sign.name not in ONLY_POSTS for sign in SIGNS])
    return _fitted(rows.signs * used, rows.worth, RIDGE[kind], prior, float(np.log(MISSED)))


def _fitted(signs: Array, worth: Flags, ridge: float, prior: Array, moved: float) -> Fit:
    share = worth.mean()
    weight = np.where(worth, 0.5 / share, 0.5 / (1 - share))

    def loss(theta: Array) -> tuple[float, Array]:
        logits = signs @ theta[:-1] + theta[-1]
        pull = theta[:-1] - prior
        wrong = weight * (1 / (1 + np.exp(-logits)) - worth)
        value = float((weight * (np.logaddexp(0, logits) - worth * logits)).sum() + ridge * (pull @ pull) / 2)
        return value, np.append(signs.T @ wrong + ridge * pull, wrong.sum())

    theta = minimize(loss, np.zeros(signs.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = np.where(np.abs(theta[:-1]) < LEAST, 0.0, theta[:-1]).round(2)
    return Fit(weights, round(float(theta[-1]) + moved, 2))


# --- figures


def average_precision(worth: Flags, scores: Array) -> float:
    """The mean, over the rows worth checking, of the share of such rows among those scored at least as high."""
    order = np.argsort(-scores, kind="stable")
    # Rows of one score stand or fall together.
    last = np.searchsorted(-scores[order], -scores[order], side="right")
    hits = np.cumsum(worth[order])
    return float((worth[order] * hits[last - 1] / last).sum() / worth.sum())


def balanced_accuracy(worth: Flags, taken: Flags) -> float:
    """The mean of the share of worthy rows taken and of others left."""
    return float((taken[worth].mean() + (~taken)[~worth].mean()) / 2)


def measured(rows: Set, kind: str, whole: Fit, fits: dict[str, Fit]) -> dict[str, Any]:
    """Average precision by chance, fitted on these rows, out of fold, and by the weights of the other set alone."""
    apart = [_out_of_fold(rows, kind, seed) for seed in range(SEEDS)]
    each = [average_precision(rows.worth, scores) for scores in apart]
    (other,) = (fits[name] for name in fits if name != kind)
    at = [balanced_accuracy(rows.worth, scores >= 0) for scores in apart]
    return {
        "rows": len(rows.worth),
        "random": round(float(rows.worth.mean()), 3),
        "average_precision_out_of_fold": round(float(np.mean(each)), 3),
        "lowest_and_highest_seed": [round(min(each), 3), round(max(each), 3)],
        "average_precision_on_the_rows_fitted": round(average_precision(rows.worth, whole.scores(rows)), 3),
        "average_precision_with_this_set_left_out": round(average_precision(rows.worth, other.scores(rows)), 3),
        "balanced_accuracy_out_of_fold": round(float(np.mean(at)), 3),
    }


def checked(rows: Set, whole: Fit) -> dict[str, Any]:
    """Figures of a set that was not fitted."""
    scores = whole.scores(rows)
    return {
        "rows": len(rows.worth),
        "random": round(float(rows.worth.mean()), 3),
        "average_precision": round(average_precision(rows.worth, scores), 3),
        "balanced_accuracy_at_threshold": round(balanced_accuracy(rows.worth, scores >= 0), 3),
        "taken_of_the_worthy": round(float((scores >= 0)[rows.worth].mean()), 3),
        "left_of_the_others": round(float((scores < 0)[~rows.worth].mean()), 3),
    }


def _out_of_fold(rows: Set, kind: str, seed: int) -> Array:
    fold = folds(rows.worth, seed)
    scores = np.zeros(len(fold))
    for number in range(FOLDS):
        held = fold == number
        part = Set(rows.name, rows.signs[~held], rows.worth[~held], rows.out[~held])
        scores[held] = fit(part, kind).scores(rows)[held]
    return scores


def folds(worth: Flags, seed: int) -> NDArray[np.int_]:
    """The fold of each row, both classes dealt evenly."""
    chance = np.random.default_rng(seed)
    fold = np.zeros(len(worth), dtype=int)
    for value in (False, True):
        places = chance.permutation(np.flatnonzero(worth == value))
        fold[places] = np.arange(len(places)) % FOLDS
    return fold


# --- the file


def written(fits: dict[str, Fit], figures: dict[str, Any]) -> str:
    """The file of weights: one line a sign, the weightiest for a sentence first."""
    order: Sequence[int] = np.argsort(-fits["sentence"].weights, kind="stable").tolist()
    lines = ",\n".join(
        "    " + json.dumps({
            "name": SIGNS[n].name, "sentence": fits["sentence"].weights[n], "post": fits["post"].weights[n],
            "means": SIGNS[n].means,
        })
        for n in order
    )  # fmt: skip
    about = (
        "Weights (log-odds) of the signs of check-worthiness. A sentence's score is 1 / (1 + exp(-(bias + the "
        "weights of its signs))); a post as a whole has its own column. Made by training/checkworthy.py: read it, do "
        "not edit it."
    )
    return (
        "{\n"
        f'  "about": {json.dumps(about)},\n'
        f'  "threshold": {THRESHOLD},\n'
        f'  "bias": {json.dumps({kind: one.bias for kind, one in fits.items()})},\n'
        f'  "signs": [\n{lines}\n  ],\n'
        f'  "figures": {json.dumps(figures, indent=2).replace(chr(10), chr(10) + "  ")}\n'
        "}\n"
    )


if __name__ == "__main__":
    main()
