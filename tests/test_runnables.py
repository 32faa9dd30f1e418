from __future__ import annotations

import asyncio
import operator
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import fakes
import pytest
from fakes import Assessment, Candidate, Claim
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from langchain_core.tracers.base import BaseTracer

from factcheck.engine import Engine
from factcheck.errors import InputError, LLMUnavailable
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.runnables import CorpusRetriever, article_checker, claim_checker, claim_extractor
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.types import ClaimResult, Document, Report

LANDED = "Putin landed in Pyongyang."
MET = "Kim met Putin at the airport."
CAR = "Both men rode in one car to a guest house."
ARTICLE = f"{LANDED} {MET} {CAR}"
NOTES = (
    fakes.document("Putin landed in Pyongyang early on Wednesday.", publisher="A", url="https://a.example/1"),
    fakes.document("Kim met Putin at the airport of Pyongyang.", publisher="B"),
    fakes.document("Putin and Kim rode in one car to a guest house.", publisher="C", published="2024-07-01"),
    fakes.document("Putin landed in Hanoi later.", publisher="D", published=None),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", *NOTES)
    yield made
    made.close()


@pytest.fixture
def engine(corpus: Corpus) -> Engine:
    answers = {"met": LLMUnavailable("The endpoint gave no answer within 120 seconds.")}
    return fakes.make_engine(corpus, fakes.ScriptedJudge(answers, fakes.everything("supports")))


class _Slow(fakes.ScriptedJudge):
    """Takes its time for the first claim, counts how many are judged at once."""

    def __init__(self, slow: str = "landed", seconds: float = 0.2) -> None:
        super().__init__()
        self._slow, self._seconds = slow, seconds
        self._lock = threading.Lock()
        self.now = self.most = self.judged = 0

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self._seconds if self._slow in claim.text else 0)
        with self._lock:
            self.now -= 1
            self.judged += 1
        return fakes.everything("supports")(claim, candidates)


def _llm(corpus: Corpus, judge: _Slow, **fields: Any) -> Engine:
    return fakes.make_engine(corpus, judge, settings=Settings.load(llm_model="stub", llm_concurrency=3), **fields)


# --- retriever ------------------------------------------------------------------------------------------------------


def test_the_retriever_gives_what_is_known_of_each_passage(corpus: Corpus) -> None:
    best, *rest = CorpusRetriever(corpus=corpus, k=4).invoke("Putin landed in Pyongyang")
    document = corpus.document(best.metadata["document_id"])
    assert document is not None
    assert document.text[best.metadata["start"] : best.metadata["end"]] == best.page_content
    assert best.id == corpus.passages([str(best.id)])[0].id
    given = {key: best.metadata[key] for key in ("publisher", "url", "date", "date_is", "timing", "language")}
    assert given == {
        "publisher": "A", "url": "https://a.example/1", "date": "2024-06-18", "date_is": "published",
        "timing": "in_time", "language": "en",
    }  # fmt: skip
    assert {one.metadata["timing"] for one in rest} == {"in_time", "undated"}
    scores = [one.metadata["score"] for one in (best, *rest)]
    assert scores == sorted(scores, reverse=True) and len({one.metadata["origin"] for one in (best, *rest)}) == 4


def test_with_a_day_nothing_later_and_nothing_undated_is_given(corpus: Corpus) -> None:
    retriever = CorpusRetriever(corpus=corpus, k=2, as_of=date(2024, 6, 19))
    assert {one.metadata["publisher"] for one in retriever.invoke("Putin rode in one car, landed in Hanoi")} == {
        "A",
        "B",
    }
    shown = CorpusRetriever(corpus=corpus, k=4, as_of=date(2024, 6, 19), show_later=True).invoke(
        "Putin rode in one car"
    )
    assert {one.metadata["publisher"]: one.metadata["timing"] for one in shown} == {
        "A": "in_time", "B": "in_time", "C": "later", "D": "undated",
    }  # fmt: skip


def test_the_day_can_be_set_for_each_call(corpus: Corpus) -> None:
    retriever = CorpusRetriever(corpus=corpus, k=4).configurable_fields(as_of=ConfigurableField(id="as_of"))
    assert len(retriever.invoke("Putin")) == 4
    later = retriever.with_config(configurable={"as_of": date(2024, 8, 1)}).invoke("Putin")
    assert {one.metadata["publisher"] for one in later} == {"A", "B", "C"}


def test_the_retriever_feeds_a_prompt(corpus: Corpus) -> None:
    prompt = ChatPromptTemplate.from_messages([("system", "Answer from: {found}"), ("user", "{question}")])
    seen: list[str] = []

    def kept(value: Any) -> Any:
        seen.append(value.to_string())
        return value

    found = CorpusRetriever(corpus=corpus, k=1) | (lambda documents: documents[0].page_content)
    chain = (
        {"found": found, "question": RunnablePassthrough()}
        | prompt
        | RunnableLambda(kept)
        | FakeListChatModel(responses=["On Wednesday."])
        | StrOutputParser()
    )
    assert chain.invoke("Putin landed in Pyongyang when?") == "On Wednesday."
    assert NOTES[0].text in seen[0] and "Putin landed in Pyongyang when?" in seen[0]


def test_an_empty_query_is_told(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="empty"):
        CorpusRetriever(corpus=corpus).invoke("  ")


# --- one claim ------------------------------------------------------------------------------------------------------


def test_a_claim_is_checked_from_its_text(engine: Engine) -> None:
    result = claim_checker(engine).invoke(LANDED)
    assert result["label"] == "supported" and result["as_of"] == "2024-07-01"
    for quoted in (one for one in ClaimResult.model_validate(result).evidence if one.used):
        document = engine.corpus.document(quoted.document_id)
        assert document is not None and document.text[quoted.start : quoted.end] == quoted.quote


def test_a_claim_is_checked_from_what_is_known_of_it(engine: Engine) -> None:
    given = {"text": LANDED, "as_of": "2024-06-17", "speaker": "Peskov", "language": "en"}
    result = claim_checker(engine).invoke(given)
    assert (result["as_of"], result["speaker"], result["label"]) == ("2024-06-17", "Peskov", "not_enough_evidence")


def test_what_goes_wrong_in_a_check_is_a_value(engine: Engine) -> None:
    result = claim_checker(engine).invoke(MET)
    assert (result["status"], result["label"]) == ("not_checked", None) and "no answer" in result["reason"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("  ", "empty"),
        ({"text": LANDED, "as_of": "soon"}, "as_of"),
        ({"text": LANDED, "day": "2024-06-17"}, "day"),
        ({"words": LANDED}, "text"),
        (7, "int"),
        ({"text": LANDED, "start": 0}, "id"),
    ],
)
def test_a_claim_that_cannot_be_used_is_told(engine: Engine, given: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        claim_checker(engine).invoke(given)


def test_one_bad_claim_of_a_batch_costs_the_others_nothing(engine: Engine) -> None:
    first, bad, last = claim_checker(engine).batch([LANDED, "", MET], return_exceptions=True)
    assert first["label"] == "supported" and isinstance(bad, InputError) and last["status"] == "not_checked"


def test_a_batch_keeps_to_its_bound(corpus: Corpus) -> None:
    claims = [f"Putin landed in Pyongyang {i} times." for i in range(8)]
    offline, llm, asked = _Slow(seconds=0.05), _Slow(seconds=0.05), _Slow(seconds=0.05)
    claim_checker(fakes.make_engine(corpus, offline)).batch(claims)
    claim_checker(_llm(corpus, llm)).batch(claims)
    claim_checker(_llm(corpus, asked)).batch(claims, config={"max_concurrency": 2})
    assert (offline.most, llm.most, asked.most) == (1, 3, 2)


def test_a_check_leaves_the_loop_free(corpus: Corpus) -> None:
    checker = claim_checker(_llm(corpus, _Slow(seconds=0.3)))

    async def both() -> tuple[int, list[dict[str, Any]]]:
        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.01)

        ticks = 0
        clock = asyncio.create_task(tick())
        results = await checker.abatch([LANDED, MET])
        clock.cancel()
        return ticks, results

    ticks, results = asyncio.run(both())
    assert ticks >= 10 and [one["label"] for one in results] == ["supported", "supported"]


# --- extractor and articles -----------------------------------------------------------------------------------------


def test_the_extractor_feeds_the_checker(engine: Engine) -> None:
    chain = claim_extractor(engine) | claim_checker(engine).map()
    results = chain.invoke({"text": ARTICLE, "published": "2024-06-19"})
    assert [one["text"] for one in results] == [LANDED, MET, CAR]
    assert [one["label"] for one in results] == ["supported", None, "supported"]
    assert [ARTICLE[one["start"] : one["end"]] for one in results] == [LANDED, MET, CAR]
    assert {(one["as_of"], one["as_of_source"]) for one in results} == {("2024-06-19", "article")}


def test_an_article_gives_the_report_of_a_check(engine: Engine) -> None:
    given = {"text": ARTICLE, "as_of": "2024-06-19", "title": "A visit", "language": "en"}
    made = Report.model_validate(article_checker(engine).invoke(given))
    known = check(Document.from_text(ARTICLE, title="A visit", language="en"), engine, as_of=date(2024, 6, 19))
    assert made.article == known.article and made.left_out == known.left_out
    assert [c.evidence for c in made.claims] == [c.evidence for c in known.claims]


def test_the_parts_of_a_stream_add_up_to_the_report(engine: Engine) -> None:
    parts = list(article_checker(engine).stream(ARTICLE))
    assert [[c["text"] for c in part["claims"]] for part in parts] == [[LANDED], [MET], [CAR], []]
    whole = Report.model_validate(dict(reduce(operator.add, parts)))
    assert [c.label for c in whole.claims] == ["supported", None, "supported"] and whole.run.mode == "offline"


def test_claims_stream_in_the_order_of_the_article_and_as_soon_as_they_can(corpus: Corpus) -> None:
    judge = _Slow(slow="rode", seconds=0.5)
    began, seen = time.perf_counter(), []
    for part in article_checker(_llm(corpus, judge)).stream(ARTICLE):
        seen += [(c["text"], time.perf_counter() - began) for c in part["claims"]]
    assert [text for text, _ in seen] == [LANDED, MET, CAR]
    assert seen[1][1] < 0.4 < seen[2][1]
    judge = _Slow(slow="landed", seconds=0.2)
    first = next(iter(article_checker(_llm(corpus, judge)).stream(ARTICLE)))
    assert first["claims"][0]["text"] == LANDED


def test_a_stream_can_be_read_without_blocking_the_loop(engine: Engine) -> None:
    async def read() -> list[dict[str, Any]]:
        return [part async for part in article_checker(engine).astream(ARTICLE)]

    parts = asyncio.run(read())
    assert Report.model_validate(dict(reduce(operator.add, parts))).article.text == ARTICLE


def test_what_stands_behind_a_stream_gets_the_whole_report(engine: Engine) -> None:
    chain = article_checker(engine) | RunnableLambda(lambda report: [c["label"] for c in report["claims"]])
    assert chain.invoke(ARTICLE) == ["supported", None, "supported"]
    assert list(chain.stream(ARTICLE)) == [["supported", None, "supported"]]


def test_a_stream_that_nobody_reads_ends_its_check(corpus: Corpus, tmp_path: Path) -> None:
    judge, store = _Slow(slow="landed", seconds=0.02), RunStore(tmp_path / "runs.sqlite3")
    many = " ".join(f"Putin landed in Pyongyang {i} times." for i in range(60))
    stream = article_checker(fakes.make_engine(corpus, judge, store=store)).stream(many)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 20
    while (run := store.recent(1)[0]).status == "running" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert run.status == "failed" and judge.judged < 60


def test_an_article_that_cannot_be_used_is_told(engine: Engine) -> None:
    short = fakes.make_engine(engine.corpus, engine.judge, settings=Settings.load(max_article_chars=1000))
    for given, said in (
        ("", "no text"),
        ("word " * 400, "at most 1,000"),
        ({"text": ARTICLE, "published": "x"}, "published"),
    ):
        with pytest.raises(InputError, match=said):
            article_checker(short).invoke(given)
        with pytest.raises(InputError, match=said):
            list(article_checker(short).stream(given))
    with pytest.raises(InputError, match="at most"):
        article_checker(short).invoke(Document.from_text("word " * 400))


# --- schemas and tracing --------------------------------------------------------------------------------------------


def test_what_goes_in_and_what_comes_out_has_a_schema(engine: Engine) -> None:
    checker, extractor, article = claim_checker(engine), claim_extractor(engine), article_checker(engine)
    assert {"text", "as_of", "speaker", "language"} == set(
        checker.get_input_jsonschema()["$defs"]["ClaimGiven"]["properties"]
    )
    assert {"label", "reason", "evidence"} <= set(checker.get_output_jsonschema()["properties"])
    assert extractor.get_output_jsonschema()["type"] == "array"
    assert {"article", "claims", "run"} <= set(article.get_output_jsonschema()["properties"])
    result = checker.invoke(LANDED)
    assert checker.get_output_schema().model_validate(result)
    assert extractor.get_output_schema().model_validate(extractor.invoke(ARTICLE))
    assert [one.get_name() for one in (checker, extractor, article)] == [
        "check_claim", "extract_claims", "check_article",
    ]  # fmt: skip


class _Kept(BaseTracer):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def _persist_run(self, run: Any) -> None:
        self.names.append(run.name)


def test_callbacks_see_each_step_once(engine: Engine) -> None:
    tracer = _Kept()
    list(article_checker(engine).stream(ARTICLE, config={"callbacks": [tracer]}))
    claim_checker(engine).invoke(LANDED, config={"callbacks": [tracer]})
    CorpusRetriever(corpus=engine.corpus).invoke("Putin", config={"callbacks": [tracer]})
    assert tracer.names == ["check_article", "check_claim", "CorpusRetriever"]


def test_nothing_is_traced_to_langsmith_unless_the_settings_say_so(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langsmith.utils import get_env_var, tracing_is_enabled

    seen: list[bool] = []

    def answer(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        seen.append(bool(tracing_is_enabled()))
        return Assessment(findings=())

    async def drain(engine: Engine) -> None:
        async for _ in article_checker(engine).astream(LANDED):
            assert tracing_is_enabled()

    def everything(engine: Engine) -> None:
        claim_checker(engine).invoke(LANDED)
        article_checker(engine).invoke(LANDED)
        assert all(tracing_is_enabled() for _ in article_checker(engine).stream(LANDED))
        asyncio.run(drain(engine))

    judge = fakes.ScriptedJudge({}, answer)
    get_env_var.cache_clear()
    with monkeypatch.context() as patch:
        patch.setenv("LANGSMITH_TRACING", "true")
        everything(fakes.make_engine(corpus, judge))
    get_env_var.cache_clear()
    assert seen == [False] * 4
