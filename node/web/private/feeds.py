"""/feeds/{token}.atom and .json: a worker's list, or a search they keep, at a private address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from litestar import Response, get

from node.errors import Unknown
from node.services.assembly import Services
from node.services.learning.searches import SavedSearch
from node.services.policy import Viewer
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.web.private.answers import add_private_headers

if TYPE_CHECKING:
    from node.services.learning.feed.today import Served
    from node.web.private.atom import FeedFacts
    from node.web.private.entries import FeedEntry

JSON_FEED = "application/feed+json"
FORMATS = ("atom", "json")

Feed = tuple["FeedFacts", "Sequence[FeedEntry]"]


@get("/feeds/{file:str}", sync_to_thread=True, include_in_schema=False, after_request=add_private_headers)
def private_feed(services: Services, file: str) -> Response[bytes]:
    """Atom 1.0 or JSON Feed 1.1, as the ending says. Whoever has the address reads it."""
    token, _, form = file.rpartition(".")
    feed = _find_feed(services, token, file) if form in FORMATS and token else None
    if feed is None:
        raise Unknown("There is no feed at this address.", hint="A renewed address ends the old one; see /me/feeds.")
    if form == "json":
        return Response(_json_feed(*feed), media_type=JSON_FEED)
    from node.web.private.atom import write_atom

    facts, entries = feed
    return Response(write_atom(entries, facts), media_type="application/atom+xml")


def _find_feed(services: Services, token: str, file: str) -> Feed | None:
    viewer = services.learning.addresses.find_viewer(token)
    if viewer is not None:
        return _lessons(services, viewer, file)
    kept = services.learning.kept_searches.find(token)
    return None if kept is None else _search(services, *kept, file)


def _lessons(services: Services, viewer: Viewer, file: str) -> Feed:
    from node.web.private.endings import ending_entries
    from node.web.private.entries import entries_of

    served, site = _without_internal(services, services.learning.feed_for_reader(viewer)), services.settings.public_url
    title = f"Your lessons at {_owner(services)}"
    at = datetime.combine(served.day, time(), UTC)
    # When something went out of use is known by its day alone: in quiet hours that of the evening waits as well.
    began = _quiet_since(services, viewer)
    told = [entry for entry in ending_entries(services, viewer) if not began or entry.at.date() < began.date()]
    entries = (*told, *entries_of(served, site))
    return _facts(services, f"{site}/me", title, file, f"{site}/me", at), entries


def _without_internal(services: Services, served: Served) -> Served:
    """Whoever has the address reads it, often a server elsewhere; what is kept inside is read signed in."""
    with services.database.read() as session:
        named = catalogue.find_items(session, [offer.item.subject for offer in served.offers], MEMBERS)
    inside = {uri for uri, row in named.items() if row.audience not in PUBLIC}
    return replace(served, offers=tuple(offer for offer in served.offers if offer.item.subject not in inside))


def _search(services: Services, viewer: Viewer, saved: SavedSearch, file: str) -> Feed:
    from node.web.private.kept import kept_entries, name_of, query_of

    site, title = services.settings.public_url, name_of(services, query_of(saved), PUBLIC)
    began = _quiet_since(services, viewer)
    entries = tuple(entry for entry in kept_entries(services, viewer, saved) if not began or entry.at < began)
    at = max((entry.at for entry in entries), default=moment_of(saved.made_at))
    page = f"{site}{query_of(saved).href}"
    return _facts(services, f"{site}/me/searches/{saved.id}", title, file, page, at), entries


def _quiet_since(services: Services, viewer: Viewer) -> datetime | None:
    """What came later is told when the quiet hours are over; None outside them."""
    return services.learning.profile(viewer).quiet_since(datetime.now(UTC))


def _facts(services: Services, feed: str, title: str, file: str, page: str, updated: datetime) -> FeedFacts:
    from node.web.private.atom import FeedFacts

    here = f"{services.settings.public_url}/feeds/{file}"
    return FeedFacts(id=feed, title=title, page=page, here=here, author=_owner(services), updated=updated)


def _json_feed(facts: FeedFacts, entries: Sequence[FeedEntry]) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.summary,
            "date_published": entry.at.isoformat().replace("+00:00", "Z"),
            "tags": [entry.kind],
            **({"language": entry.language} if entry.language else {}),
        }
        for entry in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": facts.title,
        "home_page_url": facts.page,
        "feed_url": facts.here,
        "user_comment": "A private feed: whoever has this address can read it.",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _owner(services: Services) -> str:
    return services.settings.organisation or "SkillNet"


HANDLERS = (private_feed,)
