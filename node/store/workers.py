"""PRIVATE queries: sealed entries of workers. Only `node.services.learning` may import this module."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from node.store.tables.worker import AccessRow, FeedAddressRow, WorkerEntryRow, WorkerRow


def find_worker(session: Session, person: str) -> WorkerRow | None:
    """The worker behind a sign-in name."""
    return session.get(WorkerRow, person)


def save_worker(session: Session, row: WorkerRow) -> None:
    """Store or replace."""
    session.merge(row)


def list_workers(session: Session) -> list[str]:
    """Sign-in names of all workers."""
    return list(session.exec(select(WorkerRow.person).order_by(col(WorkerRow.person))))


def list_entries(session: Session, person: str, kind: str, *, limit: int = 10_000) -> list[WorkerEntryRow]:
    """A worker's entries of one kind, oldest first; when there are more than `limit`, the newest."""
    query = select(WorkerEntryRow).where(WorkerEntryRow.person == person, WorkerEntryRow.kind == kind)
    rows = session.exec(query.order_by(col(WorkerEntryRow.id).desc()).limit(limit)).all()
    return list(reversed(rows))


def list_entries_of(session: Session, person: str, kinds: Collection[str]) -> list[WorkerEntryRow]:
    """A worker's entries of several kinds, oldest first."""
    query = select(WorkerEntryRow).where(WorkerEntryRow.person == person, col(WorkerEntryRow.kind).in_(kinds))
    return list(session.exec(query.order_by(col(WorkerEntryRow.id))))


def list_all_entries(session: Session, person: str) -> list[WorkerEntryRow]:
    """Everything kept about a worker, oldest first."""
    query = select(WorkerEntryRow).where(WorkerEntryRow.person == person)
    return list(session.exec(query.order_by(col(WorkerEntryRow.id))))


def find_entry(session: Session, person: str, kind: str, slot: str) -> WorkerEntryRow | None:
    """One entry."""
    query = select(WorkerEntryRow).where(
        WorkerEntryRow.person == person, WorkerEntryRow.kind == kind, WorkerEntryRow.slot == slot
    )
    return session.exec(query).first()


def find_entries(session: Session, person: str, kind: str, slots: Collection[str]) -> list[WorkerEntryRow]:
    """Those of several entries of one kind that there are."""
    query = select(WorkerEntryRow).where(
        WorkerEntryRow.person == person, WorkerEntryRow.kind == kind, col(WorkerEntryRow.slot).in_(slots)
    )
    return list(session.exec(query))


def list_slots(session: Session, person: str, kind: str) -> list[str]:
    """Slots of one kind, oldest entry first."""
    query = select(WorkerEntryRow.slot).where(WorkerEntryRow.person == person, WorkerEntryRow.kind == kind)
    return list(session.exec(query.order_by(col(WorkerEntryRow.id))))


def find_owner(session: Session, kind: str, slot: str) -> str:
    """Whose entry this is, '' when nobody's: for slots that are digests of secrets."""
    query = select(WorkerEntryRow.person).where(WorkerEntryRow.kind == kind, WorkerEntryRow.slot == slot)
    return session.exec(query).first() or ""


def next_entry_id(session: Session) -> int:
    """The identifier for a new entry."""
    return int(session.exec(select(func.coalesce(func.max(WorkerEntryRow.id), 0))).one()) + 1


def save_entries(session: Session, rows: Iterable[WorkerEntryRow]) -> None:
    """Store new ones, and what changed in those that were read in this session."""
    session.add_all(rows)
    session.flush()


def delete_entry(session: Session, person: str, kind: str, slot: str) -> None:
    """Remove one entry."""
    session.execute(
        delete(WorkerEntryRow).where(
            col(WorkerEntryRow.person) == person,
            col(WorkerEntryRow.kind) == kind,
            col(WorkerEntryRow.slot) == slot,
        )
    )


def delete_worker(session: Session, person: str) -> None:
    """Erase a worker: the key first in meaning, then every row."""
    for table in (WorkerEntryRow, FeedAddressRow, AccessRow, WorkerRow):
        session.execute(delete(table).where(col(table.person) == person))


def find_feed_address(session: Session, digest: str) -> FeedAddressRow | None:
    """Whose private feed address this is."""
    return session.get(FeedAddressRow, digest)


def replace_feed_address(session: Session, row: FeedAddressRow) -> None:
    """Give a worker a new address; the old one ends."""
    session.execute(delete(FeedAddressRow).where(col(FeedAddressRow.person) == row.person))
    session.add(row)


def add_access(session: Session, row: AccessRow) -> None:
    """Log an operator's access."""
    row.id = int(session.exec(select(func.coalesce(func.max(AccessRow.id), 0))).one()) + 1
    session.add(row)


def list_accesses(session: Session, person: str) -> list[AccessRow]:
    """Operators' accesses to a worker's data, newest first."""
    return list(session.exec(select(AccessRow).where(AccessRow.person == person).order_by(col(AccessRow.id).desc())))
