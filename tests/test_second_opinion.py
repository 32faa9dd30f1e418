from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_stub import LLMStub, both, extract_sentences, judge_all, llm_stub_fixture, status  # noqa: F401

from factcheck.errors import JudgeError, LLMUnavailable, ModelError
from factcheck.extract.chain import LLMExtractor
from factcheck.pipeline import check
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Document, Finding, Question, Stance, Usage, Verdict
from factcheck.verify import Judge, conclude
from factcheck.verify.chain import WEIGHING, LLMJudge
from factcheck.verify.offline import OfflineJudge
from factcheck.verify.second import FIRST_GUESS, Agreement, SecondOpinionJudge, fit_agreement, llm_judge, revise
from factcheck.verify.weigh import Weighing

CLAIM = fakes.claim("Putin landed in Pyongyang.")
LANDED = fakes.candidate("Putin landed in Pyongyang on Wednesday.")
STAYED = fakes.candidate("Putin never left Moscow that week.")
NEUTRAL = tuple(fakes.candidate(f"The weather of {town} was fair.") for town in ("Vinh", "Hue", "Riga", "Oslo", "Bern"))


class Model(fakes.ScriptedJudge):
    """A language model's judge: stances without a probability."""

    @property
    def models(self) -> Mapping[str, str]:
        return {"judge": "scripted-llm"}

    @property
    def prompts(self) -> Mapping[str, str]:
        return {"verdict": "2 sha256:0"}

    @property
    def weighing(self) -> Weighing:
        return WEIGHING


def says(*stances: tuple[Candidate, Stance]) -> Assessment:
    return Assessment(findings=tuple(fakes.finding(c, stance, probability=None) for c, stance in stances))


def reads(*odds: tuple[Candidate, float, float]) -> Assessment:
    """What the offline verifier makes of each candidate: how surely it supports and refutes."""
    return Assessment(findings=tuple(_read(c, supports, refutes) for c, supports, refutes in odds))


def _read(source: Candidate, supports: float, refutes: float) -> Finding:
    row: dict[Stance, float] = {"supports": supports, "refutes": refutes, "neutral": 1 - supports - refutes}
    stance = max(row, key=lambda name: row[name])
    return Finding(
        passage_id=source.passage.id,
        stance=stance,
        quote=source.passage.text,
        probability=row[stance],
        probabilities=(row["supports"], row["refutes"], row["neutral"]),
    )


def verdict(candidates: Sequence[Candidate], first: Assessment, second: Assessment | Exception | None) -> Verdict:
    judge: Judge = Model(default=first)
    if second is not None:
        judge = SecondOpinionJudge(judge, fakes.ScriptedJudge(default=second))
    return conclude(CLAIM, candidates, judge.judge(CLAIM, candidates), judge.weighing)


# --- what it does to a verdict


@pytest.mark.parametrize(
    ("source", "stance", "label"), [(LANDED, "supports", "supported"), (STAYED, "refutes", "refuted")]
)
def test_agreement_raises_and_disagreement_lowers_the_confidence(source: Candidate, stance: Stance, label: str) -> None:
    sure = (0.95, 0.01) if stance == "supports" else (0.01, 0.95)
    agreed, alone, apart, against = (
        verdict([source], says((source, stance)), second)
        for second in (
            reads((source, *sure)), None, reads((source, 0.02, 0.02)), reads((source, sure[1], sure[0])),
        )
    )  # fmt: skip
    assert {v.label for v in (agreed, alone, apart, against)} == {label}
    assert agreed.confidence > alone.confidence > apart.confidence >= against.confidence > 0.5
    assert agreed.evidence[0].quote == alone.evidence[0].quote == source.passage.text


@given(told=st.floats(0, 1), silent=st.integers(0, 5), stance=st.sampled_from(["supports", "refutes"]))
def test_the_verifier_alone_never_overrules_a_lone_voice(told: float, silent: int, stance: Stance) -> None:
    candidates = (LANDED, *NEUTRAL[:silent])
    found = says((LANDED, stance), *((c, "neutral") for c in NEUTRAL[:silent]))
    odds = (told, 0.0) if stance == "supports" else (0.0, told)
    after = verdict(candidates, found, reads((LANDED, *odds), *((c, 0.0, 0.0) for c in NEUTRAL[:silent])))
    assert after.label == verdict(candidates, found, None).label
    assert after.label == {"supports": "supported", "refutes": "refuted"}[stance]


def test_one_source_settles_it_among_ten() -> None:
    others = [fakes.candidate(f"Train {n} was late.") for n in range(9)]
    found = says((LANDED, "supports"), *((c, "neutral") for c in others))
    assert verdict([LANDED, *others], found, None).label == "supported"


def test_where_sides_stand_close_it_tips_the_balance() -> None:
    found = says((LANDED, "supports"), (STAYED, "refutes"))
    doubted = reads((LANDED, 0.97, 0.01), (STAYED, 0.02, 0.03))
    assert verdict((LANDED, STAYED), found, None).label == "conflicting"
    kept = verdict((LANDED, STAYED), found, doubted)
    assert kept.label == "conflicting" and kept.probabilities["supported"] > kept.probabilities["refuted"]
    fitted = revise(found, doubted, Agreement(0.0, 1.0))
    assert conclude(CLAIM, (LANDED, STAYED), fitted, WEIGHING).label == "supported"


# --- what it leaves alone


def test_findings_stay_the_models_own() -> None:
    asked = Question(question="Where did he land?", answer="In Pyongyang.")
    first = says((LANDED, "supports"), (STAYED, "neutral")).model_copy(
        update={"questions": (asked,), "usage": Usage(calls=1, prompt_tokens=9), "notes": ("odd",)}
    )
    after = revise(first, reads((LANDED, 0.1, 0.8), (STAYED, 0.0, 0.9)))
    assert [(f.passage_id, f.stance, f.quote) for f in after.findings] == [
        (f.passage_id, f.stance, f.quote) for f in first.findings
    ]
    assert all(f.probabilities is None for f in after.findings), "numbers were not weighed yet"
    assert after.findings[0].probability == pytest.approx(FIRST_GUESS.probability(0.1), abs=1e-4)
    assert after.findings[1] == first.findings[1], "silence weighs nothing, however sure"
    assert (after.questions, after.usage) == (first.questions, first.usage)
    assert after.notes == ("odd", "the offline verifier reads 2 of 2 sources differently")


def test_no_note_where_the_two_agree_and_none_of_what_one_did_not_read() -> None:
    first = says((LANDED, "supports"), (STAYED, "refutes"))
    assert revise(first, reads((LANDED, 0.9, 0.0), (STAYED, 0.0, 0.9))).notes == ()
    half = revise(first, reads((STAYED, 0.9, 0.0)))
    assert half.notes == ("the offline verifier reads 1 of 1 sources differently",)
    assert half.findings[0] == first.findings[0]


def test_nothing_is_read_twice_where_the_model_found_nothing() -> None:
    second = fakes.ScriptedJudge(default=reads())
    assert SecondOpinionJudge(Model(), second).judge(CLAIM, ()).findings == () and second.asked == []


# --- faults


@pytest.mark.parametrize(
    ("failure", "said"),
    [(ModelError("The weights are damaged."), "The weights are damaged."), (ZeroDivisionError("x"), "ZeroDivision")],
)
def test_a_verifier_that_fails_costs_only_the_second_opinion(failure: Exception, said: str) -> None:
    first = says((LANDED, "supports"))
    judge = SecondOpinionJudge(Model(default=first), fakes.ScriptedJudge(default=failure))
    found = judge.judge(CLAIM, [LANDED])
    assert found.findings == first.findings
    (note,) = found.notes
    assert note.startswith("no second opinion: ") and said in note


def test_where_the_model_fails_the_verifier_is_no_substitute() -> None:
    second = fakes.ScriptedJudge(default=reads((LANDED, 0.9, 0.0)))
    with pytest.raises(JudgeError, match="No answer"):
        SecondOpinionJudge(Model(default=LLMUnavailable("No answer.")), second).judge(CLAIM, [LANDED])
    assert second.asked == []


# --- the fit


def test_the_fit_finds_what_made_the_rows() -> None:
    true, draw = Agreement(0.5, 1.2), random.Random(3)
    told = [draw.random() for _ in range(6000)]
    found = fit_agreement([(p, draw.random() < true.probability(p)) for p in told])
    assert found == pytest.approx(true, abs=0.15)


Rows = list[tuple[float, bool]]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_any_rows_give_a_fit_in_which_agreement_is_no_reason_for_doubt(rows: Rows) -> None:
    found = fit_agreement(rows)
    assert found.b >= 0
    assert 0 <= found.probability(0.0) <= found.probability(0.5) <= found.probability(1.0) <= 1


def test_no_rows_leave_the_guess_and_few_move_it_little() -> None:
    assert fit_agreement([]) == FIRST_GUESS
    few = fit_agreement([(0.1, False), (0.2, False)])
    many = fit_agreement([(0.1, False), (0.2, False)] * 200)
    assert FIRST_GUESS.probability(0.1) > few.probability(0.1) > many.probability(0.1)


# --- wiring


def test_both_are_on_record() -> None:
    judge: Judge = SecondOpinionJudge(Model(), fakes.ScriptedJudge())
    assert judge.models == {"judge": "scripted-llm", "verifier": "scripted@1"}
    assert judge.prompts == {"verdict": "2 sha256:0"} and judge.weighing == WEIGHING


def test_the_setting_turns_it_off(llm_stub: LLMStub, tmp_path: Path) -> None:
    assert isinstance(llm_judge(llm_stub.settings(tmp_path, second_opinion=False)), LLMJudge)


@pytest.mark.slow
def test_the_shipped_verifier_gives_it(llm_stub: LLMStub, tmp_path: Path) -> None:
    told: list[str] = []
    llm_stub.answer = judge_all("supports")
    judge = llm_judge(llm_stub.settings(tmp_path), told.append)
    assert told == [] and set(judge.models) == {"judge", "verifier"}
    agreed = judge.judge(CLAIM, [LANDED]).findings[0]
    against = judge.judge(CLAIM, [STAYED]).findings[0]
    assert agreed.probability and against.probability and agreed.probability > against.probability


def test_a_report_names_both_and_says_where_they_differ(llm_stub: LLMStub, tmp_path: Path) -> None:
    article = Document.from_text("Putin landed in Pyongyang. Kim met Putin.", language="en", published="2024-06-19")
    llm_stub.answer = both(extract_sentences(), judge_all("supports"))
    settings = llm_stub.settings(tmp_path)
    known = {("landed", "landed"): (0.95, 0.01), ("Kim", "Kim"): (0.02, 0.9)}
    offline = OfflineJudge(fakes.ScriptedEntailment(known), fakes.plain_head())
    notes = (fakes.document("Putin landed in Pyongyang on Wednesday."), fakes.document("Kim met Putin, they say."))
    with fakes.make_corpus(tmp_path / "notes", *notes) as corpus:
        judge = SecondOpinionJudge(LLMJudge(settings), offline)
        engine = fakes.make_engine(corpus, judge, settings=settings, extractor=LLMExtractor(settings))
        report = check(article, engine)
        llm_stub.answer = both(extract_sentences(), status(500))
        failed = check(Document.from_text("Kim left.", language="en"), engine)
    assert {"judge", "verifier", "embedding"} <= set(report.run.models)
    landed, met = report.claims
    assert landed.label == "supported"
    assert any("sources differently" in note for note in met.notes)
    assert [c.status for c in failed.claims] == ["not_checked"]


def test_the_settings_that_ship_are_the_first_guess() -> None:
    settings = Settings.load()
    assert Agreement(settings.second_opinion_a, settings.second_opinion_b) == FIRST_GUESS
