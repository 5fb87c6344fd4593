"""`doctor`: each thing that may be wrong is found, and the mend named."""

from __future__ import annotations

import os
import socket
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from node.cli.examining import address, running
from node.cli.examining.folder import examine_backup, examine_folder
from node.cli.examining.sign_on import examine_sign_on
from node.cli.examining.tables import examine_clock_by_files, examine_tables
from node.cli.reaching.client import NodeClient, is_answered
from node.services.audit import Deed
from node.services.keeping.last_backup import NAME, mark_backup
from node.services.policy import Viewer
from node.services.sealing import KEY_FILE
from node.settings.declared import Settings
from tests.integration.fixtures.nodes import composed, practitioner


def _wrong(findings: Iterator[Any]) -> set[str]:
    found = list(findings)
    assert all(bool(one.mend) == (not one.ok) for one in found), "a mend where, and only where, something is wrong"
    return {one.name for one in found if not one.ok}


def test_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    assert _wrong(examine_folder(data)) == {"data folder"}
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    (data / "skillnet.toml").write_text("[server]\nport = 0\n")
    monkeypatch.setattr("node.cli.examining.folder.ENOUGH_DISK", 10**18)
    assert _wrong(examine_folder(data)) == {"privacy of the folder", "disk", "settings"}


def test_a_single_sign_on_that_is_not_who_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = "https://id.example"
    said = {"issuer": issuer, "authorization_endpoint": "x", "token_endpoint": "x", "jwks_uri": "x"}
    answer = httpx.Response(200, json=said, request=httpx.Request("GET", issuer))
    monkeypatch.setattr("node.services.people.provider.httpx.get", lambda *_, **__: answer)
    assert list(examine_sign_on(Settings(data=tmp_path))) == []
    assert _wrong(examine_sign_on(Settings(data=tmp_path, sign_on_issuer=issuer))) == set()
    assert _wrong(examine_sign_on(Settings(data=tmp_path, sign_on_issuer=f"{issuer}/"))) == {"single sign-on"}


def test_the_age_of_the_backup(tmp_path: Path) -> None:
    assert examine_backup(tmp_path).ok
    key = tmp_path / KEY_FILE
    key.parent.mkdir()
    key.write_bytes(b"x")
    month_ago = time.time() - 30 * 86_400
    os.utime(key, (month_ago, month_ago))
    assert not examine_backup(tmp_path).ok
    mark_backup(tmp_path)
    assert examine_backup(tmp_path).ok
    os.utime(tmp_path / NAME, (month_ago, month_ago))
    assert "30.0 days" in examine_backup(tmp_path).detail


@pytest.mark.sqlite("damages the file")
def test_keys_tables_and_a_damaged_file(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with composed(data) as services:
        practitioner(services, "anna")
        settings = services.settings
    assert _wrong(examine_tables(settings)) == set()
    key = data / KEY_FILE
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    assert _wrong(examine_tables(settings)) == {"keys", "privacy of the key"}
    with (data / "skillnet.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 30)
    assert {"database file", "database"} & _wrong(examine_tables(settings))
    (data / "skillnet.db").write_bytes(b"something else entirely" * 1000)
    assert _wrong(examine_tables(settings)), "no database at all"


@pytest.mark.sqlite("changes the file")
def test_an_audit_log_that_somebody_changed(tmp_path: Path) -> None:
    with composed(tmp_path / "node") as services:
        for number in range(3):
            services.audit.note(Viewer(name="olga"), Deed.SYNCED, str(number))
        settings = services.settings
    assert _wrong(examine_tables(settings)) == set()
    with closing(sqlite3.connect(tmp_path / "node" / "skillnet.db")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET detail = 'nothing happened' WHERE seq = 2")
    assert _wrong(examine_tables(settings)) == {"audit log"}


def test_a_process_that_may_open_few_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        monkeypatch.setattr(running, "ENOUGH_FILES", 2)
        assert running.examine_open_files(tmp_path / "s").ok
        monkeypatch.setattr(running, "ENOUGH_FILES", 10**9)
        assert "LimitNOFILE" in running.examine_open_files(tmp_path / "s").mend


def test_the_socket_of_a_node_that_was_killed_is_answered_by_nobody(tmp_path: Path) -> None:
    door = tmp_path / "operator.sock"
    assert not is_answered(door)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))
        listening.listen()
        assert is_answered(door)
    assert door.exists()
    assert not is_answered(door)


def _answering(**answers: Any) -> Any:
    """A client of a node that says this, whatever else is asked of it."""

    def handle(request: httpx.Request) -> httpx.Response:
        found = answers[request.url.path.rpartition("/")[2]]
        return httpx.Response(503 if found is None else 200, json={} if found is None else found)

    return NodeClient(httpx.Client(transport=httpx.MockTransport(handle), base_url="http://node"))


def test_what_a_running_node_says_of_itself() -> None:
    well = _answering(ready={"search": "complete"}, comparison={"done": True, "stale": 0, "surplus": 0})
    assert _wrong(running.examine_readiness(well)) == set()
    assert running.examine_drift(well).ok
    assert _wrong(running.examine_readiness(_answering(ready=None))) == {"node"}
    assert _wrong(running.examine_readiness(_answering(ready={"search": "it does not answer"}))) == {"search"}
    drifted = running.examine_drift(_answering(comparison={"done": True, "stale": 2, "surplus": 1}))
    assert (drifted.ok, drifted.detail) == (False, "3 documents differed from the catalogue")
    assert running.examine_drift(_answering(comparison={"done": False, "progress": "3 of 9"})).ok
    peer = {"url": "http://127.0.0.1:9", "error": "connection refused", "state": "waiting", "nextTry": "soon"}
    gone = _answering(peers=[peer], rejections=[{"code": "bad-signature"}])
    assert _wrong(running.examine_peers(gone)) == {"peer http://127.0.0.1:9"}
    assert "older release runs" in running.examine_release({"url": "http://node"}).detail
    assert not running.examine_release({"release": "0.0.1"}).ok


def test_a_clock_that_was_set_back(tmp_path: Path) -> None:
    file = tmp_path / "skillnet.db"
    file.touch()
    assert examine_clock_by_files(tmp_path) is None
    os.utime(file, (time.time() + 3600, time.time() + 3600))
    found = examine_clock_by_files(tmp_path)
    assert found is not None
    assert not found.ok


@contextmanager
def _host(seconds_ahead: float) -> Iterator[str]:
    """A host that says another time."""

    class Host(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("date", format_datetime(datetime.now(UTC) + timedelta(seconds=seconds_ahead), usegmt=True))
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    with _served(HTTPServer(("127.0.0.1", 0), Host)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _served(server: HTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_clock_against_peers() -> None:
    with _host(0) as right, _host(-600) as slow, _host(900) as fast:
        assert address.examine_clock([right, slow, fast]).ok, "the middle one counts"
        assert "s ahead of the middle" in address.examine_clock([slow]).detail
        assert not address.examine_clock([fast]).ok
    assert address.examine_clock(["http://127.0.0.1:9"]).ok, "nobody to ask is no finding"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(address.socket, "getaddrinfo", unknown)
    assert _wrong(address.examine_address("https://node.example", "did:web:node.example")) == {"DNS"}


@pytest.fixture
def certified(tmp_path: Path) -> Callable[[int], tuple[ssl.SSLContext, ssl.SSLContext]]:
    """A server's and a client's side of a certificate that is good for so many days more."""

    def make(days: int) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        began = datetime.now(UTC) - timedelta(days=1)
        made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), began,
                                       began + timedelta(days=days + 1, hours=1))  # fmt: skip
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
        file = tmp_path / f"{days}.pem"
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(file)
        return server, ssl.create_default_context(cafile=str(file))

    return make


@pytest.mark.parametrize(("days", "ok"), [(60, True), (3, False)])
def test_days_left_of_a_certificate(certified: Any, days: int, ok: bool) -> None:
    server, client = certified(days)
    listening = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    listening.socket = server.wrap_socket(listening.socket, server_side=True)
    with _served(listening) as port:
        found = address._certificate("localhost", port, client)
        assert (found.ok, found.detail) == (ok, f"{days} days left")
        if ok:
            assert "verify failed" in address._certificate("localhost", port).detail
