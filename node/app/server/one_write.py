"""A response's head and the first piece of its body leave in one write.

uvicorn writes them one after the other, and each write is a call of the system that wakes the reader: the second one is
an eighth of what a short answer costs.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD = b"HTTP/1."


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
    """uvicorn's, over a `HeldTransport`; a WebSocket gets the transport itself."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A connection begins."""
        super().connection_made(HeldTransport(transport))  # type: ignore[arg-type]  # all of a transport that is used

    def handle_websocket_upgrade(self) -> None:
        """The connection becomes a WebSocket's, which writes whole frames."""
        held: Any = self.transport
        held.release()
        self.transport = held.below
        super().handle_websocket_upgrade()
