"""The three nodes as processes of their own: started, waited for, stopped, killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from node.cli.demo.cast import Organisation
from node.cli.reaching.client import NodeClient, connect
from node.errors import NodeError, PortTaken

PR_SET_PDEATHSIG = 1  # prctl(2)
START_PATIENCE = 90.0  # seconds; a laptop that is busy with something else needs some
STOP_PATIENCE = 15.0


class NodeDied(NodeError):
    """One of the demonstration's nodes ended by itself."""


@dataclass(slots=True)
class StagedNode:
    """One organisation's node: its folder, port and process."""

    organisation: Organisation
    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.data / "node.log"

    def claim(self) -> None:
        """Make sure that nobody else listens on its port, before anything is started. Raises PortTaken."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise PortTaken.of(self.port) from error

    def start(self) -> None:
        """Start the process; `wait` waits until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {name: text for name, text in os.environ.items() if not name.startswith("SKILLNET_")}
        environment |= {
            "SKILLNET_NODE_ORGANISATION": self.organisation.name,
            "SKILLNET_NODE_DESCRIPTION": str(self.organisation.facts.get("description", "")),
            "SKILLNET_FEDERATION_ALLOW_LOCALHOST": "true",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-P", "-m", "node", "serve", "--data", str(self.data), "--port", str(self.port)]
        with self.log.open("ab") as log:
            # A group of its own: Ctrl-C reaches this process first, which stops the nodes in order; and when this
            # process dies without a word, the system tells the nodes to stop.
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter and this program
                command,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of this process holds a lock here
            )

    def wait(self) -> None:
        """Wait until it is ready. Raises NodeDied, PortTaken."""
        until = time.monotonic() + START_PATIENCE
        while time.monotonic() < until:
            self.check()
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/ready", timeout=2.0).status_code == 200:
                    return
            time.sleep(0.1)
        raise NodeDied(
            f"{self.organisation.name} did not answer within {START_PATIENCE:.0f} s.", hint=f"See {self.log}."
        )

    def check(self) -> None:
        """Raise what ended the process, if it has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise self._death()

    def _death(self) -> NodeError:
        lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        said = [line for line in lines if line.startswith("skillnet: ")]
        message = said[-1].removeprefix("skillnet: ") if said else "it ended without a word"
        if "in use" in message:
            return PortTaken(message)
        hint = "Name the --port that the demonstration had, or another --data." if "lives at" in message else ""
        return NodeDied(f"{self.organisation.name}: {message}", hint=hint or f"See {self.log}.")

    def stop(self) -> None:
        """Ask it to stop and wait."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def operator(self) -> NodeClient:
        """A client with the operator's authority: the node's own socket."""
        transport = httpx.HTTPTransport(uds=str(self.data / "operator.sock"))
        return NodeClient(httpx.Client(transport=transport, base_url="http://node", timeout=60.0))

    def anonymous(self) -> NodeClient:
        """A client without any."""
        return connect(self.url)

    def sign_in(self, name: str, password: str) -> NodeClient:
        """A client for one person."""
        answer = self.anonymous().post("/api/session", {"name": name, "password": password, "label": "demo"})
        return connect(self.url, answer["token"])


def _end_with_parent() -> None:
    """In the child: ask the system for SIGTERM when the parent dies (Linux; elsewhere the parent's own handlers do)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
