"""The whole way without a mouse, and the whole way without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.fixtures.demonstration import PASSWORD, Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
MOST_TABS = 120


def _tab_to(visitor: Visitor, selector: str) -> None:
    """Walk until the element has the focus, which must be visible."""
    keyboard = visitor.page.keyboard
    for _ in range(MOST_TABS):
        keyboard.press("Tab")
        if visitor.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert visitor.page.evaluate(outline), f"{selector} does not show that it has the focus"
            return
    raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")


def _enter(visitor: Visitor) -> None:
    with visitor.another_page():
        visitor.page.keyboard.press("Enter")


def test_signing_in_and_an_outcome_by_keyboard_alone(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.open(demonstration.hospital)
    _tab_to(visitor, '.nav a[href="/sign-in"]')
    _enter(visitor)
    _tab_to(visitor, "#name")
    page.keyboard.type("josef")
    _tab_to(visitor, "#password")
    page.keyboard.type(PASSWORD)
    _enter(visitor)
    assert page.url.endswith("/me")
    _tab_to(visitor, ".item-lesson a.button.primary")
    _enter(visitor)
    _tab_to(visitor, 'button[name="outcome"][value="with-help"]')
    _enter(visitor)
    assert "with help" in visitor.words(".notice-done")
    _tab_to(visitor, ".notice-done button")
    _enter(visitor)
    assert page.locator('button[name="outcome"]').count() == 5


def test_the_menu_closes_behind_the_focus(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.sign_in(demonstration.hospital, "josef")
    page.focus("details.account summary")
    page.keyboard.press("Enter")
    assert page.locator("details.account[open]").count()
    _tab_to(visitor, ".account-menu form button")
    assert page.locator("details.account[open]").count()
    page.keyboard.press("Tab")
    assert not page.locator("details.account[open]").count()


def test_a_worker_needs_no_scripts(demonstration: Demonstration, visit: Callable[..., Visitor]) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.sign_in(demonstration.hospital, "salwa")
    visitor.press(".item a.button.primary")
    visitor.press('button[name="outcome"][value="with-hint"]')
    assert "with a hint" in visitor.words(".notice-done")
    visitor.press(".notice-done button")
    visitor.open(demonstration.hospital, "/me")
    visitor.press('.item button[value="less-like-this"]')
    assert "noted" in visitor.words(".notice-done")
    visitor.press(".notice-done button")
    visitor.open(demonstration.hospital, "/search?q=handover")
    assert visitor.page.locator(".hit").count() >= 1


def test_a_practitioner_needs_no_scripts(demonstration: Demonstration, visit: Callable[..., Visitor]) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.sign_in(demonstration.works, "ola")
    visitor.open(demonstration.works, "/search?q=keep+your+hand+in")
    visitor.press(".hit .card-title a")
    page.select_option("#endorse-task", index=page.locator("#endorse-task option").count() - 1)
    page.check('input[name="verdict"][value="works"]')
    page.fill("#endorse-note", "We count one aisle by hand on Fridays.")
    visitor.press("section.endorse form.stack button.primary")
    assert "We count one aisle by hand on Fridays." in visitor.words('section[aria-labelledby="endorsements"]')
    visitor.press('section.endorse button:has-text("Withdraw")')
    visitor.open(demonstration.works, "/write")
    visitor.press('.actions button[value="check"]')
    assert page.locator("#draft .preview").count() == 1
