"""The official software beside a node: installed in a cache outside the repository, started on ports of its own."""

from __future__ import annotations

import json
import os
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import LiveNode, live, until

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillnet-counterparts"
MODULES = CACHE / "node_modules"
NEWEST = CACHE / "newest" / "node_modules"
GENERATIONS = ("installed", "newest")  # for the machine's own node, and today's with the node that it wants
of_every_generation = pytest.mark.parametrize("official", GENERATIONS, indirect=True)


def environment(modules: Path = MODULES) -> dict[str, str]:
    """Scripts find the official packages in the cache; nothing goes through a proxy."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "NODE_PATH": str(modules), "LOG_ENABLED": "false"}


def _runtime(generation: str) -> tuple[str, Path]:
    """The node program and the packages of a generation. Skips where the newest one did not install."""
    if generation == "installed":
        return "node", MODULES
    found = next(NEWEST.glob("node-linux-*/bin/node"), None)
    if found is None:
        pytest.skip("the newest generation is not installed: .ci/install-counterparts installs it")
    return str(found), NEWEST


def run_script(name: str, *arguments: str, patience: float = 240, generation: str = "installed") -> Any:
    """What a script says on its last line, as JSON."""
    program, modules = _runtime(generation)
    done = subprocess.run(
        [program, str(HERE / name), *arguments],
        capture_output=True, text=True, timeout=patience, check=False, env=environment(modules),
    )  # fmt: skip
    assert done.returncode == 0, f"{name}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def make_picture(shade: int) -> bytes:
    """A whole PNG: the official server looks into what it is given."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    pixels = zlib.compress(b"".join(b"\0" + bytes([shade, row, 0] * 16) for row in range(16)))
    header = (16).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@dataclass(frozen=True, slots=True)
class Official:
    """The official directory and personal data server."""

    plc: str
    pds: str
    door: str
    pid: int
    http: httpx.Client

    def ask(self, path: str, did: str) -> dict[str, Any]:
        """What the server's operator can do: /plc-token, /delete, /takedown."""
        answer = httpx.get(f"{self.door}{path}", params={"did": did}, timeout=60, trust_env=False)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, method: str, body: Any = None, token: str = "", **parameters: str) -> dict[str, Any]:
        """An XRPC call of its server."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = f"{self.pds}/xrpc/{method}"
        if isinstance(body, bytes):
            headers["content-type"] = "image/png"
            answer = self.http.post(url, content=body, headers=headers)
        elif body == "":  # a procedure that takes nothing
            answer = self.http.post(url, headers=headers)
        elif body is not None:
            answer = self.http.post(url, json=body, headers=headers)
        else:
            answer = self.http.get(url, params=parameters, headers=headers)
        assert answer.status_code == 200, f"{method}: {answer.text}"
        return dict(answer.json()) if answer.content else {}

    def account(self, name: str) -> tuple[str, str]:
        """A new account: its DID and access token."""
        body = {"handle": f"{name}.test", "email": f"{name}@example.com", "password": "a long enough sentence"}
        made = self.call("com.atproto.server.createAccount", body)
        return made["did"], made["accessJwt"]


@pytest.fixture(scope="session", params=["installed"])
def official(request: pytest.FixtureRequest) -> Iterator[Official]:
    """The official servers of the installed generation; `of_every_generation` asks for the newest besides."""
    program, modules = _runtime(request.param)
    if not (modules / "@atproto" / "dev-env").is_dir():
        pytest.skip("needs the official npm packages: .ci/install-counterparts installs them")
    plc, pds, door = free_port(), free_port(), free_port()
    process = subprocess.Popen(
        [program, str(HERE / "servers.cjs"), str(plc), str(pds), str(door)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(modules),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        until(lambda: b"ready" in (process.stdout.readline() if process.stdout else b""), 120, "the official servers")
        urls = (f"http://localhost:{port}" for port in (plc, pds, door))
        with httpx.Client(timeout=60, trust_env=False) as http:
            yield Official(*urls, process.pid, http)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def ours(tmp_path: Path, official: Official) -> Iterator[LiveNode]:
    """A node of ours that uses the official directory."""
    with live(tmp_path / "ours", plc_url=official.plc) as node:
        yield node
