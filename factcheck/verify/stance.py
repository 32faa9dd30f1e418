"""What one source says of a claim, as three probabilities: from the model's scores and from what code found.

The entailment model reads words; code reads numbers, names and negations. A multinomial logistic regression weighs
both (Platt 1999 for two classes). Its weights ship beside the model they were fitted for, in `stance.json`, with the
rows that they were fitted on named in the model card; `training/fit_stance.py` makes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import ModelError
from factcheck.text import NEGATIONS
from factcheck.verify.found import COLUMNS, FoundHead
from factcheck.verify.weigh import Weighing

FEATURES = (
    "support", "refute", "whole_support", "whole_refute", "agree", "disagree", "unmatched", "counterfactual",
    "subject_missing", "names_missing", "words_shared", "all_words_shared", "negation_differs", "units", "refute_apart",
    "support_disagree", "support_unmatched",
)  # fmt: skip
"""The columns that the weights are for, in order. `features` says what each is."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NEGATIONS = frozenset().union(*NEGATIONS.values())
_CLIP = 1e-4


class Reading(NamedTuple):
    """What was read in one source.

    `support` and `refute` are the model's highest probabilities over the source's sentences, pairs of neighbours and
    the whole; `whole` is its row for the whole passage. `counterfactual` is the probability that the source entails
    the claim with the source's own number put in, None where no number differs.
    """

    support: float
    refute: float
    whole: tuple[float, float, float]
    numbers: str
    counterfactual: float | None
    subject_missing: bool
    names_missing: float
    words_shared: float
    negation_differs: bool
    units: int


def negated(text: str) -> bool:
    """Whether a text holds a word of negation, Indonesian or English."""
    return any(word in _NEGATIONS for word in _WORD.findall(text.casefold().replace("\u2019", "'")))


def features(reading: Reading) -> NDArray[np.float64]:
    """The reading as numbers, one for each of `FEATURES`.

    Probabilities enter as log odds, clipped to 1 in 10,000; outcomes of the number check as 0 or 1; `units` as the
    logarithm of the number of pairs that were scored.
    """
    support, refute = _odds(reading.support), _odds(reading.refute)
    disagree, unmatched = reading.numbers == "disagree", reading.numbers == "unmatched"
    entailed = 0.0 if reading.counterfactual is None else _odds(reading.counterfactual)
    return np.array(
        [
            support,
            refute,
            _odds(reading.whole[0]),
            _odds(reading.whole[1]),
            reading.numbers == "agree",
            disagree,
            unmatched,
            entailed,
            reading.subject_missing,
            reading.names_missing,
            reading.words_shared,
            reading.words_shared >= 1,
            reading.negation_differs,
            np.log(max(1, reading.units)),
            refute * (1 - reading.words_shared),
            support * disagree,
            support * unmatched,
        ],
        np.float64,
    )


def _odds(probability: float) -> float:
    clipped = min(max(probability, _CLIP), 1 - _CLIP)
    return float(np.log(clipped / (1 - clipped)))


class StanceHead(NamedTuple):
    """Weights of shape (3, features) and biases of shape (3,), for supports, refutes and neutral; and how the
    sources that they speak for are weighed together."""

    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    weighing: Weighing = Weighing()
    found: FoundHead | None = None
    """For passages that retrieval brought; None leaves them as they are."""
    found_otherwise: FoundHead | None = None
    """The same for those that another encoder than the packaged one brought, whose cosines mean something else."""

    def probabilities(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """Rows of (supports, refutes, neutral) that sum to 1, shape (len(readings), 3)."""
        if not readings:
            return np.zeros((0, 3))
        logits = np.stack([features(reading) for reading in readings]) @ self.weights.T + self.biases
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def read_head(path: Path, revision: str) -> StanceHead:
    """The weights for the model of that revision.

    Raises:
        ModelError: the file is missing or damaged, or was fitted for another model or other features.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fitted, names = str(stored["revision"]), tuple(stored["features"])
        head = StanceHead(
            np.array(stored["weights"], np.float64),
            np.array(stored["biases"], np.float64),
            Weighing(**stored["weighing"]),
            _found_head(stored.get("found")),
            _found_head(stored.get("found_otherwise")),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The verifier's {path.name} cannot be read ({error}). Reinstall factcheck.") from error
    for one in (head.found, head.found_otherwise):
        if one and (one.weights.shape != (3, len(COLUMNS)) or one.biases.shape != (3,)):
            raise ModelError(f"{path} was made for other columns of what was found. Fit it anew (training/README.md).")
    if names != FEATURES or head.weights.shape != (3, len(FEATURES)) or head.biases.shape != (3,):
        raise ModelError(f"{path} was made for other features. Fit it anew (training/README.md).")
    if fitted != revision:
        raise ModelError(
            f"{path} was fitted for the verifier {fitted}, and this one is {revision}."
            " Fit it anew (training/README.md)."
        )
    return head


def _found_head(stored: Mapping[str, Any] | None) -> FoundHead | None:
    if stored is None:
        return None
    if tuple(stored["columns"]) != COLUMNS:
        raise ValueError("it has other columns")
    return FoundHead(np.array(stored["weights"], np.float64), np.array(stored["biases"], np.float64))


def write_head(
    path: Path,
    head: StanceHead,
    revision: str,
    record: Mapping[str, object],
    found_record: Mapping[str, object] | None = None,
) -> None:
    """Write the weights with what they, and those for what was found, were fitted on."""
    stored: dict[str, object] = {
        "revision": revision,
        "features": list(FEATURES),
        "weights": _rounded(head.weights),
        "biases": _rounded(head.biases),
        "weighing": {name: round(value, 4) for name, value in head.weighing._asdict().items()},
        **record,
    }
    for name, one in (("found", head.found), ("found_otherwise", head.found_otherwise)):
        if one is not None:
            values = {"weights": _rounded(one.weights), "biases": _rounded(one.biases)}
            stored[name] = {"columns": list(COLUMNS), **values, **(found_record or {})}
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _rounded(values: NDArray[np.float64]) -> list[Any]:
    rounded: list[Any] = values.round(4).tolist()
    return rounded
