"""Search: the page, and its results alone for as-you-type."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup

from node.web.contexts.cards import Choice, Freshness, Layer, Level, Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a facet."""

    value: Annotated[str, "What the form sends"]
    label: Annotated[str, "What the person reads"]
    count: Annotated[int, "Hits that have it"]
    chosen: Annotated[bool, "Is being filtered by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A property to filter by."""

    name: Annotated[str, "Name of the form field"]
    label: Annotated[str, "What the person reads"]
    values: Annotated[tuple[FacetValue, ...], "Most frequent first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPart:
    """One factor of a hit's order."""

    name: Annotated[str, "Relevance, practitioners' verdicts, freshness"]
    share: Annotated[float, "0..1, for the bar"]
    words: Annotated[str, "The same in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found."""

    kind: Annotated[
        Literal["module", "task", "occupation", "occupation-task", "skill", "path", "person", "organisation"],
        "What it is; occupation-task is one that a classification lists",
    ]
    title: Annotated[Markup, "Title with the found words in <mark>"]
    href: Annotated[str, "Address of its page"]
    snippet: Annotated[Markup, "Where it was found, with <mark>"]
    language: Annotated[str, "BCP 47"]
    layer: Annotated[Layer | None, "Modules only"]
    level: Annotated[Level | None, "Modules only"]
    minutes: Annotated[int | None, "Modules only"]
    by: Annotated[str, "Author and organisation in words, '' where there is none"]
    freshness: Annotated[Freshness | None, "Modules only"]
    warnings: Annotated[tuple[str, ...], "What labels say of it, each with who says so"] = ()
    order: Annotated[tuple[OrderPart, ...], "Why it stands at this place"]
    more_versions: Annotated[Link | None, "Forks folded into this hit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a query found."""

    query: Annotated[str, "As typed"]
    total: Annotated[int, "How many were found"]
    milliseconds: Annotated[int, "How long it took"]
    hits: Annotated[tuple[Hit, ...], "This page's hits, best first"]
    facets: Annotated[tuple[Facet, ...], "What to filter by, with counts"]
    active: Annotated[tuple[Link, ...], "Filters in force; the address drops the filter"]
    did_you_mean: Annotated[Link | None, "A better spelling and its address"]
    previous: Annotated[str | None, "Address of the page before"]
    next: Annotated[str | None, "Address of the page after"]
    notes: Annotated[tuple[str, ...], "What of the question was left out, or that the index is still being built"] = ()
    keep: Annotated[str, "What a worker's form sends as `query` to keep this search, '' for everybody else"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """The find box, filters and hits."""

    template: ClassVar[str] = "search.html"
    results: Annotated[Results, "What was found"]
    sorts: Annotated[tuple[Choice, ...], "Orders on offer"]
    recent: Annotated[tuple[Link, ...], "What this worker searched for lately, while nothing is asked"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults(Page):
    """The part of the search page that changes while typing (`HX-Request`)."""

    template: ClassVar[str] = "fragments/search_results.html"
    results: Annotated[Results, "What was found"]
