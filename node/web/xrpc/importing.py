"""com.atproto.repo.importRepo and listMissingBlobs: a repository moves in."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request

from federation.codec import decode
from federation.errors import Reason, Rejected
from federation.keys import VerifyingKey
from federation.repository import Write
from federation.verify import VerifiedRepo, verify_repo_car
from node.errors import Malformed, TooLarge
from node.services.assembly import Services
from node.services.hosting.writable import blobs_in
from node.services.policy import Action, Viewer, require
from node.store.repositories import blobs, records
from node.web.access.voices import require_voice
from node.web.xrpc.methods import query, upload

Body = dict[str, Any]
MAX_REPOSITORY = 512_000_000


async def read_body(request: Request[Any, Any, Any], limit: int) -> bytes:
    """The body, at most `limit` bytes of it. Raises TooLarge without reading on."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:18]) > limit:
        raise TooLarge(f"At most {limit:,} bytes; this has {announced[:18]}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"At most {limit:,} bytes.")
    return bytes(body)


@upload("com.atproto.repo.importRepo", request_max_body_size=MAX_REPOSITORY)
async def import_repo(request: Request[Any, Any, Any], services: Services, viewer: Viewer) -> Body:
    """Take a whole repository (CAR) for an account that is not active yet; every byte is verified first."""
    require(viewer, Action.MANAGE)
    body = await read_body(request, MAX_REPOSITORY)
    await asyncio.to_thread(take_in, services, viewer, body)
    return {}


def take_in(services: Services, viewer: Viewer, body: bytes) -> None:
    """Nothing comes in that could not be written here. Raises Malformed, NotAllowed, TakenDown."""
    verified = _verify(services, viewer.did, body)
    for path, trouble in verified.problems.items():
        raise Malformed(f"{path}: {trouble}", code="InvalidRepo")
    require_voice(viewer, viewer.did, map(_as_written, verified.records))
    services.lifecycle.import_repository(viewer.did, verified)


def _as_written(path: str) -> Write:
    collection, _, rkey = path.partition("/")
    return Write("create", collection, rkey)


def _verify(services: Services, did: str, body: bytes) -> VerifiedRepo:
    """The proven content, signed under a key that the identity names or has named.

    Former keys count because the official server keeps the head that it imported: until the account's next write
    there, what it exports is still signed by the host before.
    """
    problem: Rejected | None = None
    for key in _keys_of(services, did):
        try:
            return verify_repo_car(body, did, key)
        except Rejected as error:
            problem = error
            if error.reason is not Reason.SIGNATURE_INVALID:
                break
    raise Malformed(f"The repository does not verify: {problem}", code="InvalidRepo") from problem


def _keys_of(services: Services, did: str) -> list[VerifyingKey]:
    """The signing keys of an identity, the current one first."""
    if not did.startswith("did:plc:"):
        return [services.outside.document(did).verifying_key]
    standing = services.outside.history(did).standing
    named = [entry.operation.data.signing_key for entry in reversed(standing) if entry.operation.data]
    return [VerifyingKey.parse_did_key(key) for key in dict.fromkeys(named) if key]


@query("com.atproto.repo.listMissingBlobs")
def list_missing_blobs(services: Services, viewer: Viewer, limit: int = 500, cursor: str = "") -> Body:
    """Blobs that records name and that were not uploaded yet, each with one record that names it."""
    require(viewer, Action.MANAGE)
    with services.database.read() as session:
        cids = blobs.list_awaited(session, viewer.did, after=cursor, limit=limit)
        wanted, found = set(cids), dict[str, str]()
        for row in records.iterate_records(session, did=viewer.did) if wanted else ():
            for cid in wanted.intersection(blobs_in(decode(row.block))):
                found.setdefault(cid, row.uri)
            if len(found) == len(wanted):
                break
    missing = [{"cid": cid, "recordUri": found[cid]} for cid in cids if cid in found]
    return {"blobs": missing, **({"cursor": cids[-1]} if len(cids) == limit else {})}


HANDLERS = (import_repo, list_missing_blobs)
