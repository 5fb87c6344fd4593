"""The main server, and how it leaves: proxies are told first, then it takes no more, and finishes what it took."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from node.app.server.reporting import STOPPING, report
from node.errors import Refused
from node.web.lanes import path_of

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

        if path_of(scope) == READY:
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

    def __init__(self, config: uvicorn.Config, parting: Parting, listener: socket.socket, drain: float) -> None:
        super().__init__(config)
        self._parting = parting
        self._listener = listener
        self._drain = drain
        self.settle: Callable[[], Awaitable[None]] | None = None  # what is waited for once nobody more is let in
        self._beside: list[tuple[SecondServer, asyncio.Task[None]]] = []
        self.comes_back = False
        self.closes = False  # is nobody let in any more? Until then it does all that it did

    @property
    def leaves(self) -> bool:
        """Is it about to end?"""
        return self._parting.leaves

    async def begin_beside(self, server: SecondServer) -> None:
        """Another server for the same services, which ends before they do."""
        task = asyncio.create_task(server.serve())
        self._beside.append((server, task))
        await until_started(server, task)
        server.close_to_others()

    async def end_beside(self, servers: Sequence[SecondServer]) -> None:
        """End those of these that still answer."""
        ending = [(server, task) for server, task in self._beside if server in servers]
        self._beside = [(server, task) for server, task in self._beside if server not in servers]
        for server, task in ending:
            server.should_exit = True
            await asyncio.gather(task, return_exceptions=True)
            server.remove()

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
            report(STOPPING)
            await asyncio.sleep(self._drain)
        self.closes = True
        for listening in self.servers:
            listening.close()
        await asyncio.sleep(LAST_WORDS)
        if not self.comes_back:
            await self._close_door()
        if self.settle is not None:
            await self.settle()
        await self.end_beside([server for server, _ in self._beside])
        await super().shutdown(sockets)

    async def _close_door(self) -> None:
        """Whoever stands at the door is let in, for with the socket they would be thrown out; then it is shut."""
        loop, config = asyncio.get_running_loop(), self.config
        self._listener.setblocking(False)
        with contextlib.suppress(OSError):  # nobody more
            for _ in range(config.backlog):
                guest, _ = self._listener.accept()
                guest.setblocking(False)
                await loop.connect_accepted_socket(self._protocol, guest)
        self._listener.close()
        await asyncio.sleep(LAST_WORDS)

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn's own `startup` makes one for a connection."""
        made: Any = self.config.http_protocol_class
        state = self.lifespan.state
        protocol: asyncio.Protocol = made(config=self.config, server_state=self.server_state, app_state=state)
        return protocol


async def until_started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    """Wait until it answers. Raises what ended it, or Refused."""
    while not server.started:
        if task.done():
            await task
            raise Refused("The node could not start; the log above says why.")
        await asyncio.sleep(0.01)


class SecondServer(uvicorn.Server):
    """A server beside the main one, which alone handles signals; at a socket's file, or a port that is found."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._file = Path(config.uds) if config.uds else None
        self._made = 0
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.servers[0].sockets[0].getsockname()[1])

    def close_to_others(self) -> None:
        """A socket's file is for the owner of this process."""
        if self._file is not None:
            self._file.chmod(0o600)
            self._made = self._file.stat().st_ino

    def remove(self) -> None:
        """Nobody is to be led to a server that is no more; another process may have put its own there meanwhile."""
        with contextlib.suppress(OSError):
            if self._file is not None and self._file.stat().st_ino == self._made:
                self._file.unlink()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
