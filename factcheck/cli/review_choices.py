"""What the options of `review ...` may be."""

from __future__ import annotations

from enum import StrEnum


class LabelChoice(StrEnum):
    """A verdict."""

    supported = "supported"
    refuted = "refuted"
    not_enough_evidence = "not_enough_evidence"
    conflicting = "conflicting"


class OutcomeChoice(StrEnum):
    """A verdict, or none."""

    supported = "supported"
    refuted = "refuted"
    not_enough_evidence = "not_enough_evidence"
    conflicting = "conflicting"
    not_checked = "not_checked"


class StateChoice(StrEnum):
    """How far a claim is."""

    machine_checked = "machine_checked"
    in_review = "in_review"
    reviewed = "reviewed"
    published = "published"
    correction = "correction"


class StanceChoice(StrEnum):
    """What a piece of evidence says of the claim."""

    supports = "supports"
    refutes = "refutes"
    neutral = "neutral"


class OrderChoice(StrEnum):
    """In what order claims are listed."""

    newest = "newest"
    oldest = "oldest"
    confidence = "confidence"
    article = "article"


class ListChoice(StrEnum):
    """What a list is written as."""

    text = "text"
    json = "json"
    jsonl = "jsonl"


class ShowChoice(StrEnum):
    """What a claim is written as."""

    text = "text"
    json = "json"


class ExportChoice(StrEnum):
    """What is published as."""

    json = "json"
    md = "md"
    html = "html"
    pdf = "pdf"
    csv = "csv"
    claimreview = "claimreview"


class LanguageChoice(StrEnum):
    """The language of an export's own words."""

    en = "en"
    id = "id"
