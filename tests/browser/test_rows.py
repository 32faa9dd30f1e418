"""The rows of the queue, which are links of ours and not Streamlit's: they open in the session, and like any link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fakes_desk import Office
from serving import App

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def app(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over an article that was checked."""
    home = tmp_path_factory.mktemp("home")
    Office(home).add_run("run-a")
    app = App(home)
    try:
        app.start()
        yield app
    finally:
        app.stop()


@pytest.fixture
def page(app: App, browser: Browser) -> Iterator[Page]:
    """The desk in Indonesian, with its rows on screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{app.address}/desk?lang=id")
    page.locator(".fc-queue a").nth(6).wait_for()
    yield page
    context.close()


def test_a_row_opens_in_the_session_that_is_there_and_the_way_back_leads_to_the_queue(page: Page) -> None:
    page.evaluate("window.stillHere = true")
    row = page.locator(".fc-queue a").nth(3)
    text = row.inner_text()
    row.click()
    page.locator(".fc-steps").wait_for()
    assert page.locator("h1").inner_text() == text
    assert page.url.endswith("/claim?run=run-a&claim=claim-4&lang=id")
    assert page.evaluate("window.stillHere"), "the page was not loaded anew"
    page.go_back()
    page.locator(".fc-queue a").nth(6).wait_for()
    assert "/desk" in page.url


def test_the_whole_row_is_the_link_and_a_key_opens_it(page: Page) -> None:
    box = page.locator(".fc-row").nth(1).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.locator(".fc-steps").wait_for()
    page.go_back()
    page.locator(".fc-queue a").nth(6).wait_for()
    page.locator(".fc-queue a").nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**claim=claim-3**")
    page.locator(".fc-steps").wait_for()


def test_a_row_opens_in_a_new_tab_as_any_link_does(page: Page) -> None:
    with page.context.expect_page() as opened:
        page.locator(".fc-queue a").first.click(modifiers=["Control"])
    opened.value.locator(".fc-steps").wait_for(timeout=60_000)
    assert opened.value.url.endswith("/claim?run=run-a&claim=claim-1&lang=id")
    assert page.locator(".fc-queue a").count() == 7, "this one stays"
