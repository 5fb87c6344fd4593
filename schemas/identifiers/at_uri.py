"""Addresses of repositories, collections and records. Source: https://atproto.com/specs/at-uri-scheme.

The restricted form that lexicons allow is read: no query, no fragment, no trailing slash.
"""

import re

from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import DID_PATTERN, HANDLE_MAX, HANDLE_PATTERN, parse_at_identifier
from schemas.identifiers.nsid import NSID_PATTERN, parse_nsid
from schemas.identifiers.record_key import RECORD_KEY_PATTERN, parse_record_key

_SCHEME = "at://"
_MAX = 8192
# No part of so short an address can be too long for itself: one match judges what nearly every address is.
_SHORT = HANDLE_MAX
_WHOLE = re.compile(rf"at://(?:{DID_PATTERN}|{HANDLE_PATTERN})(?:/{NSID_PATTERN}(?:/{RECORD_KEY_PATTERN})?)?").fullmatch


class AtUri(str):
    """An address such as `at://did:plc:…/org.skillnet.module/check-a-drafted-summary`."""

    __slots__ = ()

    @property
    def authority(self) -> str:
        """The DID or handle."""
        return self.split("/", 3)[2]

    @property
    def collection(self) -> str:
        """The NSID of the collection, `""` when the address names a whole repository."""
        return self._part(3)

    @property
    def rkey(self) -> str:
        """The record key, `""` when the address names no single record."""
        return self._part(4)

    def _part(self, index: int) -> str:
        parts = self.split("/")
        return parts[index] if len(parts) > index else ""


def parse_at_uri(text: str) -> AtUri:
    """Raise `IdentifierInvalid` unless `text` is an at-uri of at most 8,192 characters."""
    if len(text) <= _SHORT and _WHOLE(text) is not None:
        return AtUri(text)
    if len(text) > _MAX or not text.startswith(_SCHEME):
        raise IdentifierInvalid("at-uri", text)
    authority, *rest = text[len(_SCHEME) :].split("/")
    try:
        _check(authority, rest)
    except IdentifierInvalid as error:
        raise IdentifierInvalid("at-uri", text, hint=error.detail) from None
    return AtUri(text)


def record_parts(uri: str) -> tuple[str, str, str]:
    """Authority, collection and key of the address of one record; three times "" for any other. Judges none of them."""
    parts = uri.removeprefix(_SCHEME).split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _check(authority: str, rest: list[str]) -> None:
    parse_at_identifier(authority)
    if len(rest) > 2:
        raise IdentifierInvalid("path", "/".join(rest))
    for parse, part in zip((parse_nsid, parse_record_key), rest, strict=False):
        parse(part)
