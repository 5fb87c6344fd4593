"""The second factor: RFC 6238's vectors, codes that work once, recovery codes; strangers lock nobody out."""

from __future__ import annotations

from functools import partial

import pytest

from node.errors import NotSignedIn, TooMany
from node.services.assembly import Services
from node.services.people import throttle, totp
from node.services.people.second_factor import SecondFactorNeeded, WrongCode
from node.services.policy import Role
from node.store.administration import factors
from node.store.clock import SECOND, now
from tests.integration.fixtures.nodes import PASSWORD

SECRET = b"12345678901234567890"


@pytest.fixture
def registry(services: Services):
    services.registry.add("wim", (Role.WORKER,), password=PASSWORD)
    return services.registry


def _code(ahead: int = 0) -> str:
    return totp.code_at(SECRET, now() // SECOND // totp.STEP + ahead)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """Appendix B, SHA-1; its codes have eight digits, of which apps show the last six."""
    assert totp.code_at(SECRET, seconds // totp.STEP) == code[-6:]
    assert totp.find_step(SECRET, code[-6:], seconds + 30) == seconds // totp.STEP
    assert totp.find_step(SECRET, code[-6:], seconds + 90) is None
    assert totp.find_step(SECRET, "", seconds) is None
    assert totp.find_step(SECRET, "é" * 6, seconds) is None


def test_a_code_is_asked_for_and_works_once(services: Services, registry) -> None:
    first, second = _code(), _code(ahead=1)  # once: the next step may begin while the test runs
    with pytest.raises(WrongCode):
        registry.second_factor.switch_on("wim", SECRET, "12345")
    assert registry.sign_in("wim", PASSWORD, "::1").name == "wim"
    assert len(registry.second_factor.switch_on("wim", SECRET, first)) == 10
    with pytest.raises(SecondFactorNeeded):
        registry.sign_in("wim", PASSWORD, "::1")
    with pytest.raises(WrongCode):
        registry.sign_in("wim", PASSWORD, "::1", code=first)  # the one it was switched on with
    assert registry.sign_in("wim", PASSWORD, "::1", code=f"{second[:3]} {second[3:]}")
    with pytest.raises(WrongCode):
        registry.sign_in("wim", PASSWORD, "::1", code=second)
    with services.database.read() as session:
        kept = factors.list_factors(session, "wim", "totp", "recovery")
    assert SECRET not in b"".join(row.secret for row in kept)


def test_the_code_is_not_ended_as_if_it_were_a_passkey(services: Services, registry) -> None:
    """Its id is known to who knows the name; ending it takes a code."""
    registry.second_factor.switch_on("wim", SECRET, _code())
    with services.database.read() as session:
        ids = [row.id for row in factors.list_factors(session, "wim", "totp", "recovery")]
    for one in ids:
        services.passkeys.remove("wim", one)
    assert registry.second_factor.is_on("wim")
    assert registry.second_factor.codes_left("wim") == 10


def test_recovery_codes_work_once_each_and_end_with_the_next_set(registry) -> None:
    first, second, *_ = registry.second_factor.switch_on("wim", SECRET, _code())
    assert registry.sign_in("wim", PASSWORD, "::1", code=first.upper()).name == "wim"
    with pytest.raises(WrongCode):
        registry.sign_in("wim", PASSWORD, "::1", code=first)
    assert registry.second_factor.codes_left("wim") == 9
    registry.second_factor.new_codes("wim")
    with pytest.raises(WrongCode):
        registry.sign_in("wim", PASSWORD, "::1", code=second)
    registry.second_factor.switch_off("wim")
    assert registry.sign_in("wim", PASSWORD, "::1").name == "wim"


def test_codes_cannot_be_guessed_at_leisure(registry) -> None:
    registry.second_factor.switch_on("wim", SECRET, _code())
    for _ in range(7):
        with pytest.raises((WrongCode, TooMany)):
            registry.check_code("wim", "nonsense")
    with pytest.raises(TooMany):
        registry.check_code("wim", _code(ahead=1))
    assert registry.audit.list(1)[0].detail == "6 wrong codes after the password"


def test_strangers_with_a_hundred_addresses_lock_nobody_out(services: Services, registry) -> None:
    device = registry.tokens.issue("wim", "device", "Firefox")
    for n in range(12):
        for subject in ("name:wim", f"address:10.0.0.{n}"):
            services.database.writer.write(partial(throttle._count, subject=subject))
    with pytest.raises(TooMany):
        registry.sign_in("wim", "a guess of a stranger", "10.0.1.1")
    with pytest.raises(TooMany):
        registry.sign_in("wim", PASSWORD, "10.0.1.1", device="made up")
    assert registry.sign_in("wim", PASSWORD, "10.0.1.1", device=device).name == "wim"
    with pytest.raises(NotSignedIn):  # the device opens nothing
        registry.sign_in("wim", "a guess at the device", "10.0.1.1", device=device)


def test_a_network_of_addresses_counts_as_one() -> None:
    from node.services.people.throttle import subjects_of

    near = {subjects_of("wim", f"2001:db8:0:1::{n}")[1] for n in range(9)}
    assert near == {"address:2001:db8:0:1::/64"}
    assert subjects_of("wim", "10.0.0.1")[1] == "address:10.0.0.1"
    assert subjects_of("wim", "::ffff:10.0.0.1")[1] == "address:10.0.0.1", "the same, where a socket takes IPv6 too"


def test_a_network_of_addresses_has_one_allowance() -> None:
    from litestar.testing import RequestFactory

    from node.web.access.viewing import address_of

    def asking(address: str) -> str:
        request = RequestFactory().get("/")
        request.scope["client"] = (address, 4000)
        return address_of(request)

    assert {asking(f"2001:db8:0:1::{n}") for n in range(9)} == {"2001:db8:0:1::/64"}
    assert [asking(one) for one in ("::ffff:10.0.0.1", "10.0.0.2")] == ["10.0.0.1", "10.0.0.2"]
