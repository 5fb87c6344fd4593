"""Content identifiers: 36 raw bytes inside the engine, base32 text at its edges.

Only what AT Protocol blesses: version 1, sha-256, codec dag-cbor (records, tree, commits) or raw (blobs).
Source: https://atproto.com/specs/data-model#link-and-cid-formats
"""

from collections.abc import Sequence
from hashlib import sha256

from federation.errors import CidInvalid
from schemas.cbor import decode_dag_cbor, encode_dag_cbor

DAG_CBOR_PREFIX = b"\x01\x71\x12\x20"
RAW_PREFIX = b"\x01\x55\x12\x20"
RAW_LENGTH = 36

# A link in DAG-CBOR: tag 42, a byte string of 37, the multibase identity prefix 0.
LINK_HEAD = b"\xd8\x2a\x58\x25\x00"

# Texts made lately and what they were made of, both ways: an event's links become text and are soon wanted back, and
# the next event of its repository names some of them again.
_made: dict[str, bytes] = {}
_texts: dict[bytes, str] = {}
_MADE_KEPT = 4_096


def raw_cid(block: bytes) -> bytes:
    """The raw CID of a DAG-CBOR block."""
    return DAG_CBOR_PREFIX + sha256(block).digest()


def cid_for(block: bytes) -> str:
    """The CID (text) of a DAG-CBOR block."""
    return cid_text(DAG_CBOR_PREFIX + sha256(block).digest())


def blob_cid(sha256_digest: bytes) -> str:
    """The CID (text, codec raw) of a blob whose 32-byte sha-256 digest is given."""
    if len(sha256_digest) != 32:
        raise CidInvalid("a sha-256 digest has 32 bytes")
    return cid_text(RAW_PREFIX + sha256_digest)


def check_raw(raw: bytes) -> bytes:
    """The same raw CID if it is a blessed one. Raises CidInvalid."""
    if len(raw) != RAW_LENGTH or raw[:4] not in (DAG_CBOR_PREFIX, RAW_PREFIX):
        raise CidInvalid(raw[:40].hex())
    return raw


def cid_text(raw: bytes) -> str:
    """Base32 text of a raw CID. The C codec's JSON form does it 20 times faster than the base64 module."""
    text = _texts.get(raw)
    if text is None:
        text = decode_dag_cbor(LINK_HEAD + raw, atjson_mode=True)["$link"]
        if len(_made) >= _MADE_KEPT:
            _made.clear()
            _texts.clear()
        _made[text], _texts[raw] = raw, text
    return text


def cid_texts(raws: Sequence[bytes]) -> list[str]:
    """Base32 texts of many raw CIDs, at half the cost of one at a time."""
    texts: list[str] = []
    for start in range(0, len(raws), 1000):
        some = raws[start : start + 1000]
        links = decode_dag_cbor(_list_head(len(some)) + b"".join([LINK_HEAD + raw for raw in some]), atjson_mode=True)
        texts += [link["$link"] for link in links]
    return texts


def _list_head(count: int) -> bytes:
    """How a DAG-CBOR list of at most 65,535 items begins."""
    if count < 24:
        return bytes((0x80 + count,))
    return bytes((0x98, count)) if count < 256 else b"\x99" + count.to_bytes(2, "big")


def parse_cid(text: str) -> bytes:
    """The raw CID of a base32 text. Raises CidInvalid for anything but the one canonical spelling."""
    try:
        made = _made.get(text)
        raw = trusted_cid(text) if made is None else made
    except (ValueError, TypeError) as error:
        raise CidInvalid(str(text)[:80]) from error
    if check_raw(raw) is not made and cid_text(raw) != text:
        raise CidInvalid(text[:80])
    return raw


def trusted_cid(text: str) -> bytes:
    """The raw CID of a text that `cid_text` once made, unchecked: for what our own tables hold."""
    return encode_dag_cbor({"$link": text}, atjson_mode=True)[5:]
