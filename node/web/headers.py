"""Security headers on every answer, refusals and errors too: no foreign script, style, frame or referrer."""

from __future__ import annotations

from typing import Any

from node.web.asgi import App

_ALWAYS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            b"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)
# Handles are names below the node's.
_BY_TLS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def secure(app: App, *, by_tls: bool) -> App:
    """`app`, each of whose answers has these headers; those that a handler sets itself stay.

    `by_tls`: the node is reached by TLS, and browsers shall never try without.
    """
    added = (*_ALWAYS, _BY_TLS) if by_tls else _ALWAYS

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        async def completed(message: Any) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in there)]
            await send(message)

        await app(scope, receive, completed if scope["type"] == "http" else send)

    return serve
