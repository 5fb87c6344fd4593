"""Queries: repositories' heads and records, hosted and followed alike."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, func, text
from sqlmodel import Session, col, select

from node.store.engine.reading import Reading
from node.store.engine.straight import run
from node.store.engine.streaming import in_pieces, parts_of
from node.store.engine.writer import owe_scrub
from node.store.tables.hosting import HeadRow, RecordRow, VertexRow
from schemas.identifiers import record_parts

_RECORD = Reading(RecordRow, "WHERE did = :did AND collection = :collection AND rkey = :rkey")


@dataclass(frozen=True, slots=True)
class Change:
    """One record put (`block`) or removed (`block` None)."""

    collection: str
    rkey: str
    cid: str
    block: bytes | None


def find_head(session: Session, did: str) -> HeadRow | None:
    """The head of the repository of `did`."""
    return session.get(HeadRow, did)


def list_heads(session: Session, *, hosted: bool, after: str = "", limit: int = 500) -> list[HeadRow]:
    """Heads in DID order, for paging."""
    query = select(HeadRow).where(HeadRow.hosted == hosted, HeadRow.did > after)
    return list(session.exec(query.order_by(col(HeadRow.did)).limit(limit)))


def save_head(session: Session, row: HeadRow) -> None:
    """Store the head."""
    session.merge(row)


def find_record(session: Session, did: str, collection: str, rkey: str) -> RecordRow | None:
    """One record."""
    return _RECORD.first(session, did=did, collection=collection, rkey=rkey)


def find_record_by_uri(session: Session, uri: str) -> RecordRow | None:
    """The record at an at-uri of the form at://did/collection/rkey."""
    did, collection, rkey = record_parts(uri)
    return find_record(session, did, collection, rkey) if rkey else None


def list_records(
    session: Session, did: str, collection: str, *, limit: int, cursor: str = "", reverse: bool = False
) -> list[RecordRow]:
    """Records of one collection, newest key first unless `reverse`, after `cursor`."""
    query = select(RecordRow).where(RecordRow.did == did, RecordRow.collection == collection)
    if cursor:
        query = query.where(RecordRow.rkey > cursor if reverse else RecordRow.rkey < cursor)
    order = col(RecordRow.rkey) if reverse else col(RecordRow.rkey).desc()
    return list(session.exec(query.order_by(order).limit(limit)))


def list_paths(session: Session, did: str) -> list[tuple[str, str]]:
    """(path, cid) of every record of a repository, in the order of the tree (bytewise by path)."""
    query = select(RecordRow.collection, RecordRow.rkey, RecordRow.cid).where(RecordRow.did == did)
    return sorted((f"{collection}/{rkey}", cid) for collection, rkey, cid in session.exec(query))


def iterate_records(session: Session, collections: Iterable[str] = (), did: str = "") -> Iterator[RecordRow]:
    """Every record, optionally of some collections or one repository, in a stable order."""
    query = select(RecordRow).order_by(col(RecordRow.did), col(RecordRow.collection), col(RecordRow.rkey))
    wanted = list(collections)
    if wanted:
        query = query.where(col(RecordRow.collection).in_(wanted))
    if did:
        query = query.where(RecordRow.did == did)
    yield from in_pieces(session, query, 500)


def iterate_in_tree_order(session: Session, did: str) -> Generator[tuple[str, str, bytes]]:
    """(CID, revision, block) of every record of a repository, bytewise by path, a few hundred in memory at a time."""
    for collection in sorted(list_collections(session, did), key=lambda name: f"{name}/"):
        query = select(RecordRow.cid, RecordRow.rev, RecordRow.block).where(
            RecordRow.did == did, RecordRow.collection == collection
        )
        yield from in_pieces(session, query.order_by(col(RecordRow.rkey)), 200)


def find_blocks(session: Session, did: str, cids: list[str]) -> dict[str, bytes]:
    """Record blocks by CID."""
    query = select(RecordRow.cid, RecordRow.block).where(RecordRow.did == did, col(RecordRow.cid).in_(cids))
    return dict(session.exec(query).all())


def list_collections(session: Session, did: str) -> list[str]:
    """The collections that a repository has records in."""
    return sorted(session.exec(select(RecordRow.collection).where(RecordRow.did == did).distinct()))


def list_kept(session: Session, dids: Iterable[str]) -> list[str]:
    """Those of `dids` whose repositories are here, hosted or followed, in their order."""
    found: list[str] = []
    for part in parts_of(sorted(dids)):
        found += session.exec(select(HeadRow.did).where(col(HeadRow.did).in_(part)).order_by(col(HeadRow.did)))
    return found


def list_dids_with(session: Session, collection: str, *, after: str, limit: int) -> list[str]:
    """Hosted repositories that have a record in `collection`, in DID order."""
    query = (
        select(RecordRow.did)
        .join(HeadRow, col(HeadRow.did) == col(RecordRow.did))
        .where(RecordRow.collection == collection, RecordRow.did > after, col(HeadRow.hosted))
        .distinct()
        .order_by(col(RecordRow.did))
        .limit(limit)
    )
    return list(session.exec(query))


# Every commit runs these, so they bypass the mapper; both databases speak this dialect.
_PUT = text(
    "INSERT INTO record (did, collection, rkey, cid, rev, block, first_seen)"
    " VALUES (:did, :collection, :rkey, :cid, :rev, :block, :at)"
    " ON CONFLICT (did, collection, rkey) DO UPDATE SET cid = excluded.cid, rev = excluded.rev, block = excluded.block"
)
_REMOVE = text("DELETE FROM record WHERE did = :did AND collection = :collection AND rkey = :rkey")
_ADVANCE = text(
    "UPDATE head SET rev = :rev, commit_cid = :commit_cid, data_cid = :data_cid, commit_block = :commit_block,"
    " records = records + :grown, checked_at = :at WHERE did = :did RETURNING records"
)


def apply_changes(session: Session, did: str, rev: str, changes: Iterable[Change], at: int) -> None:
    """Put and remove records. `first_seen` of a record that was there already is kept."""
    session.flush()
    for change in changes:
        path = {"did": did, "collection": change.collection, "rkey": change.rkey}
        if change.block is None:
            run(session, _REMOVE, path)
            owe_scrub(session)
        else:
            run(session, _PUT, {**path, "cid": change.cid, "rev": rev, "block": change.block, "at": at})
    _forget_loaded(session, RecordRow)


class Advance(NamedTuple):
    """Where a hosted repository stands after a commit, with `grown` records more; cheaper than a row of the mapper."""

    did: str
    rev: str
    commit_cid: str
    data_cid: str
    commit_block: bytes
    grown: int
    at: int


def advance_head(session: Session, advance: Advance) -> int:
    """Move the stored head of a repository on; returns how many records it has now."""
    session.flush()
    ((count,),) = run(session, _ADVANCE, advance._asdict())
    _forget_loaded(session, HeadRow)
    return int(count)


def _forget_loaded(session: Session, kind: type[HeadRow] | type[RecordRow]) -> None:
    """Rows read before a change that the mapper did not see are read anew."""
    for row in list(session.identity_map.values()):
        if isinstance(row, kind):
            session.expunge(row)


def delete_repository(session: Session, did: str) -> None:
    """Remove every record, the tree and the head of `did`."""
    session.execute(delete(VertexRow).where(col(VertexRow.did) == did))
    session.execute(delete(RecordRow).where(col(RecordRow.did) == did))
    session.execute(delete(HeadRow).where(col(HeadRow.did) == did))
    owe_scrub(session)


def usage_of_peer(session: Session, peer: str) -> tuple[int, int]:
    """(records, bytes) kept of repositories followed from `peer`."""
    query = (
        select(func.count(), func.coalesce(func.sum(func.length(RecordRow.block)), 0))
        .join(HeadRow, col(HeadRow.did) == col(RecordRow.did))
        .where(HeadRow.peer == peer)
    )
    count, size = session.exec(query).one()
    return int(count), int(size)
