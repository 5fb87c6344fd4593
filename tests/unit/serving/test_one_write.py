"""A response's head waits for its body and for nothing longer."""

from __future__ import annotations

import asyncio
from typing import Any

from node.app.server.one_write import HeldTransport

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
