"""What a stance is worth in a passage that retrieval brought: the stance's probabilities and how well it was found.

Of ten passages that are found for a claim one or two speak of it; the others are about something near, and a small
model finds a refutation in them now and then. How near a passage is to the best one, and to the claim, tells them
apart. A multinomial logistic regression over the stance's own odds and these figures (stacking, Wolpert 1992) gives
the probabilities that count where passages were retrieved; evidence that comes with a claim keeps its own.
`training/fit_found.py` makes the weights, which lie beside the others in `stance.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.types import Candidate

COLUMNS = ("support", "refute", "share", "similarity", "rank")
"""The columns that the weights are for, in order. `columns` says what each is."""

_CLIP = 1e-4


class Found(NamedTuple):
    """How a passage was found: its fused score as a share of the best passage's, its cosine with the claim, and how
    many passages were found before it."""

    share: float
    similarity: float
    rank: int


class FoundHead(NamedTuple):
    """Weights of shape (3, columns) and biases of shape (3,), for supports, refutes and neutral."""

    weights: NDArray[np.float64]
    biases: NDArray[np.float64]

    def probabilities(self, alone: NDArray[np.float64], found: Sequence[Found]) -> NDArray[np.float64]:
        """Rows of (supports, refutes, neutral) that sum to 1, in the light of how each passage was found.

        Args:
            alone: the probabilities of each passage by itself, shape (n, 3).
            found: how each was found, as many.
        """
        logits = columns(alone, found) @ self.weights.T + self.biases
        powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def how_found(candidates: Sequence[Candidate]) -> tuple[Found, ...] | None:
    """How each candidate was found; None where retrieval did not bring them all, as with evidence that was given."""
    if not candidates or any(one.similarity is None or one.score <= 0 for one in candidates):
        return None
    scores = np.array([one.score for one in candidates])
    before = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
    return tuple(
        Found(float(score / scores.max()), one.similarity or 0.0, int(rank))
        for one, score, rank in zip(candidates, scores, before, strict=True)
    )


def columns(alone: NDArray[np.float64], found: Sequence[Found]) -> NDArray[np.float64]:
    """The values of `COLUMNS` for each passage, shape (n, columns).

    `support` and `refute` are log odds against silence, of probabilities of at least 1 in 10,000; `rank` is
    logarithmic, log(1 + passages before it).
    """
    logs = np.log(np.clip(alone, _CLIP, 1.0)).reshape(-1, 3)
    places = np.array(found, np.float64).reshape(-1, 3)
    return np.column_stack([logs[:, 0] - logs[:, 2], logs[:, 1] - logs[:, 2], places[:, :2], np.log1p(places[:, 2])])
