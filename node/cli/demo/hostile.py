"""A hostile host, for the demonstration's own check: it serves a signed repository in which one record was altered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from federation.did.document import make_document
from federation.keys import SigningKey
from federation.repository import Repository, Write
from schemas.authority import NODE
from schemas.identifiers import datetime_from_micros, tid_from_micros

MARK = "tampered"


class TamperedHost:
    """One account whose signed record says one thing and whose served bytes say another."""

    def __init__(self, port: int, at: int) -> None:
        self.port = port
        self.did = f"did:web:localhost%3A{port}"
        key = SigningKey.generate()
        url = f"http://localhost:{port}"
        service = {"atproto_pds": ("AtprotoPersonalDataServer", url)}
        self.document = make_document(self.did, ["at://hostile.test"], {"atproto": key.did_key}, service)
        self.value = {"$type": NODE, "name": "An honest name", "url": url, "createdAt": str(datetime_from_micros(at))}
        repository = Repository.create(self.did, key, str(tid_from_micros(at, 0)))
        write = Write("create", NODE, "self", self.value)
        self.result = repository.apply([write], key, str(tid_from_micros(at + 1, 0)))
        block = self.result.records[write.path]
        car = b"".join(repository.export(lambda _cid: block))
        # The same length, so that only the hash can tell.
        self.car = car.replace(b"An honest name", b"A " + MARK.encode() + b" nam")

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[str, bytes] | None:
        """Content type and body for one request."""
        wanted = query.get("collection") == [NODE]
        answers: dict[str, tuple[str, bytes]] = {
            "did.json": _json(self.document),
            "com.atproto.server.describeServer": _json({"did": self.did, "availableUserDomains": []}),
            "com.atproto.repo.getRecord": _json({"uri": f"at://{self.did}/{NODE}/self", "value": self.value}),
            "com.atproto.sync.listReposByCollection": _json({"repos": [{"did": self.did}] if wanted else []}),
            "com.atproto.sync.getLatestCommit": _json({"cid": self.result.commit_cid, "rev": self.result.rev}),
            "com.atproto.sync.getRepo": ("application/vnd.ipld.car", self.car),
        }
        return answers.get(path.rpartition("/")[2])


def _json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


@contextmanager
def serve_tampered(port: int, at: int) -> Iterator[TamperedHost]:
    """Serve it on localhost for the length of a check."""
    host = TamperedHost(port, at)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            found = host.answer(parts.path, parse_qs(parts.query))
            self.send_response(200 if found else 404)
            kind, body = found or ("text/plain", b"")
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
