"""Taking one's own work out of use: with a reason, and with what to use instead."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from node.errors import NotAllowed
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.content import catalogue
from node.web.contexts.cards import Choice, Link
from node.web.contexts.writing.authoring import RetirePage
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.pages.writing.desk import find_work
from node.web.presenting import site_of


@get("/write/retire", sync_to_thread=True, include_in_schema=False)
def retire_page(request: AnyRequest, services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """The reason, and what to use instead."""
    require_author(viewer)
    item, _ = find_work(services, viewer, uri)
    if item.did != viewer.did:
        raise NotAllowed("Only its author can do that.", hint="Say what is wrong: give a verdict, or suggest a change.")
    with services.database.read() as session:
        own = catalogue.list_items(session, audiences_of(viewer), kind=item.kind, did=viewer.did)
    others = [row for row in own if row.uri != uri and not row.retired and row.audience == item.audience]
    page = RetirePage(
        site=site_of(request, services, viewer),
        action="/write/retire",
        uri=uri,
        about=Link(text=item.title, href=href_of_item(uri)),
        is_retired=bool(item.retired),
        instead=(Choice(value="", label="Nothing"), *(Choice(value=row.uri, label=row.title) for row in others)),
    )
    return show_once(request, services, page)


@post("/write/retire", sync_to_thread=True, include_in_schema=False)
def retire(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Out of use, or back into it; workers on it are told by their own pages."""
    require_author(viewer)
    uri = data.get("uri", "")
    if data.get("do") == "restore":
        services.ending.restore(viewer.did, uri)
        said = "It is back in use."
    else:
        services.ending.retire(viewer.did, uri, data.get("reason", ""), data.get("instead", "").strip())
        said = "It is out of use. Who was working on it is told, with your reason."
    settle(services, found=True)
    return redirect_with(services, href_of_item(uri) or "/write", said)


HANDLERS = (retire_page, retire)
