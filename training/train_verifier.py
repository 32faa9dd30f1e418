"""Train, average, quantise and record the verifier: the one command of training/README.md.

python -m training.train_verifier --data nli.jsonl more.jsonl --parallel tatoeba.jsonl --out factcheck/models/verifier
"""

from __future__ import annotations

import argparse
import json
import sys
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
from training.mixture import REPEATS, mix
from training.network import Verifier, load_base
from training.prepare import prepare
from training.restore import restore
from training.rows import LABELS, Row, digest, read_parallel, read_rows

VERSION = "0.2"
CALIBRATION_ROWS = 900
VALIDATION_ROWS = 150


def main() -> None:
    """Read the rows named on the command line and write the verifier."""
    options = _arguments()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    given = read_rows(options.data)
    mixture = mix(given, read_parallel(options.parallel), seed=1)
    encoder = PackagedEncoder()
    data = prepare(mixture.rows, mixture.held_out, encoder, MAX_TOKENS)
    print(f"{len(given)} given rows, {len(mixture.rows)} with those made from them, training on {device}", flush=True)
    recipe = Recipe(
        epochs=options.epochs,
        batch=options.batch,
        learning_rate=options.learning_rate,
        dropout=options.dropout,
        bf16=options.bf16 or device.type == "cuda",
        report_rows=options.report_rows,
    )
    corpus = Corpus(data, dequantise(data.words).reshape(-1, encoder.shape.hidden), device)
    runs = [_run(recipe._replace(seed=seed), corpus, data, encoder, options) for seed in options.seeds]
    model = averaged(runs, recipe)
    calibration = _calibration(given)
    pairs = [(row.claim, row.evidence) for row in calibration]
    labels = np.array([LABELS.index(row.label) for row in calibration])
    record = export(model, options.out, version=VERSION, data_sha256=digest(given), calibration=pairs, labels=labels)
    print(json.dumps(record, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True, help="JSONL files of labelled pairs")
    parser.add_argument("--parallel", nargs="*", type=Path, default=[], help="JSONL files of translated sentences")
    parser.add_argument("--out", type=Path, required=True, help="directory of model.onnx and config.json")
    parser.add_argument("--checkpoints", type=Path, help="where the averaged weights are kept (default: --out)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 3], help="runs whose weights are averaged")
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--batch", type=int, default=128, help="128 on a GPU, 32 on a processor")
    parser.add_argument("--learning-rate", type=float, default=1.5e-4, help="1.5e-4 for 128, 7e-5 for 32")
    parser.add_argument("--dropout", type=float, default=0.1, help="0 for one pass over the rows")
    parser.add_argument("--rows", type=int, help="train on that many rows only, for a run on a processor")
    parser.add_argument("--start-from", type=Path, help="a model.onnx to go on from (training.restore)")
    parser.add_argument("--bf16", action="store_true", help="on a processor that multiplies bfloat16 (AMX)")
    parser.add_argument("--report-rows", type=int, help="rows between two validation lines (default: an epoch)")
    return parser.parse_args()


def _run(
    recipe: Recipe, corpus: Corpus, data: Prepared, encoder: PackagedEncoder, options: argparse.Namespace
) -> Verifier:
    """One training run, with a validation line now and then."""
    torch.manual_seed(1)  # every run starts from the same head, or their weights could not be averaged
    if options.start_from:
        model = restore(options.start_from, recipe.pooling, recipe.dropout)
    else:
        model = Verifier(pooling=recipe.pooling, dropout=recipe.dropout)
        load_base(model, encoder.weights(words=False))
    torch.manual_seed(recipe.seed)
    rows = repeated(data, options.rows, recipe.seed)
    held_out = validated(data)

    def report(seen: int, averaged_model: Verifier, figures: Mapping[str, float]) -> None:
        guess = predict(averaged_model, corpus, held_out, recipe).argmax(1)
        right = guess == data.labels[held_out]
        slices = data.slices[held_out]
        line = [
            f"{name} {right[slices == at].mean():.3f}" for at, name in enumerate(data.names) if (slices == at).any()
        ]
        print(
            f"seed {recipe.seed} rows {seen} loss {figures['loss']:.3f} {figures['seconds']:.0f} s | "
            + ", ".join(line),
            flush=True,
        )
        (options.checkpoints or options.out).mkdir(parents=True, exist_ok=True)
        kept = {name: tensor.half() for name, tensor in averaged_model.state_dict().items()}
        torch.save(kept, (options.checkpoints or options.out) / f"seed-{recipe.seed}.pt")
        if seen > len(rows) and len(np.unique(guess)) == 1:
            sys.exit("The model gives one label to every held-out row: train for longer, or lower the learning rate.")

    return train(model.to(corpus.device), corpus, rows, recipe, None, report).cpu()


def repeated(data: Prepared, limit: int | None, seed: int) -> NDArray[np.int64]:
    """Numbers of the training rows, those of `REPEATS` several times, thinned out to `limit`."""
    rows = np.flatnonzero(~data.held_out)
    times = np.array([REPEATS.get(str(name), 1) for name in data.names])
    rows = np.repeat(rows, times[data.slices[rows]])
    if limit is not None and limit < len(rows):
        rows = np.random.default_rng(seed).permutation(rows)[:limit]
    return rows


def validated(data: Prepared) -> NDArray[np.int64]:
    """Numbers of the held-out rows, at most `VALIDATION_ROWS` of a source."""
    rows = np.flatnonzero(data.held_out)
    kept = [rows[data.slices[rows] == at][:VALIDATION_ROWS] for at in np.unique(data.slices[rows])]
    return np.sort(np.concatenate(kept))


def averaged(models: Sequence[Verifier], recipe: Recipe) -> Verifier:
    """The mean of the runs' weights (model soup, Wortsman et al. 2022, arXiv:2203.05482)."""
    soup = Verifier(pooling=recipe.pooling, dropout=recipe.dropout)
    states = [model.state_dict() for model in models]
    soup.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return soup.eval()


def _calibration(given: Sequence[Row]) -> list[Row]:
    """Held-out given rows, the same number of each source's as far as it goes."""
    sources: dict[str, list[Row]] = {}
    for row in given:
        if row.held_out:
            sources.setdefault(row.source, []).append(row)
    each = CALIBRATION_ROWS // max(1, len(sources))
    return [row for rows in sources.values() for row in rows[:each]]


if __name__ == "__main__":
    main()
