"""The checkworthy task: the product's own score of a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from factcheck.evals.rows import Dataset, Prediction, Question
from factcheck.extract.checkworthy import THRESHOLD, is_post, language_of, post_worth, why_left_out, worth
from factcheck.extract.speech import reported_speech
from factcheck.text import sentences

OnProgress = Callable[[int, int | None], None]
Clock = Callable[[], float]


def run(
    dataset: Dataset, *, on_progress: OnProgress | None = None, clock: Clock = time.perf_counter
) -> Iterator[Prediction]:
    """For each row the product's own score of the text, and on which side of the threshold it is.

    A sentence gets what `RuleExtractor` gives it; one that the rules leave out whatever its signs (a question, a wish,
    a call to share) scores nought. In a set most of whose rows are posts (several sentences, a link, a tag) every row
    is weighed as a post, as a whole; scores of sentences and of posts are not on one scale. The score was fitted with
    both classes of equal weight, so it ranks, and is no share of texts worth checking.

    Args:
        dataset: a `checkworthy` set.
        on_progress: called with the number of rows done and their number.
        clock: gives seconds.
    """
    posts = 2 * sum(is_post(row.question.text) for row in dataset.rows) > len(dataset.rows)
    for done, row in enumerate(dataset.rows, start=1):
        started = clock()
        score = text_score(row.question, post=posts)
        yield Prediction(
            id=row.question.id,
            task="checkworthy",
            label="checkworthy" if score >= THRESHOLD else "not_checkworthy",
            score=score,
            seconds=round(clock() - started, 4),
        )
        if on_progress:
            on_progress(done, len(dataset.rows))


def text_score(question: Question, *, post: bool) -> float:
    """The product's check-worthiness of a sentence or a post, in [0, 1]."""
    text = question.text
    language = language_of(text, question.language)
    reported = any(reported_speech(text, span, language) is not None for span in sentences(text, language))
    if post:
        return post_worth(text, reported=reported).score
    return 0.0 if why_left_out(text, language) else worth(text, language, reported=reported).score
