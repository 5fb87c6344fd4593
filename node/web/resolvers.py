"""Resolvers that know no directory with a path – the official server's, for one – ask for `/did:plc:…` at the root."""

from __future__ import annotations

from typing import Any

from node.web.asgi import App

_ASKED = "/did:plc:"
_PLACE = "/plc"


def answer_resolvers(app: App) -> App:
    """`app`, which answers there what its directory does at `/plc/did:plc:…`."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_ASKED):
            raw = _PLACE.encode() + scope["raw_path"]
            scope = {**scope, "path": _PLACE + scope["path"], "raw_path": raw}
        await app(scope, receive, send)

    return serve
