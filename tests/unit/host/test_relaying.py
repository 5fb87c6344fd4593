"""What a process beside the core answers itself, what it passes on, and who may come in by the core's inner door."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any

import httpx
import pytest

from node.app.processes import relaying
from node.app.processes.reaching import client_for
from node.app.processes.relaying import Beside, InsideDoor, Relay
from node.errors import StoreAway
from node.store.processes.election import NAME
from node.store.processes.elsewhere import leave_to_core

COOKIE, LARGEST = "skillnet_node", 100


class App:
    """An application that says its name, what it was asked and by whom; `/me` turns out to write."""

    def __init__(self, name: str, *, writes: bool) -> None:
        self.name, self.writes = name, writes
        self.asked: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", scope["method"] == "POST"
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        self.asked.append({"headers": dict(scope["headers"]), "body": body, "query": scope["query_string"]})
        status, said = 200, self.name
        if scope["path"] == "/me" and not self.writes:
            try:
                await asyncio.to_thread(leave_to_core)
            except Exception:  # noqa: BLE001 - as an application answers any error
                status, said = 500, "failed"
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-by", said.encode())]})
        await send({"type": "http.response.body", "body": said.encode()})


class Node:
    """A core, and a process beside it that is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, leaves: Callable[[], bool] = lambda: False) -> None:
        self.core, self.here = App("core", writes=True), App("here", writes=False)
        self.cores = ["one"]
        self.holder: str | None = NAME
        door = InsideDoor(self.core, "secret", leaves)
        monkeypatch.setattr(relaying, "AGAIN", 0.001)
        monkeypatch.setattr(relaying, "client_for", lambda _core: _client(door))
        self.relay = Relay(self.find, "secret", LARGEST)
        self.app = Beside(self.here, self.relay, COOKIE)

    def find(self) -> tuple[str, str | None]:
        """Where the core is, and who holds its place."""
        return self.cores[-1], self.holder

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to a client of the process beside the core."""

        async def run() -> httpx.Response:
            async with _client(self.app) as client:
                return await client.request(method, path, **more)

        return asyncio.run(run())


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node.example")


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    return Node(monkeypatch)


@pytest.mark.parametrize("path", ["/", "/modules/did:plc:a/m", "/xrpc/com.atproto.sync.getRepo", "/ready", "/search"])
def test_reads_are_answered_here(node: Node, path: str) -> None:
    assert node.ask("GET", path).text == "here"


@pytest.mark.parametrize("path", ["/admin", "/mcp", "/api/peers", "/xrpc/com.atproto.server.getSession", "/new"])
def test_what_is_not_known_to_be_a_read_of_tables_is_passed_on(node: Node, path: str) -> None:
    assert node.ask("GET", path).text == "core"


def test_writes_are_passed_on_with_who_asks_and_what_they_sent(node: Node) -> None:
    headers = {"authorization": "Bearer t", "x-forwarded-for": "6.6.6.6", "x-skillnet-inside": "guess"}
    answer = node.ask("POST", "/modules/x?a=1", content=b"body", headers=headers)
    assert answer.text == answer.headers["x-by"] == "core"
    (asked,) = node.core.asked
    assert (asked["body"], asked["query"], asked["headers"][b"authorization"]) == (b"body", b"a=1", b"Bearer t")
    assert asked["headers"][b"host"] == b"node.example"
    assert asked["headers"][b"x-forwarded-for"] == b"127.0.0.1"


@pytest.mark.parametrize(
    "path", ["com.atproto.repo.importRepo", "com.atproto.repo.importRepo/", "com.atproto.repo.uploadBlob"]
)
def test_a_body_that_is_too_large_is_not_kept_but_what_the_core_streams_goes_on_as_it_comes(
    node: Node, path: str
) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read on, though it said how large it is")
        yield b""

    assert node.ask("POST", "/write", content=b"x" * (LARGEST + 1)).status_code == 413
    assert node.ask("POST", "/write", content=never(), headers={"content-length": "101"}).status_code == 413
    assert node.core.asked == []
    pieces = [b"x" * LARGEST] * 3

    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    assert node.ask("POST", f"/xrpc/{path}", content=stream()).text == "core"
    assert node.core.asked[0]["body"] == b"".join(pieces)


def test_a_read_in_which_a_write_turns_out_to_be_needed_begins_again_at_the_core(node: Node) -> None:
    assert node.ask("GET", "/me").text == "core"
    assert len(node.here.asked) == 1


def test_what_somebody_signed_in_searches_for_is_noted_by_the_core(node: Node) -> None:
    assert node.ask("GET", "/search?q=x", headers={"cookie": f"{COOKIE}=token"}).text == "core"


def test_a_core_that_leaves_does_nothing_and_the_next_one_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    left = list[str]()

    def leaves() -> bool:
        if not left:
            left.append("one")
            made.cores.append("two")
            return True
        return False

    made = Node(monkeypatch, leaves)
    assert made.ask("POST", "/write", content=b"x").text == "core"
    assert left == ["one"]
    assert len(made.core.asked) == 1


@pytest.mark.parametrize("silence", [httpx.ConnectError, httpx.ConnectTimeout])
def test_a_core_that_leaves_is_waited_for_while_it_holds_the_place_and_one_out_of_reach_is_not(
    monkeypatch: pytest.MonkeyPatch, silence: type[httpx.TransportError]
) -> None:
    monkeypatch.setattr(relaying, "PATIENCE", 0.01)
    looks = count(1)
    made = Node(monkeypatch, lambda: made.cores[-1] == "one")

    def find() -> tuple[str, str | None]:
        if next(looks) == 100:
            made.cores.append("two")
        return made.find()

    monkeypatch.setattr(made.relay, "_find_core", find)
    asyncio.run(made.relay.look())
    assert made.ask("POST", "/write", content=b"x").text == "core"

    async def refuse(_request: httpx.Request) -> httpx.Response:
        raise silence("planted")

    away = httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://core")
    monkeypatch.setattr(relaying, "client_for", lambda _core: away)
    made.cores.append("three")
    asyncio.run(made.relay.look())
    assert made.ask("POST", "/write", content=b"x").status_code == 503


def test_without_a_core_writes_are_told_to_come_back(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "PATIENCE", 0.01)
    node.cores[-1], node.holder = "", None
    answer = node.ask("POST", "/write", content=b"x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_who_is_about_to_be_the_core_is_waited_for_beyond_the_patience_but_not_by_who_ends(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "PATIENCE", 0.01)
    node.cores[-1], node.holder, looks = "", "not elected yet", count(1)

    def find() -> tuple[str, str | None]:
        if next(looks) == 100:  # each a thousandth of a second after the one before, or later
            node.cores.append("two")
        return node.find()

    monkeypatch.setattr(node.relay, "_find_core", find)
    asyncio.run(node.relay.look())  # as it does every second
    assert node.ask("POST", "/write", content=b"x").text == "core"
    node.relay, node.cores = Relay(node.find, "secret", LARGEST), [""]
    node.app = Beside(node.here, node.relay, COOKIE)

    async def ask_while_it_ends() -> httpx.Response:
        async with _client(node.app) as client:
            asked = asyncio.create_task(client.post("/write", content=b"x"))
            await asyncio.sleep(0)
            await node.relay.settle()
            return await asked

    assert asyncio.run(ask_while_it_ends()).status_code == 503


def test_they_look_for_a_core_together_also_while_the_database_does_not_answer(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "AGAIN", 0.05)
    looks = count(1)

    def find() -> tuple[str, str | None]:
        if (look := next(looks)) == 1:
            raise StoreAway
        return ("one", NAME) if look > 2 else ("", None)

    async def ask_together() -> float:
        began = asyncio.get_running_loop().time()
        async with _client(node.app) as client:
            asked = [client.post("/write", content=b"x") for _ in range(20)]
            assert {answer.text for answer in await asyncio.gather(*asked)} == {"core"}
        return asyncio.get_running_loop().time() - began

    monkeypatch.setattr(node.relay, "_find_core", find)
    took = asyncio.run(ask_together())
    assert next(looks) - 1 <= took / 0.05 + 1


def test_the_inner_door_is_for_who_knows_the_secret(node: Node) -> None:
    door = InsideDoor(node.core, "secret", lambda: False)

    async def ask() -> int:
        async with _client(door) as client:
            return (await client.get("/", headers={"x-skillnet-inside": "guess"})).status_code

    assert asyncio.run(ask()) == 403


def test_a_connection_to_the_core_on_another_machine_notices_that_nothing_arrives() -> None:
    async def story() -> list[int]:
        found: list[int] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server, client_for(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
            answered = await client.send(client.build_request("GET", "/"), stream=True)
            own = answered.extensions["network_stream"].get_extra_info("socket")
            found += [own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)]
            found += [own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)]
            await answered.aclose()
        return found

    assert asyncio.run(story()) == [10_000, 1]
