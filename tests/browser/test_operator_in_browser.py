"""The operator comes in through the one-time link, sees how the node does, and invites somebody."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]


def test_the_first_link_opens_once_and_leads_to_the_node(
    demonstration: Demonstration, visit: Callable[..., Visitor]
) -> None:
    kept = demonstration.hospital.data / "first-sign-in.txt"
    link = kept.read_text("utf-8").strip()
    visitor = visit()
    visitor.open(demonstration.hospital, link.removeprefix(demonstration.hospital.url))
    visitor.page.fill("#password", "a sentence long enough to keep")
    visitor.press("main button.primary")
    visitor.open(demonstration.hospital, "/admin")
    text = visitor.words()
    assert "Peers" in text
    assert "Fenwick Works" in text
    assert "Nothing: all that arrived was verified." in text or "Refused" in text
    assert not kept.exists()
    late = visit()
    late.expect_complaint("401")
    assert late.page.goto(link).status == 401
    assert "used or has expired" in late.words()


def test_an_invitation_makes_an_account(
    demonstration: Demonstration, operator: str, visit: Callable[..., Visitor]
) -> None:
    inviting, invited = visit(), visit()
    page = inviting.sign_in(demonstration.works, operator)
    inviting.open(demonstration.works, "/admin/people")
    inviting.press('main button.primary:has-text("Invite")')
    link = page.input_value("#one-time")
    invited.open(demonstration.works, link.removeprefix(demonstration.works.url))
    invited.page.fill("#name", f"new-{secrets.token_hex(3)}")
    invited.page.fill("#password", "a sentence long enough to keep")
    invited.press("main button.primary")
    assert invited.page.url.endswith("/me/profile")
    inviting.open(demonstration.works, "/admin/people")
    assert page.locator("#one-time").count() == 0


def test_the_node_is_shown_to_nobody_else(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.sign_in(demonstration.works, "mo")
    visitor.expect_complaint("403")
    assert visitor.page.goto(demonstration.works.url + "/admin").status == 403
