"""A Meilisearch server with the node's documents and settings, where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from node.search.document import SearchDocument
from node.search.meilisearch_engine.settled import empty_engine
from node.search.request import SearchRequest

_FACETS = ("kind", "layer", "level", "language")


class MeilisearchRival:
    """An index of its own, deleted at the end."""

    def __init__(self, urls: Sequence[str], key: str) -> None:
        self._engine = empty_engine(urls, key)
        self.name = f"Meilisearch {self._engine.version()}"

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add and wait."""
        self._engine.upsert(documents)

    def search(self, words: Sequence[str], *, prefix: bool = False) -> list[str]:
        """The ten best."""
        text = " ".join(words) if prefix else " ".join(words) + " "
        return [hit.id for hit in self._engine.search(SearchRequest(text)).hits]

    def facets(self, words: Sequence[str]) -> None:
        """Count."""
        self._engine.search(SearchRequest(" ".join(words), facets=_FACETS))

    def upsert(self, document: SearchDocument) -> None:
        """Replace and wait."""
        self._engine.upsert([document])

    def close(self) -> None:
        """Delete the index."""
        self._engine.close()
