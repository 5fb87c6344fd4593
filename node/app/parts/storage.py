"""Where a node keeps things: tables, files, and what workers tell it, sealed."""

from __future__ import annotations

from dataclasses import dataclass

from node.errors import NodeError
from node.services.erasures import Erasures
from node.services.hosting.blobs.places import open_blobs
from node.services.hosting.blobs.store import BlobStore, Stores
from node.services.learning.sealed.vault import Vault
from node.services.sealing import Sealer, load_sealing_key
from node.settings.declared import Settings
from node.store.database import Database


@dataclass(frozen=True, slots=True)
class Storage:
    """Opened. `blobs` are public; `inside` is what stays on the node."""

    database: Database
    sealer: Sealer
    blobs: BlobStore
    inside: BlobStore
    erasures: Erasures
    vault: Vault

    @property
    def files(self) -> Stores:
        """All files, wherever they lie."""
        return Stores(self.blobs, self.inside)


def open_storage(settings: Settings, database: Database | None) -> Storage:
    """A `database` that is open already says whether this process writes. Raises NodeError."""
    database = database or Database(settings.store_url).open()
    try:
        sealer = Sealer(load_sealing_key(settings.data, is_first=not database.is_in_use))
    except NodeError:
        database.close()
        raise
    blobs, inside = open_blobs(settings).values()
    erasures = Erasures(settings.data, sealer)
    vault = Vault(database, sealer, erasures)
    if not database.is_distant:
        vault.open()
        erasures.remember()
        for store in (blobs, inside):
            store.clear_drafts()
    return Storage(database, sealer, blobs, inside, erasures, vault)
