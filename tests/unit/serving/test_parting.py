"""A server that is about to leave says so to proxies."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from node.app.server.parting import MainServer, Parting, until_started


async def _app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


@pytest.mark.parametrize(("path", "status"), [("/ready", 503), ("//ready/", 503), ("/health", 200)])
def test_who_leaves_is_not_ready_however_one_asks_and_keeps_no_connection(path: str, status: int) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    parting = Parting(_app)
    asyncio.run(parting({"type": "http", "path": path}, None, send))
    parting.leaves = True
    asyncio.run(parting({"type": "http", "path": path}, None, send))
    before, after = (message for message in sent if message["type"] == "http.response.start")
    assert (before["status"], after["status"]) == (200, status)
    assert (b"connection", b"close") in after["headers"]


class _Quiet(MainServer):
    """Leaves the test's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def test_who_drains_has_not_closed_yet() -> None:
    async def leave(listener: socket.socket) -> None:
        server = _Quiet(uvicorn.Config(_say_so, lifespan="off", log_config=None), Parting(_say_so), listener, 0.1)
        task = asyncio.create_task(server.serve(sockets=[listener.dup()]))
        await until_started(server, task)
        server.should_exit = True
        for _ in range(1_000_000):
            if server.leaves:
                break
            await asyncio.sleep(0)
        assert (server.leaves, server.closes) == (True, False)
        await task
        assert server.closes

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asyncio.run(leave(listener))


async def _say_so(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def test_who_stands_at_the_door_is_let_in_before_it_is_shut() -> None:
    """With the socket the system would throw them out."""

    async def come_late(listener: socket.socket) -> bytes:
        config = uvicorn.Config(_say_so, lifespan="off", log_config=None)
        server = _Quiet(config, Parting(_say_so), listener, 0)
        task = asyncio.create_task(server.serve(sockets=[listener.dup()]))
        await until_started(server, task)
        server.servers[0].close()
        await asyncio.sleep(0)
        with socket.create_connection(listener.getsockname(), 10) as guest:
            guest.sendall(b"GET / HTTP/1.1\r\nHost: node\r\n\r\n")
            server.should_exit = True
            await task
            return guest.recv(100)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        assert asyncio.run(come_late(listener)).startswith(b"HTTP/1.1 200")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, 10)
