"""Who: DIDs, handles, and the identifiers that may be either.

Sources: https://atproto.com/specs/did, https://atproto.com/specs/handle.
"""

import re

from schemas.errors import IdentifierInvalid

DID_PATTERN = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_DID = re.compile(DID_PATTERN).fullmatch
_DID_MAX = 2048
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
HANDLE_PATTERN = rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?"
_HANDLE = re.compile(HANDLE_PATTERN).fullmatch
HANDLE_MAX = 253


class AtIdentifier(str):
    """A DID or a handle."""

    __slots__ = ()


class Did(AtIdentifier):
    """A decentralised identifier such as `did:plc:7iza6de2dwap2sbkpav7c6c6`."""

    __slots__ = ()

    @property
    def method(self) -> str:
        """The method's name: `plc`, `web`, …"""
        return self.split(":", 2)[1]


class Handle(AtIdentifier):
    """A domain name that stands for an account."""

    __slots__ = ()

    @property
    def normalized(self) -> "Handle":
        """The spelling to compare and to store: handles ignore case."""
        return Handle(self.lower())


def parse_did(text: str) -> Did:
    """Raise `IdentifierInvalid` unless `text` is a DID of at most 2,048 characters."""
    if len(text) > _DID_MAX or _DID(text) is None:
        raise IdentifierInvalid("DID", text)
    return Did(text)


def parse_handle(text: str) -> Handle:
    """Raise `IdentifierInvalid` unless `text` is a handle of at most 253 characters."""
    if len(text) > HANDLE_MAX or _HANDLE(text) is None:
        raise IdentifierInvalid("handle", text)
    return Handle(text)


def parse_at_identifier(text: str) -> Did | Handle:
    """Read a DID or a handle; what starts like a DID is judged as one."""
    return parse_did(text) if text.startswith("did:") else parse_handle(text)
