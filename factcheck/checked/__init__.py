"""Claims checked before, as they lie beside a corpus: our own and imported reviews, and how a new claim is matched.

A match is a hint for a person, never a verdict.
"""

from factcheck.checked.kept import (
    Checked,
    checked_id,
    checked_metadata,
    checked_of,
    decided_id,
    decided_metadata,
    review_id,
    review_metadata,
)
from factcheck.checked.matching import best_matches
from factcheck.checked.scoring import Features, match_score
from factcheck.checked.words import ClaimWords

__all__ = [
    "Checked",
    "ClaimWords",
    "Features",
    "best_matches",
    "checked_id",
    "checked_metadata",
    "checked_of",
    "decided_id",
    "decided_metadata",
    "match_score",
    "review_id",
    "review_metadata",
]
