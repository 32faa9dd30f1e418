"""What standing makes of voices, and of verdicts: planted sources cannot outweigh those that the user has named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.types import Assessment, Candidate, Claim, ClaimResult, Finding, Report, Stance, Tier, Verdict
from factcheck.verify import conclude
from factcheck.verify.standing import KNOWN, LOW, UNRATED, Heed, Voice, heed

CLAIM = fakes.claim("Putin landed in Pyongyang.")
Said = tuple[Stance, Tier | None, float]


def _verdict(said: Sequence[Said], claim: Claim = CLAIM, **fields: Any) -> Verdict:
    """The verdict by sources that each take a side, every one of an origin of its own."""
    found: list[tuple[Candidate, Finding]] = []
    for i, (stance, tier, probability) in enumerate(said):
        note = fakes.document(f"Report {i} tells of Putin and of Pyongyang.", publisher=f"Paper {i}")
        one = fakes.candidate(note).model_copy(update={"tier": tier})
        rest = 1 - probability
        odds = (probability, rest / 4, rest * 3 / 4) if stance == "supports" else (rest / 4, probability, rest * 3 / 4)
        finding = fakes.finding(one, stance, probability=probability)
        found.append((one, finding.model_copy(update={"probabilities": odds})))
    candidates = [one for one, _ in found]
    assessment = Assessment(findings=tuple(finding for _, finding in found), among_found=True)
    verdict = conclude(claim, candidates, assessment, **fields)
    result = ClaimResult.checked(claim, verdict)
    Report.model_validate(fakes.report(claim.text, [result], [one.document for one in candidates]).model_dump())
    return verdict


LIES: list[Said] = [("supports", "unknown", 0.95)] * 8
LOW_LIES: list[Said] = [("supports", "low", 0.95)] * 8
KNOWN_WORD: Said = ("refutes", "established", 0.6)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_unrated_sources_make_a_dispute_of_a_known_ones_word_and_do_not_turn_it(count: int) -> None:
    assert _verdict([KNOWN_WORD]).label == "refuted"
    disputed = _verdict([KNOWN_WORD, *LIES[:count]])
    assert disputed.label == "conflicting"
    assert {e.stance for e in disputed.evidence if e.used} == {"supports", "refutes"}


def test_however_many_they_are_they_are_one_voice() -> None:
    one, many = _verdict([KNOWN_WORD, LIES[0]]), _verdict([KNOWN_WORD, *LIES])
    assert one.probabilities == many.probabilities
    silent = [e for e in many.evidence if e.why_not == "low_standing"]
    assert len(silent) == len(LIES) - 1


def test_low_sources_lower_the_confidence_and_are_shown_as_what_they_are() -> None:
    alone, disputed = _verdict([KNOWN_WORD]), _verdict([KNOWN_WORD, *LOW_LIES])
    assert disputed.label == "refuted" and disputed.confidence < alone.confidence
    assert {e.why_not for e in disputed.evidence if e.stance == "supports"} == {"low_standing"}
    assert "Sources not rated high enough to decide: Paper" in disputed.justification


def test_low_sources_decide_nothing_alone_but_show_what_was_said() -> None:
    assert _verdict(LOW_LIES).label == "not_enough_evidence"
    quoted = fakes.claim("Putin landed in Pyongyang.", kind="attribution", speaker="Putin")
    assert _verdict(LOW_LIES[:1], quoted).label == "supported"


@given(
    st.lists(st.tuples(st.sampled_from(["unknown", "low", None]), st.floats(0.3, 0.99)), min_size=1, max_size=6),
    st.floats(0.45, 0.95),
    st.sampled_from(["primary", "established"]),
)
def test_no_number_of_lesser_sources_turns_what_a_known_one_says(
    lies: list[tuple[Tier | None, float]], sure: float, tier: Tier
) -> None:
    said: list[Said] = [("refutes", tier, sure), *(("supports", each, probability) for each, probability in lies)]
    assert _verdict(said).label != "supported"
    turned: list[Said] = [("supports" if s == "refutes" else "refutes", each, p) for s, each, p in said]
    assert _verdict(turned).label != "refuted"


@given(
    st.lists(
        st.tuples(st.sampled_from(["supports", "refutes"]), st.floats(0.3, 0.99)),
        min_size=1,
        max_size=6,
    )
)
def test_nothing_changes_where_all_sources_are_unrated(said: list[tuple[Stance, float]]) -> None:
    voices = [Voice(str(i), stance, UNRATED, probability) for i, (stance, probability) in enumerate(said)]
    assert heed(voices, 0.45) == Heed()
    rated, plain = (_verdict([(stance, tier, p) for stance, p in said]) for tier in ("unknown", None))
    assert (rated.label, rated.probabilities) == (plain.label, plain.probabilities)


def test_a_known_source_that_is_not_clear_outweighs_nobody() -> None:
    voices = [
        Voice("a", "refutes", KNOWN, 0.3),
        Voice("b", "supports", UNRATED, 0.9),
        Voice("c", "supports", UNRATED, 0.8),
    ]
    assert heed(voices, 0.45) == Heed()


def test_where_known_sources_disagree_no_side_is_outweighed() -> None:
    voices = [
        Voice("a", "refutes", KNOWN, 0.6),
        Voice("b", "supports", KNOWN, 0.9),
        Voice("c", "supports", UNRATED, 0.8),
    ]
    assert heed(voices, 0.45) == Heed()


def test_the_loudest_speaks_for_those_of_its_standing() -> None:
    voices = [
        Voice("a", "refutes", KNOWN, 0.6),
        Voice("b", "supports", UNRATED, 0.7),
        Voice("c", "supports", UNRATED, 0.8),
        Voice("d", "supports", LOW, 0.5),
        Voice("e", "supports", LOW, 0.9),
    ]
    assert heed(voices, 0.45) == Heed(frozenset({"b", "d"}), frozenset({"e"}), "supports")


def test_a_copy_in_a_known_source_gives_its_origin_that_standing() -> None:
    paper, blog, lie = (fakes.candidate(fakes.document(f"{w} tells of Pyongyang.")) for w in ("Paper", "Blog", "Lie"))
    paper = paper.model_copy(update={"tier": "established", "origin": "one"})
    blog = blog.model_copy(update={"tier": "low", "origin": "one"})
    lie = lie.model_copy(update={"tier": "unknown"})
    findings = (
        fakes.finding(paper, "refutes", probability=0.7),
        fakes.finding(blog, "refutes", probability=0.8),
        fakes.finding(lie, "supports", probability=0.95),
    )
    verdict = conclude(CLAIM, [paper, blog, lie], Assessment(findings=findings))
    assert verdict.label == "conflicting"
    assert [e.origin for e in verdict.evidence if e.used and e.stance == "refutes"] == ["one"]
