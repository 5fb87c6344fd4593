"""Answer a request from one generation: candidates by text in tiers, order by blending, then facets and snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy

from node.search.blend import Candidate, Placed, relative, show
from node.search.document import FACETS
from node.search.filters import Filters, merge_filters
from node.search.query.parse import parse_question
from node.search.query.question import Question
from node.search.request import CANDIDATES, SearchRequest, Sort
from node.search.result import FacetCount, Hit, SearchResult
from node.search.snippet import highlight, snippet
from node.search.tantivy_engine.compile import Compiler
from node.search.tantivy_engine.generation import Generation
from node.search.tantivy_engine.matching import matcher
from node.search.tantivy_engine.plan import Plan, Reach, Synonyms, make_plan
from node.search.text.tokens import spans

DEEPEST = 1000
"""No page begins after so many hits."""
_ENOUGH = 10
"""With so many hits no more generous reading of a question is tried."""
_FILL_BELOW = 0.5
"""What matches only some words counts at most half of the last that matches all."""
_MOST_VALUES = 100

_SORTED_BY = {
    Sort.NEWEST: ("updated", tantivy.Order.Desc),
    Sort.OLDEST: ("updated", tantivy.Order.Asc),
    Sort.SHORTEST: ("minutes", tantivy.Order.Asc),
}


@dataclass(slots=True)
class _Found:
    """What the tiers brought together. `query` is the widest one used: it is what is counted."""

    query: Any = None
    plan: Plan | None = None
    total: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    addresses: dict[str, Any] = field(default_factory=dict)


class Reading:
    """One search, from the question to the page."""

    def __init__(self, generation: Generation, synonyms: Synonyms, request: SearchRequest) -> None:
        self._generation = generation
        self._synonyms = synonyms
        self._request = request
        self._searcher = generation.searcher()
        frequencies = generation.frequencies(self._searcher, request.audiences)
        self._compiler = Compiler(generation.schema, frequencies)
        self._lexicon = generation.lexicon(frequencies)
        self._question = parse_question(request.text, instant=request.instant)
        self._filters = merge_filters(self._question, request)
        # Where only counts are wanted, candidates decide no more than which tiers are asked.
        self._enough = max(_ENOUGH, request.offset + request.limit)
        self._depth = min(DEEPEST, max(CANDIDATES if request.limit else 0, self._enough))
        self._found = _Found()

    def answer(self) -> SearchResult:
        """Do it."""
        request = self._request
        if self._question.asks_for_text:
            self._collect()
        else:
            self._browse()
        placed = show(self._found.candidates, request)
        return SearchResult(
            hits=tuple(self._hits(placed)),
            total=self._found.total,
            facets=self._facets(),
            did_you_mean=self._did_you_mean(),
            notes=self._question.notes,
        )

    def _browse(self) -> None:
        sort = self._request.sort if self._request.sort in _SORTED_BY else Sort.NEWEST
        plan = Plan((), (), self._question.excluded)
        self._take(plan, self._compiler.strict(plan, self._filters), sort, "all")
        self._found.candidates = [Candidate(c.id, c.family, 1.0) for c in self._found.candidates]

    def _collect(self) -> None:
        """All words first; then, while hits are few, more generous readings of the question."""
        for plan, loose in self._tiers():
            if loose and len(self._found.candidates) >= self._enough:
                return
            compiled = self._compiler.loose if loose else self._compiler.strict
            self._take(plan, compiled(plan, self._filters), self._request.sort, "some" if loose else "all")
            if self._request.sort in _SORTED_BY and self._found.total:
                return

    def _tiers(self) -> Iterator[tuple[Plan, bool]]:
        unknown = self._plan(Reach.UNKNOWN if self._request.typos else Reach.NONE)
        yield unknown, False
        rare = self._plan(Reach.RARE) if self._request.typos and len(self._found.candidates) < _ENOUGH else unknown
        if rare != unknown and not self._found.total:
            yield rare, False
        if len(self._question.words) > 1 or any(w.unspaced for w in self._question.words):
            yield unknown, True
        if rare != unknown and len(self._found.candidates) < _ENOUGH:
            yield rare, False
            yield rare, True

    def _plan(self, reach: Reach) -> Plan:
        return make_plan(self._question, self._lexicon, self._synonyms, reach)

    def _take(self, plan: Plan, query: Any, sort: Sort, tier: str) -> None:
        found = self._found
        result = self._run(query, sort)
        found.plan = plan if found.plan is None or not found.total else found.plan
        if found.query is None or int(result.count) > found.total:
            found.query, found.total = query, int(result.count)
        names = self._generation.names(self._searcher, [address for _, address in result.hits])
        fresh = [
            (name, family, float(score) if sort not in _SORTED_BY else 1.0)
            for (score, _), (name, family) in zip(result.hits, names, strict=True)
            if name not in found.addresses
        ]
        found.addresses = {n: a for (n, _), (_, a) in zip(names, result.hits, strict=True)} | found.addresses
        below = found.candidates[-1].text * _FILL_BELOW if found.candidates else 1.0
        found.candidates += relative(fresh, below=below, tier=tier)

    def _run(self, query: Any, sort: Sort) -> Any:
        by, order = _SORTED_BY.get(sort, (None, tantivy.Order.Desc))
        return self._searcher.search(query, self._depth, True, by, 0, order)

    def _hits(self, placed: Sequence[Placed]) -> Iterator[Hit]:
        look = matcher(self._question, self._found.plan)
        rows = self._generation.stored(self._searcher, [self._found.addresses[one.candidate.id] for one in placed])
        for one, stored in zip(placed, rows, strict=True):
            look.language = stored.language
            shown = snippet((stored.summary, stored.body), look) if self._request.snippets else ""
            title = highlight(stored.title, look)
            yield Hit(stored.id, stored.kind, stored.title, title, shown, one.parts, one.versions)

    def _facets(self) -> dict[str, tuple[FacetCount, ...]]:
        """All in one pass, but for those that are narrowed: these count as if they were not."""
        asked = [name for name in self._request.facets if name in FACETS]
        narrowed = [name for name in asked if self._filters.narrows(name)]
        counts = self._count(self._found.query, [name for name in asked if name not in narrowed])
        for name in narrowed:
            counts |= self._count(self._query_without(name), [name])
        return {name: counts[name] for name in asked}

    def _count(self, query: Any, names: Sequence[str]) -> dict[str, tuple[FacetCount, ...]]:
        if not names:
            return {}
        found = self._searcher.aggregate(query, {n: {"terms": {"field": n, "size": _MOST_VALUES}} for n in names})
        return {n: tuple(FacetCount(str(b["key"]), int(b["doc_count"])) for b in found[n]["buckets"]) for n in names}

    def _query_without(self, facet: str) -> Any:
        filters = self._filters.except_for(facet)
        plan = self._found.plan or Plan((), (), ())
        strict = self._compiler.strict(plan, filters)
        if self._found.candidates and self._found.candidates[-1].tier == "some":
            return self._compiler.loose(plan, filters)
        return strict

    def _did_you_mean(self) -> str:
        """A spelling is offered only when the asker may see something that has it."""
        corrections = self._found.plan.corrections if self._found.plan else {}
        shown = {word: better for word, better in corrections.items() if self._finds(better, self._filters)}
        return respell(self._request.text, shown) if shown else ""

    def _finds(self, word: str, filters: Filters) -> bool:
        return bool(self._searcher.search(self._compiler.word(word, filters), 1, False).hits)


def respell(text: str, corrections: dict[str, str]) -> str:
    """The text as typed with misspelt words replaced."""
    out, at = [], 0
    for start, end, token in spans(text):
        if token in corrections:
            out += [text[at:start], corrections[token]]
            at = end
    return re.sub(r"\s+", " ", "".join(out) + text[at:]).strip()


def question_of(request: SearchRequest) -> tuple[Question, Filters]:
    """Parse without searching: what a caller checks before it waits."""
    question = parse_question(request.text, instant=request.instant)
    return question, merge_filters(question, request)
