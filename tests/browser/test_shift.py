"""A fact-checker's whole shift in a real browser, every page before axe-core, and all of it by the keyboard alone.

One app with the real offline engine serves the whole file, and the tests go on from each other's work: the demo
article is checked once. The last one kills the app.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markup import faults
from serving import COLD_MS, ROOT, App, wait_for

from factcheck.claimreview import Review, load_reviews
from factcheck.read import read_file
from factcheck.resources import demo_article_path, demo_corpus_dir
from factcheck.review import Desk, ReviewedClaim
from factcheck.store import RunStore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

SITE = {"FACTCHECK_SITE_NAME": "Cek Kita", "FACTCHECK_SITE_URL": "https://cek.example/klaim"}
WAIT_MS = 60_000
REASON = "Catatan kunjungan menyebut tahun lain; lihat bukti pertama."

EXCUSED: Mapping[tuple[str, str], str] = {
    ("aria-dialog-name", r"stToast"): "Streamlit's toast is an alertdialog without a name; what it says stands in it",
}
"""Violations that Streamlit makes and its users cannot mend: rule and a pattern of the target, with the reason."""

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def app(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = App(tmp_path_factory.mktemp("home"), SITE)
    try:
        app.start()
        yield app
    finally:
        app.stop()


@pytest.fixture
def visit(app: App, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page as another visitor, who has a name of their own."""
    contexts = []

    def make(path: str, who: str = "", *, width: int = 1280, scheme: Any = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 640 else 844}, color_scheme=scheme
        )
        contexts.append(context)
        if who:
            context.add_cookies([{"name": "factcheck_reviewer", "value": who.replace(" ", "%20"), "url": app.address}])
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(app.address + path)
        settle(page)
        return page

    yield make
    for context in contexts:
        context.close()


def settle(page: Page) -> None:
    """Waits until the app has drawn the page and is at rest."""
    page.locator(".fc-title, .fc-lead").first.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(300)
    page.locator("[data-test-script-state=notRunning]").first.wait_for()


def button(page: Page, name: str) -> Locator:
    """A button by what it says; the name of its icon stands before that."""
    return page.get_by_role("button", name=re.compile(re.escape(name) + "$")).first


def press(page: Page, name: str) -> None:
    button(page, name).click()
    page.wait_for_timeout(300)
    settle(page)


def start_check(page: Page, text: str) -> str:
    """Pastes a text, starts the check and returns the run's id."""
    page.get_by_label("Text of the article").fill(text)
    button(page, "Check the article").click()
    page.wait_for_url("**run=run-*")
    return page.url.split("run=")[1].split("&")[0]


def finished(page: Page) -> None:
    button(page, "JSON").wait_for(timeout=COLD_MS)
    settle(page)


@pytest.fixture(scope="module")
def run(app: App, browser: Browser) -> str:
    """The demo article, pasted, watched and reloaded in the middle."""
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(app.address)
    text = read_file(demo_article_path()).text
    run = start_check(page, text)
    page.get_by_role("progressbar").wait_for(timeout=COLD_MS)
    page.reload()
    page.locator(".fc-done li").first.wait_for(timeout=COLD_MS)
    page.reload()
    finished(page)
    assert run in page.url
    result = page.locator(".fc-article").first.inner_text()
    assert text.split()[0] in result and text.split()[-1] in result
    page.close()
    return run


def desk_of(app: App) -> Desk:
    """What is on record, read beside the app."""
    return Desk(RunStore(app.home / "runs.sqlite3"))


def claims_of(app: App, run: str) -> tuple[ReviewedClaim, ...]:
    return desk_of(app).claims(run)


def claim_of(app: App, run: str, claim_id: str) -> ReviewedClaim:
    found = desk_of(app).claim(run, claim_id)
    assert found is not None
    return found


def to_claim(run: str, claim_id: str) -> str:
    return f"/claim?run={run}&claim={claim_id}"


def another(label: str | None) -> str:
    """A verdict that the machine did not give, as the page writes it."""
    return "Supported" if label == "refuted" else "Refuted"


def exported(page: Page, kind: str, into: Path) -> Path:
    """A file of the menu of exports."""
    button(page, "Export").click()
    with page.expect_download(timeout=WAIT_MS) as download:
        button(page, kind).click()
    path = into / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def test_a_whole_shift(app: App, run: str, visit: Callable[..., Page], tmp_path: Path) -> None:
    first, *others = claims_of(app, run)
    assert len(others) > 5

    ana = visit(f"/?run={run}", "Ana Wijaya")
    ana.get_by_role("link", name="Open on the desk").first.click()
    ana.locator(".fc-steps").wait_for()
    settle(ana)
    assert claim_of(app, run, ana.url.split("claim=")[1].split("&")[0]).text in ana.locator(".fc-title").inner_text()

    ana.goto(app.address + to_claim(run, first.claim_id))
    settle(ana)
    verdict = another(first.machine.label)
    ana.locator(".st-key-verdict label", has_text=verdict).click()
    settle(ana)
    press(ana, "Set this verdict")
    ana.locator(".st-key-told").get_by_text("Give the reason").wait_for()
    assert claim_of(app, run, first.claim_id).events == ()
    ana.locator(".st-key-verdict textarea").fill(REASON)
    press(ana, "Set this verdict")
    ana.locator(".fc-steps [aria-current]", has_text="In review").wait_for()
    assert button(ana, "Sign off").is_disabled()

    ana.reload()
    settle(ana)
    assert REASON in ana.locator(".fc-pair").inner_text() and REASON in ana.locator(".fc-log").last.inner_text()

    budi = visit(to_claim(run, first.claim_id), "Budi Santoso")
    press(budi, "Sign off")
    budi.locator(".fc-steps [aria-current]", has_text="Reviewed").wait_for()
    now = claim_of(app, run, first.claim_id)
    assert (now.state, now.decided_by, now.signed_by, now.reason) == (
        "reviewed", "Ana Wijaya", "Budi Santoso", REASON,
    )  # fmt: skip
    assert now.machine == first.machine

    budi.goto(f"{app.address}/desk?run={run}")
    settle(budi)
    saved = exported(budi, "ClaimReview", tmp_path)
    (item,) = json.loads(saved.read_text("utf-8"))
    assert (item["claimReviewed"], item["author"]["name"]) == (now.text, "Cek Kita")
    assert faults(item) == []
    schema = ROOT.parent / "shared" / "schema" / "claimreview.json"
    if schema.is_file():
        from jsonschema import Draft202012Validator, FormatChecker

        check = Draft202012Validator(json.loads(schema.read_text("utf-8")), format_checker=FormatChecker())
        assert [error.message for error in check.iter_errors(item)] == []
    (review,) = load_reviews(saved)
    assert isinstance(review, Review) and review.label == now.label
    for kind in ("JSON", "Markdown", "HTML", "CSV"):
        assert exported(budi, kind, tmp_path).stat().st_size > 1000

    budi.goto(app.address + to_claim(run, others[0].claim_id))
    settle(budi)
    button(budi, "Export").click()
    assert button(budi, "ClaimReview").is_disabled()


def test_a_second_session_is_warned_and_nothing_is_overwritten(app: App, run: str, visit: Callable[..., Page]) -> None:
    claim = claims_of(app, run)[1]
    ana = visit(to_claim(run, claim.claim_id), "Ana Wijaya")
    budi = visit(to_claim(run, claim.claim_id), "Budi Santoso")
    budi.get_by_text("Ana Wijaya has this claim open now").wait_for()

    ana.locator(".st-key-verdict label", has_text="Conflicting").click()
    ana.locator(".st-key-verdict textarea").fill("Kata Ana")
    ana.locator(".st-key-verdict textarea").press("Tab")
    settle(ana)
    budi.locator(".st-key-verdict label", has_text="Not enough evidence").click()
    budi.locator(".st-key-verdict textarea").fill("Kata Budi")
    press(budi, "Set this verdict")
    wait_for(lambda: claim_of(app, run, claim.claim_id).decided_by == "Budi Santoso", 60, "it was not saved")

    press(ana, "Set this verdict")
    ana.locator(".st-key-stale").wait_for()
    assert "Kata Budi" in ana.locator(".st-key-stale").inner_text()
    now = claim_of(app, run, claim.claim_id)
    assert (now.label, now.decided_by, now.reason) == ("not_enough_evidence", "Budi Santoso", "Kata Budi")
    assert ana.locator(".st-key-verdict textarea").input_value() == "Kata Ana"

    press(ana, "I have seen it: go on")
    press(ana, "Set this verdict")
    wait_for(lambda: claim_of(app, run, claim.claim_id).decided_by == "Ana Wijaya", 60, "it was not saved")
    now = claim_of(app, run, claim.claim_id)
    assert [(e.who, e.reason) for e in now.events if e.action == "set_verdict"] == [
        ("Budi Santoso", "Kata Budi"), ("Ana Wijaya", "Kata Ana"),
    ]  # fmt: skip


# what the keyboard reaches

REACHABLE = """() => {
  const wanted = 'a[href], button, input, textarea, select, summary, [role=button], [role=radio], [role=checkbox],'
    + ' [role=combobox], [role=tab], [role=option], [role=menuitem]';
  const seen = e => e.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && !e.disabled
    && e.getAttribute('aria-disabled') !== 'true' && !e.closest('[aria-hidden=true], [inert]')
    && !e.matches('button[tabindex="-1"][aria-haspopup=listbox]');  // its field opens the same list by an arrow key
  return [...document.querySelectorAll(wanted)].filter(seen).map((e, i) => {
    e.dataset.reach = String(i);
    const group = e.closest('[role=radiogroup], [role=tablist], [role=toolbar]');
    const radios = e.type === 'radio' && e.name ? 'radio-' + e.name : '';
    if (group && !group.dataset.reachGroup) group.dataset.reachGroup = 'group-' + i;
    return [String(i), group?.dataset.reachGroup || radios, (e.outerHTML || '').slice(0, 160)];
  });
}"""

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  return [e.dataset.reach ?? '', [...e.querySelectorAll('[data-reach]')].map(i => i.dataset.reach)];
}"""


def unreached(page: Page) -> list[str]:
    """The controls of a page that no press of the tabulator key comes to; of a group that arrow keys walk, one does."""
    wanted: list[tuple[str, str, str]] = page.evaluate(REACHABLE)
    group_of = {number: group for number, group, _ in wanted}
    met: set[str] = set()
    page.evaluate("document.activeElement?.blur()")
    for _ in range(len(wanted) + 60):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is not None:
            met |= {at[0]}
    groups = {group_of.get(number) for number in met} - {"", None}
    return [html for number, group, html in wanted if number not in met and group not in groups]


def tab_to(page: Page, target: Locator) -> None:
    """Presses the tabulator key until the control has the focus."""
    for _ in range(200):
        if target.evaluate("e => e === document.activeElement || e.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the tabulator key does not come to the control")


def test_the_keyboard_alone_decides_and_signs_off(app: App, run: str, visit: Callable[..., Page]) -> None:
    claim = claims_of(app, run)[2]
    page = visit("/desk")
    name = page.get_by_label("Your name", exact=True)
    tab_to(page, name)
    page.keyboard.type("Citra Dewi")
    page.keyboard.press("Enter")
    settle(page)
    search = page.get_by_label("Search the claims")
    tab_to(page, search)
    page.keyboard.type(claim.text[:60])
    page.keyboard.press("Enter")
    page.get_by_text("1 claim", exact=True).wait_for()
    settle(page)
    tab_to(page, page.locator(".st-key-queue a").first)
    page.keyboard.press("Enter")
    page.locator(".fc-steps").wait_for()
    settle(page)
    tab_to(page, page.locator(".st-key-verdict [role=radiogroup]"))
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
    settle(page)
    tab_to(page, page.locator(".st-key-verdict textarea"))
    page.keyboard.type("Dengan papan ketik saja")
    tab_to(page, button(page, "Set this verdict"))
    settle(page)
    tab_to(page, button(page, "Set this verdict"))
    page.keyboard.press("Enter")
    wait_for(lambda: claim_of(app, run, claim.claim_id).decided_by == "Citra Dewi", 60, "the verdict was not saved")
    assert claim_of(app, run, claim.claim_id).reason == "Dengan papan ketik saja"

    other = visit(to_claim(run, claim.claim_id), "Budi Santoso")
    tab_to(other, button(other, "Sign off"))
    other.keyboard.press("Enter")
    wait_for(lambda: claim_of(app, run, claim.claim_id).state == "reviewed", 60, "it was not signed off")
    settle(other)
    tab_to(other, button(other, "Export"))
    other.keyboard.press("Enter")
    jsonld = button(other, "ClaimReview")
    jsonld.wait_for()
    tab_to(other, jsonld)
    with other.expect_download() as download:
        other.keyboard.press("Enter")
    assert json.loads(Path(download.value.path()).read_text("utf-8"))[0]["claimReviewed"] == claim.text


def opened(page: Page) -> None:
    """Opens all that is folded."""
    for fold in page.locator("[data-testid=stMain] details:not([open]) > summary").all():
        if fold.is_visible():
            fold.click()
    settle(page)
    page.wait_for_timeout(500)


def pages(app: App, run: str) -> dict[str, str]:
    """The address of every page and of every view of one."""
    claim = claims_of(app, run)
    decided = next(c for c in claim if any(e.used for e in c.machine.evidence))
    return {
        "check": "/",
        "result": f"/?run={run}&claim={decided.claim_id}",
        "desk": "/desk",
        "article": f"/desk?run={run}",
        "claim": to_claim(run, decided.claim_id),
        "reviewed": to_claim(run, claim[0].claim_id),
        "corpus": "/corpus",
        "corpus-search": "/corpus?view=search",
        "corpus-coverage": "/corpus?view=coverage",
        "corpus-add": "/corpus?view=add",
        "corpus-claims": "/corpus?view=claims",
        "corpus-health": "/corpus?view=health",
        "quality": "/quality",
        "method": "/method",
    }


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_of_every_page_is_reached_by_the_keyboard(
    app: App, run: str, visit: Callable[..., Page], width: int
) -> None:
    missed = {}
    for name, path in pages(app, run).items():
        page = visit(path, "Ana Wijaya", width=width)
        opened(page)
        if left := unreached(page):
            missed[name] = left
        page.context.close()
    assert not missed, "\n".join(f"{name}: {html}" for name, left in missed.items() for html in left)


def violations(page: Page) -> list[str]:
    """What axe-core finds, of any impact, that is not excused: a line each."""
    Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": AXE_RULES}).response["violations"]
    lines = []
    for rule in found:
        for node in rule["nodes"]:
            target = json.dumps(node["target"])
            if not any(rule["id"] == name and re.search(pattern, target) for name, pattern in EXCUSED):
                lines.append(f"{rule['impact']} {rule['id']} {target} {node['html'][:200]}")
    return lines


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_page(app: App, run: str, visit: Callable[..., Page], width: int, scheme: str) -> None:
    found = {}
    for name, path in pages(app, run).items():
        page = visit(path, "Ana Wijaya", width=width, scheme=scheme)
        lines = violations(page)
        opened(page)
        lines += violations(page)
        if name == "claim":
            button(page, "Export").click()
            button(page, "Markdown").wait_for()
            lines += violations(page)
            page.keyboard.press("Escape")
            press(page, "Set this verdict")
            page.locator(".st-key-told [data-testid=stAlert]").wait_for()
            lines += violations(page)
        if lines:
            found[name] = sorted(set(lines))
        page.context.close()
    assert not found, "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines)


def test_a_killed_check_goes_on_from_the_desk(app: App, run: str, visit: Callable[..., Page]) -> None:
    notes = sorted(demo_corpus_dir().joinpath("notes").rglob("*.md"))[:30]
    text = "\n\n".join(read_file(note).text for note in notes)
    page = visit("/", "Ana Wijaya")
    cut = start_check(page, text)
    page.locator(".fc-done li").first.wait_for(timeout=COLD_MS)
    app.kill()
    before = RunStore(app.home / "runs.sqlite3").get(cut)
    assert before is not None and before.report is None and before.claims
    assert 0 < len(before.results) < len(before.claims)

    app.start()
    page = visit("/desk", "Ana Wijaya")
    page.get_by_text("Articles", exact=True).first.click()
    settle(page)
    resume = button(page, "Go on with the check")
    resume.wait_for()
    assert "Interrupted" in page.locator(".st-key-queue").inner_text()
    resume.click()
    page.get_by_text("The check goes on").first.wait_for()
    page.goto(f"{app.address}/?run={cut}")
    finished(page)
    after = RunStore(app.home / "runs.sqlite3").get(cut)
    assert after is not None and after.report is not None
    assert len(after.report.claims) == len(before.claims)
    assert {at: after.report.claims[at] for at in before.results} == before.results
    assert claim_of(app, run, claims_of(app, run)[0].claim_id).signed_by == "Budi Santoso"
