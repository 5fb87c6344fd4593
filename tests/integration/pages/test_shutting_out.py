"""Who is shut out, or leaves: all that opened something for them has ended, and stays so whatever comes after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.services.audit import Deed
from node.services.people.sign_on import BARRED
from node.services.policy import Role
from node.store.administration.factors import list_factors
from node.store.administration.people import find_attempts, list_tokens_of
from node.web.pages.accounts import passkeys
from node.web.xrpc import limits
from tests.integration.pages.conftest import Browser

PASSWORD = "correct horse battery"


@pytest.fixture
def vera(stage: Any) -> str:
    if stage.services.registry.find("vera") is None:
        stage.add("vera", Role.WORKER, password=PASSWORD)
    return "vera"


def _status(stage: Any, path: str, key: str) -> int:
    return int(stage.client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code)


def test_what_opened_something_opens_nothing_when_roles_come_back(stage: Any, vera: str, read: Any) -> None:
    olga, here = stage.browser("olga"), stage.browser(vera)
    key = stage.services.registry.tokens.issue(vera, "api")
    made = stage.client.post("/api/me/feed-address", headers={"Authorization": f"Bearer {key}"})
    address = made.json()["atom"].partition("/feeds/")[2]
    assert (_status(stage, "/api/me/feed", key), stage.client.get(f"/feeds/{address}").status_code) == (200, 200)
    shut = read(olga.submit("/admin/people/vera/roles"))
    assert "vera is shut out: no role" in shut
    asked = stage.client.post("/api/session", json={"name": vera, "password": PASSWORD})
    assert (asked.status_code, asked.json()["detail"]) == (403, "You have no role on this node.")
    assert stage.services.registry.tokens.list(vera, "api") == []
    assert _is_barred(stage, vera)
    assert "vera: worker." in read(olga.submit("/admin/people/vera/roles", role="worker"))
    assert not _is_barred(stage, vera)
    assert _status(stage, "/api/me/feed", key) == 401
    assert stage.client.get(f"/feeds/{address}").status_code == 404
    assert here.get("/me").status_code == 303
    again = stage.client.post("/api/session", json={"name": vera, "password": PASSWORD})
    assert _status(stage, "/api/me/feed", again.json()["token"]) == 200


def test_the_next_who_has_a_name_finds_nothing_of_the_former(stage: Any, vera: str) -> None:
    services, olga = stage.services, stage.browser("olga")
    olga.submit("/admin/people/vera/link")
    for path, fields in (("/sign-in", {"password": "x"}), ("/sign-in/forgotten", {})):
        Browser(stage.client, dict(stage.browser().cookies)).post(path, name=vera, **fields)
    services.registry._throttle.begin("name:vera", "code:vera", "mail-name:vera")
    assert [row.action for row in services.audit.doors_opened(vera)] == [Deed.LINK_MADE]
    olga.submit("/admin/people/vera/remove", confirm=vera)
    with services.database.read() as session:
        left = [find_attempts(session, f"{kind}:vera") for kind in ("name", "code", "mail-name")]
    assert left == [None] * 3
    stage.add(vera, Role.WORKER, password=PASSWORD)
    assert services.audit.doors_opened(vera) == ()
    assert services.audit.list(1)[0].action == Deed.PERSON_REMOVED


def test_strangers_with_made_up_passkeys_write_nothing_and_wait(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "SESSIONS", replace(passkeys.SESSIONS, points=3))
    monkeypatch.setattr(limits, "COUNTERS", limits.Counters())
    browser, before = stage.browser(), _spent(stage)
    browser.get("/sign-in")
    statuses = []
    for _ in range(5):
        pending = browser.get("/sign-in/passkey").json()["pending"]
        statuses.append(browser.post("/sign-in/passkey", pending=pending, credential="{}").status_code)
    assert (statuses, _spent(stage)) == ([401, 401, 401, 429, 429], before)


def _is_barred(stage: Any, name: str) -> bool:
    with stage.services.database.read() as session:
        return bool(list_factors(session, name, BARRED))


def _spent(stage: Any) -> int:
    with stage.services.database.read() as session:
        return len(list_tokens_of(session, "spent"))
