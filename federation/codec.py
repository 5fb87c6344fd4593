"""DAG-CBOR of the AT data model, strict in both directions.

`schemas.cbor` refuses what is not canonical (key order, duplicate keys, longer integers than needed, indefinite
lengths, unknown tags); this module adds what it lets through: floats, integers over 64 bits signed, links that are not
blessed CIDs, and nesting deep enough to exhaust a recursive reader.
Source: https://atproto.com/specs/data-model
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from federation.cids import DAG_CBOR_PREFIX, RAW_LENGTH, RAW_PREFIX, blob_cid, cid_for
from federation.errors import CidInvalid, CodecError
from schemas.cbor import CID, decode_dag_cbor, encode_dag_cbor

__all__ = ["CID", "MAX_DEPTH", "blob_cid", "cid_for", "decode", "decode_fields", "decode_map", "decode_maps", "encode"]

MAX_DEPTH: Final = 64
_INTEGER_LIMIT: Final = 2**63
_CONTAINERS: Final = (list, tuple)
_NESTED: Final = {list, dict}
# How an integer at or over 2**63 begins, of either sign. Two patterns: one that begins with a literal is faster.
_WIDE, _WIDE_NEGATIVE = re.compile(rb"\x1b[\x80-\xff]").search, re.compile(rb"\x3b[\x80-\xff]").search
# Marks bytes that may open an array or a map: fewer than MAX_DEPTH of them cannot nest deeper than MAX_DEPTH.
_OPENERS = bytes(0x80 <= byte < 0xC0 for byte in range(256))
_TAG: Final = 0xD8  # only links are tagged
_BLESSED: Final = (DAG_CBOR_PREFIX, RAW_PREFIX)


def encode(value: Any) -> bytes:
    """DAG-CBOR of a data model value. Raises CodecError, naming what the data model does not have."""
    try:
        block = encode_dag_cbor(value)
    except TypeError:
        block, value = _encode_plain(value)  # identifiers are str subclasses, which the C codec does not take
    except (ValueError, RecursionError) as error:
        raise CodecError(str(error)) from error
    _check(block, value)
    return block


def decode(block: bytes) -> Any:
    """The value of a DAG-CBOR block (dict, list, str, int, bool, None, bytes, CID). Raises CodecError."""
    value = _decode(block, _link)
    _check(block, value)
    return value


def decode_map(block: bytes) -> dict[str, Any]:
    """Like `decode`, for blocks that must be a map, as records are."""
    value = decode_fields(block)
    if _may_be_wide(block) or not _is_shallow(value):
        _check(block, value)
    return value


def decode_fields(block: bytes, link: Callable[[bytes], Any] | None = None) -> dict[str, Any]:
    """A canonical map whose reader checks the type of every field it uses: floats and depth are not looked for.

    `link` makes what links become of their raw CIDs, which the reader then checks too.
    """
    value = _decode(block, link or _link)
    if type(value) is not dict:
        raise CodecError(f"expected a map, found {type(value).__name__}")
    return value


def decode_maps(blocks: Sequence[bytes]) -> list[dict[str, Any] | CodecError]:
    """What `decode_map` gives or raises for each block: many are looked through for forbidden bytes at once."""
    values: list[dict[str, Any] | CodecError] = []
    for start in range(0, len(blocks), 256):
        some = blocks[start : start + 256]
        together = b"".join(some)
        if _TAG in together or _may_be_wide(together):
            values += map(_map_or_error, some)
        else:
            values += map(_plain_map_or_error, some)
    return values


def _map_or_error(block: bytes) -> dict[str, Any] | CodecError:
    try:
        return decode_map(block)
    except CodecError as error:
        return error


def _plain_map_or_error(block: bytes) -> dict[str, Any] | CodecError:
    """As `_map_or_error`, for a block without links, floats and wide integers."""
    try:
        value = decode_dag_cbor(block)
    except (ValueError, TypeError, OverflowError, MemoryError) as error:
        return CodecError(str(error))
    return value if type(value) is dict and _is_shallow(value) else _map_or_error(block)


def _is_shallow(value: dict[str, Any]) -> bool:
    """Whether containers stand in the map and in its items only, as in most records: cheaper than counting bytes."""
    for item in value.values():
        kind = type(item)
        if (kind is list and not _NESTED.isdisjoint(map(type, item))) or (
            kind is dict and not _NESTED.isdisjoint(map(type, item.values()))
        ):
            return False
    return True


def _decode(block: bytes, link: Callable[[bytes], Any]) -> Any:
    try:
        return decode_dag_cbor(block, cid_ctor=link)
    except (ValueError, TypeError, OverflowError, MemoryError, CidInvalid) as error:
        raise CodecError(str(error)) from error


def _link(raw: bytes) -> CID:
    if len(raw) != RAW_LENGTH or raw[:4] not in _BLESSED:
        raise CidInvalid(raw[:40].hex())
    return CID(raw)


def _encode_plain(value: Any) -> tuple[bytes, Any]:
    try:
        plain = _plain(value, MAX_DEPTH)
        return encode_dag_cbor(plain), plain
    except (ValueError, TypeError, RecursionError) as error:
        raise CodecError(str(error)) from error


def _plain(value: Any, depth: int) -> Any:
    if depth < 0:
        raise CodecError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_plain(key, 0): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    return value


def _check(block: bytes, value: Any) -> None:
    """Look through the value only if a byte is there with which something forbidden would have to begin."""
    if _may_be_wide(block) or block.translate(_OPENERS).count(1) > MAX_DEPTH:
        _check_slowly(value)


def _may_be_wide(block: bytes) -> bool:
    """Whether a byte is there with which a float, or an integer over 64 bits signed, would have to begin."""
    return b"\xfb" in block or _WIDE(block) is not None or _WIDE_NEGATIVE(block) is not None


def _check_slowly(value: Any) -> None:
    level, depth = [value], 0
    while level:
        if depth > MAX_DEPTH:
            raise CodecError(f"nested deeper than {MAX_DEPTH}")
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is dict:
                below.extend(item.values())
            elif kind in _CONTAINERS:
                below.extend(item)
            elif kind is float:
                raise CodecError("the data model has no floats")
            elif kind is int and not -_INTEGER_LIMIT <= item < _INTEGER_LIMIT:
                raise CodecError("an integer has at most 64 bits")
        level, depth = below, depth + 1
