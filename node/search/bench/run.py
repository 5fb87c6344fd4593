"""Measure: the rows of `skillnet bench search`, ours and rivals over the same documents and questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from node.search.bench.corpus import Corpus
from node.search.bench.goals import HOSTILE_MS, LARGE, MEMORY_MB, UPSERT_MS, index_goal, query_goal
from node.search.bench.memory import own_megabytes
from node.search.bench.questions import Drawn, draw, hostile, misspelt
from node.search.bench.rival import Rival
from node.search.bench.rows import Row, row_of
from node.search.document import SearchDocument
from node.search.engine import SearchEngine
from node.search.request import SearchRequest

FACETS = ("kind", "layer", "level", "language")
_BATCH = 20_000
_FEW = 10
"""Rivals replace so many: a server takes seconds for each while a machine is busy."""

Say = Callable[[str], None]
Ours = Callable[[Drawn], object]
Theirs = Callable[[Rival, Drawn], object]


class Bench:
    """Ours and rivals over the same documents and questions. Documents are made in batches and not kept."""

    def __init__(
        self, engine: SearchEngine, rivals: Sequence[Rival], *, size: int, questions: int, say: Say = lambda _: None
    ) -> None:
        self._engine = engine
        self._rivals = rivals
        self._size = size
        self._say = say
        self._corpus = Corpus(size, words=min(60_000, 20 * size))
        self._drawn = self._sample(questions)
        self._two, self._full = draw(self._drawn, 2), draw(self._drawn, 5)
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        """Everything; a few minutes at 100,000 documents, most of it indexing."""
        self._index()
        self._ask(self._two[:30])
        # Shares first: upserts leave merges behind that move scores by a hair between two questions.
        self._shares()
        self._times()
        return self.rows

    def _sample(self, questions: int) -> list[SearchDocument]:
        import numpy as np

        wanted = set(np.random.default_rng(1).integers(0, self._size, questions).tolist())
        return [document for i, document in enumerate(self._corpus.documents()) if i in wanted]

    def _index(self) -> None:
        before = own_megabytes()
        fresh = self._engine.rebuild()
        ours = self._fill(fresh.upsert, "indexing") + _seconds(fresh.swap)
        self._ask(self._two)
        memory = own_megabytes() - before
        compared = [(rival.name, self._fill(rival.index, rival.name)) for rival in self._rivals]
        self._add("index", "s", ours, index_goal(self._size), compared)
        if before:
            self._add("memory for the index and its writer", "MB", memory, MEMORY_MB if self._size <= 100_000 else None)
        self._add("index on disk", "MB", self._engine.stats().bytes / 1e6, None)

    def _fill(self, add: Callable[[list[SearchDocument]], object], what: str) -> float:
        """Seconds that adding all took, without those of making documents. None of them is left in memory."""
        return sum(_seconds(partial(add, batch)) for batch in self._batches(what))

    def _batches(self, what: str) -> Iterator[list[SearchDocument]]:
        documents = self._corpus.documents()
        for start in range(0, self._size, _BATCH):
            self._say(f"{what}: {start:,} of {self._size:,}")
            yield list(islice(documents, _BATCH))

    def _times(self) -> None:
        two, full = self._two, self._full
        typed = [Drawn(q.wanted, (*q.words[:-1], q.words[-1][:3])) for q in two]
        begun = [Drawn(q.wanted, (q.words[0][: 1 + i % 2],)) for i, q in enumerate(two)]
        wrong = [misspelt(q, 1, i) for i, q in enumerate(full)]
        self._time("exact", two, self._exact, lambda r, q: r.search(q.words))
        self._time("keystroke", typed, self._typed, lambda r, q: r.search(q.words, prefix=True))
        self._time("first letters", begun, self._typed, lambda r, q: r.search(q.words, prefix=True))
        self._time("one typo and facets", wrong, self._faceted, lambda r, q: r.facets(q.clean))
        self._time("browse facets", two[:50], self._browse, lambda r, _: r.facets(()))
        self._say("hostile questions")
        odd = [Drawn("", (text,)) for text in hostile(self._corpus.vocabulary())]
        slowest = max(_seconds(partial(self._faceted, question)) for question in odd) * 1000
        self._add("hostile questions, slowest", "ms", slowest, HOSTILE_MS if self._size < LARGE else None)
        self._say("upserts")
        changed = self._drawn[:50]
        compared = [(r.name, _p95([partial(r.upsert, d) for d in changed[:_FEW]])) for r in self._rivals]
        ours = _p95([partial(self._engine.upsert, [d]) for d in changed])
        self._add("upsert visible p95", "ms", ours, UPSERT_MS, compared)

    def _exact(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text))

    def _typed(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text.rstrip()))

    def _faceted(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text, facets=FACETS))

    def _browse(self, _: Drawn) -> None:
        self._engine.search(SearchRequest("", facets=FACETS))

    def _shares(self) -> None:
        self._say("misspelling")
        clean = self._ask(self._full)
        for typos, goal in ((1, 0.98), (2, 0.88)):
            wrong = self._ask([misspelt(q, typos, i) for i, q in enumerate(self._full)])
            success = [q.wanted in found for q, found in zip(self._full, wrong, strict=True)]
            self._add(f"{typos} typo success@10", "share", _mean(success), goal, least=True)
            if typos == 1:
                overlaps = [_overlap(a, b) for a, b in zip(clean, wrong, strict=True)]
                self._add("1 typo overlap with clean", "share", _mean(overlaps), 0.88, least=True)
        strict = self._ask(self._full, typos=False)
        same = [a[: len(b[:3])] == b[:3] for a, b in zip(clean, strict, strict=True)]
        self._add("clean top 3 unchanged by tolerance", "share", _mean(same), 1.0, least=True)

    def _ask(self, questions: Sequence[Drawn], *, typos: bool = True) -> list[list[str]]:
        answers = (self._engine.search(SearchRequest(q.text, typos=typos, snippets=False)) for q in questions)
        return [[hit.id for hit in answer.hits] for answer in answers]

    def _time(self, name: str, questions: Sequence[Drawn], ours: Ours, theirs: Theirs) -> None:
        self._say(name)
        compared = [(r.name, _p95([partial(theirs, r, q) for q in questions])) for r in self._rivals]
        goal = query_goal(name, self._size)
        self._add(f"{name} p95", "ms", _p95([partial(ours, q) for q in questions]), goal, compared)

    def _add(
        self,
        name: str,
        unit: str,
        ours: float,
        goal: float | None,
        rivals: Sequence[tuple[str, float]] = (),
        *,
        least: bool = False,
    ) -> None:
        self.rows += [row_of(name, unit, ours, goal, rival, least=least) for rival in rivals or (None,)]


def bench_embedded(
    folder: Path,
    *,
    size: int = 100_000,
    questions: int = 200,
    servers: Sequence[str] = (),
    key: str = "",
    say: Say = lambda _: None,
) -> list[Row]:
    """The embedded engine beside FTS5, both in an empty folder; and beside Meilisearch, where servers are named."""
    from node.search.bench.fts5_rival import Fts5Rival
    from node.search.tantivy_engine.engine import TantivyEngine

    rivals: list[Rival] = [Fts5Rival(folder)]
    if servers:
        from node.search.bench.meilisearch_rival import MeilisearchRival

        rivals.append(MeilisearchRival(servers, key))
    engine = TantivyEngine.create(folder / "ours")
    try:
        return Bench(engine, rivals, size=size, questions=questions, say=say).run()
    finally:
        engine.close()
        for rival in rivals:
            rival.close()


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _p95(calls: Sequence[Callable[[], object]]) -> float:
    took = sorted(map(_seconds, calls))
    return took[int(len(took) * 0.95)] * 1000


def _overlap(one: list[str], other: list[str]) -> float:
    return len(set(one) & set(other)) / max(1, len(one))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
