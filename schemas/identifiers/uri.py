"""Generic URIs (RFC 3986), judged by shape. Source: https://atproto.com/specs/lexicon#uri."""

import re

from schemas.errors import IdentifierInvalid

_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,80}:[!-~]+").fullmatch
_MAX = 8192


class Uri(str):
    """An absolute URI of any scheme."""

    __slots__ = ()

    @property
    def scheme(self) -> str:
        """The part before the first colon, in lower case."""
        return self.partition(":")[0].lower()


def parse_uri(text: str) -> Uri:
    """Raise `IdentifierInvalid` unless `text` has a scheme, no white space, and at most 8,192 characters."""
    if len(text) > _MAX or _URI(text) is None:
        raise IdentifierInvalid("URI", text)
    return Uri(text)
