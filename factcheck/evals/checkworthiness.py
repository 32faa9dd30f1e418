"""The checkworthy task: the product's own score of a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from factcheck.evals.rows import Dataset, Prediction, Question
from factcheck.extract.checkworthy import THRESHOLD, language_of, why_left_out, worth
from factcheck.extract.speech import reported_speech
from factcheck.text import sentences
from factcheck.types import Span

OnProgress = Callable[[int, int | None], None]
Clock = Callable[[], float]


def run(
    dataset: Dataset, *, on_progress: OnProgress | None = None, clock: Clock = time.perf_counter
) -> Iterator[Prediction]:
    """For each row the score that `RuleExtractor` gives its sentence, and on which side of its threshold it is.

    A sentence that the rules leave out whatever its features (a question, a wish, a call to share) scores nought. The
    score is a logistic sum of weights set by hand, so it ranks, and is no probability.

    Args:
        dataset: a `checkworthy` set.
        on_progress: called with the number of rows done and their number.
        clock: gives seconds.
    """
    for done, row in enumerate(dataset.rows, start=1):
        started = clock()
        score = sentence_score(row.question)
        yield Prediction(
            id=row.question.id,
            task="checkworthy",
            label="checkworthy" if score >= THRESHOLD else "not_checkworthy",
            score=score,
            seconds=round(clock() - started, 4),
        )
        if on_progress:
            on_progress(done, len(dataset.rows))


def sentence_score(question: Question) -> float:
    """The product's check-worthiness of a text, in [0, 1]: that of its most check-worthy sentence."""
    language = language_of(question.text, question.language)
    spans = sentences(question.text, language)
    return max((_score(question.text, span, language) for span in spans), default=0.0)


def _score(text: str, span: Span, language: str) -> float:
    sentence = span.of(text)
    if why_left_out(sentence, language):
        return 0.0
    return worth(sentence, language, reported=reported_speech(text, span, language) is not None).score
