"""Queries: small named facts of the node."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from node.store.tables.facts import FactRow


def find_fact(session: Session, name: str) -> dict[str, Any] | None:
    """The fact of this name."""
    row = session.get(FactRow, name)
    return None if row is None else row.value


def delete_fact(session: Session, name: str) -> None:
    """Forget it."""
    row = session.get(FactRow, name)
    if row is not None:
        session.delete(row)


def save_fact(session: Session, name: str, value: dict[str, Any]) -> None:
    """Store or replace."""
    session.merge(FactRow(name=name, value=value))
