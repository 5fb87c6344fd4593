"""Load over plain sockets: a client that costs so little that the server is what is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from node.cli.bench.running import processor_seconds

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What `count` requests took: seconds by the clock, and of the server's processors."""

    count: int
    seconds: float
    processor: float

    @property
    def by_the_clock(self) -> float:
        """Requests a second, client and server sharing the machine."""
        return self.count / self.seconds

    @property
    def per_core(self) -> float:
        """Requests a second that one core serves."""
        return self.count / max(self.processor, 0.01)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server to measure: address, process, and an account's DID and token."""

    url: str
    pid: int
    did: str
    token: str

    def processor(self) -> float:
        """Seconds of processor time that it has used, all threads."""
        return processor_seconds(self.pid)

    def get(self, path: str) -> bytes:
        """A request."""
        return f"GET /xrpc/{path} HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\n\r\n".encode()

    def post(self, method: str, value: dict[str, Any]) -> bytes:
        """A request of the account."""
        body = json.dumps(value).encode()
        head = (
            f"POST /xrpc/{method} HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\n"
            f"Authorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def run_load(server: Server, requests: Sequence[bytes], at_once: int = AT_ONCE) -> Cost:
    """Send all requests over `at_once` connections. Raises AssertionError at the first answer that is no 200."""

    async def run() -> Cost:
        loop = asyncio.get_running_loop()
        before, began = server.processor(), loop.time()
        await send_all(server, requests, at_once)
        return Cost(len(requests), loop.time() - began, server.processor() - before)

    return asyncio.run(run())


async def send_all(server: Server, requests: Sequence[bytes], at_once: int) -> None:
    """Send all requests over `at_once` connections. Raises AssertionError at the first answer that is no 200."""
    waiting = iter(requests)
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(_connection(server, lambda: next(waiting, None)))


def ask(server: Server, request: bytes) -> bytes:
    """One answer's body."""

    async def run() -> bytes:
        parts = urlsplit(server.url)
        reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
        try:
            writer.write(request)
            return await _answer(reader)
        finally:
            writer.close()

    return asyncio.run(run())


async def ask_in_turn(server: Server, requests: Sequence[bytes]) -> list[float]:
    """Seconds that each answer took, asked one after the other over one connection."""
    loop, took = asyncio.get_running_loop(), []
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(server.url).port, limit=1_000_000)
    try:
        for request in requests:
            began = loop.time()
            writer.write(request)
            await _answer(reader)
            took.append(loop.time() - began)
    finally:
        writer.close()
    return took


async def _connection(server: Server, following: Callable[[], bytes | None]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(server.url).port, limit=1_000_000)
    try:
        while (request := following()) is not None:
            writer.write(request)
            await _answer(reader)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        body = await read_chunks(reader)
    else:
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        body = await reader.readexactly(length)
    assert b" 200 " in head[:20], (head + body)[:500]
    return body


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    """A chunked body (RFC 9112, section 7.1)."""
    body = bytearray()
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return bytes(body)
