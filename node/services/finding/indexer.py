"""Keeps one engine equal to the catalogue, in a thread of its own.

Changes are indexed in small batches as they come. At the start, and now and then, checksums are compared and what
differs is mended: that is also how a change is made good that a killed process did not get to. A lost or damaged
index is begun anew and filled while it answers already; a form of documents that changed is built aside and swapped.
So is an index in the data folder from which something was removed: its files keep the words until they are merged.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from node.errors import NodeError
from node.logs import get_logger
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.documents import Documents
from node.services.finding.engines import Embedded, EngineSource
from node.services.finding.errands import Damaged, Errands, Mend, Renewal, Work
from node.services.finding.progress import Comparison, Progress, State, find_hindrance

if TYPE_CHECKING:
    from node.search.document import SearchDocument
    from node.search.engine import SearchEngine

SWAP_FROM = 0.5  # share of stale documents from which an index is built aside instead of mended in place …
SWAP_AT_LEAST = 1_000  # … unless they are few, or …
MOST_MISSING = 0.5  # … this share is not in the index at all: then it is filled as one that is begun anew
FINISH = 60.0  # seconds that a server may take for one batch
LONGEST_REST = 10.0  # seconds between tries while a server does not answer, each of which asks one thing only


class Indexer:
    """Start it once; `hear` and `mend` may be called from any thread."""

    def __init__(self, documents: Documents, source: EngineSource) -> None:
        self._documents = documents
        self._source = source
        self._errands = Errands()
        self._stopping = threading.Event()
        self._opened = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._has_removed = False
        self._is_doubted = False
        self._log = get_logger("search")
        self.engine: SearchEngine | None = None
        self.progress = Progress(since=time.time())
        self.compared: Comparison | None = None

    def start(self) -> None:
        """Open or build the index in the background, then follow what `hear` is told."""
        self._errands.put(Mend())
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what was heard and let go of the files; what is left undone is mended at the next start."""
        if self._thread is not None:
            self._stopping.set()
            self._errands.put(None)
            self._thread.join()
            self._thread = None

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change."""
        self._errands.put(change)

    def mend(self) -> None:
        """Compare checksums and index what differs, soon."""
        self._errands.put(Mend())

    def doubt(self) -> None:
        """A search was not answered: see whether the server is there, unless that is under way."""
        if self.progress.state != "unreachable" and not self._is_doubted:
            self._is_doubted = True
            self.mend()

    def renew(self, most: float) -> None:
        """Build an index of at most `most` documents anew, if something was removed since it was built."""
        if self._has_removed:
            self._errands.put(Renewal(most))

    def lose(self, engine: SearchEngine, reason: str) -> None:
        """A search found this engine's index damaged: a new one is begun."""
        self._errands.put(Damaged(engine, reason))

    def settle(self, timeout: float) -> bool:
        """Wait until everything heard so far is found; False if that takes longer than `timeout` seconds."""
        done = threading.Event()
        self._errands.put(done)
        return done.wait(timeout)

    def wait_open(self, timeout: float) -> SearchEngine | None:
        """The engine as soon as there is one."""
        self._opened.wait(timeout)
        return self.engine

    def _run(self) -> None:
        while (errand := self._errands.next()) is not None:
            if isinstance(errand, threading.Event):
                errand.set()
            else:
                self._guarded(errand)
        self._let_go()

    def _let_go(self) -> None:
        """What is damaged may not even close."""
        if self.engine is not None:
            with contextlib.suppress(NodeError):
                self.engine.close()

    def _guarded(self, work: Work) -> None:
        """The index is derived: whatever fails is reported, and made good by comparing checksums."""
        from node.search.errors import IndexBusy, IndexUnusable

        try:
            self._do(work)
            self._failures = 0
        except IndexUnusable as error:
            if isinstance(error, IndexBusy):
                self._try_again(error)
            else:
                self._begin_anew(str(error))
        except Exception as error:  # noqa: BLE001 - see above
            self._try_again(error)

    def _try_again(self, error: Exception) -> None:
        self._failures += 1
        if (state := find_hindrance(error)) is not None:  # what is indexed is sound, and answers
            self._say(state, reason=str(error))
        if self._failures == 1:  # of an outage of hours the log tells once
            self._log.error("indexing failed", error=str(error), exc_info=error)
        self._stopping.wait(min(LONGEST_REST, 2.0 ** min(self._failures - 1, 10)))
        if not self._stopping.is_set():
            self._errands.mend_instead(again=self._failures > 1)

    def _do(self, work: Work) -> None:
        if isinstance(work, Damaged):
            if work.engine is self.engine:  # not yet replaced
                self._begin_anew(work.reason)
            return
        self._is_doubted = False
        engine = self._open()
        if isinstance(work, CatalogueChange):
            self._follow(engine, self._errands.gathered(work))
        elif isinstance(work, Renewal):
            self._renew(engine, work.most)
        else:
            self._mend(engine)

    def _open(self) -> SearchEngine:
        if self.engine is None:
            self._documents.load()
            self._use(self._source.open())
        assert self.engine is not None
        return self.engine

    def _use(self, engine: SearchEngine) -> None:
        self.engine = engine
        self._opened.set()

    def _begin_anew(self, reason: str) -> None:
        """Searches are answered from the new index at once: from what it holds by then."""
        say = self._log.warning if self.engine is not None else self._log.info
        say("search index is built anew", reason=reason)
        try:
            self._let_go()
            self._documents.load()
            self._use(self._source.create())
            assert self.engine is not None
            self._say("building", reason=reason)
            self._mend(self.engine)
        except Exception as error:  # noqa: BLE001 - a full disk, say: tried again, with rests
            self._try_again(error)

    def _follow(self, engine: SearchEngine, change: CatalogueChange) -> None:
        documents, gone = self._documents.changed(change)
        if gone:
            self._remove(engine, gone)
        if documents:
            engine.upsert(documents)
        self._check(engine)

    def _remove(self, engine: SearchEngine, ids: Collection[str]) -> None:
        engine.remove(ids)
        self._has_removed = isinstance(self._source, Embedded)  # a server's files are its own

    def _renew(self, engine: SearchEngine, most: float) -> None:
        if self._has_removed and engine.count() <= most:
            self._swap(engine, self._documents.prints())
            self._has_removed = False
            self._say("ready")

    def _check(self, engine: SearchEngine) -> None:
        failed = engine.finish(FINISH)
        if failed:
            self._log.error("the search server refused writes", count=failed)
            self.mend()

    def _mend(self, engine: SearchEngine) -> None:
        """Index what differs; what is published meanwhile goes first."""
        from node.search.drift import find_drift

        had = engine.count()  # first: nothing is read for a server that is not there
        prints = self._documents.prints()
        drift = find_drift(engine, prints)
        self.compared = Comparison(len(drift.stale), len(drift.surplus), time.time(), had)
        if not drift:
            self._say("ready")
            return
        self._log.info("search index is mended", stale=len(drift.stale), surplus=len(drift.surplus), holds=had)
        missing = len(prints) - (had - len(drift.surplus))
        # After a first import nearly all is missing: found as it comes, and what is found must not pass for all.
        whole = self.progress.state != "building" and missing < MOST_MISSING * len(prints)
        self._say("mending" if whole else "building", total=len(drift.stale), reason=self.progress.reason)
        if whole and len(drift.stale) > max(SWAP_AT_LEAST, SWAP_FROM * len(prints)):
            self._swap(engine, prints)
        else:
            if drift.surplus:
                self._remove(engine, drift.surplus)
            self._fill(drift.stale, engine.upsert)
        self._check(engine)
        if not self._stopping.is_set():
            self._say("ready")

    def _swap(self, engine: SearchEngine, ids: Collection[str]) -> None:
        """Nearly all is stale: the old index answers until the new one is whole."""
        fresh = engine.rebuild()
        try:
            self._fill(ids, fresh.upsert)
        except BaseException:
            fresh.abandon()
            raise
        if self._stopping.is_set():
            fresh.abandon()
        else:
            fresh.swap()

    def _fill(self, ids: Collection[str], add: Callable[[list[SearchDocument]], None]) -> None:
        self.progress = replace(self.progress, total=len(ids))
        for page in self._documents.of(ids):
            add(page)
            self.progress = replace(self.progress, done=self.progress.done + len(page))
            self._follow_meanwhile()
            if self._stopping.is_set():
                return

    def _follow_meanwhile(self) -> None:
        """Changes do not wait for a long rebuild; everything else does."""
        assert self.engine is not None
        for change in self._errands.changes():
            self._follow(self.engine, change)

    def _say(self, state: State, *, total: int = 0, reason: str = "") -> None:
        self.progress = Progress(state, 0, total, reason, time.time())
