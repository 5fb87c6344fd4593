"""Which place a process takes among those of its node: alone on SQLite; on PostgreSQL the core, or one beside it."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.errors import TablesNotYet
from node.settings.declared import Settings
from node.store.database import Database

if TYPE_CHECKING:
    from node.store.processes.election import Election


MIGRATION = 120.0  # seconds that a process waits for the core's tables: where some start together, one makes them
AGAIN = 0.5  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Place:
    """An open database, and the election that made this process the core of others."""

    database: Database
    election: Election | None = None

    @property
    def is_beside(self) -> bool:
        """Is another process the core?"""
        return self.database.is_distant


def wait_for_place(settings: Settings) -> Place:
    """As take_place, once the core has brought the tables up to date. Raises TablesNotYet when that takes too long."""
    deadline = time.monotonic() + MIGRATION
    while time.monotonic() < deadline:
        with contextlib.suppress(TablesNotYet):
            return take_place(settings)
        time.sleep(AGAIN)
    return take_place(settings)


def take_place(settings: Settings) -> Place:
    """The core's where nobody has it. Raises TablesNotYet, and what else opening a database does."""
    if settings.store_url.startswith("sqlite"):
        return Place(Database(settings.store_url).open())
    from node.store.processes.election import Election, NotTheCore

    election = Election()
    try:
        return Place(Database(settings.store_url, election).open(), election)
    except NotTheCore:
        return Place(Database(settings.store_url, distant=True).open())
