"""Passkeys with Chromium's virtual authenticator; the second step as a person goes through it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from node.services.people import totp
from node.store.clock import SECOND, now
from tests.browser.fixtures.demonstration import PASSWORD, Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def name(demonstration: Demonstration) -> str:
    made = f"pia-{secrets.token_hex(3)}"
    socket = str(demonstration.works.data / "operator.sock")
    with httpx.Client(transport=httpx.HTTPTransport(uds=socket), timeout=60.0) as client:
        body = {"name": made, "roles": ["operator"], "password": PASSWORD}
        assert client.post("http://node/api/people", json=body).is_success
    return made


def _device(visitor: Visitor) -> Any:
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def test_a_passkey_opens_the_account_without_password_or_code(
    demonstration: Demonstration, visit: Callable[..., Visitor], name: str
) -> None:
    visitor = visit()
    page = visitor.sign_in(demonstration.works, name)
    _device(visitor)
    visitor.open(demonstration.works, "/account")
    page.fill("#passkey-name", "my laptop")
    visitor.press('button:has-text("Add a passkey")')
    assert "The passkey opens this account from now on." in visitor.words()
    page.click("summary")
    visitor.press('button:has-text("Sign out")')
    visitor.open(demonstration.works, "/sign-in?next=/account")
    visitor.press('button:has-text("Sign in with a passkey")')
    assert f"You sign in as {name}." in visitor.words()
    visitor.press('#passkeys ~ ul button:has-text("End it")')
    page.click("summary")
    visitor.press('button:has-text("Sign out")')
    visitor.open(demonstration.works, "/sign-in")
    visitor.expect_complaint("401")
    visitor.press('button:has-text("Sign in with a passkey")')
    assert "does not open an account here" in visitor.words()


def test_a_second_step_in_the_browser(demonstration: Demonstration, visit: Callable[..., Visitor], name: str) -> None:
    visitor = visit(viewport={"width": 390, "height": 844})
    page = visitor.sign_in(demonstration.works, name)
    visitor.open(demonstration.works, "/account/second-factor")
    secret = base64.b32decode(page.inner_text("p.mono").replace(" ", ""))
    page.fill("#code", totp.code_at(secret, now() // SECOND // totp.STEP))
    visitor.press("main button.primary")
    assert page.locator(".codes li").count() == 10
    code = page.inner_text(".codes li >> nth=0")
    other = visit()
    other.open(demonstration.works, "/sign-in?next=/account")
    other.page.fill("#name", name)
    other.page.fill("#password", PASSWORD)
    other.press("main button.primary")
    other.page.fill("#code", code)
    other.press("main button.primary")
    assert "Recovery codes left: 9." in other.words()
