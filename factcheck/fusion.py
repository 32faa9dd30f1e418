"""Dense and lexical scores of passages made one, between languages too.

    score = (cosine + weight * lexical) / (1 + weight)

Both parts lie in [0, 1]; `lexical` is BM25 as a share of the query's best hit. A weighted sum of scores keeps what
ranks throw away, how much better one passage is than the next (Bruch, Gai & Ingber 2023, arXiv:2210.11934); on every
development set it is above the reciprocal rank fusion that stood here before (benchmarks/RESULTS.md). The weight goes
by the query's language: in English the encoder needs little help, in Indonesian BM25 alone is nearly as good as it is.

BM25 cannot see a passage in another language than the query's. Without a lexical part such a passage would stand below
whatever merely shares the query's language: of 137 notes searched for in their translation, 50 and 36 % came first,
96 and 92 % as it is done here. It gets the lexical part that its own cosine, as a share of the best cosine,
suggests, so that between languages the order is that of the dense scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEXICAL_WEIGHTS = {"en": 0.1, "id": 0.3}
"""What the lexical part counts beside the dense one's 1, by the query's language (benchmarks/retrieval.py)."""
OTHER_LEXICAL_WEIGHT = 0.15
"""The same for a language that nothing was measured in."""

Scores = NDArray[np.float32]


def lexical_weight(language: str | None) -> float:
    """The weight of the lexical part for a query in a language."""
    return LEXICAL_WEIGHTS.get(language or "", OTHER_LEXICAL_WEIGHT)


def fused(cosines: Scores, lexical: Scores, comparable: NDArray[np.bool_], weight: float) -> Scores:
    """One score in [0, 1] for each passage that a query found.

    Args:
        cosines: similarity of each passage's vector to the query's, shape `(n,)`.
        lexical: BM25 of each passage, 0 where it shares no word with the query, shape `(n,)`.
        comparable: whether the passage may be in the query's language, so that BM25 can see it, shape `(n,)`.
        weight: what the lexical part counts beside the dense one's 1.
    """
    if not len(cosines):
        return np.zeros(0, np.float32)
    near = np.clip(cosines, 0.0, 1.0)
    worded = lexical / max(float(lexical.max()), 1e-9)
    suggested = near / max(float(near.max()), 1e-9)
    return np.asarray((near + weight * np.where(comparable, worded, suggested)) / (1.0 + weight), np.float32)


def combined(scores: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """The weighted mean of the scores that several queries gave the same passages."""
    return np.asarray(np.average(np.stack(scores), axis=0, weights=weights), np.float32)
