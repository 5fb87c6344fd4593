"""Queries: records that the organisation keeps to itself, and their files. Nothing that syncs imports this."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.engine.streaming import in_pieces
from node.store.engine.writer import owe_scrub
from node.store.tables.internal import DraftRow, InternalBlobRow, InternalRecordRow
from schemas.identifiers import record_parts

LET_GO = 0  # `stored_at` of a file whose last record is gone: no grace, unless a draft names it


def find_record(session: Session, did: str, collection: str, rkey: str) -> InternalRecordRow | None:
    """One internal record."""
    return session.get(InternalRecordRow, (did, collection, rkey))


def find_record_by_uri(session: Session, uri: str) -> InternalRecordRow | None:
    """The internal record at an at-uri of the form at://did/collection/rkey."""
    did, collection, rkey = record_parts(uri)
    return find_record(session, did, collection, rkey) if rkey else None


def list_records(session: Session, did: str, collection: str = "") -> list[InternalRecordRow]:
    """Somebody's internal records, of one collection or all, in key order."""
    query = select(InternalRecordRow).where(InternalRecordRow.did == did)
    if collection:
        query = query.where(InternalRecordRow.collection == collection)
    return list(session.exec(query.order_by(col(InternalRecordRow.collection), col(InternalRecordRow.rkey))))


def iterate_all(session: Session) -> Iterator[InternalRecordRow]:
    """Everybody's internal records, in key order."""
    row = InternalRecordRow
    query = select(row).order_by(col(row.did), col(row.collection), col(row.rkey))
    yield from in_pieces(session, query, 200)


def save_record(session: Session, row: InternalRecordRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_record(session: Session, did: str, collection: str, rkey: str) -> InternalRecordRow | None:
    """Take a record out; what it was, if it was there."""
    row = find_record(session, did, collection, rkey)
    if row is not None:
        session.delete(row)
        session.flush()
        owe_scrub(session)
    return row


def find_blob(session: Session, did: str, cid: str) -> InternalBlobRow | None:
    """The row of a file in the internal folder."""
    return session.get(InternalBlobRow, (did, cid))


def save_blob(session: Session, row: InternalBlobRow) -> None:
    """Store or replace a row; how often it is used stays."""
    known = find_blob(session, row.did, row.cid)
    row.used = known.used if known else 0
    session.merge(row)


def count_use(session: Session, did: str, cid: str, difference: int) -> bool:
    """Add to the number of internal records that name a file; False when it is not here."""
    row = find_blob(session, did, cid)
    if row is None:
        return False
    row.used = max(0, row.used + difference)
    if row.used == 0 and difference < 0:
        row.stored_at = LET_GO
    elif row.stored_at == LET_GO and row.used:
        row.stored_at = LET_GO + 1
    session.add(row)
    return True


def list_named_blobs(session: Session) -> list[str]:
    """CIDs of all internal files that a record names."""
    return list(session.exec(select(InternalBlobRow.cid).where(InternalBlobRow.used > 0).distinct()))


def list_unused(session: Session, stored_before: int) -> list[InternalBlobRow]:
    """Files that no internal record and no draft names, past their grace."""
    drafted = {str(file["cid"]) for draft in session.exec(select(DraftRow)) for file in draft.files}
    query = select(InternalBlobRow).where(InternalBlobRow.used == 0, InternalBlobRow.stored_at < stored_before)
    return [row for row in session.exec(query) if row.cid not in drafted]


def delete_blobs(session: Session, rows: Collection[InternalBlobRow]) -> list[str]:
    """Forget files; returns the CIDs whose bytes nobody else holds."""
    for row in rows:
        session.delete(row)
    session.flush()
    return sorted(cid for cid in {row.cid for row in rows} if not is_held(session, cid))


def is_held(session: Session, cid: str) -> bool:
    """Does any account still hold a file with these bytes?"""
    return session.exec(select(InternalBlobRow.cid).where(InternalBlobRow.cid == cid).limit(1)).first() is not None


def delete_everything(session: Session, did: str) -> list[str]:
    """Forget all internal records and files of an account; returns the CIDs whose bytes nobody else holds."""
    session.execute(delete(InternalRecordRow).where(col(InternalRecordRow.did) == did))
    owe_scrub(session)
    return delete_blobs(session, list(session.exec(select(InternalBlobRow).where(InternalBlobRow.did == did))))
