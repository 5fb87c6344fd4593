"""Wire frames of the event stream: two DAG-CBOR values, a header and a body.

Source: https://atproto.com/specs/event-stream
"""

from collections.abc import Callable
from typing import Any

from federation.cids import check_raw, cid_text, parse_cid
from federation.codec import CID, decode_fields, encode
from federation.commit_result import CommitResult
from federation.errors import CidInvalid, CodecError, FrameInvalid
from federation.events import (
    AccountEvent,
    CommitEvent,
    ErrorEvent,
    Event,
    IdentityEvent,
    InfoEvent,
    RepoOp,
    SyncEvent,
    UnknownEvent,
)
from schemas.cbor import decode_first


class _Link(bytes):
    """A link in a frame, its raw CID not looked at yet. Making one calls nothing but the C codec's constructor."""

    __slots__ = ()


NAME_CHARACTERS = 200  # of an error or of information
_ERROR_HEADER = encode({"op": -1})
_HEADERS = {kind: encode({"op": 1, "t": kind}) for kind in ("#commit", "#sync", "#identity", "#account", "#info")}


def encode_commit(result: CommitResult, seq: int, time: str) -> bytes:
    """A #commit frame; `time` is an RFC 3339 text."""
    body = {
        "seq": seq,
        "rebase": False,
        "tooBig": False,
        "repo": str(result.did),
        "commit": CID(result.commit.cid),
        "rev": str(result.rev),
        "since": str(result.since),
        "blocks": result.car,
        "ops": [_op_map(op) for op in result.ops],
        "blobs": [],  # required and deprecated: always empty, as the official server sends it
        "prevData": CID(result.before.data),
        "time": time,
    }
    return _HEADERS["#commit"] + encode(body)


def encode_sync(event: SyncEvent) -> bytes:
    """A #sync frame."""
    body = {"seq": event.seq, "did": event.did, "rev": event.rev, "blocks": event.blocks, "time": event.time}
    return _HEADERS["#sync"] + encode(body)


def encode_identity(event: IdentityEvent) -> bytes:
    """An #identity frame."""
    body = {"seq": event.seq, "did": event.did, "time": event.time}
    return _HEADERS["#identity"] + encode(body | ({} if event.handle is None else {"handle": event.handle}))


def encode_account(event: AccountEvent) -> bytes:
    """An #account frame."""
    body = {"seq": event.seq, "did": event.did, "active": event.active, "time": event.time}
    return _HEADERS["#account"] + encode(body | ({} if event.status is None else {"status": event.status}))


def encode_info(name: str, message: str | None = None) -> bytes:
    """An #info frame, such as OutdatedCursor."""
    return _HEADERS["#info"] + encode({"name": name} | ({} if message is None else {"message": message}))


def encode_error(error: str, message: str | None = None) -> bytes:
    """An error frame, after which the stream is closed."""
    return _ERROR_HEADER + encode({"error": error} | ({} if message is None else {"message": message}))


def parse_frame(frame: bytes) -> Event:
    """The event of a frame. Raises FrameInvalid; what an event claims is not verified here."""
    header, body = _split(frame)
    kind = header.get("t")
    try:
        if header.get("op") == -1:
            return ErrorEvent(_name(body, "error"), _text_or_none(body, "message"))
        if header.get("op") != 1 or not isinstance(kind, str):
            raise FrameInvalid("unknown header")
        parse = _PARSERS.get(kind)
        return parse(body) if parse else UnknownEvent(kind, _sequence_or_none(body))
    except (KeyError, TypeError, CidInvalid) as error:
        raise FrameInvalid(f"{kind}: {error}") from error


def _split(frame: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    for kind, header in _HEADERS.items():
        if frame.startswith(header):
            return {"op": 1, "t": kind}, _body(frame[len(header) :])
    try:
        unusual = decode_first(frame)
        if not isinstance(unusual, dict):
            raise FrameInvalid("the header is not a map")
        return unusual, _body(frame[len(encode(unusual)) :])
    except (CodecError, ValueError, TypeError, OverflowError) as error:
        raise FrameInvalid(str(error)) from error


def _body(data: bytes) -> dict[str, Any]:
    try:
        return decode_fields(data, _Link)
    except CodecError as error:
        raise FrameInvalid(error.detail) from error


def _parse_commit(body: dict[str, Any]) -> CommitEvent:
    ops, blocks, did, rev, since = body["ops"], body["blocks"], body["repo"], body["rev"], body.get("since")
    commit, prev_data, time, too_big = body["commit"], body.get("prevData"), body["time"], body.get("tooBig") is True
    if type(ops) is not list or type(blocks) is not bytes:
        raise TypeError("ops or blocks")
    if not (type(did) is type(rev) is type(time) is str and (since is None or type(since) is str)):
        raise TypeError("repo, rev, since or time")
    parsed = tuple([_parse_op(op) for op in ops])
    before = None if prev_data is None else _cid(prev_data)
    return CommitEvent(_sequence(body), did, rev, since, _cid(commit), blocks, parsed, before, time, too_big)


def _parse_op(op: Any) -> RepoOp:
    action, cid, prev = op["action"], op.get("cid"), op.get("prev")
    if action not in ("create", "update", "delete"):
        raise FrameInvalid("an operation creates, updates or deletes")
    if (cid is None) != (action == "delete") or (prev is not None and action == "create"):
        raise FrameInvalid("cid or prev does not fit the action")
    return RepoOp(action, _text(op, "path"), None if cid is None else _cid(cid), None if prev is None else _cid(prev))


def _parse_sync(body: dict[str, Any]) -> SyncEvent:
    if type(body["blocks"]) is not bytes:
        raise TypeError("blocks")
    return SyncEvent(_sequence(body), _text(body, "did"), _text(body, "rev"), body["blocks"], _text(body, "time"))


def _parse_identity(body: dict[str, Any]) -> IdentityEvent:
    return IdentityEvent(_sequence(body), _text(body, "did"), _text_or_none(body, "handle"), _text(body, "time"))


def _parse_account(body: dict[str, Any]) -> AccountEvent:
    if type(body["active"]) is not bool:
        raise TypeError("active")
    status = _text_or_none(body, "status")
    return AccountEvent(_sequence(body), _text(body, "did"), body["active"], status, _text(body, "time"))


def _parse_info(body: dict[str, Any]) -> InfoEvent:
    return InfoEvent(_name(body, "name"), _text_or_none(body, "message"))


_PARSERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "#commit": _parse_commit,
    "#sync": _parse_sync,
    "#identity": _parse_identity,
    "#account": _parse_account,
    "#info": _parse_info,
}


def _op_map(op: RepoOp) -> dict[str, Any]:
    fields: dict[str, Any] = {"action": op.action, "path": op.path, "cid": None if op.cid is None else _link(op.cid)}
    return fields if op.prev is None else fields | {"prev": _link(op.prev)}


def _link(cid: str) -> CID:
    return CID(parse_cid(cid))


def _cid(value: Any) -> str:
    if type(value) is not _Link:
        raise TypeError("expected a link")
    return cid_text(check_raw(bytes(value)))


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _name(fields: dict[str, Any], name: str) -> str:
    """What operators are shown as it came."""
    if len(value := _text(fields, name)) > NAME_CHARACTERS:
        raise FrameInvalid("a name is too long")
    return value


def _text_or_none(fields: dict[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _sequence(body: dict[str, Any]) -> int:
    seq = body["seq"]
    if type(seq) is not int or seq < 0:
        raise TypeError("seq")
    return seq


def _sequence_or_none(body: dict[str, Any]) -> int | None:
    return _sequence(body) if "seq" in body else None
