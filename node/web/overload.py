"""Sheds load: beyond so many requests at once the rest are told to come back, and who runs the node still gets in."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from node.web.access.viewing import LOCAL_MARK

App = Callable[[Any, Any, Any], Awaitable[None]]

COME_BACK_IN = 2  # seconds; a queue of requests empties within one
SPARED = ("/health",)  # who watches over the node asks here, and must not take a busy node for a dead one
_WORDS = "This node has more to do than it can; nothing was done with this request."


@dataclass
class Traffic:
    """What was asked since the start: under way, shed, answered by first digit of the status, and how long it took."""

    under_way: int = 0
    shed: int = 0
    seconds: float = 0.0
    answered: Counter[int] = field(default_factory=Counter)


class Overload:
    """Counts the requests that are being worked on: not those whose body is still coming or whose answer is going out,
    or a few slow readers could close the node to everybody."""

    def __init__(self, app: App, most: int) -> None:
        self._app, self._most = app, most
        self.traffic = Traffic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 503 with Retry-After. The operator's socket is never refused."""
        if scope["type"] != "http" or scope["path"] in SPARED or scope.get(LOCAL_MARK):
            await self._app(scope, receive, send)
        elif self.traffic.under_way >= self._most:
            self.traffic.shed += 1
            await _refuse(scope["path"], send)
        else:
            await _Counted(self.traffic, receive, send).serve(self._app, scope)


class _Counted:
    """One request that counts while somebody works on it."""

    def __init__(self, traffic: Traffic, receive: Any, send: Any) -> None:
        self._began = time.perf_counter()
        self._traffic, self._receive, self._send = traffic, receive, send
        self._is_answered = self._counts = False

    async def serve(self, app: App, scope: Any) -> None:
        self._count(yes=True)
        try:
            await app(scope, self.receive, self.send)
        finally:
            self._count(yes=False)

    async def receive(self) -> Any:
        self._count(yes=False)
        try:
            return await self._receive()
        finally:
            self._count(yes=not self._is_answered)

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._is_answered = True
            self._traffic.answered[message["status"] // 100] += 1
            self._traffic.seconds += time.perf_counter() - self._began
            self._count(yes=False)
        await self._send(message)

    def _count(self, *, yes: bool) -> None:
        self._traffic.under_way += yes - self._counts
        self._counts = yes


async def _refuse(path: str, send: Any) -> None:
    body: dict[str, object]
    if path.startswith("/xrpc/"):
        kind, body = b"application/json", {"error": "ServiceUnavailable", "message": _WORDS}
    else:
        kind = b"application/problem+json"
        about: dict[str, object] = {
            "type": "about:blank#ServiceUnavailable",
            "title": "Service Unavailable",
            "status": 503,
        }
        body = {**about, "detail": _WORDS, "hint": f"Try again in {COME_BACK_IN} seconds."}
    headers = [(b"content-type", kind), (b"retry-after", b"%d" % COME_BACK_IN), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
