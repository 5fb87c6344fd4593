"""com.atproto.sync.subscribeRepos: the event stream over a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from federation.frames import encode_error, encode_info
from node.services.assembly import Services

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


async def _serve(socket: WebSocket[Any, Any, Any], services: Services, cursor: int) -> None:
    gone = asyncio.create_task(_until_gone(socket))
    try:
        frames = services.stream.frames(cursor)
        while True:
            following = asyncio.ensure_future(anext(frames))
            await asyncio.wait({following, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                following.cancel()
                return
            try:
                await asyncio.wait_for(socket.send_data(following.result(), mode="binary"), SEND_PATIENCE)
            except TimeoutError:
                # It cannot keep up: the protocol's error, and the cursor is its own to resume from.
                with contextlib.suppress(Exception):
                    await socket.send_data(encode_error("ConsumerTooSlow", "Too slow."), mode="binary")
                await socket.close(code=1008)
                return
    finally:
        gone.cancel()


async def _until_gone(socket: WebSocket[Any, Any, Any]) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_data(mode="binary")


def _cursor(text: str | None, last: int) -> int | None:
    """The cursor asked for; None when it is not a number."""
    if text is None:
        return last
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


HANDLERS = (subscribe_repos,)
