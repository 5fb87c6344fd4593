"""What is deleted in the tables is not left in the file's write-ahead log, however quiet the node is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from federation.repository import Write
from node.services.assembly import Services
from node.services.policy import Role
from node.services.writing.drafting import Draft
from node.services.writing.publishing import publish_inside
from node.store.inside import drafts, internal
from tests.integration.fixtures.contributions import version_value
from tests.integration.fixtures.notes import note

pytestmark = pytest.mark.sqlite("reads its log")
WORD = "blowonthehotcutter"


def _is_kept(services: Services) -> bool:
    file = services.settings.data / "skillnet.db"
    return any(WORD.encode() in part.read_bytes() for part in (file, file.with_name("skillnet.db-wal")))


def _record(services: Services, did: str) -> Callable[[], object]:
    services.host.write(did, [note("gone", WORD)])
    return lambda: services.host.write(did, [note("gone", action="delete")])


def _internal_record(services: Services, did: str) -> Callable[[], object]:
    publish_inside(services.database, services.internal, did, version_value("ours", WORD))
    with services.database.read() as session:
        paths = [(row.collection, row.rkey) for row in internal.list_records(session, did)]
    return lambda: services.internal.write(did, [Write("delete", *path) for path in paths])


def _draft(services: Services, _did: str) -> Callable[[], object]:
    services.drafting.keep("anna", Draft(id="abcdefgh", body=WORD))
    return lambda: services.drafting.discard("anna", "abcdefgh")


def _person(services: Services, _did: str) -> Callable[[], object]:
    services.registry.add(WORD, (Role.CURATOR,))
    return lambda: services.leaving.end_person(WORD)


@pytest.mark.parametrize("what", [_record, _internal_record, _draft, _person])
def test_within_one_turn_of_the_chore(
    services: Services, anna: str, what: Callable[[Services, str], Callable[[], object]]
) -> None:
    delete = what(services, anna)
    assert _is_kept(services)
    delete()
    services.forgetting.run()
    assert not _is_kept(services)


def test_who_reads_what_was_before_puts_it_off(services: Services, anna: str) -> None:
    delete = _draft(services, anna)
    with services.database.read() as session:
        assert drafts.list_drafts(session, "anna")
        delete()
        services.forgetting.run()
        assert services.database.writer.deleting.is_set()
    services.forgetting.run()
    assert not _is_kept(services)
