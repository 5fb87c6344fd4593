"""com.atproto.sync.subscribeRepos: the event stream over a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.types import Send

from federation.frames import encode_error, encode_info
from node.logs import get_logger
from node.services.assembly import Services
from node.services.hosting.stream import EventStream

SEND_PATIENCE = 30.0  # seconds that a consumer may take to accept one frame


@websocket("/xrpc/com.atproto.sync.subscribeRepos")
async def subscribe_repos(socket: WebSocket[Any, Any, Any], services: Services) -> None:
    """Frames after `cursor`; without one, only what is new."""
    await socket.accept()
    stream = services.stream
    cursor = _cursor(socket.query_params.get("cursor"), stream.last_seq)
    if cursor is None or cursor > stream.last_seq:
        await socket.send_data(encode_error("FutureCursor", "Cursor in the future."), mode="binary")
        await socket.close()
        return
    oldest = await asyncio.to_thread(stream.oldest_seq)
    if cursor < oldest - 1 and "cursor" in socket.query_params and cursor > 0:
        await socket.send_data(encode_info("OutdatedCursor", "Events before this were dropped."), mode="binary")
    stream.consumers += 1
    try:
        await _serve(socket, services, cursor)
    finally:
        stream.consumers -= 1


class _Pump:
    """Sends frames to one consumer. Nothing is made for each frame: with many consumers that is what a frame costs."""

    def __init__(self, send: Send, stream: EventStream, cursor: int) -> None:
        self._send = send
        self._stream = stream
        self._cursor = cursor
        self._began = 0.0  # when the frame that is being sent was begun; 0 while there is none

    async def run(self) -> None:
        """Until it is cancelled or the connection is lost."""
        time = asyncio.get_running_loop().time
        while True:
            for seq, frame in await self._stream.following(self._cursor):
                self._began = time()
                await self._send({"type": "websocket.send", "bytes": frame, "text": None})
                self._cursor = seq
            self._began = 0.0

    def is_stuck(self) -> bool:
        """Has the consumer left one frame waiting for longer than we wait?"""
        return bool(self._began) and asyncio.get_running_loop().time() - self._began > SEND_PATIENCE


async def _serve(socket: WebSocket[Any, Any, Any], services: Services, cursor: int) -> None:
    pump = _Pump(socket.send, services.stream, cursor)
    tasks = {asyncio.create_task(pump.run()), asyncio.create_task(until_gone(socket))}
    try:
        while not (await asyncio.wait(tasks, timeout=SEND_PATIENCE / 3, return_when=asyncio.FIRST_COMPLETED))[0]:
            if pump.is_stuck():
                await send_away(socket, tasks)
                return
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, OSError | WebSocketDisconnect):
                get_logger("stream").error("a consumer was lost", error=str(outcome), exc_info=outcome)


async def send_away(socket: WebSocket[Any, Any, Any], tasks: Iterable[asyncio.Task[None]]) -> None:
    """It cannot keep up: the protocol's error, if it takes that, and the cursor is its own to resume from."""
    for task in tasks:
        task.cancel()
    with contextlib.suppress(Exception):
        async with asyncio.timeout(1):
            await socket.send_data(encode_error("ConsumerTooSlow", "Too slow."), mode="binary")
    with contextlib.suppress(Exception):
        await socket.close(code=1008)


async def until_gone(socket: WebSocket[Any, Any, Any]) -> None:
    """Until the consumer closes the connection; what it says is not listened to."""
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_data(mode="binary")


def _cursor(text: str | None, last: int) -> int | None:
    """The cursor asked for; None when it is not a number."""
    if text is None:
        return last
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


HANDLERS = (subscribe_repos,)
