"""Starts what is measured: a node of ours in an empty folder, and the official server where npm has installed it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from federation.keys import SigningKey
from node.cli.bench.federation.load import Server
from node.cli.bench.running import free_port, running

PASSWORD = "a sentence for the benchmark"  # noqa: S105 - of a server that lives for a minute
MODULES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillnet-counterparts" / "node_modules"
RIVAL = "@atproto/pds"
_START = """
const { TestPlc, TestPds } = require('@atproto/dev-env')
const [plcPort, pdsPort] = process.argv.slice(1).map(Number)
TestPlc.create({ port: plcPort })
  .then((plc) => TestPds.create({ port: pdsPort, didPlcUrl: plc.url }))
  .then(() => console.log('ready'))
"""


def rival_name() -> str | None:
    """The official server's name and version; None where it is not installed."""
    package = MODULES / RIVAL / "package.json"
    return f"{RIVAL} {json.loads(package.read_text('utf-8'))['version']}" if package.exists() else None


@contextmanager
def our_server(folder: Path, port: int = 0) -> Iterator[Server]:
    """A node with one practitioner, durable as always (synchronous=FULL); a `port` where the folder belongs to one."""
    with running(folder, port=port) as node:
        body = {"name": "bench", "password": PASSWORD, "recoveryKey": SigningKey.generate().did_key}
        made = node.operator.post("/api/accounts", json=body).raise_for_status().json()
        url = str(node.web.base_url).rstrip("/")
        token = _call(url, "com.atproto.server.createSession", {"identifier": made["did"], "password": PASSWORD})
        yield Server(url, node.pid, made["did"], token["accessJwt"])


@contextmanager
def official_server() -> Iterator[Server]:
    """The official server with one account, in memory as its own tests run it: that is faster than on disk."""
    plc, pds = free_port(), free_port()
    environment = {**os.environ, "NODE_PATH": str(MODULES), "LOG_ENABLED": "false"}
    process = subprocess.Popen(  # noqa: S603 - a script of this module
        ["node", "-e", _START, str(plc), str(pds)],  # noqa: S607 - whichever node is on the PATH
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while b"ready" not in (line := process.stdout.readline()):
            if not line:
                raise RuntimeError("The official server did not start.")
        url = f"http://localhost:{pds}"
        body = {"handle": "bench.test", "email": "bench@example.com", "password": PASSWORD}
        made = _call(url, "com.atproto.server.createAccount", body)
        yield Server(url, process.pid, made["did"], made["accessJwt"])
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def _call(url: str, method: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(f"{url}/xrpc/{method}", json=body, timeout=60, trust_env=False).raise_for_status()
    return dict(answer.json())
