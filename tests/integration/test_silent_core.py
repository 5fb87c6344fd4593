"""A core that hangs or was cut off from PostgreSQL: those beside it replace it, and it writes nothing when it wakes.
And a PostgreSQL that hangs: nobody waits for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from node.errors import StoreAway
from node.store.database import Database
from node.store.engine import silence
from node.store.engine.failing import find_storage_error
from node.store.processes import election
from node.store.processes.election import Election, NotTheCore, address_of_core, find_holder, find_vacancy
from node.store.sessions import Session
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


@contextmanager
def _stopped(database: Database) -> Iterator[None]:
    """All processes of its server, for the length of the block."""
    with database.read() as session:
        folder = session.connection().exec_driver_sql("SHOW data_directory").scalar_one()
    leader = int(Path(folder, "postmaster.pid").read_text().split()[0])
    os.kill(leader, signal.SIGSTOP)  # first, so that no process is new or gone
    processes = [leader, *map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text().split())]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def _backend(session: Session) -> int:
    return int(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _failure(database: Database) -> object:
    """What reading says of the server; None when it answers."""
    try:
        with database.read() as session:
            _backend(session)
    except DBAPIError as error:
        return find_storage_error(error)
    return None


def test_nobody_waits_for_a_server_that_hangs_and_the_writer_keeps_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with postgresql_cluster() as cluster:
        database = Database(new_database(cluster, "node")).open()
        writes = database.writer.write(_backend)
        with monkeypatch.context() as patch, _stopped(database):
            for name, seconds in (("PATIENCE", 0.1), ("ASKED_WITHIN", 2), ("REST", 0.01)):
                patch.setattr(silence, name, seconds)
            under_way = database.writer.submit(_backend)
            until(lambda: not database.writer.waiting)
            assert isinstance(_failure(database), StoreAway)
            with pytest.raises(StoreAway, match="shows once"):
                under_way.result(60)
            with pytest.raises(StoreAway):
                database.writer.submit(_backend)
        until(lambda: _failure(database) is None)
        assert database.writer.write(_backend) == writes
        database.close()


def test_a_server_that_is_away_elects_nobody(tmp_path: Path) -> None:
    assert not find_vacancy(f"postgresql://skillnet@/none?host={tmp_path}")
