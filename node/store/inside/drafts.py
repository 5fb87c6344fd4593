"""Queries: what people are writing. A draft belongs to one person; every query names that person."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.engine.writer import owe_scrub
from node.store.tables.internal import DraftRow


def find_draft(session: Session, person: str, draft: str) -> DraftRow | None:
    """One's own draft."""
    row = session.get(DraftRow, draft)
    return row if row is not None and row.person == person else None


def find_draft_about(session: Session, person: str, purpose: str, about: str, answers: str = "") -> DraftRow | None:
    """One's own draft of this kind of change to an item."""
    query = select(DraftRow).where(
        DraftRow.person == person, DraftRow.purpose == purpose, DraftRow.about == about, DraftRow.answers == answers
    )
    return session.exec(query.order_by(col(DraftRow.updated_at).desc())).first()


def list_drafts(session: Session, person: str) -> list[DraftRow]:
    """One's own, latest first."""
    query = select(DraftRow).where(DraftRow.person == person)
    return list(session.exec(query.order_by(col(DraftRow.updated_at).desc(), col(DraftRow.id))))


def save_draft(session: Session, row: DraftRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_draft(session: Session, person: str, draft: str) -> bool:
    """Throw one's own draft away; False when there was none."""
    row = find_draft(session, person, draft)
    if row is not None:
        session.delete(row)
        owe_scrub(session)
    return row is not None


def delete_drafts(session: Session, person: str) -> None:
    """Throw all of a person's away."""
    session.execute(delete(DraftRow).where(col(DraftRow.person) == person))
    owe_scrub(session)


def is_taken(session: Session, draft: str) -> bool:
    """Does anybody have a draft of this id?"""
    return session.get(DraftRow, draft) is not None
