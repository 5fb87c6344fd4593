"""Suggestions: those for one's own work, to be answered, and those one made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from litestar import Response, get, post
from litestar.response import Redirect

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.services.writing.drafting import Draft
from node.services.writing.suggesting import states_of
from node.store.clock import moment_of
from node.store.content import catalogue, suggestions
from node.store.sessions import Session
from node.store.tables.catalogue import SuggestionRow
from node.web.contexts.cards import Link
from node.web.contexts.writing.authoring import SuggestionLine, SuggestionsPage
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.differences import diff_lines
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item, query_of
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.pages.writing.desk import kind_from
from node.web.pages.writing.drafting import Desk
from node.web.pages.writing.publishing import send
from node.web.presenting import site_of

LONGEST_REASON = 1_000


@get("/suggestions", sync_to_thread=True, include_in_schema=False)
def suggestions_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """To me and by me."""
    require_author(viewer)
    audiences = audiences_of(viewer)
    with services.database.read() as session:
        to_me = suggestions.list_suggestions(session, audiences, author=viewer.did)
        by_me = suggestions.list_suggestions(session, audiences, did=viewer.did)
        page = SuggestionsPage(
            site=site_of(request, services, viewer),
            action="/suggestions",
            to_me=tuple(sorted(_lines(services, session, viewer, to_me), key=lambda line: line.state != "open")),
            by_me=tuple(_lines(services, session, viewer, by_me)),
        )
    return show_once(request, services, page)


@post("/suggestions", sync_to_thread=True, include_in_schema=False)
def answer_suggestion(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Take it up, decline it, or take one's own back."""
    require_author(viewer)
    uri, do = data.get("uri", ""), data.get("do", "")
    if do == "withdraw":
        services.suggesting.withdraw(viewer.did, uri)
        return redirect_with(services, "/suggestions", "Taken back.")
    if do == "decline":
        reason = data.get("reason", "").strip()[:LONGEST_REASON]
        services.suggesting.decline(viewer.did, uri, reason, audiences_of(viewer))
        return redirect_with(services, "/suggestions", "Declined; who made it sees your answer.")
    if do != "accept":
        raise Malformed("Accept, decline or withdraw?")
    return _accept(services, viewer, uri)


def _accept(services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """At once where nothing collides and nothing is wrong; else on the desk, for the author to settle."""
    brought = services.suggesting.bring(viewer.did, uri, audiences_of(viewer))
    draft = Draft(
        purpose="accept", kind=kind_from(brought.item.kind), about=brought.item.uri, answers=uri,
        body=brought.merged.text, note=brought.row.note, inside=brought.item.audience == "organisation",
    )  # fmt: skip
    with services.database.read() as session:
        desk = Desk.read(session, viewer.did, draft)
    if not brought.merged.clean or not desk.is_publishable:
        return Redirect("/write?" + query_of(accept=uri), status_code=303)
    done = send(services, viewer, desk)
    settle(services, found=True)
    return redirect_with(services, done.href, f"{done.said} The new version thanks who suggested it.")


def _lines(services: Services, session: Session, viewer: Viewer, rows: Sequence[SuggestionRow]) -> list[SuggestionLine]:
    audiences = audiences_of(viewer)
    names = Names(session, [row.did for row in rows])
    items = catalogue.find_items(session, {row.item_uri for row in rows}, audiences)
    return [
        SuggestionLine(
            uri=one.row.uri,
            about=Link(
                text=items[one.row.item_uri].title if one.row.item_uri in items else one.row.item_uri,
                href=href_of_item(one.row.item_uri) if one.row.item_uri in items else None,
            ),
            by=names.person(one.row.did),
            at=moment_of(one.row.first_seen),
            note=one.row.note,
            state=cast(Any, one.state),
            reason=one.reason,
            difference=diff_lines(services.suggesting.difference_of(session, one.row, audiences)),
            edit="/write?" + query_of(accept=one.row.uri),
        )
        for one in states_of(session, rows, audiences)
    ]


HANDLERS = (suggestions_page, answer_suggestion)
