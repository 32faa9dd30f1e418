"""The weight of the lexical score, fitted on the language's sets over other corpora. For `retrieval`.

For each query the passages of both rankings' first hundred are scored once; every weight only orders them anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from retrieval_beds import Bed, Ground, Query
from retrieval_record import WeightRecord
from retrieval_systems import MEASURES, Rows, measured, summed

from factcheck.evals.matching import unique
from factcheck.fusion import Scores, fused, lexical_weight

GRID = tuple(i / 20 for i in range(21))
CRITERION = ("mrr@10", "recall@10")
POOL = 100
"""Passages taken of each ranking."""


class Pool(NamedTuple):
    """The passages that a query found by either search, in the order of their ids: what fusion needs of each."""

    documents: tuple[str, ...]
    cosines: Scores
    lexical: Scores
    comparable: NDArray[np.bool_]


class Pooled(NamedTuple):
    """A set, and the pool of each of its queries."""

    bed: Bed
    pools: tuple[Pool, ...]


def pooled(bed: Bed, ground: Ground) -> Pooled:
    """The pools of a bed's queries, by the product's own two searches."""
    passages = ground.passages
    known = {key: about for key, *about in zip(passages.ids, passages.documents, passages.languages, strict=True)}
    return Pooled(bed, tuple(_pool(query, ground, known) for query in bed.queries))


def _pool(query: Query, ground: Ground, known: Mapping[str, Sequence[str | None]]) -> Pool:
    corpus = ground.corpus
    vector = corpus.query_vectors([query.text], [query.language])[0]
    near, worded = corpus.dense(vector, POOL), corpus.lexical(query.text, POOL, query.language)
    ids = sorted({key for key, _ in (*near, *worded)})
    vectors = corpus.passage_vectors(ids)
    lexical = corpus.lexical_scores(query.text, ids, query.language)
    return Pool(
        documents=tuple(str(known[key][0]) for key in ids),
        cosines=np.array([vectors[key] @ vector for key in ids], np.float32),
        lexical=np.array([lexical.get(key, 0.0) for key in ids], np.float32),
        comparable=np.array([query.language is None or known[key][1] in (None, query.language) for key in ids], bool),
    )


def language_of(one: Pooled) -> str | None:
    """The language of most queries of a set."""
    return Counter(query.language for query in one.bed.queries).most_common(1)[0][0]


def ranked_at(pool: Pool, weight: float, own: str | None) -> tuple[str, ...]:
    """The documents of a pool, best first, with the lexical score at a weight."""
    scores = fused(pool.cosines, pool.lexical, pool.comparable, weight)
    order = np.argsort(-scores, kind="stable")
    return tuple(key for key in unique([pool.documents[i] for i in order]) if key != own)


def rows_at(one: Pooled, weight: float | None) -> Rows:
    """The measures of each row at a weight; None takes the product's own, by each query's language."""
    rankings = [
        ranked_at(pool, lexical_weight(query.language) if weight is None else weight, query.own)
        for pool, query in zip(one.pools, one.bed.queries, strict=True)
    ]
    return measured(one.bed, rankings)


def fitted(sets: Sequence[Pooled]) -> tuple[WeightRecord, ...]:
    """For each set the weight that is best on the others of its language, and its figures there.

    Sets over one corpus are left out together. Sets between languages are measured, and no weight is fitted on them.
    Where no other set of the language remains, the weight is fitted on all others.
    """
    tables = [{weight: rows_at(one, weight) for weight in GRID} for one in sets]
    criteria = np.array([[_criterion(table[weight]) for weight in GRID] for table in tables])
    found = []
    for i, (one, table) in enumerate(zip(sets, tables, strict=True)):
        others = [j for j, s in enumerate(sets) if s.bed.file != one.bed.file and not s.bed.between_languages]
        others = [j for j in others if language_of(sets[j]) == language_of(one)] or others
        if others:
            weight = _best(criteria[others].mean(axis=0))
            found.append(
                WeightRecord(
                    name=one.bed.name,
                    n=len(one.pools),
                    weight=weight,
                    fitted_on=tuple(sets[j].bed.name for j in others),
                    out_of_fold=summed(table[weight]),
                    shipped=lexical_weight(language_of(one)),
                    at_shipped=summed(rows_at(one, None)),
                    own_best=_best(criteria[i]),
                    curve={
                        name: tuple(round(float(table[weight][name].mean()), 4) for weight in GRID) for name in MEASURES
                    },
                )
            )
    return tuple(found)


def _criterion(rows: Rows) -> float:
    return float(np.mean([rows[name].mean() for name in CRITERION]))


def _best(criterion: NDArray[np.float64]) -> float:
    """The weight with the highest criterion, the smallest of equal ones."""
    return GRID[int(criterion.argmax())]
