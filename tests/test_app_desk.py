"""The desk and the page of a claim in Streamlit's own test runner: what is listed, done and refused."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fakes_desk
import pytest
from fakes_desk import Office
from fakes_engine import ARTICLE, DOCUMENTS, HOSTILE
from streamlit.testing.v1 import AppTest

from factcheck.review.values import Change
from factcheck.types import ClaimResult, SourceDocument
from factcheck.ui import exports


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with one finished article."""
    fakes_desk.office = Office(tmp_path)
    fakes_desk.office.add_run("run-a")
    yield fakes_desk.office
    fakes_desk.office.engine.open_gate()
    fakes_desk.office = None


def _desk() -> None:
    import fakes_desk

    fakes_desk.draw("desk")


def _claim() -> None:
    import fakes_desk

    fakes_desk.draw("claim")


def _check() -> None:
    import fakes_desk

    fakes_desk.draw("check")


def at_desk(who: str = "Ana", **address: str) -> AppTest:
    """The desk, drawn once."""
    return _drawn(_desk, who, address)


def at_claim(claim: str = "claim-4", who: str = "Ana", run: str = "run-a") -> AppTest:
    """The page of a claim, drawn once."""
    return _drawn(_claim, who, {"run": run, "claim": claim})


def _drawn(page: Callable[[], None], who: str, address: dict[str, str]) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params.update(address)
    at.session_state["reviewer"] = who
    return at.run()


def html(at: AppTest) -> str:
    """The bodies of every `st.html` in the main part, in order."""
    assert not at.exception, [e.value for e in at.exception]
    return "\n".join(element.proto.body for element in at.main.get("html"))


def links(at: AppTest) -> list[str]:
    """The texts of the rows, unescaped as a reader sees them."""
    return [unescape(text) for text in re.findall(r'<a class="fc-go" href="claim\?run=[^"<>]+">([^<]*)</a>', html(at))]


def errors(at: AppTest) -> str:
    """What the page refuses, as a reader sees it."""
    return " ".join(e.value.replace("\\", "") for e in at.error)


def press(at: AppTest, key: str) -> AppTest:
    """Presses a button that belongs to the claim on the page."""
    return at.button(key=key).click().run()


def field(name: str, claim: str = "claim-4") -> str:
    """The key of a claim's field."""
    return f"draft-{name}-run-a-{claim}"


def until(at: AppTest, holds: Callable[[AppTest], bool]) -> AppTest:
    """Reruns the page until something holds."""
    for _ in range(300):
        if holds(at):
            return at
        time.sleep(0.05)
        at.run()
    raise AssertionError("the page did not come to the state waited for")


class TestQueue:
    def test_every_claim_is_listed_with_verdict_and_state(self, office: Office) -> None:
        at = at_desk()
        assert len(links(at)) == 7
        assert "<b>7 claims</b>" in html(at)
        assert html(at).count("Machine-checked</span>") == 7
        assert at.checkbox(key="desk-label-supported").label == "✓ Supported 2"

    def test_filters_by_verdict_state_search_and_confidence(self, office: Office) -> None:
        office.act("accept", "Budi")
        at = at_desk()
        at.checkbox(key="desk-label-refuted").check().run()
        assert links(at) == ["Kedua pemimpin kemudian menandatangani 12 perjanjian di hadapan wartawan."]
        assert at.checkbox(key="desk-label-supported").label == "✓ Supported 2", "a facet keeps its own counts"
        at.checkbox(key="desk-label-refuted").uncheck()
        at.checkbox(key="desk-state-in_review").check().run()
        assert "decided by Budi" in html(at)
        assert len(links(at)) == 1
        at.checkbox(key="desk-state-in_review").uncheck()
        at.text_input(key="desk-words").set_value("bendungan").run()
        assert links(at) == ["Bendungan itu menampung 3,5 juta meter kubik air"]
        at.text_input(key="desk-words").set_value("tidak ada kata ini").run()
        assert "No claim fits these filters" in html(at)
        press(at, "clear")
        at.selectbox(key="desk-sure").set_value("5").run()
        assert links(at) == ["Presiden tiba di ibu kota pada Rabu dini hari, 19 Juni 2024"]

    def test_filters_by_article_and_by_what_came_back_or_was_dropped(self, office: Office) -> None:
        office.add_run("run-b", title="Artikel kedua")
        office.act("drop", "Budi", reason="Ganda")
        at = at_desk()
        assert len(links(at)) == 13
        at.selectbox(key="desk-article").set_value("run-b").run()
        assert len(links(at)) == 7
        press(at, "clear")
        at.checkbox(key="desk-dropped").check().run()
        assert len(links(at)) == 1

    def test_a_claim_that_came_back_says_why(self, office: Office) -> None:
        office.act("accept", "Ana")
        office.act("sign_off", "Budi")
        office.desk.act("run-a", "claim-4", "evidence_changed", Change(documents=("doc-a",)), who="factcheck",
                        version=office.claim().version, reason="Dokumen doc-a <b>berubah</b>")  # fmt: skip
        at = at_desk()
        at.checkbox(key="desk-back").check().run()
        assert len(links(at)) == 1
        assert "Came back: Dokumen doc-a &lt;b&gt;berubah&lt;/b&gt;" in html(at)
        assert "Came back to the queue" in at_claim().warning[0].value

    def test_fifty_claims_a_page(self, office: Office) -> None:
        for n in range(9):
            office.add_run(f"run-{n}")
        at = at_desk()
        assert len(links(at)) == 50
        assert "1–50 of 70 claims" in html(at)
        assert at.button(key="earlier").disabled
        press(at, "further")
        assert len(links(at)) == 20
        assert "51–70 of 70 claims" in html(at)
        at.checkbox(key="desk-label-refuted").check().run()
        assert "<b>10 claims</b>" in html(at), "another filter begins at the first page"

    def test_languages_are_offered_where_there_are_several(self, office: Office) -> None:
        assert not [box for box in at_desk().checkbox if box.key and box.key.startswith("desk-language")]
        office.add_run("run-en", language="en")
        at = at_desk()
        assert at.checkbox(key="desk-language-en").label == "English 7"
        at.checkbox(key="desk-language-en").check().run()
        assert len(links(at)) == 7

    def test_the_least_sure_first(self, office: Office) -> None:
        at = at_desk()
        at.selectbox(key="desk-order").set_value("confidence").run()
        assert "198.51.100.7" in links(at)[0]

    def test_an_empty_desk_points_to_the_check(self, office: Office, tmp_path: Path) -> None:
        fakes_desk.office = Office(tmp_path / "new")
        at = at_desk()
        assert "Nothing has been checked yet" in html(at)
        assert [link.proto.label for link in at.main.get("page_link")] == ["Check an article"]

    def test_hostile_text_stays_text(self, office: Office) -> None:
        office.add_run("run-b", title=HOSTILE)
        for at in (at_desk(), at_desk(run="run-b"), at_claim("claim-7"), at_claim("claim-7", run="run-b")):
            page = html(at).replace('<a href="#decision">', "")
            page = re.sub(r"<script>/\* (words|rows) \*/|<a class=\"fc-go\" href=\"claim\?run=[\w&=;-]+\">", "", page)
            assert "<script" not in page and "<img" not in page and "<a " not in page
            assert not [e for e in at.markdown if "198.51.100.7" in e.value]
            labels = "".join(link.proto.label for link in at.main.get("page_link"))
            assert "](" not in labels and "://" not in labels

    def test_the_desk_speaks_indonesian(self, office: Office) -> None:
        at = at_desk(lang="id")
        assert "<b>7 klaim</b>" in html(at)
        assert html(at).count('&amp;lang=id">') == 7, "a claim opens in the same language"
        assert at.checkbox(key="desk-label-refuted").label == "✗ Terbantah 1"


class TestArticles:
    def test_an_interrupted_check_goes_on_where_it_stopped(self, office: Office) -> None:
        office.add_run("run-cut", title="Terputus", finished=5)
        at = at_desk()
        at.button_group(key="desk-view").set_value("articles").run()
        assert "Interrupted" in html(at)
        office.engine.open_gate()
        press(at, "resume-run-cut")
        until(at, lambda at: (run := office.store.get("run-cut")) is not None and run.status == "done")
        run = office.store.get("run-cut")
        assert run is not None and run.report is not None
        assert [c.seconds for c in run.report.claims[:5]] == [0.0] * 5, "what was finished was not done twice"
        at.run()
        assert "Interrupted" not in html(at)

    def test_an_article_shows_its_claims_and_how_far_they_are(self, office: Office) -> None:
        office.act("set_verdict", "Ana", Change(label="conflicting"), "Sumber lain")
        office.act("sign_off", "Budi")
        at = at_desk(run="run-a")
        assert "1 of 7 claims are reviewed." in html(at)
        assert '<mark class="fc-conflicting" data-claim="4"' in html(at), "the article shows the verdict as it stands"

    def test_a_sentence_becomes_a_claim(self, office: Office) -> None:
        at = at_desk(run="run-a")
        options = at.selectbox(key="draft-add-sentence-run-a").options
        assert "has claim 1" in options[0] and any("left out" in option for option in options)
        at.selectbox(key="draft-add-sentence-run-a").set_value(5).run()
        words = at.text_area(key="draft-add-words-run-a").value
        assert words and words in ARTICLE
        at.text_area(key="draft-add-text-run-a").set_value("Suasana pertemuan hangat.").run()
        press(at, "add-claim")
        added = office.desk.claims("run-a")[-1]
        assert (added.text, added.source_text, added.events[0].who) == ("Suasana pertemuan hangat.", words, "Ana")
        assert len(links(at)) == 8

    def test_words_that_the_article_lacks_make_no_claim(self, office: Office) -> None:
        at = at_desk(run="run-a")
        press(at, "add-claim")
        assert "Choose a sentence" in errors(at)
        at.text_area(key="draft-add-words-run-a").set_value("Kata yang tidak ada di mana pun").run()
        press(at, "add-claim")
        assert "Those words are not in the article" in errors(at)
        assert at.text_area(key="draft-add-words-run-a").value, "what was typed is kept"
        assert len(office.desk.claims("run-a")) == 7

    def test_an_unknown_article(self, office: Office) -> None:
        assert "There is no article at this address" in errors(at_desk(run="run-nobody"))


class TestDeciding:
    def test_the_machines_verdict_stands_beside_the_persons(self, office: Office) -> None:
        at = at_claim()
        assert "Nobody has decided yet" in html(at)
        press(at, "accept-claim-4")
        claim = office.claim()
        assert (claim.label, claim.decided_by, claim.state) == ("refuted", "Ana", "in_review")
        assert "as the machine" in html(at) and "accepted the machine&#x27;s verdict" in html(at)

    def test_another_verdict_needs_a_reason_and_keeps_the_machines(self, office: Office) -> None:
        at = at_claim()
        press(at, "set-claim-4")
        assert "Choose the verdict" in errors(at)
        at.radio(key=field("label")).set_value("supported")
        press(at, "set-claim-4")
        assert "Give the reason" in errors(at)
        assert office.claim().version == 0
        at.text_area(key=field("reason")).set_value("Dua belas, menurut naskah perjanjian <b>.")
        press(at, "set-claim-4")
        claim = office.claim()
        assert (claim.label, claim.machine.label, claim.overridden) == ("supported", "refuted", True)
        assert "not as the machine" in html(at)
        assert "Dua belas, menurut naskah perjanjian &lt;b&gt;." in html(at)
        assert at.text_area(key=field("reason")).value == ""

    def test_nothing_is_done_without_a_name(self, office: Office) -> None:
        at = at_claim(who="")
        assert "Type your name" in at.info[0].value
        press(at, "accept-claim-4")
        assert "Type your name" in errors(at)
        assert office.claim().version == 0

    def test_nobody_works_under_the_machines_name(self, office: Office) -> None:
        at = at_claim(who="Factcheck")
        assert "name of the program" in at.sidebar.error[0].value
        press(at, "accept-claim-4")
        assert office.claim().version == 0

    def test_a_second_person_signs_off_then_it_is_published_and_corrected(self, office: Office) -> None:
        at = at_claim()
        press(at, "accept-claim-4")
        assert at.button(key="sign-claim-4").disabled
        assert "Somebody else signs it off" in html(at)
        other = at_claim(who="Budi")
        press(other, "sign-claim-4")
        assert office.claim().signed_by == "Budi"
        press(other, "publish-claim-4")
        assert office.claim().state == "published"
        assert "open a correction first" in html(other)
        press(other, "correct-claim-4")
        assert "Give the reason" in errors(other)
        other.text_area(key=field("correct")).set_value("Angkanya salah")
        press(other, "correct-claim-4")
        assert office.claim().state == "correction"
        assert 'aria-current="step">↺ Correction' in html(other)

    def test_one_person_is_enough_where_the_settings_say_so(self, office: Office) -> None:
        office.desk.two_people = False
        at = at_claim()
        press(at, "accept-claim-4")
        press(at, "sign-claim-4")
        assert office.claim().state == "reviewed"

    def test_dropped_and_restored(self, office: Office) -> None:
        at = at_claim()
        press(at, "drop-claim-4")
        assert "Give the reason" in errors(at)
        at.text_area(key=field("drop")).set_value("Bukan klaim")
        press(at, "drop-claim-4")
        assert office.claim().dropped
        assert "dropped by Ana: Bukan klaim" in at.warning[0].value.replace("\\", "")
        assert not [b for b in at.button if b.key == "accept-claim-4"]
        press(at, "restore-claim-4")
        assert not office.claim().dropped

    def test_words_and_place_are_edited_against_the_article(self, office: Office) -> None:
        at = at_claim()
        at.text_area(key=field("edit-words")).set_value("kata yang tidak ada di sana sama sekali")
        press(at, "edit-claim-4")
        assert "Those words are not in the article" in errors(at)
        at.text_area(key=field("edit-words")).set_value("menandatangani 12 perjanjian")
        at.text_area(key=field("edit-text")).set_value("Kedua pemimpin menandatangani 12 perjanjian.")
        press(at, "edit-claim-4")
        claim = office.claim()
        assert claim.text == "Kedua pemimpin menandatangani 12 perjanjian."
        assert ARTICLE[claim.start : claim.end] == "menandatangani 12 perjanjian"
        assert "The machine judged other words" in html(at)
        assert not [b for b in at.button if b.key == "accept-claim-4"]

    def test_a_stance_and_an_earlier_verdict(self, office: Office) -> None:
        at = at_claim("claim-1")
        at.button_group(key="stance-1-run-a-claim-1").set_value("neutral").run()
        assert office.claim("claim-1").stances == {1: "neutral"}
        press(at, "take-run-of-somebody-else-c-9")
        assert "Give the reason" in errors(at)
        at.text_input(key=field("match-run-of-somebody-else-c-9", "claim-1")).set_value("Klaim yang sama")
        press(at, "take-run-of-somebody-else-c-9")
        claim = office.claim("claim-1")
        assert (claim.label, claim.decided_by, claim.events[-1].action) == ("supported", "Ana", "take_match")

    def test_a_claim_that_two_earlier_runs_have_is_offered_from_both(self, office: Office) -> None:
        now = office.claim("claim-1")
        (match,) = now.machine.matches
        other = match.model_copy(update={"run_id": "run-of-another", "label": "refuted"})
        sources = {key: SourceDocument.of(document) for key, document in DOCUMENTS.items()}
        both = Change(result=now.machine.model_copy(update={"matches": (match, other)}), sources=sources)
        office.desk.act("run-a", "claim-1", "recheck", both, who="Budi", version=now.version)
        at = at_claim("claim-1")
        at.text_input(key=field("match-run-of-another-c-9", "claim-1")).set_value("Klaim yang sama")
        press(at, "take-run-of-another-c-9")
        assert office.claim("claim-1").label == "refuted"

    def test_notes_and_the_log_as_lines(self, office: Office) -> None:
        at = at_claim()
        press(at, "note.add-claim-4")
        assert "The note is empty" in errors(at)
        at.text_area(key=field("note")).set_value("Tanya kantor arsip")
        press(at, "note.add-claim-4")
        assert "Tanya kantor arsip" in html(at)
        assert office.claim().state == "machine_checked"
        assert [b.proto.label for b in at.get("download_button") if b.key == "log"] == ["Log as JSON lines"]

    def test_an_unknown_claim_and_none(self, office: Office) -> None:
        assert "There is no claim at this address" in errors(at_claim("claim-99"))
        at = _drawn(_claim, "Ana", {})
        assert "No claim is open" in html(at)

    def test_the_page_without_an_address_opens_the_claim_of_before(self, office: Office) -> None:
        at = at_claim("claim-5")
        del at.query_params["claim"], at.query_params["run"]
        at.run()
        assert "Bendungan itu menampung" in html(at)


class TestTwoPeople:
    def test_the_second_is_told_of_the_first(self, office: Office) -> None:
        at_claim(who="Ana")
        assert "Ana has this claim open now" in at_claim(who="Budi").info[0].value
        assert not at_claim("claim-5", who="Budi").info

    def test_who_leaves_is_not_told_of(self, office: Office) -> None:
        office.desk.viewing("run-a", "claim-4", "Ana")
        office.desk.left("run-a", "claim-4", "Ana")
        assert not at_claim(who="Budi").info

    def test_a_stale_page_warns_keeps_what_was_typed_and_overwrites_nothing(self, office: Office) -> None:
        at = at_claim(who="Budi")
        at.radio(key=field("label")).set_value("supported")
        at.text_area(key=field("reason")).set_value("Alasan Budi").run()
        office.act("set_verdict", "Ana", Change(label="conflicting"), "Alasan Ana")
        press(at, "set-claim-4")
        assert "Your change was not saved" in errors(at)
        assert "This claim changed while you had it open" in at.warning[0].value
        assert "Alasan Ana" in html(at) and "<b>Ana</b> set the verdict" in html(at)
        assert at.text_area(key=field("reason")).value == "Alasan Budi"
        assert office.claim().label == "conflicting"
        press(at, "seen")
        assert not at.warning
        press(at, "set-claim-4")
        assert (office.claim().label, office.claim().reason) == ("supported", "Alasan Budi")
        assert [e.who for e in office.claim().events] == ["Ana", "Budi"]


class TestAddedEvidence:
    def fill(self, at: AppTest, **fields: str) -> AppTest:
        at.radio(key=field("from")).set_value("paste").run()
        for name, value in fields.items():
            kind = at.text_area if name in ("text", "quote") else at.text_input
            kind(key=field(name)).set_value(value)
        return press(at, "add-evidence-claim-4")

    def test_pasted_text_with_its_source_and_quote(self, office: Office) -> None:
        at = self.fill(at_claim(), text="Naskah memuat 12 perjanjian <i>.", quote="12 perjanjian", title="Naskah",
                       published="2024-06")  # fmt: skip
        (added,) = office.claim().added
        assert (added.quote, added.title, added.added_by, added.n) == ("12 perjanjian", "Naskah", "Ana", 1)
        assert added.text[added.start : added.end] == added.quote
        assert "<mark>12 perjanjian</mark> &lt;i&gt;." in html(at)
        assert "From after the claim&#x27;s date" in html(at), "June 2024 ends after 19 June"
        at.button_group(key="stance-added-1-run-a-claim-4").set_value("refutes").run()
        assert office.claim().added[0].stance == "refutes"

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"quote": "x"}, "no source text yet"),
            ({"text": "Naskah lengkap.", "title": "N"}, "Give the words of the source"),
            ({"text": "Naskah lengkap.", "title": "N", "quote": "Sama sekali lain"}, "not in the source"),
            ({"text": "Naskah lengkap.", "quote": "Naskah"}, "Say where the pasted text is from"),
            ({"text": "Naskah lengkap.", "quote": "Naskah", "title": "N", "published": "Juni"}, "is not a date"),
        ],
    )
    def test_what_is_refused_stays_typed(self, office: Office, fields: dict[str, str], sentence: str) -> None:
        at = self.fill(at_claim(), **fields)
        assert sentence in errors(at)
        assert at.text_area(key=field("quote")).value == fields.get("quote", "")
        assert office.claim().added == ()

    def test_an_address_inside_the_house_is_refused(self, office: Office) -> None:
        at = at_claim()
        at.text_input(key=field("address")).set_value("http://127.0.0.1:1/secret")
        press(at, "fetch-claim-4")
        assert errors(at) and not at.exception
        press(at, "add-evidence-claim-4")
        assert "no source text yet" in errors(at)


class TestRecheck:
    def test_one_claim_is_checked_again_in_a_thread(self, office: Office) -> None:
        office.act("edit_claim", "Budi", Change(text="Presiden mendarat di ibu kota."))
        at = at_claim()
        press(at, "recheck-claim-4")
        assert "The machine is checking this claim" in at.info[0].value
        assert at.button(key="recheck-claim-4").disabled
        office.engine.open_gate()
        until(at, lambda at: bool(at.success))
        claim = office.claim()
        assert (claim.machine.label, claim.machine.text, claim.edited) == ("supported", claim.text, False)
        assert claim.events[-1].action == "recheck" and claim.events[-1].who == "Ana"
        assert "<mark>Presiden mendarat" in html(at), "the document of the new result is at hand"
        assert not at.warning, "one's own re-check is no surprise"

    def test_a_failure_is_no_verdict_and_the_earlier_result_stays(self, office: Office) -> None:
        office.act("edit_claim", "Budi", Change(text="Ini gagal diperiksa."))
        office.engine.open_gate()
        at = press(at_claim(), "recheck-claim-4")
        until(at, lambda at: "gave no answer" in errors(at))
        assert office.claim().machine.label == "refuted"

    def test_a_model_without_a_name_is_a_sentence(self, office: Office) -> None:
        at = at_claim()
        at.session_state["judge"] = {"mode": "llm"}
        press(at, "recheck-claim-4")
        assert "The language model has no name" in errors(at)

    def test_a_result_of_words_that_changed_meanwhile_is_put_aside(self, office: Office) -> None:
        at = press(at_claim(), "recheck-claim-4")
        office.act("edit_claim", "Budi", Change(text="Presiden mendarat di ibu kota."))
        office.engine.open_gate()
        until(at, lambda at: any("put aside" in w.value for w in at.warning))
        assert office.claim().machine.text != office.claim().text


class TestExports:
    def made(self, office: Office, kind: str, claim: str | None = None) -> str:
        here: Any = SimpleNamespace(
            workshop=office.workshop, desk=office.desk, settings=office.settings, say=SimpleNamespace(language="en")
        )
        return exports.made(here, "run-a", claim, kind).decode()

    def test_files_of_a_claim_and_an_article(self, office: Office) -> None:
        office.act("set_verdict", "Ana", Change(label="supported"), "Naskah memuat dua belas")
        assert "Naskah memuat dua belas" in self.made(office, "Markdown", "claim-4")
        assert "Bendungan" not in self.made(office, "CSV", "claim-4")
        assert "Bendungan" in self.made(office, "HTML")
        review = json.loads(self.made(office, "JSON"))["review"]
        assert [entry["label"] for entry in review if entry["decided_by"]] == ["supported"]

    def test_claimreview_waits_for_the_sign_off(self, office: Office) -> None:
        def offered() -> Any:
            return next(b.proto for b in at_claim(who="Cici").get("download_button") if b.key == "export-jsonld")

        assert offered().disabled
        office.act("accept", "Ana")
        office.act("sign_off", "Budi")
        assert not offered().disabled
        (item,) = json.loads(self.made(office, "ClaimReview", "claim-4"))
        assert item["@type"] == "ClaimReview"
        assert "application/ld+json" in self.made(office, "HTML", "claim-4")
        assert "application/ld+json" not in self.made(office, "HTML", "claim-1")
        office.settings = office.settings.model_copy(update={"site_url": None})
        assert "FACTCHECK_SITE_URL" in offered().help

    def test_a_claim_checked_again_takes_its_documents_along(self, office: Office) -> None:
        office.engine.open_gate()
        office.act("edit_claim", "Budi", Change(text="Presiden mendarat di ibu kota."))
        at = press(at_claim(), "recheck-claim-4")
        until(at, lambda at: bool(at.success))
        report = json.loads(self.made(office, "JSON", "claim-4"))["report"]
        quoted = ClaimResult.model_validate(report["claims"][0]).evidence[0].document_id
        assert quoted in report["documents"]


class TestWayThere:
    def test_the_report_leads_to_the_claim_on_the_desk(self, office: Office) -> None:
        at = _drawn(_check, "Ana", {"run": "run-a", "claim": "claim-4"})
        (link,) = [link.proto for link in at.main.get("page_link") if link.proto.label == "Open on the desk"]
        assert link.query_string == "run=run-a&claim=claim-4"

    def test_a_public_server_has_no_desk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = str(Path(__file__).parents[1] / "app.py")
        for wanted, count in (("true", 1), ("false", 0)):
            monkeypatch.setenv("FACTCHECK_DESK", wanted)
            at = AppTest.from_file(app, default_timeout=60).run()
            assert not at.exception
            assert len([f for f in at.sidebar.text_input if f.key == "reviewer"]) == count

    def test_who_is_logged_in_signs_with_that_name(self, office: Office) -> None:
        at = AppTest.from_function(_claim, default_timeout=30)
        at.user = {"is_logged_in": True, "name": "Dewi  Lestari"}
        at.query_params.update({"run": "run-a", "claim": "claim-4"})
        at.run()
        assert not at.sidebar.text_input
        press(at, "accept-claim-4")
        assert office.claim().decided_by == "Dewi Lestari"


class TestIndonesian:
    def page(self, who: str = "Ana") -> AppTest:
        return _drawn(_claim, who, {"run": "run-a", "claim": "claim-4", "lang": "id"})

    @pytest.mark.parametrize(
        ("key", "sentence"),
        [
            ("edit", "Kata-kata dan letaknya masih sama."),
            ("drop", "Isi alasannya"),
            ("set", "Pilih putusannya."),
            ("note.add", "Catatannya kosong."),
            ("add-evidence", "Belum ada teks sumber."),
        ],
    )
    def test_a_refusal(self, office: Office, key: str, sentence: str) -> None:
        assert sentence in errors(press(self.page(), f"{key}-claim-4"))

    def test_an_address_that_is_not_fetched(self, office: Office) -> None:
        at = self.page()
        at.text_input(key=field("address")).set_value("http://127.0.0.1/rahasia")
        assert "bukan alamat publik" in errors(press(at, "fetch-claim-4"))

    def test_a_name_that_is_the_program_s(self, office: Office) -> None:
        assert "adalah nama program ini" in " ".join(e.value for e in self.page("factcheck").error)

    def test_why_a_claim_came_back(self, office: Office) -> None:
        office.act("accept", "Ana")
        office.act("sign_off", "Budi")
        office.desk.act("run-a", "claim-4", "evidence_changed", Change(documents=("doc-a",)), who="factcheck",
                        version=office.claim().version,
                        reason="The evidence has changed: “Harga” is no longer in the corpus.")  # fmt: skip
        at = self.page()
        assert "Buktinya berubah: “Harga” tidak ada lagi dalam korpus." in at.warning[0].value.replace("\\", "")
        assert html(at).count("Buktinya berubah: “Harga” tidak ada lagi dalam korpus.") == 1, "in the log"
