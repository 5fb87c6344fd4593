"""Requests go in lanes: people's, programs', and those for whole repositories. None waits for another's queue."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

from node.web.access.viewing import PROGRAM_PATHS

Lane = Literal["", "pages", "programs", "exports"]

EXPORTS = ("/xrpc/com.atproto.sync.getRepo", "/xrpc/com.atproto.sync.getBlocks")
LANE: ContextVar[Lane] = ContextVar("lane", default="")  # of the running request; the node's own work is in ''


def lane_of(path: str) -> Lane:
    """The lane of a request."""
    if path in EXPORTS:
        return "exports"
    return "programs" if path.startswith(PROGRAM_PATHS) else "pages"
