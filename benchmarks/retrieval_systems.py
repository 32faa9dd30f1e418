"""Ways to rank the documents of a corpus, timed, and the measures of their rankings. For `retrieval`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from retrieval_beds import Bed, Ground, Query, Say

from factcheck.embed import Vectors
from factcheck.evals.intervals import Difference, Figure, Measure, figures, paired
from factcheck.evals.matching import ranked_documents, unique
from factcheck.evals.metrics import Array, ones, quantile
from factcheck.evals.outcomes import RANKS
from factcheck.evals.rows import Question
from factcheck.lexical import LexicalEntry, LexicalIndex
from factcheck.retrieve import Scorer, search

MEASURES = ("hit@1", "hit@5", "recall@10", "mrr@10", "ndcg@10")
BASELINES = ("bm25 plain", "bm25", "e5 plain", "e5 centred", "rrf")
OURS = "ours"
DEPTH = 10
"""Documents that a ranking needs for every measure."""
RRF_K = 60
"""As Cormack, Clarke & Büttcher 2009 have it."""
FIRST_READ = 100
"""Passages read of each ranking; more only where they are of too few documents."""
Ranking = Sequence[tuple[str, float]]
"""Passages with scores, best first."""
Search = Callable[[Query], tuple[str, ...]]
"""The documents for a query, best first."""
Rows = Mapping[str, Array]
"""For each measure its value in each row, `(n,)`."""


class Timed(NamedTuple):
    """What a system found for each query, and in how many seconds, embedding apart."""

    rankings: tuple[tuple[str, ...], ...]
    seconds: Array


def systems(
    bed: Bed, ground: Ground, queries: Vectors, rerank: int = 0, scorer: Scorer | None = None
) -> dict[str, Search]:
    """Every system by name, over one corpus.

    Between languages BM25 alone searches passages of every language; else, as in the product, those of the query's.

    Args:
        bed: the queries.
        ground: the corpus.
        queries: the queries' vectors without centring, in the order of the bed.
        rerank: passages of ours that the verifier orders anew; 0 leaves this system out.
        scorer: the verifier.
    """
    corpus, passages = ground.corpus, ground.passages
    plain_index = LexicalIndex(LexicalEntry(k, t, None) for k, t in zip(passages.ids, passages.texts, strict=True))
    vector = dict(zip((query.id for query in bed.queries), queries, strict=True))
    document = dict(zip(passages.ids, passages.documents, strict=True))

    def bm25(query: Query, k: int) -> Ranking:
        return corpus.lexical(query.text, k, None if bed.between_languages else query.language)

    def e5(query: Query, k: int) -> Ranking:
        return nearest(vector[query.id], ground, k)

    def centred(query: Query, k: int) -> Ranking:
        return corpus.dense(corpus.query_vectors([query.text], [query.language])[0], k)

    def rrf(query: Query, k: int) -> Ranking:
        return reciprocal_ranks([_without(find(query, k), query, document) for find in (bm25, e5)])[:k]

    found: dict[str, Search] = {
        "bm25 plain": by_document(lambda query, k: plain_index.search(query.text, k, None), document),
        "bm25": by_document(bm25, document),
        "e5 plain": by_document(e5, document),
        "e5 centred": by_document(centred, document),
        "rrf": by_document(rrf, document),
        OURS: lambda query: ours(query, ground),
    }
    if rerank and scorer:
        found[f"{OURS}, {rerank} reranked"] = lambda query: reranked(query, ground, rerank, scorer)
    return found


def ours(query: Query, ground: Ground) -> tuple[str, ...]:
    """What the product finds, as `factcheck eval` runs it."""
    found = ranked_documents(Question(id=query.id, text=query.text), ground.corpus)
    return tuple(key for key in found if key != query.own)


def reranked(query: Query, ground: Ground, count: int, scorer: Scorer) -> tuple[str, ...]:
    """The product's order, its first passages put in order by fused score and verifier together."""
    wanted = max(count + 1, 2 * DEPTH)
    while True:
        found = search(query.text, ground.corpus, wanted, rerank=count, scorer=scorer)
        kept = unique([one.document.id for one in found if one.document.id != query.own])
        if len(kept) >= DEPTH or len(found) < wanted:
            return kept
        wanted *= 2


def nearest(vector: Vectors, ground: Ground, k: int) -> Ranking:
    """The passages nearest to a plain vector, exactly."""
    cosines = ground.plain @ vector
    k = min(k, len(cosines))
    best = np.argpartition(-cosines, k - 1)[:k]
    order = best[np.argsort(-cosines[best], kind="stable")]
    return [(ground.passages.ids[i], float(cosines[i])) for i in order]


def reciprocal_ranks(rankings: Iterable[Ranking]) -> Ranking:
    """Rankings fused by the sum of 1 / (60 + rank) (Cormack, Clarke & Büttcher 2009)."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, (key, _) in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


def by_document(find: Callable[[Query, int], Ranking], document: Mapping[str, str]) -> Search:
    """The search for documents that a search for passages gives: each at its best passage, read as deep as needed."""

    def documents(query: Query) -> tuple[str, ...]:
        k = FIRST_READ
        while True:
            ranking = find(query, k)
            found = unique([document[key] for key, _ in _without(ranking, query, document)])
            if len(found) >= DEPTH or len(ranking) < k:
                return found
            k *= 4

    return documents


def _without(ranking: Ranking, query: Query, document: Mapping[str, str]) -> Ranking:
    return [hit for hit in ranking if document[hit[0]] != query.own] if query.own else ranking


def timed(bed: Bed, find: Search, name: str, say: Say) -> Timed:
    """A system's rankings; it answers the first query once before the clock runs, so that it is warm."""
    find(bed.queries[0])
    rankings, seconds = [], []
    for query in bed.queries:
        began = time.perf_counter()
        rankings.append(find(query))
        seconds.append(time.perf_counter() - began)
    say(f"  {bed.name}: {name}, {len(rankings)} queries in {sum(seconds):.1f} s")
    return Timed(tuple(rankings), np.array(seconds))


# measures


def measured(bed: Bed, rankings: Sequence[Sequence[str]]) -> Rows:
    """The measures of each row."""
    values: dict[str, Array] = {}
    for name in MEASURES:
        kind, _, k = name.partition("@")
        rank = RANKS[kind]
        values[name] = np.array(
            [rank(found, query.gold, int(k)) for found, query in zip(rankings, bed.queries, strict=True)]
        )
    return values


def mean(values: Array) -> Measure:
    """The mean of values in [0, 1], one a row."""
    return Measure(lambda weights: weights @ values / weights.sum(axis=-1), len(values), len(values))


def summed(rows: Rows) -> dict[str, Figure]:
    """The mean of each measure with its interval."""
    return figures({name: mean(values) for name, values in rows.items()}, len(next(iter(rows.values()))))


def difference(a: Array, b: Array) -> Difference | None:
    """The second system's mean less the first's, paired."""
    return paired(mean(a).of, mean(b).of, mean(np.concatenate([a, b])).of, len(a))


def percentile_ms(seconds: Array, q: float) -> float:
    """Milliseconds that a share `q` of the queries does not exceed."""
    return round(1000 * float(quantile(seconds, q, ones(len(seconds)))), 2)
