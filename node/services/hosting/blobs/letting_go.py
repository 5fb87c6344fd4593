"""Takes away the files of blobs that no row names: in the writer, as placing them, so that neither undoes the other."""

from __future__ import annotations

from collections.abc import Collection

from node.services.hosting.blobs.store import BlobStore
from node.store.database import Database
from node.store.engine.writer import on_commit
from node.store.repositories import blobs
from node.store.sessions import Session


def let_go(session: Session, database: Database, folder: BlobStore, cids: Collection[str]) -> None:
    """Remove the files among `cids` that nobody holds once the running work is durable.

    Asked anew then: the same bytes may have come again in the same transaction.
    """

    def remove() -> None:
        with database.read() as reading:
            unheld = [cid for cid in cids if not blobs.is_held(reading, cid)]
        folder.remove(unheld)

    if cids:
        on_commit(session, remove)
