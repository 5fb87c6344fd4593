"""Signing in: passwords, throttling, tokens, one-time links, and refresh tokens that work once."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError

from node.errors import Conflict, Malformed, NotSignedIn, ShortOfMemory, TooMany
from node.services.assembly import Services
from node.services.people import passwords, throttle
from node.services.people.jwt import ExpiredToken, InvalidToken, JwtSigner
from node.services.people.passwords import hash_password, needs_rehash, verify_password
from node.services.people.tokens import digest_of
from node.services.policy import Role
from node.services.room import find_room
from node.services.sealing import SealBroken, Sealer
from node.store.administration import people
from node.store.clock import SECOND, now
from node.store.tables.people import AttemptRow
from tests.integration.fixtures.nodes import PASSWORD


@pytest.fixture
def signed_up(services: Services) -> Services:
    services.registry.add("anna", (Role.WORKER,), password=PASSWORD)
    return services


def test_a_password_costs_what_the_rfc_recommends() -> None:
    costs = passwords.COSTS
    assert (costs.type, costs.memory_cost, costs.time_cost) == (Type.ID, 1 << 16, 3)  # RFC 9106, section 4
    assert not PasswordHasher.from_parameters(costs).check_needs_rehash(PasswordHasher().hash(PASSWORD))


def test_a_password_is_argon2id_and_verifies_only_itself() -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert verify_password(stored, PASSWORD)
    assert not verify_password(stored, PASSWORD + ".")
    assert not verify_password("", "nobody has this password")
    assert not verify_password("nonsense", PASSWORD)
    assert not needs_rehash(stored)


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_password_that_is_too_short_or_long_is_refused(password: str) -> None:
    with pytest.raises(Malformed, match="10 to 1"):
        hash_password(password)


def test_a_weaker_hash_is_replaced_at_the_next_sign_in(signed_up: Services) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    def plant(session: Any) -> None:
        people.get_person(session, "anna").password = weak

    signed_up.database.writer.write(plant)
    assert signed_up.registry.sign_in("anna", PASSWORD, "::1").name == "anna"
    assert not needs_rehash(signed_up.registry.find("anna").password)


@pytest.mark.parametrize("name", ["", "Anna", "-anna", "anna-", "9anna", "a" * 33, "an na", "anna\n"])
def test_names_that_cannot_be_part_of_a_handle_are_refused(services: Services, name: str) -> None:
    with pytest.raises(Malformed, match="sign-in name"):
        services.registry.add(name, ())


def test_two_people_cannot_share_a_name(signed_up: Services) -> None:
    with pytest.raises(Conflict, match="anna"):
        signed_up.registry.add("anna", ())


def test_a_wrong_password_and_an_unknown_name_read_the_same(signed_up: Services) -> None:
    messages = set()
    for name in ("anna", "nobody"):
        with pytest.raises(NotSignedIn) as caught:
            signed_up.registry.sign_in(name, "wrong password", f"10.0.0.{len(messages)}")
        messages.add(caught.value.message)
    assert len(messages) == 1


def _fail(services: Services, name: str, address: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(times):
        for subject in (f"name:{name}", f"address:{address}"):
            services.database.writer.write(partial(throttle._count, subject=subject))


def test_after_five_failures_even_the_right_password_waits(
    signed_up: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail(signed_up, "anna", "10.0.0.1", 5, monkeypatch)
    assert signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.9").name == "anna"  # five are free
    _fail(signed_up, "anna", "10.0.0.1", 9, monkeypatch)
    with pytest.raises(TooMany) as caught:
        signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.9")
    assert 1 <= caught.value.retry_after <= 2**4 + 1
    with pytest.raises(TooMany):
        signed_up.registry.sign_in("boris", PASSWORD, "10.0.0.1")  # the address waits as well


def test_many_at_once_guess_no_more_than_one_by_one(signed_up: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    monkeypatch.setattr(throttle, "now", lambda: moment)

    def guess(number: int) -> str:
        try:
            signed_up.registry.sign_in("anna", f"guess {number}", f"10.0.{number}.1")
        except (NotSignedIn, TooMany) as told:
            return type(told).__name__
        return "in"

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(guess, range(40)))
    assert sorted(answers) == ["NotSignedIn"] * (throttle.FREE + 1) + ["TooMany"] * (39 - throttle.FREE)


def test_who_signs_in_takes_no_trust_from_their_address(signed_up: Services) -> None:
    for _ in range(3 * throttle.FREE):
        signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.1")
    with signed_up.database.read() as session:
        assert people.find_attempts(session, "address:10.0.0.1").failures == 0


def test_the_wait_ends_and_never_exceeds_an_hour(signed_up: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(signed_up, "anna", "10.0.0.1", 25, monkeypatch)
    with signed_up.database.read() as session:
        row = people.find_attempts(session, "name:anna")
    assert (row.until - now()) // SECOND <= throttle.LONGEST
    waited = AttemptRow(subject="name:anna", failures=25, until=now() - 1)
    signed_up.database.writer.write(lambda session: people.save_attempts(session, waited))
    assert signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.9").name == "anna"
    with signed_up.database.read() as session:
        assert people.find_attempts(session, "name:anna").failures == 0


def test_a_thousand_addresses_guess_no_more_than_one_and_lock_nobody_out(
    signed_up: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day of guesses at one name, each from another network, as soon as each is allowed."""
    device, clock = signed_up.registry.tokens.issue("anna", "device"), [now()]
    monkeypatch.setattr(throttle, "now", lambda: clock[0])
    monkeypatch.setattr("node.services.people.registry.verify_password", lambda _, given: given == PASSWORD)
    guesses, end = 0, clock[0] + 86_400 * SECOND
    while clock[0] < end:
        try:
            signed_up.registry.sign_in("anna", f"guess {guesses}", f"2001:db8:{guesses:x}::1")
        except NotSignedIn:
            guesses += 1
        except TooMany as told:
            clock[0] += told.retry_after * SECOND
    assert guesses < 50
    assert signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.9", device=device).name == "anna"


def test_slips_of_an_office_behind_one_address_keep_no_new_phone_waiting_and_one_address_guesses_little(
    signed_up: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [now()]
    monkeypatch.setattr(throttle, "now", lambda: clock[0])
    monkeypatch.setattr("node.services.people.registry.verify_password", lambda _, given: given == PASSWORD)
    for slip in range(60):
        with pytest.raises(NotSignedIn):
            signed_up.registry.sign_in(f"colleague {slip}", "a slip", "10.0.0.1")
        clock[0] += 90 * SECOND
        assert signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.1").name == "anna"
    guesses, end = 0, clock[0] + 86_400 * SECOND
    while clock[0] < end:
        try:  # of many names, with an account of one's own in between
            signed_up.registry.sign_in(f"stranger {guesses}", "a guess", "10.0.0.1")
        except NotSignedIn:
            guesses += 1
            with contextlib.suppress(TooMany):
                signed_up.registry.sign_in("anna", PASSWORD, "10.0.0.1")
        except TooMany as told:
            clock[0] += told.retry_after * SECOND
    assert guesses < 1_600


def test_a_token_is_stored_as_a_digest_and_works_for_its_kind_until_revoked(signed_up: Services) -> None:
    tokens = signed_up.registry.tokens
    token = tokens.issue("anna", "api", "laptop")
    with signed_up.database.read() as session:
        row = people.find_token(session, digest_of(token), now())
    assert token not in str(row.model_dump())
    assert tokens.find_viewer(token, "api").roles == {Role.WORKER}
    assert tokens.find_viewer(token, "session") is None
    assert tokens.find_viewer(token + "x", "api") is None
    tokens.revoke(token)
    assert tokens.find_viewer(token, "api") is None


def test_an_expired_token_is_nobodys(signed_up: Services) -> None:
    token = signed_up.registry.tokens.issue("anna", "session")

    def expire(session: Any) -> None:
        people.find_token(session, digest_of(token), now()).expires_at = now() - 1

    signed_up.database.writer.write(expire)
    assert signed_up.registry.tokens.find_viewer(token, "session") is None


def test_a_link_sets_a_password_once_and_signs_out_everywhere(signed_up: Services) -> None:
    registry = signed_up.registry
    session, link = registry.tokens.issue("anna", "session"), registry.tokens.issue("anna", "link")
    assert registry.tokens.find_viewer(link, "session", "api") is None
    assert registry.use_link(link, "another long sentence").name == "anna"
    assert registry.tokens.find_viewer(session, "session") is None
    assert registry.sign_in("anna", "another long sentence", "::1").name == "anna"
    for token in (link, session, "nonsense"):
        with pytest.raises(NotSignedIn, match="used or has expired"):
            registry.use_link(token, "a third long sentence")


def test_a_refresh_token_works_once(services: Services, anna: str) -> None:
    tokens = services.registry.tokens
    refresh = tokens.sign_jwt(anna, "anna", "refresh")
    assert tokens.use_refresh(refresh)[:2] == ("anna", anna)
    with pytest.raises(InvalidToken, match="used"):
        tokens.use_refresh(refresh)


def test_nobody_makes_a_spent_refresh_token_good_again_by_ending_what_spent_it(services: Services, anna: str) -> None:
    tokens = services.registry.tokens
    refresh = tokens.sign_jwt(anna, "anna", "refresh")
    spent = digest_of(tokens.use_refresh(refresh).unique)
    assert not tokens.end("anna", spent)
    with pytest.raises(InvalidToken):
        tokens.use_refresh(refresh)


def test_tokens_for_one_use_do_not_serve_the_other(services: Services, anna: str) -> None:
    tokens = services.registry.tokens
    access, refresh = (tokens.sign_jwt(anna, "anna", scope) for scope in ("access", "refresh"))
    assert tokens.find_jwt_viewer(access).did == anna
    with pytest.raises(InvalidToken):
        tokens.find_jwt_viewer(refresh)
    with pytest.raises(InvalidToken):
        tokens.use_refresh(access)


def test_a_new_password_ends_the_protocols_tokens_spent_ones_included(services: Services, anna: str) -> None:
    registry = services.registry
    spent, kept = (registry.tokens.sign_jwt(anna, "anna", "refresh") for _ in range(2))
    access = registry.tokens.sign_jwt(anna, "anna", "access")
    registry.tokens.use_refresh(spent)
    registry.use_link(registry.tokens.issue("anna", "link"), "another long sentence")
    for token in (spent, kept):
        with pytest.raises(InvalidToken):
            registry.tokens.use_refresh(token)
    with pytest.raises(InvalidToken):
        registry.tokens.find_jwt_viewer(access)


def test_a_strangers_key_audience_or_an_old_date_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    signer = JwtSigner(b"k" * 32, "did:web:here")
    token = signer.sign("did:plc:a", "anna", "access")
    assert signer.read(token, "access")[:2] == ("anna", "did:plc:a")
    for other in (JwtSigner(b"x" * 32, "did:web:here"), JwtSigner(b"k" * 32, "did:web:there")):
        with pytest.raises(InvalidToken):
            other.read(token, "access")
    monkeypatch.setattr("node.services.people.jwt.now", lambda: now() - 365 * 86_400 * SECOND)
    old = signer.sign("did:plc:a", "anna", "access")
    with pytest.raises(ExpiredToken):
        signer.read(old, "access")
    unsigned = token.rpartition(".")[0] + "."
    with pytest.raises(InvalidToken):
        signer.read(unsigned, "access")


def test_what_was_sealed_for_one_use_opens_for_no_other() -> None:
    sealer = Sealer(b"s" * 32)
    sealed = sealer.seal(b"secret", "signing-key|did:plc:a")
    assert sealer.open(sealed, "signing-key|did:plc:a") == b"secret"
    assert b"secret" not in sealed
    for other, context in ((sealer, "signing-key|did:plc:b"), (Sealer(b"t" * 32), "signing-key|did:plc:a")):
        with pytest.raises(SealBroken):
            other.open(sealed, context)
    assert sealer.derive("csrf") != sealer.derive("jwt")


def test_too_little_memory_is_no_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise VerificationError("Memory allocation error")

    monkeypatch.setattr("node.services.people.passwords.PasswordHasher.verify", fail)
    with pytest.raises(ShortOfMemory):
        verify_password("", "a long enough sentence")


def test_a_crowd_at_the_door_takes_no_more_memory_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[int] = []
    most = 0

    def verify(*_: object) -> bool:
        nonlocal most
        inside.append(1)
        most = max(most, len(inside))
        time.sleep(0.002)
        inside.pop()
        return True

    monkeypatch.setattr("node.services.people.passwords.PasswordHasher.verify", verify)
    with ThreadPoolExecutor(20) as crowd:
        assert all(crowd.map(lambda _: verify_password("stored", PASSWORD), range(60)))
    assert most <= find_room().passwords
