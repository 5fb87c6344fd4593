"""What is asked of an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

CANDIDATES = 200
"""So many best by text are put in order by curation and freshness."""


class Sort(StrEnum):
    """By relevance means text × curation × freshness; the others look at one property only."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    SHORTEST = "shortest"


class Scores(Protocol):
    """What the node knows about documents at this moment, from this viewpoint. Both between 0 and 1."""

    def curation(self, ids: Sequence[str]) -> Sequence[float]:
        """How well each is curated; 0 for what nobody endorsed."""
        ...

    def freshness(self, ids: Sequence[str]) -> Sequence[float]:
        """How likely each is still right today; 1 for what cannot go stale."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question.

    `text` is in the query language (see `query.parse`). `audiences` is what the asker may see; nothing else is matched,
    counted or suggested. `filters` narrow: any of the values within a facet, all facets together. `facets` are counted.
    `instant` takes the last word as one being typed; `typos` tolerates misspelling.
    """

    text: str = ""
    audiences: frozenset[str] = frozenset({"public"})
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    instant: bool = True
    typos: bool = True
    group_forks: bool = True
    snippets: bool = True
    scores: Scores | None = None
