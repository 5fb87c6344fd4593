"""A takedown holds at every door, says so at each, and ends with its rule; a mistake is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from node.errors import Malformed, NotAllowed
from node.services.assembly import Services
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR, Role
from node.store.clock import SECOND, now
from node.store.repositories import peers
from node.store.repositories.accounts import get_account
from tests.integration.fixtures.nodes import app_of, composed, practitioner, publish

XRPC = "/xrpc/com.atproto"
PEER = "http://localhost:1"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(tmp_path, allow_localhost=True) as made:
        made.registry.add("olga", (Role.OPERATOR,))
        yield made


@pytest.fixture
def door(services: Services) -> Iterator[TestClient[Any]]:
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        yield client


def _deny(services: Services, subject: str, until: int = 0) -> None:
    asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, Rule("deny", subject, "It sells.", until)))


def test_an_account_that_is_taken_down_goes_by_no_name_and_its_pages_say_why(
    services: Services, door: TestClient[Any]
) -> None:
    did = practitioner(services, "mara")
    publish(services, did, "splint", "Pad it.")
    with services.database.read() as session:
        handle = get_account(session, did).handle
    doors = {
        f"{XRPC}.repo.describeRepo?repo={did}": 400,
        f"{XRPC}.repo.listRecords?repo={did}&collection=org.skillnet.module": 400,
        f"{XRPC}.sync.getRepo?did={did}": 400, f"/health/name?domain={handle}": 404,
        f"/people/{did}": 410, f"/modules/{did}/splint": 410,
    }  # fmt: skip
    assert {door.get(path).status_code for path in doors} == {200}
    assert door.get("/.well-known/atproto-did", headers={"host": handle}).text == did
    _deny(services, did)
    assert {path: door.get(path).status_code for path in doors} == doors
    assert door.get("/.well-known/atproto-did", headers={"host": handle}).status_code == 404
    for page in (f"/people/{did}", f"/modules/{did}/splint"):
        assert "took it down: It sells." in door.get(page, headers={"accept": "text/html"}).text
    with pytest.raises(NotAllowed, match="takendown"):
        services.documents.change_handle(did, f"mara2.{handle.partition('.')[2]}")
    asyncio.run(services.moderation.decisions.lift(LOCAL_OPERATOR, did))
    assert {door.get(path).status_code for path in doors} == {200}


@pytest.mark.parametrize("ends", ["lifted", "ran out"])
def test_a_host_that_was_followed_and_trusted_is_again_when_the_rule_ends(
    services: Services, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    def followed() -> list[tuple[str, bool]]:
        with services.database.read() as session:
            return [(row.url, row.trusted) for row in peers.list_peers(session)]

    decisions = services.moderation.decisions
    asyncio.run(services.follower.follow(PEER, trust=True))
    _deny(services, "localhost:1", now() + 60 * SECOND)
    _deny(services, "localhost:1", now() + 90 * SECOND)  # once more, when nothing is left to be ended
    assert followed() == []
    if ends == "lifted":
        asyncio.run(decisions.lift(LOCAL_OPERATOR, "localhost:1"))
    else:
        later = now() + 3600 * SECOND
        for place in ("node.services.moderating.decisions.now", "node.services.withholding.now"):
            monkeypatch.setattr(place, lambda: later)
        assert asyncio.run(decisions.expire()) == 1
    assert followed() == [(PEER, True)]
    asyncio.run(services.follower.unfollow(PEER))
    _deny(services, "localhost:1")
    asyncio.run(decisions.lift(LOCAL_OPERATOR, "localhost:1"))
    assert followed() == [], "whom the operator left before stays left"


def test_a_label_that_has_run_out_replaces_none(services: Services) -> None:
    did, labelling = practitioner(services, "mara"), services.moderation.labelling
    labelling.give(LOCAL_OPERATOR, did, "misleading", "It misleads.")
    with pytest.raises(Malformed, match="run out"):
        labelling.give(LOCAL_OPERATOR, did, "misleading", "typo", until=now() - SECOND)
    assert [(row.uri, row.expires_at) for row in labelling.own()] == [(did, 0)]


def test_what_is_not_here_or_means_somebody_else_is_told(services: Services) -> None:
    did = practitioner(services, "mara")
    with TestClient(app_of(services, alone=True)) as door:
        key = {"authorization": f"Bearer {services.registry.tokens.issue('olga', 'api')}"}

        def decide(subject: str) -> tuple[bool, str]:
            body = {"effect": "deny", "subject": subject, "reason": "It sells."}
            said = door.post("/api/moderation/rules", json=body, headers=key).json()
            return said["known"], said["called"]

        def rename(session: Any) -> None:
            get_account(session, did).handle = "mara.example"

        services.database.writer.write(rename)
        assert decide("mara.example") == (False, did)
        assert decide("nobody.example") == (False, "")
        for uri, known in ((f"at://{did}/org.skillnet.module/nothere", False), (did, True)):
            body = {"subject": uri, "value": "spam", "reason": "x"}
            said = door.post("/api/moderation/labels", json=body, headers=key)
            assert (said.status_code, said.json()["known"]) == (201, known)


def test_a_list_of_somebody_else_takes_nobody_of_ones_own_down(services: Services) -> None:
    did, decisions = practitioner(services, "mara"), services.moderation.decisions
    made = publish(services, did, "splint", "Pad it.")
    rules = [Rule("deny", subject, "spam") for subject in (did, made.uri, "noise.example")]
    assert {subject for subject, _ in decisions.compare(rules).refused} == {did, made.uri}
    done = asyncio.run(decisions.take_over(LOCAL_OPERATOR, rules))
    assert {subject for subject, _ in done.refused} == {did, made.uri}
    assert [row.subject for row in decisions.rules()] == ["noise.example"]
    _deny(services, did)
    assert list(decisions.compare([Rule("deny", did, "It sells.")]).refused) == [], "that stands already"


@pytest.mark.parametrize(("host", "ok"), [("a.example:65535", True), ("a.example:65536", False)])
def test_a_host_has_a_port_that_there_is(services: Services, host: str, *, ok: bool) -> None:
    try:
        _deny(services, host)
    except Malformed:
        assert not ok
    else:
        assert ok
