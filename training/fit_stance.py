"""Fit the regression from readings to stances, and how sources are weighed together; print figures out of fold.

python -m training.fit_stance --fit SETS.jsonl ... [--held SETS.jsonl ...] [--check SETS.jsonl ...] --out stance.json

`--fit` names sets whose licence allows it (each is weighed alike), `--held` sets of held-out training rows
(`training.held_out`), which weigh less; `--check` names others, which are only scored.
Rows are dealt into five folds by their id; every printed figure of a `--fit` set is of folds that were not fitted
(oof), or of a fit without the whole set (loso: leave one set out). What ships is fitted on all `--fit` rows.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.entail import EntailmentModel, default_directory
from factcheck.evals import metrics
from factcheck.types import LABELS, Stance
from factcheck.verify.offline import OfflineJudge
from factcheck.verify.stance import FEATURES, StanceHead, features, write_head
from factcheck.verify.weigh import CONFLICT_WEIGHT, Weighing, weighed
from training.readings import Read, read_sets
from training.rows import bucket

FOLDS = 5
PENALTY = 0.3
ALIKE_SHARE = 0.35
"""Weight of the passages that were not given, beside the given ones of a set."""

HELD_WORTH = 0.25
"""Weight of a set of held-out training rows beside a set of its own."""

CROWDS = (0.0, 0.25, 0.5)
CONTRASTS = (0.5,)
TEMPERATURES = (0.9, 1.1)
CONFLICTS = (0.5, 0.75, 1.0)

_STANCES: dict[Stance, int] = {"supports": 0, "refutes": 1, "neutral": 2}


class _Table(NamedTuple):
    """The readings of some rows as arrays; `row` numbers the row that each reading belongs to."""

    values: NDArray[np.float64]
    stance: NDArray[np.int64]
    given: NDArray[np.bool_]
    document: NDArray[np.int64]
    row: NDArray[np.int64]
    set: NDArray[np.int64]
    fold: NDArray[np.int64]
    names: tuple[str, ...]


def main() -> None:
    """Read, fit, print, write."""
    options = _arguments()
    model = EntailmentModel.load(options.model)
    judge = OfflineJudge(model, StanceHead(np.zeros((3, len(FEATURES))), np.zeros(3)))
    fit_rows, check_rows = (
        read_sets(files, judge, options.cache) for files in (options.fit + options.held, options.check)
    )
    rows = fit_rows + check_rows
    table = _table(rows)
    names = sorted({row.set for row in rows})
    fitted_sets = {names.index(row.set) for row in fit_rows}
    may_fit = np.isin(table.set, list(fitted_sets))
    oof = np.zeros((len(table.values), 3))
    for fold in range(FOLDS):
        here = table.fold == fold
        oof[here] = _fit(table, may_fit & ~here).predict(table.values[here])
    weighing = fit_weighing(oof, table, rows, fitted_sets)
    print(f"weighing {weighing}")
    _report("oof", rows, table, oof, weighing, names)
    if options.loso:
        alone = np.zeros_like(oof)
        for number, name in enumerate(names):
            kin = {at for at, other in enumerate(names) if _family(other) == _family(name)}
            here = table.set == number
            alone[here] = _fit(table, may_fit & ~np.isin(table.set, list(kin))).predict(table.values[here])
        _report("loso", rows, table, alone, weighing, names)
    final = _fit(table, may_fit)
    head = StanceHead(final.weights, final.biases, weighing)
    digest = hashlib.sha256(
        "".join(file.read_text(encoding="utf-8") for file in options.fit + options.held).encode()
    ).hexdigest()
    record = {
        "fitted_on": [file.stem for file in options.fit + options.held],
        "rows": len(fit_rows),
        "data_sha256": digest,
    }
    write_head(options.out, head, model.revision, record)
    for name, column in zip(FEATURES, final.weights.T, strict=True):
        print(f"{name:20s}" + "".join(f"{value:8.2f}" for value in column))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", nargs="+", type=Path, required=True)
    parser.add_argument("--held", nargs="*", type=Path, default=[])
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    parser.add_argument("--model", type=Path, default=None, help="directory of another verifier than the shipped one")
    parser.add_argument("--cache", type=Path, default=None, help="where readings are kept between runs")
    parser.add_argument("--loso", action="store_true", help="also leave each set out as a whole")
    parser.add_argument("--out", type=Path, default=default_directory() / "stance.json")
    return parser.parse_args()


def _family(name: str) -> str:
    return name.removesuffix("_conflict").removesuffix("_pairs").removesuffix("_claims")


def _table(rows: Sequence[Read]) -> _Table:
    names = sorted({row.set for row in rows})
    documents: dict[tuple[str, str], int] = {}
    columns: list[tuple[NDArray[np.float64], int, bool, int, int, int, int]] = []
    for number, row in enumerate(rows):
        for one in row.witnesses:
            place = documents.setdefault((row.id, one.document), len(documents))
            stance = -1 if one.stance is None else _STANCES[one.stance]
            fold = bucket(row.id, FOLDS)
            columns.append((features(one.reading), stance, one.given, place, number, names.index(row.set), fold))
    values, *rest = zip(*columns, strict=True)
    stance, given, document, row_of, set_of, fold_of = (np.array(column) for column in rest)
    return _Table(np.stack(values), stance, given.astype(bool), document, row_of, set_of, fold_of, tuple(names))


def _worth(name: str) -> float:
    return HELD_WORTH if name.startswith("verdict_held") else 1.0


class _Fitted(NamedTuple):
    weights: NDArray[np.float64]
    biases: NDArray[np.float64]

    def predict(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        logits = values @ self.weights.T + self.biases
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def _fit(table: _Table, rows: NDArray[np.bool_]) -> _Fitted:
    """Multinomial logistic regression on standardised columns, each set and each of its labels weighed alike."""
    from sklearn.linear_model import LogisticRegression

    rows = rows & (table.stance >= 0)
    weights = np.zeros(len(rows))
    for number in np.unique(table.set[rows]):
        for given, share in ((True, 1.0), (False, ALIKE_SHARE)):
            part = rows & (table.set == number) & (table.given == given)
            weights[part] = share * _worth(table.names[number]) * 400 / max(1, part.sum())
    values = table.values[rows]
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    model.fit((values - centre) / spread, table.stance[rows], sample_weight=weights[rows])
    return _Fitted(model.coef_ / spread, model.intercept_ - (model.coef_ / spread) @ centre)


def _label_rows(
    probabilities: NDArray[np.float64], table: _Table, weighing: Weighing, count: int, given_only: bool
) -> NDArray[np.float64]:
    """Label probabilities of each row, shape (count, 4): a document is the one of its passages that says most."""
    found = np.zeros((count, len(LABELS)))
    keep = np.flatnonzero(table.given) if given_only else np.arange(len(table.row))
    order = keep[np.argsort(table.row[keep], kind="stable")]
    starts = np.searchsorted(table.row[order], np.arange(count + 1))
    for number in range(count):
        mine = order[starts[number] : starts[number + 1]]
        strongest: dict[int, int] = {}
        for at in mine:
            known = strongest.get(int(table.document[at]))
            if known is None or probabilities[at, 2] < probabilities[known, 2]:
                strongest[int(table.document[at])] = int(at)
        found[number] = weighed(probabilities[list(strongest.values())], weighing, len(mine))
    return found


def fit_weighing(
    probabilities: NDArray[np.float64], table: _Table, rows: Sequence[Read], fitted_sets: set[int]
) -> Weighing:
    """The values with the lowest mean negative log likelihood over the sets that may be fitted."""
    names = sorted({row.set for row in rows})
    gold = np.array([LABELS.index(row.label) if row.label else -1 for row in rows])
    own = np.array([names.index(row.set) for row in rows])
    best, least = Weighing(), np.inf
    for crowd, contrast, temperature, conflict in itertools.product(CROWDS, CONTRASTS, TEMPERATURES, CONFLICTS):
        weighing = Weighing(crowd, contrast, temperature, conflict)
        loss = 0.0
        for given_only, share in ((True, 1.0), (False, ALIKE_SHARE)):
            found = _label_rows(probabilities, table, weighing, len(rows), given_only)
            for number in fitted_sets:
                mine = (own == number) & (gold >= 0)
                loss -= share * _worth(names[number]) * float(np.log(found[mine, gold[mine]] + 1e-6).mean())
        if loss < least:
            best, least = weighing, loss
    return best


def _report(
    kind: str,
    rows: Sequence[Read],
    table: _Table,
    probabilities: NDArray[np.float64],
    weighing: Weighing,
    names: Sequence[str],
) -> None:
    gold = np.array([LABELS.index(row.label) if row.label else -1 for row in rows])
    own = np.array([names.index(row.set) for row in rows])
    for given_only in (True, False):
        found = _label_rows(probabilities, table, weighing, len(rows), given_only)
        for number, name in enumerate(names):
            mine = (own == number) & (gold >= 0)
            guess = (found[mine] * [1, 1, 1, CONFLICT_WEIGHT]).argmax(1)
            confidence = found[mine][np.arange(len(guess)), guess]
            counts = metrics.confusion(gold[mine], guess, len(LABELS), metrics.ones(int(mine.sum())))
            right = (guess == gold[mine]).astype(float)
            f1 = metrics.per_label(counts).f1
            ece = float(metrics.calibration_error(confidence, right, metrics.ones(len(right))))
            shown = " ".join(f"{label[:3]} {value:.2f}" for label, value in zip(LABELS, np.ravel(f1), strict=True))
            numeric = np.array([row.numeric for row, kept in zip(rows, mine, strict=True) if kept])
            slice_ = right[numeric].mean() if numeric.any() else float("nan")
            print(
                f"{kind} {'given' if given_only else 'crowd'} {name:28s} acc {right.mean():.3f}"
                f" macro-F1 {float(metrics.macro_f1(counts)):.3f} bal {float(metrics.balanced_accuracy(counts)):.3f}"
                f" ECE {ece:.3f} num {slice_:.3f} | {shown}"
            )


if __name__ == "__main__":
    main()
