"""Paths of records: collection/rkey. Source: https://atproto.com/specs/repository#repo-data-structure-v3"""

from collections.abc import Sequence
from functools import lru_cache

from federation.errors import PathInvalid
from schemas.errors import IdentifierInvalid
from schemas.identifiers.nsid import parse_nsid
from schemas.identifiers.record_key import parse_record_key

_CHARACTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~.:-/\n"


def parse_path(path: str) -> str:
    """The same path if it is well formed. Raises PathInvalid."""
    collection, _, rkey = path.partition("/")
    try:
        _check_collection(collection)
        parse_record_key(rkey)
    except IdentifierInvalid as error:
        raise PathInvalid(path[:200]) from error
    return path


def parse_keys(keys: Sequence[bytes]) -> list[str]:
    """The paths that a tree's keys spell. Raises PathInvalid for the first that is none.

    Equal to `parse_path` of each: characters are looked at together, and a collection once for its run of keys.
    """
    together = b"\n".join(keys)
    paths = together.decode("ascii", "replace").split("\n")
    if together.translate(None, _CHARACTERS) or not len(keys) == len(paths) == together.count(b"/"):
        return [_parse_key(key) for key in keys]
    collection, begins = "\n", 0
    for path in paths:
        if not path.startswith(collection):
            collection = parse_path(path).partition("/")[0] + "/"
            begins = len(collection)
        if not 2 < len(path) - begins <= 512:  # too long, or short enough to be a dot or two
            parse_path(path)
    return paths


def _parse_key(key: bytes) -> str:
    try:
        return parse_path(key.decode("ascii"))
    except UnicodeDecodeError as error:
        raise PathInvalid(repr(key[:100])) from error


@lru_cache(maxsize=4096)
def _check_collection(text: str) -> None:
    parse_nsid(text)
