"""From a claim to the passages that may decide it: dense and lexical search, fused, dated, spread out, de-duplicated.

    queries -> dense + BM25 -> reciprocal rank fusion -> time rule -> MMR -> origins

The time rule is applied after searching, and more is searched for until enough evidence in time is found or the
corpus is at its end: a filter inside Chroma costs 237 ms at 100,000 passages and would thin the results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from factcheck.embed import Vectors
from factcheck.index import Corpus
from factcheck.origins import origins
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.types import Candidate, Claim, Document, Passage, Timing, Value

DENSE_WEIGHT, LEXICAL_WEIGHT = 1.0, 0.5
EXTRA_QUERY_WEIGHT = 0.5
"""What a query other than the claim itself counts, beside the claim's 1."""
RANK_CONSTANT = 10
"""The constant of reciprocal rank fusion (Cormack, Clarke & Buettcher 2009, who take 60; 10 trusts the first ranks
more, and with BM25 at half weight was best or level on three dev sets)."""
DEPTH_FACTOR, MIN_DEPTH = 3, 100
"""How deep each ranking is read at first: this many times the passages wanted, and at least so many."""
SHOWN_APART = 3
"""Later or undated passages that are shown beside the evidence, without counting."""


class Retrieval(Value):
    """What was found for a claim.

    `candidates` are in time, best first, then up to three later or undated ones; `ranked` are the ids of all
    passages in time that were fused, best first; `queries` are the texts that were searched with.
    """

    candidates: tuple[Candidate, ...]
    queries: tuple[str, ...]
    ranked: tuple[str, ...]


Ranking = Sequence[tuple[str, float]]
"""Passage ids with scores, best first."""


class _Query(NamedTuple):
    text: str
    language: str | None
    weight: float


class _Found(NamedTuple):
    """A passage that some query found, with its fused score."""

    passage: Passage
    document: Document
    score: float


def retrieve(claim: Claim, corpus: Corpus, settings: Settings, extra_queries: Sequence[str] = ()) -> Retrieval:
    """The passages to judge a claim by.

    Args:
        claim: its `as_of` decides what is in time.
        corpus: where to look.
        settings: `retrieve` passages are fused, `evidence` of them kept by MMR with `mmr_lambda`;
            `lift_time_rule` lets later and undated passages count, marked as such.
        extra_queries: more texts to search with (a translation, a question), each counting half.

    Returns:
        At most `settings.evidence` candidates that count, and three that do not. Fewer only if the corpus has
        fewer that may count.
    """
    queries = _queries(claim, extra_queries)

    def timing(document: Document) -> Timing:
        stands = _timing(document, claim.as_of)
        return "rule_lifted" if settings.lift_time_rule and stands != "in_time" else stands

    found = _search(queries, corpus, lambda document: _counts(timing(document)), settings.retrieve)
    counting = [one for one in found if _counts(timing(one.document))][: settings.retrieve]
    apart = [one for one in found[: settings.retrieve] if not _counts(timing(one.document))][:SHOWN_APART]
    vectors = corpus.passage_vectors([one.passage.id for one in counting + apart])
    chosen = _spread(counting, vectors, settings.evidence, settings.mmr_lambda) + apart
    return Retrieval(
        candidates=_candidates(chosen, vectors, _vector(queries[0], corpus), timing),
        queries=tuple(query.text for query in queries),
        ranked=tuple(one.passage.id for one in counting),
    )


def embed_queries(claims: Sequence[Claim], corpus: Corpus) -> None:
    """Embeds the queries of many claims at once, so that `retrieve` finds their vectors made."""
    queries = [query for claim in claims for query in _queries(claim, ())]
    if queries:
        corpus.query_vectors([query.text for query in queries], [query.language for query in queries])


def search(text: str, corpus: Corpus, k: int = 10, as_of: date | None = None) -> tuple[Candidate, ...]:
    """The `k` passages that a text finds, best first; later and undated ones are among them and marked.

    Args:
        text: a claim, a question or words.
        corpus: where to look.
        k: how many at most.
        as_of: the day to measure time by; without it every dated passage is in time.
    """
    day = as_of or date.max
    query = _Query(text, detect_language(text), 1.0)
    found = _search([query], corpus, lambda document: True, k)[:k]
    vectors = corpus.passage_vectors([one.passage.id for one in found])
    return _candidates(found, vectors, _vector(query, corpus), lambda document: _timing(document, day))


def _vector(query: _Query, corpus: Corpus) -> Vectors:
    vector: Vectors = corpus.query_vectors([query.text], [query.language])[0]
    return vector


def _queries(claim: Claim, extra: Sequence[str]) -> tuple[_Query, ...]:
    """The claim, the claim with its speaker and what the extractor filled in, and the caller's own queries."""
    language = claim.language or detect_language(claim.text)
    found = {claim.text.strip(): _Query(claim.text.strip(), language, 1.0)}
    around = [part for part in (claim.speaker, claim.context) if part and part.casefold() not in claim.text.casefold()]
    if around:
        wider = ". ".join([claim.text.strip().rstrip("."), *around])
        found.setdefault(wider, _Query(wider, language, EXTRA_QUERY_WEIGHT))
    for text in filter(None, map(str.strip, extra)):
        found.setdefault(text, _Query(text, detect_language(text) or language, EXTRA_QUERY_WEIGHT))
    return tuple(found.values())


def _search(queries: Sequence[_Query], corpus: Corpus, counts: Callable[[Document], bool], wanted: int) -> list[_Found]:
    """Everything found, best first, searched deeper until `wanted` passages count or nothing is left."""
    vectors = corpus.query_vectors([query.text for query in queries], [query.language for query in queries])
    documents: dict[str, Document | None] = {}
    depth = max(DEPTH_FACTOR * wanted, MIN_DEPTH)
    while True:
        dense = [corpus.dense(vector, depth) for vector in vectors]
        lexical = [corpus.lexical(query.text, depth, query.language) for query in queries]
        passages = corpus.passages({key for ranking in (*dense, *lexical) for key, _ in ranking})
        for passage in passages:
            if passage.document_id not in documents:
                documents[passage.document_id] = corpus.document(passage.document_id)
        known = {p.id: (p, d) for p in passages if (d := documents[p.document_id]) is not None}
        scores = _fused(queries, dense, lexical, {key: d.language for key, (_, d) in known.items()})
        found = [_Found(*known[key], score) for key, score in sorted(scores.items(), key=lambda s: (-s[1], s[0]))]
        if sum(counts(one.document) for one in found) >= wanted or all(len(hits) < depth for hits in dense):
            return found
        depth *= 4


def _fused(
    queries: Sequence[_Query],
    dense: Sequence[Ranking],
    lexical: Sequence[Ranking],
    languages: Mapping[str, str | None],
) -> dict[str, float]:
    """Reciprocal rank fusion of all rankings, a score in (0, 1] for each passage.

    A passage in another language than the query cannot be in the lexical ranking. It is measured by the dense one
    alone, so that it stands as high as it would if BM25 had agreed. Plain fusion ranks it below whatever merely
    shares the claim's language: of 120 notes searched for in their translation, 3 came first, and 112 this way.
    """
    scores: dict[str, float] = defaultdict(float)
    for query, near, worded in zip(queries, dense, lexical, strict=True):
        near_rank = {key: rank for rank, (key, _) in enumerate(near)}
        worded_rank = {key: rank for rank, (key, _) in enumerate(worded)}
        for key in near_rank.keys() | worded_rank.keys():
            if key not in languages:
                continue
            score = DENSE_WEIGHT * _reciprocal(near_rank.get(key))
            weight = DENSE_WEIGHT
            if query.language is None or languages[key] in (None, query.language):
                score += LEXICAL_WEIGHT * _reciprocal(worded_rank.get(key))
                weight += LEXICAL_WEIGHT
            scores[key] += query.weight * score / weight
    total = sum(query.weight for query in queries)
    return {key: score / total for key, score in scores.items()}


def _reciprocal(rank: int | None) -> float:
    return 0.0 if rank is None else (RANK_CONSTANT + 1) / (RANK_CONSTANT + 1 + rank)


def _timing(document: Document, as_of: date) -> Timing:
    public_from = document.public_from
    if public_from is None:
        return "undated"
    return "in_time" if public_from <= as_of else "later"


def _counts(timing: Timing) -> bool:
    return timing in ("in_time", "rule_lifted")


def _spread(found: Sequence[_Found], vectors: Mapping[str, Vectors], k: int, weight: float) -> list[_Found]:
    """Maximal marginal relevance (Carbonell & Goldstein 1998): `k` passages, relevant and unlike each other.

    Relevance is the fused score, stretched over what was found to [0, 1]; likeness is the cosine. Best first.
    """
    if len(found) <= k:
        return list(found)
    scores = np.array([one.score for one in found])
    relevance = (scores - scores.min()) / max(float(np.ptp(scores)), 1e-9)
    nothing = np.zeros(len(next(iter(vectors.values()))), np.float32)
    stacked = np.stack([vectors.get(one.passage.id, nothing) for one in found])
    likeness = np.clip(stacked @ stacked.T, 0.0, 1.0)
    chosen = [0]
    while len(chosen) < k:
        marginal = weight * relevance - (1 - weight) * likeness[:, chosen].max(axis=1)
        marginal[chosen] = -np.inf
        chosen.append(int(marginal.argmax()))
    return [found[i] for i in sorted(chosen)]


def _candidates(
    found: Sequence[_Found],
    vectors: Mapping[str, Vectors],
    claim_vector: Vectors,
    timing: Callable[[Document], Timing],
) -> tuple[Candidate, ...]:
    origin = origins([(one.passage, one.document) for one in found], vectors)
    return tuple(
        Candidate(
            passage=one.passage,
            document=one.document,
            score=round(one.score, 6),
            similarity=_cosine(vectors.get(one.passage.id), claim_vector),
            timing=timing(one.document),
            origin=origin[i],
        )
        for i, one in enumerate(found)
    )


def _cosine(a: Vectors | None, b: Vectors) -> float | None:
    return None if a is None else round(float(np.clip(np.dot(a, b), -1.0, 1.0)), 4)
