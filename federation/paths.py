"""Paths of records: collection/rkey. Source: https://atproto.com/specs/repository#repo-data-structure-v3"""

from functools import lru_cache

from federation.errors import PathInvalid
from schemas.errors import IdentifierInvalid
from schemas.identifiers.nsid import parse_nsid
from schemas.identifiers.record_key import parse_record_key


def parse_path(path: str) -> str:
    """The same path if it is well formed. Raises PathInvalid."""
    collection, _, rkey = path.partition("/")
    try:
        _check_collection(collection)
        parse_record_key(rkey)
    except IdentifierInvalid as error:
        raise PathInvalid(path[:200]) from error
    return path


@lru_cache(maxsize=4096)
def _check_collection(text: str) -> None:
    parse_nsid(text)
