"""HEAD of what is sent in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from litestar import Litestar, get
from litestar.response import Stream

from node.web.heads import answer_heads

PATIENCE = 10.0  # seconds


def test_a_stream_is_left_at_its_first_piece() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(1_000):
            made.append(number)
            yield b"piece"

    @get("/", sync_to_thread=False)
    def stream() -> Stream:
        return Stream(pieces())

    sent = asyncio.run(asyncio.wait_for(_head(answer_heads(Litestar([stream], logging_config=None))), PATIENCE))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["body"] == b""
    assert len(made) <= 1


async def _head(app: Any) -> list[Any]:
    """What is sent to somebody who asks, and then stays without a word."""
    sent: list[Any] = []
    scope = {"type": "http", "method": "HEAD", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return await asyncio.get_running_loop().create_future()

    await app(scope, receive, send)
    return sent
