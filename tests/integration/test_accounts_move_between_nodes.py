"""Accounts move between our own nodes by the protocol's endpoints alone: a did:plc there and back, a did:web in."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.cids import parse_cid
from federation.codec import CID
from federation.did.document import make_document
from federation.keys import SigningKey
from federation.repository import Repository, Write
from federation.verify import verify_repo_car
from node.services.people.confirmations import Confirmations
from node.services.people.service_auth import make_service_token
from node.store.clock import now
from node.store.repositories import records
from schemas.authority import MODULE_VERSION
from schemas.identifiers import tid_from_micros
from tests.integration.fixtures.contributions import version_value, version_write
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import PASSWORD, LiveNode, live, practitioner, until

pytestmark = pytest.mark.real
PICTURE = b"\x89PNG\r\n\x1a\n" + b"picture" * 50
SERVER, REPO, SYNC, IDENTITY = (f"com.atproto.{part}." for part in ("server", "repo", "sync", "identity"))


class Door:
    """The protocol as a program of the account's owner uses it."""

    def __init__(self, node: LiveNode) -> None:
        self.node, self.token = node, ""

    def call(self, method: str, body: Any = None, *, token: str = "", **query: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {bearer}"} if (bearer := token or self.token) else {}
        url = f"{self.node.url}/xrpc/{method}"
        if body is None:
            answer = httpx.get(url, params=query, headers=headers, timeout=60, trust_env=False)
        elif isinstance(body, bytes):
            answer = httpx.post(url, content=body, headers=headers, timeout=60, trust_env=False)
        else:
            answer = httpx.post(url, json=body or None, headers=headers, timeout=60, trust_env=False)
        assert answer.status_code == 200, f"{method}: {answer.text}"
        return answer

    def ask(self, method: str, body: Any = None, **options: str) -> Any:
        return self.call(method, body, **options).json()

    def sign_in(self, who: str) -> None:
        self.token = self.ask(SERVER + "createSession", {"identifier": who, "password": PASSWORD})["accessJwt"]

    def handle(self, name: str) -> str:
        return name + self.ask(SERVER + "describeServer")["availableUserDomains"][0]


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


def fill(node: LiveNode, did: str, count: int) -> str:
    """Versions and one picture; the picture's CID."""
    stored = asyncio.run(node.services.accounts.store_blob(did, pieces(PICTURE), "image/png"))
    blob = {"$type": "blob", "ref": CID(parse_cid(stored.cid)), "mimeType": stored.mime, "size": stored.size}
    writes = [version_write(f"m-{number}", f"text {number}") for number in range(count)]
    writes.append(version_write("picture", "see", pictures=[{"path": "p.png", "blob": blob, "alt": "nothing"}]))
    node.write(did, *writes)
    return stored.cid


def held(node: LiveNode, did: str) -> dict[str, str]:
    with node.services.database.read() as session:
        return dict(records.list_paths(session, did))


def move(old: Door, new: Door, did: str, name: str, *, back: bool = False) -> dict[str, Any]:
    """As the protocol's guide to account migration says, step by step."""
    if back:
        new.sign_in(did)
    else:
        aud = new.ask(SERVER + "describeServer")["did"]
        proof = old.ask(SERVER + "getServiceAuth", aud=aud, lxm=SERVER + "createAccount")["token"]
        services = new.node.services
        code = services.invitations.make(())
        made = {"did": did, "handle": new.handle(name), "password": PASSWORD, "inviteCode": code}
        new.token = new.ask(SERVER + "createAccount", made, token=proof)["accessJwt"]
    new.ask(REPO + "importRepo", old.call(SYNC + "getRepo", did=did).content)
    for missing in new.ask(REPO + "listMissingBlobs")["blobs"]:
        new.ask(REPO + "uploadBlob", old.call(SYNC + "getBlob", did=did, cid=missing["cid"]).content)
    status = new.ask(SERVER + "checkAccountStatus")
    token = Confirmations(old.node.services.database).give(name, "plc-operation")
    wanted = new.ask(IDENTITY + "getRecommendedDidCredentials")
    operation = old.ask(IDENTITY + "signPlcOperation", {"token": token, **wanted})["operation"]
    new.ask(IDENTITY + "submitPlcOperation", {"operation": operation})
    new.ask(SERVER + "activateAccount", {})
    old.ask(SERVER + "deactivateAccount", {"deleteAfter": "2030-01-01T00:00:00Z"})
    return dict(status)


def test_an_account_moves_to_another_node_and_back_while_a_third_watches(tmp_path: Path) -> None:
    with live(tmp_path / "a") as a, live(tmp_path / "b") as b, live(tmp_path / "c") as c:
        did = practitioner(a.services, "mover")
        cid = fill(a, did, 30)
        before = held(a, did)
        for node, others in ((c, (a, b)), (b, (a,)), (a, (b,))):
            for other in others:
                node.run(node.services.follower.follow(other.url, trust=False))
        until(lambda: held(c, did) == before, what="the third node's copy")
        old, new = Door(a), Door(b)
        old.sign_in(did)
        status = move(old, new, did, "mover")
        assert (status["expectedBlobs"], status["importedBlobs"], status["indexedRecords"]) == (1, 1, 31)
        assert held(b, did) == before
        assert new.call(SYNC + "getBlob", did=did, cid=cid).content == PICTURE
        recovery = a.services.directory.get_history(did).data.rotation_keys[0]
        data = c.services.outside.history(did).data
        assert data.rotation_keys[0] == recovery, "the person's own key stays first"
        assert len(data.rotation_keys) == 2, "… and the former host's goes"
        key = c.services.outside.document(did).verifying_key
        assert len(verify_repo_car(new.call(SYNC + "getRepo", did=did).content, did, key).records) == 31
        b.write(did, version_write("after", "published from the new home"))
        until(lambda: len(held(c, did)) == 32, what="the third node follows it to its new home")
        with c.services.database.read() as session:
            assert records.find_head(session, did).peer == b.url

        move(new, old, did, "mover", back=True)
        assert len(held(a, did)) == 32
        a.write(did, version_write("home", "back again"))
        until(lambda: len(held(c, did)) == 33, what="… and home again")


@contextmanager
def own_domain() -> Iterator[tuple[str, dict[str, Any]]]:
    """A person's own domain: the did:web it gives, and the document that can be changed."""
    document: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", free_port()), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"did:web:localhost%3A{server.server_port}", document
    finally:
        server.shutdown()
        server.server_close()


def tell(document: dict[str, Any], did: str, key: str, host: str) -> None:
    service = {"atproto_pds": ("AtprotoPersonalDataServer", host)}
    document.clear()
    document.update(make_document(did, ["at://someone.example"], {"atproto": key}, service))


def test_a_did_of_somebodys_own_domain_moves_in(tmp_path: Path) -> None:
    with own_domain() as (did, document), live(tmp_path / "new") as node, live(tmp_path / "peer") as peer:
        key, start = SigningKey.generate(), now() - 10_000_000
        tell(document, did, key.did_key, "https://old.example")
        repository = Repository.create(did, key, str(tid_from_micros(start, 0)))
        writes = [
            Write("create", MODULE_VERSION, str(tid_from_micros(start + n, 0)), version_value(f"m-{n}", "text"))
            for n in range(5)
        ]
        blocks = repository.apply(writes, key, str(tid_from_micros(start + 9, 0))).blocks
        door = Door(node)
        code = node.services.invitations.make(())
        made = {"did": did, "handle": door.handle("dora"), "password": PASSWORD, "inviteCode": code}
        proof = make_service_token(did, node.services.identity.did, key, SERVER + "createAccount", 0)
        reserved = door.ask(SERVER + "reserveSigningKey", {"did": did})["signingKey"]
        door.token = door.ask(SERVER + "createAccount", made, token=proof)["accessJwt"]
        door.ask(REPO + "importRepo", b"".join(repository.export(blocks.get)))
        early = httpx.post(
            f"{node.url}/xrpc/{SERVER}activateAccount", headers={"authorization": f"Bearer {door.token}"},
            timeout=60, trust_env=False,
        )  # fmt: skip
        assert early.json()["error"] == "InvalidDid", "its document does not name this node yet"
        tell(document, did, reserved, node.url)
        door.ask(SERVER + "activateAccount", {})
        assert len(held(node, did)) == 5
        peer.run(peer.services.follower.follow(node.url, trust=False))
        until(lambda: len(held(peer, did)) == 5, what="a peer's copy")
        node.write(did, version_write("after", "from here"))
        until(lambda: len(held(peer, did)) == 6, what="what it publishes from here")
