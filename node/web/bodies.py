"""Bounds the memory that bodies of requests take: beyond it, who sends a large one is told to come back."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

from node.errors import ShortOfMemory
from node.web.access.viewing import LOCAL_MARK
from node.web.lanes import path_of
from node.web.overload import refuse

App = Callable[[Any, Any, Any], Awaitable[None]]

SMALL = 65_536  # bytes of a body that is never refused: it is not read on before somebody wants it
# A refusal and the frames that it came through hold each other, and the body with them, until the collector comes by.
LARGE = 1_000_000  # bytes of a body that does not wait for that: with many, a node took twice the memory
SOON = 0.3  # seconds until nobody holds it any more
TO_ITS_FILE = frozenset({"/xrpc/com.atproto.repo.uploadBlob"})  # streamed by every process, and so not counted
# Streamed by a process beside the core: they may be large, and the core reads them once it knows whose they are.
TO_THE_CORE = TO_ITS_FILE | {"/xrpc/com.atproto.repo.importRepo"}


class Bodies:
    """Counts what came, not what was announced, or who sends nothing could take all the room. The largest body that is
    there goes on, however large: the application says what is too large for it. `streamed` paths hold no body."""

    def __init__(self, app: App, room: int, streamed: frozenset[str] = TO_ITS_FILE) -> None:
        self._app, self._room, self._streamed = app, room, streamed
        self._came: dict[object, int] = {}  # by request, while it is worked on
        self._held = 0  # all of it

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 503 with Retry-After, maybe in the middle of a body. The operator's socket is spared."""
        if scope["type"] != "http" or not self._counts(scope):
            await self._app(scope, receive, send)
            return
        request = object()

        async def counted() -> Any:
            message = await receive()
            self._take(request, len(message.get("body", b"")))
            return message

        try:
            await self._app(scope, counted, send)
        except ShortOfMemory:  # of an application that leaves its errors to who asks
            await refuse(path_of(scope), send)
        finally:
            self._let_go(request)

    def _counts(self, scope: Any) -> bool:
        if scope["method"] in ("GET", "HEAD") or LOCAL_MARK in scope:
            return False
        return path_of(scope) not in self._streamed

    def _take(self, request: object, came: int) -> None:
        """Count it. Raises ShortOfMemory, and the application keeps nothing of that body."""
        if not came:
            return
        size = self._came[request] = self._came.get(request, 0) + came
        self._held += came
        if self._held <= self._room or size <= SMALL:
            return
        if any(other >= size for one, other in self._came.items() if one is not request):
            raise ShortOfMemory

    def _let_go(self, request: object) -> None:
        size = self._came.pop(request, 0)
        self._held -= size
        if size > LARGE:
            asyncio.get_running_loop().call_later(SOON, gc.collect, 1)
