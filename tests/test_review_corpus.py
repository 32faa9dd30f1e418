"""The desk and a corpus: signed verdicts are offered to new articles, and changed evidence brings claims back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fakes
import pytest
from fakes_review import NOTE, OTHER, TEXT, Clock, fill, reviewed, sources, supported

from factcheck.checked import decided_id
from factcheck.errors import ReviewConflict, ReviewError
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.report import match_line
from factcheck.review import Change, Desk, QueueFilter, check_again, reviewed_report
from factcheck.store import RunStore, lay_decisions
from factcheck.types import Document, Match

WORDS = "Putin landed in Pyongyang with a large delegation of ministers and generals."
ARTICLE = Document.from_text(f"{WORDS} He left for Hanoi.", title="A visit", language="en", published="2024-06-19")
AGAIN = Document.from_text(f"It is said again. {WORDS}", title="Again", language="en", published="2024-07-01")
SOURCE = fakes.document(WORDS, title="Arrivals", published="2024-06-18")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs.sqlite3")


@pytest.fixture
def desk(store: RunStore) -> Desk:
    return Desk(store, now=Clock())


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", SOURCE)
    yield made
    made.close()


def _check(document: Document, corpus: Corpus, store: RunStore, run_id: str) -> list[str]:
    """The ids of the claims of a check that finds everything supported."""
    judge = fakes.ScriptedJudge(default=fakes.everything("supports"))
    return [c.id for c in check(document, fakes.make_engine(corpus, judge, store=store), run_id=run_id).claims]


def _offered(store: RunStore, corpus: Corpus, run_id: str) -> list[Match]:
    """What a check of an article with the same words is offered for them."""
    _check(AGAIN, corpus, store, run_id)
    run = store.get(run_id)
    assert run is not None and run.report is not None
    return [m for m in run.report.claims[1].matches if m.text == WORDS]


# --- verdicts that were signed off --------------------------------------------------------------------------------


def test_a_signed_verdict_is_offered_with_its_reviewer_and_date(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    assert [(m.label, m.reviewed_by) for m in _offered(store, corpus, "before")] == [("supported", None)]
    reviewed(desk, "refuted", claim, "r")
    found = next(m for m in _offered(store, corpus, "after") if m.reviewed_by)
    assert (found.label, found.reviewed_by, found.reviewed, found.as_of) == (
        "refuted", "Budi", "2026-11-23", date(2024, 6, 19),
    )  # fmt: skip
    assert found.strength == "strong" and found.claim_id == claim and found.publisher is None
    assert match_line(found) == "2024-06-19, refuted, reviewed by Budi on 2026-11-23"


def test_the_machines_verdict_on_that_claim_is_no_longer_offered(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    reviewed(desk, "refuted", claim, "r")
    assert [(m.label, m.reviewed_by) for m in _offered(store, corpus, "after")] == [("refuted", "Budi")]


def test_a_decision_without_a_signature_is_not_offered(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    desk.act("r", claim, "set_verdict", Change(label="refuted"), who="Ana", version=0, reason="It was Seoul.")
    assert [m.label for m in _offered(store, corpus, "after")] == ["supported"]


def test_a_later_decision_takes_the_place_of_the_earlier(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    reviewed(desk, "refuted", claim, "r")
    _offered(store, corpus, "one")
    reviewed(desk, "conflicting", claim, "r")
    assert lay_decisions(store, corpus) == 1
    kept = [(one.label, one.reviewed_by) for one in corpus.checked_claims() if one.run_id == "r" and one.reviewed_by]
    assert kept == [("conflicting", "Budi")]


def test_new_words_take_the_place_of_the_old(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    version = reviewed(desk, "refuted", claim, "r").version
    lay_decisions(store, corpus)
    desk.act("r", claim, "edit_claim", Change(text="Putin flew to Pyongyang."), who="Ana", version=version)
    reviewed(desk, "refuted", claim, "r")
    lay_decisions(store, corpus)
    assert [one.text for one in corpus.checked_claims() if one.reviewed_by] == ["Putin flew to Pyongyang."]
    assert all(not m.reviewed_by for m in _offered(store, corpus, "after"))


def test_what_is_taken_back_is_no_longer_offered(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    version = reviewed(desk, "refuted", claim, "r").version
    assert lay_decisions(store, corpus) == 1 and lay_decisions(store, corpus) == 0
    version = desk.act("r", claim, "publish", who="Ana", version=version).version
    assert lay_decisions(store, corpus) == 0, "publishing changes nothing about the verdict"
    desk.act("r", claim, "correct", who="Ana", version=version, reason="A reader wrote.")
    assert lay_decisions(store, corpus) == 1
    assert [m.label for m in _offered(store, corpus, "after")] == ["supported"], "the machine's is offered again"


def test_a_verdict_goes_to_the_corpus_that_it_was_found_in(
    desk: Desk, store: RunStore, corpus: Corpus, tmp_path: Path
) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    reviewed(desk, "refuted", claim, "r")
    with fakes.make_corpus(tmp_path / "others", SOURCE) as another:
        assert lay_decisions(store, another) == 0
    assert lay_decisions(store, corpus) == 1
    assert decided_id("r", claim, WORDS) in {one.id for one in corpus.checked_claims()}


def test_a_corpus_that_is_being_written_gets_it_later(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    reviewed(desk, "refuted", claim, "r")
    corpus.lock_seconds = 0.1
    writer = Corpus.open(corpus.directory, corpus.embedder)
    with writer.writing():
        _check(AGAIN, corpus, store, "meanwhile")
    writer.close()
    run = store.get("meanwhile")
    assert run is not None and run.report is not None
    assert any("reviewers were not offered" in note for note in run.report.run.notes)
    assert lay_decisions(store, corpus) == 1


# --- evidence that changes ----------------------------------------------------------------------------------------


def _back(desk: Desk) -> list[str | None]:
    return [row.back_because for row in desk.queue(QueueFilter(back=True)).rows]


@pytest.fixture
def notes(tmp_path: Path, store: RunStore) -> Iterator[Corpus]:
    """The corpus of the run that `fill` makes."""
    fill(store, corpus="newsroom")
    made = fakes.make_corpus(tmp_path / "newsroom", NOTE, OTHER)
    yield made
    made.close()


def test_a_reviewed_claim_comes_back_when_its_evidence_is_removed(desk: Desk, notes: Corpus) -> None:
    reviewed(desk)
    assert desk.evidence_changed(notes) == 0
    notes.remove([NOTE.id])
    assert desk.evidence_changed(notes) == 1
    claim = desk.claim("r", "c1")
    assert claim is not None and (claim.state, claim.signed_by, claim.label) == ("in_review", None, "refuted")
    assert claim.back_because == "The evidence has changed: “Arrivals” is no longer in the corpus."
    assert (claim.events[-1].who, claim.events[-1].change.documents) == ("factcheck", (NOTE.id,))
    assert _back(desk) == [claim.back_because]
    assert desk.evidence_changed(notes) == 0, "it is back already"


def test_it_comes_back_once_for_each_document(desk: Desk, notes: Corpus) -> None:
    reviewed(desk)
    notes.remove([NOTE.id])
    desk.evidence_changed(notes)
    after = reviewed(desk)
    assert after.back_because is None and desk.evidence_changed(notes) == 0, "they signed it knowing that"
    assert _back(desk) == []


def test_a_published_claim_becomes_a_correction(desk: Desk, notes: Corpus) -> None:
    desk.act("r", "c1", "publish", who="Ana", version=reviewed(desk).version)
    notes.add([NOTE.model_copy(update={"reliability": "disputed"})])
    assert desk.evidence_changed(notes) == 1
    claim = desk.claim("r", "c1")
    assert claim is not None and claim.state == "correction"
    assert claim.back_because == "The evidence has changed: “Arrivals” is now marked disputed."
    assert [e.who for e in claim.corrections] == ["factcheck"]


def test_evidence_that_did_not_count_does_not_matter_unless_somebody_made_it(desk: Desk, notes: Corpus) -> None:
    reviewed(desk)
    notes.remove([OTHER.id])
    assert desk.evidence_changed(notes) == 0
    claim = desk.claim("r", "c1")
    assert claim is not None
    change = Change(evidence_n=2, stance="refutes")
    desk.act("r", "c1", "set_stance", change, who="Ana", version=claim.version)
    reviewed(desk)
    assert desk.evidence_changed(notes) == 1


def test_only_reviewed_claims_come_back_and_only_of_that_corpus(desk: Desk, notes: Corpus, corpus: Corpus) -> None:
    assert desk.evidence_changed(corpus) == 0, "nobody has reviewed anything"
    reviewed(desk)
    assert desk.evidence_changed(corpus) == 0, "it has none of the evidence, but was never asked"


def test_looking_at_it_takes_the_mark_away(desk: Desk, notes: Corpus) -> None:
    reviewed(desk)
    notes.remove([NOTE.id])
    desk.evidence_changed(notes)
    claim = desk.claim("r", "c1")
    assert claim is not None
    assert desk.act("r", "c1", "note", who="Ana", version=claim.version, reason="Seen.").back_because is None


# --- checked again, and the report --------------------------------------------------------------------------------


def test_a_claim_is_checked_again_in_its_new_words(desk: Desk, store: RunStore, corpus: Corpus) -> None:
    claim, _ = _check(ARTICLE, corpus, store, "r")
    edited = desk.act("r", claim, "edit_claim", Change(text="Putin landed early."), who="Ana", version=0)
    late = fakes.document("Putin landed early, says the airport.", title="Airport")
    corpus.add([late])
    judge = fakes.ScriptedJudge(default=fakes.everything("refutes"))
    engine = fakes.make_engine(corpus, judge, store=store)
    with pytest.raises(ReviewConflict):
        check_again(desk, engine, "r", claim, who="Ana", version=0)
    after = check_again(desk, engine, "r", claim, who="Ana", version=edited.version)
    assert (after.machine.label, after.edited, after.machine.text) == ("refuted", False, "Putin landed early.")
    assert {asked.text for asked, _ in judge.asked} == {"Putin landed early."}
    report = reviewed_report(desk, "r").report
    assert report.claims[0] == after.machine and report.documents[late.id].text == late.text
    with pytest.raises(ReviewError, match="no finished claim"):
        check_again(desk, engine, "r", "c9", who="Ana", version=0)


def test_a_report_has_peoples_verdicts_beside_the_machines(desk: Desk, store: RunStore) -> None:
    fill(store)
    words = "Nobody counted the cars."
    start = TEXT.index(words)
    added = desk.add_claim("r", Change(start=start, end=start + len(words), source_text=words), who="Ana")
    reviewed(desk)
    for at in (desk, store):
        found = reviewed_report(at, "r")
        assert [c.id for c in found.report.claims] == ["c1", "c2", added.claim_id]
        assert [(r.state, r.label) for r in found.review] == [
            ("reviewed", "refuted"), ("machine_checked", None), ("in_review", None),
        ]  # fmt: skip
        assert found.report.claims[0] == supported() and set(found.report.documents) == set(sources())


def test_a_report_that_is_not_there_is_told(desk: Desk, store: RunStore) -> None:
    with pytest.raises(ReviewError, match="no run nobody"):
        reviewed_report(desk, "nobody")
    store.start("r", ARTICLE, None, "offline")
    with pytest.raises(ReviewError, match="has no report yet"):
        reviewed_report(desk, "r")
