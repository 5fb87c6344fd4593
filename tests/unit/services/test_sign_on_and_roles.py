"""Single sign-on, from what the provider said on: whose account it is, and how long its groups' roles last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.errors import NotAllowed
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people import sign_on
from node.services.people.passkeys import KIND as PASSKEY
from node.services.people.provider import Begun, Known, SignOnRefused
from node.services.policy import Role, Viewer
from node.store.administration import factors
from node.store.clock import DAY, now
from node.store.tables.people import FactorRow
from tests.integration.fixtures.nodes import composed

MARIA = Known("ab" * 32, "maria", "Maria", frozenset({"staff", "authors"}))


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    roles = ["staff=worker", "authors=practitioner"]
    with composed(tmp_path, sign_on_issuer="https://id.example", sign_on_client="node", sign_on_roles=roles) as made:
        yield made


def test_a_passkey_whose_id_was_chosen_to_be_somebody_s_sign_on_leads_nowhere(services: Services) -> None:
    """A program in the place of a device gives its passkey any id, also the digest of a colleague's subject."""
    services.registry.add("mallory", (Role.CURATOR,))
    row = FactorRow(id=MARIA.id, person="mallory", kind=PASSKEY, secret=b"key", created_at=now())
    services.database.writer.write(lambda session: factors.save_factor(session, row))
    assert services.sign_on.admit(MARIA).name == "maria"
    mallory = services.registry.find("mallory")
    assert mallory is not None
    assert mallory.roles == ["curator"]


def test_nobody_ends_their_tie_to_the_sign_on_as_if_it_were_a_passkey(services: Services) -> None:
    """Who knows their own subject knows its id; without the tie no role of theirs would lapse when they leave."""
    services.sign_on.admit(MARIA)
    services.passkeys.remove("maria", MARIA.id)
    assert services.sign_on.is_tied("maria")


def test_roles_of_groups_lapse_for_who_does_not_come_that_way(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sign_on.admit(MARIA)
    services.registry.grant("maria", role=Role.CURATOR)
    assert services.sign_on.let_lapse() == 0
    later = now() + (services.settings.sign_on_renewal_days + 1) * DAY
    monkeypatch.setattr(sign_on, "now", lambda: later)
    assert services.sign_on.let_lapse() == 1
    assert services.sign_on.let_lapse() == 0
    row = services.registry.find("maria")
    assert row is not None
    assert row.roles == ["curator"]  # which the operator gave
    assert services.audit.list(1)[0].action == Deed.ROLES_CHANGED
    assert services.sign_on.admit(MARIA).roles == {Role.CURATOR, Role.WORKER, Role.PRACTITIONER}
    assert services.sign_on.let_lapse() == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("error=access_denied&state=s", "given up or refused there"),
        ("error=server_error&error_description=on+fire&state=s", "did not let you in: on fire."),
        ("code=c&state=another", "did not say who you are"),
        ("code=c", "did not say who you are"),
        ("state=s", "did not say who you are"),
        ("code=c&state=s&iss=https://another.example", "did not say who you are"),
    ],
)
def test_who_comes_back_without_a_code_of_their_own_is_refused(services: Services, query: str, said: str) -> None:
    """Before anything is asked of the provider, which could not even be reached from here."""
    with pytest.raises(SignOnRefused, match=said):
        services.sign_on.provider.finish(f"http://localhost/sign-in/back?{query}", Begun("", "s", "n", "v"))


def test_where_groups_say_who_writes_nobody_makes_themselves_a_practitioner(services: Services) -> None:
    staff = services.sign_on.admit(Known("cd" * 32, "bert", "Bert", frozenset({"staff"})))
    with pytest.raises(NotAllowed, match="say who writes here"):
        services.sign_on.require_writer(staff)
    services.sign_on.require_writer(services.sign_on.admit(MARIA))
    services.registry.add("wim", (Role.WORKER,))  # whom the operator invited
    services.sign_on.require_writer(Viewer("wim", roles=frozenset({Role.WORKER})))


def test_without_roles_of_groups_nothing_lapses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with composed(tmp_path, sign_on_issuer="https://id.example", sign_on_client="node") as services:
        services.sign_on.admit(MARIA)
        monkeypatch.setattr(sign_on, "now", lambda: now() + 400 * DAY)
        assert services.sign_on.let_lapse() == 0


def test_an_upgrade_takes_no_roles_from_who_was_tied_long_ago(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier releases did not note when somebody came: the days are counted from the upgrade."""
    services.sign_on.admit(MARIA)
    row = FactorRow(id=MARIA.id, person="maria", kind=sign_on.KIND, created_at=1)
    services.database.writer.write(lambda session: factors.save_factor(session, row))
    assert services.sign_on.let_lapse() == 0
    assert services.sign_on.let_lapse() == 0
    later = now() + (services.settings.sign_on_renewal_days + 1) * DAY
    monkeypatch.setattr(sign_on, "now", lambda: later)
    assert services.sign_on.let_lapse() == 1


def test_where_single_sign_on_is_switched_off_nothing_lapses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with composed(tmp_path, sign_on_roles=["staff=worker"]) as services:
        services.sign_on.admit(MARIA)
        later = now() + 400 * DAY
        monkeypatch.setattr(sign_on, "now", lambda: later)
        assert services.sign_on.let_lapse() == 0


def test_whom_an_operator_shut_out_no_group_lets_in(services: Services) -> None:
    services.sign_on.admit(MARIA)
    services.registry.set_roles("maria", ())
    services.sign_on.bar("maria", out=True)
    with pytest.raises(NotAllowed, match="no role"):
        services.sign_on.admit(MARIA)
    assert services.registry.get("maria").roles == []
    services.registry.set_roles("maria", (Role.CURATOR,))
    services.sign_on.bar("maria", out=False)
    assert services.sign_on.admit(MARIA).roles == {Role.CURATOR, Role.WORKER, Role.PRACTITIONER}
