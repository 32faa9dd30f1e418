"""The match, extract and checkworthy tasks, run by the product's own parts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

import fakes
import pytest
from fakes_embedder import HashingEmbedder

from factcheck.errors import LLMUnavailable
from factcheck.evals import checkworthiness, extraction, matching, verdicts
from factcheck.evals.rows import Dataset, Given, Question, Row, Task
from factcheck.extract import RuleExtractor
from factcheck.extract.checkworthy import post_worth, worth
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim, Document, Usage

TODAY = date(2024, 7, 1)


def dataset(task: Task, *texts: str, **fields: object) -> Dataset:
    rows = tuple(Row(Question(id=f"r{n}", text=text, **fields), None) for n, text in enumerate(texts))  # type: ignore[arg-type]
    return Dataset("set", Path("set.jsonl"), task, "0", rows, None)


# --- match


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    long = "\n\n".join(
        f"Paragraph {n} on the ferry of Lindow. " + "It crosses the sound at dawn. " * 20 for n in range(40)
    )
    notes = [Document(id="long", text=long, language="en")]
    notes += [
        Document(id=f"n:{n}", text=f"The mill of village {n} ground {n} sacks of rye.", language="en")
        for n in range(70)
    ]
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as made:
        made.add(notes)
        yield made


def test_documents_are_ranked_once_each_and_deep_enough(corpus: Corpus) -> None:
    sought = dataset("match", "The mill of village 17 ground 17 sacks of rye.", "The ferry crosses the sound at dawn.")
    done: list[tuple[int, int | None]] = []
    one, two = matching.run(sought, corpus, on_progress=lambda *at: done.append(at))
    assert (one.id, one.task, one.retrieved[0]) == ("r0", "match", "n:17")
    assert two.retrieved[0] == "long"
    for found in (one.retrieved, two.retrieved):
        assert len(found) >= matching.DEPTH and len(set(found)) == len(found)
    assert done == [(1, 2), (2, 2)]


def test_a_small_corpus_is_ranked_whole(tmp_path: Path) -> None:
    with fakes.make_corpus(tmp_path / "c", *(fakes.document(f"Note {n} of the mill.") for n in range(3))) as small:
        (found,) = matching.run(dataset("match", "Note 1 of the mill."), small)
    assert len(found.retrieved) == 3


def test_seconds_are_the_clocks(corpus: Corpus) -> None:
    ticks = count()
    found = list(matching.run(dataset("match", "mill", "rye"), corpus, clock=lambda: float(next(ticks))))
    # One tick for the embedding of both, and one for each search.
    assert [one.seconds for one in found] == [1.5, 1.5]


# --- extract

ARTICLE = "The mill was built in 1904 by Anna Berg. Why did it burn? It ground 300 sacks of rye in May 1911."


def test_claims_stand_at_their_places() -> None:
    (found,) = extraction.run(dataset("extract", ARTICLE), RuleExtractor(), today=TODAY)
    assert found.status == "checked" and len(found.claims) == len(found.spans) >= 2
    assert any("1904" in claim for claim in found.claims)
    assert all(ARTICLE[start:end].strip() for start, end in found.spans)
    assert not any("Why" in ARTICLE[start:end] for start, end in found.spans)


def test_places_count_in_the_text_as_the_set_has_it() -> None:
    text = "\ufeff" + ARTICLE
    (found,) = extraction.run(dataset("extract", text), fakes.SentenceExtractor(), today=TODAY)
    assert [text[start:end] for start, end in found.spans] == list(found.claims)


def test_an_article_that_cannot_be_read_is_not_checked_and_the_rest_goes_on() -> None:
    bad, good = extraction.run(dataset("extract", "\x01" * 40, ARTICLE), fakes.SentenceExtractor(), today=TODAY)
    assert (bad.status, bad.claims) == ("not_checked", ()) and bad.reason
    assert good.status == "checked"


def test_a_model_that_fails_is_never_replaced_by_rules() -> None:
    failure = LLMUnavailable("The endpoint gave no answer.")
    failure.usage = Usage(calls=1, prompt_tokens=30, completion_tokens=4)
    (found,) = extraction.run(dataset("extract", ARTICLE), fakes.SentenceExtractor(failure), today=TODAY)
    assert (found.status, found.reason, found.claims, found.tokens) == (
        "not_checked", "The endpoint gave no answer.", (), 34,
    )  # fmt: skip


class Days(fakes.SentenceExtractor):
    """Keeps the day that it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[date, str]] = []

    def extract(self, document: Document, as_of: date, as_of_source: str):  # type: ignore[no-untyped-def,override]
        self.told.append((as_of, as_of_source))
        return super().extract(document, as_of, as_of_source)  # type: ignore[arg-type]


def test_the_day_is_the_rows_then_the_articles_then_today() -> None:
    dated = "LINDOW, 3 May 2011 - The mill burned. Nobody was hurt at all that night."
    days = Days()
    list(extraction.run(dataset("extract", ARTICLE, claim_date=date(2020, 1, 2)), days, today=TODAY))
    list(extraction.run(dataset("extract", ARTICLE), days, today=TODAY))
    list(extraction.run(dataset("extract", dated), days, today=TODAY))
    assert days.told == [(date(2020, 1, 2), "given"), (TODAY, "today"), (date(2011, 5, 3), "article")]


def test_side_by_side_keeps_the_order() -> None:
    texts = [f"Village {n} has a mill. It burned." for n in range(20)]
    done: list[tuple[int, int | None]] = []
    made = extraction.run(
        dataset("extract", *texts),
        fakes.SentenceExtractor(),
        workers=4,
        today=TODAY,
        on_progress=lambda *a: done.append(a),
    )
    assert [one.claims[0] for one in made] == [f"Village {n} has a mill." for n in range(20)]
    assert done[-1] == (20, 20)


def test_stopping_early_reads_no_more() -> None:
    days = Days()
    made = extraction.run(dataset("extract", *[ARTICLE] * 50), days, today=TODAY)
    next(made)
    made.close()  # type: ignore[attr-defined]
    assert len(days.told) == 1


# --- verdict


def test_stopping_early_asks_the_model_no_more() -> None:
    asked: list[str] = []

    def slowly(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        asked.append(claim.id)
        time.sleep(0.05)
        return Assessment(findings=())

    given = (Given(doc_id="d", text="The mill burned."),)
    settings = Settings.load(llm_model="scripted", llm_concurrency=2)
    sought = dataset("verdict", *[f"Mill {n} burned." for n in range(50)], evidence=given)
    made = verdicts.run(sought, fakes.ScriptedJudge(default=slowly), settings, today=TODAY)
    next(made)
    made.close()  # type: ignore[attr-defined]
    assert len(asked) < 10


# --- checkworthy


def test_the_score_is_the_products_own() -> None:
    texts = ("The mill ground 300 sacks of rye in May 1911.", "Why did the mill burn?", "I think it is lovely.")
    done: list[tuple[int, int | None]] = []
    found = list(
        checkworthiness.run(dataset("checkworthy", *texts, language="en"), on_progress=lambda *a: done.append(a))
    )
    assert found[0].score == worth(texts[0], "en").score and found[0].label == "checkworthy"
    assert (found[1].score, found[1].label) == (0.0, "not_checkworthy")
    assert found[2].label == "not_checkworthy"
    assert done == [(1, 3), (2, 3), (3, 3)]


def test_a_post_is_weighed_as_a_whole() -> None:
    alarm = "The mill hid a fraud for years. Its flour poisoned and killed two children in France and Spain."
    notice = "The mill opens on Monday! Register for your free visit, more info: https://mill.example"
    texts = (alarm, notice, f"{alarm} {notice}")
    worst, mild, both = (p.score for p in checkworthiness.run(dataset("checkworthy", *texts, language="en")))
    assert worst == post_worth(alarm).score and worst > 0.5 > mild
    assert worst > both > mild


def test_a_sentence_among_posts_is_weighed_as_a_post() -> None:
    plain = "The mill ground 300 sacks of rye in May 1911."
    posts = ("Look at https://mill.example", "The mill burns. Run!", plain)
    assert list(checkworthiness.run(dataset("checkworthy", *posts)))[2].score == post_worth(plain).score
    assert list(checkworthiness.run(dataset("checkworthy", plain, plain, posts[0])))[2].score == worth(posts[0]).score


def test_what_somebody_said_counts_as_reported() -> None:
    text = "Anna Berg said that the old mill stands empty."
    (found,) = checkworthiness.run(dataset("checkworthy", text, language="en"))
    assert found.score == worth(text, "en", reported=True).score > worth(text, "en").score
