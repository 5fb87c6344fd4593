"""/mcp: the worker's assistant over Streamable HTTP (Model Context Protocol), authorised by the worker's own token.

Each request stands alone: no session is kept, so nothing has to be started, stopped or shared between processes.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from litestar import asgi
from litestar.connection import ASGIConnection
from litestar.types import Receive, Scope, Send

from node.errors import NodeError
from node.services.assembly import Services
from node.services.examining.release import RUNNING
from node.services.policy import ANONYMOUS, Action, Viewer, may
from node.services.policy import Scope as PolicyScope
from node.web.access.viewing import bearer_of, find_viewer
from node.web.private.assistant_tools import TOOLS, AssistantDesk

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams

LARGEST = 100_000  # bytes of a request
NAME = "skillnet"


@asgi("/mcp", is_mount=True, copy_scope=True)
async def assistant_door(scope: Scope, receive: Receive, send: Send) -> None:
    """Tools for the assistant of the worker whose bearer token this is. A cookie is never enough."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
    services: Services = connection.app.state.services
    viewer = await asyncio.to_thread(_viewer, connection, services)
    if not may(viewer, Action.ASSIST):
        await _refuse(send, signed_in=viewer.signed_in)
        return
    # A key for an assistant opens this door alone; behind it stand the tools, and they tell no belief and no history.
    inside = replace(viewer, scope=PolicyScope.LEARN)
    desk = AssistantDesk(services.learning, inside, services.settings.public_url)
    manager = StreamableHTTPSessionManager(
        build_server(desk), json_response=True, stateless=True, max_request_body_size=LARGEST
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)  # type: ignore[arg-type]  # the same ASGI, other aliases


def build_server(desk: AssistantDesk) -> Server[Any]:
    """A server of the tools for one worker."""
    from mcp.server import Server

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return announced()

    async def call_tool(_context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        try:
            text, failed = await asyncio.to_thread(desk.call, params.name, params.arguments or {}), False
        except NodeError as error:
            text, failed = error.words, True
        return as_result(text, failed=failed)

    return Server(NAME, version=RUNNING, on_list_tools=list_tools, on_call_tool=call_tool)


def announced() -> ListToolsResult:
    """The tools in the protocol's own form."""
    from mcp_types import ListToolsResult, Tool, ToolAnnotations

    return ListToolsResult(
        tools=[
            Tool(
                name=tool.name,
                title=tool.title,
                description=tool.description,
                input_schema=dict(tool.schema),
                annotations=ToolAnnotations(read_only_hint=tool.reads_only, destructive_hint=False),
            )
            for tool in TOOLS
        ]
    )


def as_result(text: str, *, failed: bool) -> CallToolResult:
    """A tool's answer in the protocol's own form."""
    from mcp_types import CallToolResult, TextContent

    return CallToolResult(content=[TextContent(text=text)], is_error=failed)


def _viewer(connection: ASGIConnection[Any, Any, Any, Any], services: Services) -> Viewer:
    try:
        return find_viewer(connection, services) if bearer_of(connection) else ANONYMOUS
    except NodeError:
        return ANONYMOUS


async def _refuse(send: Send, *, signed_in: bool) -> None:
    status = 403 if signed_in else 401
    text = b'{"title":"This door needs a worker\'s own API token: skillnet login"}'
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    if not signed_in:
        headers.append((b"www-authenticate", b'Bearer realm="skillnet"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})


HANDLERS = (assistant_door,)
