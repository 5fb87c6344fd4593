"""/me/searches: searches that a worker keeps, with their feeds and what is new; and the latest ones."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, get, post
from litestar.response import Redirect

from node.services.assembly import Services
from node.services.learning.searches import SavedSearch
from node.services.policy import Viewer, audiences_of, require_worker
from node.store.clock import moment_of
from node.web.contexts.cards import Link
from node.web.contexts.worker.searches import KeptSearch, SearchesPage
from node.web.notices import redirect_with, show_once
from node.web.pages.finding.query import Query
from node.web.pages.links import href_of_search
from node.web.private.kept import name_of, news_of, query_of
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site

HERE = "/me/searches"


@get("/me/searches", sync_to_thread=True, include_in_schema=False)
def searches_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Each with its feed."""
    site = worker_site(request, services, viewer)
    page = SearchesPage(
        site=site,
        kept=tuple(_kept(services, viewer, saved) for saved in services.learning.kept_searches.list(viewer)),
        recent=tuple(
            Link(text=text, href=href_of_search(q=text)) for text in services.learning.latest_searches.list(viewer)
        ),
        clear=f"{HERE}/recent/clear",
    )
    return show_once(request, services, page)


@post("/me/searches", sync_to_thread=True, include_in_schema=False)
def keep(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Keep the search that the page showed."""
    require_worker(viewer)
    query = Query.parse(parse_qsl(text_of(data, "query")))
    saved = services.learning.kept_searches.save(
        viewer, query.href.partition("?")[2], name_of(services, query, audiences_of(viewer))
    )
    return redirect_with(services, HERE, f"“{saved.name}” is kept. What is new in it stands here and in its feed.")


@post("/me/searches/{saved:str}/show", sync_to_thread=True, include_in_schema=False)
def show_news(services: Services, viewer: Viewer, saved: str) -> Redirect:
    """What it finds, the newest first."""
    require_worker(viewer)
    query = query_of(services.learning.kept_searches.mark_seen(viewer, saved))
    return Redirect(query.newest_first().href, status_code=303)


@post("/me/searches/{saved:str}/end", sync_to_thread=True, include_in_schema=False)
def end(services: Services, viewer: Viewer, saved: str) -> Response[Any]:
    """Keep it no longer."""
    require_worker(viewer)
    services.learning.kept_searches.end(viewer, saved)
    return redirect_with(services, HERE, "No longer kept; its feed has ended.")


@post("/me/searches/recent/clear", sync_to_thread=True, include_in_schema=False)
def clear_recent(services: Services, viewer: Viewer) -> Response[Any]:
    """Forget what was searched for lately."""
    require_worker(viewer)
    services.learning.latest_searches.clear(viewer)
    return redirect_with(services, HERE, "Your latest searches are forgotten.")


def _kept(services: Services, viewer: Viewer, saved: SavedSearch) -> KeptSearch:
    address = f"{services.settings.public_url}/feeds/{saved.token}"
    return KeptSearch(
        name=saved.name,
        news=news_of(services, viewer, saved),
        show=f"{HERE}/{saved.id}/show",
        atom=f"{address}.atom",
        json=f"{address}.json",
        made_at=moment_of(saved.made_at),
        end=f"{HERE}/{saved.id}/end",
    )


HANDLERS = (searches_page, keep, show_news, end, clear_recent)
