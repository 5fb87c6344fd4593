"""Queries: vertices of large repositories' trees."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, text
from sqlmodel import Session, col

from node.store.engine.straight import run, run_each
from node.store.tables.hosting import VertexRow

# Every commit to a large repository runs these, so they bypass the mapper.
_PUT = text("INSERT INTO vertex (did, cid, block) VALUES (:did, :cid, :block) ON CONFLICT (did, cid) DO NOTHING")
_REMOVE = text("DELETE FROM vertex WHERE did = :did AND cid = :cid")
_FIND = text("SELECT block FROM vertex WHERE did = :did AND cid = :cid")


def find_vertex(session: Session, did: str, cid: bytes) -> bytes | None:
    """The block of a stored vertex, by its raw CID."""
    rows = run(session, _FIND, {"did": did, "cid": cid})
    return bytes(rows[0][0]) if rows else None


def put_vertices(session: Session, did: str, vertices: Iterable[tuple[bytes, bytes]]) -> None:
    """Store vertices: (raw CID, block) each."""
    run_each(session, _PUT, [{"did": did, "cid": cid, "block": block} for cid, block in vertices])


def remove_vertices(session: Session, did: str, cids: Iterable[bytes]) -> None:
    """Delete vertices that the tree no longer has."""
    run_each(session, _REMOVE, [{"did": did, "cid": cid} for cid in cids])


def delete_vertices(session: Session, did: str) -> None:
    """Delete all vertices of a repository."""
    session.execute(delete(VertexRow).where(col(VertexRow.did) == did))
