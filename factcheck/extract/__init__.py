"""From an article to its check-worthy claims: by rules (`RuleExtractor`) or by a language model (`LLMExtractor`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from factcheck.types import AsOfSource, Document, Extraction, Usage

if TYPE_CHECKING:
    from factcheck.extract.chain import LLMExtractor
    from factcheck.extract.rules import RuleExtractor

__all__ = ["Extractor", "LLMExtractor", "RuleExtractor"]


class Extractor(Protocol):
    """Takes the claims out of an article."""

    @property
    def prompts(self) -> Mapping[str, str]:
        """Prompt names to version and hash, for the report; empty for an extractor without prompts."""
        ...

    def extract(self, document: Document, as_of: date, as_of_source: AsOfSource) -> tuple[Extraction, Usage]:
        """The claims of `document` and what was left out of it, with what the language model calls cost.

        Every claim's `source_text` is `document.text[start:end]`.

        Args:
            document: the article.
            as_of: the day the claims speak from; relative dates count from it.
            as_of_source: how that day is known; it is kept in each claim.
        """
        ...


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the language-model chain brings LangChain with it.
    if name == "RuleExtractor":
        from factcheck.extract.rules import RuleExtractor

        return RuleExtractor
    if name == "LLMExtractor":
        from factcheck.extract.chain import LLMExtractor

        return LLMExtractor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
