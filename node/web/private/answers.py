"""What every answer about a worker carries."""

from __future__ import annotations

from typing import Any

from litestar import Response

PRIVATE = {"Cache-Control": "private, no-store"}
JSON_LINES = "application/jsonl"


def add_private_headers(response: Response[Any]) -> Response[Any]:
    """No cache keeps it, no search engine lists it."""
    response.headers.update({**PRIVATE, "X-Robots-Tag": "noindex"})
    return response
