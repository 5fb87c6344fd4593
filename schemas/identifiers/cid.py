"""Content identifiers as text. Source: https://atproto.com/specs/data-model#link-and-cid-formats.

Links inside records are `schemas.cbor.CID` values; this is the spelling in tables, addresses and strings. Any
multibase of any CIDv1 passes, as the protocol asks of strings; what a *link* may be is narrower and judged in
`schemas.datamodel`.
"""

import re

from schemas.errors import IdentifierInvalid

_CID = re.compile(r"(?!Qmb)[a-zA-Z0-9+=]{8,256}").fullmatch


class Cid(str):
    """The text of a CID such as `bafyrei…`."""

    __slots__ = ()


def parse_cid(text: str) -> Cid:
    """Raise `IdentifierInvalid` unless `text` may be a CID: 8 to 256 characters, not of version 0."""
    if _CID(text) is None:
        raise IdentifierInvalid("CID", text)
    return Cid(text)
