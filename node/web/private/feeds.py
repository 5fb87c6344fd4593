"""/feeds/{token}.atom and .json: the list at a private address; whoever has the address reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from litestar import Response, get

from node.errors import Unknown
from node.services.assembly import Services
from node.web.private.answers import add_private_headers

if TYPE_CHECKING:
    from node.services.learning.today import Served

JSON_FEED = "application/feed+json"
FORMATS = ("atom", "json")


@get("/feeds/{file:str}", sync_to_thread=True, include_in_schema=False, after_request=add_private_headers)
def private_feed(services: Services, file: str) -> Response[bytes]:
    """Atom 1.0 or JSON Feed 1.1, as the ending says."""
    token, _, form = file.rpartition(".")
    viewer = services.learning.find_viewer_of_address(token) if form in FORMATS and token else None
    if viewer is None:
        raise Unknown("There is no feed at this address.", hint="A renewed address ends the old one; see /me/feeds.")
    served = services.learning.feed(viewer)
    if form == "json":
        return Response(_json_feed(services, served, file), media_type=JSON_FEED)
    return Response(_atom(services, served, file), media_type="application/atom+xml")


def _atom(services: Services, served: Served, file: str) -> bytes:
    from node.web.private.atom import FeedFacts, write_atom

    site = services.settings.public_url
    facts = FeedFacts(
        id=f"{site}/me",
        title=_title(services),
        site=site,
        here=f"{site}/feeds/{file}",
        author=services.settings.organisation or "SkillNet",
        updated=datetime.combine(served.day, time(), UTC),
    )
    return write_atom(served, facts)


def _json_feed(services: Services, served: Served, file: str) -> bytes:
    from node.web.private.entries import entries_of

    site = services.settings.public_url
    items: list[dict[str, Any]] = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.summary,
            "date_published": f"{entry.day}T00:00:00Z",
            "tags": [entry.kind],
            **({"language": entry.language} if entry.language else {}),
        }
        for entry in entries_of(served, site)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(services),
        "home_page_url": f"{site}/me",
        "feed_url": f"{site}/feeds/{file}",
        "user_comment": "A private feed: whoever has this address can read it.",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _title(services: Services) -> str:
    return f"Your lessons at {services.settings.organisation or 'SkillNet'}"


HANDLERS = (private_feed,)
