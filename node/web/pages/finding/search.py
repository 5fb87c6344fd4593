"""Finding: the page, and its results alone while somebody types."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from litestar import Response, get

from node.errors import Malformed, Unreachable
from node.search.request import Sort
from node.search.result import SearchResult
from node.services.assembly import Services
from node.services.policy import Viewer, is_worker
from node.web.contexts.cards import Choice, Link
from node.web.contexts.search import Results, SearchPage, SearchResults
from node.web.contexts.site import Notice
from node.web.notices import show_once
from node.web.pages.finding.facets import active_filters, facets_of
from node.web.pages.finding.hits import hits_of
from node.web.pages.finding.query import LONGEST, PAGE, Query
from node.web.pages.links import href_of_search
from node.web.pages.reading import AnyRequest, readable_by
from node.web.presenting import show, site_of

MOST_RECENT = 8

_SORTS = {
    Sort.RELEVANCE: "What fits and works best",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.SHORTEST: "Shortest first",
}


@get("/search", sync_to_thread=True, include_in_schema=False)
def search_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Hits with filters and the reasons for their order; the results alone for as-you-type."""
    audiences = readable_by(services, viewer)
    query = Query.parse(request.query_params.multi_items())
    notices: tuple[Notice, ...] = ()
    began = time.perf_counter()
    try:
        found = services.finder.search(query.request(audiences))
    except (Malformed, Unreachable) as error:
        found, notices = SearchResult((), 0), (Notice(kind="problem", text=error.words),)
    if query.text:
        services.learning.latest_searches.note(viewer, query.text)
    keeps = is_worker(viewer) and query.href != "/search"
    results = replace(_results(services, query, found, audiences, began), keep=query.href[8:] if keeps else "")
    site = site_of(request, services, viewer)
    if _wants_fragment(request):
        response = show(services, SearchResults(site=site, results=results))
    else:
        recent = () if query.text else _recent(services, viewer)
        page = SearchPage(site=site, notices=notices, results=results, sorts=_sorts(query), recent=recent)
        response = show_once(request, services, page)
    response.headers["Vary"] = "HX-Request, HX-History-Restore-Request, Cookie"
    return response


def _recent(services: Services, viewer: Viewer) -> tuple[Link, ...]:
    lately = services.learning.latest_searches.list(viewer)[:MOST_RECENT]
    return tuple(Link(text=text, href=href_of_search(q=text)) for text in lately)


def _wants_fragment(request: AnyRequest) -> bool:
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def _sorts(query: Query) -> tuple[Choice, ...]:
    return tuple(Choice(value=sort.value, label=label, chosen=sort is query.sort) for sort, label in _SORTS.items())


def _results(services: Services, query: Query, found: SearchResult, audiences: frozenset[str], began: float) -> Results:
    with services.database.read() as session:
        hits = hits_of(services, session, found.hits, audiences, query)
        facets = facets_of(session, found.facets, query, audiences)
        active = active_filters(session, query, audiences)
    end = query.page * PAGE
    return Results(
        query=query.text,
        total=found.total,
        milliseconds=round((time.perf_counter() - began) * 1000),
        hits=hits,
        facets=facets,
        active=active,
        did_you_mean=query.spelled(found.did_you_mean) if found.did_you_mean else None,
        previous=query.at_page(query.page - 1) if query.page > 1 else None,
        next=query.at_page(query.page + 1) if end < found.total and found.hits else None,
        notes=(*found.notes, *((f"Only the first {LONGEST} characters were used.",) if query.cut else ())),
    )


HANDLERS = (search_page,)
