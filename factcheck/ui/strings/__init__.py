"""Every word that the app says, in English and Indonesian, in one place: a module for each page.

`words("id")("label.supported")` is "Didukung". A text with fields is filled by keyword: `say("summary.many", n=3)`.
A key that does not exist raises KeyError: a missing word is a mistake of ours, found by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from factcheck.ui.strings import check, corpus, desk, entrance, quality
from factcheck.ui.strings.reasons import REASONS
from factcheck.ui.strings.sentences import in_indonesian

__all__ = ["REASONS", "TEXTS", "UI_LANGUAGES", "UILanguage", "Words", "words"]

UILanguage = Literal["en", "id"]

UI_LANGUAGES: Mapping[UILanguage, str] = {"en": "English", "id": "Bahasa Indonesia"}

_MONTHS: Mapping[UILanguage, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
}  # fmt: skip

TEXTS: Mapping[str, tuple[str, str]] = {**check.TEXTS, **desk.TEXTS, **corpus.TEXTS, **quality.TEXTS, **entrance.TEXTS}
"""All of them, by key: (English, Indonesian)."""


class Words:
    """The app's texts in one language; call it with a key and the text's fields."""

    def __init__(self, language: UILanguage) -> None:
        self.language: UILanguage = language
        self._column = 1 if language == "id" else 0

    def __call__(self, key: str, **fields: Any) -> str:
        """The text of `key`, filled.

        Raises:
            KeyError: there is no such text, or a field of it was not given.
        """
        text = TEXTS[key][self._column]
        return text.format(**fields) if fields else text

    def reason(self, given: str) -> str:
        """A reason that an extractor gave, in this language where it is known, else as given."""
        return REASONS.get(given) or in_indonesian(given) if self.language == "id" else given

    def sentence(self, given: str) -> str:
        """A refusal or a note of the program in this language; what a person wrote stays as it is."""
        return in_indonesian(given) if self.language == "id" else given

    def date(self, partial: str) -> str:
        """An ISO 8601 date of year, month or day precision as people write it: `19 June 2024`."""
        year, _, rest = partial.partition("-")
        month, _, day = rest.partition("-")
        parts = [str(int(day))] if day else []
        if month:
            parts.append(_MONTHS[self.language][int(month) - 1])
        return " ".join([*parts, year])

    def confidence(self, value: float) -> str:
        """A confidence in words with its percentage, as in `high confidence (83%)`."""
        step = 1 + sum(value >= bound for bound in (0.35, 0.55, 0.75, 0.9))
        return self("claim.confidence", words=self(f"confidence.{step}"), percent=round(value * 100))

    def count(self, key: str, n: int) -> str:
        """`key.one` or `key.many`, by the number."""
        return self(f"{key}.one") if n == 1 else self(f"{key}.many", n=n)


@lru_cache(maxsize=2)
def words(language: UILanguage) -> Words:
    """The app's texts in a language."""
    return Words(language)
