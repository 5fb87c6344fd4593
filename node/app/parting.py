"""The main server, and how it leaves: proxies are told first, then it takes no more, and finishes what it took."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import Iterator
from types import FrameType
from typing import Any

import uvicorn

LAST_WORDS = 0.1  # seconds in which what was sent on a connection that was taken arrives
READY = "/ready"


class Parting:
    """The application of a server that may be about to leave: then /ready says so, and no connection is kept."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.leaves = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        if not self.leaves or scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def last(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        if scope["path"] == READY:
            await _say_leaving(last)
        else:
            await self._app(scope, receive, last)


async def _say_leaving(send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"status": "stopping"}).encode()})


class MainServer(uvicorn.Server):
    """Ends with a signal and leaves what follows to `serve`: uvicorn's own would raise the signal again and so cut
    short the orderly end of the server beside it. With SIGHUP it `comes_back`: it ends to begin anew in its place."""

    def __init__(self, config: uvicorn.Config, parting: Parting, drain: float) -> None:
        super().__init__(config)
        self._parting = parting
        self._drain = drain
        self.comes_back = False

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.comes_back = sig == signal.SIGHUP
        super().handle_exit(sig, frame)

    def come_back(self) -> None:
        """End to begin anew."""
        self.comes_back = self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave: who balances load looks elsewhere for `drain` seconds, then nobody is let in, then all is finished."""
        self._parting.leaves = True
        if not self.comes_back:
            await asyncio.sleep(self._drain)
        for server in self.servers:
            server.close()
        await asyncio.sleep(LAST_WORDS)
        await super().shutdown(sockets)


class SecondServer(uvicorn.Server):
    """A server beside the main one: the main one alone handles signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
