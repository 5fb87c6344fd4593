"""What another search engine must do to be measured beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from node.search.document import SearchDocument


class Rival(Protocol):
    """Made empty; every call is timed."""

    name: str

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add all of them."""
        ...

    def search(self, words: Sequence[str], *, prefix: bool = False) -> list[str]:
        """The ten best ids for all of these words, the last one a beginning if asked."""
        ...

    def facets(self, words: Sequence[str]) -> None:
        """Count documents by kind, layer, level and language; all documents when there are no words."""
        ...

    def upsert(self, document: SearchDocument) -> None:
        """Replace one, visibly."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
