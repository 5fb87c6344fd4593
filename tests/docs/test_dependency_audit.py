"""The audit of dependencies names what is known, fails for it, and never takes silence for health."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.integration.fixtures.databases import free_port

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
PROBE = {"jinja2 2.4.1": ["PYSEC-2019-217"]}


class _Answers(BaseHTTPRequestHandler):
    """As api.osv.dev answers."""

    def do_POST(self) -> None:
        known = self.server.known  # type: ignore[attr-defined]  # set below
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
        self.server.asked.extend(asked)  # type: ignore[attr-defined]  # set below
        named = (f"{one['package']['name']} {one['version']}" for one in asked)
        found = [{"vulns": [{"id": id_} for id_ in known[name]]} if name in known else {} for name in named]
        body = json.dumps({"results": found}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def source() -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    server.known, server.asked = dict(PROBE), []  # type: ignore[attr-defined]  # what it knows, what it was asked
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _audit(port: int) -> tuple[int, str]:
    environment = {**os.environ, "SKILLNET_OSV": f"http://127.0.0.1:{port}", "no_proxy": "127.0.0.1"}
    done = subprocess.run([sys.executable, str(AUDIT)], capture_output=True, text=True, env=environment, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_all_that_is_pinned_is_asked_for(source: Any) -> None:
    status, said = _audit(source.server_port)
    assert status == 0
    assert "0 known weaknesses" in said
    asked = {(one["package"]["ecosystem"], one["package"]["name"]) for one in source.asked}
    assert {("PyPI", "litestar"), ("PyPI", "cryptography"), ("npm", "htmx.org")} <= asked


def test_a_known_weakness_fails_and_is_named(source: Any) -> None:
    _audit(source.server_port)
    version = next(one["version"] for one in source.asked if one["package"]["name"] == "htmx.org")
    source.known[f"htmx.org {version}"] = ["GHSA-made-up"]
    status, said = _audit(source.server_port)
    assert status == 1
    assert f"htmx.org {version}: https://osv.dev/GHSA-made-up" in said


def test_a_source_that_knows_nothing_or_is_not_there_is_no_good_news(source: Any) -> None:
    source.known.clear()
    for port in (source.server_port, free_port()):
        status, said = _audit(port)
        assert status == 3
        assert "NOT AUDITED" in said
