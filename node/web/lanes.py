"""Requests go in lanes: people's, programs', whole repositories, signing in. None waits for another's queue."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Literal

from litestar.utils import normalize_path

from node.web.access.viewing import PROGRAM_PATHS

Lane = Literal["", "pages", "programs", "exports", "doors"]

EXPORTS = ("/xrpc/com.atproto.sync.getRepo", "/xrpc/com.atproto.sync.getBlocks")
# Where passwords are hashed for people who are not known yet. Nothing here may wait for another host while it holds its
# place: createAccount does, for one that the caller chooses.
DOORS = (
    "/sign-in", "/register", "/api/session", "/xrpc/com.atproto.server.createSession",
    "/xrpc/com.atproto.server.deleteAccount",
)  # fmt: skip
LINK = "/link/"
LANE: ContextVar[Lane] = ContextVar("lane", default="")  # of the running request; the node's own work is in ''


def path_of(scope: Any) -> str:
    """Where a request goes: the framework takes `//sign-in/` for `/sign-in`."""
    return normalize_path(scope["path"])


def lane_of(method: str, path: str) -> Lane:
    """The lane of a request; `path` as `path_of` has it."""
    if path in EXPORTS:
        return "exports"
    if method == "POST" and (path in DOORS or path.startswith(LINK)):
        return "doors"
    return "programs" if path.startswith(PROGRAM_PATHS) else "pages"
