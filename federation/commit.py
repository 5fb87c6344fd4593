"""Signed commits, repository version 3. Source: https://atproto.com/specs/repository#commit-objects"""

import re
from typing import Any, NamedTuple

from federation.cids import check_raw, raw_cid
from federation.codec import CID, decode_fields, encode
from federation.errors import CommitInvalid, Malformed
from federation.keys import SigningKey, VerifyingKey

VERSION = 3
_FIELDS = {"did", "version", "data", "rev", "prev", "sig"}
_REV_LENGTH = 13
# A commit as every server writes it: did, rev, sig, data, prev (null), version, in canonical order.
_USUAL = re.compile(
    rb"\xa6(cdid(?:[\x61-\x77]|\x78[\x18-\xff])([!-~]{1,255})crev\x6d([!-~]{13}))csig\x58\x40(.{64})"
    rb"(ddata\xd8\x2a\x58\x25\x00(\x01\x71\x12\x20.{32})dprev\xf6gversion\x03)",
    re.DOTALL,
).fullmatch


class SignedCommit(NamedTuple):
    """The head of a repository: `data` is the tree's root; `cid` and `data` are raw CIDs."""

    did: str
    rev: str
    data: bytes
    cid: bytes
    block: bytes
    signature: bytes
    signed_bytes: bytes

    def verify(self, key: VerifyingKey) -> None:
        """Raises SignatureInvalid unless `key` signed this commit."""
        key.verify(self.signed_bytes, self.signature)


def sign_commit(did: str, rev: str, data: bytes, key: SigningKey) -> SignedCommit:
    """A new commit over the tree root `data` (raw CID); `rev` is a TID."""
    fields: dict[str, Any] = {"did": str(did), "version": VERSION, "data": CID(data), "rev": str(rev), "prev": None}
    signed_bytes = encode(fields)
    signature = key.sign(signed_bytes)
    block = encode(fields | {"sig": signature})
    return SignedCommit(did, rev, data, raw_cid(block), block, signature, signed_bytes)


def parse_commit(block: bytes, cid: bytes | None = None) -> SignedCommit:
    """The commit of a block; its signature is not checked yet. Raises CommitInvalid.

    `cid` is the block's raw CID where it has been compared already.
    """
    usual = _USUAL(block)
    if usual is not None:
        before, name, rev_bytes, signed, after, root = usual.groups()
        if before.startswith(b"cdid" + _text_head(len(name)) + name):
            signed_bytes = b"\xa5" + before + after
            return SignedCommit(
                name.decode(), rev_bytes.decode(), root, cid or raw_cid(block), block, signed, signed_bytes
            )
    return _parse_unusual(block)


def _text_head(length: int) -> bytes:
    return bytes((0x60 + length,)) if length < 24 else bytes((0x78, length))


def _parse_unusual(block: bytes) -> SignedCommit:
    try:
        fields = decode_fields(block)
    except Malformed as error:
        raise CommitInvalid(str(error)) from error
    if fields.keys() != _FIELDS or fields["version"] != VERSION or type(fields["version"]) is not int:
        raise CommitInvalid("unexpected fields or version")
    did, rev, data, signature = fields["did"], fields["rev"], fields["data"], fields.pop("sig")
    if not (isinstance(did, str) and isinstance(rev, str) and len(rev) == _REV_LENGTH):
        raise CommitInvalid("did or rev is not what it should be")
    if not isinstance(data, CID) or type(signature) is not bytes:
        raise CommitInvalid("data or sig is not what it should be")
    if not (fields["prev"] is None or isinstance(fields["prev"], CID)):
        raise CommitInvalid("prev is not a link")
    return SignedCommit(did, rev, check_raw(data.cid_bytes), raw_cid(block), block, signature, encode(fields))
