"""App passwords, service tokens, confirmations, rate limits."""

from __future__ import annotations

import pytest

from federation.keys import SigningKey
from node.errors import Conflict, Malformed, NotAllowed
from node.services.assembly import Services
from node.services.people.app_passwords import AppPasswords
from node.services.people.confirmations import Confirmations
from node.services.people.jwt import InvalidToken
from node.services.people.service_auth import InvalidServiceToken, make_service_token, read_service_token
from node.services.policy import Action, Role, may, require
from node.store.clock import SECOND, now
from node.web.xrpc.limits import Allowance, Counters, RateLimited

METHOD = "com.atproto.server.createAccount"
HERE = "did:web:here.example"


def test_an_app_password_publishes_and_manages_nothing(services: Services, anna: str) -> None:
    passwords = AppPasswords(services.database)
    password, _ = passwords.create("anna", "script")
    via = passwords.find("anna", password)
    assert via
    assert not passwords.find("boris", password)
    assert not passwords.find("anna", password[::-1])
    tokens = services.registry.tokens
    token = tokens.sign_jwt(anna, "anna", "access", via)
    viewer = tokens.find_jwt_viewer(token)
    assert viewer.limited
    assert viewer.roles == {Role.PRACTITIONER}
    require(viewer, Action.PUBLISH, owner=anna)
    with pytest.raises(NotAllowed):
        require(viewer, Action.MANAGE, owner=anna)
    assert not may(viewer, Action.LEARN)
    assert not may(viewer, Action.READ_INTERNAL)
    assert tokens.find_jwt_viewer_at_once(token) is None, "a revoked one must be noticed: the long way"
    passwords.revoke("anna", "script")
    with pytest.raises(InvalidToken, match="revoked"):
        tokens.find_jwt_viewer(token)


def test_app_passwords_have_names_of_their_own(services: Services, anna: str) -> None:
    passwords = AppPasswords(services.database)
    passwords.create("anna", "script")
    with pytest.raises(Conflict):
        passwords.create("anna", "script")
    assert [row.label for row in passwords.list("anna")] == ["script"]
    assert anna


@pytest.mark.sqlite("quick reads")
def test_a_quick_look_at_a_token_agrees_with_the_long_one(services: Services, anna: str) -> None:
    tokens = services.registry.tokens
    token = tokens.sign_jwt(anna, "anna", "access")
    proven = tokens.sign_jwt(anna, "anna", "access", proven_at=now() // SECOND)
    for asked, is_proven in ((token, False), (proven, True)):
        viewer = tokens.find_jwt_viewer_at_once(asked)
        assert viewer == tokens.find_jwt_viewer(asked)
        assert viewer.proven == is_proven
    services.registry.set_password("anna", "another long sentence")
    for find in (tokens.find_jwt_viewer_at_once, tokens.find_jwt_viewer):
        with pytest.raises(InvalidToken):
            find(token)


def test_a_service_token_speaks_for_one_method_at_one_server() -> None:
    key = SigningKey.generate()
    token = make_service_token("did:plc:anna", HERE, key, METHOD)
    assert read_service_token(token, HERE, METHOD, lambda _: key.verifying_key) == "did:plc:anna"
    stranger = SigningKey.generate().verifying_key
    for audience, method, held in (
        ("did:web:other.example", METHOD, key.verifying_key),
        (HERE, "com.atproto.repo.uploadBlob", key.verifying_key),
        (HERE, METHOD, stranger),
    ):
        with pytest.raises(InvalidServiceToken):
            read_service_token(token, audience, method, lambda _, held=held: held)
    for spoiled in ("", "a.b.c", token[:-3], "e30.e30.e30"):
        with pytest.raises(InvalidServiceToken):
            read_service_token(spoiled, HERE, METHOD, lambda _: key.verifying_key)
    with pytest.raises(Malformed, match="at most"):
        make_service_token("did:plc:anna", HERE, key, METHOD, 2_000_000_000_000)


def test_a_confirmation_works_once_for_one_person_and_purpose(services: Services) -> None:
    confirmations = Confirmations(services.database)
    confirmations.ask("anna", "delete-account")
    assert [(row.person, row.label) for row in confirmations.list()] == [("anna", "delete-account")]
    token = confirmations.give("anna", "delete-account")
    assert confirmations.list() == []
    for person, purpose in (("boris", "delete-account"), ("anna", "plc-operation")):
        with pytest.raises(InvalidToken):
            confirmations.use(person, purpose, token)
    confirmations.use("anna", "delete-account", token)
    with pytest.raises(InvalidToken):
        confirmations.use("anna", "delete-account", token)


def test_what_is_left_is_told_and_too_much_is_refused() -> None:
    counters, allowance = Counters(), Allowance("test", 10, 60)
    headers = counters.charge(allowance, "anna", 7)
    assert headers["RateLimit-Limit"] == "10"
    assert headers["RateLimit-Remaining"] == "3"
    assert headers["RateLimit-Policy"] == "10;w=60"
    with pytest.raises(RateLimited) as refused:
        counters.charge(allowance, "anna", 4)
    assert refused.value.headers["RateLimit-Remaining"] == "3"
    assert 0 < refused.value.retry_after <= 60
    counters.charge(allowance, "boris", 10)
