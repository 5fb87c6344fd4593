"""The assistant's door over standard input and output: passes each call on to the node, with the worker's token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client import Client
    from mcp.server import Server, ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams


def run_stdio(url: str, token: str) -> None:
    """Serve the node at `url` on this process's standard streams until they close."""
    import anyio

    anyio.run(_serve, f"{url.rstrip('/')}/mcp", token)


async def _serve(endpoint: str, token: str) -> None:
    import httpx2
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client
    from mcp.server.stdio import stdio_server

    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
        Client(streamable_http_client(endpoint, http_client=http)) as node,
        stdio_server() as (read, write),
    ):
        server = _passing_on(node)
        await server.run(read, write, server.create_initialization_options())


def _passing_on(node: Client) -> Server[Any]:
    from mcp.server import Server

    from node.services.examining.release import RUNNING

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return await node.list_tools()

    async def call_tool(_context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        return await node.call_tool(params.name, params.arguments or {})

    return Server("skillnet", version=RUNNING, on_list_tools=list_tools, on_call_tool=call_tool)
