"""Which process of a node is its core. On PostgreSQL the core's lock is held by the very connection that writes.

So no lock can be lost while writing goes on: with the connection the server lets go of the lock, and the next
connection writes only if it gets the lock again before anybody else was elected. That a core hangs or was cut off from
the server is seen from its silence there: those beside it end its connection and elect another.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from node.errors import NodeError
from node.logs import get_logger
from node.store.administration.facts import find_fact, save_fact
from node.store.sessions import Session

NAME = "skillnet core"  # of its connection, once it was elected
SILENT = 60.0  # seconds without a word from an elected core, which says something every five: it hangs or is cut off
LOCK = 0x536B_696C_6C4E_6574  # one for each database: a database belongs to one node
CORE = "core"  # the fact that says who was elected
ASKED_WITHIN = 5  # seconds to connect
_HELD = """FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND classid = %s AND objid = %s AND datname = current_database()"""
_WHICH = (LOCK >> 32, LOCK & 0xFFFF_FFFF)
_HOLDER = f"""SELECT pid, application_name = %s AND state <> 'active'
AND clock_timestamp() - state_change > make_interval(secs => %s) {_HELD}"""
_CALLS_ITSELF = f"SELECT application_name {_HELD}"
_CALL_IT_CORE = "SELECT set_config('application_name', %s, false)"


class NotTheCore(NodeError):
    """Another process is this node's core."""

    status = 503
    code = "ServiceUnavailable"


@dataclass(slots=True)
class Election:
    """This process as a candidate. `term` is the number of its election, 0 before; `is_lost` for good once it is.

    `is_unsure`: the answer to a COMMIT was lost. What it wrote may be durable, and no index, cache or listener knows.
    """

    term: int = 0
    is_lost: bool = False
    is_unsure: bool = False

    def guard(self, writing: Engine) -> None:
        """Every connection of the writer begins with taking the lock, or fails with NotTheCore."""
        event.listen(writing, "connect", self._take)
        event.listen(writing, "handle_error", self._notice)

    def win(self, session: Session, address: str) -> None:
        """Inside the writer: say who is elected, and where the others reach it."""
        self.term = int((find_fact(session, CORE) or {}).get("term", 0)) + 1
        save_fact(session, CORE, {"term": self.term, "address": address})
        session.connection().exec_driver_sql(_CALL_IT_CORE, (NAME,))

    def _notice(self, failure: Any) -> None:
        """Of failures without a statement only a COMMIT's can have done something."""
        self.is_unsure |= failure.is_disconnect and failure.statement is None and not failure.is_pre_ping

    def _take(self, connection: Any, _record: object) -> None:
        held = not self.is_lost and _try_lock(connection) and (not self.term or self.term == _term(connection))
        if held and self.term:
            connection.execute(_CALL_IT_CORE, (NAME,))
        connection.commit()
        if not held:
            self.is_lost = True
            raise NotTheCore


def address_of_core(session: Session) -> str:
    """Where the core of now is reached; empty while there is none."""
    return str((find_fact(session, CORE) or {}).get("address", ""))


def find_holder(session: Session) -> str | None:
    """What the connection that holds the core's place calls itself: NAME once it was elected. It may not be yet: what
    a core needs is beginning there."""
    row = session.connection().exec_driver_sql(_CALLS_ITSELF, _WHICH).first()
    return None if row is None else str(row[0])


def find_vacancy(url: str) -> bool:
    """Is nobody the core? False also while the server is away: then nobody can be.

    A core that is silent loses its connection here, and the lock with it: whenever it wakes, it cannot write.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=ASKED_WITHIN) as connection:
            holder = connection.execute(_HOLDER, (NAME, SILENT, *_WHICH)).fetchone()
            if holder is not None and holder[1]:
                get_logger("core").warning("the core is silent: its connection is ended", seconds=SILENT)
                connection.execute("SELECT pg_terminate_backend(%s)", (holder[0],))
            return holder is None
    except psycopg.Error:
        return False


def _try_lock(connection: Any) -> bool:
    return bool(connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()[0])


def _term(connection: Any) -> int:
    return int(_read(connection).get("term", 0))


def _read(connection: Any) -> dict[str, Any]:
    row = connection.execute("SELECT value FROM fact WHERE name = %s", (CORE,)).fetchone()
    return dict(json.loads(row[0]) if isinstance(row[0], str) else row[0]) if row else {}
