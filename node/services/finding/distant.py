"""Search in a process beside the core: it asks the search server itself; an embedded index is the core's alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from node.errors import Unreachable
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.engines import Embedded, EngineSource
from node.services.finding.finder import Finder
from node.services.finding.progress import Progress
from node.services.finding.standing import Standing
from node.store.database import Database
from node.store.processes.elsewhere import leave_to_core
from node.waiting import Line

if TYPE_CHECKING:
    from node.search.engine import SearchEngine


class DistantFinder(Finder):
    """Reads the index that the core keeps."""

    def __init__(self, database: Database, source: EngineSource, standing: Standing) -> None:
        super().__init__(database, source, standing)
        self._source = source
        self._engine: SearchEngine | None = None
        self._line = Line(Unreachable)
        self.start = self.mend = self._do_nothing
        self.stop = self._let_go

    def hear(self, _change: CatalogueChange) -> None:
        """The core's index follows."""

    def hear_reference(self) -> None:
        """The core's index follows."""

    def settle(self, _timeout: float = 0.0) -> bool:
        """Nothing waits here."""
        return True

    @property
    def progress(self) -> Progress:
        """The core says how far it is."""
        return Progress("ready", since=time.time())

    def _ready(self) -> SearchEngine:
        if isinstance(self._source, Embedded):
            leave_to_core()
        if self._engine is None:
            self._engine = self._line.ask(self._source.open)
        return self._engine

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.close()

    def _do_nothing(self) -> None:
        pass
