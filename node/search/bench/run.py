"""Measure: the rows of `skillnet bench search`, as in the project's contract."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from node.search.bench.corpus import Corpus
from node.search.bench.questions import Drawn, draw, misspelt
from node.search.bench.rival import Rival
from node.search.document import SearchDocument
from node.search.engine import SearchEngine
from node.search.request import SearchRequest

FACETS = ("kind", "layer", "level", "language")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` is rival / ours for times, ours / rival for shares; `ok` whether the goal is met."""

    name: str
    unit: str
    ours: float
    rival: float | None
    rival_name: str | None
    ratio: float | None
    goal: float | None
    ok: bool

    def to_json(self) -> dict[str, Any]:
        """As a plain object."""
        return asdict(self)


Ours = Callable[[Drawn], object]
Theirs = Callable[[Rival, Drawn], object]


class Bench:
    """Ours and one rival over the same documents and questions."""

    def __init__(self, engine: SearchEngine, rival: Rival | None, *, size: int = 100_000, questions: int = 200) -> None:
        self._engine = engine
        self._rival = rival
        self._documents = list(Corpus(size, words=min(60_000, 20 * size)).documents())
        self._two = draw(self._documents, questions, 2)
        self._full = draw(self._documents, questions, 5, seed=2)
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        """Everything; a few minutes at 100,000 documents, most of it indexing."""
        ours = _seconds(lambda: self._engine.upsert(self._documents))
        rival = self._rival
        self._add("index", "s", ours, _seconds(lambda: rival.index(self._documents)) if rival else None, 40)
        self._ask(self._two[:30])
        # Shares first: upserts leave merges behind that move scores by a hair between two questions.
        self._shares()
        self._times()
        return self.rows

    def _times(self) -> None:
        two, full = self._two, self._full
        typed = [Drawn(q.wanted, (*q.words[:-1], q.words[-1][:3])) for q in two]
        wrong = [misspelt(q, 1, i) for i, q in enumerate(full)]
        self._time("exact p95", two, self._exact, lambda r, q: r.search(q.words), 10)
        self._time("keystroke p95", typed, self._typed, lambda r, q: r.search(q.words, prefix=True), 15)
        self._time("typo and facets p95", wrong, self._faceted, None, 20)
        self._time("browse facets p95", two[:50], self._browse, lambda r, _: r.facets(()), 25)
        self._time("upsert visible p95", two[:50], self._upsert, lambda r, q: r.upsert(self._found(q)), 50)

    def _exact(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text))

    def _typed(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text.rstrip()))

    def _faceted(self, question: Drawn) -> None:
        self._engine.search(SearchRequest(question.text, facets=FACETS))

    def _browse(self, _: Drawn) -> None:
        self._engine.search(SearchRequest("", facets=FACETS))

    def _upsert(self, question: Drawn) -> None:
        self._engine.upsert([self._found(question)])

    def _shares(self) -> None:
        clean = self._ask(self._full)
        for typos, goal in ((1, 0.98), (2, 0.88)):
            wrong = self._ask([misspelt(q, typos, i) for i, q in enumerate(self._full)])
            success = [q.wanted in found for q, found in zip(self._full, wrong, strict=True)]
            self._add(f"{typos} typo success@10", "share", _mean(success), None, goal, least=True)
            if typos == 1:
                overlaps = [_overlap(a, b) for a, b in zip(clean, wrong, strict=True)]
                self._add("1 typo overlap with clean", "share", _mean(overlaps), None, 0.88, least=True)
        strict = self._ask(self._full, typos=False)
        same = [a[: len(b[:3])] == b[:3] for a, b in zip(clean, strict, strict=True)]
        self._add("clean top 3 unchanged by tolerance", "share", _mean(same), None, 1.0, least=True)

    def _ask(self, questions: Sequence[Drawn], *, typos: bool = True) -> list[list[str]]:
        answers = (self._engine.search(SearchRequest(q.text, typos=typos, snippets=False)) for q in questions)
        return [[hit.id for hit in answer.hits] for answer in answers]

    def _found(self, question: Drawn) -> SearchDocument:
        return self._documents[int(question.wanted.rsplit("/", 1)[1])]

    def _time(self, name: str, questions: Sequence[Drawn], ours: Ours, theirs: Theirs | None, goal: float) -> None:
        rival = self._rival
        compared = _p95(partial(theirs, rival), questions) if rival and theirs else None
        self._add(name, "ms", _p95(ours, questions), compared, goal)

    def _add(self, name: str, unit: str, ours: float, rival: float | None, goal: float, *, least: bool = False) -> None:
        rival_name = self._rival.name if self._rival and rival is not None else None
        ratio = round(rival / ours, 2) if rival is not None and ours else None
        ok = ours >= goal if least else ours <= goal
        shown = None if rival is None else round(rival, 3)
        self.rows.append(Row(name, unit, round(ours, 3), shown, rival_name, ratio, goal, ok))


def bench_embedded(folder: Path, *, size: int = 100_000, questions: int = 200) -> list[Row]:
    """The embedded engine beside FTS5, both in an empty folder."""
    from node.search.bench.fts5_rival import Fts5Rival
    from node.search.tantivy_engine.engine import TantivyEngine

    engine, rival = TantivyEngine.create(folder / "ours"), Fts5Rival(folder)
    try:
        return Bench(engine, rival, size=size, questions=questions).run()
    finally:
        engine.close()
        rival.close()


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _p95(do: Callable[[Drawn], object], questions: Sequence[Drawn]) -> float:
    took = sorted(_seconds(partial(do, q)) for q in questions)
    return took[int(len(took) * 0.95)] * 1000


def _overlap(one: list[str], other: list[str]) -> float:
    return len(set(one) & set(other)) / max(1, len(one))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
