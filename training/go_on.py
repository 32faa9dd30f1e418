"""Verifier 0.3: one pass over chosen rows from the weights of 0.2, on a processor; the run behind the model card.

python -m training.go_on --start-from OLD/model.onnx --data NLI.jsonl ... --parallel TRANSLATIONS.jsonl ... --out DIR

Prints a line of held-out accuracies every 10,000 rows and keeps the averaged weights beside the output.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from factcheck.entail import MAX_TOKENS
from factcheck.packaged import PackagedEncoder, dequantise
from training.arrays import Prepared
from training.export import export
from training.fit import Corpus, Recipe, predict, train
from training.mixture import mix
from training.network import Verifier
from training.prepare import prepare
from training.restore import restore
from training.rows import LABELS, Row, digest, read_parallel, read_rows

VERSION = "0.3"
LONGEST = 112
FROZEN_LAYERS = 4
NEW_SHARE = 0.85
"""Share of the new weights in the mean with the old ones, chosen on held-out rows."""

ROWS = {
    "en fever-train": 12000, "en vitaminc-real": 7200, "en vitaminc-synthetic": 6000,
    "en vitaminc-real +revision": 3000, "en new-protocols": 6000, "en semi-automatic-nli": 4000,
    "en evidence-inference": 3900, "en pubmedqa": 2000, "en boolq": 1000, "en fm2": 2400, "id indonli-train": 6500,
    "id idk-mrc": 3000, "id squad-indonesian": 1500, "en mnli-dev": 3000, "en fever-train +negation": 1000,
    "en fever-train +irrelevant": 1200, "en fever-train +context": 800, "id idk-mrc +negation": 500,
    "id indonli-train +negation": 500, "id indonli-train +revision": 800, "id template": 900, "en template": 600,
    "id tatoeba +parallel": 1000, "en tatoeba +parallel": 700, "id tico-19 +parallel": 900,
    "en tico-19 +parallel": 700, "en vitaminc-synthetic +irrelevant": 500, "en vitaminc-real +irrelevant": 500,
    "id idk-mrc +irrelevant": 700, "id indonli-train +irrelevant": 500, "en new-protocols +irrelevant": 500,
    "en vitaminc-real +number": 300, "en fever-train +number": 400, "id idk-mrc +number": 400,
    "en snli-counterfactual": 500, "en conjnli": 400, "en scitail-dev": 500, "en begin-wow": 600,
    "en negation-nli": 500, "en taxi-nli": 400,
}  # fmt: skip
"""Rows of each slice; a slice with fewer is shown again."""

CALIBRATION = {
    "vitaminc-real": 140, "fever-train": 140, "indonli-train": 140, "evidence-inference": 80, "idk-mrc": 100,
    "mnli-dev": 60, "pubmedqa": 40, "fm2": 40, "squad-indonesian": 60, "vitaminc-synthetic": 60,
    "semi-automatic-nli": 40,
}  # fmt: skip
"""Held-out rows that the temperature is fitted on."""


def main() -> None:
    """Make the rows, train, take the mean with the old weights, write."""
    options = _arguments()
    given = read_rows(options.data)
    mixture = mix(given, read_parallel(options.parallel), seed=1)
    encoder = PackagedEncoder()
    data = prepare(mixture.rows, mixture.held_out, encoder, MAX_TOKENS)
    corpus = Corpus(data, dequantise(data.words).reshape(-1, encoder.shape.hidden), torch.device("cpu"))
    recipe = Recipe(
        epochs=1, batch=64, learning_rate=6e-5, warmup=0.04, dropout=0.0, bf16=not options.float32, report_rows=10_000
    )
    torch.manual_seed(1)
    model = restore(options.start_from, recipe.pooling, recipe.dropout)
    old = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    _freeze(model)
    rows, held_out = chosen(data, 1), np.flatnonzero(data.held_out & (corpus.lengths < LONGEST))[::5]
    options.out.mkdir(parents=True, exist_ok=True)

    def report(seen: int, averaged: Verifier, figures: Mapping[str, float]) -> None:
        right = predict(averaged, corpus, held_out, recipe).argmax(1) == data.labels[held_out]
        print(f"rows {seen} loss {figures['loss']:.3f} held out {right.mean():.3f}", flush=True)
        torch.save(averaged.state_dict(), options.out / "averaged.pt")

    new = train(model, corpus, rows, recipe, None, report).state_dict()
    model.load_state_dict({name: (1 - NEW_SHARE) * old[name] + NEW_SHARE * new[name] for name in old})
    pairs = _calibration(given)
    labels = np.array([LABELS.index(row.label) for row in pairs])
    asked = [(row.claim, row.evidence) for row in pairs]
    record = export(model, options.out, version=VERSION, data_sha256=digest(given), calibration=asked, labels=labels)
    print(json.dumps(record, indent=2))


def chosen(data: Prepared, seed: int) -> NDArray[np.int64]:
    """Numbers of the training rows by `ROWS`, none longer than `LONGEST` tokens."""
    chance = np.random.default_rng(seed)
    lengths = np.diff(data.ends, prepend=0)
    names = [str(name) for name in data.names]
    parts = []
    for name, count in ROWS.items():
        if name in names:
            rows = np.flatnonzero(~data.held_out & (data.slices == names.index(name)) & (lengths <= LONGEST))
            times = -(-count // max(1, len(rows)))
            parts.append(np.concatenate([chance.permutation(rows) for _ in range(times)])[:count])
    return np.concatenate(parts)


def _freeze(model: Verifier) -> None:
    """The lowest layers stay as they are, which saves a fifth of the time."""
    frozen = ("position", "norm.", *(f"layers.{number}." for number in range(FROZEN_LAYERS)))
    for name, parameter in model.named_parameters():
        if name.startswith(frozen):
            parameter.requires_grad_(False)


def _calibration(given: Sequence[Row]) -> list[Row]:
    kept: list[Row] = []
    taken: Counter[str] = Counter()
    for row in given:
        if row.held_out and taken[row.source] < CALIBRATION.get(row.source, 0):
            taken[row.source] += 1
            kept.append(row)
    return kept


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start-from", type=Path, required=True, help="the model.onnx to go on from")
    parser.add_argument("--data", nargs="+", type=Path, required=True)
    parser.add_argument("--parallel", nargs="*", type=Path, default=[])
    parser.add_argument("--float32", action="store_true", help="on a processor without fast bfloat16")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
