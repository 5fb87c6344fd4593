"""Practitioners endorse, write and begin; a person may be several people at several nodes in one browser."""

from __future__ import annotations

import secrets

import pytest

from federation.keys import VerifyingKey
from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]


def test_two_people_at_two_nodes_in_one_browser(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.sign_in(demonstration.services, "nadia")
    visitor.sign_in(demonstration.works, "pat")
    assert "Pat Gallagher" in visitor.words("header")
    visitor.open(demonstration.services, "/me")
    assert "Nadia Petrova" in visitor.words("header")
    visitor.open(demonstration.works)
    page.click("details.account summary")
    visitor.press('.account-menu button:has-text("Sign out")')
    visitor.open(demonstration.services, "/me")
    assert "Nadia Petrova" in visitor.words("header")


def test_a_verdict_shows_at_once_and_is_withdrawn(demonstration: Demonstration, visitor: Visitor) -> None:
    note = f"Two checks more before a night pour {secrets.token_hex(3)}."
    page = visitor.sign_in(demonstration.works, "pat")
    visitor.open(demonstration.works, "/search?q=decide+who+does+which+step")
    visitor.press(".hit .card-title a")
    page.select_option("#endorse-task", index=page.locator("#endorse-task option").count() - 1)
    page.check('input[name="verdict"][value="works-with-changes"]')
    page.fill("#endorse-note", note)
    visitor.press("section.endorse form.stack button.primary")
    assert note in visitor.words('section[aria-labelledby="endorsements"]')
    assert "Your verdict is signed and published" in visitor.words(".notice-done")
    visitor.press('section.endorse button:has-text("Withdraw")')
    assert note not in visitor.words()


MODULE = """---
name: {name}
title: Read the level before you order {mark}
description: Measure what is left in the tank with a stick before the app orders more.
language: en
license: CC-BY-4.0
layer: capability
level: {level}
minutes: 5
tasks: ["onet:47-1011.00/9999"]
occupations: ["onet:47-1011.00"]
skills: [quantity-estimation]
---
The gauge is wrong more often than the stick.

::: practice
Dip the tank today and write both numbers down.
:::
"""


def test_a_module_is_checked_while_written_then_signed_and_published(
    demonstration: Demonstration, visitor: Visitor
) -> None:
    mark = secrets.token_hex(3)
    page = visitor.sign_in(demonstration.works, "ravi")
    visitor.open(demonstration.works, "/write")
    page.fill("#text", MODULE.format(name=f"dip-{mark}", mark=mark, level="advanced-beginer"))
    page.wait_for_selector(".problem-error")
    assert "advanced-beginner" in visitor.words("#draft .problems")
    visitor.expect_complaint("422")
    visitor.press('button[value="publish"]')
    assert "Nothing was published" in visitor.words("#draft")
    assert mark in page.input_value("#text")
    page.fill("#text", MODULE.format(name=f"dip-{mark}", mark=mark, level="advanced-beginner"))
    page.locator(".problem-error").first.wait_for(state="detached")
    assert "The gauge is wrong" in visitor.words("#draft .preview")
    visitor.press('button[value="publish"]')
    assert f"/dip-{mark}" in page.url
    assert mark in visitor.words("h1")
    assert "Ravi Nair" in visitor.words(".byline")


def test_an_identity_is_made_and_its_secret_never_leaves_the_browser(
    demonstration: Demonstration, visitor: Visitor
) -> None:
    name = f"siobhan-{secrets.token_hex(3)}"
    page = visitor.sign_in(demonstration.works, "siobhan")
    visitor.open(demonstration.works, "/practitioner")
    if page.locator("[data-recovery-make]").count() == 0:
        pytest.skip("Siobhan has an identity already: this demonstration was used before")
    assert page.is_disabled("[data-recovery-submit]")
    page.fill("#handle", name)
    page.click("[data-recovery-make]")
    page.wait_for_selector("[data-recovery-secret]:visible")
    secret = page.input_value("#recovery-secret").rsplit(": ", 1)[1].strip()
    page.check("[data-recovery-kept]")
    visitor.press("[data-recovery-submit]")
    assert "/people/did:plc:" in page.url
    body = next(text for text in visitor.sent if "recoveryKey=" in text)
    public = body.partition("recoveryKey=did%3Akey%3A")[2].partition("&")[0]
    assert VerifyingKey.parse_did_key("did:key:" + public)
    assert len(secret) == 64
    assert not [text for text in visitor.sent if secret in text.lower()]
