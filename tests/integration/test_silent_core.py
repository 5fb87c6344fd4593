"""A core that hangs or was cut off from PostgreSQL: those beside it replace it, and it writes nothing when it wakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.store.database import Database
from node.store.processes import election
from node.store.processes.election import Election, NotTheCore, address_of_core, find_holder, find_vacancy
from tests.integration.fixtures.databases import find_postgresql, new_database, postgresql_cluster
from tests.integration.fixtures.nodes import until

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(find_postgresql() is None, reason="PostgreSQL's programs are not installed"),
]


def test_a_silent_core_is_replaced_and_never_writes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgresql_cluster() as cluster:
        url = new_database(cluster, "node")
        first, second = Election(), Election()
        former = Database(url, first).open()
        monkeypatch.setattr(election, "SILENT", 0.0)
        assert not find_vacancy(url), "it has not been elected yet: a start may take long"
        assert former.writer.write(find_holder) not in (None, election.NAME)
        former.writer.write(lambda session: first.win(session, "unix:first"))
        assert former.writer.write(find_holder) == election.NAME
        assert former.writer.write(address_of_core) == "unix:first"
        until(lambda: find_vacancy(url))
        later = Database(url, second).open()
        later.writer.write(lambda session: second.win(session, "unix:second"))
        with pytest.raises(NotTheCore):
            former.writer.write(address_of_core)
        assert first.is_lost
        assert later.writer.write(address_of_core) == "unix:second"
        monkeypatch.setattr(election, "SILENT", 3600.0)
        assert not find_vacancy(url), "it said something within the hour"
        former.close()
        with later.read() as session:
            assert find_holder(session) == election.NAME
        later.close()
        last = Database(url, distant=True).open()
        with last.read() as session:
            assert find_holder(session) is None
        last.close()


def test_a_server_that_is_away_elects_nobody(tmp_path: Path) -> None:
    assert not find_vacancy(f"postgresql://skillnet@/none?host={tmp_path}")
