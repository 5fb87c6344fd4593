"""Namespaced ids, the names of lexicons. Source: https://atproto.com/specs/nsid."""

import re

from schemas.errors import IdentifierInvalid

_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
NSID_PATTERN = rf"[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?(?:\.{_LABEL})+\.[a-zA-Z][a-zA-Z0-9]{{0,62}}"
_NSID = re.compile(NSID_PATTERN).fullmatch
_MAX = 317


class Nsid(str):
    """A name such as `org.skillnet.moduleVersion`."""

    __slots__ = ()

    @property
    def authority(self) -> str:
        """The domain that defines it, as domains are written: `skillnet.org`."""
        return ".".join(reversed(self.split(".")[:-1]))

    @property
    def name(self) -> str:
        """The last part: `moduleVersion`."""
        return self.rpartition(".")[2]


def parse_nsid(text: str) -> Nsid:
    """Raise `IdentifierInvalid` unless `text` is an NSID of at most 317 characters."""
    if len(text) > _MAX or _NSID(text) is None:
        raise IdentifierInvalid("NSID", text)
    return Nsid(text)
