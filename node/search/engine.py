"""The contract of every search engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from node.search.document import SearchDocument
from node.search.request import SearchRequest
from node.search.result import SearchResult, Stats, Suggestion


class Rebuild(Protocol):
    """An index being built aside. What is written to the engine meanwhile reaches this one as well, and wins."""

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Add a batch."""
        ...

    def swap(self) -> None:
        """Make this index the one that answers; the old one is deleted."""
        ...

    def abandon(self) -> None:
        """Throw away what was built."""
        ...


class SearchEngine(Protocol):
    """Calls may come from several threads. They block: an event loop calls them in a thread.

    `lacks` says what this engine cannot do; the behaviour suite and `skillnet doctor` name it.
    """

    lacks: frozenset[str]

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Add or replace; visible to searches when this returns (embedded), or soon after (a server)."""
        ...

    def remove(self, ids: Iterable[str]) -> None:
        """Forget; unknown ids are no error."""
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer. Raises Malformed for what is not a question, IndexUnusable when the index is damaged."""
        ...

    def suggest(
        self, prefix: str, audiences: frozenset[str], limit: int = 8, kinds: Sequence[str] = ()
    ) -> tuple[Suggestion, ...]:
        """Titles that begin with, or contain a word that begins with, what is being typed; of all kinds for none."""
        ...

    def set_synonyms(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        """Words or phrases → others that find the same, at less weight. Replaces those set before."""
        ...

    def rebuild(self) -> Rebuild:
        """Begin a new index aside while this one keeps answering."""
        ...

    def finish(self, seconds: float) -> int:
        """Wait until what was written can be found; how many writes failed since this was last asked.

        Raises Unreachable when it takes longer.
        """
        ...

    def count(self) -> int:
        """How many documents there are, at little cost."""
        ...

    def fingerprints(self, bucket: int) -> dict[str, int]:
        """id → fingerprint of every document in a bucket, to mend drift."""
        ...

    def stats(self) -> Stats:
        """Count, size and checksums."""
        ...

    def close(self) -> None:
        """Write what is pending and let go of files."""
        ...
