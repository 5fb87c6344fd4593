"""Files that the node itself puts beside a record of a hosted account: pictures, long texts."""

from __future__ import annotations

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
    stored = folder.put(body, claimed)
    row = BlobRow(did=did, cid=stored.cid, mime=stored.mime, size=stored.size, stored_at=now())

    def work(session: Session) -> None:
        known = blobs.find_named_blob(session, did, stored.cid)
        row.used = known.used if known else 0
        blobs.save_blob(session, row)

    database.writer.write(work)
    return stored


def blob_json(stored: StoredBlob) -> dict[str, Any]:
    """The reference that a record holds, in JSON form."""
    return {"$type": "blob", "ref": {"$link": stored.cid}, "mimeType": stored.mime, "size": stored.size}
