"""The audit of dependencies names what is known, fails for it, and never takes silence for health."""

from __future__ import annotations

import json
import runpy
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.integration.fixtures.databases import free_port

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
PROBE = {"jinja2 2.4.1": ["GHSA-462w-v97r-4m45", "GHSA-8r7q-cvjq-x353", "PYSEC-2014-8"]}


class _Answers(BaseHTTPRequestHandler):
    """As api.osv.dev answers: https://google.github.io/osv.dev/post-v1-querybatch/ shows these fields.

    A package has `{}` where nothing is known of it, and comes in pages where much is.
    """

    def do_POST(self) -> None:
        known = self.server.known  # type: ignore[attr-defined]  # set below
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
        self.server.asked.extend(asked)  # type: ignore[attr-defined]  # set below
        status, body = self.server.says or (200, {"results": [_result(one, known) for one in asked]})  # type: ignore[attr-defined]  # set below
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _result(asked: dict[str, Any], known: dict[str, list[str]]) -> dict[str, Any]:
    assert asked.keys() <= {"package", "version", "page_token"}
    assert asked["package"].keys() == {"ecosystem", "name"}
    ids = known.get(f"{asked['package']['name']} {asked['version']}", [])
    place = int(asked.get("page_token", "page-0").removeprefix("page-"))
    if not ids:
        return {}
    more = {"next_page_token": f"page-{place + 1}"} if place + 1 < len(ids) else {}
    return {"vulns": [{"id": ids[place], "modified": "2023-02-22T19:18:49.139231Z"}], **more}


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def source(server: Any) -> Any:
    """What it knows, what it was asked, and what it says whatever is asked."""
    server.known, server.asked, server.says = dict(PROBE), [], None
    return server


Audited = Callable[[int], tuple[int, str]]


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audited:
    """Runs the script against a source on this port: its exit code, and what it says."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def run(port: int) -> tuple[int, str]:
        monkeypatch.setenv("SKILLNET_OSV", f"http://127.0.0.1:{port}")
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(AUDIT), run_name="__main__")
        return int(end.value.code or 0), capsys.readouterr().out

    return run


def test_all_that_is_pinned_is_asked_for(source: Any, audit: Audited) -> None:
    status, said = audit(source.server_port)
    assert status == 0
    assert "0 known weaknesses" in said
    asked = {(one["package"]["ecosystem"], one["package"]["name"]) for one in source.asked}
    assert {("PyPI", "litestar"), ("PyPI", "cryptography"), ("npm", "htmx.org")} <= asked


def test_a_known_weakness_fails_and_is_named(source: Any, audit: Audited) -> None:
    audit(source.server_port)
    version = next(one["version"] for one in source.asked if one["package"]["name"] == "htmx.org")
    source.known[f"htmx.org {version}"] = ["GHSA-made-up", "GHSA-on-another-page"]
    status, said = audit(source.server_port)
    assert status == 1
    for id_ in source.known[f"htmx.org {version}"]:
        assert f"htmx.org {version}: https://osv.dev/{id_}" in said


def test_a_source_that_knows_nothing_or_is_not_there_is_no_good_news(source: Any, audit: Audited) -> None:
    source.known.clear()
    for port in (source.server_port, free_port()):
        status, said = audit(port)
        assert status == 3
        assert "NOT AUDITED" in said


@pytest.mark.parametrize(
    "says",
    [
        (400, {"code": 3, "message": "Invalid query."}),
        (503, b"upstream connect error"),
        (200, b"<!doctype html><title>Sign in to the network</title>"),
        (200, {"results": [None]}),
        (200, {"results": []}),
        (200, []),
    ],
    ids=["refusal", "away", "page", "nothing", "too-few", "list"],
)
def test_what_is_no_answer_is_no_audit(source: Any, says: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("SKILLNET_OSV", f"http://127.0.0.1:{source.server_port}")
    script = runpy.run_path(str(AUDIT))
    source.says = says
    with pytest.raises((OSError, ValueError)):  # of which the test above is told
        script["ask"]([script["PROBE"]])
