"""The embedded engine as a `SearchEngine`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock

from node.batches import batches
from node.search.document import SearchDocument
from node.search.errors import IndexUnusable
from node.search.filters import visible
from node.search.request import SearchRequest
from node.search.result import SearchResult, Stats, Suggestion
from node.search.tantivy_engine.damage import noticing_damage
from node.search.tantivy_engine.folder import IndexFolder
from node.search.tantivy_engine.generation import Generation
from node.search.tantivy_engine.plan import Synonyms
from node.search.tantivy_engine.reading import Reading
from node.search.tantivy_engine.suggesting import suggest
from node.search.text.tokens import tokens

_COMMIT = 20_000  # documents that a commit holds at most


class TantivyEngine:
    """Open with `TantivyEngine.open(folder)`; when that raises IndexUnusable, `create` and fill it again."""

    lacks: frozenset[str] = frozenset()

    def __init__(self, folder: IndexFolder, generation: Generation) -> None:
        self._folder = folder
        self._stamp = folder.stamp()
        self._generation = generation
        self._changing = RLock()
        self._rebuild: TantivyRebuild | None = None
        self._synonyms: Synonyms = {}

    @classmethod
    def open(cls, path: Path) -> TantivyEngine:
        """Raises IndexLost, IndexCorrupt or IndexOutdated."""
        folder = IndexFolder(path)
        return cls(folder, Generation(folder.current()))

    @classmethod
    def create(cls, path: Path) -> TantivyEngine:
        """An empty index, in place of whatever was there."""
        folder = IndexFolder(path)
        generation = folder.create()
        opened = Generation(generation)
        folder.choose(generation)
        return cls(folder, opened)

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Visible to every search that begins after this returns."""
        learn = False
        for batch in batches(documents, _COMMIT):
            with self._changing:
                learn = self._generation.upsert(batch) or learn
                if self._rebuild:
                    self._rebuild.overtake(batch, ())
        if learn:
            self._generation.learn()

    def remove(self, ids: Iterable[str]) -> None:
        """Gone for every search that begins after this returns."""
        gone = tuple(ids)
        with self._changing:
            self._generation.remove(gone)
            if self._rebuild:
                self._rebuild.overtake((), gone)

    def search(self, request: SearchRequest) -> SearchResult:
        """Raises Malformed for what is not a question, IndexCorrupt for a damaged index."""
        with noticing_damage():
            return Reading(self._current(), self._synonyms, request).answer()

    def suggest(
        self, prefix: str, audiences: frozenset[str], limit: int = 8, kinds: Sequence[str] = ()
    ) -> tuple[Suggestion, ...]:
        """Titles for what is being typed."""
        with noticing_damage():
            return suggest(self._current(), prefix, visible(audiences, kinds), limit)

    def set_synonyms(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        """Kept in memory; the node gives them at every start."""
        folded = {tuple(tokens(word)): [tuple(tokens(o)) for o in others] for word, others in synonyms.items()}
        self._synonyms = {word: [o for o in others if o] for word, others in folded.items() if word}

    def rebuild(self) -> TantivyRebuild:
        """One at a time: a rebuild that is under way is abandoned."""
        with self._changing:
            if self._rebuild:
                self._rebuild.abandon()
            self._rebuild = TantivyRebuild(self, Generation(self._folder.create()))
            return self._rebuild

    def finish(self, seconds: float) -> int:  # noqa: ARG002 - the contract of all engines
        """Nothing is ever under way here."""
        return 0

    def count(self) -> int:
        """From the index's own header."""
        with noticing_damage():
            return int(self._current().searcher().num_docs)

    def fingerprints(self, bucket: int) -> dict[str, int]:
        """id → fingerprint in a bucket."""
        return self._current().fingerprints(bucket)

    def stats(self) -> Stats:
        """Counted from the index itself, not remembered."""
        sums = self._current().sums()
        return Stats(sum(count for count, _ in sums.values()), self._folder.bytes(), sums)

    def close(self) -> None:
        """Finish writing; searches are no longer answered."""
        with self._changing:
            if self._rebuild:
                self._rebuild.abandon()
            self._generation.close()

    def _current(self) -> Generation:
        """Another process may have swapped: then its generation is opened."""
        stamp = self._folder.stamp()
        if stamp is not None and stamp != self._stamp:
            with self._changing:
                if self._folder.stamp() != self._stamp:
                    self._stamp = self._folder.stamp()
                    self._generation = Generation(self._folder.current())
        return self._generation

    def _swap(self, rebuild: TantivyRebuild, fresh: Generation) -> None:
        with self._changing:
            if self._rebuild is not rebuild:
                raise IndexUnusable("This rebuild was abandoned.")
            fresh.learn()
            old, self._generation, self._rebuild = self._generation, fresh, None
            self._folder.choose(fresh.path)
            self._stamp = self._folder.stamp()
        old.close()

    def _abandon(self, rebuild: TantivyRebuild, fresh: Generation) -> None:
        with self._changing:
            if self._rebuild is rebuild:
                self._rebuild = None
        fresh.close()
        self._folder.discard(fresh.path)


class TantivyRebuild:
    """A generation being filled aside."""

    def __init__(self, engine: TantivyEngine, fresh: Generation) -> None:
        self._engine = engine
        self._fresh = fresh
        self._overtaken: set[str] = set()
        self._adding = RLock()

    def upsert(self, documents: Iterable[SearchDocument]) -> None:
        """Add what the catalogue had; documents written to the engine since the beginning are newer and stay."""
        for batch in batches(documents, _COMMIT):
            with self._adding:
                self._fresh.upsert([d for d in batch if d.id not in self._overtaken])

    def overtake(self, documents: Sequence[SearchDocument], gone: Sequence[str]) -> None:
        """What the engine was told meanwhile."""
        with self._adding:
            self._overtaken |= {d.id for d in documents} | set(gone)
            if documents:
                self._fresh.upsert(documents)
            if gone:
                self._fresh.remove(gone)

    def swap(self) -> None:
        """From now on this one answers."""
        self._engine._swap(self, self._fresh)

    def abandon(self) -> None:
        """Throw away."""
        self._engine._abandon(self, self._fresh)
