"""Consumers of the event stream over plain sockets: what one event costs the server for each of them."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

from node.cli.bench.federation.load import AT_ONCE, Server, send_all

_FIN_BINARY = 0x82


def cost_per_consumer(server: Server, requests: Sequence[bytes], consumers: int) -> float:
    """µs of the server's processors for one event and consumer: the same writes with consumers, less those without.

    The first half of `requests`, each a write of one event, is sent without consumers, the second half with them; all
    consumers must receive every event.
    """
    half = len(requests) // 2

    async def run() -> float:
        alone = await _spent(server, requests[:half], [])
        streams = await asyncio.gather(*(_subscribe(server) for _ in range(consumers)))
        try:
            together = await _spent(server, requests[half : 2 * half], streams)
        finally:
            for _, writer in streams:
                writer.close()
        return (together - alone) / (half * consumers) * 1e6

    return asyncio.run(run())


_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _spent(server: Server, requests: Sequence[bytes], streams: Sequence[_Stream]) -> float:
    before = server.processor()
    async with asyncio.TaskGroup() as group:
        group.create_task(send_all(server, requests, AT_ONCE))
        for reader, _ in streams:
            group.create_task(_receive(reader, len(requests)))
    return server.processor() - before


async def _subscribe(server: Server) -> _Stream:
    parts = urlsplit(server.url)
    reader, writer = await asyncio.open_connection("127.0.0.1", parts.port, limit=10_000_000)
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /xrpc/com.atproto.sync.subscribeRepos HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in answer[:20], answer[:300]
    return reader, writer


async def _receive(reader: asyncio.StreamReader, count: int) -> None:
    """Until `count` messages have come; pings and the like are not counted."""
    while count:
        first, length = await reader.readexactly(2)
        if length >= 126:
            length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
        await reader.readexactly(length)
        count -= first == _FIN_BINARY
