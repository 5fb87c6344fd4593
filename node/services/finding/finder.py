"""Keeps the search index equal to the catalogue and answers questions in the blended order."""

from __future__ import annotations

import queue
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from node.logs import get_logger
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding import documents
from node.services.finding.standing import Standing
from node.store.catalogue import Audiences
from node.store.database import Database

if TYPE_CHECKING:
    from node.search.engine import SearchEngine
    from node.search.request import SearchRequest
    from node.search.result import SearchResult, Suggestion

BATCH = 500
_REFERENCE = object()
GATHER = 0.05  # seconds to wait for more changes, so that a flood is indexed in batches


class Finder:
    """One search index over one catalogue."""

    def __init__(self, database: Database, folder: Path, standing: Standing) -> None:
        self._database = database
        self._folder = folder
        self._standing = standing
        self._heard: queue.Queue[object] = queue.Queue()
        self._opened = threading.Event()
        self._engine: SearchEngine | None = None
        self._thread: threading.Thread | None = None
        self._log = get_logger("search")

    def start(self) -> None:
        """Open or build the index in the background, then follow what `hear` is told."""
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what was heard and let go of the files."""
        if self._thread is not None:
            self._heard.put(None)
            self._thread.join()
            self._thread = None

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        self._heard.put(change)

    def hear_reference(self) -> None:
        """Take note that other reference data is in use: occupations are found by its titles."""
        self._heard.put(_REFERENCE)

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until everything heard so far is found; False if that takes longer than `timeout` seconds."""
        done = threading.Event()
        self._heard.put(done)
        return done.wait(timeout)

    def search(self, request: SearchRequest) -> SearchResult:
        """Hits in the order text × curation × freshness. Raises Malformed for what is not a question."""
        return self._ready().search(replace(request, scores=self._standing))

    def suggest(self, prefix: str, audiences: Audiences, limit: int = 8) -> tuple[Suggestion, ...]:
        """Titles for what is being typed."""
        return self._ready().suggest(prefix, audiences, limit)

    @property
    def document_count(self) -> int:
        """How many documents the index holds."""
        return self._ready().stats().documents

    def _ready(self) -> SearchEngine:
        self._opened.wait(30)
        if self._engine is None:
            raise RuntimeError("the search index is not open")
        return self._engine

    def _run(self) -> None:
        self._open()
        while (change := self._heard.get()) is not None:
            if isinstance(change, threading.Event):
                change.set()
                continue
            try:
                if isinstance(change, CatalogueChange):
                    self._follow(self._gather(change))
                else:
                    self.rebuild()
            except Exception as error:  # noqa: BLE001 - the index is derived: report, and mend at the next start
                self._log.error("indexing failed", error=str(error), exc_info=error)
        if self._engine is not None:
            self._engine.close()

    def _gather(self, first: CatalogueChange) -> CatalogueChange:
        """`first` and what else arrives within a moment."""
        while True:
            try:
                more = self._heard.get(timeout=GATHER)
            except queue.Empty:
                return first
            if not isinstance(more, CatalogueChange):
                self._heard.put(more)
                return first
            first.items |= more.items
            first.people |= more.people

    def _open(self) -> None:
        from node.search.errors import IndexUnusable
        from node.search.tantivy_engine.engine import TantivyEngine

        try:
            engine = TantivyEngine.open(self._folder)
        except IndexUnusable as error:
            self._log.info("search index is built anew", reason=str(error))
            engine = TantivyEngine.create(self._folder)
        self._engine = engine
        self._opened.set()
        with self._database.read() as session:
            expected = sum(1 for _ in documents.all_documents(session))
        if engine.stats().documents != expected:
            self.rebuild()

    def rebuild(self) -> None:
        """Build the index aside from the catalogue and swap it in."""
        fresh = self._ready().rebuild()
        try:
            with self._database.read() as session:
                fresh.upsert(documents.all_documents(session))
        except BaseException:
            fresh.abandon()
            raise
        fresh.swap()

    def _follow(self, change: CatalogueChange) -> None:
        engine = self._ready()
        with self._database.read() as session:
            # An item is found by its author's organisation, which may have become known after the item.
            items = list(documents.documents_of(session, change.items | documents.items_by(session, change.people)))
            people = list(documents.people_documents(session)) if change.people else []
        gone = (change.items | change.people) - {document.id for document in (*items, *people)}
        if gone:
            engine.remove(sorted(gone))
        if items or people:
            engine.upsert([*items, *people])
