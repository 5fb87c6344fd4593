"""The author's desk in a real browser: drafts survive a reload, keys reach everything, pictures are pasted."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor, picture_for_eyes
from tests.browser.test_practitioner_in_browser import MODULE

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PASTE = """() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    canvas.getContext("2d").fillRect(0, 0, 8, 8);
    canvas.toBlob((blob) => {
        const data = new DataTransfer();
        data.items.add(new File([blob], "Dip stick.png", { type: "image/png" }));
        const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
        document.querySelector("#text").dispatchEvent(paste);
    });
}"""


def _text(name: str, mark: str) -> str:
    return MODULE.format(name=name, mark=mark, level="advanced-beginner")


@pytest.mark.parametrize("window", [pytest.param({}, id="desk"), pytest.param(PHONE, id="phone")])
def test_a_draft_survives_a_reload_with_its_pasted_picture(
    demonstration: Demonstration, visit: Callable[..., Visitor], window: dict[str, Any]
) -> None:
    visitor, mark = visit(**window), secrets.token_hex(3)
    page = visitor.sign_in(demonstration.works, "ravi")
    visitor.open(demonstration.works, "/write")
    page.fill("#text", _text(f"stick-{mark}", mark))
    page.wait_for_selector("#draft .kept")
    page.wait_for_url("**/write?draft=*")
    page.evaluate("document.querySelector('#text').setSelectionRange(99999, 99999)")
    page.evaluate(PASTE)
    page.wait_for_selector("#files img.thumb")
    page.wait_for_function("() => document.querySelector('#text').value.includes('![](pictures/dip-stick.png)')")
    page.wait_for_selector("#draft .preview img")
    page.reload()
    assert mark in page.input_value("#text")
    assert "pictures/dip-stick.png" in page.input_value("#text")
    assert page.locator("#draft .problem").count()  # a picture without words is said
    visitor.assert_fits()
    picture_for_eyes(page, f"desk-{'phone' if window else 'wide'}")
    page.select_option("#reader", "novice")
    page.wait_for_selector("#draft .sides")
    visitor.assert_fits()
    picture_for_eyes(page, f"desk-novice-{'phone' if window else 'wide'}")
    visitor.press('button[value="publish"]')
    assert f"/stick-{mark}" in page.url
    page.locator("article img").scroll_into_view_if_needed()  # it is loaded lazily
    page.wait_for_function("() => document.querySelector('article img').naturalWidth === 8")
    visitor.open(demonstration.works, "/write")
    drafts = page.locator("section[aria-labelledby=drafts]")
    assert not drafts.count() or mark not in drafts.inner_text()


def test_keys_alone_write_find_a_problem_and_publish(demonstration: Demonstration, visitor: Visitor) -> None:
    mark = secrets.token_hex(3)
    page = visitor.sign_in(demonstration.works, "ravi")
    visitor.open(demonstration.works, "/write")
    page.focus("#text")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(MODULE.format(name=f"keys-{mark}", mark=mark, level="advanced-beginer"))
    page.keyboard.press("Control+S")
    page.wait_for_selector(".problem-error")
    page.keyboard.press("F8")
    page.wait_for_function("() => document.activeElement.id === 'text'")
    line = "(text => text.value.slice(0, text.selectionStart).split('\\n').length)(document.activeElement)"
    assert page.evaluate(line) == 8
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.insert !== undefined")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(_text(f"keys-{mark}", mark))
    page.locator(".problem-error").first.wait_for(state="detached")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "publish":
            break
    with visitor.another_page():
        page.keyboard.press("Enter")
    assert f"/keys-{mark}" in page.url


def test_a_change_is_suggested_and_taken_up_and_the_history_shows_it(
    demonstration: Demonstration, visit: Callable[..., Visitor]
) -> None:
    mark = secrets.token_hex(3)
    author, reader = visit(), visit(**PHONE)
    page = author.sign_in(demonstration.works, "ravi")
    author.open(demonstration.works, "/write")
    page.fill("#text", _text(f"taken-{mark}", mark))
    author.press('button[value="publish"]')
    address = page.url.removeprefix(demonstration.works.url)
    theirs = reader.sign_in(demonstration.works, "pat")
    reader.open(demonstration.works, address)
    reader.press('a:has-text("Suggest a change")')
    theirs.fill("#text", theirs.input_value("#text").replace("more often", "much more often"))
    theirs.fill("#change", f"Measured for a month {mark}")
    reader.press('button[value="publish"]')
    assert "Signed and sent" in reader.words()
    author.open(demonstration.works, "/suggestions")
    assert f"Measured for a month {mark}" in author.words()
    picture_for_eyes(page, "suggestions")
    author.press('li:has-text("' + mark + '") button[value="accept"]')
    assert "much more often" in author.words("article")
    assert "Pat Gallagher" in author.words(".margin")
    author.press('a:has-text("History and differences")')
    assert "much more often" in author.words()
    assert "With thanks to Pat Gallagher" in author.words()
    picture_for_eyes(page, "history")
    reader.open(demonstration.works, f"{address}/history")
    picture_for_eyes(theirs, "history-phone")


def test_what_is_kept_inside_becomes_public_as_shown(
    demonstration: Demonstration, visit: Callable[..., Visitor]
) -> None:
    mark = secrets.token_hex(3)
    author, stranger = visit(), visit()
    page = author.sign_in(demonstration.works, "ravi")
    author.open(demonstration.works, "/write")
    author.write(_text(f"inside-{mark}", mark))
    page.check('input[name="audience"][value="organisation"]')
    author.settle()
    author.press('button[value="publish"]')
    address = page.url.removeprefix(demonstration.works.url)
    assert "Kept inside" in author.words()
    picture_for_eyes(page, "inside")
    answer = stranger.page.request.get(demonstration.works.url + address)
    assert answer.status == 404
    author.press('a:has-text("Make it public")')
    assert "The gauge is wrong" in author.words()
    picture_for_eyes(page, "promote")
    author.press("main button.primary")
    assert "It is public now" in author.words()
    stranger.open(demonstration.works, address)
    author.press('a:has-text("Take it out of use")')
    picture_for_eyes(page, "retire")
    page.fill("#reason", "The tank has a new gauge.")
    author.press('button[value="retire"]')
    assert "The tank has a new gauge." in author.words()
