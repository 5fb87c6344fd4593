"""Takes away the files of blobs that no row names, so that neither this nor their coming again undoes the other."""

from __future__ import annotations

from collections.abc import Callable, Collection

from node.services.hosting.blobs.store import BlobStore
from node.store.database import Database
from node.store.engine.writer import on_commit
from node.store.repositories import blobs
from node.store.sessions import Session

Held = Callable[[Session, str], bool]  # does a row name the bytes of this CID?


def let_go(
    session: Session, database: Database, folder: BlobStore, cids: Collection[str], is_held: Held = blobs.is_held
) -> None:
    """Remove the files among `cids` that nobody holds once the running work is durable.

    Asked anew then: the same bytes may have come again in the same transaction.
    """

    def find_unheld(among: Collection[str]) -> list[str]:
        with database.read() as reading:
            return [cid for cid in among if not is_held(reading, cid)]

    if cids:
        on_commit(session, lambda: folder.let_go(cids, find_unheld))
