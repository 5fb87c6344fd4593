"""What a reader may see, and public documents as answers that may be kept and asked for again."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import MediaType, Request, Response

from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.content.catalogue import Audiences
from node.web.access.viewing import require_reading
from node.web.contexts.site import Page
from node.web.notices import show_once
from node.web.presenting import rendering_of

AnyRequest = Request[Any, Any, Any]


def readable_by(services: Services, viewer: Viewer) -> Audiences:
    """The audiences of a reader. Raises NotSignedIn where the node is read by its members alone."""
    require_reading(services, viewer)
    return audiences_of(viewer)


def show_document(request: AnyRequest, services: Services, viewer: Viewer, page: Page) -> Response[Any]:
    """A page that is the same for every anonymous reader: with an ETag, answered 304 while it has not changed."""
    if viewer.signed_in:
        return show_once(request, services, page)
    html = rendering_of(services).render(page)
    return revalidated(request, html.encode(), MediaType.HTML)


def revalidated(request: AnyRequest, body: bytes, media_type: str) -> Response[Any]:
    """Bytes under a strong ETag (RFC 9110, section 8.8.3), or 304 for who has them."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Cookie, Accept-Encoding, Accept-Language"}
    if etag in {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}:
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
