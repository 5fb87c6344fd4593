"""One's own account in a browser: the second step, sessions, keys with a scope."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from node.services.people import totp
from node.services.policy import Role
from node.store.clock import SECOND, now

PASSWORD = "correct horse battery"


@pytest.fixture
def rosa(stage: Any) -> str:
    if stage.services.registry.find("rosa") is None:
        stage.add("rosa", Role.WORKER, password=PASSWORD)
    stage.services.registry.second_factor.switch_off("rosa")
    return "rosa"


def _switch_on(browser: Any) -> bytes:
    page = browser.get("/account/second-factor").text
    pending = re.search(r'name="pending" value="([^"]+)"', page).group(1)
    secret = base64.b32decode(re.search(r'<p class="mono">([A-Z2-7 ]+)</p>', page).group(1).replace(" ", ""))
    assert 'src="data:image/svg+xml' in page
    refused = browser.post("/account/second-factor", pending=pending, code="12")
    assert refused.status_code == 400
    code = totp.code_at(secret, now() // SECOND // totp.STEP)
    shown = browser.post("/account/second-factor", pending=pending, code=code).text
    assert len(re.findall(r'<li class="mono">', shown)) == 10
    return secret


def test_a_second_step_is_set_up_and_asked_for(stage: Any, rosa: str, read: Any) -> None:
    secret = _switch_on(stage.browser(rosa))
    coming = stage.browser()
    coming.get("/sign-in")
    asked = coming.post("/sign-in", name=rosa, password=PASSWORD, next="/account")
    half = re.search(r'name="half" value="([^"]+)"', asked.text).group(1)
    assert coming.get("/account").status_code == 303
    assert coming.post("/sign-in/code", half=half, code="000", next="/account").status_code == 401
    assert coming.post("/sign-in/code", half=half[:-8] + "AAAAAAA=", code="000").status_code == 401
    code = totp.code_at(secret, now() // SECOND // totp.STEP + 1)
    page = coming.submit("/sign-in/code", half=half, code=code, next="/account")
    assert "Recovery codes left: 10." in read(page)


def test_a_one_time_link_does_not_go_round_the_second_step(stage: Any, rosa: str) -> None:
    _switch_on(stage.browser(rosa))
    link = stage.services.registry.tokens.issue(rosa, "link")
    browser = stage.browser()
    browser.get(f"/link/{link}")
    answer = browser.post(f"/link/{link}", password=PASSWORD)
    assert 'name="half"' in answer.text
    assert browser.get("/account").status_code == 303


def test_who_has_no_role_any_more_is_told_so(stage: Any) -> None:
    stage.services.registry.add("gone", (), password=PASSWORD)
    browser = stage.browser()
    browser.get("/sign-in")
    answer = browser.post("/sign-in", name="gone", password=PASSWORD)
    assert answer.status_code == 403
    assert "You have no role on this node." in answer.text
    assert not stage.services.registry.tokens.list("gone", "session")


def test_sessions_end_one_by_one_or_all(stage: Any, rosa: str) -> None:
    here, there, third = (stage.browser(rosa) for _ in range(3))
    page = here.get("/account").text
    assert page.count("this one") == 1
    here.submit("/account/sessions/end")
    assert there.get("/account").status_code == 303
    assert third.get("/account").status_code == 303
    end = re.search(r'action="(/account/tokens/[0-9a-f]+/end)"', here.get("/account").text).group(1)
    stage.browser("olga").post(end)  # somebody else's
    assert here.get("/account").status_code == 200
    here.post(end)
    assert here.get("/account").status_code == 303


def test_a_key_does_what_its_scope_says(stage: Any, rosa: str) -> None:
    browser, keys = stage.browser(rosa), {}
    for scope in ("read", "learn", "everything"):
        page = browser.submit("/account/keys", name=f"for {scope}", scope=scope).text
        keys[scope] = re.search(r'id="new-key"[^>]* value="([^"]+)"', page).group(1)

    made = [row.detail for row in stage.services.audit.list(3)]
    assert made == ["everything", "learn", "read"], "whoever makes a key is in the audit log"

    def status(scope: str, path: str) -> int:
        return int(stage.client.get(path, headers={"Authorization": f"Bearer {keys[scope]}"}).status_code)

    assert [status(scope, "/me") for scope in keys] == [403, 200, 200]
    assert [status(scope, "/account") for scope in keys] == [403, 403, 200]
    assert status("read", "/search") == 200
    assert [status(scope, "/api/me/export") for scope in keys] == [403, 403, 200], "no program takes it all away …"
    erase = {"headers": {"Authorization": f"Bearer {keys['learn']}"}, "json": {"confirm": "rosa"}}
    assert stage.client.post("/api/me/forget", **erase).status_code == 403, "… or erases it"
    assert browser.post("/account/keys", name="x", scope="root").status_code == 400
