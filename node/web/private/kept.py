"""What a kept search finds: for its page, its feed and its news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from node.search.request import Sort
from node.services.assembly import Services
from node.services.learning.searches import SavedSearch
from node.services.policy import Viewer, audiences_of
from node.store.clock import SECOND
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC, Audiences
from node.store.tables.catalogue import ItemRow
from node.web.contexts.site import Notice
from node.web.pages.finding.facets import active_filters
from node.web.pages.finding.query import Query
from node.web.pages.links import href_of_item
from node.web.private.entries import FeedEntry

MOST = 50
MOST_ALERTS = 10
_KINDS = ("module", "task", "path")


def query_of(saved: SavedSearch) -> Query:
    """The question as the search page reads it."""
    return Query.parse(parse_qsl(saved.query))


def found_by(services: Services, viewer: Viewer, query: Query, *, glancing: bool = False) -> list[ItemRow]:
    """The items that a search finds, those that came here last first. `glancing`: see Finder.glance."""
    kinds = tuple(kind for kind in query.filters.get("kind", _KINDS) if kind in _KINDS)
    if not kinds:
        return []
    audiences = audiences_of(viewer)
    asked = replace(query, filters={**query.filters, "kind": kinds}, sort=Sort.NEWEST, page=1).request(audiences)
    search = services.finder.glance if glancing else services.finder.search
    hits = search(replace(asked, facets=(), limit=MOST, snippets=False)).hits
    with services.database.read() as session:
        rows = catalogue.find_items(session, [hit.id for hit in hits], audiences)
    return sorted((rows[hit.id] for hit in hits if hit.id in rows), key=lambda row: (-row.updated_at, row.uri))


def news_of(services: Services, viewer: Viewer, saved: SavedSearch) -> int:
    """How many came, or came in a new version, since the worker looked last."""
    return sum(row.updated_at > saved.seen_at for row in found_by(services, viewer, query_of(saved), glancing=True))


def alerts_of(services: Services, viewer: Viewer) -> tuple[Notice, ...]:
    """A line for each of the latest kept searches that something new came for."""
    latest = services.learning.kept_searches.list(viewer)[:MOST_ALERTS]
    news = [(saved, news_of(services, viewer, saved)) for saved in latest]
    return tuple(
        Notice(kind="attention", text=f"{count} new for “{saved.name}”: see your kept searches.")
        for saved, count in news
        if count
    )


def name_of(services: Services, query: Query, audiences: Audiences) -> str:
    """A search in words that these may read."""
    with services.database.read() as session:
        filters = active_filters(session, query, audiences)
    return ", ".join(filter(None, (query.text, *(link.text for link in filters)))) or "Everything"


def kept_entries(services: Services, viewer: Viewer, saved: SavedSearch) -> Iterator[FeedEntry]:
    """The same as feed readers take it: an entry for each version that came."""
    site = services.settings.public_url
    host = urlsplit(site).hostname or "localhost"
    for row in found_by(services, viewer, query_of(saved)):
        if row.audience not in PUBLIC:
            continue  # whoever has the address reads it; what is kept inside is read signed in
        at = datetime.fromtimestamp(row.updated_at // SECOND, UTC)
        yield FeedEntry(
            id=f"tag:{host},{at.date().isoformat()}:{row.version_cid}",
            kind=row.kind,
            title=row.title,
            url=f"{site}{href_of_item(row.uri) or '/search'}",
            summary=row.description,
            language=row.language,
            at=at,
        )
