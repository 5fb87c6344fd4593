"""Finds out who asks: the operator's own socket, a bearer token, or the session cookie of this node."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from node.errors import NodeError
from node.services.assembly import Services
from node.services.people.throttle import neighbourhood
from node.services.policy import ANONYMOUS, LOCAL_OPERATOR, Action, Viewer, require
from node.settings.declared import Settings
from node.store.engine.failing import find_storage_error

# Interfaces for programs. They take tokens and never the browser's cookie: other ports and subdomains of a host share a
# site with this node, so a foreign page could make a signed-in browser ask here.
PROGRAM_PATHS = ("/api/", "/xrpc/", "/plc/", "/mcp", "/feeds/")

DEVICE_AGE = 365 * 86_400  # seconds, as LIFETIME_DAYS of its token
FOUND = "skillnet.viewer"  # where a request keeps who asks
LOCAL_MARK = "skillnet.local_operator"  # set in the ASGI scope by the socket's own server, never by a request


def cookie_name(settings: Settings, part: str = "", *, everywhere: bool = True) -> str:
    """Cookies are shared between the ports of a host, so each node names its own. `everywhere`: sent to every page.

    By TLS no other host can put in a cookie that is (`__Host-`, RFC 6265bis, 4.1.3.2). Others can be put in by a host
    beside this one: they must open nothing by themselves.
    """
    scheme, _, address = settings.public_url.partition("://")
    prefix = ("__Host-" if everywhere else "__Secure-") if scheme == "https" else ""
    return f"{prefix}skillnet_{''.join(letter if letter.isalnum() else '_' for letter in address)}{part}"


def session_cookie(settings: Settings, token: str) -> Cookie:
    """The cookie that carries a session; `token` empty ends it."""
    return Cookie(
        key=cookie_name(settings),
        value=token,
        path="/",
        max_age=settings.session_days * 86_400 if token else 0,
        httponly=True,
        secure=settings.public_url.startswith("https:"),
        samesite="lax",
    )


def device_name(settings: Settings) -> str:
    """The cookie that says who has signed in here before; it opens nothing."""
    return cookie_name(settings, "_device", everywhere=False)


def device_cookie(settings: Settings, token: str) -> Cookie:
    """See `device_name`; sent to the sign-in pages only."""
    return replace(session_cookie(settings, token), key=device_name(settings), path="/sign-in", max_age=DEVICE_AGE)


def bearer_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The bearer token of a request, or nothing."""
    return bearer_in(connection.scope["headers"])


def bearer_in(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The bearer token among a request's headers, or nothing."""
    found = next((value for name, value in headers if name == b"authorization"), b"")
    scheme, _, token = found.decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def find_viewer(connection: ASGIConnection[Any, Any, Any, Any], services: Services, *, at_once: bool = False) -> Viewer:
    """Who asks; anonymous when nothing valid is shown. `at_once`: on the event loop, where the database allows it."""
    if connection.scope.get(LOCAL_MARK):
        return LOCAL_OPERATOR
    tokens = services.registry.tokens
    find = tokens.find_viewer_at_once if at_once else tokens.find_viewer
    if bearer := bearer_of(connection):
        if bearer.count(".") == 2:
            return tokens.find_jwt_viewer(bearer)
        return find(bearer, "api") or ANONYMOUS
    if connection.url.path.startswith(PROGRAM_PATHS):
        return ANONYMOUS
    cookie = connection.cookies.get(cookie_name(services.settings), "")
    return (find(cookie, "session") if cookie else None) or ANONYMOUS


def find_viewer_of_problem(connection: ASGIConnection[Any, Any, Any, Any], services: Services) -> Viewer:
    """Who asks: looked for only where nobody did; nobody where the storage fails, or what is shown holds no more."""
    try:
        found: Viewer | None = connection.scope.get(FOUND)  # type: ignore[assignment]  # the mark is ours
        return found or find_viewer(connection, services)
    except Exception as error:
        if find_storage_error(error) is None and not isinstance(error, NodeError):
            raise
        return ANONYMOUS


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from, as it is counted: whoever has one IPv6 address has as many as they like."""
    return neighbourhood(connection.client.host) if connection.client else ""


def provide_services(request: Request[Any, Any, Any]) -> Services:
    """The node's services, for handlers."""
    services: Services = request.app.state.services
    return services


async def provide_viewer(request: ASGIConnection[Any, Any, Any, Any], services: Services) -> Viewer:
    """Who asks, for handlers and for what is said when they fail."""
    scope: Any = request.scope
    viewer = scope[FOUND] = await _find_viewer(request, services)
    return viewer


async def _find_viewer(request: ASGIConnection[Any, Any, Any, Any], services: Services) -> Viewer:
    """In a thread only where a table has to be asked the long way."""
    if not bearer_of(request) and cookie_name(services.settings) not in request.cookies:
        return find_viewer(request, services)
    viewer = find_viewer_at_once(request.scope, services)
    if viewer is None and services.database.quick is not None and bearer_of(request).count(".") != 2:
        viewer = find_viewer(request, services, at_once=True)
    return viewer if viewer is not None else await asyncio.to_thread(find_viewer, request, services)


def require_reading(services: Services, viewer: Viewer) -> None:
    """Refuse anonymous readers where the organisation reads by itself. Raises NotSignedIn."""
    require(viewer, Action.READ, open_reading=services.settings.open_reading)


async def is_known(scope: Any, services: Services) -> bool:
    """Does somebody ask who may be more than a reader from outside?"""
    return await provide_viewer(ASGIConnection(scope), services) != ANONYMOUS


def find_viewer_at_once(scope: Any, services: Services) -> Viewer | None:
    """Who shows a token of the protocol, on the event loop without waiting; None where that takes a thread."""
    bearer = bearer_in(scope["headers"])
    if bearer.count(".") != 2 or LOCAL_MARK in scope:
        return None
    return services.registry.tokens.find_jwt_viewer_at_once(bearer)
