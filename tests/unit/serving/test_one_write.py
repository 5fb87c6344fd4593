"""A response's head waits for its body and for nothing longer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from node.app.server import one_write
from node.app.server.one_write import LARGEST, HeldTransport, OneWriteProtocol

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Wire:
    """What leaves, write by write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def writelines(self, pieces: Any) -> None:
        self.writes.append(b"".join(pieces))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> Any:
        return None

    def pause_reading(self) -> None:
        """It would go on."""

    def resume_reading(self) -> None:
        """It goes on."""

    def set_protocol(self, protocol: Any) -> None:
        """Another takes over."""


def over_a_wire(*steps: Any) -> Wire:
    """The wire after steps, each of which takes the transport; the loop turns once between two."""

    async def run() -> Wire:
        wire = Wire()
        transport = HeldTransport(wire)  # type: ignore[arg-type]  # as much of a transport as is used
        for step in steps:
            step(transport)
            await asyncio.sleep(0)
        return wire

    return asyncio.run(run())


def test_head_and_body_leave_together_and_later_pieces_by_themselves() -> None:
    def answer(transport: HeldTransport) -> None:
        transport.write(HEAD)
        transport.write(b"body")

    wire = over_a_wire(answer, lambda transport: transport.write(b"more"))
    assert wire.writes == [HEAD + b"body", b"more"]


def test_a_head_whose_body_takes_longer_leaves_at_the_next_turn() -> None:
    wire = over_a_wire(lambda transport: transport.write(HEAD), lambda _: None, lambda transport: transport.write(b"b"))
    assert wire.writes == [HEAD, b"b"]


def test_nothing_is_lost_when_the_connection_closes_nor_written_afterwards() -> None:
    def answer(transport: HeldTransport) -> None:
        transport.write(HEAD)
        transport.close()
        transport.write(HEAD)

    wire = over_a_wire(answer, lambda _: None)
    assert (wire.writes, wire.is_closed) == ([HEAD], True)


def test_what_nobody_takes_any_more_is_no_error() -> None:
    def answer(transport: HeldTransport) -> None:
        transport.write(HEAD)
        transport.below.close()
        transport.write(b"body")

    assert over_a_wire(answer).writes == []


START_OF_ANSWER = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
REST_OF_ANSWER = {"type": "http.response.body", "body": b""}
START, FIELD = b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Long: " + b"a" * 1000 + b"\r\n"


def _received(
    *pieces: bytes, answers: Sequence[Any] = (START_OF_ANSWER, REST_OF_ANSWER), **options: Any
) -> tuple[Wire, list[str]]:
    """What leaves, and which paths were asked for, once these pieces of requests came and the loop took some turns."""
    asked: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        for message in answers:
            await send(message)

    async def run() -> Wire:
        wire, config = Wire(), uvicorn.Config(app, lifespan="off", log_config=None, **options)
        config.load()
        protocol = OneWriteProtocol(config, ServerState(), {})
        protocol.connection_made(wire)  # type: ignore[arg-type]  # as much of a transport as is used
        for piece in pieces:
            protocol.data_received(piece)
            await asyncio.sleep(0)
        for _ in range(9):
            await asyncio.sleep(0)
        closed = wire.is_closed
        protocol.connection_lost(None)
        wire.is_closed = closed
        return wire

    return asyncio.run(run()), asked


def test_a_head_without_end_is_refused() -> None:
    wire, asked = _received(START, *[FIELD] * (LARGEST // len(FIELD) + 1))
    assert (wire.is_closed, asked) == (True, [])
    assert wire.writes[0].startswith(b"HTTP/1.1 431 ")
    assert _received(b"GET /" + b"a" * LARGEST)[0].is_closed
    for times in (1.1, 1.9, 4):
        at_once = START + FIELD * int(times * LARGEST // len(FIELD)) + b"\r\n"
        assert _received(at_once)[1] == []
        assert _received(START + b"\r\n", at_once)[1] == ["/"]


@pytest.mark.parametrize(("seen", "who"), [("::ffff:10.0.0.9", "10.0.0.9"), ("2001:db8::1", "2001:db8::1")])
def test_a_socket_of_both_kinds_knows_a_client_by_the_address_that_settings_name(seen: str, who: str) -> None:
    asked: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        asked.append(scope["client"])

    class Near(Wire):
        def get_extra_info(self, name: str) -> Any:
            return (seen, 4000) if name == "peername" else None

    async def run() -> None:
        config = uvicorn.Config(app, lifespan="off", log_config=None, forwarded_allow_ips=["10.0.0.9"])
        config.load()
        protocol = OneWriteProtocol(config, ServerState(), {})
        protocol.connection_made(Near())  # type: ignore[arg-type]  # as much of a transport as is used
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
        for _ in range(9):
            await asyncio.sleep(0)
        protocol.connection_lost(None)

    asyncio.run(run())
    assert [client[0] for client in asked] == ["192.0.2.7" if who == "10.0.0.9" else who]


def test_trailers_without_end_are_refused() -> None:
    chunked = b"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n"
    assert _received(chunked, *[FIELD] * (LARGEST // len(FIELD) + 1))[0].is_closed
    assert _received(chunked, b"X-Long: ", *[b"a" * 1000] * (LARGEST // 1000 + 1))[0].is_closed
    wire, asked = _received(chunked, FIELD, b"\r\n", START, b"\r\n")
    assert (wire.is_closed, asked) == (False, ["/p", "/"])


def test_who_sends_what_there_is_no_memory_to_read_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def on_body(_protocol: Any, _body: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(HttpToolsProtocol, "on_body", on_body)
    wire, _ = _received(BODY_TO_COME + b"b")
    head, _, body = wire.writes[0].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert {b"retry-after: 2", b"connection: close", b"content-length: 0"} <= set(head.split(b"\r\n"))
    assert (body, wire.is_closed) == (b"", True)
    answered = _received(BODY_TO_COME, b"b", answers=[START_OF_ANSWER])[0]
    assert answered.is_closed
    assert not [written for written in answered.writes if b" 503 " in written], "in the middle of an answer"
    assert _received(b"no request\r\n\r\n")[0].writes[0].startswith(b"HTTP/1.1 400 ")


def test_bodies_and_heads_in_pieces_are_no_heads_without_end() -> None:
    post = b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"b" * 200_000
    whole = START + b"\r\n"
    pieces = (post + whole[:9], whole[9:], whole[:5], whole[5:], post[:90_000], post[90_000:])
    wire, asked = _received(*[FIELD.join((START, b"\r\n"))] * 99, *pieces)
    assert asked == ["/"] * 99 + ["/p", "/", "/", "/p"]
    assert not wire.is_closed


@pytest.mark.parametrize("pieces", [(), (START,), (START + b"\r\n", START)], ids=["none", "some", "the second"])
def test_a_head_that_does_not_come_is_not_waited_for(pieces: Sequence[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _received(*pieces)[0].is_closed
    monkeypatch.setattr(one_write, "PATIENCE", 0.0)
    assert _received(*pieces)[0].is_closed


BODY_TO_COME = b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [(START + b"\r\n", b"\r\n"), (BODY_TO_COME, b"b"), (BODY_TO_COME.replace(b"POST", b"GET"), b"b", b"b")],
    ids=["an empty line", "some of a body", "a body that nothing asks for"],
)
def test_a_byte_after_the_answer_keeps_no_connection_for_ever(
    pieces: Sequence[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It switches the server's own limit off."""
    assert not _received(*pieces)[0].is_closed
    monkeypatch.setattr(one_write, "PATIENCE", 0.0)
    assert _received(*pieces, timeout_keep_alive=0)[0].is_closed


def test_a_body_that_ends_after_the_answer_leaves_the_connection_to_the_next_request() -> None:
    wire, asked = _received(BODY_TO_COME, b"b" * 4, b"b" * 5, b"\r\n", START + b"\r\n")
    assert (wire.is_closed, asked) == (False, ["/p", "/"])


def test_a_connection_that_becomes_a_websocket_s_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it carried a request before."""
    taken: list[bytes] = []

    class Taken(asyncio.Protocol):
        def __init__(self, **_: Any) -> None:
            """Whatever the server gives."""

        def data_received(self, data: bytes) -> None:
            taken.append(data)

    monkeypatch.setattr(one_write, "PATIENCE", 0.0)
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    wire, asked = _received(START + b"\r\n", START + upgrade, timeout_keep_alive=0, ws=Taken)
    assert (wire.is_closed, asked, len(taken)) == (False, ["/"], 1)
