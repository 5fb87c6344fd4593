"""A response's head and the first piece of its body leave in one write; what a request says beside its body is bounded.

uvicorn writes them one after the other, and each write is a call of the system that wakes the reader: the second one is
an eighth of what a short answer costs. It also waits for a head for ever and keeps one of any length: whoever sent one
without end, or such trailers, took all the memory there is.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from node.web.overload import COME_BACK_IN

_HEAD = b"HTTP/1."
_IPV4_WORN = "::ffff:"
LARGEST = 32_000  # bytes of a request that are no body: browsers and proxies send a quarter of it at most
PATIENCE = 20.0  # seconds for a head, for the first byte of a connection, for what was answered before it all came
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_SHORT = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: %d\r\ncontent-length: 0\r\n\r\n"


class HeldTransport:
    """`below`, but that the head of a response waits for what is written next, or for the loop's next turn."""

    def __init__(self, below: asyncio.Transport) -> None:
        self.below = below
        self._loop = asyncio.get_running_loop()
        self._held = b""

    def __getattr__(self, name: str) -> Any:
        """All that is not about writing."""
        return getattr(self.below, name)

    def write(self, data: bytes) -> None:
        """Write, with the head that waits."""
        if self._held:
            held, self._held = self._held, b""
            if not self.below.is_closing():  # uvloop's raises then: fifty lines of log for each answer nobody took
                self.below.writelines((held, data))
        elif data.startswith(_HEAD):
            self._held = data
            self._loop.call_soon(self.release)
        else:
            self.below.write(data)

    def release(self) -> None:
        """Write the head if it still waits: its body takes longer, or there is none."""
        held, self._held = self._held, b""
        if held and not self.below.is_closing():
            self.below.write(held)

    def close(self) -> None:
        """Close, once all is written."""
        self.release()
        self.below.close()


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's, over a `HeldTransport`, with these bounds; a WebSocket gets the transport itself."""

    _is_head = _is_open = True  # is a head, or any of a request, still to come? At first both are waited for
    _has_other = False  # was some of what came last a body's, or another request's?
    _came = 0  # bytes since the request began, or since the last of its body, that were none
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A connection begins."""
        super().connection_made(HeldTransport(transport))  # type: ignore[arg-type]  # all of a transport that is used
        # A socket that takes IPv6 and IPv4 spells the latter so, and no proxy in the settings is called that.
        if self.client is not None:
            self.client = (self.client[0].removeprefix(_IPV4_WORN), self.client[1])
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection ends."""
        self._lift_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request. Where much comes at once a head is looked for in no more of it than one may have."""
        while len(data) > (room := LARGEST - self._came) and (self._is_head or not self._is_open):
            self._take(data[:room])
            data = data[room:]
            if self.transport.is_closing():
                return
        self._take(data)

    def _take(self, data: bytes) -> None:
        """Nearly always a request comes whole, and nothing has to be watched."""
        self._has_other = False
        super().data_received(data)
        if self.transport.is_closing():
            return
        is_answered = self.cycle is not None and self.cycle.response_complete
        if not self._is_open:
            if is_answered:  # what came began nothing, and uvicorn waits for ever after it
                self._wait_for_another()
            return
        # What begins in the middle of this may stand behind another request: it is counted from the next on.
        self._came = 0 if self._has_other else self._came + len(data)
        if self._came >= LARGEST:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        elif (self._is_head or is_answered) and self._deadline is None:
            self._set_deadline()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._is_head = self._is_open = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._is_head = False
        self._lift_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of a body: how much of it is taken, and when, is the application's."""
        self._has_other = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it came."""
        self._is_open, self._has_other, self._came = False, True, 0
        self._lift_deadline()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is no request; where there was no memory to read it, it may be sent again."""
        error = sys.exception()
        if error is None or not isinstance(error.__context__, MemoryError):
            super().send_400_response(msg)
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_SHORT % COME_BACK_IN)
        self.transport.close()

    def _wait_for_another(self) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(PATIENCE, self.transport.close)

    def _lift_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def handle_websocket_upgrade(self) -> None:
        """The connection becomes a WebSocket's, which writes whole frames."""
        held: Any = self.transport
        held.release()
        self.transport = held.below
        self.cycle = None  # type: ignore[assignment]  # as uvicorn begins it: an earlier answer is no matter now
        super().handle_websocket_upgrade()
