"""Phone and desk, light and dark: every page of the story fits, loads without a complaint and has readable text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
PUBLIC = ("/", "/search", "/search?q=check", "/trust", "/sign-in")
WORKERS = ("/me", "/me/profile", "/me/beliefs", "/me/feeds", "/me/searches", "/me/data", "/practitioner")
AUTHORS = ("/write", "/suggestions", "/practitioner")
# Text and background as a browser computed them; WCAG 2.2, relative luminance and contrast ratio.
FAINT = """() => {
    const channels = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = (color) => {
        const [r, g, b] = channels(color).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const [, , , opacity = 1] = channels(getComputedStyle(element).backgroundColor);
            if (opacity === 1) return getComputedStyle(element).backgroundColor;
        }
        return getComputedStyle(document.documentElement).backgroundColor;
    };
    return [...document.querySelectorAll("h1, h2, h3, p, a, li, label, summary, button, td, th, dt, dd, legend")]
        .filter((element) => element.checkVisibility() && element.innerText?.trim() && !element.disabled)
        .map((element) => {
            const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
            return [(a + 0.05) / (b + 0.05), element.innerText.slice(0, 60)];
        }).filter(([contrast]) => contrast < 4.5);
}"""
MENU_BELOW = """() => {
    const place = (name) => document.querySelector(name).getBoundingClientRect();
    return place(".account-menu").top >= place(".account summary").bottom - 1;
}"""
WINDOWS = [
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}, id="phone-light"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone-dark"),
    pytest.param({"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}, id="desk-light"),
    pytest.param({"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}, id="desk-dark"),
]


def _look(visitor: Visitor) -> None:
    visitor.assert_fits()
    assert visitor.page.evaluate(FAINT) == [], visitor.page.url


@pytest.mark.parametrize("window", WINDOWS)
def test_what_everybody_reads(
    demonstration: Demonstration, visit: Callable[..., Visitor], window: dict[str, Any]
) -> None:
    visitor = visit(**window)
    for path in PUBLIC:
        visitor.open(demonstration.hospital, path)
        _look(visitor)
    found: set[str] = set()
    visitor.open(demonstration.hospital, "/")
    for folder in ("modules", "tasks", "people", "organisations"):
        for path in ("/", "/trust"):
            page = visitor.open(demonstration.hospital, path)
            links = page.locator(f'main a[href^="/{folder}/"]')
            found |= {links.nth(n).get_attribute("href").partition("#")[0] for n in range(min(links.count(), 2))}
    assert {path.split("/")[1] for path in found} >= {"modules", "tasks", "people", "organisations"}
    for path in sorted(found):
        visitor.open(demonstration.hospital, path)
        _look(visitor)


@pytest.mark.parametrize("window", WINDOWS)
def test_what_a_worker_has(demonstration: Demonstration, visit: Callable[..., Visitor], window: dict[str, Any]) -> None:
    visitor = visit(**window)
    visitor.sign_in(demonstration.hospital, "amira")
    for path in WORKERS:
        visitor.open(demonstration.hospital, path)
        _look(visitor)
    visitor.open(demonstration.hospital, "/me")
    visitor.press(".item-lesson a.button.primary")
    _look(visitor)


@pytest.mark.parametrize("window", WINDOWS)
def test_what_authors_and_operators_have(
    demonstration: Demonstration, operator: str, visit: Callable[..., Visitor], window: dict[str, Any]
) -> None:
    author = visit(**window)
    author.sign_in(demonstration.works, "jana")
    for path in AUTHORS:
        author.open(demonstration.works, path)
        _look(author)
    author.open(demonstration.works, "/search?q=decide+who+does+which+step")
    author.press(".hit .card-title a")
    _look(author)
    running = visit(**window)
    running.sign_in(demonstration.works, operator)
    running.open(demonstration.works, "/admin")
    _look(running)


def test_the_menu_of_a_longer_name_hides_it_nowhere(
    demonstration: Demonstration, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(viewport={"width": 390, "height": 844})
    page = visitor.sign_in(demonstration.works, "mo")
    page.click("details.account summary")
    assert page.evaluate(MENU_BELOW)
    assert page.locator("details.account summary").bounding_box()["y"] < page.locator(".nav").bounding_box()["y"] - 20
    visitor.assert_fits()
