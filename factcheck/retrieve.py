"""From a claim to the passages that may decide it: dense and lexical search, fused, dated, spread out, de-duplicated.

    queries -> dense + BM25 -> scores fused -> source tiers -> time rule -> MMR -> origins

The time rule is applied after searching, and more is searched for until enough evidence in time is found or the
corpus is at its end: a filter inside Chroma costs 237 ms at 100,000 passages and would thin the results.

A source's tier decides only what the scores leave nearly even: it moves a score by a step that is small beside what a
better passage gains, and among copies of one text, which say the same, the highest tier is shown first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.corpus import Stamp
from factcheck.embed import Vectors
from factcheck.entail import load_verifier
from factcheck.fusion import LEXICAL_WEIGHTS, combined, fused, lexical_weight
from factcheck.index import Corpus
from factcheck.origins import origins
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.tiers import TIER_STEPS, higher_first, load_tiers
from factcheck.types import Candidate, Claim, Document, Tier, Timing, Value

EXTRA_QUERY_WEIGHT = 0.5
"""What a query other than the claim itself counts, beside the claim's 1."""
RERANK_WEIGHT = 0.1
"""What being decided by a passage counts beside its fused score, where the verifier puts passages in order anew."""
NEARLY_ALL = 0.9
"""The share of passages from which their language is taken for that of a text which is too short to tell."""
DEPTH_FACTOR, MIN_DEPTH = 3, 50
"""How deep each ranking is read at first: this many times the passages wanted, and at least so many."""
RELEVANCE_FLOOR = 0.6
"""The share of the best passage's score below which a passage is too weak a match to be evidence. A judge that is shown
something else at any rate finds a refutation in it now and then; of the right passages 0 to 3 % lie below."""
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
Scorer = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
"""The verifier: (claim, evidence) pairs to `(n, 3)`, of which the last column is `not_enough_evidence`."""


class _Query(NamedTuple):
    text: str
    language: str | None
    weight: float


class _Look(NamedTuple):
    """The vectors of a claim's queries, and the passages nearest to each, so many as `depth`."""

    vectors: Vectors
    near: Sequence[Ranking]
    depth: int


class _Found(NamedTuple):
    """A passage that some query found, with its fused score; its text is read only if it is chosen."""

    stamp: Stamp
    score: float

    @property
    def id(self) -> str:
        return self.stamp.passage_id


def retrieve(
    claim: Claim,
    corpus: Corpus,
    settings: Settings,
    extra_queries: Sequence[str] = (),
    *,
    scorer: Scorer | None = None,
) -> Retrieval:
    """The passages to judge a claim by.

    Args:
        claim: its `as_of` decides what is in time.
        corpus: where to look.
        settings: `retrieve` passages are fused, the best `rerank` of them put in order anew, `evidence` of them kept by
            MMR with `mmr_lambda`; `lift_time_rule` lets later and undated passages count, marked as such.
        extra_queries: more texts to search with (a translation, a question), each counting half.
        scorer: what puts passages in order anew; unset, the verifier that ships.

    Returns:
        At most `settings.evidence` candidates that count, and three that do not. Fewer only if the corpus has
        fewer that may count and are not far less relevant than the best one.
    """
    return retrieve_many([(claim, extra_queries)], corpus, settings, scorer=scorer)[0]


def retrieve_many(
    asked: Sequence[tuple[Claim, Sequence[str]]], corpus: Corpus, settings: Settings, *, scorer: Scorer | None = None
) -> list[Retrieval]:
    """What `retrieve` finds for each of many claims with its extra queries.

    Their queries are embedded in one call, and Chroma is asked once for all of them; only a claim that needs more than
    the first look gives is searched for again by itself.
    """
    queries = [_queries(claim, extra, corpus) for claim, extra in asked]
    looks = _first_looks(queries, corpus, max(DEPTH_FACTOR * settings.retrieve, MIN_DEPTH))
    return [
        _retrieved(claim, own, look, corpus, settings, scorer)
        for (claim, _), own, look in zip(asked, queries, looks, strict=True)
    ]


def _retrieved(
    claim: Claim, queries: Sequence[_Query], look: _Look, corpus: Corpus, settings: Settings, scorer: Scorer | None
) -> Retrieval:
    def timing(source: Document | Stamp) -> Timing:
        stands = _timing(source, claim.as_of)
        return "rule_lifted" if settings.lift_time_rule and stands != "in_time" else stands

    def tier(source: Document | Stamp) -> Tier:
        return tiers.of(source, claim.text)

    tiers = load_tiers(settings)
    found = _by_tier(_search(queries, corpus, lambda stamp: _counts(timing(stamp)), settings.retrieve, look), tier)
    counting = [one for one in found if _counts(timing(one.stamp))][: settings.retrieve]
    if settings.rerank:
        counting = reranked(claim.text, counting, corpus, settings.rerank, scorer or load_verifier(settings).scores)
    counting = _best_of_copies(counting, corpus, tier)
    apart = [one for one in found[: settings.retrieve] if not _counts(timing(one.stamp))][:SHOWN_APART]
    near = [one for one in counting if one.score >= RELEVANCE_FLOOR * counting[0].score]
    vectors = corpus.passage_vectors([one.id for one in near + apart])
    chosen = _spread(near, vectors, settings.evidence, settings.mmr_lambda) + apart
    return Retrieval(
        candidates=_candidates(chosen, corpus, vectors, look.vectors[0], timing, tier),
        queries=tuple(query.text for query in queries),
        ranked=tuple(one.id for one in counting),
    )


def embed_queries(claims: Sequence[Claim], corpus: Corpus) -> dict[tuple[str, str | None], Vectors]:
    """Embeds the queries of many claims at once, so that `retrieve` finds their vectors made.

    Returns:
        The vectors by text and language: what another process needs to find the same to the last digit, since a vector
        depends a little on what it is embedded together with (`Corpus.take_queries`).
    """
    queries = [(query.text, query.language) for claim in claims for query in _queries(claim, (), corpus)]
    if not queries:
        return {}
    return dict(zip(queries, corpus.query_vectors(*map(list, zip(*queries, strict=True))), strict=True))


def search(
    text: str,
    corpus: Corpus,
    k: int = 10,
    as_of: date | None = None,
    *,
    rerank: int = 0,
    scorer: Scorer | None = None,
) -> tuple[Candidate, ...]:
    """The `k` passages that a text finds, best first; later and undated ones are among them and marked.

    Args:
        text: a claim, a question or words.
        corpus: where to look.
        k: how many at most.
        as_of: the day to measure time by; without it every dated passage is in time.
        rerank: the best passages that `scorer` puts in order anew; 0 leaves the fused order.
        scorer: the verifier's `scores`; needed where `rerank` is not 0.
    """
    day = as_of or date.max
    query = _Query(text, query_language(text, corpus), 1.0)
    wanted = max(k, rerank)
    (look,) = _first_looks([[query]], corpus, max(DEPTH_FACTOR * wanted, MIN_DEPTH))
    found = _search([query], corpus, lambda stamp: True, wanted, look)
    if rerank and scorer:
        found = reranked(text, found, corpus, rerank, scorer)
    found = found[:k]
    vectors = corpus.passage_vectors([one.id for one in found])
    return _candidates(found, corpus, vectors, look.vectors[0], lambda document: _timing(document, day))


def reranked(text: str, found: Sequence[_Found], corpus: Corpus, count: int, scorer: Scorer) -> list[_Found]:
    """`found` with its first `count` passages in the order of fused score and verifier together.

    A passage gains by what the verifier thinks it decides: 1 less its probability of `not_enough_evidence`. The weight
    is small on purpose: on posts, which are no plain claims, a larger one put the right report down.
    """
    first = found[:count]
    texts = {passage.id: passage.text for passage in corpus.passages(one.id for one in first)}
    there = [one for one in first if one.id in texts]
    if not there:
        return list(found)
    decided = 1.0 - scorer([(text, texts[one.id]) for one in there])[:, -1]
    total = RERANK_WEIGHT + 1.0
    anew = [
        one._replace(score=(one.score + RERANK_WEIGHT * float(extra)) / total)
        for one, extra in zip(there, decided, strict=True)
    ]
    rest = [one._replace(score=one.score / total) for one in found[count:]]
    return [*sorted(anew, key=lambda one: (-one.score, one.id)), *rest]


def query_language(text: str, corpus: Corpus, known: str | None = None) -> str | None:
    """The language that a text is searched for in; None where it may be any.

    A title of five words, or a post in capitals and digits, is often taken for a language that the corpus does not
    hold. Then, or where the text is too short to tell, it is read as being in the language of nearly all passages,
    if there is one. The languages with a weight of their own are told apart reliably: a claim in one of them keeps it
    over a corpus in another, since its vector is centred by it.

    Args:
        text: a query.
        corpus: where it is searched for.
        known: its language, where somebody said it.
    """
    held = corpus.languages()
    language = known or detect_language(text)
    if language in held or language in LEXICAL_WEIGHTS:
        return language
    main = max(held, key=held.__getitem__, default="")
    return main if main and held[main] >= NEARLY_ALL * sum(held.values()) else None


def _queries(claim: Claim, extra: Sequence[str], corpus: Corpus) -> tuple[_Query, ...]:
    """The claim, the claim with its speaker and what the extractor filled in, and the caller's own queries."""
    language = query_language(claim.text, corpus, claim.language)
    found = {claim.text.strip(): _Query(claim.text.strip(), language, 1.0)}
    around = [part for part in (claim.speaker, claim.context) if part and part.casefold() not in claim.text.casefold()]
    if around:
        wider = ". ".join([claim.text.strip().rstrip("."), *around])
        found.setdefault(wider, _Query(wider, language, EXTRA_QUERY_WEIGHT))
    for text in filter(None, map(str.strip, extra)):
        found.setdefault(text, _Query(text, query_language(text, corpus), EXTRA_QUERY_WEIGHT))
    return tuple(found.values())


def _first_looks(queries: Sequence[Sequence[_Query]], corpus: Corpus, depth: int) -> list[_Look]:
    """The vectors of the queries of many claims, and the passages nearest to each, out of one call for all."""
    every = [query for own in queries for query in own]
    if not every:
        return []
    vectors = corpus.query_vectors([query.text for query in every], [query.language for query in every])
    near = corpus.dense_many(vectors, depth)
    ends = list(accumulate(map(len, queries)))
    return [
        _Look(vectors[e - len(own) : e], near[e - len(own) : e], depth) for own, e in zip(queries, ends, strict=True)
    ]


def _search(
    queries: Sequence[_Query], corpus: Corpus, counts: Callable[[Stamp], bool], wanted: int, look: _Look
) -> list[_Found]:
    """Everything found, best first, searched deeper until `wanted` passages count or nothing is left."""
    vectors, near, depth = look
    while True:
        worded = [corpus.lexical(query.text, depth, query.language) for query in queries]
        stamps = corpus.stamps(dict.fromkeys(key for ranking in (*near, *worded) for key, _ in ranking))
        found = _scored(queries, vectors, stamps, near, worded, corpus)
        if sum(counts(one.stamp) for one in found) >= wanted or all(len(ranking) < depth for ranking in near):
            return found
        depth *= 4
        near = corpus.dense_many(vectors, depth)


def _scored(
    queries: Sequence[_Query],
    vectors: Vectors,
    stamps: Sequence[Stamp],
    near: Sequence[Ranking],
    worded: Sequence[Ranking],
    corpus: Corpus,
) -> list[_Found]:
    """Every passage that any query found, scored by all of them, best first."""
    ids = [stamp.passage_id for stamp in stamps]
    cosines = _cosines(ids, vectors, near, corpus)
    scores = []
    for query, cosine, ranking in zip(queries, cosines, worded, strict=True):
        known = dict(ranking)
        missing = [key for key in ids if key not in known]
        known |= corpus.lexical_scores(query.text, missing, query.language)
        lexical = np.array([known.get(key, 0.0) for key in ids], np.float32)
        comparable = np.array([query.language is None or s.language in (None, query.language) for s in stamps], bool)
        scores.append(fused(cosine, lexical, comparable, lexical_weight(query.language)))
    total = combined(scores, [query.weight for query in queries])
    order = sorted(range(len(ids)), key=lambda i: (-total[i], ids[i]))
    return [_Found(stamps[i], float(total[i])) for i in order]


def _cosines(ids: Sequence[str], queries: Vectors, near: Sequence[Ranking], corpus: Corpus) -> Vectors:
    """The similarity of each query to each passage, shape `(queries, ids)`; what Chroma gave is not asked again."""
    at = {key: i for i, key in enumerate(ids)}
    cosines = np.full((len(queries), len(ids)), np.nan, np.float32)
    for row, ranking in enumerate(near):
        for key, similarity in ranking:
            if key in at:
                cosines[row, at[key]] = similarity
    missing = [key for key, i in at.items() if np.isnan(cosines[:, i]).any()]
    stored = corpus.passage_vectors(missing)
    for key in missing:
        cosines[:, at[key]] = queries @ stored[key] if key in stored else 0.0
    return cosines


def _timing(source: Document | Stamp, as_of: date) -> Timing:
    public_from = source.public_from
    if public_from is None:
        return "undated"
    return "in_time" if public_from <= as_of else "later"


def _counts(timing: Timing) -> bool:
    return timing in ("in_time", "rule_lifted")


def _by_tier(found: Sequence[_Found], tier: Callable[[Stamp], Tier]) -> list[_Found]:
    """`found` with every score moved by its source's tier, best first."""
    moved = [_Found(one.stamp, one.score + TIER_STEPS[tier(one.stamp)]) for one in found]
    return sorted(moved, key=lambda one: (-one.score, one.id))


def _best_of_copies(found: Sequence[_Found], corpus: Corpus, tier: Callable[[Stamp], Tier]) -> list[_Found]:
    """`found` with the copies of one text, which share one another's places and scores, in the order of their tiers."""
    tiers = [tier(one.stamp) for one in found]
    if len(set(tiers)) < 2:
        return list(found)
    clusters = corpus.cluster_of([one.id for one in found])
    order = higher_first(tiers, [clusters.get(one.id) for one in found], [one.score for one in found])
    return [found[i]._replace(score=place.score) for place, i in zip(found, order, strict=True)]


def _best_of_origins(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The same for candidates of one origin; what counts and what does not never change places."""
    keys = [(one.origin, _counts(one.timing)) for one in candidates]
    order = higher_first([one.tier or "unknown" for one in candidates], keys, [one.score for one in candidates])
    there = zip(candidates, order, strict=True)
    return tuple(candidates[i].model_copy(update={"score": place.score}) for place, i in there)


def _spread(found: Sequence[_Found], vectors: Mapping[str, Vectors], k: int, weight: float) -> list[_Found]:
    """Maximal marginal relevance (Carbonell & Goldstein 1998): `k` passages, relevant and unlike each other.

    Relevance is the fused score, stretched over what was found to [0, 1]; likeness is the cosine. Best first.
    """
    if len(found) <= k:
        return list(found)
    scores = np.array([one.score for one in found])
    relevance = (scores - scores.min()) / max(float(np.ptp(scores)), 1e-9)
    nothing = np.zeros(len(next(iter(vectors.values()))), np.float32)
    stacked = np.stack([vectors.get(one.id, nothing) for one in found])
    likest = np.zeros(len(found), np.float32)
    chosen = [0]
    while len(chosen) < k:
        # Not by `@`: BLAS would start a thread for each core, and they wait for each other beside everybody else's.
        likest = np.maximum(likest, np.clip(np.einsum("ij,j->i", stacked, stacked[chosen[-1]]), 0.0, 1.0))
        marginal = weight * relevance - (1 - weight) * likest
        marginal[chosen] = -np.inf
        chosen.append(int(marginal.argmax()))
    return [found[i] for i in sorted(chosen)]


def _candidates(
    found: Sequence[_Found],
    corpus: Corpus,
    vectors: Mapping[str, Vectors],
    claim_vector: Vectors,
    timing: Callable[[Document], Timing],
    tier: Callable[[Document], Tier] | None = None,
) -> tuple[Candidate, ...]:
    """The chosen passages with their text, their documents, their origins and, where asked for, their tiers."""
    passages = {passage.id: passage for passage in corpus.passages(one.id for one in found)}
    named = dict.fromkeys(passage.document_id for passage in passages.values())
    documents = {document.id: document for document in corpus.documents_of(named)}
    # What another process has removed since it was found is not there any more.
    there = [one for one in found if one.id in passages and passages[one.id].document_id in documents]
    pairs = [(passages[one.id], documents[passages[one.id].document_id]) for one in there]
    origin = origins(pairs, vectors, corpus.cluster_of([passage.id for passage, _ in pairs]))
    candidates = [
        Candidate(
            passage=passage,
            document=document,
            score=round(one.score, 6),
            similarity=_cosine(vectors.get(one.id), claim_vector),
            timing=timing(document),
            origin=origin[i],
            tier=tier(document) if tier else None,
        )
        for i, (one, (passage, document)) in enumerate(zip(there, pairs, strict=True))
    ]
    return _best_of_origins(candidates)


def _cosine(a: Vectors | None, b: Vectors) -> float | None:
    return None if a is None else round(float(np.clip(np.dot(a, b), -1.0, 1.0)), 4)
