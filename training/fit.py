"""The training loop: bf16 where the machine multiplies it fast, float32 elsewhere; a validation line now and then."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from training.arrays import Prepared
from training.network import Verifier

Weights = dict[str, Tensor]


class Recipe(NamedTuple):
    """Hyperparameters of one run; learning rate is the peak of a warmed-up linear decay."""

    epochs: float = 6
    batch: int = 128
    learning_rate: float = 1e-4
    warmup: float = 0.06
    decay: float = 0.01
    smoothing: float = 0.05
    dropout: float = 0.1
    pooling: str = "both"
    marks: bool = True
    average: float = 0.999
    seed: int = 1
    head_rate: float = 5.0
    agreement: float = 0.0
    bf16: bool = True
    report_rows: int | None = None
    """Training rows between two reports; None reports once an epoch."""


class Corpus:
    """Prepared rows on the training device."""

    def __init__(self, data: Prepared, words: NDArray[np.float32], device: torch.device) -> None:
        self.device = device
        self.words = torch.from_numpy(words).to(device)
        self.ids = torch.from_numpy(data.ids.astype(np.int32)).to(device)
        self.marks = torch.from_numpy(data.marks.astype(np.int32)).to(device)
        self.labels = torch.from_numpy(data.labels.astype(np.int64)).to(device)
        self.ends = data.ends
        self.lengths = np.diff(data.ends, prepend=0)

    def batch(self, rows: NDArray[np.int64], marks: bool) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Word vectors, marks, mask and labels of some rows."""
        longest = int(-(-self.lengths[rows].max() // 8) * 8)
        lengths = torch.from_numpy(self.lengths[rows]).to(self.device)
        starts = torch.from_numpy(self.ends[rows]).to(self.device) - lengths
        steps = torch.arange(longest, device=self.device)
        mask = steps[None] < lengths[:, None]
        at = torch.where(mask, starts[:, None] + steps[None], 0)
        kinds = torch.where(mask, self.marks[at], 0).long()
        if not marks:
            kinds = kinds // 8 * 8
        return self.words[self.ids[at].long()], kinds, mask.long(), self.labels[torch.from_numpy(rows).to(self.device)]


def batches(
    lengths: NDArray[np.int64], rows: NDArray[np.int64], size: int, chance: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Shuffled batches of rows of similar length: sorted within pools of fifty batches."""
    rows = chance.permutation(rows)
    cut = []
    for start in range(0, len(rows), size * 50):
        pool = rows[start : start + size * 50]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        cut += [pool[at : at + size] for at in range(0, len(pool), size)]
    for at in chance.permutation(len(cut)):
        yield cut[at]


def train(
    model: Verifier,
    corpus: Corpus,
    rows: NDArray[np.int64],
    recipe: Recipe,
    weights: NDArray[np.float32] | None,
    report: Callable[[int, Verifier, Mapping[str, float]], None],
) -> Verifier:
    """Train and return the exponential moving average of the weights (Tarvainen and Valpola 2017).

    Args:
        model: on the corpus's device, base weights loaded.
        corpus: the rows.
        rows: numbers of the training rows.
        recipe: hyperparameters.
        weights: loss weight for each row of the corpus, or None.
        report: called with the number of rows seen, the averaged model and figures.
    """
    chance = np.random.default_rng(recipe.seed)
    head = [p for name, p in model.named_parameters() if name.startswith(("pooled", "classify", "mark"))]
    body = [p for name, p in model.named_parameters() if not name.startswith(("pooled", "classify", "mark"))]
    optimizer = torch.optim.AdamW(
        [{"params": body, "scale": 1.0}, {"params": head, "scale": recipe.head_rate}],
        lr=recipe.learning_rate,
        weight_decay=recipe.decay,
        betas=(0.9, 0.98),
        fused=True,
    )
    averaged = copy.deepcopy(model).eval()
    per_epoch = math.ceil(len(rows) / recipe.batch)
    total = int(per_epoch * recipe.epochs)
    row_weights = None if weights is None else torch.from_numpy(weights).to(corpus.device)
    every = max(1, (recipe.report_rows or len(rows)) // recipe.batch)
    step, losses, started = 0, [], time.monotonic()
    for _ in range(math.ceil(recipe.epochs)):
        for part in batches(corpus.lengths, rows, recipe.batch, chance):
            if step >= total:
                break
            rate = recipe.learning_rate * schedule(step, total, recipe.warmup)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"]
            vectors, marks, mask, labels = corpus.batch(part, recipe.marks)
            model.train()
            with torch.autocast(corpus.device.type, torch.bfloat16, enabled=recipe.bf16):
                logits = model(vectors, marks, mask).float()
                loss = F.cross_entropy(logits, labels, label_smoothing=recipe.smoothing, reduction="none")
                if recipe.agreement:
                    loss = loss + recipe.agreement * _disagreement(logits, model(vectors, marks, mask).float())
            if row_weights is not None:
                loss = loss * row_weights[torch.from_numpy(part).to(corpus.device)]
            loss = loss.mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            _average(averaged, model, min(recipe.average, step / (step + 10)))
            losses.append(loss.detach())
            if step % every == 0 or step == total:
                seconds = time.monotonic() - started
                report(step * recipe.batch, averaged, {"loss": float(torch.stack(losses).mean()), "seconds": seconds})
                losses, started = [], time.monotonic()
    return averaged


def schedule(step: int, total: int, warmup: float) -> float:
    """Linear warm-up, then linear decay to zero."""
    rise = max(1, int(total * warmup))
    return (step + 1) / rise if step < rise else max(0.0, (total - step) / max(1, total - rise))


def _disagreement(one: Tensor, two: Tensor) -> Tensor:
    """Symmetric divergence of two dropout passes (R-Drop, Liang et al. 2021)."""
    p, q = F.log_softmax(one, -1), F.log_softmax(two, -1)
    forth = F.kl_div(p, q, log_target=True, reduction="none").sum(-1)
    return 0.5 * (forth + F.kl_div(q, p, log_target=True, reduction="none").sum(-1))


@torch.no_grad()
def _average(averaged: Verifier, model: Verifier, keep: float) -> None:
    ours, theirs = list(averaged.parameters()), [p.detach() for p in model.parameters()]
    torch._foreach_mul_(ours, keep)
    torch._foreach_add_(ours, theirs, alpha=1 - keep)


@torch.no_grad()
def predict(
    model: Verifier, corpus: Corpus, rows: NDArray[np.int64], recipe: Recipe, size: int = 256
) -> NDArray[np.float32]:
    """Logits of some rows, in their order."""
    model.eval()
    order = rows[np.argsort(corpus.lengths[rows], kind="stable")]
    logits = np.zeros((len(corpus.lengths), 3), np.float32)
    with torch.autocast(corpus.device.type, torch.bfloat16, enabled=recipe.bf16):
        for at in range(0, len(order), size):
            part = order[at : at + size]
            vectors, marks, mask, _ = corpus.batch(part, recipe.marks)
            logits[part] = model(vectors, marks, mask).float().cpu().numpy()
    return logits[rows]
