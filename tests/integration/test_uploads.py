"""Files that people send: what is taken, what becomes of it, and how it is handed out again."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.codec import blob_cid
from node.services.policy import Scope
from node.web.access.viewing import cookie_name
from tests.integration.fixtures.contributions import new_tid
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, until
from tests.integration.fixtures.pictures import PLACE, gif, jpeg, png, webp, webp_chunk

UPLOAD, INSIDE = "/xrpc/com.atproto.repo.uploadBlob", "/api/internal/blobs"
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HOSTILE = (
    SVG, b"<!doctype html>" + SCRIPT, gif() + SCRIPT, b"GIF89a/*" + SCRIPT, png() + SCRIPT, b"%PDF-1.7" + SCRIPT,
    b"PK\3\4" + SCRIPT, b"\xff\xd8\xff\xfe\0\x20*/=1;" + SCRIPT, b"", b"\x89PNG\r\n\x1a\n" + SCRIPT,
)  # fmt: skip
INERT = {"image/png", "image/gif", "image/jpeg", "application/pdf", "application/octet-stream", "text/plain"}
NOTE = "com.example.picture"
MEGABYTE = 1_000_000
NAMES = (
    "../../etc/passwd", "..\\..\\windows\\x.png", "/etc/shadow", "a\x00b.png", ".htaccess", "", "x" * 300 + ".png",
    "<script>.png", "\u202egnp.exe", "a;b.html", "CON", "%2e%2e%2fx", "a\r\nSet-Cookie: x=y.png",
)  # fmt: skip


@dataclass
class Place:
    """A node with a practitioner."""

    node: LiveNode
    did: str
    headers: dict[str, str]
    client: httpx.Client

    def send(self, path: str, body: Any, mime: str = "image/png") -> httpx.Response:
        return self.client.post(path, content=body, headers={**self.headers, "content-type": mime})

    def name(self, blob: dict[str, Any]) -> None:
        """Let a record of hers hold it."""
        body = {"repo": self.did, "collection": NOTE, "rkey": new_tid(), "record": {"$type": NOTE, "blob": blob}}
        answer = self.client.post("/xrpc/com.atproto.repo.createRecord", json=body, headers=self.headers)
        assert answer.status_code == 200

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.client.get(path, params=query)

    def drafts(self) -> list[Path]:
        """Files that are arriving."""
        data = self.node.services.settings.data
        return [path for folder in ("blobs", "internal") for path in (data / folder).glob(".*")]

    def raw(self, head: str) -> socket.socket:
        """A connection on which a request has begun: an upload with these further headers."""
        connection = socket.create_connection(("127.0.0.1", self.node.services.settings.port), 30)
        words = [f"POST {UPLOAD} HTTP/1.1", "Host: localhost", "Content-Type: image/png", head]
        words += [f"{name}: {value}" for name, value in self.headers.items()]
        connection.sendall("\r\n".join((*words, "", "")).encode())
        return connection


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with live(tmp_path_factory.mktemp("node"), max_blob=2 * MEGABYTE) as node:
        did = practitioner(node.services, "anna")
        headers = {"authorization": f"Bearer {node.services.registry.tokens.issue('anna', 'api')}"}
        with httpx.Client(base_url=node.url, timeout=60, trust_env=False) as client:
            yield Place(node, did, headers, client)


def answer_of(connection: socket.socket) -> str:
    """What comes back until the other side closes."""
    pieces = []
    while piece := connection.recv(65_536):
        pieces.append(piece)
    return b"".join(pieces).decode("latin-1")


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "text/plain"])
def test_nothing_is_handed_out_as_a_page_or_script(place: Place, claimed: str) -> None:
    for body in HOSTILE:
        blob = place.send(UPLOAD, body, claimed).json()["blob"]
        place.name(blob)
        cid, shown = blob["ref"]["$link"], blob["mimeType"].startswith("image/")
        for path in ("/xrpc/com.atproto.sync.getBlob", "/api/blob", f"/files/{place.did}/{cid}"):
            answer = place.get(path, did=place.did, cid=cid)
            assert answer.status_code == 200
            assert answer.headers["content-type"].partition(";")[0] in INERT
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert shown or answer.headers["content-disposition"] == "attachment"
            assert _kept_for(answer) <= 3600, "a takedown reaches what lies between the node and its readers"
        assert place.get(f"/pictures/{place.did}/{cid}").status_code == (200 if shown else 404)


def _kept_for(answer: httpx.Response) -> int:
    """Seconds that caches may hand it out without asking."""
    said = answer.headers["cache-control"]
    assert "immutable" not in said
    return int(said.rpartition("max-age=")[2]) if "max-age=" in said else 0


def test_what_no_record_names_is_shown_to_nobody(place: Place) -> None:
    blob = place.send(UPLOAD, b"%PDF-1.7 for later").json()["blob"]
    query = {"did": place.did, "cid": blob["ref"]["$link"]}
    ways = ("/xrpc/com.atproto.sync.getBlob", "/api/blob", f"/files/{place.did}/{query['cid']}")
    assert [place.get(path, **query).status_code for path in ways] == [400, 404, 404]
    place.name(blob)
    assert [place.get(path, **query).status_code for path in ways] == [200, 200, 200]


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(Scope.EVERYTHING, 200), (Scope.PUBLISH, 200), (Scope.READ, 404), (Scope.LEARN, 404), (Scope.ASSIST, 404)],
)
def test_a_draft_is_its_authors_who_write_with_that_key(place: Place, scope: Scope, seen: int) -> None:
    key = place.node.services.registry.tokens.issue("anna", "api", "", scope)
    for path in (UPLOAD, INSIDE):
        cid = place.send(path, f"%PDF-1.7 a draft by {path}".encode()).json()["blob"]["ref"]["$link"]
        for way in (f"/api/blob?did={place.did}&cid={cid}", f"/files/{place.did}/{cid}"):
            assert place.client.get(way, headers={"authorization": f"Bearer {key}"}).status_code == seen


@pytest.mark.parametrize("path", [UPLOAD, INSIDE])
@pytest.mark.parametrize(
    "picture",
    [jpeg(), png(orientation=6), gif(), webp(0x2C, webp_chunk(b"XMP ", PLACE))],
    ids=["jpeg", "png", "gif", "webp"],
)
def test_no_picture_says_where_it_was_taken(place: Place, path: str, picture: bytes) -> None:
    blob = place.send(path, picture).json()["blob"]
    services, cid = place.node.services, blob["ref"]["$link"]
    body = services.blobs.find(cid) if path == UPLOAD else services.internal.find_blob(cid)
    assert body is not None
    assert PLACE not in body
    assert blob["size"] == len(body)
    assert cid == blob_cid(sha256(body).digest())
    assert blob["mimeType"].startswith("image/")


def test_who_moves_in_brings_pictures_as_they_were_signed(place: Place) -> None:
    services = place.node.services
    did = practitioner(services, "berta")
    services.lifecycle.deactivate(did)
    headers = {
        "authorization": f"Bearer {services.registry.tokens.issue('berta', 'api')}",
        "content-type": "image/jpeg",
    }
    answer = place.client.post(UPLOAD, content=jpeg(), headers=headers)
    assert answer.json()["blob"]["ref"]["$link"] == blob_cid(sha256(jpeg()).digest())


def test_a_picture_that_fills_a_readers_memory_is_no_picture(place: Place) -> None:
    assert place.send(UPLOAD, png(60_000, 60_000)).json()["blob"]["mimeType"] == "application/octet-stream"


@pytest.mark.parametrize("path", [UPLOAD, INSIDE])
def test_too_much_is_refused(place: Place, path: str) -> None:
    large = png() + bytes(3 * MEGABYTE)
    assert place.send(path, b"%PDF-" + bytes(3 * MEGABYTE)).status_code == 413
    assert place.send(path, iter([large] * 10)).status_code == 413  # as it comes, without a length
    until(lambda: not place.drafts())


def test_less_than_was_announced_is_nothing(place: Place) -> None:
    before = set(place.node.services.blobs.list_all())
    with place.raw("Content-Length: 5000\r\nConnection: close") as connection:
        connection.sendall(png())
        connection.shutdown(socket.SHUT_WR)
        answer = answer_of(connection)
    assert " 200 " not in answer
    until(lambda: not place.drafts())
    assert set(place.node.services.blobs.list_all()) == before


def test_more_than_was_announced_is_not_part_of_it(place: Place) -> None:
    with place.raw(f"Content-Length: {len(png())}\r\nConnection: close") as connection:
        connection.sendall(png() + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = answer_of(connection)
    assert answer.count("HTTP/1.1 ") == 1
    assert json.loads(answer.partition("\r\n\r\n")[2])["blob"]["mimeType"] == "image/png"


def test_a_slow_upload_arrives(place: Place) -> None:
    with place.raw("Transfer-Encoding: chunked\r\nConnection: close") as connection:
        for start in range(0, len(png()), 40):
            piece = png()[start : start + 40]
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            until(lambda: len(place.drafts()) == 1)
        connection.sendall(b"0\r\n\r\n")
        assert " 200 " in answer_of(connection)
    until(lambda: not place.drafts())


def test_a_length_that_is_none_is_refused(place: Place) -> None:
    for head in ("Content-Length: -1", "Content-Length: 5, 6", "Content-Length: 1e3", "Content-Length: 0x10"):
        with place.raw(head + "\r\nConnection: close") as connection:
            assert " 400 " in answer_of(connection).partition("\r\n")[0], head


@dataclass
class Desk:
    """The form for files of a draft."""

    client: httpx.Client
    token: str

    def send(self, name: str, body: bytes) -> httpx.Response:
        fields = {"draft": "an-upload-of-a-test", "kind": "module", "text": "x", "_csrf_token": self.token}
        return self.client.post("/write/files", data=fields, files={"file": (name, body, "image/png")})


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    services = place.node.services
    cookies = {cookie_name(services.settings): services.registry.tokens.issue("anna", "session")}
    with httpx.Client(base_url=place.node.url, cookies=cookies, trust_env=False, timeout=60) as client:
        client.get("/write")
        yield Desk(client, next(value for name, value in client.cookies.items() if name.endswith("_csrf")))
    services.drafting.discard("anna", "an-upload-of-a-test")


def test_names_lead_nowhere(place: Place, desk: Desk) -> None:
    for name in NAMES:
        assert desk.send(name, png()).status_code in (303, 400), name
    files = place.node.services.drafting.get("anna", "an-upload-of-a-test").files
    assert len(files) >= len(NAMES) - 2
    assert len({file.path for file in files}) == len(files)
    for file in files:
        assert re.fullmatch(r"pictures/[a-z0-9][a-z0-9-]{0,70}\.png", file.path)


def test_the_desk_takes_bare_pictures_and_says_what_is_too_large(place: Place, desk: Desk) -> None:
    assert desk.send("a.jpg", jpeg()).status_code == 303
    (file,) = place.node.services.drafting.get("anna", "an-upload-of-a-test").files
    assert PLACE not in (place.node.services.internal.find_blob(file.cid) or PLACE)
    huge = desk.send("b.png", png(60_000, 60_000))
    assert huge.status_code == 413
    assert "64 million pixels" in huge.text
    large = desk.send("c.png", b"%PDF-" + bytes(3 * MEGABYTE))
    assert large.status_code == 413
    assert "2 MB" in large.text


@pytest.mark.parametrize("path", [UPLOAD, INSIDE])
def test_who_is_taken_down_uploads_nothing(place: Place, path: str) -> None:
    services, name = place.node.services, f"gone-{path[1:4]}"
    did = practitioner(services, name)
    services.lifecycle.deactivate(did, "takendown")
    headers = {"authorization": f"Bearer {services.registry.tokens.issue(name, 'api')}", "content-type": "image/jpeg"}
    assert place.client.post(path, content=jpeg(), headers=headers).status_code == 403
