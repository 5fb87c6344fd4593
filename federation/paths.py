"""Paths of records: collection/rkey. Source: https://atproto.com/specs/repository, record-key"""

import re
from functools import lru_cache

from federation.errors import PathInvalid

_NSID = re.compile(
    r"[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+\.[a-zA-Z][a-zA-Z0-9]{0,62}"
)
_RKEY = re.compile(r"[a-zA-Z0-9_~.:-]{1,512}")


def parse_path(path: str) -> str:
    """The same path if it is well formed. Raises PathInvalid."""
    collection, slash, rkey = path.partition("/")
    if not slash or not _is_collection(collection) or not _RKEY.fullmatch(rkey) or rkey in (".", ".."):
        raise PathInvalid(path[:200])
    return path


@lru_cache(maxsize=4096)
def _is_collection(text: str) -> bool:
    return len(text) <= 317 and _NSID.fullmatch(text) is not None
