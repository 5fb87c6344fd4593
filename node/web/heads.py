"""HEAD wherever there is GET (RFC 9110, section 9.1): the same status and headers, and nothing behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]


def answer_heads(app: App) -> App:
    """`app`, which is asked GET for HEAD; the answer ends with its headers, and a stream is not begun."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def without_body(message: Any) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        await app({**scope, "method": "GET"}, receive, without_body)

    return serve
