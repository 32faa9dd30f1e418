"""Values and doubles for tests: real values built short, and judges, extractors and models that do what a test says.

A double here implements the protocol that the real thing implements (`Judge`, `Extractor`, `Entailment`); nothing of
ours is patched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from factcheck.settings import Settings
from factcheck.types import (
    Article,
    AsOfSource,
    Assessment,
    Candidate,
    Claim,
    ClaimResult,
    Document,
    Evidence,
    Extraction,
    Finding,
    LeftOut,
    Passage,
    Report,
    Run,
    SourceDocument,
    Stance,
    Timing,
    Usage,
    Verdict,
    content_id,
)
from factcheck.verify.weigh import PLAIN, Weighing

if TYPE_CHECKING:
    from factcheck.engine import Engine
    from factcheck.index import Corpus
    from factcheck.verify import Judge
    from factcheck.verify.stance import StanceHead

AS_OF = date(2024, 6, 19)

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> ![x](http://198.51.100.7/a.png) '
    "[text](javascript:alert(3)) <http://198.51.100.7/> https://198.51.100.7/b www.evil.example someone@evil.example "
    "\x1b]8;;http://198.51.100.7/\x07link\x1b]8;;\x07 \x1b[31mred\x1b[0m \u202eesrever\u202c \u2066isolate\u2069 "
    "{{ 7 * 7 }} {% raw %} $$x$$ `code` # heading | table & &lt;b&gt; \x9b31m \x00"
)
"""Text that would run, link, colour or reverse what is around it wherever it is not made harmless."""


def claim(text: str = "Putin landed in Pyongyang.", **fields: Any) -> Claim:
    """A claim that is its own article."""
    base: dict[str, Any] = {
        "id": content_id("claim", text),
        "text": text,
        "start": 0,
        "end": len(text),
        "source_text": text,
        "as_of": AS_OF,
        "language": "en",
    }
    return Claim(**{**base, **fields})


def document(text: str = "Putin landed in Pyongyang on Wednesday.", **fields: Any) -> Document:
    """A note of a corpus, published before `AS_OF` unless the test says otherwise."""
    return Document.from_text(text, **{"publisher": "Agency", "published": "2024-06-18", "language": "en", **fields})


def passage(source: Document, words: str | None = None) -> Passage:
    """The passage of a document that these words are, or all of it."""
    text = source.text if words is None else words
    start = source.text.index(text)
    return Passage(
        id=content_id("p", source.id, str(start)),
        document_id=source.id,
        start=start,
        end=start + len(text),
        text=text,
        ordinal=0,
    )


def candidate(
    source: Document | str, *, timing: Timing = "in_time", origin: str | None = None, words: str | None = None
) -> Candidate:
    """A document offered for a claim; its origin is its own unless the test says otherwise."""
    found = document(source) if isinstance(source, str) else source
    place = passage(found, words)
    return Candidate(passage=place, document=found, score=1.0, timing=timing, origin=origin or f"of {found.id}")


def finding(source: Candidate, stance: Stance, quote: str | None = None, probability: float | None = 0.9) -> Finding:
    """What a judge found in a candidate; the quote is the whole passage unless the test says otherwise."""
    words = source.passage.text if quote is None else quote
    return Finding(passage_id=source.passage.id, stance=stance, quote=words, probability=probability)


def evidence(n: int, source: Document, quote: str, stance: Stance = "supports", **fields: Any) -> Evidence:
    """A quote of a document, located by its words."""
    start = source.text.index(quote)
    base: dict[str, Any] = {
        "n": n,
        "document_id": source.id,
        "passage_id": passage(source).id,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "stance": stance,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published,
        "available_from": source.available_from,
        "origin": source.id,
        "used": True,
    }
    return Evidence(**{**base, **fields})


def result(about: Claim, label: str, proof: Sequence[Evidence] = (), **fields: Any) -> ClaimResult:
    """A checked claim."""
    verdict = Verdict.model_validate(
        {"label": label, "confidence": 0.8, "justification": "Because [1].", "evidence": tuple(proof)}
    )
    return ClaimResult.checked(about, verdict, **fields)


def run(**fields: Any) -> Run:
    """How a report came about."""
    base: dict[str, Any] = {
        "id": "run-1",
        "mode": "offline",
        "started": "2024-06-19T00:00:00+00:00",
        "version": "0.1.0",
        "models": {"verifier": "scripted@1"},
        "prompts": {},
        "settings": {},
        "corpus_snapshot": "snap-1",
        "corpus": {"name": "notes", "documents": 1},
        "seconds": 1.5,
        "tokens": {"prompt": 0, "completion": 0},
        "cost_usd": 0.0,
    }
    return Run(**{**base, **fields})


def report(
    text: str,
    claims: Sequence[ClaimResult] = (),
    sources: Sequence[Document] = (),
    left_out: Sequence[LeftOut] = (),
    title: str | None = None,
    **fields: Any,
) -> Report:
    """A report on an article of this text."""
    return Report(
        article=Article(text=text, title=title, language="en", as_of=AS_OF, as_of_source="given"),
        claims=tuple(claims),
        left_out=tuple(left_out),
        documents={source.id: SourceDocument.of(source) for source in sources},
        run=run(**fields),
    )


Answer = Assessment | Exception | Callable[[Claim, Sequence[Candidate]], Assessment]


class ScriptedJudge:
    """A judge that answers by the words of the claim, and keeps what it was asked."""

    def __init__(self, answers: Mapping[str, Answer] | None = None, default: Answer | None = None) -> None:
        self._answers = dict(answers or {})
        self._default = default
        self.asked: list[tuple[Claim, tuple[Candidate, ...]]] = []

    @property
    def models(self) -> Mapping[str, str]:
        return {"verifier": "scripted@1"}

    @property
    def prompts(self) -> Mapping[str, str]:
        return {}

    @property
    def weighing(self) -> Weighing:
        return PLAIN

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        self.asked.append((claim, tuple(candidates)))
        chosen = next((a for words, a in self._answers.items() if words in claim.text), self._default)
        if isinstance(chosen, Exception):
            raise chosen
        if callable(chosen):
            return chosen(claim, candidates)
        return chosen or Assessment(findings=())


def everything(stance: Stance, probability: float = 0.9) -> Callable[[Claim, Sequence[Candidate]], Assessment]:
    """An answer in which every candidate takes the same stance in all its words."""
    return lambda claim, candidates: Assessment(
        findings=tuple(finding(c, stance, probability=probability) for c in candidates)
    )


class SentenceExtractor:
    """Every sentence is a claim; one that ends with a question mark is left out."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    @property
    def prompts(self) -> Mapping[str, str]:
        return {}

    def extract(self, document: Document, as_of: date, as_of_source: AsOfSource) -> tuple[Extraction, Usage]:
        from factcheck.text import sentences

        if self._failure:
            raise self._failure
        claims, left_out = [], []
        for span in sentences(document.text, document.language):
            text = span.of(document.text)
            if text.endswith("?"):
                left_out.append(LeftOut(start=span.start, end=span.end, text=text, reason="a question"))
                continue
            claims.append(
                Claim(
                    id=content_id("claim", text, str(span.start)),
                    text=text,
                    start=span.start,
                    end=span.end,
                    source_text=text,
                    as_of=as_of,
                    as_of_source=as_of_source,
                    language=document.language,
                    why=("a sentence",),
                )
            )
        return Extraction(claims=tuple(claims), left_out=tuple(left_out)), Usage()


class ScriptedEntailment:
    """An entailment model that knows some (part of the claim, part of the evidence) pairs; the rest is neither."""

    name = "scripted"
    revision = "1"

    def __init__(self, known: Mapping[tuple[str, str], tuple[float, float]]) -> None:
        self._known = dict(known)
        self.pairs: list[tuple[str, str]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
        self.pairs.extend(pairs)
        rows = [self._row(claim, evidence) for claim, evidence in pairs]
        return np.array(rows, dtype=np.float64).reshape(len(pairs), 3)

    def _row(self, claim: str, evidence: str) -> tuple[float, float, float]:
        for (of_claim, of_evidence), (supported, refuted) in self._known.items():
            if of_claim in claim and of_evidence in evidence:
                return supported, refuted, 1.0 - supported - refuted
        return 0.05, 0.05, 0.9


def plain_head(**more: dict[str, float]) -> StanceHead:
    """A stance head with weights that one can see through: the model's own odds, and what code found on top.

    A value that differs speaks for refuting as surely as the counterfactual holds; a source without the subject is
    silent. `more` adds to the weight of a feature, by side.
    """
    from factcheck.verify.stance import FEATURES, StanceHead

    weights = np.zeros((3, len(FEATURES)))
    told = {
        "support": {"supports": 1.0},
        "refute": {"refutes": 1.0},
        "disagree": {"supports": -8.0},
        "counterfactual": {"refutes": 1.5},
        "subject_missing": {"neutral": 6.0},
        **more,
    }
    for feature, sides in told.items():
        for side, weight in sides.items():
            weights[("supports", "refutes", "neutral").index(side), FEATURES.index(feature)] = weight
    return StanceHead(weights, np.zeros(3))


def make_corpus(directory: Path, *notes: Document) -> Corpus:
    """A corpus of these notes, embedded by hashing."""
    from fakes_embedder import HashingEmbedder

    from factcheck.index import Corpus

    corpus = Corpus.create(directory, HashingEmbedder())
    corpus.add(notes)
    return corpus


def make_engine(corpus: Corpus, judge: Judge, **fields: Any) -> Engine:
    """An engine whose extractor takes every sentence for a claim, unless the test says otherwise."""
    from factcheck.engine import Engine

    base: dict[str, Any] = {
        "settings": Settings.load(),
        "corpus": corpus,
        "extractor": SentenceExtractor(),
        "judge": judge,
        "today": lambda: date(2024, 7, 1),
    }
    return Engine(**{**base, **fields})
