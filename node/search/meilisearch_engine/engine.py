"""The server as a `SearchEngine`. Writes are ordered and return; `outbox.poll` tells what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import RLock
from typing import Any

from node.search.document import SearchDocument
from node.search.drift import bucket_sums
from node.search.errors import IndexUnusable, SearchServerUnreachable
from node.search.filters import Filters
from node.search.meilisearch_engine.asking import filter_expression
from node.search.meilisearch_engine.outbox import Outbox
from node.search.meilisearch_engine.reading import Reading
from node.search.meilisearch_engine.rows import SETTINGS, key_for, row_of
from node.search.request import SearchRequest
from node.search.result import SearchResult, Stats, Suggestion

_BATCH = 1000
_REBUILD_SECONDS = 3600.0


@contextmanager
def naming_failures() -> Iterator[None]:
    """Raises SearchServerUnreachable for whatever the client reports."""
    from meilisearch.errors import MeilisearchError

    try:
        yield
    except MeilisearchError as error:
        raise SearchServerUnreachable(f"The search server did not do that: {str(error)[:300]}") from error


class MeilisearchEngine:
    """One index on one server, made when it is not there. The key needs rights to this index and its rebuilds only."""

    lacks: frozenset[str] = frozenset({"did you mean", "typos switched off", "respelt highlights"})

    def __init__(self, url: str, key: str = "", index: str = "skillnet", timeout: int = 10) -> None:
        import meilisearch

        self._client: Any = meilisearch.Client(url, key or None, timeout=timeout)
        self.name = index
        self.outbox = Outbox(self._client)
        self._changing = RLock()
        self._rebuild: MeilisearchRebuild | None = None
        self._synonyms: dict[str, list[str]] = {}
        with naming_failures():
            self._prepare(index)

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Ordered; visible when the outbox is empty."""
        for batch in _batches(documents):
            with self._changing:
                self._write(self.name, batch)
                if self._rebuild:
                    self._rebuild.overtake(batch, ())

    def remove(self, ids: Iterable[str]) -> None:
        """Ordered."""
        gone = tuple(ids)
        with self._changing:
            self._delete(self.name, gone)
            if self._rebuild:
                self._rebuild.overtake((), gone)

    def search(self, request: SearchRequest) -> SearchResult:
        """Asks the server two to four times."""
        with naming_failures():
            return Reading(self._client.index(self.name), request).answer()

    def suggest(self, prefix: str, audiences: frozenset[str], limit: int = 8) -> tuple[Suggestion, ...]:
        """Titles and aliases only."""
        if not any(c.isalnum() for c in prefix) or not audiences:
            return ()
        options = {
            "filter": filter_expression(Filters((), (), tuple(sorted(audiences)))),
            "limit": limit * 2, "matchingStrategy": "all", "attributesToSearchOn": ["title", "aliases"],
            "attributesToRetrieve": ["id", "shown_kind", "title"],
        }  # fmt: skip
        with naming_failures():
            hits = self._client.index(self.name).search(prefix[:200], options)["hits"]
        found = {h["title"].casefold(): Suggestion(h["id"], h["shown_kind"], h["title"]) for h in reversed(hits)}
        return tuple(reversed(found.values()))[:limit]

    def set_synonyms(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        """A setting of the index."""
        self._synonyms = {word: list(others) for word, others in synonyms.items()}
        with naming_failures():
            self.outbox.add(self._client.index(self.name).update_settings({"synonyms": self._synonyms}))

    def rebuild(self) -> MeilisearchRebuild:
        """A new index beside; blocks only in `swap`."""
        with self._changing, naming_failures():
            if self._rebuild:
                self._rebuild.abandon()
            self._rebuild = MeilisearchRebuild(self, f"{self.name}-{secrets.token_hex(6)}")
            self._prepare(self._rebuild.name)
            return self._rebuild

    def fingerprints(self, bucket: int) -> dict[str, int]:
        """id → fingerprint in a bucket."""
        return dict(self._prints(f"bucket = {int(bucket)}"))

    def stats(self) -> Stats:
        """Reads every document's number: for drift checks now and then, not for every page."""
        prints = dict(self._prints(""))
        with naming_failures():
            size = int(self._client.get_all_stats().get("databaseSize", 0))
        return Stats(len(prints), size, bucket_sums(prints))

    def close(self) -> None:
        """Nothing is held open."""

    def _prepare(self, name: str) -> None:
        self.outbox.add(self._client.create_index(name, {"primaryKey": "key"}))
        self.outbox.add(self._client.index(name).update_settings({**SETTINGS, "synonyms": self._synonyms}))

    def _write(self, name: str, documents: Sequence[SearchDocument]) -> None:
        if documents:
            with naming_failures():
                self.outbox.add(self._client.index(name).add_documents([row_of(d) for d in documents], "key"))

    def _delete(self, name: str, ids: Sequence[str]) -> None:
        if ids:
            with naming_failures():
                self.outbox.add(self._client.index(name).delete_documents([key_for(i) for i in ids]))

    def _prints(self, expression: str) -> Iterator[tuple[str, int]]:
        offset = 0
        while True:
            asked: dict[str, Any] = {"fields": ["id", "print"], "limit": _BATCH, "offset": offset}
            if expression:
                asked["filter"] = expression
            with naming_failures():
                page = self._client.index(self.name).get_documents(asked)
            for row in page.results:
                yield row.id, int(row.print)
            offset += _BATCH
            if offset >= page.total:
                return

    def _swap(self, rebuild: MeilisearchRebuild) -> None:
        with self._changing, naming_failures():
            if self._rebuild is not rebuild:
                raise IndexUnusable("This rebuild was abandoned.")
            failures = len(self.outbox.failures)
            self.outbox.drain(_REBUILD_SECONDS)
            if any(f.what != "indexCreation" for f in list(self.outbox.failures)[failures:]):
                raise SearchServerUnreachable(f"The rebuild failed: {self.outbox.failures[-1].reason}")
            self.outbox.add(self._client.swap_indexes([{"indexes": [self.name, rebuild.name]}]))
            self._rebuild = None
            # Deleted only after the swap is done: the server does its orders one after another.
            self.outbox.add(self._client.delete_index(rebuild.name))

    def _abandon(self, rebuild: MeilisearchRebuild) -> None:
        with self._changing, naming_failures():
            if self._rebuild is rebuild:
                self._rebuild = None
            self.outbox.add(self._client.delete_index(rebuild.name))


class MeilisearchRebuild:
    """An index being filled beside."""

    def __init__(self, engine: MeilisearchEngine, name: str) -> None:
        self._engine = engine
        self.name = name
        self._overtaken: set[str] = set()

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """What was written to the engine since the beginning is newer and stays."""
        for batch in _batches(documents):
            self._engine._write(self.name, [d for d in batch if d.id not in self._overtaken])

    def overtake(self, documents: Sequence[SearchDocument], gone: Sequence[str]) -> None:
        """What the engine was told meanwhile."""
        self._overtaken |= {d.id for d in documents} | set(gone)
        self._engine._write(self.name, documents)
        self._engine._delete(self.name, gone)

    def swap(self) -> None:
        """Waits for the server to have everything, then exchanges the two."""
        self._engine._swap(self)

    def abandon(self) -> None:
        """Delete."""
        self._engine._abandon(self)


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    iterator = iter(documents)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
