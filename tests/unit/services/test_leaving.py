"""Who leaves leaves nothing behind: not for the next holder of the name, and not for a restore to bring back."""

from __future__ import annotations

import pytest

from node.app.compose import compose
from node.app.restoring import restore_node
from node.errors import Unknown
from node.services.assembly import Services
from node.services.erasures import ERASURE_LOG
from node.services.keeping.backing_up import back_up
from node.services.keeping.restoring import Restoring
from node.services.policy import Role, Viewer
from node.services.writing.drafting import Draft
from node.store import accounts
from tests.integration.fixtures.nodes import PASSWORD, practitioner, publish

PHRASE = "five random words work well"
WIM = Viewer("wim", roles=frozenset({Role.WORKER}))


@pytest.fixture
def busy(services: Services, anna: str) -> Services:
    """A worker with a role of hers; a practitioner with a module and a draft, who learns as well."""
    publish(services, anna, "cut", "Away from the body.")
    services.registry.grant("anna", role=Role.WORKER)
    services.registry.add("wim", (Role.WORKER,), password=PASSWORD)
    services.learning.change_profile(WIM, {"role": "welder"})
    services.learning.change_profile(Viewer("anna", roles=frozenset({Role.WORKER})), {"role": "teacher"})
    services.drafting.keep("anna", Draft(body="unfinished"))
    return services


def _status(services: Services, did: str) -> str:
    with services.database.read() as session:
        return accounts.get_account(session, did).status


def test_a_person_is_forgotten_with_all_that_is_theirs(busy: Services, anna: str) -> None:
    token = busy.registry.tokens.issue("anna", "session")
    busy.leaving.end_person("anna")
    assert busy.registry.find("anna") is None
    assert _status(busy, anna) == "deleted"
    assert busy.registry.tokens.find_viewer(token, "session") is None
    busy.registry.add("anna", (Role.WORKER,), password=PASSWORD)
    assert busy.learning.profile(Viewer("anna", roles=frozenset({Role.WORKER}))).role == ""
    assert busy.drafting.list("anna") == []
    assert busy.learning.profile(WIM).role == "welder"
    with pytest.raises(Unknown):
        busy.leaving.end_person("nobody")


def test_an_account_ends_and_the_worker_stays(busy: Services, anna: str) -> None:
    busy.leaving.end_account(anna)
    row = busy.registry.find("anna")
    assert row is not None
    assert (row.roles, row.did) == (["worker"], "")
    assert busy.learning.profile(Viewer("anna", roles=frozenset({Role.WORKER}))).role == "teacher"


def test_a_restore_brings_back_nobody_who_left_since(
    busy: Services, anna: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bob, folder = practitioner(busy, "bob"), tmp_path_factory.mktemp("kept")
    busy.registry.add("zoe", (Role.WORKER,))
    back_up(busy.settings, folder / "node.backup", PHRASE, lambda _: None)
    busy.leaving.end_account(anna)
    busy.leaving.end_person("wim")
    wanted = Restoring(folder / "node.backup", PHRASE, folder / "again", busy.settings.data / ERASURE_LOG)
    restored, _ = restore_node(wanted, {}, lambda _: None)

    again = compose(restored.settings)
    try:
        assert (_status(again, anna), _status(again, bob)) == ("deleted", "active")
        assert _status(again, again.identity.did) == "active"
        assert {row.name: row.roles for row in again.registry.list()} == {
            "anna": ["worker"], "bob": ["practitioner"], "zoe": ["worker"],
        }  # fmt: skip
        assert again.learning.profile(WIM).role == ""
    finally:
        again.database.close()
