"""Who leaves leaves nothing behind: not for the next holder of the name, and not for a restore to bring back."""

from __future__ import annotations

from typing import Any

import pytest

from node.app.compose import compose
from node.app.restoring import restore_node
from node.errors import DiskFull, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.erasures import ERASURE_LOG, Erasures
from node.services.hosting.lifecycle import Lifecycle
from node.services.keeping.backing_up import back_up
from node.services.keeping.restoring import Restoring
from node.services.learning.learning import Learning
from node.services.policy import LOCAL_OPERATOR, Role, Viewer
from node.services.writing.drafting import Draft
from node.store.administration import people
from node.store.clock import DAY, now
from node.store.repositories import accounts
from node.web.api.operating import remove_person
from tests.integration.fixtures.kept import PHRASE
from tests.integration.fixtures.nodes import PASSWORD, practitioner, publish

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


@pytest.mark.parametrize(
    ("where", "step"),
    [(Erasures, "add"), (Lifecycle, "erase"), (Learning, "erase"), (people, "delete_person")],
)
def test_who_was_leaving_when_the_node_stopped_is_gone_after_its_start(
    busy: Services, anna: str, where: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stopped: at the second entry of the log, in the account, in what was learnt, at the person."""
    calls, whole = [0], getattr(where, step)

    def stop(*given: Any) -> Any:
        calls[0] += 1
        if step == "add" and calls[0] == 1:
            return whole(*given)
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(where, step, stop)
        with pytest.raises(DiskFull):
            busy.leaving.end_person("anna")
    assert busy.registry.find("anna") is not None
    busy.leaving.end_again()
    assert (busy.registry.find("anna"), _status(busy, anna)) == (None, "deleted")
    assert busy.learning.profile(WIM).role == "welder"


def test_an_account_that_was_ending_takes_who_was_nothing_else_with_it(
    busy: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node stopped between the account and the person."""
    bob = practitioner(busy, "bob")
    with monkeypatch.context() as patch:
        patch.setattr(people, "delete_person", None)
        with pytest.raises(TypeError):
            busy.leaving.end_account(bob)
    assert (_status(busy, bob), busy.registry.find("bob") is None) == ("deleted", False)
    busy.leaving.end_again()
    assert busy.registry.find("bob") is None


def test_a_start_ends_nobody_again(busy: Services, anna: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account that ended stays a tombstone, and the name that was given again its new holder's."""
    busy.leaving.end_account(anna)
    busy.leaving.end_person("wim")
    busy.registry.add("wim", (Role.WORKER,), password=PASSWORD)
    with busy.database.read() as session:
        before = people.list_people(session)
    with monkeypatch.context() as patch:
        patch.setattr(busy.database.writer, "write", None)
        busy.leaving.end_again()
    with busy.database.read() as session:
        assert people.list_people(session) == before


def test_a_clock_that_ran_ahead_ends_no_later_holder_of_a_name(
    busy: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is called so now was made after the removal, though the clock says before."""
    with monkeypatch.context() as ahead:
        ahead.setattr("node.services.erasures.now", lambda: now() + 3650 * DAY)
        busy.leaving.end_person("wim")
        busy.leaving.end_account(anna)
    busy.registry.add("wim", (Role.WORKER,), password=PASSWORD)
    busy.leaving.end_again()
    assert busy.registry.find("wim") is not None


def test_a_log_from_before_the_first_release_still_counts(busy: Services) -> None:
    """Its lines name the person alone, so that the clock has to decide."""
    erasures = busy.leaving.erasures
    erasures._append("person", erasures._digest("person|wim"))
    busy.registry.add("walt", (Role.WORKER,), password=PASSWORD)
    busy.leaving.end_again()
    assert busy.registry.find("wim") is None
    assert busy.registry.find("walt") is not None


def test_a_removal_is_noted_before_it_is_done(busy: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or one that the next start finishes would be nobody's."""
    with pytest.raises(Unknown):
        remove_person.fn(busy, LOCAL_OPERATOR, "nobody")
    monkeypatch.setattr(people, "delete_person", None)
    with pytest.raises(TypeError):
        remove_person.fn(busy, LOCAL_OPERATOR, "wim")
    assert [(row.action, row.subject) for row in busy.audit.list(1)] == [(Deed.PERSON_REMOVED, "wim")]


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
