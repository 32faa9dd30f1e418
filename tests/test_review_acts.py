from __future__ import annotations

from pathlib import Path

import fakes
import pytest
from fakes_review import (
    ARTICLE,
    FIRST,
    OTHER,
    TEXT,
    Clock,
    evidence_by_hand,
    fill,
    refuted,
    reviewed,
    sources,
    supported,
)

from factcheck.errors import InputError, ReviewError
from factcheck.review import Change, Desk, ReviewedClaim, as_claim
from factcheck.store import RunStore
from factcheck.types import ClaimResult


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    store = RunStore(tmp_path / "runs.sqlite3")
    fill(store)
    return Desk(store, now=Clock())


def act(desk: Desk, action: str, change: Change = Change(), claim_id: str = "c1", **fields: str) -> ReviewedClaim:  # noqa: B008
    """An action of Citra on the claim as it is now."""
    now = desk.claim("r", claim_id)
    assert now is not None
    given = {"who": "Citra", **fields}
    return desk.act("r", claim_id, action, change, version=now.version, **given)  # type: ignore[arg-type]


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["", "  ", "x" * 81, "a\x00b", "a\u202eb", "factcheck", "Factcheck", " FACTCHECK "])
def test_a_name_that_is_none_is_refused(desk: Desk, who: str) -> None:
    with pytest.raises(ReviewError, match=r"Say who you are|name of the program"):
        act(desk, "note", who=who, reason="A note.")
    with pytest.raises(ReviewError):
        desk.viewing("r", "c1", who)
    assert list(desk.log()) == []


def test_a_name_is_kept_trimmed_and_composed(desk: Desk) -> None:
    assert act(desk, "note", who="  Rene\u0301   A.  ", reason="A note.").notes[0].who == "Ren\u00e9 A."
    assert act(desk, "note", who="x" * 80, reason="A note.").version


def test_the_programs_own_event_is_nobody_elses(desk: Desk) -> None:
    reviewed(desk)
    for who in ("Citra", "factcheck "):
        with pytest.raises(ReviewError):
            act(desk, "evidence_changed", who=who, reason="It went.")
    with pytest.raises(ReviewError):
        act(desk, "accept", who="factcheck")


# --- deciding -----------------------------------------------------------------------------------------------------


def test_accepting_makes_the_machines_verdict_the_persons(desk: Desk) -> None:
    after = act(desk, "accept")
    assert (after.label, after.decided_by, after.overridden, after.state) == ("supported", "Citra", False, "in_review")
    assert after.events[0].change.label == "supported", "the log says which verdict was accepted"


def test_what_the_machine_did_not_check_cannot_be_accepted(desk: Desk) -> None:
    with pytest.raises(ReviewError, match="no verdict on this claim"):
        act(desk, "accept", claim_id="c2")
    assert act(desk, "set_verdict", Change(label="refuted"), "c2", reason="I was there.").label == "refuted"


@pytest.mark.parametrize(
    ("action", "change", "reason", "words"),
    [
        ("set_verdict", Change(), "Why.", "which verdict"),
        ("set_verdict", Change(label="refuted"), " \n", "needs a reason"),
        ("drop", Change(), "", "needs a reason"),
        ("note", Change(), "", "note is empty"),
        ("take_match", Change(match_id="old", label="refuted"), "", "needs a reason"),
        ("take_match", Change(label="refuted"), "Why.", "which earlier claim"),
        ("take_match", Change(match_id="old", label="supported"), "Why.", "The earlier verdict is refuted"),
        ("edit_claim", Change(), "", "needs words"),
        ("edit_claim", Change(text=" "), "", "needs words"),
        ("edit_claim", Change(text=FIRST.text), "", "Nothing is to be changed"),
        ("edit_claim", Change(text="X.", start=0, end=5, source_text="Kim M"), "", "other words"),
        ("edit_claim", Change(text="X.", start=0, end=900, source_text="Putin"), "", "other words"),
        ("edit_claim", Change(text="X.", start=0, end=5), "", "start, end and the words"),
        ("restore", Change(), "", "not dropped"),
        ("set_stance", Change(stance="supports"), "", "one piece of evidence"),
        ("set_stance", Change(evidence_n=1), "", "one piece of evidence"),
        ("set_stance", Change(evidence_n=1, added_n=1, stance="supports"), "", "one piece of evidence"),
        ("set_stance", Change(evidence_n=3, stance="supports"), "", r"no evidence 3 .*there is: 1, 2"),
        ("set_stance", Change(added_n=1, stance="supports"), "", r"no evidence 1 .*there is: none"),
        ("add_evidence", Change(), "", "Give the evidence"),
        ("recheck", Change(), "", "no result"),
        ("sign_off", Change(), "", "Nobody has decided"),
        ("publish", Change(), "", "signed off first"),
        ("correct", Change(), "Why.", "not published"),
        ("add_claim", Change(text="X."), "", "added to an article"),
        ("note", Change(), "\ud800", "no text"),
    ],
)
def test_what_is_not_possible_is_refused_in_a_sentence(
    desk: Desk, action: str, change: Change, reason: str, words: str
) -> None:
    with pytest.raises(ReviewError, match=words) as told:
        act(desk, action, change, reason=reason)
    assert isinstance(told.value, InputError) and told.value.exit_code == 2 and str(told.value).endswith((".", ")"))
    assert list(desk.log()) == []


def test_there_is_nothing_to_do_to_a_claim_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(ReviewError, match="no finished claim c9"):
        desk.act("r", "c9", "accept", who="Citra", version=0)
    with pytest.raises(ReviewError, match="no finished claim c1"):
        desk.act("nobody's", "c1", "accept", who="Citra", version=0)


def test_an_earlier_verdict_is_taken_as_ones_own(desk: Desk) -> None:
    after = act(desk, "take_match", Change(match_id="old", label="refuted"), reason="The same words.")
    assert (after.label, after.decided_by, after.overridden) == ("refuted", "Citra", True)
    assert after.events[0].change == Change(match_id="old", label="refuted")


# --- words --------------------------------------------------------------------------------------------------------


def test_new_words_let_the_verdict_fall(desk: Desk) -> None:
    act(desk, "accept")
    after = act(desk, "edit_claim", Change(text="Putin  landed."))
    assert (after.text, after.edited, after.decided_by, after.state) == ("Putin landed.", True, None, "in_review")
    assert (after.start, after.end, after.source_text) == (0, 26, TEXT[:26])
    with pytest.raises(ReviewError, match="reworded since"):
        act(desk, "accept")
    with pytest.raises(ReviewError, match="Nobody has decided"):
        act(desk, "sign_off")
    assert act(desk, "edit_claim", Change(text=FIRST.text)).edited is False


def test_a_claim_can_be_moved_in_the_article(desk: Desk) -> None:
    words = "He left for Hanoi."
    after = act(desk, "edit_claim", Change(text="Putin left.", start=27, end=45, source_text=words))
    assert (after.start, after.end, after.source_text) == (27, 45, words)


def test_checked_again_in_the_new_words(desk: Desk) -> None:
    act(desk, "set_verdict", Change(label="conflicting"), reason="Two sources.")
    edited = act(desk, "edit_claim", Change(text="Putin came to Pyongyang."))
    with pytest.raises(ReviewError, match="other words"):
        act(desk, "recheck", Change(result=supported(), sources=sources()))
    about = as_claim(edited)
    assert (about.id, about.text, about.source_text) == ("c1", "Putin came to Pyongyang.", TEXT[:26])
    with pytest.raises(ReviewError, match="did not come with it"):
        act(
            desk, "recheck", Change(result=fakes.result(about, "supported", [fakes.evidence(1, STRANGE, "Putin came")]))
        )
    after = act(desk, "recheck", Change(result=refuted(about), sources=sources(), corpus="notes"))
    assert (after.edited, after.machine.label, after.label, after.decided_by) == (False, "refuted", "refuted", None)
    assert after.events[-1].change.corpus == "notes" and after.events[-1].change.sources == {}


STRANGE = fakes.document("Putin came to Pyongyang, says nobody knows who.")


def test_a_check_that_failed_changes_nothing(desk: Desk) -> None:
    failed = ClaimResult.not_checked(FIRST, "No answer within 120 s.")
    with pytest.raises(ReviewError, match=r"all stays as it was. No answer within 120 s"):
        act(desk, "recheck", Change(result=failed))


def test_a_persons_verdict_outlives_a_new_check(desk: Desk) -> None:
    act(desk, "accept")
    after = act(desk, "recheck", Change(result=refuted(FIRST), sources=sources()))
    assert (after.label, after.decided_by, after.machine.label, after.overridden) == (
        "supported", "Citra", "refuted", True,
    )  # fmt: skip


def test_what_the_machine_said_first_stays_in_the_store(desk: Desk) -> None:
    act(desk, "recheck", Change(result=refuted(FIRST), sources=sources()))
    stored = desk.store.get("r")
    assert stored is not None and stored.results[0] == supported() and stored.report is not None
    assert stored.report.claims[0].label == "supported"


# --- evidence -----------------------------------------------------------------------------------------------------


def test_a_stance_does_not_change_the_verdict(desk: Desk) -> None:
    after = act(desk, "set_stance", Change(evidence_n=1, stance="refutes"))
    assert after.stances == {1: "refutes"} and after.label == "supported" and after.decided_by is None
    assert after.machine.evidence[0].stance == "supports"


def test_a_stance_follows_its_evidence_into_a_new_check(desk: Desk) -> None:
    act(desk, "set_stance", Change(evidence_n=1, stance="neutral"))
    act(desk, "set_stance", Change(evidence_n=2, stance="supports"))
    after = act(desk, "recheck", Change(result=refuted(FIRST), sources=sources()))
    assert after.machine.evidence[0].document_id == OTHER.id and after.stances == {1: "supports"}


def test_evidence_brought_by_hand(desk: Desk) -> None:
    added = evidence_by_hand()
    after = act(desk, "add_evidence", Change(added=added))
    after = act(desk, "add_evidence", Change(added=added), who="Dewi")
    assert [(a.n, a.added_by, a.added_at[:10]) for a in after.added] == [
        (1, "Citra", "2026-11-23"),
        (2, "Dewi", "2026-11-23"),
    ]
    after = act(desk, "set_stance", Change(added_n=2, stance="neutral"))
    assert [a.stance for a in after.added] == ["supports", "neutral"]
    for wrong in ({"quote": "he left"}, {"start": 0}, {"quote": " "}):
        with pytest.raises(ReviewError, match="does not stand"):
            act(desk, "add_evidence", Change(added=added.model_copy(update=wrong)))


# --- dropping, signing, publishing --------------------------------------------------------------------------------


def test_a_dropped_claim_waits_to_be_restored(desk: Desk) -> None:
    act(desk, "accept")
    assert act(desk, "drop", reason="Not a claim.").dropped
    for action in ("accept", "sign_off", "drop"):
        with pytest.raises(ReviewError, match="dropped"):
            act(desk, action, reason="Why.")
    assert act(desk, "note", reason="Still talked about.").dropped
    after = act(desk, "restore")
    assert not after.dropped and after.decided_by == "Citra"


CHANGES: list[tuple[str, Change, str]] = [
    ("accept", Change(), ""),
    ("set_verdict", Change(label="conflicting"), "Two sources."),
    ("take_match", Change(match_id="old", label="refuted"), "The same."),
    ("edit_claim", Change(text="Putin came."), ""),
    ("drop", Change(), "Not a claim."),
    ("set_stance", Change(evidence_n=1, stance="neutral"), ""),
    ("add_evidence", Change(added=evidence_by_hand()), ""),
    ("recheck", Change(result=refuted(FIRST), sources=sources()), ""),
]


@pytest.mark.parametrize(("action", "change", "reason"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_a_change_of_a_reviewed_claim_asks_for_another_signature(
    desk: Desk, action: str, change: Change, reason: str
) -> None:
    assert reviewed(desk).state == "reviewed"
    after = act(desk, action, change, reason=reason)
    assert (after.state, after.signed_by, after.signed_at) == ("in_review", None, None)


@pytest.mark.parametrize(("action", "change", "reason"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_a_published_claim_is_corrected_first(desk: Desk, action: str, change: Change, reason: str) -> None:
    reviewed(desk)
    act(desk, "publish")
    with pytest.raises(ReviewError, match="Begin a correction"):
        act(desk, action, change, reason=reason)
    act(desk, "correct", reason="A reader wrote.")
    after = act(desk, action, change, reason=reason)
    assert (after.state, after.signed_by) == ("correction", None)


def test_a_note_leaves_a_signature_and_a_publication_alone(desk: Desk) -> None:
    reviewed(desk)
    assert act(desk, "note", reason="Well done.").state == "reviewed"
    after = act(desk, "publish")
    assert after.signed_by == "Budi"
    assert act(desk, "note", reason="Read a lot.").state == "published"


def test_one_person_is_enough_where_the_house_says_so(desk: Desk) -> None:
    alone = Desk(desk.store, two_people=False)
    act(alone, "accept")
    assert act(alone, "sign_off").signed_by == "Citra"


@pytest.mark.parametrize("who", ["Citra", "citra", " Citra ", "\uff23itra"])
def test_two_are_two_however_a_name_is_written(desk: Desk, who: str) -> None:
    act(desk, "accept")
    with pytest.raises(ReviewError, match="somebody else must sign"):
        act(desk, "sign_off", who=who)
    assert act(desk, "sign_off", who="Dewi").state == "reviewed"
    with pytest.raises(ReviewError, match="Dewi signed it off"):
        act(desk, "sign_off", who="Citra")


def test_the_second_may_decide_and_the_first_sign(desk: Desk) -> None:
    act(desk, "accept")
    act(desk, "set_verdict", Change(label="refuted"), who="Dewi", reason="No.")
    assert act(desk, "sign_off").signed_by == "Citra"


def test_hostile_words_are_kept_as_they_are(desk: Desk) -> None:
    hostile = fakes.HOSTILE.replace("\n", " ")
    after = act(desk, "edit_claim", Change(text=hostile))
    after = act(desk, "note", reason=hostile)
    assert after.text == " ".join(hostile.split()) and after.notes[0].reason == hostile.strip()
    long = "x" * 100_000
    assert act(desk, "edit_claim", Change(text=long)).text == long
    assert desk.queue().rows[0].text == long
    assert ARTICLE.text == TEXT
