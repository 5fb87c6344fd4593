"""Queries: the event stream."""

from __future__ import annotations

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from node.store.tables.stream import EventRow


def last_seq(session: Session) -> int:
    """The newest sequence number; 0 when there is none."""
    return session.exec(select(func.coalesce(func.max(EventRow.seq), 0))).one()


def first_seq(session: Session) -> int:
    """The oldest sequence number still kept; 0 when there is none."""
    return session.exec(select(func.coalesce(func.min(EventRow.seq), 0))).one()


def add_event(session: Session, row: EventRow) -> None:
    """Append one frame."""
    session.add(row)


def list_frames(session: Session, after: int, limit: int) -> list[tuple[int, bytes]]:
    """(seq, frame) after a cursor, oldest first; emptied frames are left out."""
    query = select(EventRow.seq, EventRow.frame).where(EventRow.seq > after, func.length(EventRow.frame) > 0)
    return [(seq, frame) for seq, frame in session.exec(query.order_by(col(EventRow.seq)).limit(limit))]


def empty_frames(session: Session, did: str) -> int:
    """Purge the content of an account's stored frames, but for those that say what became of it; returns how many."""
    statement = update(EventRow).where(col(EventRow.did) == did, col(EventRow.kind) != "account")
    return int(session.execute(statement.values(frame=b"")).rowcount)  # type: ignore[attr-defined]  # a cursor result


def prune_events(session: Session, before: int) -> int:
    """Drop events older than `before`, always keeping the newest; returns how many."""
    newest = last_seq(session)
    statement = delete(EventRow).where(col(EventRow.at) < before, col(EventRow.seq) < newest)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a cursor result
