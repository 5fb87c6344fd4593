"""Answer a request: candidates from the server, order by blending, the page's texts from the server again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from node.search.blend import Candidate, Placed, relative, show
from node.search.document import FACETS
from node.search.filters import merge_filters
from node.search.meilisearch_engine.asking import filter_expression, query_text, words_apart
from node.search.meilisearch_engine.merging import Answer
from node.search.meilisearch_engine.rows import key_for
from node.search.query.parse import parse_question
from node.search.request import CANDIDATES, SearchRequest, Sort
from node.search.result import FacetCount, Hit, SearchResult

# Private characters: what the server puts around matches cannot be confused with anything in a text.
_OPEN, _CLOSE = "\ue000", "\ue001"
_DEEPEST = 1000
_RANKED = ["id", "family", "updated", "minutes"]
_FILL_BELOW = 0.5
Ask = Callable[[str, Mapping[str, Any]], Answer]
"""Text and options → what the servers answer."""

_SORTS = {Sort.NEWEST: "updated:desc", Sort.OLDEST: "updated:asc", Sort.SHORTEST: "minutes:asc"}


@dataclass(slots=True)
class _Found:
    candidates: list[Candidate] = field(default_factory=list)
    total: int = 0
    filled: bool = False


class Reading:
    """One search."""

    def __init__(self, ask: Ask, request: SearchRequest) -> None:
        self._servers = ask
        self._request = request
        self._question = parse_question(request.text, instant=request.instant)
        self._filters = merge_filters(self._question, request)
        self._text = query_text(self._question)
        self._depth = min(_DEEPEST, max(CANDIDATES, request.offset + request.limit))
        self._found = _Found()

    def answer(self) -> SearchResult:
        """Do it."""
        request = self._request
        if not request.audiences:
            return SearchResult((), 0, dict.fromkeys(request.facets, ()), notes=self._question.notes)
        self._collect()
        if len(self._question.words) > 1 and len(self._found.candidates) < max(10, request.offset + request.limit):
            self._fill()
        placed = show(self._found.candidates, request)
        return SearchResult(tuple(self._hits(placed)), self._found.total, self._facets(), notes=self._question.notes)

    def _collect(self) -> None:
        """What has all the words."""
        sort: dict[str, Any] = {"sort": [self._sort()]} if self._sort() else {}
        answer = self._ask(limit=self._depth, showRankingScore=True, attributesToRetrieve=_RANKED, **sort)
        ordered = self._request.sort in _SORTS or not self._question.asks_for_text
        rows = [(h["id"], h["family"], 1.0 if ordered else float(h["_rankingScore"])) for h in answer["hits"]]
        self._found.candidates = relative(rows)
        self._found.total = int(answer.get("estimatedTotalHits", 0))

    def _fill(self) -> None:
        """What has some of the words: the server's own ways to leave words out begin at one end of the question."""
        found = self._found
        known = {c.id for c in found.candidates}
        scores: dict[tuple[str, str], float] = {}
        for text in words_apart(self._question):
            answer = self._ask(text, limit=self._depth, showRankingScore=True, attributesToRetrieve=_RANKED)
            for hit in answer["hits"]:
                if hit["id"] not in known:
                    key = (hit["id"], hit["family"])
                    scores[key] = scores.get(key, 0.0) + float(hit["_rankingScore"])
        rows = sorted(((i, f, s) for (i, f), s in scores.items()), key=lambda row: (-row[2], row[0]))[: self._depth]
        below = found.candidates[-1].text * _FILL_BELOW if found.candidates else 1.0
        found.candidates += relative(rows, below=below, tier="some")
        found.total = max(found.total, len(found.candidates))
        found.filled = True

    def _sort(self) -> str:
        browsing = not self._question.asks_for_text
        return _SORTS.get(self._request.sort, _SORTS[Sort.NEWEST] if browsing else "")

    def _ask(self, text: str | None = None, **options: Any) -> Answer:
        options = {"filter": filter_expression(self._filters), "matchingStrategy": "all", **options}
        return self._servers(self._text if text is None else text, options)

    def _hits(self, placed: Sequence[Placed]) -> Iterator[Hit]:
        rows = self._rows([p.candidate.id for p in placed])
        for one in placed:
            # Between two questions a document may have gone.
            if row := rows.get(one.candidate.id):
                marked = row.get("_formatted", row)
                shown = marked.get("body") if _OPEN in str(marked.get("body")) else marked.get("summary")
                yield Hit(
                    row["id"], row["shown_kind"], row["title"], _safe(marked["title"]), _safe(shown or ""), one.parts,
                    one.versions,
                )  # fmt: skip

    def _rows(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        if not ids:
            return {}
        keys = ", ".join(key_for(i) for i in ids)
        # What has some of the words only is asked for each: the first answer that has a row shows it best.
        asked = [self._text, *(words_apart(self._question) if self._found.filled else ())]
        rows: dict[str, dict[str, Any]] = {}
        for text in asked:
            if len(rows) < len(ids):
                rows = self._marked_rows(text, keys, len(ids)) | rows
        return rows

    def _marked_rows(self, text: str, keys: str, count: int) -> dict[str, dict[str, Any]]:
        answer = self._ask(
            text,
            filter=f"{filter_expression(self._filters)} AND key IN [{keys}]",
            limit=count,
            attributesToRetrieve=["id", "shown_kind", "title"],
            attributesToHighlight=["title", "summary", "body"], attributesToCrop=["summary:32", "body:32"],
            highlightPreTag=_OPEN, highlightPostTag=_CLOSE,
        )  # fmt: skip
        return {row["id"]: row for row in answer["hits"]}

    def _facets(self) -> dict[str, tuple[FacetCount, ...]]:
        asked = [name for name in self._request.facets if name in FACETS]
        narrowed = [name for name in asked if self._filters.narrows(name)]
        counts = self._count([n for n in asked if n not in narrowed], filter_expression(self._filters))
        for name in narrowed:
            counts |= self._count([name], filter_expression(self._filters.except_for(name)))
        return {name: counts[name] for name in asked}

    def _count(self, names: Sequence[str], expression: str) -> dict[str, tuple[FacetCount, ...]]:
        if not names:
            return {}
        answer = self._ask(filter=expression, limit=0, facets=list(names))
        return {name: _counts(answer["facetDistribution"].get(name, {})) for name in names}


def _counts(distribution: dict[str, int]) -> tuple[FacetCount, ...]:
    ordered = sorted(distribution.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value, count) for value, count in ordered)


def _safe(text: str) -> str:
    return escape(text).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
