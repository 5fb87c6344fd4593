"""A server that is about to leave says so to proxies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from node.app.server.parting import Parting


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
