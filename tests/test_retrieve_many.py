"""Many claims searched for together find what each finds alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fakes
import pytest

from factcheck.index import Corpus
from factcheck.retrieve import retrieve, retrieve_many
from factcheck.settings import Settings

WORDS = ("rice", "treaty", "flags", "harbour", "vaccine", "flood", "election", "airport")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    notes = [
        fakes.document(
            f"The {a} of {b} was told of in note {i}{j}.", published="2024-06-18" if (i + j) % 3 else "2025-01-01"
        )
        for i, a in enumerate(WORDS)
        for j, b in enumerate(WORDS)
    ]
    made = fakes.make_corpus(tmp_path / "notes", *notes)
    yield made
    made.close()


def test_together_as_alone(corpus: Corpus) -> None:
    settings = Settings.load(retrieve=12, evidence=4)
    asked = [
        (fakes.claim(f"The {a} of {b} was told of.", speaker="Kim"), (f"about {b}",)) for a in WORDS for b in WORDS
    ]
    asked.append((fakes.claim("The treaty of flags.", as_of=date(2023, 1, 1)), ()))
    together = retrieve_many(asked, corpus, settings)
    assert together == [retrieve(claim, corpus, settings, extra) for claim, extra in asked]
    assert all(found.candidates for found in together)
    assert len(together[0].queries) == 3 and len(together[-1].queries) == 1


def test_one_that_needs_a_deeper_look_leaves_the_others_as_they_are(corpus: Corpus) -> None:
    """Nothing is in time for the second claim, so that it is searched for to the end of the corpus."""
    settings = Settings.load(retrieve=15, evidence=4)
    early = fakes.claim("The rice of flags was told of.", as_of=date(2020, 1, 1))
    claims = [fakes.claim("The rice of flags was told of."), early, fakes.claim("The flood of rice was told of.")]
    first, second, third = retrieve_many([(claim, ()) for claim in claims], corpus, settings)
    assert {one.timing for one in second.candidates} == {"later"} and not second.ranked
    assert first == retrieve(claims[0], corpus, settings) and third == retrieve(claims[2], corpus, settings)
    assert len(first.ranked) == len(third.ranked) == 15


def test_nothing_is_found_for_nobody(corpus: Corpus) -> None:
    assert retrieve_many([], corpus, Settings.load()) == []


def test_vectors_near_to_each(corpus: Corpus) -> None:
    texts = ["The rice of flags", "The flood of vaccine", "election"]
    vectors = corpus.query_vectors(texts, ["en"] * 3)
    together = corpus.dense_many(vectors, 7)
    assert together == [corpus.dense(vector, 7) for vector in vectors]
    assert [len(found) for found in together] == [7, 7, 7]
    assert corpus.dense_many(vectors[:0], 7) == []


def test_an_empty_corpus_has_nothing_near(tmp_path: Path) -> None:
    with fakes.make_corpus(tmp_path / "empty") as corpus:
        assert corpus.dense_many(corpus.query_vectors(["rice", "flags"], [None, None]), 3) == [[], []]
