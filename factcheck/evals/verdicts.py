"""The verdict task: the product's own judge and rules over given or retrieved evidence."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from factcheck.errors import FactcheckError, JudgeError
from factcheck.evals.corpora import given_passages
from factcheck.evals.matching import unique
from factcheck.evals.rows import Cited, Dataset, Prediction, Question
from factcheck.queries import QueryExpander, expand
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.types import Candidate, Claim, Document, Evidence, Timing, Usage, Verdict
from factcheck.verify import Judge, conclude

if TYPE_CHECKING:
    from factcheck.index import Corpus

_log = logging.getLogger(__name__)

OnProgress = Callable[[int, int | None], None]
Clock = Callable[[], float]


class _Asked(NamedTuple):
    """The passages to judge a claim by, and their documents."""

    candidates: tuple[Candidate, ...]
    ranked: tuple[str, ...]
    documents: Mapping[str, Document]


def run(
    dataset: Dataset,
    judge: Judge,
    settings: Settings,
    *,
    corpus: Corpus | None = None,
    expander: QueryExpander | None = None,
    today: date,
    on_progress: OnProgress | None = None,
    clock: Clock = time.perf_counter,
) -> Iterator[Prediction]:
    """For each row the verdict that the product gives.

    Args:
        dataset: a set of claims.
        judge: the offline judge or a language model's.
        settings: `lift_time_rule` lets evidence of any date count; `evidence`, `retrieve` and `abstain_below` as in
            a check; `llm_concurrency` claims go side by side where a language model judges.
        corpus: where evidence is retrieved (`eval_corpus`); left out, the rows' own evidence is used.
        expander: writes further queries, where evidence is retrieved.
        today: the day of a claim that carries no date.
        on_progress: called with the number of rows done and their number.
        clock: gives seconds.

    Returns:
        Predictions in the order of the rows. A row that could not be judged is `not_checked` with the reason.
    """
    questions = [row.question for row in dataset.rows]
    workers = settings.llm_concurrency if settings.mode == "llm" else 1

    def one(question: Question) -> Prediction:
        began = clock()
        prediction = _prediction(question, judge, settings, corpus, expander, today)
        return prediction.model_copy(update={"seconds": round(clock() - began, 4)})

    pool = ThreadPoolExecutor(workers)
    try:
        made = map(one, questions) if workers == 1 else pool.map(one, questions)
        for done, prediction in enumerate(made, start=1):
            yield prediction
            if on_progress:
                on_progress(done, len(questions))
    finally:
        # Whoever stops early must not wait, and pay, for the rest.
        pool.shutdown(cancel_futures=True)


def dated(dataset: Dataset, corpus: Corpus | None) -> bool:
    """Whether any evidence carries a date, so that the time rule can be kept."""
    if corpus is not None:
        return any(document.public_from for document in corpus.documents())
    return any(piece.published for row in dataset.rows for piece in row.question.evidence)


def claim_of(question: Question, today: date) -> Claim:
    """The question as the claim that the judge is shown."""
    text = question.text.strip()
    return Claim(
        id=question.id,
        text=text,
        start=0,
        end=len(text),
        source_text=text,
        speaker=question.speaker,
        as_of=question.claim_date or today,
        as_of_source="given" if question.claim_date else "today",
        language=question.language or detect_language(text),
    )


def given_candidates(question: Question, claim: Claim, *, lift_time_rule: bool) -> tuple[Candidate, ...]:
    """The evidence that comes with a row as the judge is shown it: each document is an origin of its own."""
    return tuple(
        Candidate(
            passage=passage,
            document=document,
            score=0.0,
            timing=_timing(document, claim.as_of, lift_time_rule),
            origin=document.id,
        )
        for document, passage in given_passages(question)
    )


def _timing(document: Document, as_of: date, lifted: bool) -> Timing:
    public = document.public_from
    if public is not None and public <= as_of:
        return "in_time"
    if lifted:
        return "rule_lifted"
    return "undated" if public is None else "later"


def _asked(
    question: Question, claim: Claim, settings: Settings, corpus: Corpus | None, queries: Sequence[str]
) -> _Asked:
    if corpus is None:
        candidates = given_candidates(question, claim, lift_time_rule=settings.lift_time_rule)
        return _Asked(candidates, (), {c.document.id: c.document for c in candidates})
    from factcheck.retrieve import retrieve

    found = retrieve(claim, corpus, settings, queries)
    documents = {c.document.id: c.document for c in found.candidates}
    passages = {passage.id: passage.document_id for passage in corpus.passages(found.ranked)}
    ranked = unique(passages[key] for key in found.ranked if key in passages)
    return _Asked(found.candidates, ranked, documents)


def _prediction(
    question: Question,
    judge: Judge,
    settings: Settings,
    corpus: Corpus | None,
    expander: QueryExpander | None,
    today: date,
) -> Prediction:
    usage = Usage()
    try:
        claim = claim_of(question, today)
        expansion = expand(claim, expander if corpus else None)
        usage = expansion.usage
        asked = _asked(question, claim, settings, corpus, expansion.texts)
        assessment = judge.judge(claim, asked.candidates)
        usage += assessment.usage
        verdict = conclude(claim, asked.candidates, assessment, judge.weighing, abstain_below=settings.abstain_below)
    except JudgeError as error:
        return _not_checked(question, error, usage + (error.usage or Usage()))
    except FactcheckError as error:
        return _not_checked(question, error, usage)
    except Exception as error:  # a fault of ours in one row must neither end the others nor become a verdict
        _log.exception("row %s failed", question.id)
        return _not_checked(question, f"An internal error ({type(error).__name__}) stopped this row.", usage)
    return Prediction(
        id=question.id,
        task="verdict",
        label=verdict.label,
        confidence=verdict.confidence,
        probabilities=dict(verdict.probabilities),
        evidence=_cited(verdict, asked.documents, used=True),
        shown=_cited(verdict, asked.documents, used=False),
        retrieved=asked.ranked,
        tokens=usage.prompt_tokens + usage.completion_tokens,
        notes=expansion.notes + assessment.notes,
    )


def _not_checked(question: Question, error: Exception | str, usage: Usage) -> Prediction:
    return Prediction(
        id=question.id,
        task="verdict",
        status="not_checked",
        reason=str(error),
        tokens=usage.prompt_tokens + usage.completion_tokens,
    )


def _cited(verdict: Verdict, documents: Mapping[str, Document], *, used: bool) -> tuple[Cited, ...]:
    return tuple(_looked_up(one, documents.get(one.document_id)) for one in verdict.evidence if one.used is used)


def _looked_up(evidence: Evidence, document: Document | None) -> Cited:
    return Cited(
        doc_id=evidence.document_id,
        quote=evidence.quote,
        start=evidence.start,
        end=evidence.end,
        stance=evidence.stance,
        in_source=document is not None and document.text[evidence.start : evidence.end] == evidence.quote,
    )
