"""The claims of one article, as a check takes them: by the language model, by rules where it cannot, and no more than
the settings allow."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, Self

from pydantic import model_validator

from factcheck import __version__
from factcheck.errors import JudgeError
from factcheck.extract import Extractor
from factcheck.extract.seen import in_the_article, seen_by_a_person
from factcheck.settings import Settings
from factcheck.types import (
    Article,
    AsOfSource,
    Claim,
    Document,
    Extraction,
    LeftOut,
    Mode,
    Usage,
    Value,
    latest_day,
)


class Found(NamedTuple):
    """What was extracted, what it cost, and a sentence for each thing that went another way than asked."""

    extraction: Extraction
    usage: Usage
    notes: tuple[str, ...]


class ExtractionRun(Value):
    """How a list of claims came about; the fields are those of a report's `run`."""

    mode: Mode
    started: str
    """UTC, ISO 8601."""
    version: str
    models: Mapping[str, str]
    prompts: Mapping[str, str]
    seconds: float
    tokens: Mapping[str, int]
    cost_usd: float | None
    notes: tuple[str, ...] = ()


class ArticleClaims(Value):
    """The claims of an article before they are checked: the JSON of `factcheck extract --format json`."""

    schema_version: Literal["1"] = "1"
    article: Article
    claims: tuple[Claim, ...]
    left_out: tuple[LeftOut, ...]
    run: ExtractionRun

    @model_validator(mode="after")
    def _every_span_is_the_text(self) -> Self:
        for claim in self.claims:
            if self.article.text[claim.start : claim.end] != claim.source_text:
                raise ValueError(f"claim {claim.id} is not at its place in the article")
        for item in self.left_out:
            if self.article.text[item.start : item.end] != item.text:
                raise ValueError(f"what was left out at {item.start} is not at its place in the article")
        return self


def as_of_date(document: Document, given: date | None, today: date) -> tuple[date, AsOfSource]:
    """The day as of which an article's claims are judged, and where it comes from."""
    if given:
        return given, "given"
    if document.published:
        return latest_day(document.published), "article"
    return today, "today"


def article_of(document: Document, day: date, day_source: AsOfSource) -> Article:
    """An article as reports and lists of claims carry it."""
    return Article(
        text=document.text,
        title=document.title,
        language=document.language,
        as_of=day,
        as_of_source=day_source,
        published=document.published,
        author=document.author,
        url=document.url,
    )


def tokens_of(usage: Usage) -> Mapping[str, int]:
    """Calls and tokens as a report's `run` has them."""
    return {
        "calls": usage.calls,
        "prompt": usage.prompt_tokens,
        "completion": usage.completion_tokens,
        "cached": usage.cached_tokens,
    }


def find_claims(
    document: Document,
    extractor: Extractor,
    fallback: Extractor | None,
    day: date,
    day_source: AsOfSource,
    limit: int,
) -> Found:
    """The claims of an article; those over `limit`, in the order of the text, are listed as left out.

    The extractor is shown what a person sees of the article: hidden text and orders to machines are listed as left out.

    Raises:
        JudgeError: the extractor could not read the article and there is no fallback.
    """
    seen = seen_by_a_person(document)
    notes = seen.notes
    try:
        extraction, usage = extractor.extract(seen.document, day, day_source)
    except JudgeError as error:
        if fallback is None:
            raise
        extraction, spent = fallback.extract(seen.document, day, day_source)
        usage = spent + (error.usage or Usage())
        notes += (f"The claims were found by rules, since the language model could not: {error}",)
    extraction = in_the_article(extraction, document, seen)
    over = tuple(
        LeftOut(start=c.start, end=c.end, text=c.source_text, reason=f"over the limit of {limit} claims a run")
        for c in extraction.claims[limit:]
    )
    left_out = tuple(sorted(extraction.left_out + over, key=lambda item: (item.start, item.end)))
    return Found(Extraction(claims=extraction.claims[:limit], left_out=left_out), usage, notes)


def extract_article(document: Document, settings: Settings, *, as_of: date | None = None) -> ArticleClaims:
    """The claims of an article, without checking them; needs no corpus and no local model.

    Args:
        document: the article.
        settings: a language model extracts if `llm_model` is set, else the rules.
        as_of: the day that relative dates count from; unset, the article's own date, else today.

    Raises:
        SettingsError: the language model or the prompt cannot be used.
    """
    from factcheck.extract.rules import RuleExtractor

    began, now = time.perf_counter(), datetime.now(UTC)
    rules = RuleExtractor(settings.max_claims)
    extractor: Extractor = rules
    notes: list[str] = []
    models: Mapping[str, str] = {}
    if settings.mode == "llm":
        from factcheck.extract.chain import LLMExtractor

        extractor = model = LLMExtractor(settings, note=notes.append)
        models = model.models
    day, day_source = as_of_date(document, as_of, now.date())
    found = find_claims(
        document, extractor, None if extractor is rules else rules, day, day_source, settings.max_claims
    )
    return ArticleClaims(
        article=article_of(document, day, day_source),
        claims=found.extraction.claims,
        left_out=found.extraction.left_out,
        run=ExtractionRun(
            mode=settings.mode,
            started=now.isoformat(timespec="seconds"),
            version=__version__,
            models=models,
            prompts=extractor.prompts,
            seconds=round(time.perf_counter() - began, 3),
            tokens=tokens_of(found.usage),
            cost_usd=0.0 if settings.mode == "offline" else found.usage.cost_usd,
            notes=(*notes, *found.notes),
        ),
    )
