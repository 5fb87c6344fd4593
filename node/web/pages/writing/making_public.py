"""Making public what was kept inside: the page shows exactly what, the button publishes exactly that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from node.authoring.value import source_of
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.services.writing.promoting import Promotion
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.web.contexts.cards import Link
from node.web.contexts.writing.authoring import PromotePage, PublicFile
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.presenting import site_of

_STAYS = {
    "versions": ("one version that was kept inside", "{n} versions that were kept inside"),
    "verdicts": ("one verdict from inside", "{n} verdicts from inside"),
    "suggestions": ("one suggestion from inside", "{n} suggestions from inside"),
}


@get("/write/public", sync_to_thread=True, include_in_schema=False)
def promote_page(request: AnyRequest, services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """What would become public, whole."""
    _require(viewer)
    shown = services.promoting.show(viewer.did, uri)
    page = PromotePage(
        site=site_of(request, services, viewer),
        action="/write/public",
        uri=uri,
        digest=shown.digest,
        about=Link(text=shown.title, href=href_of_item(uri)),
        record=json.dumps(shown.value, indent=2, ensure_ascii=False),
        text=source_of(shown.value, _body(services, shown)),
        files=tuple(PublicFile(path=file.path, size=file.size, cid=file.cid) for file in shown.files),
        obstacles=_obstacles(services, shown),
        stays=tuple(_words(shown.stays)),
    )
    return show_once(request, services, page)


@post("/write/public", sync_to_thread=True, include_in_schema=False)
def promote(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Sign and publish exactly what was shown."""
    _require(viewer)
    published = services.promoting.carry_out(viewer.did, data.get("uri", ""), data.get("digest", ""))
    settle(services, found=True)
    return redirect_with(services, href_of_item(published.uri) or "/write", "It is public now, signed by you.")


def _require(viewer: Viewer) -> None:
    require_author(viewer)
    require(viewer, Action.KEEP_INSIDE)


def _body(services: Services, shown: Promotion) -> str | None:
    blob = shown.value.get("bodyBlob")
    if not blob:
        return None
    return (services.internal.find_blob(str(blob["ref"]["$link"])) or b"").decode("utf-8", "replace")


def _obstacles(services: Services, shown: Promotion) -> tuple[Link, ...]:
    with services.database.read() as session:
        items = catalogue.find_items(session, shown.obstacles, MEMBERS)
    return tuple(
        Link(text=items[uri].title, href=href_of_item(uri)) if uri in items else Link(text=uri, href=None)
        for uri in shown.obstacles
    )


def _words(stays: Mapping[str, int]) -> list[str]:
    return [
        (_STAYS[name][0] if number == 1 else _STAYS[name][1].format(n=number))
        for name, number in stays.items()
        if number
    ]


HANDLERS = (promote_page, promote)
