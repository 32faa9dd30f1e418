"""The whole job with a language model, over HTTP to a loopback server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fakes
import pytest
from llm_stub import (  # noqa: F401
    KEY,
    Answer,
    LLMStub,
    Request,
    both,
    broken_json,
    cut_off,
    empty,
    extract_sentences,
    good,
    html,
    judge_all,
    judge_by,
    llm_stub_fixture,
    refusal,
    slow,
    status,
    text,
)

from factcheck.engine import Engine
from factcheck.extract.chain import LLMExtractor
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.settings import Settings
from factcheck.types import Document
from factcheck.verify.chain import LLMJudge

ARTICLE = Document.from_text(
    "Putin landed in Pyongyang. Kim met Putin at the airport. Both men rode in one car to a guest house.",
    language="en",
    published="2024-06-19",
)
NOTES = (
    fakes.document("Putin landed in Pyongyang early on Wednesday.", publisher="A"),
    fakes.document("Kim met Putin at the airport of Pyongyang.", publisher="B"),
    fakes.document("Putin and Kim rode in one car to a guest house.", publisher="C", published="2024-07-01"),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", *NOTES)
    yield made
    made.close()


def _engine(corpus: Corpus, settings: Settings) -> Engine:
    return fakes.make_engine(
        corpus,
        LLMJudge(settings),
        settings=settings,
        extractor=LLMExtractor(settings),
        fallback=fakes.SentenceExtractor(),
    )


def _failing_about(words: str, failure: Answer, otherwise: Answer) -> Answer:
    def answer(request: Request) -> Any:
        return (failure if words in request.claim else otherwise)(request)

    return answer


def test_extraction_judging_and_the_rules_together(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = both(extract_sentences(), judge_all("supports"))
    settings = llm_stub.settings(home=tmp_path, llm_price_in=1.0, llm_price_out=2.0)
    report = check(ARTICLE, _engine(corpus, settings))
    assert [claim.label for claim in report.claims] == ["supported"] * 3
    for claim in report.claims:
        assert claim.questions and report.article.text[claim.start : claim.end] == claim.source_text
        assert {e.why_not for e in claim.evidence if e.publisher == "C"} == {"later"}
    run = report.run
    assert run.mode == "llm" and len(llm_stub.requests) == 4
    assert run.tokens == {"calls": 4, "prompt": 400, "completion": 80, "cached": 0}
    assert run.cost_usd == pytest.approx((400 * 1.0 + 80 * 2.0) / 1e6)
    assert set(run.prompts) == {"extract", "verdict"} and all("sha256:" in stamp for stamp in run.prompts.values())
    assert KEY not in report.model_dump_json()


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (lambda: status(500), "HTTP 500"),
        (lambda: status(429), "429"),
        (lambda: text("not JSON at all"), "JSON"),
        (lambda: good({"findings": [{"source": "S1", "quote": "x", "stance": "maybe"}]}), ""),
        (lambda: empty(), "empty"),
        (lambda: refusal(), "refused"),
        (lambda: cut_off('{"questions": []'), ""),
        (lambda: html(), ""),
        (lambda: broken_json(), ""),
        (lambda: slow(3.0, judge_all("refutes")), "no answer within"),
    ],
    ids=["500", "429", "no JSON", "wrong enum", "empty", "refusal", "cut off", "web page", "broken", "timeout"],
)
def test_a_failure_is_one_claims_reason_and_nobodys_verdict(
    corpus: Corpus, llm_stub: LLMStub, tmp_path: Path, failure: Callable[[], Answer], words: str
) -> None:
    judge = _failing_about("Kim met", failure(), judge_all("supports"))
    llm_stub.answer = both(extract_sentences(), judge)
    settings = llm_stub.settings(home=tmp_path, llm_retries=0, llm_timeout=1.0)
    report = check(ARTICLE, _engine(corpus, settings))
    assert [claim.status for claim in report.claims] == ["checked", "not_checked", "checked"]
    failed = report.claims[1]
    assert failed.label is None and failed.evidence == () and failed.reason and words in failed.reason
    assert KEY not in failed.reason


def test_words_that_are_not_in_the_source_decide_nothing(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    invented = judge_by(lambda claim, source: ("refutes", "Officials confirmed that this never happened at all."))
    llm_stub.answer = both(extract_sentences(), invented)
    report = check(ARTICLE, _engine(corpus, llm_stub.settings(home=tmp_path)))
    assert {claim.label for claim in report.claims} == {"not_enough_evidence"}
    assert {e.why_not for claim in report.claims for e in claim.evidence} == {"quote_not_found"}


def test_rules_find_the_claims_where_the_model_cannot(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = both(status(500), judge_all("supports"))
    report = check(ARTICLE, _engine(corpus, llm_stub.settings(home=tmp_path, llm_retries=0)))
    assert [claim.label for claim in report.claims] == ["supported"] * 3
    assert "by rules" in report.run.notes[0]


def test_a_dead_endpoint_gives_a_report_without_a_verdict(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = status(503)
    report = check(ARTICLE, _engine(corpus, llm_stub.settings(home=tmp_path, llm_retries=0)))
    assert [(claim.status, claim.label) for claim in report.claims] == [("not_checked", None)] * 3


def test_where_nobody_is_every_claim_says_the_same(corpus: Corpus, tmp_path: Path) -> None:
    gone = LLMStub()
    settings = gone.settings(home=tmp_path, llm_concurrency=1, llm_retries=2)
    gone.close()
    long = Document.from_text(" ".join(f"Putin landed in Pyongyang {i} times." for i in range(12)), language="en")
    report = check(long, _engine(corpus, settings))
    assert [claim.status for claim in report.claims] == ["not_checked"] * 12
    (reason,) = {claim.reason for claim in report.claims}
    assert reason and "cannot be reached" in reason
    # Two tries again, half a second and a second apart, would be 18 s for twelve claims.
    assert sum(claim.seconds > 0.5 for claim in report.claims) <= 1


def test_claims_are_judged_side_by_side_within_the_bound(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    long = Document.from_text(" ".join(f"Putin landed in Pyongyang {i} times." for i in range(12)), language="en")
    llm_stub.answer = both(extract_sentences(), slow(0.2, judge_all("supports")))
    report = check(long, _engine(corpus, llm_stub.settings(home=tmp_path, llm_concurrency=3)))
    assert 2 <= llm_stub.most_at_once <= 3
    assert [c.start for c in report.claims] == sorted(c.start for c in report.claims)


def test_asked_again_it_is_answered_from_the_cache(corpus: Corpus, llm_stub: LLMStub, tmp_path: Path) -> None:
    llm_stub.answer = both(extract_sentences(), judge_all("supports"))
    settings = llm_stub.settings(home=tmp_path)
    first = check(ARTICLE, _engine(corpus, settings))
    asked = len(llm_stub.requests)
    again = check(ARTICLE, _engine(corpus, settings))
    assert len(llm_stub.requests) == asked
    assert [c.evidence for c in again.claims] == [c.evidence for c in first.claims]
    assert again.run.tokens["prompt"] == 0 and again.run.tokens["cached"] > 0
