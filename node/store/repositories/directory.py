"""Queries: did:plc operations."""

from __future__ import annotations

from sqlmodel import Session, col, select

from node.store.tables.hosting import OperationRow


def list_operations(session: Session, did: str) -> list[OperationRow]:
    """The log of one DID, oldest first, nullified ones included."""
    return list(session.exec(select(OperationRow).where(OperationRow.did == did).order_by(col(OperationRow.position))))


def add_operation(session: Session, row: OperationRow) -> None:
    """Append one operation."""
    session.add(row)


def nullify_operations(session: Session, cids: list[str]) -> None:
    """Mark operations that a higher-priority key has overruled."""
    for row in session.exec(select(OperationRow).where(col(OperationRow.cid).in_(cids))):
        row.nullified = True
