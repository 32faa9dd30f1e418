"""From what each source says to what they say together: probabilities of the four labels, by code.

Each origin is one witness who supports, refutes or says nothing of the claim, with its own probabilities and
independently of the others. Then the four labels have closed forms:

    not enough evidence = nobody speaks           prod n
    supported           = some support, none refutes    prod (1 - r) - prod n
    refuted             = some refute, none supports    prod (1 - s) - prod n
    conflicting         = the rest

The more passages are looked at, the likelier it is that one of them seems to speak and does not. So each witness's
odds of saying nothing are multiplied by the number of passages to the power `crowd`. And witnesses who agree do not
make each other doubtful: a witness's odds of one side against the other are raised to the number of witnesses to the
power `contrast`. One witness with one passage is taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.types import LABELS, Label, Stance


class Weighing(NamedTuple):
    """How witnesses are weighed together; `training/fit_stance.py` fits the values, but for `contrast`, set by hand.

    `crowd` and `contrast` are the exponents of the module's docstring. `temperature` divides the logarithms of the
    four probabilities (Guo et al. 2017); `conflict` multiplies the odds of `conflicting`, since dependence between
    sources makes it rarer than independence says. `trust` is the probability of a stance that a judge gives
    without one of its own, as a language model does.
    """

    crowd: float = 0.0
    contrast: float = 0.0
    temperature: float = 1.0
    conflict: float = 1.0
    trust: float = 0.75


CROWDED = 5
"""Passages beyond which more make no difference: the fit has seen about so many."""

CONFLICT_WEIGHT = 1.6
"""Chosen on composed conflicts of VitaminC: F1 of `conflicting` .52 without, .66 with it (benchmarks/RESULTS.md)."""

PLAIN = Weighing(crowd=0.5)
"""For a judge that nothing was fitted for."""


def witness(stance: Stance, probability: float) -> tuple[float, float, float]:
    """A stance of known probability as (supports, refutes, neutral): what is left is silence."""
    rest = 1.0 - probability
    if stance == "neutral":
        return 0.0, 0.0, 1.0
    return (probability, 0.0, rest) if stance == "supports" else (0.0, probability, rest)


def label_probabilities(
    witnesses: Sequence[tuple[float, float, float]], weighing: Weighing, passages: int = 0
) -> dict[Label, float]:
    """Probabilities of the labels, summing to 1.

    Args:
        witnesses: for each origin that counts its (supports, refutes, neutral).
        weighing: the fitted values.
        passages: how many passages they were heard in, if more than one each.
    """
    row = weighed(np.array(witnesses, np.float64).reshape(-1, 3), weighing, passages)
    return {label: float(value) for label, value in zip(LABELS, row, strict=True)}


def weighed(witnesses: NDArray[np.float64], weighing: Weighing, passages: int = 0) -> NDArray[np.float64]:
    """The same for an array of shape (n, 3); returns shape (4,) in the order of `LABELS`."""
    if not len(witnesses):
        return np.array([0.0, 0.0, 1.0, 0.0])
    shrunk = in_company(witnesses, weighing, passages)
    silent = float(np.prod(shrunk[:, 2]))
    unopposed = float(np.prod(1 - shrunk[:, 1]))
    unsupported = float(np.prod(1 - shrunk[:, 0]))
    plain = np.array([unopposed - silent, unsupported - silent, silent, 1 - unopposed - unsupported + silent])
    plain = np.clip(plain, 1e-9, None) * np.array([1.0, 1.0, 1.0, weighing.conflict])
    sharpened = plain ** (1 / weighing.temperature)
    return np.asarray(sharpened / sharpened.sum(), np.float64)


def in_company(witnesses: NDArray[np.float64], weighing: Weighing, passages: int = 0) -> NDArray[np.float64]:
    """Each witness's probabilities, shape (n, 3), in the light of how many witnesses there are."""
    speaking = witnesses[:, :2].sum(axis=1, keepdims=True)
    sides = np.clip(witnesses[:, :2], 1e-9, None) ** len(witnesses) ** weighing.contrast
    sides = speaking * sides / sides.sum(axis=1, keepdims=True)
    heard = min(max(passages, len(witnesses)), CROWDED)
    shrunk = np.hstack([sides, witnesses[:, 2:] * heard**weighing.crowd])
    return np.asarray(shrunk / shrunk.sum(axis=1, keepdims=True), np.float64)


def best_label(
    probabilities: Mapping[Label, float], *, supports: bool, refutes: bool, disputed: bool | None = None
) -> Label:
    """The likeliest label that the sources at hand can carry: a label needs a quote of each side it names.

    `disputed` False says that one of the sides is too faint for a dispute. Where it is one, it is worth telling
    before it is the likeliest of four: its probability counts `CONFLICT_WEIGHT`-fold here.
    Where another label is no likelier than `not_enough_evidence`, it is that.
    """
    worth = {label: probabilities[label] * (CONFLICT_WEIGHT if label == "conflicting" else 1) for label in LABELS}
    needed: dict[Label, bool] = {
        "supported": supports,
        "refuted": refutes,
        "conflicting": supports and refutes and disputed is not False,
        "not_enough_evidence": True,
    }
    likelier = sorted((label for label in LABELS if needed[label]), key=lambda label: label != "not_enough_evidence")
    return max(likelier, key=lambda label: round(worth[label], 6))
