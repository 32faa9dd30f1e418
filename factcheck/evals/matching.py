"""The match task: the product's own search over the set's corpus, ranked by document."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from factcheck.evals.rows import Dataset, Prediction, Question

if TYPE_CHECKING:
    from factcheck.index import Corpus

OnProgress = Callable[[int, int | None], None]
Clock = Callable[[], float]

DEPTH = 20
"""Documents that a prediction ranks, where the corpus has as many."""

_QUERIES_AT_ONCE = 64


def run(
    dataset: Dataset, corpus: Corpus, *, on_progress: OnProgress | None = None, clock: Clock = time.perf_counter
) -> Iterator[Prediction]:
    """For each row the documents that `factcheck.retrieve.search` finds for its text, best first.

    Args:
        dataset: a set of any task whose questions are searched for.
        corpus: the set's documents (`eval_corpus`); their ids are the set's `doc_id`s.
        on_progress: called with the number of rows done and their number.
        clock: gives seconds; embedding is done for many rows at once and its time is shared among them.
    """
    from factcheck.retrieve import query_language

    questions = [row.question for row in dataset.rows]
    done, todo = 0, iter(questions)
    while batch := tuple(islice(todo, _QUERIES_AT_ONCE)):
        started = clock()
        corpus.query_vectors([q.text for q in batch], [query_language(q.text, corpus) for q in batch])
        share = (clock() - started) / len(batch)
        for question in batch:
            started = clock()
            found = ranked_documents(question, corpus)
            done += 1
            seconds = round(share + clock() - started, 4)
            yield Prediction(id=question.id, task="match", retrieved=found, seconds=seconds)
            if on_progress:
                on_progress(done, len(questions))


def ranked_documents(question: Question, corpus: Corpus, depth: int = DEPTH) -> tuple[str, ...]:
    """The ids of the documents that a question's text finds, each at its best passage, at least `depth` if it can."""
    from factcheck.retrieve import search

    wanted = 2 * depth
    while True:
        found = search(question.text, corpus, wanted)
        documents = unique(candidate.passage.document_id for candidate in found)
        if len(documents) >= depth or len(found) < wanted:
            return documents
        wanted *= 2


def unique(ids: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    """Each id once, at its first place."""
    return tuple(dict.fromkeys(ids))
