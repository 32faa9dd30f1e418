"""Systems to be better than: what a label's frequency, shared words, the length of a sentence or chance achieve.

Each gives `Prediction`s of the same schema as the product's, so that the same scoring applies. None is trained and
no figure in a rule was chosen by its score. `majority`, and `random_worth` by its prevalence, know how often each
gold label occurs in the set; nothing else here reads gold.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from factcheck.corpus import split_passages
from factcheck.evals.corpora import given_passages
from factcheck.evals.rows import Cited, Dataset, Prediction, Question
from factcheck.text import NEGATIONS, detect_language, sentences
from factcheck.types import Document, Label, Passage, Span, Stance

if TYPE_CHECKING:
    from factcheck.lexical import LexicalIndex

ENOUGH_WORDS = 0.5
"""Share of the claim's words that a passage has to have to speak of it."""

RANKED = 50
"""Documents that BM25 ranks for a row."""

READ = 10
"""Of these, how many the verdict baseline reads, as many as the product's judge."""

LEAD_SENTENCES = 5

OPPOSITES = (
    ("more", "less"), ("more", "fewer"), ("increase", "decrease"), ("increased", "decreased"), ("rose", "fell"),
    ("higher", "lower"), ("before", "after"), ("first", "last"), ("all", "none"), ("always", "never"),
    ("lebih", "kurang"), ("naik", "turun"), ("meningkat", "menurun"), ("sebelum", "sesudah"), ("sebelum", "setelah"),
    ("pertama", "terakhir"), ("semua", "sebagian"), ("selalu", "jarang"),
)  # fmt: skip
"""Words of which a claim has one and its source the other where they disagree."""


class Retriever(NamedTuple):
    """BM25 over whole documents, in one index with one stemmer."""

    documents: dict[str, Document]
    words: LexicalIndex
    language: str


def majority(dataset: Dataset) -> Iterator[Prediction]:
    """The most frequent gold label of the set for every row; of equals the first in the alphabet.

    It is a statistic of the gold it is scored on, and so an upper bound of its kind, not a system. For each label
    its share is the probability. Only for sets with labels (verdict, checkworthy).
    """
    labels = Counter(row.gold.label for row in dataset.rows if row.gold and row.gold.label)
    total = sum(labels.values())
    if not total:
        return
    best = min(labels, key=lambda label: (-labels[label], label))
    shares = {label: labels[label] / total for label in sorted(labels)}
    for row in dataset.rows:
        yield Prediction(
            id=row.question.id,
            task=dataset.task,
            label=cast(Label, best),
            confidence=shares[best],
            probabilities=shares,
            score=shares.get("checkworthy") if dataset.task == "checkworthy" else None,
            notes=("the most frequent gold label of this set",),
        )


def retriever(dataset: Dataset, documents: Sequence[Document]) -> Retriever:
    """A BM25 index (k1 1.2, b 0.75) of the set's documents, title and text, stemmed for the set's main language."""
    from factcheck.lexical import LexicalEntry, LexicalIndex

    told = Counter(row.question.language or detect_language(row.question.text) or "" for row in dataset.rows)
    language = told.most_common(1)[0][0] if told else ""
    entries = (LexicalEntry(d.id, f"{d.title}\n{d.text}" if d.title else d.text, language) for d in documents)
    return Retriever({document.id: document for document in documents}, LexicalIndex(entries), language)


def bm25(dataset: Dataset, found_by: Retriever) -> Iterator[Prediction]:
    """For each row the documents that BM25 ranks first for its text, and nothing else."""
    for row in dataset.rows:
        yield Prediction(id=row.question.id, task=dataset.task, retrieved=_ranked(row.question, found_by))


def lexical(dataset: Dataset, found_by: Retriever | None = None) -> Iterator[Prediction]:
    """Verdicts by shared words: over the given evidence, or over the ten documents that BM25 ranks first.

    A passage that has half of the claim's words speaks of it. It refutes the claim where its closest sentence has
    numbers but lacks one of the claim's, or one of the two has a negation and the other none, or one has a word and
    the other its opposite; else it supports it. Both stances make `conflicting`, none `not_enough_evidence`. The
    confidence is the share of words, of the best passage; it was never calibrated.
    """
    for row in dataset.rows:
        yield _verdict(row.question, found_by)


def every_sentence(dataset: Dataset) -> Iterator[Prediction]:
    """Every sentence of an article is a claim."""
    return _lead(dataset, None)


def lead(dataset: Dataset, count: int = LEAD_SENTENCES) -> Iterator[Prediction]:
    """The first sentences of an article are its claims."""
    return _lead(dataset, count)


def random_worth(dataset: Dataset, prevalence: float | None = None) -> Iterator[Prediction]:
    """Chance: a sentence is check-worthy as often as the sentences of the set are.

    Args:
        dataset: a `checkworthy` set.
        prevalence: the share to say check-worthy; left out, that of the gold labels, one half if there are none.
    """
    labels = [row.gold.label for row in dataset.rows if row.gold and row.gold.label]
    if prevalence is None:
        prevalence = labels.count("checkworthy") / len(labels) if labels else 0.5
    for row in dataset.rows:
        # The same draw for the same row, in any order and on any machine.
        draw = int.from_bytes(hashlib.sha256(f"random {row.question.id}".encode()).digest()[:6], "big") / 2**48
        yield _worth(row.question, draw, draw >= 1 - prevalence)


def sentence_length(dataset: Dataset) -> Iterator[Prediction]:
    """The longer, the more check-worthy: the score is the number of words, the threshold the median of the set."""
    lengths = [len(row.question.text.split()) for row in dataset.rows]
    middle = statistics.median(lengths) if lengths else 0
    for row, length in zip(dataset.rows, lengths, strict=True):
        yield _worth(row.question, float(length), length > middle)


def _worth(question: Question, score: float, worthy: bool) -> Prediction:
    label: Literal["checkworthy", "not_checkworthy"] = "checkworthy" if worthy else "not_checkworthy"
    return Prediction(id=question.id, task="checkworthy", label=label, score=score)


def _lead(dataset: Dataset, count: int | None) -> Iterator[Prediction]:
    for row in dataset.rows:
        text = row.question.text
        spans = sentences(text, row.question.language)[:count]
        yield Prediction(
            id=row.question.id,
            task="extract",
            claims=tuple(span.of(text) for span in spans),
            spans=tuple((span.start, span.end) for span in spans),
        )


def _ranked(question: Question, found_by: Retriever) -> tuple[str, ...]:
    return tuple(key for key, _ in found_by.words.search(question.text, RANKED, found_by.language))


# --- verdicts by shared words


class _Words(NamedTuple):
    """What the rule looks at in a text."""

    content: frozenset[str]
    numbers: frozenset[str]
    negated: bool
    plain: frozenset[str]


class _Reading(NamedTuple):
    """A passage that speaks of the claim."""

    overlap: float
    stance: Stance
    document: Document
    span: Span


def _verdict(question: Question, found_by: Retriever | None) -> Prediction:
    language = question.language or detect_language(question.text)
    claim = _words(question.text, language)
    ranked = _ranked(question, found_by) if found_by else ()
    read = _passages(question, found_by, ranked)
    shares = [_share(claim, _words(passage.text, language)) for _, passage in read]
    found = [
        _read(claim, share, *one, language) for share, one in zip(shares, read, strict=True) if share >= ENOUGH_WORDS
    ]
    stances = {reading.stance for reading in found}
    best = max(shares, default=0.0)
    label: Label = (
        "not_enough_evidence"
        if not stances
        else "conflicting"
        if len(stances) > 1
        else "supported"
        if stances == {"supports"}
        else "refuted"
    )
    return Prediction(
        id=question.id,
        task="verdict",
        label=label,
        confidence=best if stances else 1 - best,
        evidence=tuple(_used(reading) for reading in found),
        retrieved=ranked,
    )


def _passages(
    question: Question, found_by: Retriever | None, ranked: Sequence[str]
) -> tuple[tuple[Document, Passage], ...]:
    if found_by is None:
        return given_passages(question)
    documents = [found_by.documents[key] for key in ranked[:READ]]
    return tuple((document, passage) for document in documents for passage in _cut(document))


@lru_cache(maxsize=1 << 12)
def _cut(document: Document) -> tuple[Passage, ...]:
    return split_passages(document)


def _read(claim: _Words, share: float, document: Document, passage: Passage, language: str | None) -> _Reading:
    spans = sentences(passage.text, language) or (Span(start=0, end=len(passage.text)),)
    closest = max(spans, key=lambda span: _share(claim, _words(span.of(passage.text), language)))
    stance: Stance = "refutes" if _differs(claim, _words(closest.of(passage.text), language)) else "supports"
    place = Span(start=passage.start + closest.start, end=passage.start + closest.end)
    return _Reading(share, stance, document, place)


@lru_cache(maxsize=1 << 16)
def _words(text: str, language: str | None) -> _Words:
    from factcheck.lexical import words_of

    found = words_of(text, language)
    numbers = frozenset(word for word in found if word.startswith("#"))
    # Words of up to three letters are mostly those that every sentence has.
    content = numbers | {word for word in found if len(word) > 3}
    plain = frozenset(words_of(text, None)) | frozenset(text.casefold().replace("’", "'").split())
    negated = any(word.strip('.,;:!?"“”()') in negations for word in plain for negations in NEGATIONS.values())
    return _Words(content, numbers, negated, plain)


def _share(claim: _Words, source: _Words) -> float:
    return len(claim.content & source.content) / len(claim.content) if claim.content else 0.0


def _differs(claim: _Words, source: _Words) -> bool:
    if source.numbers and claim.numbers - source.numbers:
        return True
    if claim.negated != source.negated:
        return True
    return any(
        (one in claim.plain and other in source.plain and one not in source.plain)
        or (other in claim.plain and one in source.plain and other not in source.plain)
        for one, other in OPPOSITES
    )


def _used(reading: _Reading) -> Cited:
    return Cited(
        doc_id=reading.document.id,
        quote=reading.span.of(reading.document.text),
        start=reading.span.start,
        end=reading.span.end,
        stance=reading.stance,
        in_source=True,
    )
