"""Reference data of one node, as its pages, commands and protocol use it."""

from __future__ import annotations

from node.logs import get_logger
from node.services.heavy import HeavyWork
from node.services.reference.importing.desk import ImportDesk
from node.services.reference.importing.importer import Importer
from node.services.reference.words import Words
from node.store.database import Database


class Reference:
    """`imports` brings it in, `words` names it."""

    def __init__(self, database: Database, heavy: HeavyWork) -> None:
        self.words = Words(database)
        self.imports = ImportDesk(Importer(database, heavy, self.forget))
        self._log = get_logger("reference")

    def forget(self) -> None:
        """New reference data is in use: whatever was derived from the old is made anew when next asked for."""
        self.words.forget()
        self._log.info("reference data changed")
