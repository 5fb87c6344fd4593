"""Which process of a node is its core. On PostgreSQL the core's lock is held by the very connection that writes.

So no lock can be lost while writing goes on: with the connection the server lets go of the lock, and the next
connection writes only if it gets the lock again before anybody else was elected.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from node.errors import NodeError
from node.store.facts import find_fact, save_fact
from node.store.sessions import Session

LOCK = 0x536B_696C_6C4E_6574  # one for each database: a database belongs to one node
CORE = "core"  # the fact that says who was elected
ASKED_WITHIN = 5  # seconds to connect
_HELD = """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND classid = %s AND objid = %s
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


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

    def _notice(self, failure: Any) -> None:
        """Of failures without a statement only a COMMIT's can have done something."""
        self.is_unsure |= failure.is_disconnect and failure.statement is None and not failure.is_pre_ping

    def _take(self, connection: Any, _record: object) -> None:
        held = not self.is_lost and _try_lock(connection) and (not self.term or self.term == _term(connection))
        connection.rollback()
        if not held:
            self.is_lost = True
            raise NotTheCore


def address_of_core(session: Session) -> str:
    """Where the core of now is reached; empty while there is none."""
    return str((find_fact(session, CORE) or {}).get("address", ""))


def find_vacancy(url: str) -> bool:
    """Is nobody the core? False also while the server is away: then nobody can be."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=ASKED_WITHIN) as connection:
            return connection.execute(_HELD, (LOCK >> 32, LOCK & 0xFFFF_FFFF)).fetchone() is None
    except psycopg.Error:
        return False


def _try_lock(connection: Any) -> bool:
    return bool(connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()[0])


def _term(connection: Any) -> int:
    return int(_read(connection).get("term", 0))


def _read(connection: Any) -> dict[str, Any]:
    row = connection.execute("SELECT value FROM fact WHERE name = %s", (CORE,)).fetchone()
    return dict(json.loads(row[0]) if isinstance(row[0], str) else row[0]) if row else {}
