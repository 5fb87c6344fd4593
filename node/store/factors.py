"""Queries: what people sign in with beside, or instead of, a password."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.tables.people import FactorRow


def find_factor(session: Session, id_: str) -> FactorRow | None:
    """The factor of that id."""
    return session.get(FactorRow, id_)


def list_factors(session: Session, person: str, *kinds: str) -> list[FactorRow]:
    """A person's factors of these kinds, oldest first."""
    query = select(FactorRow).where(FactorRow.person == person, col(FactorRow.kind).in_(kinds))
    return list(session.exec(query.order_by(col(FactorRow.created_at), col(FactorRow.id))))


def save_factor(session: Session, row: FactorRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_factors(session: Session, person: str, *kinds: str) -> None:
    """Forget a person's factors of these kinds; all of them where none is named."""
    query = delete(FactorRow).where(col(FactorRow.person) == person)
    session.execute(query.where(col(FactorRow.kind).in_(kinds)) if kinds else query)


def delete_factor(session: Session, person: str, id_: str) -> None:
    """Forget one factor of this person."""
    session.execute(delete(FactorRow).where(col(FactorRow.person) == person, col(FactorRow.id) == id_))
