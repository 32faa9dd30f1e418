"""Fit what a stance is worth in a passage that retrieval brought; print figures out of fold and with sets left out.

python -m training.fit_found --fit SETS.jsonl ... [--check SETS.jsonl ...] [--cache DIR] [--out stance.json]

Each claim of a set is searched for in the set's own corpus as the product does, what is found is read, and the stance
of each passage is known: that of the annotators where they gave it, else none, except for passages that share much of
their words with the given evidence, which are left out. `--fit` takes only sets whose licence allows it; `--check`
sets are scored and never fitted. Every set weighs the same, and so do the two sides within a set.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.entail import default_directory, load_verifier
from factcheck.evals import metrics
from factcheck.settings import Settings
from factcheck.types import LABELS, Stance
from factcheck.verify.conclude import COUNTS_AT, FOUND_CONFLICT_FLOOR, FOUND_CROWD
from factcheck.verify.found import COLUMNS, FoundHead, columns
from factcheck.verify.offline import OfflineJudge
from factcheck.verify.stance import StanceHead, read_head, write_head
from factcheck.verify.weigh import CONFLICT_WEIGHT, Weighing, weighed
from training.readings import FoundRow, read_found
from training.rows import bucket

FOLDS = 5
PENALTY = 0.3
SHARE = 0.5
"""Share of the fit in a logarithmic pool with the probabilities of each passage by itself (Genest & Zidek 1986): the
sets that are fitted are harder than most, and the fit alone silences real disputes."""

SET_WORTH = 1000.0
"""Weight of a set in all, beside the penalty."""

_STANCES: dict[Stance, int] = {"supports": 0, "refutes": 1, "neutral": 2}


class _Set(NamedTuple):
    """A set's rows as arrays: for each row the columns, the stances (-1 unknown) and the origins of what was found."""

    name: str
    rows: list[FoundRow]
    values: list[NDArray[np.float64]]
    stances: list[NDArray[np.int64]]
    fold: NDArray[np.int64]
    gold: NDArray[np.int64]


def main() -> None:
    """Read, fit, print, write."""
    options = _arguments()
    settings = Settings.load(lift_time_rule=True)
    path = options.out
    model = load_verifier(settings)
    head = read_head(path, model.revision)
    judge = OfflineJudge(model, head)
    fit, check = (
        [_arrays(name, rows, head) for name, rows in read_found(files, judge, settings, options.cache)]
        for files in (options.fit, options.check)
    )
    alone = Weighing(**{**head.weighing._asdict(), "crowd": FOUND_CROWD})
    for one in (*fit, *check):
        before = [head.probabilities([w.reading for w in row.witnesses]) for row in one.rows]
        _report("as given", one, before, head.weighing)
    for one in fit:
        found = [np.zeros((0, 3))] * len(one.rows)
        for fold in range(FOLDS):
            fitted = _fit([s if s is not one else _without(s, s.fold == fold) for s in fit])
            for i in np.flatnonzero(one.fold == fold):
                found[i] = _predict(fitted, one.values[i])
        _report("oof", one, found, alone)
    for one in (*fit, *check):
        fitted = _fit([s for s in fit if s is not one])
        _report("left out", one, [_predict(fitted, values) for values in one.values], alone)
    for one in check:
        blind = _fit(fit, "similarity")
        _report("no cosine", one, [_predict(blind, values) for values in one.values], alone)
    final, otherwise = _fit(fit), _fit(fit, "similarity")
    digest = hashlib.sha256("".join(file.read_text(encoding="utf-8") for file in options.fit).encode()).hexdigest()
    record = {
        "fitted_on": [file.stem for file in options.fit],
        "rows": sum(len(one.rows) for one in fit),
        "data_sha256": digest,
    }
    for name, column in zip((*COLUMNS, "bias"), [*final.weights.T, final.biases], strict=True):
        print(f"{name:12s}" + "".join(f"{value:8.2f}" for value in column))
    if options.write:
        _put(path, head._replace(found=final, found_otherwise=otherwise), model.revision, record)


def _put(path: Path, head: StanceHead, revision: str, record: dict[str, object]) -> None:
    import json

    stored = json.loads(path.read_text(encoding="utf-8"))
    kept = {name: stored[name] for name in ("fitted_on", "rows", "data_sha256")}
    write_head(path, head, revision, kept, record)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", nargs="+", type=Path, required=True)
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    parser.add_argument("--cache", type=Path, default=None, help="where readings are kept between runs")
    parser.add_argument("--out", type=Path, default=default_directory() / "stance.json", help="read and written")
    parser.add_argument("--write", action="store_true", help="write the fit; else only the figures are printed")
    return parser.parse_args()


def _arrays(name: str, rows: Sequence[FoundRow], head: StanceHead) -> _Set:
    values, stances = [], []
    for row in rows:
        alone = head.probabilities([one.reading for one in row.witnesses])
        values.append(columns(alone, [one.found for one in row.witnesses]))
        stances.append(np.array([-1 if w.stance is None else _STANCES[w.stance] for w in row.witnesses], np.int64))
    fold = np.array([bucket(row.id, FOLDS) for row in rows])
    gold = np.array([LABELS.index(row.label) for row in rows])
    return _Set(name, list(rows), values, stances, fold, gold)


def _without(one: _Set, which: NDArray[np.bool_]) -> _Set:
    kept = np.flatnonzero(~which)
    return one._replace(
        rows=[one.rows[i] for i in kept],
        values=[one.values[i] for i in kept],
        stances=[one.stances[i] for i in kept],
        fold=one.fold[kept],
        gold=one.gold[kept],
    )


def _fit(sets: Sequence[_Set], without: str | None = None) -> FoundHead:
    """Multinomial logistic regression on standardised columns; the column named `without` gets no weight."""
    from sklearn.linear_model import LogisticRegression

    values, stances, worth = [], [], []
    for one in sets:
        table, stance = np.vstack(one.values), np.concatenate(one.stances)
        known = stance >= 0  # what nobody knows is not fitted
        counts = np.bincount(stance[known], minlength=3)
        sides = counts[:2].sum() / 2
        weights = np.array([sides / max(1, counts[0]), sides / max(1, counts[1]), 1.0]) * SET_WORTH / len(one.rows)
        values.append(table[known])
        stances.append(stance[known])
        worth.append(weights[stance[known]])
    table = np.vstack(values)
    if without:
        table[:, COLUMNS.index(without)] = 0.0
    centre, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=3000)
    model.fit((table - centre) / spread, np.concatenate(stances), sample_weight=np.concatenate(worth))
    weights, biases = model.coef_ / spread, model.intercept_ - (model.coef_ / spread) @ centre
    alone = np.zeros_like(weights)
    alone[0, 0] = alone[1, 1] = 1.0
    return FoundHead(SHARE * weights + (1 - SHARE) * alone, SHARE * biases)


def _predict(head: FoundHead, values: NDArray[np.float64]) -> NDArray[np.float64]:
    logits = values @ head.weights.T + head.biases
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def _labels(one: _Set, found: Sequence[NDArray[np.float64]], weighing: Weighing) -> NDArray[np.float64]:
    """Label probabilities of each row, shape (rows, 4): an origin is the one of its passages that says most."""
    made = np.zeros((len(one.rows), len(LABELS)))
    for number, (row, rows) in enumerate(zip(one.rows, found, strict=True)):
        loudest: dict[str, NDArray[np.float64]] = {}
        for witness, values in zip(row.witnesses, rows, strict=True):
            if witness.origin not in loudest or values[2] < loudest[witness.origin][2]:
                loudest[witness.origin] = values
        heard = np.array(list(loudest.values())).reshape(-1, 3)
        made[number] = weighed(heard, weighing, len(rows))
    return made


def _report(kind: str, one: _Set, found: Sequence[NDArray[np.float64]], weighing: Weighing) -> None:
    told = _labels(one, found, weighing)
    both = np.array([min(rows[:, :2].max(0, initial=0)) >= FOUND_CONFLICT_FLOOR for rows in found])
    guess = (told * np.column_stack([np.ones((len(told), 3)), CONFLICT_WEIGHT * both])).argmax(1)
    counts = metrics.confusion(one.gold, guess, len(LABELS), metrics.ones(len(guess)))
    right = (guess == one.gold).astype(float)
    ece = float(metrics.calibration_error(told[np.arange(len(guess)), guess], right, metrics.ones(len(right))))
    f1 = np.ravel(metrics.per_label(counts).f1)
    shown = " ".join(f"{label[:3]} {value:.2f}" for label, value in zip(LABELS, f1, strict=True))
    print(
        f"{kind:9s} {one.name:26s} n {len(one.rows)} acc {right.mean():.3f}"
        f" macro-F1 {float(metrics.macro_f1(counts)):.3f} ECE {ece:.3f} | {shown}"
        f" | speaking {np.mean([(rows[:, :2].max(1, initial=0) > COUNTS_AT).sum() for rows in found]):.1f}"
    )


if __name__ == "__main__":
    main()
