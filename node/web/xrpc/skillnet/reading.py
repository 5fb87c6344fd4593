"""The catalogue is asked by anybody, or by members alone: as its pages are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from node.services.assembly import Services
from node.web.access.viewing import provide_viewer, require_reading


async def _let_read(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Raises NotSignedIn where the node is read by its members alone."""
    services: Services = connection.app.state.services
    if not services.settings.open_reading:
        require_reading(services, await provide_viewer(connection, services))


def reading(nsid: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A query for whoever may read the catalogue."""
    return get(f"/xrpc/{nsid}", sync_to_thread=True, guards=[_let_read])
