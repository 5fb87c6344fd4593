"""/api for who keeps the catalogue fresh: feeds of tools' releases, verdicts to renew, what goes stale next."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post

from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, require
from node.store.clock import as_text
from node.store.content import catalogue, tools
from node.store.content.catalogue import PUBLIC
from node.store.tables.tools import ToolFeedRow, ToolReleaseRow
from node.web.access.viewing import require_reading

Body = dict[str, Any]
MOST_RELEASES = 20  # of one feed


@get("/api/tools/feeds", sync_to_thread=True)
def list_feeds(services: Services, viewer: Viewer) -> list[Body]:
    """The feeds that are watched, each with the releases seen there, newest first."""
    require_reading(services, viewer)
    with services.database.read() as session:
        rows, seen = tools.list_feeds(session), tools.list_releases(session)
    return [_feed(row, [release for feed, release in seen if feed.url == row.url]) for row in rows]


@post("/api/tools/feeds", status_code=201, sync_to_thread=True)
def name_feed(services: Services, viewer: Viewer, data: Body) -> Body:
    """Watch a feed: `url`, `product` and, where modules name one, `vendor`. It is read at once."""
    require(viewer, Action.CURATE)
    url, vendor, product = (str(data.get(name, "")) for name in ("url", "vendor", "product"))
    row = services.releases.name(url, vendor, product, viewer.did or viewer.name or "operator")
    with services.database.read() as session:
        return _feed(row, [release for _, release in tools.list_releases(session, row.url)])


@delete("/api/tools/feeds", status_code=200, sync_to_thread=True)
def forget_feed(services: Services, viewer: Viewer, url: str) -> Body:
    """Watch a feed no more, and forget what was seen there."""
    require(viewer, Action.CURATE)
    return {"forgotten": services.releases.forget(url).url}


@post("/api/tools/read", status_code=200, sync_to_thread=True)
def read_feeds(services: Services, viewer: Viewer) -> Body:
    """Read every feed now; answers with how many new releases were seen."""
    require(viewer, Action.OPERATE)
    seen = services.releases.read_due(all_of_them=True)
    services.audit.note(viewer, Deed.TOOLS_READ)
    return {"releases": seen}


@get("/api/renewals", sync_to_thread=True)
def list_renewals(services: Services, viewer: Viewer) -> Body:
    """One's own verdicts that need another look, and one's own work by what goes stale next."""
    require(viewer, Action.PUBLISH)
    with services.database.read() as session:
        own = [row for row in catalogue.list_items(session, PUBLIC, did=viewer.did) if not row.retired]
    fresh, due = services.freshening.of([row.uri for row in own]), services.freshening.next_due(own)
    return {
        "renewals": [
            {
                "rkey": one.rkey, "item": one.item.uri, "title": one.item.title, "task": one.task,
                "verdict": one.verdict, "at": as_text(one.at), "reasons": list(one.reasons), "changed": one.changed,
            }
            for one in services.renewing.due(viewer.did)
        ],
        "own": [
            {
                "item": row.uri, "title": row.title, "freshness": fresh[row.uri].value,
                "reasons": fresh[row.uri].sentences(),
                "next": {"day": due[row.uri].day.isoformat(), "why": due[row.uri].sentence()}
                if row.uri in due else None,
            }
            for row in sorted(own, key=lambda row: fresh[row.uri].value)
        ],
    }  # fmt: skip


@post("/api/renewals/{rkey:str}", status_code=200, sync_to_thread=True)
def renew(services: Services, viewer: Viewer, rkey: str, data: Body) -> Body:
    """Say the same again of what is current; with `outdated` that it is outdated."""
    require(viewer, Action.ENDORSE)
    return {"item": services.renewing.renew(viewer.did, rkey, outdated=bool(data.get("outdated")))}


def _feed(row: ToolFeedRow, seen: list[ToolReleaseRow]) -> Body:
    return {
        "url": row.url, "vendor": row.vendor, "product": row.product, "namedBy": row.named_by,
        "checkedAt": as_text(row.checked_at) if row.checked_at else None, "error": row.error,
        "releases": [
            {"version": one.version, "title": one.title, "url": one.href, "at": as_text(one.published_at)}
            for one in sorted(seen, key=lambda one: -one.published_at)[:MOST_RELEASES]
        ],
    }  # fmt: skip


HANDLERS = (list_feeds, name_feed, forget_feed, read_feeds, list_renewals, renew)
