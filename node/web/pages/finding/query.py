"""What a search page is asked, and the addresses of the same question asked a little differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from node.search.request import SearchRequest, Sort
from node.store.content.catalogue import Audiences
from node.web.contexts.cards import Link

PAGE = 20
LAST_PAGE = 50  # the index is not asked for what lies deeper
LONGEST = 500  # characters of a question
SHOWN_FACETS = ("kind", "layer", "level", "occupation", "language", "organisation", "license")
FILTERS = (*SHOWN_FACETS, "task", "skill", "tool", "author")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the page's address carries it. `filters`: facet → values."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    apart: bool = False  # forks each by itself
    cut: bool = False  # more was asked than is read

    @classmethod
    def parse(cls, items: Iterable[tuple[str, str]]) -> Self:
        """Read an address; what it holds besides is ignored, so that old links keep working."""
        given: dict[str, list[str]] = {}
        for name, value in items:
            if value:
                given.setdefault(name, []).append(value)
        sort, page = given.get("sort", [""])[-1], given.get("page", [""])[-1]
        text = given.get("q", [""])[-1].strip()
        return cls(
            text=text[:LONGEST].strip(),
            filters={name: tuple(dict.fromkeys(given[name])) for name in FILTERS if name in given},
            sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
            page=max(1, min(int(page[:9]), LAST_PAGE)) if page.isascii() and page.isdigit() else 1,
            apart="forks" in given,
            cut=len(text) > LONGEST,
        )

    def request(self, audiences: Audiences) -> SearchRequest:
        """The same for the engine."""
        return SearchRequest(
            text=self.text,
            audiences=audiences,
            filters=self.filters,
            facets=SHOWN_FACETS,
            sort=self.sort,
            limit=PAGE,
            offset=(self.page - 1) * PAGE,
            group_forks=not self.apart,
        )

    @property
    def href(self) -> str:
        """The address of this question."""
        fields: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        fields += [(name, value) for name, values in self.filters.items() for value in values]
        fields += [("sort", self.sort.value)] if self.sort is not Sort.RELEVANCE else []
        fields += [("forks", "all")] if self.apart else []
        fields += [("page", str(self.page))] if self.page > 1 else []
        return "/search?" + urlencode(fields) if fields else "/search"

    def at_page(self, page: int) -> str:
        """Another page of it."""
        return replace(self, page=page).href

    def without(self, name: str, value: str) -> str:
        """The question with one filter less."""
        rest = {key: tuple(v for v in values if (key, v) != (name, value)) for key, values in self.filters.items()}
        return replace(self, filters={key: values for key, values in rest.items() if values}, page=1).href

    def spelled(self, text: str) -> Link:
        """The question in another spelling."""
        return Link(text=text, href=replace(self, text=text, page=1).href)

    def newest_first(self) -> Query:
        """The same question in the order of coming."""
        return replace(self, sort=Sort.NEWEST, page=1)

    def with_forks(self, versions: int) -> Link | None:
        """Everything that was folded into one hit."""
        if versions < 2:
            return None
        return Link(text=f"{versions} versions of this", href=replace(self, apart=True, page=1).href)
