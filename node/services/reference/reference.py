"""Reference data of one node, as its pages, commands and protocol use it."""

from __future__ import annotations

from node.logs import get_logger
from node.services.heavy import HeavyWork
from node.services.reference.graph.bridges import Bridges
from node.services.reference.graph.likeness import OccupationLikeness
from node.services.reference.graph.shelves import Shelves
from node.services.reference.graph.work import WorkGraph
from node.services.reference.importing.desk import ImportDesk
from node.services.reference.importing.importer import Importer
from node.services.reference.looking.finder import ReferenceFinder
from node.services.reference.words import Words
from node.store.database import Database


class Reference:
    """`imports` brings it in, `words` names it, `finder` looks it up; the rest is the graph with the catalogue."""

    def __init__(self, database: Database, heavy: HeavyWork) -> None:
        self.words = Words(database)
        self.finder = ReferenceFinder(database)
        self.graph = WorkGraph(database)
        self.shelves = Shelves(database)
        self.bridges = Bridges(self.graph, self.shelves, self.words)
        self.likeness = OccupationLikeness(database)
        self.imports = ImportDesk(Importer(database, heavy, self.forget))
        self._log = get_logger("reference")

    def forget(self) -> None:
        """New reference data is in use: whatever was derived from the old is made anew when next asked for."""
        for derived in (self.words, self.finder, self.graph, self.likeness):
            derived.forget()
        self._log.info("reference data changed")
