"""/freshness: what to confirm again, what of one's own goes stale next, where releases of tools are announced."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get, post

from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.services.writing.renewing import Renewal
from node.store.clock import moment_of
from node.store.content import catalogue, tools
from node.store.content.catalogue import PUBLIC
from node.store.sessions import Session
from node.store.tables.tools import ToolFeedRow, ToolReleaseRow
from node.web.contexts.cards import Link
from node.web.contexts.endorsements.endorsing import Verdict
from node.web.contexts.endorsements.keeping_fresh import KeepingFreshPage, OwnAging, ToolFeed, VerdictToRenew
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.cards import freshness_context
from node.web.pages.endorsements.verdicts import titles_of
from node.web.pages.forms import Form, is_ticked
from node.web.pages.links import href_of_item, query_of, task_link
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.presenting import site_of

SHOWN = 50
TOOLS_NAMED = 12


@get("/freshness", sync_to_thread=True, include_in_schema=False)
def freshness_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """For practitioners and operators."""
    require(viewer, Action.CURATE)
    renewals = services.renewing.due(viewer.did)[:SHOWN] if viewer.did else []
    with services.database.read() as session:
        titles = titles_of(session, [one.task for one in renewals], PUBLIC)
        named = tools.list_named(session, PUBLIC)
        feeds = _feeds(session, named)
        page = KeepingFreshPage(
            site=site_of(request, services, viewer),
            renewals=tuple(_renewal(one, titles) for one in renewals),
            own=_own(services, session, viewer) if viewer.did else (),
            feeds=feeds,
            name_feed="/freshness/feeds",
            tools=_unwatched(session, named),
        )
    return show_once(request, services, page)


@post("/endorsements/{rkey:str}/renew", sync_to_thread=True, include_in_schema=False)
def renew(services: Services, viewer: Viewer, rkey: str, data: Form) -> Response[Any]:
    """The same verdict again, on what is current; or that it is outdated."""
    require_author(viewer)
    require(viewer, Action.ENDORSE)
    outdated = is_ticked(data, "outdated")
    item = services.renewing.renew(viewer.did, rkey, outdated=outdated)
    settle(services)
    done = "Noted as outdated, signed by you." if outdated else "Confirmed: it still works, signed by you."
    back = "/freshness" if data.get("back") != "item" else href_of_item(item) or "/freshness"
    return redirect_with(services, back, done, undo=f"/endorsements/{rkey}/withdraw")


@post("/freshness/feeds", sync_to_thread=True, include_in_schema=False)
def name_feed(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Watch a feed: it is read at once."""
    require(viewer, Action.CURATE)
    row = services.releases.name(
        data.get("url", ""), data.get("vendor", ""), data.get("product", ""), viewer.did or viewer.name
    )
    return redirect_with(services, "/freshness#feeds", f"Releases of {row.product} are watched from now on.")


@post("/freshness/feeds/forget", sync_to_thread=True, include_in_schema=False)
def forget_feed(services: Services, viewer: Viewer, url: str) -> Response[Any]:
    """Watch it no more."""
    require(viewer, Action.CURATE)
    row = services.releases.forget(url)
    return redirect_with(services, "/freshness#feeds", f"This feed of {row.product} is watched no more.")


def _renewal(one: Renewal, titles: dict[str, str]) -> VerdictToRenew:
    return VerdictToRenew(
        subject=Link(text=one.item.title, href=href_of_item(one.item.uri)),
        task=task_link(one.task, titles) if one.task and one.task != one.item.uri else None,
        verdict=cast(Verdict, one.verdict),
        at=moment_of(one.at),
        reasons=tuple(one.reasons),
        changed=one.changed,
        renew=f"/endorsements/{one.rkey}/renew",
        withdraw=f"/endorsements/{one.rkey}/withdraw",
    )


def _own(services: Services, session: Session, viewer: Viewer) -> tuple[OwnAging, ...]:
    items = [row for row in catalogue.list_items(session, PUBLIC, did=viewer.did) if not row.retired]
    fresh, due = services.freshening.of([row.uri for row in items]), services.freshening.next_due(items)
    first = sorted(
        items, key=lambda row: (fresh[row.uri].value, due[row.uri].day.isoformat() if row.uri in due else "~")
    )
    return tuple(
        OwnAging(
            subject=Link(text=row.title, href=href_of_item(row.uri)),
            freshness=freshness_context(fresh[row.uri]),
            next_day=due[row.uri].day if row.uri in due else None,
            next_words=due[row.uri].sentence() if row.uri in due else "",
            edit="/write?" + query_of(edit=row.uri),
        )
        for row in first[:SHOWN]
    )


def _feeds(session: Session, named: dict[str, list[dict[str, str]]]) -> tuple[ToolFeed, ...]:
    newest: dict[str, ToolReleaseRow] = {}
    for feed, release in tools.list_releases(session):
        if feed.url not in newest or release.published_at > newest[feed.url].published_at:
            newest[feed.url] = release
    return tuple(_feed(row, newest.get(row.url), named) for row in tools.list_feeds(session))


def _feed(row: ToolFeedRow, release: ToolReleaseRow | None, named: dict[str, list[dict[str, str]]]) -> ToolFeed:
    product = row.product.casefold()
    naming = sum(any(tool.get("name", "").casefold() == product for tool in entries) for entries in named.values())
    return ToolFeed(
        tool=" ".join(filter(None, (row.vendor, row.product))),
        url=row.url,
        newest=release.version if release else "",
        seen=moment_of(release.published_at) if release else None,
        checked=moment_of(row.checked_at) if row.checked_at else None,
        problem=row.error,
        modules=naming,
        forget="/freshness/feeds/forget?" + query_of(url=row.url),
    )


def _unwatched(session: Session, named: dict[str, list[dict[str, str]]]) -> tuple[str, ...]:
    watched = {row.product.casefold() for row in tools.list_feeds(session)}
    products = sorted({tool["name"] for entries in named.values() for tool in entries if tool.get("name")})
    return tuple(product for product in products if product.casefold() not in watched)[:TOOLS_NAMED]


HANDLERS = (freshness_page, renew, name_feed, forget_feed)
