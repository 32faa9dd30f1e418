"""The claims checked before that a new claim may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from factcheck.checked.kept import Checked, checked_of
from factcheck.checked.scoring import features_of, match_score, strength
from factcheck.checked.words import ClaimWords
from factcheck.types import Match, content_id
from factcheck.vectors import Near


def best_matches(
    text: str, language: str | None, near: Iterable[Near], words: ClaimWords, k: int = 5
) -> tuple[Match, ...]:
    """The matches that claims found nearby make with a new one, the likeliest first.

    Of one publisher's equal verdicts on the same words only the latest is given.

    Args:
        text: the new claim.
        language: its language.
        near: claims checked before with the cosine of their vectors and the new claim's.
        words: knows how rare a word is among the claims checked before.
        k: how many at most.
    """
    found: list[tuple[float, Match]] = []
    for one in near:
        old = checked_of(one.id, one.metadata)
        # A query and a passage of the same words have different vectors.
        similarity = 1.0 if _folded(old.text) == _folded(text) else one.similarity
        features = features_of(old.text, old.language, text, language, similarity, words)
        score = match_score(features)
        how = strength(score, old.text, old.language, text, language)
        if how is not None:
            found.append((score, _match(old, similarity, how)))
    found.sort(key=lambda pair: (pair[1].strength != "strong", -pair[0], not pair[1].reviewed_by, pair[1].claim_id))
    return tuple(_latest(match for _, match in found))[:k]


def _latest(matches: Iterable[Match]) -> Iterator[Match]:
    """Each once: the same words with the same outcome by the same publisher, in the order of the first."""
    kept: dict[tuple[str, ...], Match] = {}
    for match in matches:
        outcome = (match.label or "", match.rating or "", match.publisher or "")
        key = (_folded(match.text), *outcome)
        if key not in kept or _weight(match) > _weight(kept[key]):
            kept[key] = match
    yield from kept.values()


def _weight(match: Match) -> tuple[bool, date]:
    """A person's verdict before the machine's, then the later one."""
    return match.reviewed_by is not None, match.as_of or date.min


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _match(old: Checked, similarity: float, how: Literal["strong", "weak"]) -> Match:
    return Match(
        claim_id=old.claim_id,
        run_id=None if old.run_id is None else content_id("run", old.run_id),
        text=old.text,
        label=old.label,
        as_of=old.as_of,
        similarity=round(similarity, 4),
        strength=how,
        publisher=old.publisher,
        url=old.url,
        rating=old.rating,
        reviewed=old.reviewed,
        reviewed_by=old.reviewed_by,
    )
