"""HEAD wherever there is GET (RFC 9110, section 9.1): the same status and headers, and nothing behind them."""

from __future__ import annotations

from typing import Any

from node.web.asgi import App


def answer_heads(app: App) -> App:
    """`app`, which is asked GET for HEAD; the answer ends with its headers, and a stream is left at its first piece.

    To whoever streams it looks as if the caller had gone, whatever the server says of an answer that is complete.
    """

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        is_answered = False

        async def without_body(message: Any) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                is_answered = True

        async def until_answered() -> Any:
            return {"type": "http.disconnect"} if is_answered else await receive()

        await app({**scope, "method": "GET"}, until_answered, without_body)

    return serve
