"""The pictures of the documentation: taken anew into docs/screenshots with SCREENSHOTS=write, else thrown away."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.fixtures.demonstration import REPOSITORY, Demonstration
from tests.browser.fixtures.visitor import Visitor

COMMITTED = REPOSITORY / "docs" / "screenshots"
LARGEST = 300_000  # bytes
NAMES = ("home", "today-phone", "today-dark", "lesson", "module-explained", "admin")
PHONE = {"width": 390, "height": 844}

real = [pytest.mark.real, pytest.mark.needs("Chromium")]


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_there_and_light(name: str) -> None:
    picture = COMMITTED / f"{name}.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size <= LARGEST


def test_no_other_picture_lies_about() -> None:
    assert {path.stem for path in COMMITTED.glob("*.png")} == set(NAMES)


class TestTaken:
    pytestmark = real

    @pytest.fixture
    def take(self, tmp_path: Path) -> Callable[[Any, str], None]:
        folder = COMMITTED if os.environ.get("SCREENSHOTS") == "write" else tmp_path

        def picture(page: Any, name: str) -> None:
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{name}.png")
            assert (folder / f"{name}.png").stat().st_size <= LARGEST

        return picture

    def test_home(self, demonstration: Demonstration, visitor: Visitor, take: Any) -> None:
        take(visitor.open(demonstration.services), "home")

    def test_today(self, demonstration: Demonstration, visit: Callable[..., Visitor], take: Any) -> None:
        phone = visit(viewport=PHONE, color_scheme="light")
        take(phone.sign_in(demonstration.services, "peter"), "today-phone")
        desk = visit(color_scheme="dark")
        take(desk.sign_in(demonstration.services, "peter"), "today-dark")

    def test_lesson(self, demonstration: Demonstration, visitor: Visitor, take: Any) -> None:
        visitor.sign_in(demonstration.services, "peter")
        visitor.press("a.button.primary")
        take(visitor.page, "lesson")

    def test_module_explained(self, demonstration: Demonstration, visitor: Visitor, take: Any) -> None:
        page = visitor.open(demonstration.services, "/search?q=check+a+drafted+reply")
        visitor.press(".hit .card-title a")
        page.locator("section.position").evaluate("section => scrollTo(0, section.offsetTop - 40)")
        take(page, "module-explained")

    def test_admin(self, demonstration: Demonstration, visitor: Visitor, operator: str, take: Any) -> None:
        visitor.sign_in(demonstration.works, operator)
        take(visitor.open(demonstration.works, "/admin"), "admin")
