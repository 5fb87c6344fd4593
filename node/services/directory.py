"""The node's own did:plc directory: self-certifying operations, checked by the method's rules, stored, served."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from federation.errors import PlcRefused
from federation.plc import AuditEntry, History, parse_operation
from node.errors import Conflict, TooMany, Unknown
from node.store.clock import micros_of, moment_of, now
from node.store.database import Database
from node.store.repositories import directory
from node.store.sessions import Session
from node.store.tables.hosting import OperationRow

MOST_A_DAY = 30  # operations of one identity, as plc.directory has it
_NEVER = datetime.min.replace(tzinfo=UTC)


class Directory:
    """Operations of this node's accounts, and mirrored ones of others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_history(self, did: str) -> History | None:
        """The history of a DID, rebuilt from its stored operations."""
        with self._database.read() as session:
            return _history(session, did)

    def get_history(self, did: str) -> History:
        """As `find_history`; raises Unknown."""
        history = self.find_history(did)
        if history is None:
            raise Unknown(f"DID not registered: {did[:100]}")
        return history

    def submit(self, session: Session, did: str, value: dict[str, Any]) -> History:
        """Take one operation, inside the writer. Raises PlcRefused for what the method does not allow."""
        return self._extend(session, did, value, datetime.now(UTC))

    def accept(self, did: str, value: dict[str, Any]) -> History:
        """Take an operation that somebody posted, for a DID that is known here already. Raises Unknown, Conflict."""

        def work(session: Session) -> History:
            if _history(session, did) is None:
                raise Unknown(
                    f"DID not registered: {did[:100]}",
                    hint="This directory takes new identities of its own accounts only.",
                )
            try:
                history = self.submit(session, did, value)
            except PlcRefused as error:
                raise Conflict(str(error), code="InvalidOperation") from error
            # A recovery makes void what came after its place, however much that was: nobody can keep its owner from it.
            if sum((entry.at or _NEVER) > _day_ago() for entry in history.standing) > MOST_A_DAY:
                raise TooMany("This identity was changed too often today.", retry_after=3600)
            return history

        return self._database.writer.write(work)

    def mirror(self, session: Session, history: History) -> None:
        """Keep somebody else's history, so that an account outlives its node's directory."""
        known = {row.cid for row in directory.list_operations(session, history.did)}
        for position, entry in enumerate(history.entries):
            if entry.operation.cid not in known:
                _add(session, history.did, position, entry)
        directory.nullify_operations(session, [e.operation.cid for e in history.entries if e.nullified])

    @staticmethod
    def _extend(session: Session, did: str, value: dict[str, Any], at: datetime) -> History:
        history = _history(session, did) or History(did, ())
        extended = history.extended(parse_operation(value), at)
        _add(session, did, len(history.entries), extended.entries[-1])
        directory.nullify_operations(session, [e.operation.cid for e in extended.entries if e.nullified])
        return extended


def _day_ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


def _history(session: Session, did: str) -> History | None:
    rows = directory.list_operations(session, did)
    entries = tuple(
        AuditEntry(
            parse_operation(row.operation),
            moment_of(row.created_at),
            nullified=row.nullified,
        )
        for row in rows
    )
    return History(did, entries) if entries else None


def _entry(row: OperationRow) -> AuditEntry:
    at = moment_of(row.created_at)
    return AuditEntry(parse_operation(row.operation), at, nullified=row.nullified)


def _add(session: Session, did: str, position: int, entry: AuditEntry) -> None:
    row = OperationRow(
        cid=entry.operation.cid,
        did=did,
        position=position,
        operation=dict(entry.operation.value),
        nullified=entry.nullified,
        created_at=micros_of(entry.at) if entry.at else now(),
    )
    directory.add_operation(session, row)
