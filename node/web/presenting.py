"""From a page's context to an answer: the site facts of the request, the theme, the headers of a private page."""

from __future__ import annotations

import functools
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from litestar import MediaType, Request, Response
from litestar.utils.scope.state import ScopeState

from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.web.contexts.site import Page, Site
from node.web.contexts.site import Viewer as ViewerContext
from node.web.rendering import Rendering


@functools.cache
def _release() -> str:
    return version("skillnet-node")


@functools.cache
def _rendering(theme: str) -> Rendering:
    return Rendering(theme)


def rendering_of(services: Services) -> Rendering:
    """The theme of this node."""
    return _rendering(services.settings.theme)


def site_of(request: Request[Any, Any, Any], services: Services, viewer: Viewer) -> Site:
    """What every page may use, for this request."""
    settings = services.settings
    return Site(
        organisation=settings.organisation or "SkillNet",
        url=settings.public_url,
        language="en",
        here=request.url.path,
        csrf=csrf_of(request),
        viewer=_viewer_context(viewer) if viewer.signed_in else None,
        version=_release(),
    )


def csrf_of(request: Request[Any, Any, Any]) -> str:
    """The token that this request's forms must send back."""
    token = ScopeState.from_scope(request.scope).csrf_token
    return token if isinstance(token, str) else ""


def _viewer_context(viewer: Viewer) -> ViewerContext:
    return ViewerContext(
        name=viewer.display_name,
        is_worker=may(viewer, Action.LEARN),
        is_practitioner=may(viewer, Action.PUBLISH) and bool(viewer.did),
        is_operator=may(viewer, Action.OPERATE),
        may_write=may(viewer, Action.PUBLISH),
        may_curate=may(viewer, Action.CURATE),
        page=f"/people/{quote(viewer.did, safe=':')}" if viewer.did else None,
    )


def show(services: Services, page: Page, *, status: int = 200) -> Response[str]:
    """The page as an answer that no cache keeps."""
    html = rendering_of(services).render(page)
    return Response(html, media_type=MediaType.HTML, status_code=status, headers={"Cache-Control": "private, no-store"})
