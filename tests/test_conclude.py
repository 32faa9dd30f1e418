from __future__ import annotations

from typing import Any, get_args

import fakes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.types import (
    Assessment,
    Candidate,
    Claim,
    ClaimResult,
    Comparison,
    Evidence,
    Finding,
    Report,
    Tier,
    Verdict,
)
from factcheck.verify import conclude
from factcheck.verify.conclude import HIGHEST, SHOWN_NEUTRAL
from factcheck.verify.weigh import PLAIN

CLAIM = fakes.claim("Putin landed in Pyongyang.")


def _note(text: str = "Putin landed in Pyongyang on Wednesday.", **fields: Any) -> Any:
    return fakes.document(text, **{"publisher": "Agency", **fields})


def _verdict(*findings: Finding, candidates: list[Candidate], claim: Claim = CLAIM) -> Verdict:
    made = conclude(claim, candidates, Assessment(findings=findings))
    # Whatever is concluded can be reported: offsets hold, and the label has its evidence.
    documents = {c.document.id: c.document for c in candidates}
    result = ClaimResult.checked(claim, made)
    Report.model_validate(fakes.report(claim.text, [result], list(documents.values())).model_dump())
    return made


def _used(verdict: Verdict) -> list[Evidence]:
    return [e for e in verdict.evidence if e.used]


# --- rule 2: every quote is in the source -----------------------------------------------------------------------------


def test_a_located_quote_supports_with_its_place_in_the_document() -> None:
    note = _note("An introduction comes first. Putin landed in Pyongyang on Wednesday. Then he slept.")
    one = fakes.candidate(note, words="Putin landed in Pyongyang on Wednesday. Then he slept.")
    verdict = _verdict(fakes.finding(one, "supports", "Putin landed in Pyongyang"), candidates=[one])
    (proof,) = verdict.evidence
    assert (verdict.label, proof.located, proof.used) == ("supported", "exact", True)
    assert note.text[proof.start : proof.end] == proof.quote == "Putin landed in Pyongyang"


def test_a_quote_from_elsewhere_in_the_document_is_found_there() -> None:
    note = _note("Putin landed in Pyongyang on Wednesday. Much later, he slept in a guest house.")
    one = fakes.candidate(note, words="Much later, he slept in a guest house.")
    verdict = _verdict(fakes.finding(one, "supports", "Putin landed in Pyongyang"), candidates=[one])
    assert verdict.label == "supported" and verdict.evidence[0].start == 0


@pytest.mark.parametrize(
    "quote",
    [
        "Putin arrived at Pyongyang airport at night.",
        "",
        "   ",
        "Putin did not land in Pyongyang on Wednesday.",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("stance", ["supports", "refutes"])
def test_a_quote_that_is_not_in_the_source_never_counts(quote: str, stance: Any) -> None:
    one = fakes.candidate(_note())
    verdict = _verdict(fakes.finding(one, stance, quote, 0.99), candidates=[one])
    (shown,) = verdict.evidence
    assert verdict.label == "not_enough_evidence"
    assert (shown.used, shown.why_not, shown.stance, shown.located) == (False, "quote_not_found", "neutral", "passage")
    assert shown.quote == one.passage.text
    assert "[1]" in verdict.justification and "not in the source" in verdict.justification


def test_a_quote_with_another_number_is_not_in_the_source() -> None:
    one = fakes.candidate(_note("The two sides signed 20 documents in Pyongyang on Wednesday."))
    lost = fakes.finding(one, "supports", "The two sides signed 21 documents in Pyongyang on Wednesday.")
    verdict = _verdict(lost, candidates=[one], claim=fakes.claim("Documents were signed."))
    assert verdict.label == "not_enough_evidence" and verdict.evidence[0].why_not == "quote_not_found"


def test_a_quote_in_other_typography_is_shown_in_the_sources_own_words() -> None:
    one = fakes.candidate(_note("He called it a “new  page” – in Pyongyang."))
    verdict = _verdict(
        fakes.finding(one, "supports", 'He called it a "new page" - in Pyongyang.'),
        candidates=[one],
        claim=fakes.claim("He called it a new page."),
    )
    (proof,) = verdict.evidence
    assert proof.used and proof.located == "aligned"
    assert proof.quote.startswith("He called it a “new  page” – in Pyongyang")


def test_a_finding_about_no_candidate_is_dropped() -> None:
    one, other = fakes.candidate(_note()), fakes.candidate(_note("Another text."))
    verdict = _verdict(fakes.finding(other, "supports"), candidates=[one])
    assert verdict.label == "not_enough_evidence"
    assert {e.passage_id for e in verdict.evidence} == {one.passage.id}


def test_of_several_findings_for_a_passage_the_one_that_says_most_stands() -> None:
    one = fakes.candidate(_note())
    findings = [fakes.finding(one, "neutral", None, 0.99), fakes.finding(one, "supports", None, 0.7)]
    assert _verdict(*findings, candidates=[one]).label == "supported"
    assert _verdict(*reversed(findings), candidates=[one]).label == "supported"


# --- rule 4: time, and other standing of a source ---------------------------------------------------------------------


@pytest.mark.parametrize("timing", ["later", "undated"])
@pytest.mark.parametrize("stance", ["supports", "refutes"])
def test_later_and_undated_evidence_is_shown_and_never_decides(timing: Any, stance: Any) -> None:
    one = fakes.candidate(_note(published=None if timing == "undated" else "2024-07-01"), timing=timing)
    verdict = _verdict(fakes.finding(one, stance, None, 0.99), candidates=[one])
    (shown,) = verdict.evidence
    assert (verdict.label, shown.used, shown.why_not, shown.timing) == ("not_enough_evidence", False, timing, timing)
    assert shown.stance == stance
    assert "did not count" in verdict.justification and "[1]" in verdict.justification


def test_later_evidence_does_not_weigh_against_earlier() -> None:
    early = fakes.candidate(_note())
    late = fakes.candidate(_note("He never landed.", published="2025-01-01"), timing="later")
    alone = _verdict(fakes.finding(early, "supports"), candidates=[early])
    both = _verdict(
        fakes.finding(early, "supports"), fakes.finding(late, "refutes", None, 0.99), candidates=[early, late]
    )
    assert (both.label, both.confidence) == (alone.label, alone.confidence) == ("supported", 0.9)


def test_the_rule_can_be_lifted() -> None:
    one = fakes.candidate(_note(published="2025-01-01"), timing="rule_lifted")
    verdict = _verdict(fakes.finding(one, "supports"), candidates=[one])
    assert verdict.label == "supported" and verdict.evidence[0].timing == "rule_lifted"


@pytest.mark.parametrize("reliability", ["disputed", "superseded"])
def test_a_disputed_or_superseded_report_decides_nothing(reliability: Any) -> None:
    one = fakes.candidate(_note(reliability=reliability))
    verdict = _verdict(fakes.finding(one, "refutes", None, 0.99), candidates=[one])
    assert verdict.label == "not_enough_evidence"
    assert verdict.evidence[0].why_not == "disputed_source"
    assert "Disputed" in verdict.justification


def test_a_weak_source_counts_for_less() -> None:
    strong, weak = fakes.candidate(_note()), fakes.candidate(_note(reliability="weak_source"))
    sure = _verdict(fakes.finding(strong, "supports"), candidates=[strong])
    less = _verdict(fakes.finding(weak, "supports"), candidates=[weak])
    assert sure.label == less.label == "supported"
    assert less.confidence < sure.confidence


def test_a_tier_is_carried_to_the_evidence_and_weighs_nothing_where_nobody_disagrees() -> None:
    one = fakes.candidate(_note())
    plain = _verdict(fakes.finding(one, "supports"), candidates=[one])
    for tier in (each for each in get_args(Tier) if each != "low"):
        rated = one.model_copy(update={"tier": tier})
        verdict = _verdict(fakes.finding(rated, "supports"), candidates=[rated])
        assert [e.tier for e in verdict.evidence] == [tier]
        assert verdict.probabilities == plain.probabilities


# --- rule 5: independence ---------------------------------------------------------------------------------------------


def _copies(count: int, stance: Any = "supports", origin: str = "wire") -> tuple[list[Candidate], list[Finding]]:
    made = [fakes.candidate(_note(publisher=f"Paper {i}"), origin=origin) for i in range(count)]
    return made, [fakes.finding(c, stance, None, 0.8) for c in made]


def test_copies_of_one_report_count_once_and_are_counted() -> None:
    candidates, findings = _copies(3)
    verdict = _verdict(*findings, candidates=candidates)
    single = _verdict(findings[0], candidates=candidates[:1])
    assert verdict.confidence == single.confidence == 0.8
    assert len(_used(verdict)) == 1
    assert [e.why_not for e in verdict.evidence if not e.used] == ["same_origin", "same_origin"]
    assert "3 sources, one origin" in verdict.justification


def test_independent_sources_make_it_surer() -> None:
    one, two = fakes.candidate(_note(publisher="A")), fakes.candidate(_note(publisher="B"))
    findings = [fakes.finding(c, "supports", None, 0.7) for c in (one, two)]
    verdict = _verdict(*findings, candidates=[one, two])
    assert 0.7 < verdict.confidence < 1 - 0.3 * 0.3
    assert "2 sources of 2 origins" in verdict.justification


def test_what_one_document_says_for_and_against_is_one_voice() -> None:
    note = _note("Putin landed in Pyongyang. Putin landed in Beijing, a paper wrote.")
    first = fakes.candidate(note, words="Putin landed in Pyongyang.", origin="o")
    second = fakes.candidate(note, words="Putin landed in Beijing, a paper wrote.", origin="o")
    verdict = _verdict(
        fakes.finding(first, "supports", None, 0.9),
        fakes.finding(second, "refutes", None, 0.8),
        candidates=[first, second],
    )
    assert verdict.label == "supported"
    assert [e.why_not for e in verdict.evidence] == [None, "same_origin"]


def test_near_copies_that_take_opposite_stances_are_two_origins() -> None:
    first = fakes.candidate(_note("Putin landed in Pyongyang.", publisher="A"), origin="wire")
    second = fakes.candidate(_note("Putin landed in Beijing.", publisher="B"), origin="wire")
    verdict = _verdict(
        fakes.finding(first, "supports", None, 0.9),
        fakes.finding(second, "refutes", None, 0.8),
        candidates=[first, second],
    )
    assert verdict.label == "conflicting"
    assert len({e.origin for e in _used(verdict)}) == 2


def test_two_notes_of_one_page_are_one_source() -> None:
    page = "https://agency.example/visit"
    first = fakes.candidate(_note("Putin landed in Pyongyang.", url=page), origin="page")
    second = fakes.candidate(_note("Putin mendarat di Beijing.", url=page, language="id"), origin="page")
    verdict = _verdict(
        fakes.finding(first, "supports", None, 0.9),
        fakes.finding(second, "refutes", None, 0.8),
        candidates=[first, second],
    )
    assert verdict.label == "supported"
    assert [e.why_not for e in verdict.evidence] == [None, "same_origin"]


def test_many_weak_sources_do_not_make_a_dispute() -> None:
    strong = fakes.candidate(_note("Putin landed in Pyongyang."))
    weak = [fakes.candidate(_note(f"Putin landed in Beijing, paper {i} wrote.")) for i in range(3)]
    findings = [fakes.finding(c, "refutes", None, 0.3) for c in weak]
    verdict = _verdict(fakes.finding(strong, "supports", None, 0.9), *findings, candidates=[strong, *weak])
    assert verdict.label == "supported"
    assert [e.why_not for e in verdict.evidence] == [None, "weak_match", "weak_match", "weak_match"]


# --- aggregation ------------------------------------------------------------------------------------------------------


def _sides(supports: float | None, refutes: float | None) -> Verdict:
    candidates, findings = [], []
    for stance, probability in (("supports", supports), ("refutes", refutes)):
        if probability is not None:
            one = fakes.candidate(_note(f"Putin was said to have landed: {stance}."))
            candidates.append(one)
            findings.append(fakes.finding(one, stance, None, probability))  # type: ignore[arg-type]
    return _verdict(*findings, candidates=candidates)


@pytest.mark.parametrize(
    ("supports", "refutes", "label"),
    [
        (0.9, None, "supported"),
        (None, 0.9, "refuted"),
        (None, None, "not_enough_evidence"),
        (0.9, 0.8, "conflicting"),
        (0.6, 0.6, "conflicting"),
        (0.9, 0.45, "supported"),
        (0.45, 0.9, "refuted"),
        (0.5, 0.5, "not_enough_evidence"),
    ],
)
def test_stances_are_aggregated_to_a_label_by_code(supports: float | None, refutes: float | None, label: str) -> None:
    assert _sides(supports, refutes).label == label


def test_a_weak_contradiction_is_shown_and_lowers_the_confidence() -> None:
    verdict = _sides(0.9, 0.4)
    assert [e.why_not for e in verdict.evidence] == [None, "weak_match"]
    assert verdict.confidence < _sides(0.9, None).confidence


def test_no_verdict_is_certain() -> None:
    assert _sides(1.0, None).confidence == HIGHEST


def test_a_judge_without_probabilities_is_given_one() -> None:
    one = fakes.candidate(_note())
    verdict = _verdict(fakes.finding(one, "supports", None, None), candidates=[one])
    assert verdict.confidence == PLAIN.trust
    assert verdict.evidence[0].probability is None


def test_without_candidates_there_is_not_enough_evidence() -> None:
    verdict = _verdict(candidates=[])
    assert (verdict.label, verdict.evidence) == ("not_enough_evidence", ())
    assert "2024-06-19" in verdict.justification


def test_where_nothing_was_said_the_nearest_passages_are_shown() -> None:
    candidates = [fakes.candidate(_note(f"Text number {i} of a corpus.")) for i in range(6)]
    late = fakes.candidate(_note("Later.", published="2025-01-01"), timing="later")
    verdict = _verdict(candidates=[late, *candidates])
    assert len(verdict.evidence) == SHOWN_NEUTRAL
    assert [e.why_not for e in verdict.evidence] == ["later", "off_topic", "off_topic"]
    assert not _used(verdict)


def test_evidence_is_numbered_and_what_decides_comes_first() -> None:
    weak, strong = fakes.candidate(_note("Putin flew.")), fakes.candidate(_note("Putin landed in Pyongyang."))
    lost = fakes.candidate(_note("A third text about it."))
    verdict = _verdict(
        fakes.finding(lost, "supports", "no such words anywhere"),
        fakes.finding(weak, "supports", None, 0.6),
        fakes.finding(strong, "supports", None, 0.9),
        candidates=[lost, weak, strong],
    )
    assert [e.n for e in verdict.evidence] == [1, 2, 3]
    assert [e.passage_id for e in verdict.evidence] == [c.passage.id for c in (strong, weak, lost)]


# --- rule 7: numbers and dates are compared by code -------------------------------------------------------------------

TOURISTS = fakes.claim("Pada 2023 sebanyak 12 ribu turis datang ke Pyongyang.", language="id")


def test_another_number_for_the_same_thing_refutes_whatever_the_judge_said() -> None:
    one = fakes.candidate(_note("Pada 2023 sebanyak 15 ribu turis datang ke Pyongyang.", language="id"))
    verdict = _verdict(fakes.finding(one, "supports", None, 0.95), candidates=[one], claim=TOURISTS)
    (proof,) = verdict.evidence
    assert (verdict.label, proof.stance) == ("refuted", "refutes")
    assert any(not c.agrees for c in proof.comparisons)
    assert "15" in verdict.justification


def test_the_same_number_in_another_writing_supports() -> None:
    one = fakes.candidate(_note("In 2023, 12,000 tourists came to Pyongyang."))
    verdict = _verdict(fakes.finding(one, "supports", None, 0.95), candidates=[one], claim=TOURISTS)
    assert verdict.label == "supported"


def test_a_source_without_the_claims_number_does_not_support_it() -> None:
    one = fakes.candidate(_note("Banyak turis datang ke Pyongyang.", language="id"))
    verdict = _verdict(fakes.finding(one, "supports", None, 0.95), candidates=[one], claim=TOURISTS)
    (shown,) = verdict.evidence
    assert verdict.label == "not_enough_evidence"
    assert (shown.stance, shown.used) == ("neutral", False)
    assert "number or date" in shown.note


def test_what_the_judge_compared_is_kept() -> None:
    one = fakes.candidate(_note())
    kept = Comparison(claim_value="12", source_value="12", agrees=True, note="kept")
    said = fakes.finding(one, "supports").model_copy(update={"comparisons": (kept,)})
    assert _verdict(said, candidates=[one]).evidence[0].comparisons == (kept,)


# --- the justification ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Didukung oleh satu sumber"), ("en", "Supported by one source"), ("nl", "Supported by one source")],
)
def test_the_justification_is_in_the_language_of_the_claim(language: str, words: str) -> None:
    one = fakes.candidate(_note())
    claim = fakes.claim(CLAIM.text, language=language)
    verdict = _verdict(fakes.finding(one, "supports"), candidates=[one], claim=claim)
    assert words in verdict.justification
    assert "Agency (2024-06-18): “Putin landed in Pyongyang on Wednesday.” [1]" in verdict.justification


@pytest.mark.parametrize(("kind", "words"), [("attribution", "whether it was said"), ("reported", "what was said")])
def test_the_justification_says_whether_the_saying_or_the_said_was_judged(kind: Any, words: str) -> None:
    one = fakes.candidate(_note())
    claim = fakes.claim("Ushakov said Putin landed.", kind=kind, speaker="Ushakov")
    assert words in _verdict(fakes.finding(one, "supports"), candidates=[one], claim=claim).justification
    assert words not in _verdict(fakes.finding(one, "supports"), candidates=[one]).justification


def test_a_quote_is_no_template() -> None:
    one = fakes.candidate(_note("Putin paid $count and ${quotes} for $$ in {Pyongyang} %s.", publisher="$publisher"))
    verdict = _verdict(fakes.finding(one, "supports"), candidates=[one])
    assert "Putin paid $count and ${quotes} for $$ in {Pyongyang} %s." in verdict.justification


# --- whatever the judge says, the rules hold --------------------------------------------------------------------------

_TEXTS = [
    "Putin landed in Pyongyang.",
    "Putin landed in Beijing.",
    "Nobody landed on 19 June 2024.",
    "12 planes landed.",
]


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Claim, list[Candidate], Assessment]:
    candidates = [
        fakes.candidate(
            _note(
                draw(st.sampled_from(_TEXTS)),
                publisher=f"Paper {i}",
                reliability=draw(st.sampled_from([None, None, "disputed", "superseded", "weak_source"])),
            ),
            timing=draw(st.sampled_from(["in_time", "in_time", "later", "undated", "rule_lifted"])),
            origin=draw(st.sampled_from("abc")),
        )
        for i in range(draw(st.integers(0, 5)))
    ]
    findings = [
        Finding(
            passage_id=draw(st.sampled_from([c.passage.id for c in candidates] + ["unknown"])),
            stance=draw(st.sampled_from(["supports", "refutes", "neutral"])),
            quote=draw(st.sampled_from([*_TEXTS, "", "landed", "no such words"])),
            probability=draw(st.sampled_from([None, 0.0, 0.3, 0.5, 0.61, 0.9, 1.0])),
        )
        for _ in range(draw(st.integers(0, 8)))
    ]
    claim = fakes.claim(draw(st.sampled_from(_TEXTS)), language=draw(st.sampled_from(["id", "en", None])))
    return claim, candidates, Assessment(findings=tuple(findings))


@settings(max_examples=150, deadline=None)
@given(_cases())
def test_no_answer_of_a_judge_breaks_a_rule(case: tuple[Claim, list[Candidate], Assessment]) -> None:
    claim, candidates, assessment = case
    verdict = _verdict(*assessment.findings, candidates=candidates, claim=claim)
    by_id = {c.passage.id: c for c in candidates}
    assert 0 <= verdict.confidence <= HIGHEST
    assert [e.n for e in verdict.evidence] == list(range(1, len(verdict.evidence) + 1))
    used = _used(verdict)
    assert len({e.origin for e in used}) == len(used)
    for proof in used:
        source = by_id[proof.passage_id]
        assert source.timing in ("in_time", "rule_lifted")
        assert source.document.reliability not in ("disputed", "superseded")
        assert proof.stance != "neutral" and proof.located in ("exact", "aligned")
    assert verdict == conclude(claim, candidates, assessment)


def test_a_dispute_needs_a_clear_source_on_each_side() -> None:
    clear = _sides(0.9, 0.8)
    assert clear.label == "conflicting"
    faint = _sides(0.9, 0.45)
    assert faint.label == "supported" and faint.probabilities["conflicting"] > 0.2


def test_an_unlikely_verdict_can_be_abstained_from() -> None:
    one = fakes.candidate(_note())
    finding = fakes.finding(one, "supports", None, 0.6)
    sure = conclude(CLAIM, [one], Assessment(findings=(finding,)))
    shy = conclude(CLAIM, [one], Assessment(findings=(finding,)), abstain_below=0.7)
    assert (sure.label, shy.label) == ("supported", "not_enough_evidence")
    assert [e.why_not for e in shy.evidence] == ["weak_match"]
    assert shy.confidence == shy.probabilities["not_enough_evidence"]
