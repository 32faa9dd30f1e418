"""The slices of a set that a row belongs to, by what its text says and by its gold.

A slice is named `what=which` (`language=id`, `negated=yes`), so that every slice has its complement beside it.
"""

from __future__ import annotations

import re

from factcheck.dates import find_dates
from factcheck.evals.rows import Gold, Question
from factcheck.numbers import find_quantities
from factcheck.verify.cues import reports_saying

_NEGATIONS = {
    "id": r"\b(?:tidak(?:lah)?|bukan(?:lah|nya)?|belum|tanpa|tak(?:kan)?|jangan|tiada)\b",
    # "No. 5" is a number, not a denial.
    "en": r"\b(?:not|cannot|never|without|none|nobody|nothing|nowhere|neither|nor|no(?!\.\s*\d))\b|n['’]t\b",
}
_NEGATION = {language: re.compile(words, re.IGNORECASE) for language, words in _NEGATIONS.items()}
_ANY_NEGATION = re.compile("|".join(_NEGATIONS.values()), re.IGNORECASE)

_MALAY = {"ms": "id", "id-ms": "id"}


def text_slices(question: Question) -> tuple[str, ...]:
    """The slices by what a system is shown: language, numbers or dates, speech, negation, evidence given."""
    text, language = question.text, _MALAY.get(question.language or "", question.language)
    counted = bool(find_quantities(text, language) or find_dates(text, language, question.claim_date))
    return (
        f"language={question.language or 'unknown'}",
        f"numbers_or_dates={_yes(counted)}",
        f"attributed={_yes(bool(question.speaker) or reports_saying(text))}",
        f"negated={_yes(is_negated(text, language))}",
        f"given={_how_many(len(question.evidence))}",
    )


def gold_slices(gold: Gold) -> tuple[str, ...]:
    """The slices by what only annotators know: the label, and those that the set itself names."""
    named = tuple(name if "=" in name else f"set={name}" for name in sorted(gold.slices))
    return (f"label={gold.label}", *named) if gold.label else named


def is_negated(text: str, language: str | None = None) -> bool:
    """Whether a text holds a word that denies; the words of both languages count where the language is unknown."""
    return bool(_NEGATION.get(language or "", _ANY_NEGATION).search(text))


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _how_many(pieces: int) -> str:
    return "4+" if pieces > 3 else "2-3" if pieces > 1 else str(pieces)
