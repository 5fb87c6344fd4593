"""com.atproto.repo.*: reading and writing records. Source: the protocol's lexicons of the same names."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace
from typing import Any

from litestar import Request

from federation.cids import cid_text, raw_cid
from federation.codec import encode
from federation.commit_result import CommitResult
from federation.events import Action as WriteAction
from federation.repository import Write
from node.errors import Malformed, TooLarge
from node.services.assembly import Services
from node.services.hosting.repositories import SwapFailed
from node.services.policy import Action, Viewer, require
from node.store.clock import now
from node.store.repositories import records
from node.store.sessions import Session
from node.web.access.voices import require_voice
from node.web.record_json import find_action, record_json
from node.web.xrpc import quick
from node.web.xrpc.limits import charge_writes
from node.web.xrpc.methods import procedure, query, upload
from node.web.xrpc.naming import account_named, account_shown, require_writer
from node.web.xrpc.quick import quickly
from node.web.xrpc.quick_writes import done_quickly
from schemas.datamodel import from_json
from schemas.identifiers import parse_nsid, parse_record_key, tid_from_micros
from schemas.validation import is_known

Body = dict[str, Any]
CREATE_RECORD = "com.atproto.repo.createRecord"
GET_RECORD, LIST_RECORDS = "com.atproto.repo.getRecord", "com.atproto.repo.listRecords"


class RecordNotFound(Malformed):
    """There is no such record."""

    code = "RecordNotFound"


def _text(data: Body, name: str, *, required: bool = True) -> str:
    value = data.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"Input must have the string property {name!r}.")
    return value


def _validate_flag(data: Body) -> bool | None:
    value = data.get("validate")
    if value is not None and not isinstance(value, bool):
        raise Malformed("validate is true, false or absent.")
    return value


def _write(action: WriteAction, data: Body, rkey: str, key: str = "record") -> Write:
    collection = str(parse_nsid(_text(data, "collection")))
    value = None
    if action != "delete":
        value = data.get(key)
        if not isinstance(value, dict):
            raise Malformed(f"Input must have the object property {key!r}.")
        value.setdefault("$type", collection)
        if value["$type"] != collection:
            raise Malformed(f"$type is {value['$type']}, the collection {collection}.")
    return Write(action, collection, str(parse_record_key(rkey)), value)


def _answer(did: str, write: Write, result: CommitResult, validate: bool | None) -> Body:
    return {**_result(did, write, result, validate), "commit": {"cid": result.commit_cid, "rev": result.rev}}


def _result(did: str, write: Write, result: CommitResult, validate: bool | None) -> Body:
    cid = next(op.cid for op in result.ops if op.path == write.path)
    return {"uri": f"at://{did}/{write.path}", "cid": cid, **_judged(write, validate)}


def _judged(write: Write, validate: bool | None) -> Body:
    """What became of validation: nothing is said where the caller wanted none."""
    return {} if validate is False else {"validationStatus": "valid" if is_known(write.collection) else "unknown"}


def _new_key() -> str:
    return str(tid_from_micros(now(), 0))


def _current_cid(session: Session, did: str, write: Write, data: Body) -> str | None:
    """The record's CID now. Raises SwapFailed when `swapRecord` says that the caller saw another (null: none)."""
    row = records.find_record(session, did, write.collection, write.rkey)
    current = row.cid if row else None
    if "swapRecord" in data and current != data["swapRecord"]:
        raise SwapFailed
    return current


async def create(services: Services, viewer: Viewer, data: Body) -> Body:
    """Create one record. On the event loop: at a thousand a second, threads cost more than the work."""
    asked = services, viewer, _text(data, "repo")
    did = require_writer(*asked) if services.database.quick else await to_thread(require_writer, *asked)
    write = _write("create", data, _text(data, "rkey", required=False) or _new_key())
    require_voice(viewer, did, [write])
    validate = _validate_flag(data)
    charge_writes(did, ["create"])
    swap = _text(data, "swapCommit", required=False)
    result = await services.host.awrite(did, [write], swap=swap, validate=validate)
    return _answer(did, write, result, validate)


@procedure(CREATE_RECORD, sync_to_thread=None, middleware=[done_quickly(CREATE_RECORD, create)])
async def create_record(data: Body, services: Services, viewer: Viewer) -> Body:
    """Create one record."""
    return await create(services, viewer, from_json(data))


@procedure("com.atproto.repo.putRecord")
def put_record(data: Body, services: Services, viewer: Viewer) -> Body:
    """Create or replace one record; writing what is there already makes no commit."""
    data = from_json(data)
    did = require_writer(services, viewer, _text(data, "repo"))
    write = _write("update", data, _text(data, "rkey"))
    require_voice(viewer, did, [write])
    validate = _validate_flag(data)
    charge_writes(did, ["update"])
    cid = cid_text(raw_cid(encode(write.value)))

    def decide(session: Session) -> list[Write]:
        current = _current_cid(session, did, write, data)
        return [] if current == cid else [write if current else replace(write, action="create")]

    swap = _text(data, "swapCommit", required=False)
    result = services.host.write_decided(did, decide, swap=swap, validate=validate)
    if result is None:
        return {"uri": f"at://{did}/{write.path}", "cid": cid, **_judged(write, validate)}
    return _answer(did, write, result, validate)


@procedure("com.atproto.repo.deleteRecord")
def delete_record(data: Body, services: Services, viewer: Viewer) -> Body:
    """Delete one record; deleting what is not there succeeds."""
    did = require_writer(services, viewer, _text(data, "repo"))
    write = _write("delete", data, _text(data, "rkey"))
    charge_writes(did, ["delete"])

    def decide(session: Session) -> list[Write]:
        return [write] if _current_cid(session, did, write, data) else []

    result = services.host.write_decided(did, decide, swap=_text(data, "swapCommit", required=False))
    return {"commit": {"cid": result.commit_cid, "rev": result.rev}} if result else {}


@procedure("com.atproto.repo.applyWrites")
def apply_writes(data: Body, services: Services, viewer: Viewer) -> Body:
    """Several writes in one commit, all or none."""
    data = from_json(data)
    did = require_writer(services, viewer, _text(data, "repo"))
    wanted = data.get("writes")
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise Malformed("Input must have the array property 'writes'.")
    writes = []
    for item in wanted:
        action = find_action(_text(item, "$type"))
        if action is None:
            raise Malformed("Each write is a #create, #update or #delete.")
        writes.append(_write(action, item, _text(item, "rkey", required=action != "create") or _new_key(), "value"))
    require_voice(viewer, did, writes)
    validate = _validate_flag(data)
    charge_writes(did, [write.action for write in writes])
    result = services.host.write(did, writes, swap=_text(data, "swapCommit", required=False), validate=validate)
    answers = []
    for write in writes:
        name = f"com.atproto.repo.applyWrites#{write.action}Result"
        facts = {} if write.action == "delete" else _result(did, write, result, validate)
        answers.append({"$type": name, **facts})
    return {"commit": {"cid": result.commit_cid, "rev": result.rev}, "results": answers}


@query(GET_RECORD, middleware=[quickly(GET_RECORD, quick.record)])
def get_record(services: Services, repo: str, collection: str, rkey: str, cid: str = "") -> Body:
    """One record, of a repository hosted here."""
    account = account_named(services, repo)
    with services.database.read() as session:
        row = records.find_record(session, account.did, collection, rkey)
    if row is None or (cid and row.cid != cid) or account.status != "active":
        raise RecordNotFound(f"Could not locate record: at://{account.did}/{collection[:100]}/{rkey[:100]}")
    return record_json(row)


@query(LIST_RECORDS, middleware=[quickly(LIST_RECORDS, quick.records)])
def list_records(
    services: Services, repo: str, collection: str, limit: int = 50, cursor: str = "", reverse: bool = False
) -> Body:
    """Records of one collection, newest key first."""
    account = account_shown(services, repo)
    with services.database.read() as session:
        rows = records.list_records(session, account.did, collection, limit=limit, cursor=cursor, reverse=reverse)
    more = {"cursor": rows[-1].rkey} if len(rows) == limit else {}
    return {"records": [record_json(row) for row in rows if account.status == "active"], **more}


@query("com.atproto.repo.describeRepo")
def describe_repo(services: Services, repo: str) -> Body:
    """What a repository holds."""
    account = account_shown(services, repo)
    with services.database.read() as session:
        collections = records.list_collections(session, account.did)
    return {
        "handle": account.handle,
        "did": account.did,
        "didDoc": services.accounts.document(account.did),
        "collections": collections,
        "handleIsCorrect": True,
    }


@upload("com.atproto.repo.uploadBlob")
async def upload_blob(request: Request[Any, Any, Any], services: Services, viewer: Viewer) -> Body:
    """Keep a blob until a record names it; unnamed ones are collected after a day."""
    require(viewer, Action.PUBLISH)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:18]) > services.settings.max_blob:
        raise TooLarge(f"A blob may have {services.settings.max_blob:,} bytes.", code="BlobTooLarge")
    mime = request.headers.get("content-type", "")
    stored = await services.accounts.store_blob(viewer.did, request.stream(), mime)
    return {"blob": {"$type": "blob", "ref": {"$link": stored.cid}, "mimeType": stored.mime, "size": stored.size}}


HANDLERS = (
    create_record, put_record, delete_record, apply_writes, get_record, list_records, describe_repo, upload_blob,
)  # fmt: skip
