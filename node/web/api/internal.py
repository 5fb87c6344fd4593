"""/api/internal for authors: what stays inside the organisation, written and made public by whose it is."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post

from federation.repository import Write
from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.services.writing.promoting import Promotion
from node.store.inside import internal
from node.web.access.voices import require_voice
from node.web.record_json import find_action, record_json
from schemas.datamodel import from_json
from schemas.identifiers import parse_nsid, parse_record_key

Body = dict[str, Any]


def _own(viewer: Viewer) -> str:
    """The asker's DID. Raises NotSignedIn, NotAllowed."""
    require(viewer, Action.KEEP_INSIDE)
    return viewer.did


@get("/api/internal/records", sync_to_thread=True)
def list_records(services: Services, viewer: Viewer, collection: str = "") -> Body:
    """One's own internal records."""
    did = _own(viewer)
    with services.database.read() as session:
        rows = internal.list_records(session, did, collection)
    return {"records": [record_json(row) for row in rows]}


@get("/api/internal/record", sync_to_thread=True)
def get_record(services: Services, viewer: Viewer, collection: str, rkey: str) -> Body:
    """One internal record of one's own."""
    did = _own(viewer)
    with services.database.read() as session:
        row = internal.find_record(session, did, collection, rkey)
    if row is None:
        raise Unknown("There is no such internal record.", code="RecordNotFound")
    return record_json(row)


@post("/api/internal/writes", status_code=200, sync_to_thread=True)
def write_records(services: Services, viewer: Viewer, data: Body) -> Body:
    """Put and remove internal records in one step; `writes` as applyWrites takes them."""
    did = _own(viewer)
    wanted = data.get("writes")
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise Malformed("Input must have the array property 'writes'.")
    writes = [_write(one) for one in wanted]
    require_voice(viewer, did, writes)
    cids = iter(services.internal.write(did, writes))
    return {
        "results": [
            {"uri": f"at://{did}/{write.path}", **({} if write.value is None else {"cid": next(cids)})}
            for write in writes
        ]
    }


@post("/api/internal/blobs", status_code=200)
async def upload_blob(request: Request[Any, Any, Any], services: Services, viewer: Viewer) -> Body:
    """Keep a file for an internal record."""
    import asyncio

    did, body = _own(viewer), await request.body()
    mime = request.headers.get("content-type", "")
    stored = await asyncio.to_thread(services.internal.put_blob, did, body, mime)
    return {"blob": {"$type": "blob", "ref": {"$link": stored.cid}, "mimeType": stored.mime, "size": stored.size}}


@get("/api/internal/promotion", sync_to_thread=True)
def show_promotion(services: Services, viewer: Viewer, uri: str) -> Body:
    """Exactly what would become public."""
    return promotion_json(services.promoting.show(_own(viewer), uri))


@post("/api/internal/promotion", status_code=200, sync_to_thread=True)
def promote(services: Services, viewer: Viewer, data: Body) -> Body:
    """Make it public as shown: `digest` names what was seen."""
    did = _own(viewer)
    published = services.promoting.carry_out(did, str(data.get("uri", "")), str(data.get("digest", "")))
    return {"uri": published.uri, "version": published.version_uri}


def promotion_json(shown: Promotion) -> Body:
    """As `/api` and the command line give it."""
    return {
        "uri": shown.uri, "kind": shown.kind, "title": shown.title, "value": dict(shown.value),
        "files": [{"path": f.path, "cid": f.cid, "mimeType": f.mime, "size": f.size} for f in shown.files],
        "digest": shown.digest, "obstacles": list(shown.obstacles), "stays": dict(shown.stays),
    }  # fmt: skip


def _write(one: Body) -> Write:
    action = find_action(str(one.get("$type", "")))
    value: Any = None if action == "delete" else from_json(one.get("value"))
    if action is None or not (action == "delete" or isinstance(value, dict)):
        raise Malformed("Each write is a #create or #update with a value, or a #delete.")
    collection = str(parse_nsid(str(one.get("collection", ""))))
    if value is not None:
        value.setdefault("$type", collection)
    return Write(action, collection, str(parse_record_key(str(one.get("rkey", "")))), value)


HANDLERS = (list_records, get_record, write_records, upload_blob, show_promotion, promote)
