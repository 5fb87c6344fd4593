"""A stretch of wire between a node and its database server, on which an answer can be lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

COMMIT = b"COMMIT"
SETTLED = 0.5  # seconds in which the server has done what it was told


class Between:
    """Passes on what both sides say, for as long as it is entered; `lose_answer` cuts the wire once."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._loses = threading.Event()
        self.lost = 0

    @property
    def port(self) -> int:
        """Where the server seems to be."""
        return int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def lose_answer(self) -> None:
        """The next COMMIT arrives, and its answer does not."""
        self._loses.set()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                node, _ = self._listening.accept()
                wire = _Wire(node, socket.create_connection(("127.0.0.1", self._server)))
                threading.Thread(target=self._carry, args=(wire,), daemon=True).start()
                threading.Thread(target=wire.carry_back, daemon=True).start()

    def _carry(self, wire: _Wire) -> None:
        """What the node says."""
        with wire, contextlib.suppress(OSError):
            while said := wire.node.recv(65_536):
                if COMMIT in said and self._loses.is_set():
                    self._loses.clear()
                    wire.is_cut.set()
                    wire.server.sendall(said)
                    threading.Event().wait(SETTLED)
                    self.lost += 1
                    return
                wire.server.sendall(said)


class _Wire:
    """One connection, of two ends."""

    def __init__(self, node: socket.socket, server: socket.socket) -> None:
        self.node, self.server = node, server
        self.is_cut = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self.node, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def carry_back(self) -> None:
        """What the server says, while the wire is whole."""
        with contextlib.suppress(OSError):
            while said := self.server.recv(65_536):
                if not self.is_cut.is_set():
                    self.node.sendall(said)
            self.node.shutdown(socket.SHUT_RDWR)
