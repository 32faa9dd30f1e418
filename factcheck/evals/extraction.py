"""The extract task: the product's extractor over each article or post."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from factcheck.errors import JudgeError, ReadError
from factcheck.evals.rows import Dataset, Prediction, Question
from factcheck.read import read_text
from factcheck.types import AsOfSource, Usage

if TYPE_CHECKING:
    from factcheck.extract import Extractor

OnProgress = Callable[[int, int | None], None]
Clock = Callable[[], float]


def run(
    dataset: Dataset,
    extractor: Extractor,
    *,
    on_progress: OnProgress | None = None,
    workers: int = 1,
    today: date | None = None,
    clock: Clock = time.perf_counter,
) -> Iterator[Prediction]:
    """For each row the claims that an extractor takes, worded by it, with their places in the article.

    Each text is read as `factcheck check` reads a pasted article. One that cannot be read, or for which a language
    model gives no answer, is `not_checked` with the reason; the rules never stand in for the model here.

    Args:
        dataset: an `extract` set.
        extractor: `RuleExtractor` or `LLMExtractor`.
        on_progress: called with the number of rows done and their number.
        workers: articles read side by side; only a language model gains by it.
        today: the day that counts where neither the row nor the article has one.
        clock: gives seconds.
    """
    day = today or datetime.now(UTC).date()
    questions = [row.question for row in dataset.rows]
    pool = ThreadPoolExecutor(workers)

    def one(question: Question) -> Prediction:
        return _timed(question, extractor, day, clock)

    try:
        made = map(one, questions) if workers == 1 else pool.map(one, questions)
        for done, prediction in enumerate(made, start=1):
            yield prediction
            if on_progress:
                on_progress(done, len(questions))
    finally:
        # Whoever stops early must not wait, and pay, for the rest.
        pool.shutdown(cancel_futures=True)


def _timed(question: Question, extractor: Extractor, today: date, clock: Clock) -> Prediction:
    started = clock()
    prediction = _prediction(question, extractor, today)
    return prediction.model_copy(update={"seconds": round(clock() - started, 4)})


def _prediction(question: Question, extractor: Extractor, today: date) -> Prediction:
    try:
        document = read_text(question.text)
        day, source = _as_of(question, document.public_from, today)
        found, usage = extractor.extract(document, day, source)
    except ReadError as error:
        return Prediction(id=question.id, task="extract", status="not_checked", reason=str(error))
    except JudgeError as error:
        spent = _tokens(error.usage or Usage())
        return Prediction(id=question.id, task="extract", status="not_checked", reason=str(error), tokens=spent)
    # Reading takes a byte order mark off the front, and places count in the text as the set has it.
    before = len(question.text) - len(document.text)
    return Prediction(
        id=question.id,
        task="extract",
        claims=tuple(claim.text for claim in found.claims),
        spans=tuple((claim.start + before, claim.end + before) for claim in found.claims),
        tokens=_tokens(usage),
    )


def _as_of(question: Question, published: date | None, today: date) -> tuple[date, AsOfSource]:
    if question.claim_date:
        return question.claim_date, "given"
    return (published, "article") if published else (today, "today")


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
