"""The node that things are done to: a process of its own, started, killed and started again on one folder."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from node.cli.bench.chaos.nursery import Forked, Nursery
from node.cli.bench.running import free_port
from node.errors import NodeError

PATIENCE = 120.0  # seconds that a start may take on a machine that does other things too
READING = 60.0


class DidNotStart(NodeError):
    """The node did not start again."""


@dataclass
class Victim:
    """One node. `environment` is for its process."""

    data: Path
    nursery: Nursery
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: Forked | subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it says; beside the folder, not in it."""
        return self.data.with_name(f"{self.data.name}.log")

    def launch(self) -> Forked | subprocess.Popen[bytes]:
        """Begin to start it."""
        arguments = ("serve", "--data", str(self.data), "--port", str(self.port))
        self.process = self.nursery.start(self.log, *arguments, environment=self.environment)
        return self.process

    def start(self) -> float:
        """Start it; seconds until it could serve. Raises DidNotStart."""
        began = time.monotonic()
        self.launch()
        self.until_ready()
        return time.monotonic() - began

    def until_ready(self) -> None:
        """Wait until it can serve. Raises DidNotStart."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                raise DidNotStart(f"The node ended: {self.last_words()}")
            if self.is_ready():
                return
            time.sleep(0.02)
        raise DidNotStart(f"The node was not ready within {PATIENCE:.0f} s: {self.last_words()}")

    def is_ready(self) -> bool:
        """Does it serve, its socket too?"""
        try:
            answer = httpx.get(f"{self.url}/ready", timeout=READING, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and (self.data / "operator.sock").exists()

    def check_alive(self) -> None:
        """Raises httpx.ConnectError when the process is gone."""
        if self.process is None or self.process.poll() is not None:
            raise httpx.ConnectError("the node is gone")

    def words(self) -> str:
        """Its log."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else "it said nothing"

    def last_words(self) -> str:
        """The end of its log."""
        return self.words()[-600:].strip()

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)

    def stop(self) -> int:
        """SIGTERM; the exit code. One that does not end by itself is killed."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def operator(self) -> httpx.Client:
        """A client at the operator's socket."""
        transport = httpx.HTTPTransport(uds=str(self.data / "operator.sock"))
        return httpx.Client(transport=transport, base_url="http://localhost", timeout=READING)

    def client(self, token: str = "") -> httpx.Client:
        """A client of somebody who is signed in, or of nobody."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=READING, trust_env=False)
