"""Queries: blobs' rows. The bytes lie in the blob folder."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from node.store.engine.streaming import in_pieces
from node.store.tables.hosting import BlobRow, HeadRow

AWAITED = -1  # `stored_at` of a blob that a record names and that is not here
LET_GO = 0  # `stored_at` of a blob whose last record is gone: no grace


def find_blob(session: Session, did: str, cid: str) -> BlobRow | None:
    """The row of a blob that is here."""
    row = find_named_blob(session, did, cid)
    return row if row is not None and row.stored_at != AWAITED else None


def find_named_blob(session: Session, did: str, cid: str) -> BlobRow | None:
    """The row of a blob that is here, or that a record names and that is awaited."""
    return session.get(BlobRow, (did, cid))


def save_blob(session: Session, row: BlobRow) -> None:
    """Store or replace a row; how often it is used stays."""
    known = find_named_blob(session, row.did, row.cid)
    row.used = known.used if known else 0
    session.merge(row)


def list_blobs(session: Session, did: str, *, after: str = "", limit: int = 500) -> list[str]:
    """CIDs of an account's blobs that a record names, in order."""
    query = select(BlobRow.cid).where(BlobRow.did == did, BlobRow.cid > after, BlobRow.used > 0)
    return list(session.exec(query.order_by(col(BlobRow.cid)).limit(limit)))


def count_use(session: Session, did: str, cid: str, difference: int) -> bool:
    """Add to the number of records that name a blob; False when the blob is not here."""
    row = find_named_blob(session, did, cid)
    if row is None:
        return False
    here = row.stored_at > AWAITED
    row.used = max(0, row.used + difference)
    if here and row.used == 0 and difference < 0:
        row.stored_at = LET_GO
    elif row.stored_at == LET_GO and row.used:
        row.stored_at = LET_GO + 1
    return here


def await_blob(session: Session, did: str, cid: str) -> None:
    """Count a record that names a blob which may have to be fetched or uploaded yet."""
    if find_named_blob(session, did, cid) is None:
        session.add(BlobRow(did=did, cid=cid, stored_at=AWAITED))
        session.flush()
    count_use(session, did, cid, +1)


def fulfil(session: Session, came: BlobRow) -> bool:
    """The bytes of an awaited blob came; False when no record names it any more."""
    row = find_named_blob(session, came.did, came.cid)
    if row is None or row.used == 0:
        return False
    row.mime, row.size, row.stored_at = came.mime, came.size, came.stored_at
    return True


def reset_uses(session: Session, did: str) -> None:
    """No record of the account names anything, until it is counted again."""
    session.execute(update(BlobRow).where(col(BlobRow.did) == did).values(used=0))


def list_awaited(session: Session, did: str, *, after: str = "", limit: int = 500) -> list[str]:
    """CIDs of blobs that records name and that are not here."""
    query = select(BlobRow.cid).where(
        BlobRow.did == did, BlobRow.cid > after, BlobRow.used > 0, BlobRow.stored_at == AWAITED
    )
    return list(session.exec(query.order_by(col(BlobRow.cid)).limit(limit)))


def list_awaited_of(session: Session, peer: str) -> list[tuple[str, str]]:
    """(DID, CID) of blobs that are not here and that records of repositories followed from `peer` name."""
    query = select(BlobRow.did, BlobRow.cid).join(HeadRow, col(HeadRow.did) == col(BlobRow.did))
    query = query.where(HeadRow.peer == peer, BlobRow.used > 0, BlobRow.stored_at == AWAITED)
    return [(did, cid) for did, cid in session.exec(query.order_by(col(BlobRow.did), col(BlobRow.cid)))]


def count_blobs(session: Session, did: str) -> tuple[int, int]:
    """(named by records, of those here)."""
    named = select(func.count()).where(BlobRow.did == did, BlobRow.used > 0)
    return session.exec(named).one(), session.exec(named.where(BlobRow.stored_at > AWAITED)).one()


def list_unused(session: Session, stored_before: int) -> list[BlobRow]:
    """Blobs that no record names, past their grace."""
    query = select(BlobRow).where(BlobRow.used == 0, BlobRow.stored_at != AWAITED, BlobRow.stored_at < stored_before)
    return list(session.exec(query.order_by(col(BlobRow.did), col(BlobRow.cid))))


def iterate_hosted(session: Session) -> Iterator[BlobRow]:
    """Blobs that records of hosted repositories name and that are here."""
    query = select(BlobRow).join(HeadRow, col(HeadRow.did) == col(BlobRow.did)).where(HeadRow.hosted, BlobRow.used > 0)
    query = query.where(BlobRow.stored_at != AWAITED).order_by(col(BlobRow.cid), col(BlobRow.did))
    yield from in_pieces(session, query, 1000)


def list_named(session: Session) -> list[str]:
    """CIDs of all blobs that a record names and that are here."""
    return list(session.exec(select(BlobRow.cid).where(BlobRow.used > 0, BlobRow.stored_at != AWAITED).distinct()))


def is_held(session: Session, cid: str) -> bool:
    """Does any account still hold a blob with these bytes?"""
    query = select(BlobRow.cid).where(BlobRow.cid == cid, BlobRow.stored_at != AWAITED)
    return session.exec(query.limit(1)).first() is not None


def delete_blobs(session: Session, did: str) -> list[str]:
    """Forget an account's blobs; returns the CIDs that nobody else holds."""
    cids = [row.cid for row in session.exec(select(BlobRow).where(BlobRow.did == did))]
    session.execute(delete(BlobRow).where(col(BlobRow.did) == did))
    return [cid for cid in cids if not is_held(session, cid)]
