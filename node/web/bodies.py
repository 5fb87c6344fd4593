"""Bounds the memory that bodies of requests take, and how long: who sends a large one when it is full is told to come
back, and who stops midway, or sends it by the drop, is not waited for.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

from node.errors import BrokenOff, NotSignedIn, ShortOfMemory, TooSlow
from node.web.access.viewing import LOCAL_MARK
from node.web.asgi import App
from node.web.lanes import path_of
from node.web.overload import refuse

Knows = Callable[[Any], Awaitable[bool]]

STRANGERS = 262_144  # bytes of a body of somebody who is not known here: all that they may send takes a few thousand
SMALL = 65_536  # bytes of a body that is never refused: it is not read on before somebody wants it
# A refusal and the frames that it came through hold each other, and the body with them, until the collector comes by.
LARGE = 1_000_000  # bytes of a body that does not wait for that: with many, a node took twice the memory
SOON = 0.3  # seconds until nobody holds it any more
# A body's deadline counts the seconds that were spent waiting for it, and none in which the node was busy.
PATIENCE = 30.0  # seconds that a body may stop for, whatever came before
SLOWEST = 4_000  # bytes that win back one of these seconds: who sends fewer in each does not get to the end
TO_ITS_FILE = frozenset({"/xrpc/com.atproto.repo.uploadBlob"})  # streamed by every process, and so not counted
# Streamed by a process beside the core: they may be large, and the core reads them once it knows whose they are.
TO_THE_CORE = TO_ITS_FILE | {"/xrpc/com.atproto.repo.importRepo"}


class TooLargeForStrangers(NotSignedIn):
    """That is more than this node takes of somebody who is not signed in."""


class Bodies:
    """Counts what came, not what was announced, or who sends nothing could take all the room. The largest body that is
    there goes on, however large: the application says what is too large for it. `streamed` paths hold no body; that of
    any other is STRANGERS long unless the application `knows` who asks."""

    def __init__(
        self,
        app: App,
        room: int,
        streamed: frozenset[str] = TO_ITS_FILE,
        *,
        patience: float = PATIENCE,
        knows: Knows | None = None,
    ) -> None:
        self._app, self._room, self._streamed, self._patience, self._knows = app, room, streamed, patience, knows
        self._came: dict[object, int] = {}  # by request, while it is worked on
        self._held = 0  # all of it

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 503 or 408, maybe in the middle of a body. The operator's socket is spared."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or LOCAL_MARK in scope:
            await self._app(scope, receive, send)
            return
        request, counts = object(), path_of(scope) not in self._streamed
        awaited = Awaited(receive, self._patience)

        async def counted() -> Any:
            message = await awaited.receive()
            if counts:
                await self._take(request, scope, len(message.get("body", b"")))
            return message

        try:
            await self._app(scope, counted, send)
        # Of an application that leaves its errors to who asks.
        except (ShortOfMemory, TooSlow, BrokenOff, NotSignedIn) as error:
            await refuse(scope, send, error)
        finally:
            # What the framework keeps with a request, its body too: the server keeps the request until the next one.
            scope.pop("state", None)
            self._let_go(request)

    async def _take(self, request: object, scope: Any, came: int) -> None:
        """Count it. Raises ShortOfMemory or TooLargeForStrangers, and the application keeps nothing of that body."""
        if not came:
            return
        size = self._came[request] = self._came.get(request, 0) + came
        is_large = size - came <= STRANGERS < size
        self._held += came
        if is_large and self._knows is not None and not await self._knows(scope):
            raise TooLargeForStrangers
        if self._held <= self._room or size <= SMALL:
            return
        if any(other >= size for one, other in self._came.items() if one is not request):
            raise ShortOfMemory

    def _let_go(self, request: object) -> None:
        size = self._came.pop(request, 0)
        self._held -= size
        if size > LARGE:
            asyncio.get_running_loop().call_later(SOON, gc.collect, 1)


class Awaited:
    """A body that has to come within the seconds `left`. What follows its end is waited for in peace."""

    def __init__(self, receive: Callable[[], Awaitable[Any]], patience: float) -> None:
        self._receive, self._patience = receive, patience
        self.left, self._is_whole = patience, False

    async def receive(self) -> Any:
        """The next of it. Raises TooSlow, BrokenOff."""
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self.left):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise BrokenOff
        self.note(loop.time() - began, message)
        return message

    def note(self, seconds: float, message: Any) -> None:
        """It took so long to come."""
        self.left = min(self._patience, self.left - seconds + len(message.get("body", b"")) / SLOWEST)
        self._is_whole = not message.get("more_body", False)
