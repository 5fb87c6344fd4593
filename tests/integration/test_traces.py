"""Traces: off and not imported by default; on, they time the node's work and say nothing about anybody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from node.app.compose import compose
from node.errors import ConfigurationError
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.tracing import collector_address, span, start_traces, stop_traces
from tests.integration.fixtures.nodes import app_of, free_port, practitioner


@pytest.fixture
def collector() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A receiver of OTLP over http: its address and the spans that came."""
    taken: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert self.path == "/v1/traces"
            for resource in body["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    taken.extend(scope["spans"])
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_collector_gets_what_a_node_does_and_nobody_s_data(
    collector: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    address, taken = collector
    port = free_port()
    settings = Settings(data=tmp_path, url=f"http://localhost:{port}", port=port, traces=address)
    services = compose(settings)
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        did = practitioner(services, "anna")
        client.get("/search", params={"q": "my-private-question"})
        client.get(f"/people/{did}", headers={"authorization": "Bearer something-secret"})
        client.get("/nowhere/wilhelmina")
        client.post("/xrpc/com.atproto.server.createSession", json={"identifier": "anna", "password": "hunter2hunter2"})
    by_name = {one["name"]: one for one in taken}
    assert {"GET /search", "GET /people/{did}", "GET unknown", "store commit"} <= by_name.keys()
    facts = {fact["key"]: fact["value"] for fact in by_name["GET /search"]["attributes"]}
    assert facts["http.response.status_code"] == {"intValue": "200"}
    assert by_name["GET /search"]["kind"] == 2
    for one in taken:
        assert len(one["traceId"]) == 32
        assert len(one["spanId"]) == 16
        assert int(one["endTimeUnixNano"]) >= int(one["startTimeUnixNano"])
    said = json.dumps(taken)
    for secret in ("private-question", did, "anna", "something-secret", "wilhelmina", "hunter2"):
        assert secret not in said


def test_an_error_leaves_its_class_not_its_words(collector: tuple[str, list[dict[str, Any]]]) -> None:
    address, taken = collector
    start_traces(address, "1")
    with (
        pytest.raises(ValueError, match="somebody"),
        span("job x"),
        span("peer y", server__address="https://b.example"),
    ):
        raise ValueError("somebody's words")
    stop_traces()
    inner, outer = taken
    assert inner["parentSpanId"] == outer["spanId"]
    assert {"key": "server.address", "value": {"stringValue": "https://b.example"}} in inner["attributes"]
    assert {"key": "error.type", "value": {"stringValue": "ValueError"}} in outer["attributes"]
    assert outer["status"] == {"code": 2}
    assert "words" not in json.dumps(taken)


def test_a_collector_that_is_away_disturbs_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    start_traces(f"http://127.0.0.1:{free_port()}", "1")
    with span("job x"):
        pass
    stop_traces()
    said = capsys.readouterr()
    assert "traces not taken" in said.out + said.err


def test_the_console_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    start_traces("console", "1")
    with span("job x"):
        pass
    stop_traces()
    assert '"name": "job x"' in capsys.readouterr().err


def test_where_traces_go() -> None:
    assert collector_address("http://localhost:4318") == "http://localhost:4318/v1/traces"
    assert collector_address("https://otel.example/custom") == "https://otel.example/custom"
    with pytest.raises(ConfigurationError, match=r"telemetry\.traces"):
        check_settings(Settings(data=Path(), traces="localhost:4318"))
