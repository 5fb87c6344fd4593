"""Files that the node itself puts beside a record of a hosted account: pictures, long texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from node.services.hosting.blobs.draft import StoredBlob
from node.services.hosting.blobs.store import BlobStore
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import blobs
from node.store.sessions import Session
from node.store.tables.hosting import BlobRow


def keep_file(database: Database, folder: BlobStore, did: str, body: bytes, claimed: str) -> StoredBlob:
    """Keep a public file until a record names it. Raises TooLarge."""
    return keep_bytes(database, folder, body, claimed, lambda session, stored: save_row(session, did, stored))


def keep_bytes(
    database: Database, folder: BlobStore, body: bytes, claimed: str, save: Callable[[Session, StoredBlob], None]
) -> StoredBlob:
    """Keep bytes, and save their row in the same step of the writer, or they may be let go before. Raises TooLarge."""
    draft = folder.begin()
    try:
        draft.add(body)
        stored = draft.finish(claimed)

        def work(session: Session) -> None:
            save(session, stored)
            draft.place()

        database.writer.write(work)
        return stored
    finally:
        draft.close()


def save_row(session: Session, did: str, stored: StoredBlob) -> None:
    """A public blob of this account is here from now on."""
    row = BlobRow(did=did, cid=stored.cid, mime=stored.mime, size=stored.size, stored_at=now())
    blobs.save_blob(session, row)


def blob_json(stored: StoredBlob) -> dict[str, Any]:
    """The reference that a record holds, in JSON form."""
    return {"$type": "blob", "ref": {"$link": stored.cid}, "mimeType": stored.mime, "size": stored.size}
