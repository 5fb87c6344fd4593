"""Frames of the event stream: what is written is read back, and what is malformed is refused."""

import pytest

from federation.cids import raw_cid
from federation.codec import encode
from federation.errors import FrameInvalid
from federation.events import AccountEvent, ErrorEvent, IdentityEvent, InfoEvent, SyncEvent, UnknownEvent
from federation.frames import (
    encode_account,
    encode_commit,
    encode_error,
    encode_identity,
    encode_info,
    encode_sync,
    parse_frame,
)
from federation.stream import SUBSCRIBE_REPOS
from schemas.cbor import CID, decode_first, encode_dag_cbor
from schemas.identifiers.tid import tid_from_micros
from schemas.validation import validate_message
from tests.unit.federation.scene import Scene

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
REV = str(tid_from_micros(1_700_000_000_000_001, 0))


def test_other_frames_read_back():
    for event, frame in (
        (IdentityEvent(1, DID, "ana.example.com", "now"), None),
        (IdentityEvent(2, DID, None, "now"), None),
    ):
        assert parse_frame(frame or encode_identity(event)) == event
    for account in (AccountEvent(3, DID, True, None, "now"), AccountEvent(4, DID, False, "takendown", "now")):
        assert parse_frame(encode_account(account)) == account
    assert parse_frame(encode_info("OutdatedCursor", "m")) == InfoEvent("OutdatedCursor", "m")
    assert parse_frame(encode_error("FutureCursor")) == ErrorEvent("FutureCursor", None)
    assert parse_frame(encode({"op": 1, "t": "#new"}) + encode({"seq": 9})) == UnknownEvent("#new", 9)


def test_what_is_written_fits_the_official_lexicon():
    now = "2026-01-01T00:00:00.000Z"
    commit = encode_commit(Scene().result, 1, now)
    frames = [
        commit,
        encode_sync(SyncEvent(2, DID, REV, parse_frame(commit).blocks, now)),
        encode_identity(IdentityEvent(3, DID, "ana.example.com", now)),
        encode_identity(IdentityEvent(4, DID, None, now)),
        encode_account(AccountEvent(5, DID, True, None, now)),
        encode_account(AccountEvent(6, DID, False, "takendown", now)),
        encode_info("OutdatedCursor", "m"),
    ]
    for frame in frames:
        header = decode_first(frame)
        validate_message(decode_first(frame[len(encode(header)) :]), SUBSCRIBE_REPOS, header["t"])


HEAD = encode({"op": 1, "t": "#commit"})
BODY = {
    "seq": 1,
    "repo": DID,
    "commit": CID(raw_cid(b"x")),
    "rev": REV,
    "since": None,
    "blocks": b"",
    "ops": [],
    "blobs": [],
    "tooBig": False,
    "time": "now",
}
CREATE = {"action": "create", "path": "a.b.c/d", "cid": CID(raw_cid(b"x"))}


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        HEAD,
        HEAD + b"\xa0",
        HEAD + encode(BODY) + b"\0",
        encode({"op": 2}) + encode(BODY),
        encode({"op": 1}) + encode(BODY),
        encode([]) + encode(BODY),
        encode({"op": -1}) + b"\xa0",
        encode_error("e" * 201),
        encode_info("i" * 201, "m"),
        HEAD + encode([]),
        HEAD + encode_dag_cbor({**BODY, "seq": 1.5}),
        HEAD + b"\xa2aa\x01aa\x02",
        HEAD + b"\x81" * 100_000 + b"\x01",
        b"\x81" * 100_000,
        b"\x9b" + b"\xff" * 8,
        *(HEAD + encode({**BODY, **change}) for change in (
            {"seq": -1},
            {"seq": True},
            {"seq": "1"},
            {"repo": None},
            {"commit": "text"},
            {"rev": 5},
            {"since": 5},
            {"blocks": "text"},
            {"ops": {}},
            {"ops": [5]},
            {"ops": [{}]},
            {"ops": [{**CREATE, "action": "destroy"}]},
            {"ops": [{**CREATE, "action": "delete"}]},
            {"ops": [{**CREATE, "cid": None}]},
            {"ops": [{**CREATE, "prev": CID(raw_cid(b"y"))}]},
            {"ops": [{**CREATE, "path": 5}]},
            {"prevData": b"bytes"},
            {"time": None},
        )),
        encode({"op": 1, "t": "#account"}) + encode({"seq": 1, "did": DID, "active": 1, "time": "now"}),
        encode({"op": 1, "t": "#sync"}) + encode({"seq": 1, "did": DID, "rev": REV, "blocks": None, "time": "now"}),
        encode({"op": 1, "t": "#identity"}) + encode({"seq": 1, "did": 5, "time": "now"}),
        encode({"op": 1, "t": "#info"}) + encode({"name": 5}),
        encode({"op": 1, "t": "#new"}) + encode({"seq": "x"}),
    ],
)  # fmt: skip
def test_malformed_frames(frame: bytes):
    with pytest.raises(FrameInvalid):
        parse_frame(frame)
