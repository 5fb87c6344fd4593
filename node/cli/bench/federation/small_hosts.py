"""Small hosts to follow: each has one did:web account, serves what a follower asks, and says what is new."""

from __future__ import annotations

import json
import socket
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from federation.did.document import make_document
from federation.frames import encode_commit
from federation.keys import SigningKey
from federation.repository import Repository, Write
from node.store.clock import as_text, now
from schemas.authority import VOUCH
from schemas.identifiers import tid_from_micros

_JSON, _CAR = "application/json", "application/vnd.ipld.car"


class SmallHost:
    """A host on a bound port of this machine. `vouch` commits one record and sends its event to all who listen."""

    def __init__(self, bound: socket.socket, number: int) -> None:
        self._bound = bound
        port = bound.getsockname()[1]
        self.url = f"http://localhost:{port}"
        self.did = f"did:web:localhost%3A{port}"
        self._key = SigningKey.generate()
        self._repository = Repository.create(self.did, self._key, self._rev())
        self._blocks: dict[str, bytes] = {}
        self._listeners: set[ServerConnection] = set()
        self._seq = 0
        self._commit(number)

    async def serve(self) -> Server:
        """Begin to answer."""
        return await serve(self._listen, sock=self._bound, process_request=self._answer, compression=None)

    async def vouch(self, number: int) -> str:
        """Commit and announce a vouch; the new revision."""
        frame = self._commit(number)
        for listener in list(self._listeners):
            await listener.send(frame)
        return self._repository.rev

    def _commit(self, number: int) -> bytes:
        subject = f"did:web:v{number}.example.com"
        value = {"$type": VOUCH, "subject": subject, "createdAt": as_text(now())}
        result = self._repository.apply([Write("create", VOUCH, subject, value)], self._key, self._rev())
        self._blocks |= {op.cid or "": result.records[op.path] for op in result.ops}
        self._seq += 1
        return encode_commit(result, self._seq, as_text(now()))

    def _document(self) -> dict[str, Any]:
        services = {"atproto_pds": ("AtprotoPersonalDataServer", self.url)}
        return make_document(self.did, [], {"atproto": self._key.did_key}, services)

    @staticmethod
    def _rev() -> str:
        return str(tid_from_micros(now(), 0))

    async def _listen(self, connection: ServerConnection) -> None:
        self._listeners.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._listeners.discard(connection)

    def _answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        method = urlsplit(request.path).path.rpartition("/")[2]
        if method == "com.atproto.sync.subscribeRepos":
            return None
        if method == "com.atproto.sync.getRepo":
            return _response(HTTPStatus.OK, b"".join(self._repository.export(self._blocks.get)), _CAR)
        answers: dict[str, Any] = {
            "did.json": self._document(),
            "com.atproto.server.describeServer": {"did": self.did, "availableUserDomains": []},
            "com.atproto.sync.listReposByCollection": {"repos": [{"did": self.did}]},
            "com.atproto.sync.getLatestCommit": {"cid": self._repository.commit_cid, "rev": self._repository.rev},
        }
        found = answers.get(method)
        status = HTTPStatus.OK if found else HTTPStatus.BAD_REQUEST
        return _response(status, json.dumps(found or {"error": "NotHere"}).encode(), _JSON)


def _response(status: HTTPStatus, body: bytes, media: str) -> Response:
    headers = Headers({"Content-Type": media, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(status.value, status.phrase, headers, body)
