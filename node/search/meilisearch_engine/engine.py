"""Servers as a `SearchEngine`. Writes are ordered and return; `finish` awaits what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Any

from node.batches import batches
from node.search.document import SearchDocument
from node.search.drift import bucket_sums
from node.search.errors import IndexUnusable, SearchServerAway, SearchServerUnreachable
from node.search.filters import visible
from node.search.meilisearch_engine.asking import filter_expression
from node.search.meilisearch_engine.merging import Answer, merge
from node.search.meilisearch_engine.preparing import prepare
from node.search.meilisearch_engine.reading import Reading
from node.search.meilisearch_engine.rows import SETTINGS, key_for, row_of
from node.search.meilisearch_engine.servers import Server, Servers, naming_failures
from node.search.request import SearchRequest
from node.search.result import SearchResult, Stats, Suggestion
from node.waiting import Line

_BATCH = 1000
_REBUILD_SECONDS = 3600.0


class MeilisearchEngine:
    """One index, on one server or dealt over several; made where it is missing. See `rights` for what the key needs."""

    lacks: frozenset[str] = frozenset({"did you mean", "typos switched off", "respelt highlights"})

    def __init__(self, urls: Sequence[str] | str, key: str = "", index: str = "skillnet", timeout: int = 10) -> None:
        self.servers = Servers([urls] if isinstance(urls, str) else list(urls), key, timeout)
        self.name = index
        self._line = Line(SearchServerAway)
        self._changing = RLock()
        self._rebuild: MeilisearchRebuild | None = None
        self._synonyms: dict[str, list[str]] = {}
        self._prepare(index)

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Ordered; can be found after `finish`."""
        for batch in batches(documents, _BATCH):
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
        """Asks each server two to four times."""
        return Reading(self._ask, request).answer()

    def suggest(
        self, prefix: str, audiences: frozenset[str], limit: int = 8, kinds: Sequence[str] = ()
    ) -> tuple[Suggestion, ...]:
        """Titles and aliases only."""
        if not any(c.isalnum() for c in prefix) or not audiences:
            return ()
        options = {
            "filter": filter_expression(visible(audiences, kinds)),
            "limit": limit * 2, "matchingStrategy": "all", "attributesToSearchOn": ["title", "aliases"],
            "attributesToRetrieve": ["id", "shown_kind", "title"], "showRankingScore": True,
        }  # fmt: skip
        hits = self._ask(prefix[:200], options)["hits"]
        found = {h["title"].casefold(): Suggestion(h["id"], h["shown_kind"], h["title"]) for h in reversed(hits)}
        return tuple(reversed(found.values()))[:limit]

    def set_synonyms(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        """A setting of the index."""
        self._synonyms = {word: list(others) for word, others in synonyms.items()}
        self._prepare(self.name)

    def rebuild(self) -> MeilisearchRebuild:
        """A new index beside; blocks only in `swap`."""
        with self._changing:
            if self._rebuild:
                self._rebuild.abandon()
            self._rebuild = MeilisearchRebuild(self, f"{self.name}-{secrets.token_hex(6)}")
            self._prepare(self._rebuild.name)
            return self._rebuild

    def finish(self, seconds: float) -> int:
        """Await every order; how many the servers could not carry out."""

        def drain(server: Server) -> int:
            server.outbox.drain(seconds)
            return server.outbox.take_failures()

        return sum(self.servers.each(drain))

    def count(self) -> int:
        """As the servers count."""
        return sum(self.servers.each(lambda server: int(server.index(self.name).get_stats().number_of_documents)))

    def fingerprints(self, bucket: int) -> dict[str, int]:
        """id → fingerprint in a bucket."""
        return dict(self._prints(f"bucket = {int(bucket)}"))

    def stats(self) -> Stats:
        """Reads every document's number: for drift checks now and then, not for every page."""
        prints = dict(self._prints(""))
        sizes = self.servers.each(lambda server: int(server.client.get_all_stats().get("databaseSize", 0)))
        return Stats(len(prints), sum(sizes), bucket_sums(prints))

    def close(self) -> None:
        """Nothing is held open at the servers."""
        self.servers.close()

    def _ask(self, text: str, options: Mapping[str, Any]) -> Answer:
        def ask() -> list[Answer]:
            return self.servers.each(lambda server: server.index(self.name).search(text, dict(options)))

        return merge(self._line.ask(ask), options)

    def _prepare(self, name: str) -> None:
        self.servers.each(lambda server: prepare(server, name, {**SETTINGS, "synonyms": self._synonyms}))

    def _write(self, name: str, documents: Sequence[SearchDocument]) -> None:
        with naming_failures():
            for server, dealt in self.servers.dealt(documents):
                server.outbox.add(server.index(name).add_documents([row_of(d) for d in dealt], "key"))

    def _delete(self, name: str, ids: Sequence[str]) -> None:
        with naming_failures():
            for server, dealt in self.servers.dealt_ids(ids):
                self._forget(server, name, [key_for(i) for i in dealt])

    @staticmethod
    def _forget(server: Server, name: str, keys: Sequence[str]) -> None:
        for batch in batches(keys, _BATCH):
            server.outbox.add(server.index(name).delete_documents(filter=f"key IN [{', '.join(batch)}]"))

    def _prints(self, expression: str) -> Iterator[tuple[str, int]]:
        for server in self.servers:
            strangers = []
            for document_id, value in self._prints_at(server, expression):
                if self.servers.at(document_id) is server:
                    yield document_id, value
                else:
                    strangers.append(key_for(document_id))
            if strangers:  # dealt when there were other servers in the set
                with naming_failures():
                    self._forget(server, self.name, strangers)

    def _prints_at(self, server: Server, expression: str) -> Iterator[tuple[str, int]]:
        offset, total = 0, 1
        while offset < total:
            asked: dict[str, Any] = {"fields": ["id", "print"], "limit": _BATCH, "offset": offset}
            if expression:
                asked["filter"] = expression
            with naming_failures():
                page = server.index(self.name).get_documents(asked)
            for row in page.results:
                yield row.id, int(row.print)
            offset, total = offset + _BATCH, page.total

    def _swap(self, rebuild: MeilisearchRebuild) -> None:
        with self._changing:
            if self._rebuild is not rebuild:
                raise IndexUnusable("This rebuild was abandoned.")
            if failed := self.finish(_REBUILD_SECONDS):
                raise SearchServerUnreachable(f"The rebuild failed: {failed} orders were not carried out.")

            def swap(server: Server) -> None:
                server.outbox.add(server.client.swap_indexes([{"indexes": [self.name, rebuild.name]}]))
                # Deleted only after the swap is done: the server does its orders one after another.
                server.outbox.add(server.client.delete_index(rebuild.name))

            self.servers.each(swap)
            self._rebuild = None

    def _abandon(self, rebuild: MeilisearchRebuild) -> None:
        with self._changing:
            if self._rebuild is rebuild:
                self._rebuild = None
            self.servers.each(lambda server: server.outbox.add(server.client.delete_index(rebuild.name)))


class MeilisearchRebuild:
    """An index being filled beside."""

    def __init__(self, engine: MeilisearchEngine, name: str) -> None:
        self._engine = engine
        self.name = name
        self._overtaken: set[str] = set()

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """What was written to the engine since the beginning is newer and stays."""
        for batch in batches(documents, _BATCH):
            self._engine._write(self.name, [d for d in batch if d.id not in self._overtaken])

    def overtake(self, documents: Sequence[SearchDocument], gone: Sequence[str]) -> None:
        """What the engine was told meanwhile."""
        self._overtaken |= {d.id for d in documents} | set(gone)
        self._engine._write(self.name, documents)
        self._engine._delete(self.name, gone)

    def swap(self) -> None:
        """Waits for the servers to have everything, then exchanges the two on each."""
        self._engine._swap(self)

    def abandon(self) -> None:
        """Delete."""
        self._engine._abandon(self)
