"""Queries: the audit log, to which entries are only added."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlmodel import Session, col, select

from node.store.engine.streaming import in_pieces
from node.store.tables.people import AuditRow


def last_entry(session: Session) -> AuditRow | None:
    """The newest entry."""
    return session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()


def is_entry(session: Session, seq: int, hash_: str) -> bool:
    """Has the entry of this number this hash?"""
    return session.exec(select(AuditRow.hash).where(AuditRow.seq == seq)).first() == hash_


def has_entry(session: Session, hash_: str) -> bool:
    """Is there an entry with this hash?"""
    return session.exec(select(AuditRow.seq).where(AuditRow.hash == hash_)).first() is not None


def add_entry(session: Session, row: AuditRow) -> None:
    """Add one after the last."""
    session.add(row)
    session.flush()


def list_entries(session: Session, limit: int, before: int = 0) -> list[AuditRow]:
    """The newest entries, older than number `before` where one is given."""
    query = select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(limit)
    return list(session.exec(query.where(col(AuditRow.seq) < before) if before else query))


def list_about(session: Session, subject: str, actions: Collection[str]) -> list[AuditRow]:
    """The entries about one subject with one of these actions, newest first."""
    query = select(AuditRow).where(col(AuditRow.subject) == subject, col(AuditRow.action).in_(actions))
    return list(session.exec(query.order_by(col(AuditRow.seq).desc())))


def iterate_entries(session: Session, after: int = 0) -> Iterator[AuditRow]:
    """All entries after that number, oldest first; 0 is for all there are: one that was put before the first too."""
    query = select(AuditRow).order_by(col(AuditRow.seq))
    yield from in_pieces(session, query.where(col(AuditRow.seq) > after) if after else query, 1000)
