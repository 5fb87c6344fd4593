"""The protocol's doors: browsers of any site may knock, what is not there says so, operators hand out invitations."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.keys import SigningKey
from federation.repository import Write
from node.errors import Unreachable
from node.services.assembly import Services
from node.services.hosting.telling_relays import tell_relays
from node.services.people.invitations import Invitations
from node.services.people.service_auth import make_service_token
from node.services.policy import Role, Scope
from node.store.repositories import peers
from node.web.xrpc.accounts import CREATE_ACCOUNT
from tests.integration.fixtures.nodes import PASSWORD, app_of, composed

SERVER = "/xrpc/com.atproto.server"


@pytest.fixture
def door(services: Services) -> TestClient[Any]:
    services.registry.add("olga", (Role.OPERATOR,), password=PASSWORD)
    return TestClient(app_of(services))  # not entered: the services are open already


def test_a_browser_of_any_site_may_call_the_protocol_and_nothing_else(door: TestClient[Any], anna: str) -> None:
    origin = {"origin": "https://app.example"}
    for path in (f"{SERVER}.describeServer", "/.well-known/did.json", f"/plc/{anna}", "/xrpc/com.example.none"):
        answer = door.get(path, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert "ratelimit-limit" in answer.headers["access-control-expose-headers"].lower()
        assert "access-control-allow-credentials" not in answer.headers
    for path in ("/api/node", "/health"):
        assert "access-control-allow-origin" not in door.get(path, headers=origin).headers
    wanted = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization, x-y"}
    preflight = door.options("/xrpc/com.atproto.repo.createRecord", headers=wanted)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "authorization, x-y"
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_the_directory_answers_others_clients_at_its_path_and_at_the_root(door: TestClient[Any], anna: str) -> None:
    """The official client asks for the last operation before it makes the next; the official resolver knows no path."""
    assert door.get(f"/plc/{anna}/log/last").json() == door.get(f"/plc/{anna}/log").json()[-1]
    at_root = door.get(f"/{anna.replace(':', '%3A')}")
    assert at_root.json() == door.get(f"/plc/{anna}").json()
    assert at_root.headers["access-control-allow-origin"] == "*"
    assert door.get("/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_a_stopped_node_is_told_whom_to_follow_from_its_next_start_on(tmp_path: Path) -> None:
    with composed(tmp_path, allow_localhost=True) as services:
        row = asyncio.run(services.follower.follow("http://localhost:1", trust=True))
        assert (row.state, row.trusted) == ("new", True)
        with services.database.read() as session:
            assert [row.url for row in peers.list_peers(session)] == ["http://localhost:1"]


def test_a_method_that_is_not_there_says_so_in_the_protocols_words(door: TestClient[Any]) -> None:
    answer = door.get("/xrpc/com.example.none")
    assert (answer.status_code, answer.json()["error"]) == (501, "MethodNotImplemented")


def test_a_stranger_does_not_hear_which_names_the_machine_knows(
    door: TestClient[Any], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"inside.example": ["10.0.0.7"]}

    def find(host: str, *_: Any, **__: Any) -> Any:
        if host not in known:
            raise OSError
        return [(0, 0, 0, "", (address, 443)) for address in known[host]]

    monkeypatch.setattr("socket.getaddrinfo", find)
    said = set()
    for host in ("inside.example", "nobody.example"):
        did = f"did:web:{host}"
        answer = door.get("/xrpc/com.atproto.identity.resolveDid", params={"did": did})
        said.add((answer.status_code, answer.json()["error"], answer.json()["message"]))
        token = make_service_token(did, services.identity.did, SigningKey.generate(), CREATE_ACCOUNT)
        headers = {"authorization": f"Bearer {token}"}
        body = {"handle": f"mia{door.get(f'{SERVER}.describeServer').json()['availableUserDomains'][0]}", "did": did}
        answer = door.post(f"{SERVER}.createAccount", json={**body, "password": PASSWORD}, headers=headers)
        said.add((answer.status_code, answer.json()["error"], answer.json()["message"]))
    assert said == {
        (400, "DidNotFound", "Its host or directory does not answer."),
        (502, "UpstreamUnreachable", "Its host or directory does not answer."),
    }


def test_an_operators_code_makes_one_account(door: TestClient[Any], services: Services) -> None:
    headers = {"authorization": f"Bearer {services.registry.tokens.issue('olga', 'api')}"}
    code = door.post(f"{SERVER}.createInviteCode", json={"useCount": 1}, headers=headers).json()["code"]
    several = {"codeCount": 2, "useCount": 1, "forAccounts": ["did:web:a.example", "did:web:b.example"]}
    codes = door.post(f"{SERVER}.createInviteCodes", json=several, headers=headers).json()["codes"]
    assert [(one["account"], len(one["codes"])) for one in codes] == [(did, 2) for did in several["forAccounts"]]
    refused = door.post(f"{SERVER}.createInviteCode", json={"useCount": 5}, headers=headers)
    assert refused.json()["error"] == "InvalidRequest"
    domain = door.get(f"{SERVER}.describeServer").json()["availableUserDomains"][0]
    body = {"handle": f"nora{domain}", "password": PASSWORD, "inviteCode": code, "recoveryKey": "did:key:zNonsense"}
    assert door.post(f"{SERVER}.createAccount", json=body).status_code == 400
    del body["recoveryKey"]
    made = door.post(f"{SERVER}.createAccount", json=body)  # what came to nothing did not use the code up
    assert made.status_code == 200, made.text
    again = door.post(f"{SERVER}.createAccount", json={**body, "handle": f"otto{domain}"})
    assert again.json()["error"] == "InvalidInviteCode"
    found = door.get("/xrpc/com.atproto.identity.resolveHandle", params={"handle": body["handle"]})
    assert found.json() == {"did": made.json()["did"]}


def test_an_account_that_fails_gives_back_no_code_that_made_another(door: TestClient[Any], services: Services) -> None:
    """Where everybody may register, nobody looks at the code that they name."""
    invitations = Invitations(services.database, services.registry)
    code = invitations.make((Role.OPERATOR,))
    invitations.accept(code, "first", PASSWORD)
    services.settings = replace(services.settings, open_registration=True)
    services.registration = replace(services.registration, settings=services.settings)
    domain = door.get(f"{SERVER}.describeServer").json()["availableUserDomains"][0]
    body = {"handle": f"second{domain}", "password": PASSWORD, "inviteCode": code, "recoveryKey": "did:key:zNonsense"}
    assert door.post(f"{SERVER}.createAccount", json=body).status_code == 400
    assert services.registry.find("second") is None
    assert invitations.find(code) is None


def test_who_asks_to_be_crawled_is_not_followed_for_that(tmp_path: Path) -> None:
    with composed(tmp_path, deny=["denied.example"]) as services:
        _ask_to_be_crawled(TestClient(app_of(services)), services)


def _ask_to_be_crawled(door: TestClient[Any], services: Services) -> None:
    crawl = "/xrpc/com.atproto.sync.requestCrawl"
    answers = [door.post(crawl, json={"hostname": name}).json() for name in ("new.example", "denied.example")]
    assert [answer["error"] for answer in answers] == ["HostNotFollowed", "HostBanned"]
    with services.database.read() as session:
        assert peers.list_peers(session) == []
    for _ in range(9):
        door.post(crawl, json={"hostname": "new.example"})
    assert door.post(crawl, json={"hostname": "new.example"}).status_code == 429


def test_accounts_hold_no_codes_of_their_own(door: TestClient[Any], services: Services, anna: str) -> None:
    headers = {"authorization": f"Bearer {services.registry.tokens.issue('anna', 'api')}"}
    assert door.get(f"{SERVER}.getAccountInviteCodes", headers=headers).json() == {"codes": []}
    assert door.get(f"{SERVER}.getAccountInviteCodes").status_code == 401


def test_a_key_that_publishes_gets_no_token_that_manages_elsewhere(
    door: TestClient[Any], services: Services, anna: str
) -> None:
    def ask(scope: Scope, **more: str) -> int:
        headers = {"authorization": f"Bearer {services.registry.tokens.issue('anna', 'api', scope=scope)}"}
        wanted = {"aud": "did:web:other.example", **more}
        return door.get(f"{SERVER}.getServiceAuth", params=wanted, headers=headers).status_code

    for lxm in ({}, {"lxm": "com.atproto.server.createAccount"}):
        assert (ask(Scope.PUBLISH, **lxm), ask(Scope.EVERYTHING, **lxm)) == (400, 200)
    assert ask(Scope.PUBLISH, lxm="com.atproto.repo.uploadBlob") == 200


class Relays:
    """Stands for the world outside; the first relay does not answer at first."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.away = {"https://one.example"}

    def request_crawl(self, relay: str, hostname: str) -> None:
        if relay in self.away:
            raise Unreachable("Nobody answers.")
        self.told.append((relay, hostname))


def test_relays_are_told_once_of_what_is_new(services: Services, anna: str) -> None:
    world, names = Relays(), ("https://one.example", "https://two.example")
    settings = replace(services.settings, relays=list(names), url="https://node.example")

    def tell() -> int:
        return tell_relays(services.database, world, settings)  # type: ignore[arg-type]  # as much of it as is used

    assert tell() == 1
    world.away.clear()
    assert (tell(), tell()) == (1, 0)
    services.host.write(anna, [Write("create", "com.example.note", "n", {"text": "new"})])
    assert tell() == 2
    assert world.told == [(name, "node.example") for name in (names[1], names[0], *names)]
