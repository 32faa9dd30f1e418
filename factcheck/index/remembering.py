"""Claims checked before, and claims that others reviewed: kept beside the passages, and offered where they resemble."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from factcheck.checked import (
    Checked,
    ClaimWords,
    best_matches,
    checked_id,
    checked_metadata,
    checked_of,
    review_id,
    review_metadata,
)
from factcheck.checked.words import telling_words
from factcheck.claimreview import Review
from factcheck.embed import Embedder, Vectors
from factcheck.index.files import Files
from factcheck.index.layout import CLAIMS
from factcheck.index.searching import QueryVectors
from factcheck.index.values import ReviewSummary
from factcheck.text import detect_language
from factcheck.types import Claim, ClaimResult, Match
from factcheck.vectors import Metadata

_REVIEWS_AT_ONCE = 512
_MATCHED = 60
"""Claims checked before that a new one is compared with, from each of the two indexes."""


class ClaimFinder:
    """Finds claims checked before by their vectors and by rare words."""

    def __init__(self, files: Files, queries: QueryVectors) -> None:
        self._files = files
        self._queries = queries
        self._following = threading.Lock()
        self._claims: tuple[int, ClaimWords] = (-1, ClaimWords())
        self._none_at = -1
        """The generation at which there was no claim at all: to count them holds up every other thread for 3 ms."""
        self._decided: dict[str, tuple[str, str]] = {}
        """Run and claim of those that a person signed off, by the key that they are kept under."""

    def matches(self, claim: Claim, exclude_run: str | None, k: int) -> tuple[Match, ...]:
        """Those that resemble a claim, the likeliest first."""
        vectors, generation = self._files.vectors, self._files.generation
        if generation == self._none_at:
            return ()
        if not vectors.count(CLAIMS, generation):
            self._none_at = generation
            return ()
        language = claim.language or detect_language(claim.text)
        vector = self._queries.of([claim.text], [language])[0]
        words = self._words(generation)
        near = {one.id: one for one in vectors.nearest(CLAIMS, vector, _MATCHED, generation)}
        others = [key for key in words.nearest(telling_words(claim.text, language), _MATCHED) if key not in near]
        found = [*near.values(), *vectors.compared(CLAIMS, others, vector, generation)]
        decided = frozenset(self._decided.values())
        kept = (
            one
            for one in found
            if (exclude_run is None or one.metadata.get("run_id") != exclude_run)
            and (one.metadata.get("reviewed_by") or _key(one.metadata) not in decided)
        )
        return best_matches(claim.text, language, kept, words, k)

    def _words(self, generation: int) -> ClaimWords:
        vectors = self._files.vectors
        with self._following:
            if self._claims[0] != generation:
                ids = vectors.ids(CLAIMS, generation)
                self._claims[1].follow(ids, lambda new: self._noted(vectors.entries(CLAIMS, generation, new)))
                self._decided = {key: pair for key, pair in self._decided.items() if key in ids}
                self._claims = (generation, self._claims[1])
            return self._claims[1]

    def _noted(self, entries: dict[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        self._decided |= {key: _key(kept) for key, kept in entries.items() if kept.get("reviewed_by")}
        return entries


def _key(kept: Mapping[str, Any]) -> tuple[str, str]:
    return str(kept.get("run_id") or ""), str(kept["claim_id"])


def remember(files: Files, run_id: str, results: Sequence[ClaimResult]) -> None:
    """Lays the claims of a run that were checked beside the corpus."""
    kept = [result for result in results if result.status == "checked"]
    if not kept:
        return
    languages = [result.language or detect_language(result.text) for result in kept]
    vectors = files.embedder.passages([result.text for result in kept], languages)
    with files.writing():
        snapshot = files.snapshot
        last = {checked_id(result, snapshot): i for i, result in enumerate(kept)}
        metadatas = [checked_metadata(run_id, kept[i]) for i in last.values()]
        files.vectors.upsert(CLAIMS, list(last), vectors[list(last.values())], metadatas, files.generation)


def remember_decisions(files: Files, decided: Mapping[str, Metadata], withdrawn: Iterable[str]) -> None:
    """Lays verdicts that people signed off beside the corpus, and takes others away."""
    vectors = _vectors_of(files.embedder, decided) if decided else None
    with files.writing():
        gone = sorted(set(withdrawn) - decided.keys())
        if gone:
            files.vectors.delete(CLAIMS, gone, files.generation)
        put_claims(files, CLAIMS, decided, vectors)


def remember_reviews(
    files: Files, reviews: Iterable[Review], on_progress: Callable[[int], None] | None
) -> ReviewSummary:
    """Lays claims that others have reviewed beside the corpus, some at a time."""
    added = replaced = unchanged = done = 0
    stream = iter(reviews)
    while batch := list(islice(stream, _REVIEWS_AT_ONCE)):
        wanted = {review_id(review): review_metadata(review) for review in batch}
        known = files.vectors.entries(CLAIMS, files.generation, list(wanted))
        new = {key: kept for key, kept in wanted.items() if known.get(key) != kept}
        if new:
            vectors = _vectors_of(files.embedder, new)
            with files.writing():
                files.vectors.upsert(CLAIMS, list(new), vectors, list(new.values()), files.generation)
        added += len(new.keys() - known.keys())
        replaced += len(new.keys() & known.keys())
        done += len(batch)
        unchanged += len(batch) - len(new)
        if on_progress:
            on_progress(done)
    return ReviewSummary(added=added, replaced=replaced, unchanged=unchanged)


def checked_claims(files: Files) -> tuple[Checked, ...]:
    """Every claim checked before, the latest first."""
    claims = [checked_of(*entry) for entry in files.vectors.entries(CLAIMS, files.generation).items()]
    return tuple(sorted(claims, key=lambda one: (one.as_of is None, -(one.as_of or date.min).toordinal(), one.id)))


def forget(files: Files, ids: Iterable[str]) -> int:
    """Removes claims by the keys they are kept under, and returns how many there were."""
    with files.writing():
        known = files.vectors.entries(CLAIMS, files.generation, list(ids))
        files.vectors.delete(CLAIMS, known, files.generation)
    return len(known)


def put_claims(files: Files, collection: str, claims: Mapping[str, Metadata], vectors: Vectors | None = None) -> None:
    """Writes claims by id, embedded here where no vectors come with them; the writer lock is held."""
    if claims:
        made = _vectors_of(files.embedder, claims) if vectors is None else vectors
        files.vectors.upsert(collection, list(claims), made, list(claims.values()), files.generation)


def _vectors_of(embedder: Embedder, claims: Mapping[str, Metadata]) -> Vectors:
    """Claims that are kept are passages: the new one asks for them (benchmarks/match_thresholds.py)."""
    texts = [str(kept["text"]) for kept in claims.values()]
    languages = [str(kept["language"]) if "language" in kept else None for kept in claims.values()]
    return embedder.passages(texts, languages)
