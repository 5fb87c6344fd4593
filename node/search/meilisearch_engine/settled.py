"""For tests and measurements: an engine with an index of its own that waits after every write."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from node.search.document import SearchDocument
from node.search.meilisearch_engine.engine import MeilisearchEngine, MeilisearchRebuild

_SECONDS = 600.0


class SettledEngine(MeilisearchEngine):
    """Every write has happened when it returns; the index is deleted at the end."""

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Add and wait."""
        self._settled(lambda: super(SettledEngine, self).upsert(documents))

    def remove(self, ids: Iterable[str]) -> None:
        """Delete and wait."""
        self._settled(lambda: super(SettledEngine, self).remove(ids))

    def set_synonyms(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        """Set and wait."""
        self._settled(lambda: super(SettledEngine, self).set_synonyms(synonyms))

    def version(self) -> str:
        """Of the first server."""
        with suppress(Exception):  # the key may not tell
            return str(next(iter(self.servers)).client.get_version()["pkgVersion"])
        return ""

    def close(self) -> None:
        """Leave nothing on the server."""
        self._settled(
            lambda: self.servers.each(lambda server: server.outbox.add(server.client.delete_index(self.name)))
        )
        super().close()

    def _swap(self, rebuild: MeilisearchRebuild) -> None:
        self._settled(lambda: super(SettledEngine, self)._swap(rebuild))

    def _settled(self, write: Callable[[], object]) -> None:
        write()
        self.finish(_SECONDS)


def empty_engine(urls: Sequence[str], key: str) -> SettledEngine:
    """A new index of its own."""
    engine = SettledEngine(urls, key, index=f"test-{secrets.token_hex(6)}")
    engine.finish(_SECONDS)
    return engine
