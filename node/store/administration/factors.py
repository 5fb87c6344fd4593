"""Queries: what people sign in with beside, or instead of, a password."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.tables.people import FactorRow


def find_factor(session: Session, id_: str, kind: str) -> FactorRow | None:
    """The factor of that id and kind: a device chooses the ids of its passkeys, and may choose another factor's."""
    row = session.get(FactorRow, id_)
    return row if row is not None and row.kind == kind else None


def is_taken(session: Session, id_: str) -> bool:
    """Is there a factor of that id, of whatever kind?"""
    return session.get(FactorRow, id_) is not None


def list_factors(session: Session, person: str, *kinds: str) -> list[FactorRow]:
    """A person's factors of these kinds, oldest first."""
    query = select(FactorRow).where(FactorRow.person == person, col(FactorRow.kind).in_(kinds))
    return list(session.exec(query.order_by(col(FactorRow.created_at), col(FactorRow.id))))


def list_of_kind(session: Session, kind: str) -> list[FactorRow]:
    """Everybody's factors of one kind."""
    return list(session.exec(select(FactorRow).where(FactorRow.kind == kind)))


def save_factor(session: Session, row: FactorRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_factors(session: Session, person: str, *kinds: str) -> None:
    """Forget a person's factors of these kinds; all of them where none is named."""
    query = delete(FactorRow).where(col(FactorRow.person) == person)
    session.execute(query.where(col(FactorRow.kind).in_(kinds)) if kinds else query)


def delete_factor(session: Session, person: str, id_: str, kind: str) -> bool:
    """Forget one factor of this person, if it is of that kind: the ids of the others can be computed. Was there one?"""
    query = delete(FactorRow).where(col(FactorRow.person) == person, col(FactorRow.id) == id_)
    return bool(session.execute(query.where(col(FactorRow.kind) == kind).returning(col(FactorRow.id))).all())
