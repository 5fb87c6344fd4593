"""A path is put together in a real browser: found as one types, moved by keys and by touch, kept and published."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor, picture_for_eyes
from tests.integration.fixtures.nodes import until

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"}
TITLES = "[...document.querySelectorAll('#stops [data-stop] a')].map((link) => link.innerText)"
PUT_IN_TWO = "[...document.querySelectorAll('#found button[value^=add]')].slice(0, 2).map((one) => one.click())"
TARGETS = "[...document.querySelector('#text').value.matchAll(/^\\d+\\. \\[.*\\]\\((.+)\\)/gm)].map((stop) => stop[1])"


def _put_in(visitor: Visitor, words: str) -> None:
    """The first two that are found for these words, without waiting for the first to stand there."""
    visitor.page.fill("#find", words)
    visitor.page.locator("#found button[value^=add]").nth(1).wait_for()
    visitor.page.evaluate(PUT_IN_TWO)
    visitor.page.wait_for_function("() => document.querySelectorAll('#stops [data-stop]').length === 2")
    visitor.settle()


def _move_back_and_forth_while_typing(visitor: Visitor, targets: list[str]) -> None:
    """What is typed before and behind the list while the node answers stays, and so does what the buttons did."""
    page, held = visitor.page, []

    def hold(route: Any) -> None:  # the engine makes notes on what it calls, and a bound method takes none
        held.append(route)

    for place, order in (("text.value.indexOf('Whom it takes')", targets), ("text.value.length", targets[::-1])):
        page.route("**/write/stops", hold)
        page.locator("#stops button[value='up 2']").click()
        until(lambda: page.wait_for_timeout(1) or held, what="the button asks the node")
        page.evaluate(f"() => {{ text.focus(); text.setSelectionRange({place}, {place}); }}")
        page.keyboard.type("Meanwhile ")
        held.pop().continue_()
        page.unroute("**/write/stops")
        page.wait_for_function(f"() => {TARGETS}[0] === {json.dumps(order[0])}")
        assert page.evaluate(TARGETS) == order
        assert page.input_value("#text").count("Meanwhile ") == 1
        page.fill("#text", page.input_value("#text").replace("Meanwhile ", ""))
        visitor.settle()


@pytest.mark.parametrize("window", [pytest.param({}, id="desk"), pytest.param(PHONE, id="phone")])
def test_a_path_is_put_together_kept_and_published(
    demonstration: Demonstration, visit: Callable[..., Visitor], window: dict[str, Any]
) -> None:
    visitor, mark = visit(**window), secrets.token_hex(3)
    page = visitor.sign_in(demonstration.works, "ravi")
    visitor.open(demonstration.works, "/write")
    with visitor.another_page():
        page.click('input[name="kind"][value="path"]')
    visitor.write(page.input_value("#text").replace("my-first-path", f"way-{mark}"))
    _put_in(visitor, "check")
    first, second = page.evaluate(TITLES)
    targets = page.evaluate(TARGETS)
    assert len(set(targets)) == 2
    page.locator("#stops [data-stop]").nth(1).locator("button[value^=up]").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function(f"() => {TARGETS}[0] === {json.dumps(targets[1])}")
    assert page.evaluate(TARGETS) == targets[::-1]
    page.wait_for_function("() => document.activeElement.id.startsWith('up-')")  # the cursor went along
    _move_back_and_forth_while_typing(visitor, targets)
    page.locator("#stops button[value='optional 2']").click()
    page.wait_for_function("() => document.querySelector('#text').value.includes(') (optional)')")
    visitor.settle()
    assert page.locator("#draft .kept").count()
    visitor.assert_fits()
    picture_for_eyes(page, f"path-{'phone' if window else 'wide'}")
    page.reload()
    assert page.evaluate(TITLES) == [second, first]
    visitor.write(page.input_value("#text").replace("Whom it takes from where to where.", f"From none to {mark}."))
    visitor.press('button[value="publish"]')
    assert f"/way-{mark}" in page.url
    words = visitor.words()
    assert words.index(second) < words.index(first)
    visitor.press('a:has-text("Write a new version")')
    page.locator("#stops button[value='remove 2']").click()
    page.wait_for_function(f"() => {TITLES}.length === 1")
    picture_for_eyes(page, f"path-again-{'phone' if window else 'wide'}")
