"""The host that a request names has to be one (RFC 9112, section 3.2): links and addresses are read with it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from node.errors import Malformed
from node.web.asgi import App
from node.web.overload import refuse

_HOST = re.compile(rb"(?:\[[0-9a-fA-F:.]+\]|[^][\x00-\x20\x7f-\xff\\/?#@:]*)(?::([0-9]{0,5}))?")
_LAST_PORT = 65_535


class NoHost(Malformed):
    """The Host of this request is none."""


def refuse_odd_hosts(app: App) -> App:
    """`app`, but for requests that name several hosts, or what cannot be one: 400."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        named = [value for name, value in scope["headers"] if name == b"host"] if scope["type"] == "http" else []
        if len(named) > 1 or not all(map(_is_host, named)):
            await refuse(scope, send, NoHost())
        else:
            await app(scope, receive, send)

    return serve


@lru_cache(1000)
def _is_host(value: bytes) -> bool:
    found = _HOST.fullmatch(value)
    return found is not None and int(found[1] or 0) <= _LAST_PORT
