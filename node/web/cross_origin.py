"""Programs in browsers may call the protocol from any site: those paths take tokens, never the browser's cookie."""

from __future__ import annotations

from typing import Any

from node.web.asgi import App

OPEN_PATHS = ("/xrpc/", "/.well-known/", "/plc/")
_PREFLIGHT_SECONDS = b"86400"
_ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (
        b"access-control-expose-headers",
        b"RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, Retry-After",
    ),
]


def open_to_browsers(app: App) -> App:
    """`app` with the headers of cross-origin sharing on the protocol's paths, errors included."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(OPEN_PATHS):
            await app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _preflight(scope["headers"])})
            await send({"type": "http.response.body", "body": b""})
            return

        async def marked(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_ALWAYS]
            await send(message)

        await app(scope, receive, marked)

    return serve


def _preflight(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Any header may be sent: the protocol's proxying and labelling ones are not ours to list."""
    wanted = dict(headers).get(b"access-control-request-headers", b"authorization, content-type")
    return [
        *_ALWAYS,
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", wanted),
        (b"access-control-max-age", _PREFLIGHT_SECONDS),
        (b"vary", b"Access-Control-Request-Headers"),
    ]
