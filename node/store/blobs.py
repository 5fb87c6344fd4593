"""Queries: blobs' rows. The bytes lie in the blob folder."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.tables.hosting import BlobRow


def find_blob(session: Session, did: str, cid: str) -> BlobRow | None:
    """The row of one blob."""
    return session.get(BlobRow, (did, cid))


def save_blob(session: Session, row: BlobRow) -> None:
    """Store or replace a row."""
    session.merge(row)


def list_blobs(session: Session, did: str, *, after: str = "", limit: int = 500) -> list[str]:
    """CIDs of an account's blobs that a record names, in order."""
    query = select(BlobRow.cid).where(BlobRow.did == did, BlobRow.cid > after, BlobRow.used > 0)
    return list(session.exec(query.order_by(col(BlobRow.cid)).limit(limit)))


def count_use(session: Session, did: str, cid: str, difference: int) -> BlobRow | None:
    """Add to the number of records that name a blob; None when the blob is not here."""
    row = find_blob(session, did, cid)
    if row is not None:
        row.used = max(0, row.used + difference)
    return row


def list_unused(session: Session, stored_before: int) -> list[BlobRow]:
    """Blobs that no record names, past their grace."""
    return list(session.exec(select(BlobRow).where(BlobRow.used == 0, BlobRow.stored_at < stored_before)))


def is_held(session: Session, cid: str) -> bool:
    """Does any account still hold a blob with these bytes?"""
    return session.exec(select(BlobRow.cid).where(BlobRow.cid == cid).limit(1)).first() is not None


def delete_blobs(session: Session, did: str) -> list[str]:
    """Forget an account's blobs; returns the CIDs that nobody else holds."""
    cids = [row.cid for row in session.exec(select(BlobRow).where(BlobRow.did == did))]
    session.execute(delete(BlobRow).where(col(BlobRow.did) == did))
    return [cid for cid in cids if not is_held(session, cid)]
