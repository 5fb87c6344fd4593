"""The endpoints page: every route of the node."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from litestar import Router
from litestar.handlers import ASGIRouteHandler, WebsocketRouteHandler

from docs.generate.table import table
from node.web.routes import HANDLERS

INTRODUCTION = """# Endpoints

Every route of a node. `/schema` of a running one serves the same as OpenAPI, with parameters and answers. Errors are
RFC 9457 problem documents; under `/xrpc` they have the protocol's own shape.
"""


def page() -> str:
    """Every route by its first part."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods, words in rows():
        groups.setdefault("/" + path.strip("/").partition("/")[0], []).append((f"`{path}`", methods, words))
    parts = [
        f"## {name}\n\n" + table(("path", "method", "what it does"), group) + "\n" for name, group in groups.items()
    ]
    return "\n".join([INTRODUCTION, *parts])


def rows() -> list[tuple[str, str, str]]:
    """Path, methods and the first sentences of every route."""
    routes = Router(path="/", route_handlers=HANDLERS).routes
    found = {_row(route.path, handler) for route in routes for handler in _handlers(route)}
    return sorted(row for row in found if row[1])


def _handlers(route: Any) -> Sequence[Any]:
    return getattr(route, "route_handlers", None) or [route.route_handler]


def _row(path: str, handler: Any) -> tuple[str, str, str]:
    words = inspect.getdoc(inspect.unwrap(getattr(handler.fn, "func", handler.fn))) or ""
    return path, _methods(handler), words.partition("\n\n")[0]


def _methods(handler: Any) -> str:
    if isinstance(handler, ASGIRouteHandler):
        return "any"
    if isinstance(handler, WebsocketRouteHandler):
        return "WebSocket"
    return " ".join(sorted(set(handler.http_methods) - {"OPTIONS"}))  # the framework adds that one by itself
