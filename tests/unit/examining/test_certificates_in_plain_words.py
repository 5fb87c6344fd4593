"""A certificate that others will refuse is found before they do, and said in plain words."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from node.services.examining.certificate import examine_certificate

NOW = datetime.now(UTC)


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


def _certificate(folder: Path, *, days: float, name: str = "localhost", began: float = -30) -> Path:
    """A file with a key and its certificate, which is good for so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    until = NOW + timedelta(days=days, hours=1)
    made = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(),
                                   NOW + timedelta(days=began), until)  # fmt: skip
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "certificate.pem"
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def _showing(certificate: Path) -> Iterator[int]:
    """The port of a server that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    with _served(listening) as port:
        yield port


@pytest.mark.parametrize(
    ("made", "seen", "mend"),
    [
        ({"days": 60}, "good for 60 days more", ""),
        ({"days": 3}, "good for 3 days more", "systemctl restart caddy"),
        ({"days": 4, "began": -2}, "good for 4 days more", ""),  # made for six days, as some authorities do
        ({"days": 0, "began": -6}, "good for ", "systemctl restart caddy"),
        ({"days": -2}, "expired on 20", "systemctl restart caddy"),
        ({"days": 60, "began": 2}, "not valid yet", "timedatectl"),
        ({"days": 60, "name": "other.example"}, "made for other.example, not for localhost", "Name localhost"),
    ],
)
def test_one_that_is_known(tmp_path: Path, made: Any, seen: str, mend: str) -> None:
    certificate = _certificate(tmp_path, **made)
    with _showing(certificate) as port:
        found = examine_certificate("localhost", port, ssl.create_default_context(cafile=str(certificate)))
    assert found.detail.startswith(seen)
    assert found.ok == (not mend)
    assert mend in found.mend


def test_one_that_nobody_vouches_for(tmp_path: Path) -> None:
    with _showing(_certificate(tmp_path, days=60)) as port:
        found = examine_certificate("localhost", port)
    assert found.detail.startswith("signed by itself")
    assert "`update-ca-certificates`" in found.mend


def test_where_there_is_none() -> None:
    with _served(HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)) as port:
        plain = examine_certificate("localhost", port)
    assert "does not speak TLS" in plain.detail
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = examine_certificate("localhost", taken.getsockname()[1])
    assert nobody.detail.startswith("nothing answers at localhost:")
    assert "systemctl restart caddy" in nobody.mend


def test_a_server_that_goes_before_it_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[OSError] = iter([ssl.SSLCertVerificationError("expired"), ConnectionResetError("gone")])

    def shake_hands(*_: object) -> bytes:
        raise next(answers)

    monkeypatch.setattr("node.services.examining.certificate._shake_hands", shake_hands)
    assert examine_certificate("localhost", 1).detail == "nothing answers at localhost:1: gone"
