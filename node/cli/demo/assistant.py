"""An assistant for the check: one tool call over MCP, with the protocol's official client."""

from __future__ import annotations

import asyncio
from typing import Any


def ask_assistant(url: str, token: str, tool: str, arguments: dict[str, Any]) -> str:
    """The first line of what the tool answers."""
    return asyncio.run(_ask(url, token, tool, arguments))


async def _ask(url: str, token: str, tool: str, arguments: dict[str, Any]) -> str:
    from httpx2 import AsyncClient
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with (
        AsyncClient(headers={"authorization": f"Bearer {token}"}) as http,
        streamable_http_client(url, http_client=http) as (read, write, *_),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        result = await session.call_tool(tool, arguments)
    texts = [getattr(part, "text", "") for part in result.content]
    return next((line for line in "\n".join(texts).splitlines() if line.strip()), "")
