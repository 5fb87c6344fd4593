"""Reference data of one node, as its pages, commands and protocol use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from node.logs import get_logger
from node.services.heavy import HeavyWork
from node.services.reference.graph.bridges import Bridges
from node.services.reference.graph.likeness import OccupationLikeness
from node.services.reference.graph.shelves import Shelves
from node.services.reference.graph.work import WorkGraph
from node.services.reference.importing.desk import ImportDesk
from node.services.reference.importing.importer import Importer
from node.services.reference.looking.finder import ReferenceFinder
from node.services.reference.looking.kept import KeptFile
from node.services.reference.words import Words
from node.store.content import reference_releases
from node.store.database import Database

if TYPE_CHECKING:
    from node.search.lookup.lookup import Lookup


class Reference:
    """`imports` brings it in, `words` names it, `finder` looks it up; the rest is the graph with the catalogue.

    `folder` is for what is derived from it.
    """

    def __init__(
        self,
        database: Database,
        heavy: HeavyWork,
        folder: Path,
        changed: Callable[[], None] = lambda: None,
        enrich: Callable[[Lookup], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._told = [changed]
        self.words = Words(database)
        self.finder = ReferenceFinder(database, KeptFile(folder, "lookups"), enrich=enrich)
        self.graph = WorkGraph(database)
        self.shelves = Shelves(database, self.words.skill_id)
        self.bridges = Bridges(self.graph, self.shelves, self.words)
        self.likeness = OccupationLikeness(database)
        self.imports = ImportDesk(Importer(database, heavy, self.forget), self._look_ahead)
        self._log = get_logger("reference")
        self._serving = False

    def listen(self, told: Callable[[], None]) -> None:
        """Call `told` whenever other reference data is in use."""
        self._told.append(told)

    def start(self) -> None:
        """Read the graph and build the lookups aside, so that the first question is answered like the others.

        Not for a node that a single command opens: what it asks for is built then.
        """
        self._serving = True
        self._look_ahead()

    def _look_ahead(self) -> None:
        if self._serving:
            self._aside(self.finder.built)

    def _aside(self, *more: Callable[[], object]) -> None:
        threading.Thread(target=self._warm, args=more, name="reference", daemon=True).start()

    def _warm(self, *more: Callable[[], object]) -> None:
        try:
            with self._database.read() as session:
                here = reference_releases.list_current(session)
            if here:
                self.words.skill_id("")
                self.graph.get()
                self.shelves.find("")
                self.likeness.of("")
                for read in more:
                    read()
        except Exception as error:  # noqa: BLE001 - the node may be stopping; whoever asks first reads it then
            self._log.info("reference data is read when first asked for", error=str(error))

    def forget(self) -> None:
        """New reference data is in use: whatever was derived from the old is made anew when next asked for."""
        for derived in (self.words, self.finder, self.graph, self.shelves, self.likeness):
            derived.forget()
        self._log.info("reference data changed")
        for told in self._told:
            told()
        if self._serving:
            self._aside()  # the lookups follow when the import is done: the two need not share the memory
