"""Requests go in lanes: people's, programs', whole repositories, signing in. None waits for another's queue."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

from node.web.access.viewing import PROGRAM_PATHS

Lane = Literal["", "pages", "programs", "exports", "doors"]

EXPORTS = ("/xrpc/com.atproto.sync.getRepo", "/xrpc/com.atproto.sync.getBlocks")
DOORS = (
    "/sign-in", "/register", "/api/session", "/xrpc/com.atproto.server.createSession",
    "/xrpc/com.atproto.server.createAccount", "/xrpc/com.atproto.server.deleteAccount",
)  # fmt: skip
LINK = "/link/"
LANE: ContextVar[Lane] = ContextVar("lane", default="")  # of the running request; the node's own work is in ''


def lane_of(path: str) -> Lane:
    """The lane of a request."""
    if path in EXPORTS:
        return "exports"
    if path in DOORS or path.startswith(LINK):
        return "doors"  # where passwords are hashed for people who are not known yet
    return "programs" if path.startswith(PROGRAM_PATHS) else "pages"
