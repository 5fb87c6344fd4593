"""Answers questions in the blended order, from an index that is kept equal to the catalogue."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from node.errors import Unreachable
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.documents import Documents
from node.services.finding.engines import EngineSource
from node.services.finding.indexer import Indexer
from node.services.finding.progress import Comparison, Progress
from node.services.finding.standing import Standing
from node.store.content.catalogue import Audiences
from node.store.database import Database

if TYPE_CHECKING:
    from node.search.engine import SearchEngine
    from node.search.request import SearchRequest
    from node.search.result import SearchResult, Suggestion

T = TypeVar("T")
SMALL = 3_000  # documents: an index that is built anew in a second or two
PATIENCE = 30.0  # seconds that the first questions wait for the index to be opened


class Finder:
    """One search index over one catalogue."""

    def __init__(self, database: Database, source: EngineSource, standing: Standing) -> None:
        self._standing = standing
        self._indexer = Indexer(Documents(database, standing.freshness), source)
        self.start = self._indexer.start
        self.stop = self._indexer.stop
        self.mend = self._indexer.mend

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        if change.items or change.people:
            self._indexer.hear(change)

    def hear_reference(self) -> None:
        """Take note that other reference data is in use: occupations and skills are found by its titles."""
        self._indexer.mend()

    def forget_removed(self, *, whole: bool = False) -> None:
        """Let the words of what was removed leave the index's files: soon if it is small, or however large it is."""
        self._indexer.renew(math.inf if whole else SMALL)

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until everything heard so far is found; False if that takes longer than `timeout` seconds.

        For a search server that is known to be away nobody waits.
        """
        return self.progress.state != "unreachable" and self._indexer.settle(timeout)

    def compare(self, timeout: float = 60.0) -> Comparison | None:
        """Compare index and catalogue now and mend what differs: how much did. None if that takes longer, or fails."""
        asked_at = time.time()
        self._indexer.mend()
        found = self._indexer.compared if self._indexer.settle(timeout) else None
        return found if found is not None and found.at >= asked_at else None

    @property
    def progress(self) -> Progress:
        """How far the index is."""
        return self._indexer.progress

    @property
    def compared(self) -> Comparison | None:
        """What differed when index and catalogue were last compared; None before that, and beside the core."""
        return self._indexer.compared

    @property
    def document_count(self) -> int:
        """How many documents the index holds. Raises Unreachable when a search server does not answer."""
        return self._from_engine(lambda engine: engine.count()) or 0

    def search(self, request: SearchRequest) -> SearchResult:
        """Hits in the order text × curation × freshness; while the index is built, from what it holds.

        Raises Malformed for what is not a question, Unreachable when a search server does not answer.
        """
        from node.search.result import SearchResult

        asked = replace(request, scores=self._standing)
        found = self._from_engine(lambda engine: engine.search(asked))
        if found is None:
            return SearchResult((), 0, dict.fromkeys(request.facets, ()), notes=("The search index is built anew.",))
        progress = self.progress
        return found if progress.is_whole else replace(found, notes=(*found.notes, progress.sentence()))

    def glance(self, request: SearchRequest) -> SearchResult:
        """As `search`, for what a page shows beside its own matter: nothing while the search server is away."""
        from node.search.result import SearchResult

        try:
            return self.search(request)
        except Unreachable:
            return SearchResult((), 0, dict.fromkeys(request.facets, ()))

    def suggest(
        self, prefix: str, audiences: Audiences, limit: int = 8, kinds: Sequence[str] = ()
    ) -> tuple[Suggestion, ...]:
        """Titles for what is being typed, of these kinds or of all."""
        return self._from_engine(lambda engine: engine.suggest(prefix, audiences, limit, kinds)) or ()

    def _from_engine(self, ask: Callable[[SearchEngine], T]) -> T | None:
        """What the engine says; None when its index turns out to be damaged: then a new one is begun."""
        from node.search.errors import IndexUnusable

        engine = self._ready()
        try:
            return ask(engine)
        except IndexUnusable as error:
            self._indexer.lose(engine, error.message)
            return None
        except Unreachable:
            self._indexer.doubt()
            raise

    def _ready(self) -> SearchEngine:
        from node.search.errors import IndexForbidden, SearchServerUnreachable

        engine = self._indexer.wait_open(0 if self.progress.state in ("unreachable", "forbidden") else PATIENCE)
        if engine is None and self.progress.state == "forbidden":
            raise IndexForbidden
        if engine is None:
            raise SearchServerUnreachable(self.progress.sentence())
        return engine
