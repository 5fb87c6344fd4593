"""What no key for a program does, nor a client of the protocol, whoever's it is; and what of it the audit log tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.keys import SigningKey
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people.confirmations import Confirmations
from node.services.policy import Role
from tests.integration.fixtures.nodes import PASSWORD, app_of, composed, practitioner

SERVER = "/xrpc/com.atproto.server"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(tmp_path) as made:
        made.registry.add("olga", (Role.OPERATOR,))
        made.registry.add("otto", (Role.OPERATOR,))
        yield made


@pytest.fixture
def door(services: Services) -> Iterator[TestClient[Any]]:
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        yield client


def _with(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_an_operators_key_deletes_nobody_and_gives_no_identity_away(door: TestClient[Any], services: Services) -> None:
    did, key = practitioner(services, "mara"), _with(services.registry.tokens.issue("olga", "api"))
    theirs = SigningKey.generate().did_key
    rule = {"effect": "deny", "subject": did, "reason": "x", "erase": True}
    asked = (
        ("DELETE", "/api/people/otto", {}), ("DELETE", "/api/people/mara", {}), ("POST", "/api/moderation/rules", rule),
        ("POST", "/api/accounts", {"name": "otto", "recoveryKey": theirs}),
        ("POST", "/api/people", {"name": "evil", "roles": ["operator"]}), ("POST", "/api/people/otto/link", {}),
    )  # fmt: skip
    for method, path, body in asked:
        answer = door.request(method, path, headers=key, **({"json": body} if body else {}))
        assert (answer.status_code, answer.json()["type"].partition("#")[2]) == (403, "ProofNeeded"), path
    assert {row.name for row in services.registry.list()} == {"olga", "otto", "mara"}
    assert services.registry.get("otto").did == ""
    assert door.get("/xrpc/com.atproto.sync.getRepo", params={"did": did}).status_code == 200
    made = door.post("/api/accounts", json={"name": "nora", "recoveryKey": theirs}, headers=key)
    assert made.status_code == 201, "who is new was nobody before"


def test_who_comes_as_an_operator_by_the_protocol_is_told_of_and_makes_no_other(
    door: TestClient[Any], services: Services
) -> None:
    domain = door.get(f"{SERVER}.describeServer").json()["availableUserDomains"][0]
    code = services.invitations.make((Role.OPERATOR,))
    body = {"handle": f"eve{domain}", "password": PASSWORD, "inviteCode": code}
    made = door.post(f"{SERVER}.createAccount", json=body).json()
    said = [(row.action, row.subject) for row in services.audit.list(9)]
    assert said == [
        (Deed.OPERATOR_SIGNED_IN, "eve"), (Deed.ACCOUNT_MADE, "eve"), (Deed.INVITATION_USED, "eve"),
    ]  # fmt: skip
    token = _with(made["accessJwt"])
    door.get("/sign-in")
    csrf = next(value for name, value in door.cookies.items() if name.endswith("_csrf"))
    for method, path, asked in (
        ("POST", "/api/people", {"name": "evil", "roles": ["operator"]}), ("DELETE", "/api/people/otto", {}),
        ("POST", "/account/keys", {"name": "mine", "scope": "everything"}),
    ):  # fmt: skip
        headers = {**token, "x-csrftoken": csrf, "accept": "application/json"}
        answer = door.request(method, path, headers=headers, json=asked)
        assert (answer.status_code, answer.json()["type"].partition("#")[2]) == (403, "ProofNeeded"), path
    assert services.registry.find("evil") is None


def test_each_step_of_an_account_by_the_protocol_is_in_the_audit_log(door: TestClient[Any], services: Services) -> None:
    did = practitioner(services, "mara")
    services.registry.set_password("mara", PASSWORD)
    token = _with(services.registry.tokens.sign_jwt(did, "mara", "access"))
    for method in ("deactivateAccount", "activateAccount", "requestAccountDelete"):
        assert door.post(f"{SERVER}.{method}", headers=token).status_code == 200, method
    word = Confirmations(services.database).give("mara", "delete-account")
    body = {"did": did, "password": PASSWORD, "token": word}
    answer = door.post(f"{SERVER}.deleteAccount", json=body)
    assert answer.status_code == 200, answer.text
    said = [(row.subject, row.detail) for row in services.audit.list(9) if row.action == Deed.ACCOUNT_STATUS]
    assert said == [(did, status) for status in ("deleted", "active", "deactivated")]


def test_an_account_that_could_not_be_made_leaves_both_lines(door: TestClient[Any], services: Services) -> None:
    domain = door.get(f"{SERVER}.describeServer").json()["availableUserDomains"][0]
    code = services.invitations.make((Role.PRACTITIONER,))
    body = {"handle": f"eve{domain}", "password": PASSWORD, "inviteCode": code, "recoveryKey": "did:key:zNonsense"}
    assert door.post(f"{SERVER}.createAccount", json=body).status_code == 400
    said = [(row.action, row.subject) for row in services.audit.list(9)]
    assert said == [(Deed.PERSON_REMOVED, "eve"), (Deed.INVITATION_USED, "eve")]
    assert services.invitations.find(code) is not None
