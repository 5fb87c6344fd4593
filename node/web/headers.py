"""Security headers on every answer: no foreign script, style, frame or referrer; private answers are never stored."""

from __future__ import annotations

from typing import Any

from litestar import Response

_ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


LASTING = "max-age=31536000; includeSubDomains"  # handles are names below the node's


def add_transport_security(response: Response[Any]) -> Response[Any]:
    """The headers of a node that is reached by TLS: browsers shall never try without."""
    response.headers.setdefault("Strict-Transport-Security", LASTING)
    return add_security_headers(response)


def add_security_headers(response: Response[Any]) -> Response[Any]:
    """Add what is missing; a handler's own headers stay."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
