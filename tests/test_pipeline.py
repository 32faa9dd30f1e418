from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import fakes
import pytest

from factcheck.errors import CorpusError, JudgeError, LLMBadReply, LLMUnavailable
from factcheck.index import Corpus
from factcheck.pipeline import Progress, as_of_date, check, check_claim, claim_of_text
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.types import Assessment, Document, Report, Usage, content_id

TEXT = "Putin landed in Pyongyang. Kim met him at the airport. They rode in one car. Was it raining?"
ARTICLE = Document.from_text(TEXT, title="A visit", language="en", published="2024-06-19", author="A. Writer")

NOTES = (
    fakes.document("Putin landed in Pyongyang in the early hours of Wednesday.", publisher="A"),
    fakes.document("Kim met Putin at the airport in Pyongyang.", publisher="B"),
    fakes.document("Putin and Kim rode in one car from the airport.", publisher="C", published="2024-06-25"),
    fakes.document("A car rode away from Pyongyang with Putin and Kim.", publisher="D", published=None),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", *NOTES)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs.sqlite3")


def _supporting(corpus: Corpus, **fields: Any) -> Any:
    return fakes.make_engine(corpus, fakes.ScriptedJudge(default=fakes.everything("supports")), **fields)


# --- a report -----------------------------------------------------------------------------------------------------


def test_an_article_becomes_a_report(corpus: Corpus) -> None:
    report = check(ARTICLE, _supporting(corpus))
    assert [c.text for c in report.claims] == [
        "Putin landed in Pyongyang.",
        "Kim met him at the airport.",
        "They rode in one car.",
    ]
    assert [(item.text, item.reason) for item in report.left_out] == [("Was it raining?", "a question")]
    for claim in report.claims:
        assert claim.status == "checked" and claim.label == "supported"
        assert TEXT[claim.start : claim.end] == claim.source_text
        assert claim.retrieved and claim.queries
        for proof in claim.evidence:
            assert report.documents[proof.document_id].text[proof.start : proof.end] == proof.quote
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_the_report_says_how_it_came_about(corpus: Corpus) -> None:
    report = check(ARTICLE, _supporting(corpus), run_id="run-x")
    run = report.run
    assert (run.id, run.mode, run.corpus_snapshot) == ("run-x", "offline", corpus.snapshot)
    assert run.models["verifier"] == "scripted@1" and run.models["embedding"].startswith("hashing@")
    assert run.corpus == {"name": "notes", "documents": 4}
    assert run.settings["evidence"] == 10 and "home" not in run.settings
    assert run.cost_usd == 0.0 and run.seconds >= 0 and not run.time_rule_lifted
    article = report.article
    assert (article.title, article.author, article.language) == ("A visit", "A. Writer", "en")


def test_nothing_from_after_the_as_of_date_decides(corpus: Corpus) -> None:
    report = check(ARTICLE, _supporting(corpus))
    late = {NOTES[2].id: "later", NOTES[3].id: "undated"}
    shown = [e for claim in report.claims for e in claim.evidence if e.document_id in late]
    assert shown, "later and undated evidence is shown apart"
    for proof in shown:
        assert not proof.used and proof.why_not == late[proof.document_id]
    lifted = check(ARTICLE, _supporting(corpus, settings=Settings.load(lift_time_rule=True)))
    assert lifted.run.time_rule_lifted
    assert {e.document_id for c in lifted.claims for e in c.evidence if e.used} & set(late)


@pytest.mark.parametrize(
    ("published", "given", "day", "source"),
    [
        ("2024-06-19", date(2024, 1, 1), date(2024, 1, 1), "given"),
        ("2024-06-19", None, date(2024, 6, 19), "article"),
        ("2024-06", None, date(2024, 6, 30), "article"),
        (None, None, date(2024, 7, 1), "today"),
    ],
)
def test_the_as_of_date_and_where_it_comes_from(
    corpus: Corpus, published: str | None, given: date | None, day: date, source: str
) -> None:
    document = Document(id="d", text=TEXT, published=published)
    assert as_of_date(document, given, date(2024, 7, 1)) == (day, source)
    report = check(document, _supporting(corpus), as_of=given)
    assert (report.article.as_of, report.article.as_of_source) == (day, source)
    assert {(c.as_of, c.as_of_source) for c in report.claims} == {(day, source)}


def test_an_article_without_claims_gives_an_honest_report(corpus: Corpus) -> None:
    report = check(Document(id="d", text="Was it raining?"), _supporting(corpus))
    assert report.claims == () and len(report.left_out) == 1


def test_what_is_over_the_limit_is_listed_as_left_out(corpus: Corpus) -> None:
    report = check(ARTICLE, _supporting(corpus, settings=Settings.load(max_claims=1)))
    assert len(report.claims) == 1
    assert [item.text for item in report.left_out] == [
        "Kim met him at the airport.",
        "They rode in one car.",
        "Was it raining?",
    ]
    assert "limit of 1" in report.left_out[0].reason


# --- rule 3: a failure is never a verdict -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (LLMUnavailable("The endpoint gave no answer within 120 s."), "no answer within 120 s"),
        (LLMBadReply("The answer is not JSON."), "not JSON"),
        (JudgeError("It could not be judged."), "could not be judged"),
        (CorpusError("The corpus was removed."), "corpus was removed"),
        (RuntimeError("secret detail"), "internal error (RuntimeError)"),
        (MemoryError(), "internal error (MemoryError)"),
    ],
)
@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_a_failed_claim_has_its_reason_and_the_others_go_on(
    corpus: Corpus, failure: Exception, words: str, mode: str
) -> None:
    judge = fakes.ScriptedJudge({"Kim met": failure}, fakes.everything("supports"))
    settings = Settings.load(llm_model="scripted" if mode == "llm" else None)
    report = check(ARTICLE, fakes.make_engine(corpus, judge, settings=settings))
    assert [c.status for c in report.claims] == ["checked", "not_checked", "checked"]
    failed = report.claims[1]
    assert failed.label is None and failed.confidence is None and failed.evidence == ()
    assert words in (failed.reason or "") and "secret detail" not in (failed.reason or "")
    assert report.claims[2].label == "supported"


def test_an_answer_that_breaks_a_rule_is_an_error_and_no_verdict(corpus: Corpus) -> None:
    judge = fakes.ScriptedJudge(default=lambda claim, candidates: None)  # type: ignore[arg-type,return-value]
    report = check(ARTICLE, fakes.make_engine(corpus, judge))
    assert {c.status for c in report.claims} == {"not_checked"}


def test_what_a_failed_claim_cost_is_counted(corpus: Corpus) -> None:
    failure = LLMBadReply("The answer is empty.")
    failure.usage = Usage(calls=1, prompt_tokens=100, completion_tokens=7)
    paid = Assessment(findings=(), usage=Usage(calls=1, prompt_tokens=50, completion_tokens=5))
    judge = fakes.ScriptedJudge({"Kim met": failure}, paid)
    report = check(ARTICLE, fakes.make_engine(corpus, judge, settings=Settings.load(llm_model="m")))
    assert report.run.tokens == {"calls": 3, "prompt": 200, "completion": 17, "cached": 0}
    assert report.run.cost_usd is None, "no price is known"
    assert report.claims[1].usage.prompt_tokens == 100


def test_notes_of_the_judge_are_kept(corpus: Corpus) -> None:
    judge = fakes.ScriptedJudge(default=Assessment(findings=(), notes=("one source was passed over",)))
    report = check(ARTICLE, fakes.make_engine(corpus, judge))
    assert report.claims[0].notes == ("one source was passed over",)


# --- the language model's extractor may fail, too ---------------------------------------------------------------------


def test_rules_stand_in_where_the_model_cannot_extract(corpus: Corpus) -> None:
    engine = _supporting(
        corpus, extractor=fakes.SentenceExtractor(LLMUnavailable("No answer.")), fallback=fakes.SentenceExtractor()
    )
    report = check(ARTICLE, engine)
    assert len(report.claims) == 3
    assert "by rules" in report.run.notes[0] and "No answer." in report.run.notes[0]


def test_without_a_stand_in_the_run_fails_and_says_why(corpus: Corpus, store: RunStore) -> None:
    engine = _supporting(corpus, extractor=fakes.SentenceExtractor(LLMUnavailable("No answer.")), store=store)
    with pytest.raises(LLMUnavailable):
        check(ARTICLE, engine, run_id="r")
    found = store.get("r")
    assert found is not None and (found.status, found.reason) == ("failed", "No answer.")


# --- progress and the record ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_progress_is_told_in_the_callers_thread(corpus: Corpus, mode: str) -> None:
    told: list[tuple[Progress, int]] = []
    settings = Settings.load(llm_model="scripted" if mode == "llm" else None)
    check(
        ARTICLE,
        _supporting(corpus, settings=settings),
        on_progress=lambda p: told.append((p, threading.get_ident())),
    )
    steps = [(p.stage, p.done, p.total) for p, _ in told]
    assert steps == [
        ("extracting", 0, 0),
        ("checking", 0, 3),
        ("checking", 1, 3),
        ("checking", 2, 3),
        ("checking", 3, 3),
        ("done", 3, 3),
    ]
    assert all(p.result is not None for p, _ in told[2:5])
    assert {thread for _, thread in told} == {threading.get_ident()}


def test_a_run_is_on_record_claim_by_claim(corpus: Corpus, store: RunStore) -> None:
    seen: list[tuple[str, int]] = []

    def look(progress: Progress) -> None:
        found = store.get("r")
        assert found is not None
        seen.append((found.status, len(found.results)))

    report = check(ARTICLE, _supporting(corpus, store=store), run_id="r", on_progress=look)
    assert seen == [("running", 0), ("running", 0), ("running", 1), ("running", 2), ("running", 3), ("done", 3)]
    found = store.get("r")
    assert found is not None and found.report == report
    assert tuple(found.results[i] for i in range(3)) == report.claims


@pytest.mark.parametrize(
    ("stop", "status"), [(KeyboardInterrupt, "interrupted"), (SystemExit, "interrupted"), (RuntimeError, "failed")]
)
def test_a_run_that_is_stopped_keeps_what_was_finished(
    corpus: Corpus, store: RunStore, stop: type[BaseException], status: str
) -> None:
    def halt(progress: Progress) -> None:
        if progress.done == 2:
            raise stop

    with pytest.raises(stop):
        check(ARTICLE, _supporting(corpus, store=store), run_id="r", on_progress=halt)
    found = store.get("r")
    assert found is not None and found.status == status and found.claims is not None and len(found.claims) == 3
    assert [r.status for r in found.results.values()] == ["checked", "checked"]


def test_two_runs_at_once_stay_apart(corpus: Corpus, store: RunStore) -> None:
    engine = _supporting(corpus, store=store)
    articles = {
        f"r{i}": Document(id=f"d{i}", text=f"Putin landed in Pyongyang {i} times. Kim met him.") for i in range(6)
    }
    reports: dict[str, Report] = {}

    def work(run_id: str) -> None:
        reports[run_id] = check(articles[run_id], engine, run_id=run_id)

    threads = [threading.Thread(target=work, args=(run_id,)) for run_id in articles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for run_id, article in articles.items():
        assert reports[run_id].article.text == article.text and reports[run_id].run.id == run_id
        found = store.get(run_id)
        assert found is not None and found.report == reports[run_id]


def test_claims_checked_before_are_offered_and_never_applied(corpus: Corpus) -> None:
    first = check(ARTICLE, _supporting(corpus), run_id="first")
    assert [c.matches for c in first.claims] == [(), (), ()]
    silent = fakes.make_engine(corpus, fakes.ScriptedJudge())
    second = check(ARTICLE, silent, run_id="second")
    match = second.claims[0].matches[0]
    assert (match.run_id, match.label, match.text) == (
        content_id("run", "first"),
        "supported",
        "Putin landed in Pyongyang.",
    )
    assert {c.label for c in second.claims} == {"not_enough_evidence"}


def test_a_corpus_that_cannot_be_written_to_costs_no_report(corpus: Corpus) -> None:
    class ReadOnly(Corpus):
        def remember(self, *args: object) -> None:
            raise OSError("read-only file system")

    engine = _supporting(ReadOnly(corpus.directory, corpus.embedder))
    report = check(ARTICLE, engine)
    engine.corpus.close()
    assert len(report.claims) == 3
    assert "were not laid beside the corpus" in report.run.notes[0]


# --- a claim by itself ------------------------------------------------------------------------------------------------


def test_a_claim_given_as_text_is_its_own_source(corpus: Corpus) -> None:
    engine = _supporting(corpus)
    claim = claim_of_text("  Putin landed in Pyongyang. ", engine, as_of=date(2024, 6, 19), speaker="Ushakov")
    assert (claim.text, claim.source_text) == ("Putin landed in Pyongyang.", "  Putin landed in Pyongyang. ")
    assert (claim.speaker, claim.as_of, claim.as_of_source) == ("Ushakov", date(2024, 6, 19), "given")
    assert check_claim(claim, engine).label == "supported"
    undated = claim_of_text("Putin landed in Pyongyang.", engine)
    assert (undated.as_of, undated.as_of_source) == (date(2024, 7, 1), "today")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_claim_is_refused(corpus: Corpus, text: str) -> None:
    from factcheck.errors import InputError

    with pytest.raises(InputError, match="empty"):
        claim_of_text(text, _supporting(corpus))
