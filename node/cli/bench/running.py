"""A node of ours in a process of its own, and what its processes take."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from node.errors import Malformed, NodeError

PATIENCE = 300.0  # seconds until a started node must be ready
TOLD = 60  # lines from the first error in a node's log on


class DidNotServe(NodeError):
    """The node to be measured does not serve."""


@dataclass(frozen=True, slots=True)
class Running:
    """A served node; `operator` speaks through its socket."""

    pid: int
    web: httpx.Client
    operator: httpx.Client

    def held_mb(self) -> float:
        """The memory that the node and its worker process hold now, MB; 0 where the system does not say."""
        return sum(_memory(pid, "VmRSS") for pid in (self.pid, *_children(self.pid))) / 1024

    def proportional_mb(self) -> float:
        """As `held_mb`, but of what several processes share each has its part."""
        return sum(_memory(pid, "Pss:", "smaps_rollup") for pid in (self.pid, *_children(self.pid))) / 1024

    def peak_mb(self) -> int | None:
        """The most memory that the node and its worker process have held, MB; None where the system does not say."""
        found = [_memory(pid, "VmHWM") for pid in (self.pid, *_children(self.pid))]
        return round(sum(found) / 1024) if found[0] else None

    def processor_ms(self) -> float:
        """Processor time of the node's own process so far; 0 where the system does not say."""
        return processor_seconds(self.pid) * 1000

    def imported(self, kind: str, folder: Path) -> dict[str, Any]:
        """Import and wait. Raises Malformed with what the node says."""
        body = {"kind": kind, "folder": str(folder.resolve())}
        self.operator.post("/api/reference/imports", json=body).raise_for_status()
        while (status := self.operator.get("/api/reference/imports").json())["state"] == "running":
            time.sleep(0.05)
        if status["state"] == "failed":
            raise Malformed(status["error"], hint=status["hint"])
        return dict(status["reports"][0])


@contextmanager
def running(folder: Path, database: str = "", url: str = "", port: int = 0) -> Iterator[Running]:
    """Serve `folder`, on SQLite or on `database`; `url`: its name, where several processes serve one node; `port`: the
    one that its name has, where it was made with one."""
    port = port or free_port()
    told = {"SKILLNET_STORE_DATABASE_URL": database} if database else {}
    told |= {"SKILLNET_NODE_URL": url} if url else {}
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process; a pipe that nobody reads would stop it
    process = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-P", "-m", "node", "serve", "--data", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=said, env=clean_environment() | told,
    )  # fmt: skip
    url = f"http://localhost:{port}"
    try:
        _until_ready(process, f"{url}/ready", said)
        transport = httpx.HTTPTransport(uds=str(folder / "operator.sock"))
        with (
            httpx.Client(base_url=url, timeout=300, trust_env=False) as web,
            httpx.Client(transport=transport, base_url="http://node", timeout=120) as operator,
        ):
            yield Running(process.pid, web, operator)
    finally:
        process.terminate()
        process.wait(60)
        _pass_errors_on(said)
        said.close()


def clean_environment() -> dict[str, str]:
    """This process's own, without what it says of a node."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SKILLNET_")}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used so far, all threads; 0 where the system does not say.

    Raises ProcessLookupError for one that has ended: what it took meanwhile is not to be reckoned with.
    """
    if not Path("/proc/self/stat").exists():
        return 0.0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError as error:
        raise ProcessLookupError(f"Process {pid} has ended.") from error
    if fields[0] in "ZX":  # nobody has asked yet how it ended
        raise ProcessLookupError(f"Process {pid} has ended.")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pass_errors_on(said: IO[bytes]) -> None:
    """What went wrong inside the node is told where the bench tells how far it is."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").splitlines()
    first = next((number for number, line in enumerate(lines) if "[error" in line or "[critical" in line), len(lines))
    for line in lines[first : first + TOLD]:
        print(line, file=sys.stderr)


def _until_ready(process: subprocess.Popen[bytes], url: str, said: IO[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            if process.poll() is not None:
                said.seek(0)
                lines = said.read().decode("utf-8", "replace").strip().splitlines()
                told = [line.removeprefix("skillnet: ") for line in lines if line.startswith("skillnet: ")] or lines
                raise DidNotServe(f"The node did not start: {told[0] if told else process.returncode}") from None
        if time.monotonic() > deadline:
            raise DidNotServe(f"The node is not ready after {PATIENCE:.0f} s.")
        time.sleep(0.1)


def _memory(pid: int, name: str, file: str = "status") -> int:
    """kB; 0 of a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _children(pid: int) -> list[int]:
    found = [
        int(child) for place in Path(f"/proc/{pid}/task").glob("*/children") for child in place.read_text().split()
    ]
    return found + [grand for child in found for grand in _children(child)]
