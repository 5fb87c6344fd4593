"""Record keys: the name of a record inside its collection. Source: https://atproto.com/specs/record-key."""

import re

from schemas.errors import IdentifierInvalid

RECORD_KEY_PATTERN = r"(?!\.\.?\Z)[a-zA-Z0-9_~.:-]{1,512}"
_RECORD_KEY = re.compile(RECORD_KEY_PATTERN).fullmatch


class RecordKey(str):
    """A key such as `self`, `3jzfcijpj2z2a` or `check-a-drafted-summary`."""

    __slots__ = ()


def parse_record_key(text: str) -> RecordKey:
    """Raise `IdentifierInvalid` unless `text` is a record key of 1 to 512 characters."""
    if _RECORD_KEY(text) is None:
        raise IdentifierInvalid("record key", text)
    return RecordKey(text)
