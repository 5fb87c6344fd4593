"""Queries: the event stream."""

from __future__ import annotations

from sqlalchemy import delete, func, text, update
from sqlmodel import Session, col, select

from node.store.engine.straight import run
from node.store.engine.streaming import parts_of
from node.store.engine.writer import owe_scrub
from node.store.tables.stream import EventRow

_ADD = text("INSERT INTO event (seq, did, kind, frame, at) VALUES (:seq, :did, :kind, :frame, :at)")


def last_seq(session: Session) -> int:
    """The newest sequence number; 0 when there is none."""
    return session.exec(select(func.coalesce(func.max(EventRow.seq), 0))).one()


def first_seq(session: Session) -> int:
    """The oldest sequence number still kept; 0 when there is none."""
    return session.exec(select(func.coalesce(func.min(EventRow.seq), 0))).one()


def count_events(session: Session) -> int:
    """How many are kept, the emptied included."""
    return session.exec(select(func.count()).select_from(EventRow)).one()


def add_event(session: Session, seq: int, did: str, kind: str, frame: bytes, at: int) -> None:
    """Append one frame; every commit does, so it bypasses the mapper."""
    values = {"seq": seq, "did": did, "kind": kind, "frame": frame, "at": at}
    run(session, _ADD, values)


def list_frames(session: Session, after: int, limit: int) -> list[tuple[int, bytes]]:
    """(seq, frame) after a cursor, oldest first; emptied frames are left out."""
    query = select(EventRow.seq, EventRow.frame).where(EventRow.seq > after, func.length(EventRow.frame) > 0)
    return [(seq, frame) for seq, frame in session.exec(query.order_by(col(EventRow.seq)).limit(limit))]


def empty_frames(session: Session, did: str) -> int:
    """Purge the content of an account's stored frames, but for those that say what became of it; returns how many."""
    statement = update(EventRow).where(col(EventRow.did) == did, col(EventRow.kind) != "account")
    return int(session.execute(statement.values(frame=b"")).rowcount)  # type: ignore[attr-defined]  # a cursor result


def list_deletions(session: Session, after: int, limit: int) -> list[tuple[int, str, bytes]]:
    """(seq, DID, frame) of commits after a cursor that delete records, oldest first."""
    query = select(EventRow.seq, EventRow.did, EventRow.frame).where(
        EventRow.seq > after, EventRow.kind == "deletion", func.length(EventRow.frame) > 0
    )
    return [(seq, did, frame) for seq, did, frame in session.exec(query.order_by(col(EventRow.seq)).limit(limit))]


def find_newest_deletion(session: Session) -> tuple[int, int] | None:
    """(seq, when) of the newest commit that deletes records."""
    query = select(EventRow.seq, EventRow.at).where(EventRow.kind == "deletion")
    return session.exec(query.order_by(col(EventRow.seq).desc()).limit(1)).first()


def list_frames_of(session: Session, did: str, before: int) -> list[tuple[int, bytes]]:
    """(seq, frame) of an account's commits before an event."""
    query = select(EventRow.seq, EventRow.frame).where(
        EventRow.did == did,
        EventRow.seq < before,
        col(EventRow.kind).in_(("commit", "deletion")),
        func.length(EventRow.frame) > 0,
    )
    return [(seq, frame) for seq, frame in session.exec(query)]


def empty_events(session: Session, seqs: list[int]) -> int:
    """Purge the content of these frames; returns how many."""
    for part in parts_of(seqs):
        session.execute(update(EventRow).where(col(EventRow.seq).in_(part)).values(frame=b""))
    owe_scrub(session)
    return len(seqs)


def prune_events(session: Session, before: int) -> int:
    """Drop events older than `before`, always keeping the newest; returns how many."""
    newest = last_seq(session)
    statement = delete(EventRow).where(col(EventRow.at) < before, col(EventRow.seq) < newest)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a cursor result
