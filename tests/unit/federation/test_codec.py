"""DAG-CBOR: canonical, strict, and the AT data model only."""

import base64
import json
import os
from pathlib import Path

import pytest

from federation.cids import blob_cid, cid_for, cid_text, parse_cid, raw_cid
from federation.codec import MAX_DEPTH, decode, decode_map, encode
from federation.errors import CidInvalid, CodecError
from schemas.cbor import CID

_DATA = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
FIXTURES = _DATA / "atproto-interop" / "data-model" / "data-model-fixtures.json"


class Name(str):
    __slots__ = ()


def from_json(value: object) -> object:
    if isinstance(value, dict):
        if value.keys() == {"$link"}:
            return CID(parse_cid(value["$link"]))
        if value.keys() == {"$bytes"}:
            return base64.b64decode(value["$bytes"] + "==")
        return {key: from_json(item) for key, item in value.items()}
    return [from_json(item) for item in value] if isinstance(value, list) else value


@pytest.mark.skipif(not FIXTURES.is_file(), reason="interop fixtures are not on this machine")
def test_interop_data_model():
    for case in json.loads(FIXTURES.read_text()):
        block = encode(from_json(case["json"]))
        assert base64.b64encode(block).decode().rstrip("=") == case["cbor_base64"].rstrip("=")
        assert cid_for(block) == case["cid"]
        assert encode(decode(block)) == block


def test_str_subclasses_are_encoded_as_text():
    assert encode({Name("b"): [Name("x")], "a": ("t",)}) == encode({"a": ["t"], "b": ["x"]})


def test_a_signature_that_looks_like_a_cid_stays_bytes():
    value = {"sig": b"\x01\x71\x12\x20" + bytes(32)}
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"a": [1.0]},
        {"a": [(1.0,)], Name("b"): 1},
        2**63,
        -(2**63) - 1,
        2**64,
        {1: 2},
        object(),
        {"a": {1, 2}},
        "\ud800",
        bytearray(b"a"),
        Name("\ud800"),
    ],
)
def test_what_the_data_model_lacks_is_not_encoded(value: object):
    with pytest.raises(CodecError):
        encode(value)


def test_the_widest_integers_pass():
    for number in (2**63 - 1, -(2**63)):
        assert decode(encode({"n": number})) == {"n": number}


@pytest.mark.parametrize(
    "block",
    [
        "",
        "a2616101616102",  # duplicate key
        "a2616201616102",  # keys out of order
        "a262616101616202",  # longer key first
        "a10101",  # integer key
        "fb3ff8000000000000",  # float
        "a16161fb3ff8000000000000",
        "f93c00",  # half float
        "1801",  # longer integer than needed
        "9f01ff",  # indefinite length
        "f7",  # undefined
        "c101",  # unknown tag
        "1bffffffffffffffff",  # over 64 bits signed
        "3bffffffffffffffff",
        "62c328",  # bad UTF-8
        "63eda080",  # a surrogate
        "0101",  # trailing bytes
        "9bffffffffffffffff",  # absurd lengths
        "ba7fffffff",
        "7bffffffffffffffff",
        "5b7fffffffffffffff",
        "d82a4300" + "0102",  # not a CID
        "d82a4101",
        "d82a40",
        "d82a582500" + "0155" + "1340" + "00" * 32,  # another hash
        "d82a58250001701220" + "00" * 32,  # dag-pb
    ],
)
def test_what_is_not_canonical_is_not_decoded(block: str):
    with pytest.raises(CodecError):
        decode(bytes.fromhex(block))


def test_nesting_is_bounded_both_ways():
    fits: object = 1
    for _ in range(MAX_DEPTH):
        fits = [fits]
    assert decode(encode(fits)) == fits
    with pytest.raises(CodecError):
        encode([fits])
    for depth in (MAX_DEPTH + 1, 200_000):
        with pytest.raises(CodecError):
            decode(b"\x81" * depth + b"\x01")


def test_a_record_must_be_a_map():
    with pytest.raises(CodecError):
        decode_map(encode([1]))


def test_cid_text_round_trips_and_only_the_canonical_spelling_is_read():
    cid = cid_for(b"\xa0")
    assert cid_text(parse_cid(cid)) == cid == cid_text(raw_cid(b"\xa0"))
    assert blob_cid(bytes(32)).startswith("bafkrei")
    last = cid[-1]
    other = chr(ord(last) + 1) if last not in "z7" else chr(ord(last) - 1)
    for text in (
        "",
        "b",
        cid.upper(),
        cid + "a",
        cid[:-1],
        cid + "=",
        " " + cid,
        "z" + cid[1:],
        cid[:-1] + other,
        "bé",
        None,
    ):
        with pytest.raises(CidInvalid):
            parse_cid(text)
    with pytest.raises(CidInvalid):
        blob_cid(b"short")
