"""Which engine a node searches with: the embedded one, or the servers that its settings name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from node.settings.declared import Settings

if TYPE_CHECKING:
    from node.search.engine import SearchEngine


class EngineSource(Protocol):
    """Where an engine comes from. Engines are heavy to import: it is done when one is opened."""

    def open(self) -> SearchEngine:
        """What there is. Raises IndexUnusable when that is nothing or damaged, Unreachable when no server answers."""
        ...

    def create(self) -> SearchEngine:
        """An empty index, in place of what cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """An index in the data folder."""

    folder: Path

    def open(self) -> SearchEngine:
        """The index of the folder."""
        from node.search.tantivy_engine.engine import TantivyEngine

        return TantivyEngine.open(self.folder)

    def create(self) -> SearchEngine:
        """A new one there."""
        from node.search.tantivy_engine.engine import TantivyEngine

        return TantivyEngine.create(self.folder)


@dataclass(frozen=True, slots=True)
class Servers:
    """One Meilisearch server, or several that share the documents."""

    urls: tuple[str, ...]
    key: str
    index: str

    def open(self) -> SearchEngine:
        """The index there; made when it is missing."""
        from node.search.meilisearch_engine.engine import MeilisearchEngine

        return MeilisearchEngine(self.urls, self.key, self.index)

    def create(self) -> SearchEngine:
        """The same: a server looks after its own files."""
        return self.open()


def source_of(settings: Settings) -> EngineSource:
    """As the settings say."""
    urls = tuple(url.strip().rstrip("/") for url in settings.meilisearch_url.split(",") if url.strip())
    if urls:
        return Servers(urls, settings.meilisearch_key, settings.meilisearch_index)
    return Embedded(settings.data / "search")
