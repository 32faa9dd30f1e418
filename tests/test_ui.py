"""The parts of the app that need no Streamlit: its words, its HTML, its settings and its worker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import get_args

import fakes_engine
import pytest
from pydantic import SecretStr

from factcheck.errors import SettingsError
from factcheck.extract.rules import RuleExtractor
from factcheck.read import read_file
from factcheck.resources import demo_article_path
from factcheck.settings import Settings
from factcheck.types import AsOfSource, ClaimKind, Document, Stance, Tier, Timing, WhyNot
from factcheck.ui import cards, strings
from factcheck.ui.form import session_settings
from factcheck.ui.result import file_stem, numbered
from factcheck.ui.worker import INTERNAL, Place, RunView, Workshop

ENGLISH = strings.words("en")
INDONESIAN = strings.words("id")


class TestWords:
    def test_both_languages_have_the_same_fields(self) -> None:
        for key, (english, indonesian) in strings.TEXTS.items():
            fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, indonesian)]
            assert fields[0] == fields[1], key
            assert english.strip() and indonesian.strip(), key

    @pytest.mark.parametrize(
        ("prefix", "values"),
        [
            ("label", cards.OUTCOMES),
            ("meaning", cards.OUTCOMES),
            ("summary", cards.OUTCOMES),
            ("stance", get_args(Stance)),
            ("kind", get_args(ClaimKind)),
            ("why_not", get_args(WhyNot)),
            ("timing", get_args(Timing)),
            ("tier", get_args(Tier)),
            ("as_of", get_args(AsOfSource)),
        ],
    )
    def test_every_value_of_the_contract_has_words(self, prefix: str, values: tuple[str, ...]) -> None:
        assert {f"{prefix}.{value}" for value in values} <= set(strings.TEXTS)

    def test_every_key_in_the_code_exists(self) -> None:
        code = "".join(path.read_text() for path in Path(strings.__file__).parents[1].rglob("*.py"))
        used = set(re.findall(r"say\(\s*\"([a-z_.]+)\"", code))
        assert len(used) > 60
        assert used <= set(strings.TEXTS)

    def test_the_reasons_of_the_rules_are_said_in_indonesian(self) -> None:
        article = read_file(demo_article_path())
        extraction, _ = RuleExtractor().extract(article, date(2024, 6, 19), "given")
        given = {why for claim in extraction.claims for why in claim.why}
        given |= {item.reason for item in extraction.left_out}
        assert len(given) > 4
        assert given <= set(strings.REASONS)
        assert INDONESIAN.reason("something new") == "something new"

    def test_dates_keep_their_precision(self) -> None:
        assert ENGLISH.date("2024-06-09") == "9 June 2024"
        assert INDONESIAN.date("2024-08") == "Agustus 2024"
        assert ENGLISH.date("2024") == "2024"

    def test_confidence_is_said_in_words(self) -> None:
        assert ENGLISH.confidence(0.93) == "very high confidence (93%)"
        assert ENGLISH.confidence(0.1) == "very low confidence (10%)"


class _Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _from_line(card: str) -> str:
    return card.partition('class="fc-from">')[2].partition("</p>")[0]


def _numbered() -> list[cards.Numbered]:
    return [cards.Numbered(i, c) for i, c in enumerate(fakes_engine.sample_report().claims, start=1)]


def _marks() -> list[cards.Mark]:
    return [item.mark for item in _numbered()]


class TestCards:
    def test_hostile_text_stays_text(self) -> None:
        report = fakes_engine.sample_report()
        pages = [
            cards.article(report.article.text, _marks(), ENGLISH, selected=7),
            cards.finished(_numbered(), ENGLISH),
            cards.left_out(report.left_out, ENGLISH),
            cards.run_details(report, ENGLISH),
        ]
        for item in _numbered():
            pages += [cards.verdict(item, ENGLISH), cards.matches(item.claim, ENGLISH)]
            pages += [cards.questions(item.claim, ENGLISH)]
            pages += [cards.evidence_card(e, item.claim, report.documents, ENGLISH) for e in item.claim.evidence]
        allowed = {"article", "b", "br", "caption", "dd", "details", "div", "dl", "dt", "h2", "header", "h3", "i", "li"}
        allowed |= {"mark", "p", "small", "span", "summary", "table", "td", "th", "tr", "ul"}
        attributes = {"class", "data-claim", "title", "role", "aria-label", "scope", "tabindex"}
        for page in pages:
            for tag, found in _Tags(page).tags:
                assert tag in allowed
                assert set(found) <= attributes
        assert fakes_engine.HOSTILE in _Tags(pages[0]).text

    def test_the_marked_article_has_the_articles_words(self) -> None:
        html = cards.article(fakes_engine.ARTICLE, _marks(), ENGLISH)
        without_numbers = re.sub(r'<span class="fc-n .*?</span>', "", html)
        assert _Tags(without_numbers).text == fakes_engine.ARTICLE

    def test_claims_that_share_text_are_both_marked(self) -> None:
        html = cards.article(fakes_engine.ARTICLE, _marks(), ENGLISH)
        titles = [found["title"] for tag, found in _Tags(html).tags if tag == "mark"]
        assert "2 Not enough evidence" in titles
        assert "2 Not enough evidence; 3 Supported" in titles
        assert html.count('class="fc-n ') == 7

    def test_the_open_claim_comes_to_the_front(self) -> None:
        html = cards.article(fakes_engine.ARTICLE, _marks(), ENGLISH, selected=2)
        opened = [
            found["class"] for tag, found in _Tags(html).tags if tag == "mark" and "fc-open" in (found["class"] or "")
        ]
        assert opened == ["fc-not_enough_evidence fc-open"] * 3

    def test_the_summary_counts_in_words(self) -> None:
        html = cards.summary(fakes_engine.sample_report().claims, ENGLISH)
        assert _Tags(html).text == (
            "7 claims: 2 supported, 1 refuted, 2 without enough evidence, 1 with conflicting evidence, 1 not checked."
        )

    def test_a_quote_is_marked_inside_its_passage(self) -> None:
        report = fakes_engine.sample_report()
        claim = report.claims[2]
        html = cards.evidence_card(claim.evidence[0], claim, report.documents, ENGLISH)
        assert "<mark>Pertemuan empat mata berlangsung lebih dari dua jam</mark>, sementara perundingan" in html
        assert "published 19 June 2024" in html

    def test_a_card_names_the_tier_of_its_source(self) -> None:
        report = fakes_engine.sample_report()
        claim = report.claims[2]
        plain = claim.evidence[0]
        assert "source" not in _from_line(cards.evidence_card(plain, claim, report.documents, ENGLISH))
        rated = plain.model_copy(update={"tier": "primary"})
        assert "primary source" in _from_line(cards.evidence_card(rated, claim, report.documents, ENGLISH))
        assert "sumber primer" in _from_line(cards.evidence_card(rated, claim, report.documents, INDONESIAN))

    def test_copies_count_as_one_origin(self) -> None:
        assert cards.origins(fakes_engine.sample_report().claims[0], ENGLISH) == "2 sources, 1 origin"

    def test_later_evidence_is_kept_apart(self) -> None:
        parts = cards.parts(fakes_engine.sample_report().claims[0])
        assert [[e.n for e in group] for group in parts] == [[1], [3], [2]]

    def test_a_month_of_availability_is_said_as_such(self) -> None:
        report = fakes_engine.sample_report()
        claim = report.claims[4]
        html = cards.evidence_card(claim.evidence[1], claim, report.documents, ENGLISH)
        assert "available from May 2024 (date of publication unknown)" in html
        assert "counted because the time rule was lifted" in html

    def test_anothers_run_is_not_given_away(self) -> None:
        assert "run-of-somebody-else" not in cards.matches(fakes_engine.sample_report().claims[0], ENGLISH)

    def test_a_review_of_somebody_else_shows_publisher_rating_and_address(self) -> None:
        claim = fakes_engine.sample_report().claims[0]
        (ours,) = claim.matches
        theirs = ours.model_copy(
            update={"run_id": None, "label": None, "as_of": None, "publisher": "Cek <b>", "rating": "Satire & co",
                    "url": "https://cek.example.org/<1>", "reviewed": "2024-06"}
        )  # fmt: skip
        html = cards.matches(claim.model_copy(update={"matches": (theirs,)}), ENGLISH)
        assert '<span class="fc-chip">Satire &amp; co</span>' in html
        assert "Cek &lt;b&gt;, June 2024: “Satire &amp; co”" in html
        assert "https://cek.example.org/&lt;1&gt;" in html and "href" not in html
        undated = theirs.model_copy(update={"reviewed": None, "label": "refuted"})
        html = cards.matches(claim.model_copy(update={"matches": (undated,)}), ENGLISH)
        assert "fc-refuted" in html and "no date known" in html

    def test_markdown_in_an_error_is_shown_as_it_is(self) -> None:
        assert cards.plain("![x](a.png)\n**b**") == r"\!\[x\]\(a\.png\) \*\*b\*\*"
        assert "://" not in cards.plain("http://a.example").replace("\\", "")

    def test_file_names_are_plain(self) -> None:
        assert file_stem("Putin: ‘Tiba’ di Pyongyang/../x") == "factcheck-putin-tiba-di-pyongyang-x"
        assert file_stem("平壌") == "factcheck-report"


class TestSessionSettings:
    server = Settings(llm_model="own", llm_base_url="http://own.example/v1", llm_api_key=SecretStr("server-key"))

    def test_offline_drops_the_servers_model_and_key(self) -> None:
        chosen = session_settings(self.server, {"mode": "offline"}, ENGLISH, lift=True)
        assert (chosen.mode, chosen.llm_api_key, chosen.lift_time_rule) == ("offline", None, True)

    def test_a_typed_endpoint_never_gets_the_servers_key(self) -> None:
        typed = {"mode": "llm", "model": "m", "endpoint": "http://other.example/v1", "key": ""}
        assert session_settings(self.server, typed, ENGLISH, lift=False).llm_api_key is None

    def test_the_servers_endpoint_gets_the_servers_key(self) -> None:
        typed = {"mode": "llm", "model": "m", "endpoint": "http://own.example/v1", "key": ""}
        chosen = session_settings(self.server, typed, ENGLISH, lift=False)
        assert chosen.llm_api_key == SecretStr("server-key")
        assert chosen.llm_model == "m"

    def test_a_typed_key_is_used(self) -> None:
        typed = {"mode": "llm", "model": "m", "endpoint": "http://other.example/v1", "key": " typed "}
        assert session_settings(self.server, typed, ENGLISH, lift=False).llm_api_key == SecretStr("typed")

    @pytest.mark.parametrize(
        ("endpoint", "sentence"),
        [
            ("localhost:11434", "must start with http"),
            ("ftp://a.example/v1", "must start with http"),
            ("http://[::1", "must start with http"),
            ("https://name:secret@a.example/v1", "user name or password"),
        ],
    )
    def test_an_endpoint_that_cannot_be_used_is_refused(self, endpoint: str, sentence: str) -> None:
        with pytest.raises(SettingsError, match=sentence):
            session_settings(self.server, {"mode": "llm", "model": "m", "endpoint": endpoint}, ENGLISH, lift=False)

    def test_a_model_without_a_name_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="has no name"):
            session_settings(Settings(), {"mode": "llm", "model": " "}, ENGLISH, lift=False)


class TestWorkshop:
    @pytest.fixture
    def desk(self, tmp_path: Path) -> Iterator[fakes_engine.Desk]:
        desk = fakes_engine.Desk(tmp_path)
        yield desk
        desk.open_gate()

    def test_a_third_check_waits_for_one_of_two_threads(self, desk: fakes_engine.Desk) -> None:
        runs = [desk.workshop.submit(Document.from_text(f"Presiden mendarat {n}."), desk.settings) for n in range(3)]
        _until(desk, runs[1], lambda view: view.place is not None and view.place.step == "checking")
        waiting = desk.workshop.view(runs[2])
        assert waiting is not None and waiting.place is not None
        assert (waiting.run.status, waiting.place.step) == ("running", "waiting")
        desk.open_gate()
        for run_id in runs:
            view = _until(desk, run_id, lambda view: view.run.status == "done")
            assert view.place is None
        assert desk.built == [desk.settings], "one engine serves all runs of the same settings"

    def test_a_finished_run_has_no_place_even_before_its_thread_has_put_it_away(self, desk: fakes_engine.Desk) -> None:
        desk.open_gate()
        run_id = desk.workshop.submit(Document.from_text("Presiden mendarat."), desk.settings)
        _until(desk, run_id, lambda view: view.run.status == "done")
        desk.workshop._put(run_id, Place("finishing", 1, 1))
        view = desk.workshop.view(run_id)
        assert view is not None and view.place is None

    def test_finished_claims_are_there_before_the_end(self, desk: fakes_engine.Desk) -> None:
        run_id = desk.workshop.submit(Document.from_text("Presiden mendarat. Bendungan penuh."), desk.settings)
        desk.gate.release()
        view = _until(desk, run_id, lambda view: len(view.run.results) == 1)
        assert view.place is not None
        assert (view.place.step, view.place.done, view.place.total) == ("checking", 1, 2)
        assert [item.number for item in numbered(view.run)] == [1]

    def test_an_engine_with_a_key_is_not_kept(self, desk: fakes_engine.Desk) -> None:
        desk.open_gate()
        settings = Settings(home=desk.home, llm_model="m", llm_api_key=SecretStr("sk-secret"))
        for _ in range(2):
            run_id = desk.workshop.submit(Document.from_text("Presiden mendarat."), settings)
            _until(desk, run_id, lambda view: view.run.status == "done")
        assert len(desk.built) == 2

    def test_a_key_in_an_error_is_hidden(self, desk: fakes_engine.Desk) -> None:
        desk.failure = SettingsError("The server refused the key sk-secret-1234.")
        settings = Settings(home=desk.home, llm_model="m", llm_api_key=SecretStr("sk-secret-1234"))
        run_id = desk.workshop.submit(Document.from_text("Presiden mendarat."), settings)
        view = _until(desk, run_id, lambda view: view.run.status == "failed")
        assert view.run.reason == "The server refused the key ***."

    def test_a_fault_of_ours_ends_the_run_and_not_the_thread(
        self, desk: fakes_engine.Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        desk.open_gate()
        desk.failure = ZeroDivisionError("division by zero")
        for _ in range(4):
            run_id = desk.workshop.submit(Document.from_text("Presiden mendarat."), desk.settings)
            view = _until(desk, run_id, lambda view: view.run.status == "failed")
            assert view.run.reason == f"{INTERNAL}ZeroDivisionError"
        desk.failure = None
        run_id = desk.workshop.submit(Document.from_text("Presiden mendarat."), desk.settings)
        _until(desk, run_id, lambda view: view.run.status == "done")
        assert "ZeroDivisionError" in caplog.text

    def test_a_run_of_an_earlier_server_is_interrupted(self, desk: fakes_engine.Desk) -> None:
        desk.store.start("run-old", Document.from_text("Presiden mendarat."), None, "offline")
        time.sleep(1.1)  # the record counts whole seconds
        view = Workshop(desk.build, desk.store).view("run-old")
        assert view is not None and view.run.status == "interrupted"

    def test_an_unknown_run_is_none(self, desk: fakes_engine.Desk) -> None:
        assert desk.workshop.view("run-nobody-has") is None


def _until(desk: fakes_engine.Desk, run_id: str, holds: Callable[[RunView], bool]) -> RunView:
    """The view of a run as soon as something holds of it."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        view = desk.workshop.view(run_id)
        if view is not None and holds(view):
            return view
        time.sleep(0.02)
    raise AssertionError("the run did not come to the state waited for")
