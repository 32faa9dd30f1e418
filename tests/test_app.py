"""The app's flow in Streamlit's own test runner: form, progress, result, and what goes wrong on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fakes_engine
import pytest
from fakes_engine import ARTICLE, Desk
from streamlit.testing.v1 import AppTest

from factcheck.errors import CorpusMissing
from factcheck.types import Document
from factcheck.ui.theme import FOLLOW

SHORT = "Presiden mendarat di ibu kota. Bendungan menampung air. Ini gagal diperiksa. Benarkah begitu?"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk that the page functions below use."""
    fakes_engine.desk = Desk(tmp_path)
    yield fakes_engine.desk
    fakes_engine.desk.open_gate()
    fakes_engine.desk = None


def _check_page() -> None:
    import fakes_engine

    from factcheck.types import Document
    from factcheck.ui import pages

    desk = fakes_engine.desk
    assert desk is not None
    demo = lambda: Document.from_text(fakes_engine.ARTICLE, title="Contoh", published="2024-06-19")  # noqa: E731
    pages.check_page(desk.workshop, pages.frame(), desk.settings, demo)


def _method_page() -> None:
    from factcheck.ui import pages

    pages.method_page(pages.frame())


def app() -> AppTest:
    """The check page, drawn once."""
    return AppTest.from_function(_check_page, default_timeout=30).run()


def seen(at: AppTest) -> str:
    """Everything the page shows as HTML or text."""
    assert not at.exception
    return "\n".join(str(e.proto) for e in at.main)


def html(at: AppTest) -> str:
    """The bodies of every `st.html` on the page, in order."""
    assert not at.exception
    return "\n".join(element.proto.body for element in at.get("html"))


def param(at: AppTest, name: str) -> str:
    """A part of the address; some versions of the test runner give it as a list."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def until(at: AppTest, holds: Callable[[AppTest], bool]) -> AppTest:
    """Reruns the page, as its fragment does every second, until something holds."""
    for _ in range(300):
        if holds(at):
            return at
        time.sleep(0.05)
        at.run()
    raise AssertionError("the page did not come to the state waited for")


def finished(at: AppTest) -> bool:
    """Whether the page shows a report."""
    return bool(at.get("download_button"))


def paste(at: AppTest, text: str) -> AppTest:
    """Types an article and presses the button."""
    at.text_area(key="text").set_value(text)
    return at.button(key="submit").click().run()


class TestFlow:
    def test_paste_progress_claim_evidence_downloads(self, desk: Desk) -> None:
        at = paste(app(), SHORT)
        run_id = param(at, "run")
        assert run_id.startswith("run-")
        desk.gate.release()
        until(at, lambda at: "mendarat di ibu kota.</span>" in html(at))
        assert not finished(at)
        assert "fc-done" in html(at)

        desk.open_gate()
        until(at, finished)
        page = html(at)
        assert "<b>3 claims</b>: 2 supported, 1 not checked." in page
        assert "<mark>Presiden mendarat" in page
        assert "Kantor Arsip" in page
        assert "Benarkah begitu?" in page
        assert [button.proto.label for button in at.get("download_button")] == ["JSON", "Markdown", "HTML"]

    def test_a_claim_is_chosen_and_kept_in_the_address(self, desk: Desk) -> None:
        desk.open_gate()
        at = until(paste(app(), SHORT), finished)
        claims = at.button_group[1]
        assert claims.options == ["✓ 1", "✓ 2", "– 3"]
        claims.set_value(3).run()
        assert "Why it was not checked" in html(at)
        assert "The endpoint gave no answer within 120 seconds." in html(at)
        chosen = param(at, "claim")

        other = AppTest.from_function(_check_page, default_timeout=30)
        other.query_params["run"] = param(at, "run")
        other.query_params["claim"] = chosen
        other.run()
        assert "Why it was not checked" in html(other)

    def test_the_filter_leaves_the_claims_of_one_label(self, desk: Desk) -> None:
        desk.open_gate()
        at = until(paste(app(), SHORT), finished)
        at.button_group[0].set_value("not_checked").run()
        assert at.button_group[1].options == ["– 3"]
        assert "Why it was not checked" in html(at)

    def test_two_sessions_stay_apart(self, desk: Desk) -> None:
        desk.open_gate()
        one, two = paste(app(), "Presiden mendarat di ibu kota."), paste(app(), "Bendungan menampung air.")
        until(one, finished), until(two, finished)
        assert param(one, "run") != param(two, "run")
        assert "Bendungan menampung air" not in html(one)
        assert "Presiden mendarat di ibu kota." not in html(two).split('class="fc-part"')[0]
        assert [button.label for button in one.sidebar.button] == [r"Presiden mendarat di ibu kota\."]

    def test_a_session_finds_its_own_checks_again(self, desk: Desk) -> None:
        desk.open_gate()
        at = until(paste(app(), "Presiden mendarat di ibu kota."), finished)
        first = param(at, "run")
        at.button(key="new").click().run()
        until(paste(at, "Bendungan menampung air."), finished)
        at.sidebar.button(key=f"open-{first}").click().run()
        assert param(at, "run") == first
        assert "Presiden mendarat" in html(at)

    def test_the_address_opens_the_same_run_elsewhere(self, desk: Desk) -> None:
        at = paste(app(), SHORT)
        other = AppTest.from_function(_check_page, default_timeout=30)
        other.query_params["run"] = param(at, "run")
        other.run()
        assert "Presiden mendarat di ibu kota." in html(other)
        desk.open_gate()
        until(other, finished)

    def test_the_demo_article_is_loaded_with_its_date(self, desk: Desk) -> None:
        desk.open_gate()
        at = app().button(key="demo").click().run()
        assert at.text_area(key="text").value == ARTICLE
        until(at.button(key="submit").click().run(), finished)
        assert "Judged as of 19 June 2024 (the article's own date)" in html(at).replace("&#x27;", "'")
        assert "Contoh" in html(at)

    def test_the_given_date_and_the_lifted_rule_reach_the_run(self, desk: Desk) -> None:
        from datetime import date

        desk.open_gate()
        at = app()
        at.date_input(key="as_of").set_value(date(2024, 7, 1))
        at.checkbox(key="lift").check()
        until(paste(at, SHORT), finished)
        assert "Judged as of 1 July 2024 (the date you gave)" in html(at)
        assert "time rule was lifted" in at.warning[0].value
        assert desk.built[-1].lift_time_rule

    def test_the_app_speaks_indonesian(self, desk: Desk) -> None:
        desk.open_gate()
        at = until(paste(app(), SHORT), finished)
        at.sidebar.radio(key="language").set_value("id").run()
        assert "<b>3 klaim</b>: 2 didukung, 1 tidak diperiksa." in html(at)
        assert param(at, "lang") == "id"

    def test_a_new_check_starts_from_an_empty_form(self, desk: Desk) -> None:
        desk.open_gate()
        at = until(paste(app(), SHORT), finished)
        at.button(key="new").click().run()
        assert at.text_area(key="text").value == ""
        assert "run" not in at.query_params


class TestWhatGoesWrong:
    def test_an_article_over_the_limit(self, desk: Desk) -> None:
        at = paste(app(), "Putin landed in Pyongyang. " * 8000)
        assert "characters" in at.error[0].value and not at.exception
        assert "run" not in at.query_params

    def test_no_article(self, desk: Desk) -> None:
        at = app().button(key="submit").click().run()
        assert "There is no article yet" in at.error[0].value
        assert not at.exception

    @pytest.mark.parametrize(("source", "sentence"), [("file", "No file"), ("url", "There is no address yet")])
    def test_no_file_and_no_address(self, desk: Desk, source: str, sentence: str) -> None:
        at = app()
        at.button_group(key="source").set_value(source).run()
        at.button(key="submit").click().run()
        assert sentence in at.error[0].value

    def test_an_address_inside_the_house_is_refused(self, desk: Desk) -> None:
        at = app()
        at.button_group(key="source").set_value("url").run()
        at.text_input(key="url").set_value("http://127.0.0.1:1/secret")
        at.button(key="submit").click().run()
        assert at.error[0].value
        assert not at.exception
        assert "run" not in at.query_params

    def test_a_file_of_another_kind(self, desk: Desk) -> None:
        at = app()
        at.button_group(key="source").set_value("file").run()
        at.file_uploader(key="file").set_value(("broken.pdf", b"%PDF-1.4 nothing here", "application/pdf"))
        at.button(key="submit").click().run()
        assert at.error[0].value
        assert not at.exception

    def test_an_uploaded_article(self, desk: Desk) -> None:
        desk.open_gate()
        at = app()
        at.button_group(key="source").set_value("file").run()
        at.file_uploader(key="file").set_value(("article.txt", SHORT.encode(), "text/plain"))
        until(at.button(key="submit").click().run(), finished)
        assert "3 claims" in html(at)

    def test_a_language_model_without_a_name(self, desk: Desk) -> None:
        at = app()
        at.button_group(key="mode").set_value("llm").run()
        paste(at, SHORT)
        assert "The language model has no name" in at.error[0].value
        assert desk.built == []

    def test_a_typed_key_reaches_the_engine_and_nothing_else(self, desk: Desk) -> None:
        desk.open_gate()
        at = app()
        at.button_group(key="mode").set_value("llm").run()
        at.text_input(key="llm_model").set_value("some-model")
        at.text_input(key="llm_endpoint").set_value("http://localhost:9/v1")
        at.text_input(key="llm_key").set_value("sk-very-secret")
        until(paste(at, SHORT), finished)
        key = desk.built[-1].llm_api_key
        assert key is not None and key.get_secret_value() == "sk-very-secret"
        stored = b"".join(path.read_bytes() for path in desk.home.rglob("*") if path.is_file())
        assert b"sk-very-secret" not in stored
        assert "sk-very-secret" not in html(at)
        assert "secret" not in repr(at.query_params)

    def test_a_missing_corpus_is_a_sentence(self, desk: Desk) -> None:
        desk.failure = CorpusMissing("There is no corpus at nowhere. Add documents.")
        at = until(paste(app(), SHORT), lambda at: bool(at.error))
        assert "There is no corpus at nowhere" in at.error[0].value.replace("\\", "")
        desk.failure = None
        desk.open_gate()
        until(at.button(key="again").click().run(), finished)

    def test_a_fault_of_ours_is_a_sentence_too(self, desk: Desk) -> None:
        desk.failure = ZeroDivisionError("division by zero")
        at = until(paste(app(), SHORT), lambda at: bool(at.error))
        assert "an error inside factcheck (ZeroDivisionError)" in at.error[0].value.replace("\\", "")
        assert "division by zero" not in at.error[0].value

    def test_an_unknown_run(self, desk: Desk) -> None:
        at = AppTest.from_function(_check_page, default_timeout=30)
        at.query_params["run"] = "run-nobody-has"
        at.run()
        assert "There is no check at this address" in at.error[0].value

    def test_an_interrupted_run_shows_what_was_finished(self, desk: Desk) -> None:
        document = Document.from_text(ARTICLE, title="Terputus")
        desk.store.start("run-cut", document, None, "offline")
        desk.store.save_result("run-cut", 0, fakes_engine.sample_report().claims[0])
        # The process that began it is gone: this one cannot have begun it before it started.
        desk.workshop._started = "9999"
        at = AppTest.from_function(_check_page, default_timeout=30)
        at.query_params["run"] = "run-cut"
        at.run()
        assert "interrupted" in at.warning[0].value
        assert "very high confidence" in html(at)
        desk.open_gate()
        until(at.button(key="again").click().run(), finished)
        assert param(at, "run") != "run-cut"

    def test_hostile_text_is_escaped_everywhere(self, desk: Desk) -> None:
        document = Document.from_text(ARTICLE, title=fakes_engine.HOSTILE)
        desk.store.start("run-hostile", document, None, "offline")
        desk.store.finish("run-hostile", fakes_engine.sample_report("run-hostile"))
        at = AppTest.from_function(_check_page, default_timeout=30)
        at.query_params["run"] = "run-hostile"
        at.run()
        for claim in range(1, 8):
            at.button_group[1].set_value(claim).run()
            page = html(at).replace(FOLLOW % claim, "")
            assert "<script" not in page
            assert "<img" not in page
            assert "<a " not in page
            scripts = [e.proto.body for e in at.get("html") if e.proto.unsafe_allow_javascript]
            assert scripts == [FOLLOW % claim]
        assert not [e for e in at.markdown if "198.51.100.7" in e.value]


def test_the_method_page_explains_every_label() -> None:
    at = AppTest.from_function(_method_page, default_timeout=30).run()
    for name in ("Supported", "Refuted", "Not enough evidence", "Conflicting evidence", "Not checked"):
        assert name in html(at)


APP = str(Path(__file__).parents[1] / "app.py")


def test_the_whole_app_starts() -> None:
    at = AppTest.from_file(APP, default_timeout=60).run()
    assert not at.exception
    assert "Check an article" in html(at)
    at.button(key="demo").click().run()
    assert "Pyongyang" in at.text_area(key="text").value


@pytest.mark.parametrize(("name", "value"), [("FACTCHECK_LLM_TIMEOUT", "soon"), ("FACTCHECK_HOME", __file__)])
def test_a_setting_that_cannot_be_used_is_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    at = AppTest.from_file(APP, default_timeout=60).run()
    assert not at.exception
    assert name in at.error[0].value.replace("\\", "")
