from __future__ import annotations

from pathlib import Path

import fakes
import numpy as np
import pytest

from factcheck.entail import default_directory
from factcheck.settings import Settings
from factcheck.types import Candidate, Claim, Finding
from factcheck.verify import conclude
from factcheck.verify.found import COLUMNS, FoundHead
from factcheck.verify.offline import SPEAKS_AT, OfflineJudge
from factcheck.verify.stance import read_head

CLAIM = fakes.claim("Putin landed in Pyongyang.")


def _judge(known: dict[tuple[str, str], tuple[float, float]]) -> tuple[OfflineJudge, fakes.ScriptedEntailment]:
    model = fakes.ScriptedEntailment(known)
    return OfflineJudge(model, fakes.plain_head()), model


def _finding(
    text: str,
    score: tuple[float, float],
    claim: Claim = CLAIM,
    known: dict[tuple[str, str], tuple[float, float]] | None = None,
) -> Finding:
    one = fakes.candidate(fakes.document(text))
    judge, _ = _judge({**(known or {}), ("", ""): score})
    (found,) = judge.judge(claim, [one]).findings
    assert found.passage_id == one.passage.id
    return found


@pytest.mark.parametrize(
    ("score", "stance"),
    [
        ((0.9, 0.05), "supports"),
        ((SPEAKS_AT, 0.1), "neutral"),  # its odds are weighed against silence
        ((0.45, 0.1), "supports"),
        ((0.05, 0.9), "refutes"),
        ((0.1, 0.45), "refutes"),
        ((0.05, 0.05), "neutral"),
    ],
)
def test_a_stance_needs_its_probability(score: tuple[float, float], stance: str) -> None:
    found = _finding("Putin landed in Pyongyang.", score)
    assert found.stance == stance
    assert found.probabilities is not None
    assert sum(found.probabilities) == pytest.approx(1, abs=1e-4)
    side = ("supports", "refutes", "neutral").index(found.stance)
    assert found.probability == pytest.approx(found.probabilities[side], abs=1e-4)
    assert (found.probabilities[side] >= SPEAKS_AT) or stance == "neutral"


def test_the_sentence_that_says_most_is_the_quote() -> None:
    note = fakes.document("Kim waited at the airport. Putin landed in Pyongyang on Wednesday. Flags were hung.")
    judge, model = _judge({("Pyongyang", "Putin landed"): (0.9, 0.05)})
    (found,) = judge.judge(CLAIM, [fakes.candidate(note)]).findings
    assert found.quote == "Putin landed in Pyongyang on Wednesday."
    premises = [premise for _, premise in model.pairs]
    assert (
        "Kim waited at the airport. Putin landed in Pyongyang on Wednesday." in premises
    )  # neighbours are read together


def test_every_sentence_of_a_long_passage_is_read() -> None:
    text = " ".join(f"Sentence number {i} says nothing." for i in range(12)) + " Putin landed in Pyongyang."
    judge, _ = _judge({("", "Putin landed"): (0.9, 0.05)})
    (found,) = judge.judge(CLAIM, [fakes.candidate(text)]).findings
    assert found.stance == "supports" and "Putin landed in Pyongyang." in found.quote


def test_quotes_are_words_of_the_passage_where_it_begins_inside_a_document() -> None:
    note = fakes.document("An introduction. Putin landed in Pyongyang. He slept.", title="The visit of Putin")
    one = fakes.candidate(note, words="Putin landed in Pyongyang. He slept.")
    judge, model = _judge({("", "Putin landed"): (0.9, 0.05)})
    assessment = judge.judge(CLAIM, [one])
    verdict = conclude(CLAIM, [one], assessment)
    assert verdict.label == "supported"
    assert note.text[verdict.evidence[0].start :].startswith("Putin landed in Pyongyang.")
    assert all(premise.startswith("The visit of Putin. ") for _, premise in model.pairs)


def test_every_candidate_has_a_finding_and_is_judged_for_itself() -> None:
    candidates = [
        fakes.candidate(t)
        for t in ("Putin landed in Pyongyang.", "Putin stayed away from Pyongyang.", "Rice was dear.")
    ]
    judge, _ = _judge({("", "Putin landed"): (0.9, 0.0), ("", "stayed away"): (0.0, 0.9)})
    found = judge.judge(CLAIM, candidates).findings
    assert [f.stance for f in found] == ["supports", "refutes", "neutral"]
    assert [f.passage_id for f in found] == [c.passage.id for c in candidates]


def test_nothing_is_asked_of_nothing() -> None:
    judge, model = _judge({})
    assert judge.judge(CLAIM, []).findings == ()
    assert model.pairs == []


def test_a_fault_of_the_model_is_no_finding() -> None:
    class Broken(fakes.ScriptedEntailment):
        def scores(self, pairs: object) -> np.ndarray:
            raise RuntimeError("the weights are damaged")

    with pytest.raises(RuntimeError):
        OfflineJudge(Broken({}), fakes.plain_head()).judge(CLAIM, [fakes.candidate("Putin landed in Pyongyang.")])


# --- what no small model is trusted with ------------------------------------------------------------------------------


@pytest.mark.parametrize("score", [(0.95, 0.0), (0.0, 0.95)])
def test_a_source_about_somebody_else_takes_no_stance(score: tuple[float, float]) -> None:
    claim = fakes.claim("Vladimir Putin landed in Pyongyang.")
    found = _finding("Xi Jinping landed in Pyongyang.", score, claim)
    assert found.stance == "neutral" and "does not mention" in found.note and "Putin" in found.note


def test_words_given_to_somebody_else_are_not_attributed() -> None:
    claim = fakes.claim("The visit will be packed, Ushakov said.", kind="attribution", speaker="Yuri Ushakov")
    found = _finding("The visit will be packed, Peskov said.", (0.95, 0.0), claim)
    assert found.stance == "neutral" and "Ushakov" in found.note


def test_saying_so_does_not_make_it_so() -> None:
    claim = fakes.claim("Trade grew in Russia.", kind="reported", speaker="Ushakov")
    found = _finding("Ushakov said that trade grew in Russia.", (0.95, 0.0), claim)
    assert found.stance == "neutral" and "only that Ushakov said so" in found.note
    another = _finding("The minister said that trade grew in Russia.", (0.95, 0.0), claim)
    assert another.stance == "neutral" and "somebody else said so" in another.note
    outlet = _finding("KCNA reported that trade grew in Russia, its editors said.", (0.95, 0.0), claim)
    assert outlet.stance == "supports"
    other = _finding("Trade grew in Russia, customs data show.", (0.95, 0.0), claim)
    assert other.stance == "supports"


def test_a_denial_has_the_words_of_what_it_denies() -> None:
    claim = fakes.claim("North Korea sent weapons to Russia.")
    found = _finding("North Korea denied that it sent weapons to Russia.", (0.95, 0.0), claim)
    assert found.stance == "refutes" and "denial" in found.note


# --- numbers: the claim is asked again with the source's own value ----------------------------------------------------

DEALS = fakes.claim("Putin signed 20 documents in Pyongyang.")


def test_a_source_with_another_value_for_the_same_thing_refutes() -> None:
    found = _finding(
        "Putin signed 12 documents in Pyongyang.", (0.2, 0.2), DEALS, {("signed 12", "signed 12"): (0.9, 0.0)}
    )
    assert found.stance == "refutes"
    assert found.probability is not None and found.probability > 0.8
    assert [c.agrees for c in found.comparisons] == [False]


def test_a_source_with_another_value_for_something_else_says_nothing() -> None:
    found = _finding("Putin brought 12 documents home.", (0.7, 0.1), DEALS, {("signed 12", ""): (0.1, 0.1)})
    assert found.stance == "neutral"


def test_a_source_with_the_same_value_is_asked_once() -> None:
    one = fakes.candidate("Putin signed 20 documents in Pyongyang.")
    judge, model = _judge({("", ""): (0.9, 0.0)})
    (found,) = judge.judge(DEALS, [one]).findings
    assert found.stance == "supports"
    assert {claim for claim, _ in model.pairs} == {DEALS.text}


def test_findings_and_rules_together_give_the_verdict() -> None:
    candidates: list[Candidate] = [
        fakes.candidate(fakes.document("Putin signed 12 documents in Pyongyang.", publisher="A")),
        fakes.candidate(
            fakes.document("Putin signed 20 documents in Pyongyang.", published="2025-01-01"), timing="later"
        ),
    ]
    judge, _ = _judge({("signed 12", "signed 12"): (0.9, 0.0), ("", "signed 20"): (0.95, 0.0), ("", ""): (0.1, 0.1)})
    verdict = conclude(DEALS, candidates, judge.judge(DEALS, candidates), judge.weighing)
    assert verdict.label == "refuted"
    assert [(e.stance, e.why_not) for e in verdict.evidence] == [("refutes", None), ("supports", "later")]


def test_the_judge_names_its_model() -> None:
    judge, _ = _judge({})
    assert judge.models == {"verifier": "scripted@1"}
    assert judge.prompts == {}


def test_a_missing_model_is_a_sentence(tmp_path: Path) -> None:
    from factcheck.entail import EntailmentModel
    from factcheck.errors import ModelError

    with pytest.raises(ModelError):
        EntailmentModel.load(tmp_path)


def test_an_older_source_does_not_refute_what_comes_later() -> None:
    claim = fakes.claim("The treaty takes effect on 4 December 2024.")
    older = fakes.document("Putin signed the treaty in Pyongyang.", published="2024-06-19")
    judge, _ = _judge({("", ""): (0.02, 0.95)})
    (found,) = judge.judge(claim, [fakes.candidate(older)]).findings
    assert found.stance == "neutral" and "older than what the claim tells" in found.note
    later = fakes.document("Putin signed the treaty in Pyongyang.", published="2025-01-19")
    (found,) = judge.judge(claim, [fakes.candidate(later)]).findings
    assert found.stance == "refutes"


def test_a_passage_that_says_nothing_is_not_read_sentence_by_sentence() -> None:
    note = fakes.document("Kim waited at the airport. Flags were hung. A band played there. It rained all day.")
    judge, model = _judge({("", ""): (0.01, 0.01)})
    (found,) = judge.judge(CLAIM, [fakes.candidate(note)]).findings
    assert found.stance == "neutral" and len(model.pairs) == 1


def test_a_deed_that_one_denies_and_the_other_tells_is_no_sure_support() -> None:
    claim = fakes.claim("Russia did not veto the renewal in March.")
    found = _finding("In March Russia vetoed the renewal.", (0.8, 0.05), claim)
    assert found.probabilities is not None and found.probabilities[0] <= found.probabilities[1]
    assert "denies" in found.note


def test_what_retrieval_brought_is_weighed_by_how_it_was_found() -> None:
    model = fakes.ScriptedEntailment({("", ""): (0.6, 0.05)})
    nearer = np.zeros((3, len(COLUMNS)))
    nearer[0, COLUMNS.index("support")], nearer[2, COLUMNS.index("similarity")] = 1.0, -8.0
    judge = OfflineJudge(model, fakes.plain_head()._replace(found=FoundHead(nearer, np.array([0.0, -2.0, 4.0]))))
    one = fakes.candidate(fakes.document("Putin landed in Pyongyang."))
    near = one.model_copy(update={"score": 0.9, "similarity": 0.9})
    far = one.model_copy(update={"score": 0.8, "similarity": 0.2})
    given, found = judge.judge(CLAIM, [one, one]), judge.judge(CLAIM, [near, far])
    assert not given.among_found and given.findings[0] == given.findings[1]
    assert found.among_found
    assert [finding.stance for finding in found.findings] == ["supports", "neutral"]


def test_another_encoders_cosines_have_weights_of_their_own() -> None:
    head = read_head(default_directory() / "stance.json", OfflineJudge.load(Settings.load()).models["verifier"][-12:])
    assert head.found is not None and head.found_otherwise is not None
    at = COLUMNS.index("similarity")
    assert np.abs(head.found.weights[:, at]).max() > 0.5
    assert np.abs(head.found_otherwise.weights[:, at]).max() < 1e-6
