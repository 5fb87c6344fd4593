"""The assistant's door: the official client over Streamable HTTP against the served application, and over stdio."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import uvicorn

from node.services.examining.release import RUNNING

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the client's own dependencies

SECRET_GOAL = "zebra-goal-4711"


@pytest.fixture
def served(worker_node: Any) -> Iterator[tuple[Any, str, str]]:
    """The node on a port of its own, with a worker who has a goal, a history and a token."""
    worker_node.client.put(
        "/api/me/profile",
        json={"role": "bookkeeper zebra-role", "occupations": ["onet:43-3031.00"], "goals": [SECRET_GOAL]},
        headers=worker_node.token("rosa"),
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(worker_node.client.app, port=port, lifespan="off", log_config=None, ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    token = worker_node.services.registry.tokens.issue("rosa", "api")
    yield worker_node, f"http://127.0.0.1:{port}", token
    server.should_exit = True
    thread.join()


def _with_client(url: str, token: str, use: Callable[[Any], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        import httpx2
        from mcp import Client
        from mcp.client.streamable_http import streamable_http_client

        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            return await use(client)

    return asyncio.run(run())


def test_four_tools_serve_the_worker_and_tell_nothing_of_them(served: tuple[Any, str, str]) -> None:
    node, url, token = served

    async def use(client: Any) -> tuple[list[str], str, str, str]:
        assert client.server_info.version == RUNNING
        names = [tool.name for tool in (await client.list_tools()).tools]
        helped = await client.call_tool("help_for_task", {"task": "I must close the books for this month"})
        lesson = await client.call_tool("next_lesson", {})
        receipt = re.search(r"receipt ([0-9a-f]{24})", lesson.content[0].text)
        assert receipt
        noted = await client.call_tool("record_outcome", {"receipt": receipt[1], "outcome": "with-help"})
        said = {"receipt": receipt[1], "verdict": "works-with-changes", "note": "Name the bank first."}
        draft = await client.call_tool("draft_endorsement", said)
        assert "Not published" in draft.content[0].text
        assert re.search(
            r"/modules/\S+\?verdict=works-with-changes&note=Name\+the\+bank\+first\.#endorse", draft.content[0].text
        )
        assert [helped.is_error, lesson.is_error, noted.is_error, draft.is_error] == [False] * 4
        return names, helped.content[0].text, lesson.content[0].text, receipt[1]

    names, helped, lesson, receipt = _with_client(url, token, use)
    assert names == ["help_for_task", "next_lesson", "record_outcome", "draft_endorsement"]
    assert "Check the totals" in helped
    assert "not endorsed by anybody yet" in helped
    for text in (helped, lesson):
        assert not re.search(r"zebra|on your own|times in|outcome of yours|rests on|guess:", text)
        marker = re.search(r"<<<([0-9a-f]{16})\n(.*)\n\1>>>", text, re.DOTALL)
        assert marker
        assert "receipt" not in marker[2]

    recorded = node.client.get("/api/me/outcomes", headers=node.token("rosa")).json()["outcomes"]
    assert [(o["receipt"], o["how"], o["by_assistant"], o["confirmed"]) for o in recorded] == [
        (receipt, "with-help", True, False)
    ]
    confirmed = node.client.post(f"/api/me/outcomes/{receipt}/confirm", headers=node.token("rosa")).json()
    assert confirmed["confirmed"] is True


def test_what_cannot_be_done_is_said_in_the_result(served: tuple[Any, str, str]) -> None:
    _, url, token = served

    async def use(client: Any) -> list[Any]:
        return [
            await client.call_tool("record_outcome", {"receipt": "nothing", "outcome": "alone"}),
            await client.call_tool("help_for_task", {"task": ""}),
            await client.call_tool("erase_everything", {}),
        ]

    results = _with_client(url, token, use)
    assert all(result.is_error for result in results)
    assert "Nothing was offered" in results[0].content[0].text


def test_the_door_stays_shut_without_a_workers_own_token(worker_node: Any) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    assert worker_node.client.post("/mcp", json=call).status_code == 401
    assert worker_node.client.post("/mcp", json=call, headers=worker_node.token("omar")).status_code == 403
    stale = {"Authorization": "Bearer a.b.c"}
    assert worker_node.client.post("/mcp", json=call, headers=stale).status_code == 401


def test_a_session_cookie_is_not_enough(worker_node: Any) -> None:
    session = worker_node.services.registry.tokens.issue("rosa", "session")
    cookie = {"Cookie": f"skillnet_localhost_18123={session}"}
    assert worker_node.client.get("/api/me/feed", headers=cookie).status_code == 401
    assert worker_node.client.get("/me/data", headers=cookie).status_code == 200  # pages are for browsers
    assert worker_node.client.post("/mcp", json={}, headers=cookie).status_code == 401


@pytest.mark.real
def test_stdio_passes_the_same_tools_on(served: tuple[Any, str, str]) -> None:
    _, url, token = served
    program = f"from node.cli.worker.mcp_stdio import run_stdio; run_stdio({json.dumps(url)}, {json.dumps(token)})"

    async def run() -> list[str]:
        from mcp import Client, StdioServerParameters

        async with Client(StdioServerParameters(command=sys.executable, args=["-c", program])) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            lesson = await client.call_tool("next_lesson", {})
            assert not lesson.is_error
            return names

    assert asyncio.run(run()) == ["help_for_task", "next_lesson", "record_outcome", "draft_endorsement"]
