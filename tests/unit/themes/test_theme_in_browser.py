"""The default theme in a real Chromium under the node's content policy: nothing blocked or cut off, live parts live."""

import shutil
from collections.abc import Iterator

import pytest
from theme_samples import all_pages
from theme_samples.preview_site import PreviewSite, served

from federation.keys import VerifyingKey

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WHOLE_PAGES = [name for name in all_pages() if not name.startswith("fragment-")]

HEIGHTS = """
    [...document.querySelectorAll("button, .button, select, input:not([type=hidden], [type=checkbox], [type=radio])")]
        .filter((control) => control.checkVisibility())
        .map((control) => control.getBoundingClientRect().height)
"""

pytestmark = [pytest.mark.real, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)")]


@pytest.fixture(scope="module")
def preview() -> Iterator[PreviewSite]:
    with served() as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: "playwright.Browser") -> Iterator["playwright.Page"]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_cut_off(preview: PreviewSite, tab: "playwright.Page", width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    for name in WHOLE_PAGES:
        tab.goto(f"{preview.address}/{name}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name


def test_what_is_pressed_is_large_enough(preview: PreviewSite, tab: "playwright.Page") -> None:
    for name in WHOLE_PAGES:
        tab.goto(f"{preview.address}/{name}")
        assert min(tab.evaluate(HEIGHTS), default=36) >= 36, name


def test_search_answers_while_typing(preview: PreviewSite, tab: "playwright.Page") -> None:
    tab.goto(f"{preview.address}/search-empty")
    assert tab.locator(".hit").count() == 0
    tab.fill("#q", "toolpath")
    tab.wait_for_selector(".hit")
    tab.wait_for_url("**q=toolpath*")


def test_feedback_replaces_the_item_and_offers_undo(preview: PreviewSite, tab: "playwright.Page") -> None:
    tab.goto(f"{preview.address}/feed")
    tab.click("#item-r1 button[value=known]")
    tab.wait_for_selector("#item-r1.notice")
    path, sent = preview.posted[-1]
    assert (path, sent["feedback"]) == ("/me/feed/r1", ["known"])
    assert "_csrf_token" in sent


def test_the_draft_is_checked_while_writing(preview: PreviewSite, tab: "playwright.Page") -> None:
    tab.goto(f"{preview.address}/write-new")
    tab.fill("#text", "## A heading")
    tab.wait_for_selector("#draft .preview")
    path, sent = preview.posted[-1]
    assert (path, sent["text"], sent["kind"]) == ("/write/check", ["## A heading"], ["module"])


def test_the_secret_part_of_the_recovery_key_is_never_sent(preview: PreviewSite, tab: "playwright.Page") -> None:
    tab.goto(f"{preview.address}/practitioner")
    assert tab.is_disabled("[data-recovery-submit]")
    tab.click("[data-recovery-make]")
    tab.wait_for_selector("[data-recovery-secret]:visible")
    kept = tab.input_value("#recovery-secret")
    secret = kept.rsplit(": ", 1)[1].strip()
    with tab.expect_download() as download:
        tab.click("[data-recovery-download]")
    assert download.value.path().read_text() == kept
    tab.check("[data-recovery-kept]")
    with tab.expect_event("load"):
        tab.click("[data-recovery-submit]")
    path, sent = preview.posted[-1]
    assert path == "/practitioner"
    assert VerifyingKey.parse_did_key(sent["recoveryKey"][0])
    assert secret not in str(sent)


def test_the_keyboard_finds_the_content_first(preview: PreviewSite, tab: "playwright.Page") -> None:
    tab.goto(f"{preview.address}/home")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
