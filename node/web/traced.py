"""A span for each request: its route, method and status. Never its query, its caller or its body."""

from __future__ import annotations

from typing import Any

from node.tracing import is_tracing, span
from node.web.asgi import App

UNKNOWN = "unknown"  # an address that is no route may itself say something about somebody


def route_of(scope: Any) -> str:
    """The route of a request, with the names of its parts in the place of what was asked for."""
    return scope.get("path_template") or UNKNOWN


def trace_requests(app: App) -> App:
    """`app`, timed while traces are on; a stream that stays open is no request."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_tracing():
            await app(scope, receive, send)
            return
        method = scope["method"]
        with span(method, http__request__method=method, http__route=UNKNOWN) as tell:

            async def marked(message: Any) -> None:
                if message["type"] == "http.response.start":
                    route = route_of(scope)
                    tell("name", f"{method} {route}")
                    tell("http.route", route)
                    tell("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        tell("error.type", str(message["status"]))
                await send(message)

            await app(scope, receive, marked)

    return serve
