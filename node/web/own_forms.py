"""Forms come from this node's own pages: browsers say where a request was begun (Fetch Metadata, W3C).

The token in forms alone does not stop a sibling: whoever has another port or subdomain of the host can put a cookie
into a visitor's browser, with a token that they fetched for themselves.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from node.errors import NotAllowed
from node.web.access.viewing import PROGRAM_PATHS

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})  # none: typed, or from a bookmark


class ForeignForm(NotAllowed):
    """Another site sent this."""

    hint = "Open the page here, and send it from there."


async def refuse_foreign(request: Request[Any, Any, Any]) -> None:
    """Raise ForeignForm for what a foreign page makes a browser send. Programs show keys, and say nothing of this."""
    scope = request.scope
    if scope["method"] in _READING or scope["path"].startswith(PROGRAM_PATHS):
        return
    begun = request.headers.get("sec-fetch-site")
    if begun is None:  # without TLS browsers say only from which page
        page = request.headers.get("origin")
        begun = "none" if page is None or _is_own(page, request) else "cross-site"
    if begun not in _OWN:
        raise ForeignForm


def _is_own(page: str, request: Request[Any, Any, Any]) -> bool:
    """No page can make a browser name another host than the one that it asks, which a proxy may have changed since."""
    own = {urlsplit(request.app.state.services.settings.public_url).netloc, request.headers.get("host", "").lower()}
    return urlsplit(page).netloc.lower() in own - {""}
