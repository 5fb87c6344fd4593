"""Who may write: only a connection that has the lock, and only while nobody else was elected meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from node.store.processes.election import Election, NotTheCore


class Server:
    """What PostgreSQL keeps of it: the holder of the lock, and the number of the last election."""

    def __init__(self) -> None:
        self.holder: object | None = None
        self.term = 0


class Connection:
    """One connection to it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._row: Any = None

    def execute(self, statement: str, _parameters: object) -> Connection:
        if "pg_try_advisory_lock" in statement:
            self._server.holder = self._server.holder or self
            self._row = (self._server.holder is self,)
        else:
            self._row = ({"term": self._server.term},)
        return self

    def fetchone(self) -> Any:
        return self._row

    def commit(self) -> None:
        """Locks of a session outlive it."""


def _connect(election: Election, server: Server) -> None:
    election._take(Connection(server), None)


def test_the_second_is_not_the_core() -> None:
    server, first, second = Server(), Election(), Election()
    _connect(first, server)
    with pytest.raises(NotTheCore):
        _connect(second, server)


def test_who_loses_the_connection_goes_on_if_nobody_was_elected() -> None:
    server, first = Server(), Election()
    _connect(first, server)
    first.term = server.term = 1
    server.holder = None  # the server was restarted
    _connect(first, server)
    assert not first.is_lost


def test_who_comes_back_after_another_was_elected_never_writes_again() -> None:
    server, first = Server(), Election()
    _connect(first, server)
    first.term, server.term = 1, 2  # and that one is gone again too
    server.holder = None
    for _ in range(2):
        with pytest.raises(NotTheCore):
            _connect(first, server)
        server.holder = None
    assert first.is_lost


class Failure:
    """What SQLAlchemy tells of an error of the driver."""

    def __init__(self, statement: str | None, *, is_disconnect: bool = True, is_pre_ping: bool = False) -> None:
        self.statement, self.is_disconnect, self.is_pre_ping = statement, is_disconnect, is_pre_ping


def test_only_a_commit_whose_answer_was_lost_leaves_a_core_unsure() -> None:
    election = Election()
    for failure in (Failure("SELECT 1"), Failure(None, is_disconnect=False), Failure(None, is_pre_ping=True)):
        election._notice(failure)
        assert not election.is_unsure
    election._notice(Failure(None))
    assert election.is_unsure
