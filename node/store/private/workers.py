"""PRIVATE queries: sealed entries of workers. Only `node.services.learning` may import this module.

Every private page reads entries, and keeps some, so these pass the mapper by: it costs ten times what they do.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from node.store.clock import now
from node.store.engine.reading import Reading
from node.store.engine.straight import run
from node.store.tables.worker import FeedAddressRow, WorkerEntryRow, WorkerRow

_WORKER = Reading(WorkerRow, "WHERE person = :person")
_ENTRY = Reading(WorkerEntryRow, "WHERE person = :person AND kind = :kind AND slot = :slot")
_NEWEST = Reading(WorkerEntryRow, "WHERE person = :person AND kind = :kind ORDER BY id DESC LIMIT :limit")
_ALL = Reading(WorkerEntryRow, "WHERE person = :person ORDER BY id")
_OF_KINDS = Reading(WorkerEntryRow, "WHERE person = :person AND kind {kinds} ORDER BY id")
_IN_SLOTS = Reading(WorkerEntryRow, "WHERE person = :person AND kind = :kind AND slot {slots}")
_REPLACE = text(
    "UPDATE worker_entry SET sealed = :sealed, at = CASE WHEN :at > 0 THEN :at ELSE at END"
    " WHERE person = :person AND kind = :kind AND slot = :slot RETURNING id"
)
_ADD = text(
    "INSERT INTO worker_entry (id, person, kind, slot, sealed, at)"
    " SELECT coalesce(max(id), 0) + 1, :person, :kind, :slot, :sealed, :at FROM worker_entry"
)
_SLOTS = text("SELECT slot FROM worker_entry WHERE person = :person AND kind = :kind ORDER BY id")
_REMOVE_BEFORE = text(
    "DELETE FROM worker_entry WHERE person = :person AND kind = :kind AND at < :before AND slot NOT IN"
    " (SELECT slot FROM worker_entry WHERE person = :person AND kind = :unless) RETURNING id"
)
_REMOVE = text("DELETE FROM worker_entry WHERE person = :person AND kind = :kind AND slot = :slot RETURNING id")


def find_worker(session: Session, person: str) -> WorkerRow | None:
    """The worker behind a sign-in name."""
    return _WORKER.first(session, person=person)


def save_worker(session: Session, row: WorkerRow) -> None:
    """Store or replace."""
    session.merge(row)


def list_workers(session: Session) -> list[str]:
    """Sign-in names of all workers."""
    return list(session.exec(select(WorkerRow.person).order_by(col(WorkerRow.person))))


def list_entries(session: Session, person: str, kind: str, *, limit: int = 10_000) -> list[WorkerEntryRow]:
    """A worker's entries of one kind, oldest first; when there are more than `limit`, the newest."""
    return _NEWEST.all(session, person=person, kind=kind, limit=limit)[::-1]


def list_entries_of(session: Session, person: str, kinds: Collection[str]) -> list[WorkerEntryRow]:
    """A worker's entries of several kinds, oldest first."""
    return _OF_KINDS.all(session, person=person, kinds=kinds)


def list_entries_in(session: Session, person: str, kind: str, slots: Collection[str]) -> list[WorkerEntryRow]:
    """The entries of one kind in these slots, in any order."""
    return _IN_SLOTS.all(session, person=person, kind=kind, slots=slots)


def list_all_entries(session: Session, person: str) -> list[WorkerEntryRow]:
    """Everything kept about a worker, oldest first."""
    return _ALL.all(session, person=person)


def find_entry(session: Session, person: str, kind: str, slot: str) -> WorkerEntryRow | None:
    """One entry."""
    return _ENTRY.first(session, person=person, kind=kind, slot=slot)


def list_slots(session: Session, person: str, kind: str) -> list[str]:
    """Slots of one kind, oldest entry first."""
    return [str(slot) for (slot,) in run(session, _SLOTS, {"person": person, "kind": kind})]


def find_owner(session: Session, kind: str, slot: str) -> str:
    """Whose entry this is, '' when nobody's: for slots that are digests of secrets."""
    query = select(WorkerEntryRow.person).where(WorkerEntryRow.kind == kind, WorkerEntryRow.slot == slot)
    return session.exec(query).first() or ""


def put_entry(session: Session, person: str, kind: str, slot: str, sealed: bytes, at: int = 0) -> None:
    """Store or replace one entry; its time stays what it was, or is now, unless `at` says (microseconds)."""
    values = {"person": person, "kind": kind, "slot": slot, "sealed": sealed, "at": at}
    if not run(session, _REPLACE, values):
        run(session, _ADD, {**values, "at": at or now()})


def delete_entry(session: Session, person: str, kind: str, slot: str) -> bool:
    """Remove one entry; False when there was none."""
    return bool(run(session, _REMOVE, {"person": person, "kind": kind, "slot": slot}))


def delete_before(session: Session, person: str, kind: str, before: int, unless: str) -> None:
    """Remove entries of one kind from before that moment (microseconds) whose slot holds none of the kind `unless`."""
    run(session, _REMOVE_BEFORE, {"person": person, "kind": kind, "before": before, "unless": unless})


def delete_worker(session: Session, person: str) -> None:
    """Erase a worker: the key first in meaning, then every row."""
    for table in (WorkerEntryRow, FeedAddressRow, WorkerRow):
        session.execute(delete(table).where(col(table.person) == person))


def find_feed_address(session: Session, digest: str) -> FeedAddressRow | None:
    """Whose private feed address this is."""
    return session.get(FeedAddressRow, digest)


def replace_feed_address(session: Session, row: FeedAddressRow) -> None:
    """Give a worker a new address; the old one ends."""
    delete_feed_address(session, row.person)
    session.add(row)


def delete_feed_address(session: Session, person: str) -> None:
    """A worker's address ends."""
    session.execute(delete(FeedAddressRow).where(col(FeedAddressRow.person) == person))
