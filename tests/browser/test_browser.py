"""The app in a real browser, with the real offline engine on the demo article.

Needs Debian's chromium and playwright (`make test-browser`). Screenshots are left in screenshots/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from serving import COLD_MS, ROOT, App, wait_for

from factcheck.types import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

SCREENSHOTS = ROOT / "screenshots"

HOSTILE = (
    "Presiden tiba pada 19 Juni 2024 <script>window.hurt = 1</script>"
    '<img src="http://198.51.100.7/a.png" onerror="window.hurt = 1">.\n\n'
    "Pada 19 Juni 2024 ![gambar](http://198.51.100.7/b.png) dan [tautan](http://198.51.100.7/c) ada 12 perjanjian.\n"
)


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a home of its own."""
    app = App(tmp_path_factory.mktemp("home"))
    try:
        app.start()
        yield app.address
    finally:
        app.stop()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes a page in a context of its own, that is, another visitor; all requests are kept in `page.requested`."""
    contexts: list[BrowserContext] = []

    def make(address: str, *, width: int = 1280, height: int = 900, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(address)
        page.locator(".fc-title").first.wait_for()
        return page

    yield make
    for context in contexts:
        context.close()


def _check(page: Page, text: str) -> str:
    """Pastes a text, starts the check and returns the address of the run."""
    page.get_by_label("Text of the article").fill(text)
    page.get_by_role("button", name="Check the article").click()
    page.wait_for_url("**run=run-*")
    return page.url


def _finished(page: Page) -> None:
    page.get_by_role("button", name="JSON").wait_for(timeout=COLD_MS)


def _claims(page: Page) -> Any:
    """The buttons that choose a claim."""
    return page.get_by_label("Choose a claim").locator("button")


def _overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture(scope="module")
def demo_run(server: str, browser: Browser) -> str:
    """The address of a finished check of the demo article, reached as a user would, with a reload in the middle."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(server)
    page.get_by_role("button", name="Load the demo article").click()
    field = page.get_by_label("Text of the article")
    wait_for(lambda: len(field.input_value()) > 500, 30)
    page.get_by_role("button", name="Check the article").click()
    page.wait_for_url("**run=run-*")
    page.get_by_role("progressbar").wait_for(timeout=COLD_MS)
    address = page.url
    page.reload()
    page.locator(".fc-done li").first.wait_for(timeout=COLD_MS)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "progress-1280-light.png")
    page.reload()
    _finished(page)
    assert page.url.split("run=")[1].split("&")[0] == address.split("run=")[1].split("&")[0]
    context.close()
    return address


def test_the_demo_article_from_claim_to_download(demo_run: str, new_page: Callable[..., Page], tmp_path: Path) -> None:
    page = new_page(demo_run)
    _finished(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    saved = tmp_path / "report.json"
    download.value.save_as(saved)
    report = Report.model_validate_json(saved.read_text("utf-8"))
    assert report.claims
    assert f"{len(report.claims)} claims" in page.locator(".fc-count").inner_text()
    assert page.locator(".st-key-article .fc-n").count() == len(report.claims)

    number, claim = next((i, c) for i, c in enumerate(report.claims) if any(e.used for e in c.evidence))
    _claims(page).nth(number).click()
    page.locator(".fc-verdict h2", has_text=f"{number + 1}.").wait_for()
    assert claim.text in page.locator(".fc-verdict").inner_text()
    quote = next(e for e in claim.evidence if e.used)
    card = page.locator(".fc-card").first
    assert card.locator(".fc-passage mark").inner_text().split() == quote.quote.split()
    assert quote.title is None or quote.title in card.inner_text()
    assert card.locator("a").count() == 0
    for name in ("Markdown", "HTML"):
        with page.expect_download() as other:
            page.get_by_role("button", name=name).click()
        assert Path(other.value.path()).stat().st_size > 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_fit_and_are_drawn(
    server: str, demo_run: str, new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    height = 900 if width == 1280 else 844
    page = new_page(server, width=width, height=height, scheme=scheme)
    page.get_by_role("button", name="Check the article").wait_for()
    page.screenshot(path=SCREENSHOTS / f"form-{width}-{scheme}.png")
    assert _overflow(page) <= 0
    page.goto(demo_run)
    _finished(page)
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / f"result-{width}-{scheme}.png")
    assert _overflow(page) <= 0
    decided = _claims(page).filter(has_text=re.compile("[✗⇄✓]")).last
    number = decided.inner_text().split()[-1]
    decided.click()
    page.locator(".fc-verdict h2", has_text=f"{number}.").wait_for()
    page.locator("[data-test-script-state=notRunning]").first.wait_for()
    page.locator(".fc-card").first.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    page.screenshot(path=SCREENSHOTS / f"evidence-{width}-{scheme}.png")
    page.goto(f"{server}/method")
    page.locator(".fc-rows").first.wait_for()
    page.screenshot(path=SCREENSHOTS / f"method-{width}-{scheme}.png")
    assert _overflow(page) <= 0


def test_two_sessions_at_once_stay_apart(server: str, demo_run: str, new_page: Callable[..., Page]) -> None:
    one, two = new_page(server), new_page(server)
    first = _check(one, "Vladimir Putin tiba di Pyongyang pada 19 Juni 2024. Kim Jong Un menyambutnya di bandara.")
    second = _check(two, "Vladimir Putin pertama kali berkunjung ke Pyongyang pada Juli 2000 dan bertemu Kim Jong Il.")
    assert first != second
    _finished(one), _finished(two)
    assert "Juli 2000" not in one.locator(".fc-article").inner_text()
    assert "19 Juni 2024" not in two.locator(".fc-article").inner_text()
    two.goto(first)
    _finished(two)
    assert "19 Juni 2024" in two.locator(".fc-article").inner_text()


def test_hostile_text_neither_runs_nor_fetches(server: str, demo_run: str, new_page: Callable[..., Page]) -> None:
    page = new_page(server)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    _check(page, HOSTILE)
    _finished(page)
    page.get_by_text("Left out of the article").or_(page.get_by_text("How this report came about")).first.click()
    page.wait_for_timeout(500)
    assert "<script>" in page.locator(".fc-article").inner_text()
    assert page.evaluate("window.hurt") is None
    outside = [url for url in requested if not url.startswith((server, "data:", "blob:", server.replace("http", "ws")))]
    assert outside == []


def test_a_tap_on_a_claim_opens_it_and_the_open_claim_is_in_view(demo_run: str, new_page: Callable[..., Page]) -> None:
    page = new_page(demo_run)
    _finished(page)
    last = _claims(page).count()
    _claims(page).nth(last - 1).click()
    page.locator(".fc-verdict h2", has_text=f"{last}.").wait_for()
    page.wait_for_timeout(600)
    pane, mark = (page.locator(where).bounding_box() for where in (".st-key-article", "mark.fc-open >> nth=0"))
    assert pane and mark
    assert 0 <= mark["y"] <= 900
    page.locator(f"mark[data-claim='{last - 1}']").last.click()
    page.locator(".fc-verdict h2", has_text=f"{last - 1}.").wait_for()


def test_the_keyboard_reaches_a_claim(demo_run: str, new_page: Callable[..., Page]) -> None:
    page = new_page(demo_run)
    _finished(page)
    _claims(page).nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    _claims(page).nth(1).focus()
    page.keyboard.press("Enter")
    page.locator(".fc-verdict h2", has_text="2.").wait_for()
