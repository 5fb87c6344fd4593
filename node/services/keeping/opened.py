"""The database of a node, running or stopped, for somebody who only reads all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from node.errors import DataFolderError, DataFolderNewer
from node.services.founded import require_node
from node.settings.declared import Settings
from node.store.database import Database


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Of this release, for the length of the block. Raises DataFolderError, NoNode."""
    require_node(settings.data)
    database = Database(settings.store_url)
    try:
        if database.is_newer:
            raise DataFolderNewer
        if not database.is_current:
            hint = "`skillnet migrate` brings it up to date."
            raise DataFolderError("The database is not of this release.", hint=hint)
        yield database
    finally:
        database.close()
