"""Bounds the memory that bodies of requests take: beyond it, who sends a large one is told to come back."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

from node.web.overload import refuse

App = Callable[[Any, Any, Any], Awaitable[None]]

SMALL = 65_536  # bytes of a body that is not counted: it is not read on before somebody wants it
# A refusal and the frames that it came through hold each other, and the body with them, until the collector comes by.
LARGE = 1_000_000  # bytes of a body that does not wait for that: with many, a node took twice the memory
SOON = 0.3  # seconds until nobody holds it any more
UNTOLD = 8_000_000  # bytes that a body is taken for whose length nobody said
STREAMED = "/xrpc/com.atproto.repo.uploadBlob"  # goes to its file as it comes


class Bodies:
    """One body is always taken, however large: the application says what is too large for it."""

    def __init__(self, app: App, room: int) -> None:
        self._app, self._room = app, room
        self._held = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 503 with Retry-After."""
        size = _size(scope) if scope["type"] == "http" else 0
        if size <= SMALL:
            await self._app(scope, receive, send)
            return
        if self._held and self._held + size > self._room:
            await refuse(scope["path"], send)
            return
        self._held += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._held -= size
            if size > LARGE:
                asyncio.get_running_loop().call_later(SOON, gc.collect, 1)


def _size(scope: Any) -> int:
    if scope["method"] in ("GET", "HEAD") or scope["path"] == STREAMED:
        return 0
    headers = dict(scope["headers"])
    said = headers.get(b"content-length", b"")
    if said.isdigit():
        return int(said[:18])
    return UNTOLD if b"transfer-encoding" in headers else 0
