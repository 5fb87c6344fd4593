"""One host's silence is nobody else's: names and connections have room of their own."""

import asyncio
import socket
import threading
from contextlib import AsyncExitStack

import pytest

from federation import lookups, pools
from federation.errors import FetchTimedOut
from federation.safe_http import Request, SafeClient


async def _answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await writer.drain()
    writer.close()


def test_names_that_do_not_answer_hold_up_no_name_that_did(monkeypatch: pytest.MonkeyPatch):
    released = threading.Event()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]

    def slow(host: str, _port: int, **_: object) -> object:
        if host.endswith(".silent"):
            released.wait(20)
            raise socket.gaierror
        return found

    monkeypatch.setattr(lookups.socket, "getaddrinfo", slow)

    async def story() -> None:
        assert await lookups.look_up("known.example", 80) == ["127.0.0.1"]
        with monkeypatch.context() as patch:
            patch.setattr(lookups, "_SECONDS", 0.05)
            silent = [asyncio.create_task(lookups.look_up(f"{number}.silent", 80)) for number in range(60)]
            outcomes = await asyncio.gather(*silent, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {FetchTimedOut}
        # Every thread for unknown names is still held.
        assert await lookups.look_up("known.example", 80) == ["127.0.0.1"]

    try:
        asyncio.run(story())
    finally:
        released.set()


def test_hosts_that_say_nothing_hold_up_no_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pools, "KEPT", 3)
    silent = [socket.create_server(("127.0.0.1", 0)) for _ in range(6)]

    async def story() -> None:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(await asyncio.start_server(_answering, "127.0.0.1", 0))
            http = await stack.enter_async_context(SafeClient(True))
            waiting = [
                asyncio.create_task(http.request(Request(f"http://127.0.0.1:{sock.getsockname()[1]}/", seconds=60.0)))
                for sock in silent
                for _ in range(pools.EACH + 1)
            ]
            await asyncio.sleep(0)
            port = server.sockets[0].getsockname()[1]
            for _ in range(3):
                assert await http.get_bytes(f"http://127.0.0.1:{port}/", seconds=30.0) == b"ok"
            assert not any(task.done() for task in waiting)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            await http.get_bytes(f"http://127.0.0.1:{port}/")
            assert len(http._pools._pools) <= 3

    try:
        asyncio.run(story())
    finally:
        for sock in silent:
            sock.close()
