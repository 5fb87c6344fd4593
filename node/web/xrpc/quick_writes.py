"""What is written most, before the framework's machinery runs. What is not plain goes on to the handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from node.services.assembly import Services
from node.services.policy import Viewer
from node.web.access.viewing import find_viewer_at_once
from node.web.asgi import App
from node.web.large_forms import check_json
from node.web.xrpc.inputs import Body, NotJson, read_input
from node.web.xrpc.limits import begin_limits, limit_headers
from node.web.xrpc.quick import JSON, send_answer

Deed = Callable[[Services, Viewer, Body], Awaitable[Body]]
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def done_quickly(nsid: str, deed: Deed) -> Callable[[App], App]:
    """Middleware of one procedure: `deed` is done on the event loop for who shows a token of the protocol."""

    def wrap(app: App) -> App:
        async def serve(scope: Any, receive: Any, send: Any) -> None:
            services: Services = scope["litestar_app"].state.services
            viewer = find_viewer_at_once(scope, services) if _is_plain(scope, services.settings.max_body) else None
            if viewer is None:
                await app(scope, receive, send)
                return
            begin_limits()
            body = await _whole(receive)
            if body is None:
                return  # nobody waits for an answer
            answer = await deed(services, viewer, read_input(_parse(body), nsid))
            told = [(name.lower().encode(), value.encode()) for name, value in limit_headers().items()]
            await send_answer(send, _encode(answer), JSON, told)

        return serve

    return wrap


def _parse(body: bytes) -> Any:
    check_json(body)
    try:
        return _decode(body)
    except msgspec.DecodeError as error:
        raise NotJson(f"The input is not JSON: {error}") from error


def _is_plain(scope: Any, most: int) -> bool:
    """Does the request say beforehand how long its body is, and is that not too long?"""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return scope["method"] == "POST" and length.isdigit() and 0 < int(length[:18]) <= most


async def _whole(receive: Any) -> bytes | None:
    """The body of a request; None when its sender left."""
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
