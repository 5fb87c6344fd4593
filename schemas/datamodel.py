"""The protocol's data model: plain Python values, and their form in JSON.

In memory: `dict`, `list`, `str`, `int`, `bool`, `None`, `bytes`, and `schemas.cbor.CID` for links. There are no floats.
In JSON bytes are `{"$bytes": "<base64>"}` and links `{"$link": "<cid>"}`. Source: https://atproto.com/specs/data-model.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.cbor import CID
from schemas.errors import DatamodelInvalid

Value = Any  # dict[str, Value] | list[Value] | str | int | bool | None | bytes | CID: no recursive alias reads better

MAX_DEPTH = 32
MAX_KEY_BYTES = 8_192
MAX_ITEMS = 131_072
_INTEGER_LIMIT = 1 << 63
_LINK_PREFIXES = (b"\x01\x71\x12\x20", b"\x01\x55\x12\x20")  # version 1, dag-cbor or raw, sha-256
_LINK_BYTES = 36
_LINK = re.compile("b[a-z2-7]{58}").fullmatch
_BLOB_KEYS = {"$type", "ref", "mimeType", "size"}


def from_json(value: object) -> dict[str, Value]:
    """Read what a JSON parser returned; raise `DatamodelInvalid` when it is no object or holds what may not be."""
    if not isinstance(value, dict):
        raise DatamodelInvalid(f"expected an object, found {name_of(value)}")
    read: dict[str, Value] = value_from_json(value)
    return read


def value_from_json(value: object, depth: int = 0) -> Value:
    """Read any part of a JSON document; see `from_json`."""
    if isinstance(value, dict):
        return _map_from_json(value, depth)
    if isinstance(value, list):
        _check_size(value, depth)
        return [value_from_json(item, depth + 1) for item in value]
    if isinstance(value, float) and value.is_integer():
        # JSON writers of some languages spell every number with a fraction.
        value = int(value)
    _check_scalar(value)
    return value


def to_json(value: Value) -> Any:
    """Write a value as JSON types; raise `DatamodelInvalid` when it is outside the data model."""
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii").rstrip("=")}
    if isinstance(value, CID):
        return {"$link": value.encode()}
    _check_scalar(value)
    return value


def texts_in(value: Value) -> Iterator[str]:
    """Every text that stands as a value in a record, in order; names of fields are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from texts_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_in(entry)


def parse_link(text: object) -> CID:
    """Read the text of a link: CIDv1, base32, SHA-256, of DAG-CBOR or raw bytes."""
    if not isinstance(text, str) or _LINK(text) is None:
        raise DatamodelInvalid(f"{text!r:.100} is no link")
    link = CID.decode(text)
    check_link(link)
    if link.encode() != text:  # spare bits of the last letter are set
        raise DatamodelInvalid(f"{text!r:.100} is no link")
    return link


def check_link(link: CID) -> None:
    """Raise `DatamodelInvalid` unless a link is of the one kind that the protocol uses, see `parse_link`."""
    if len(link.cid_bytes) != _LINK_BYTES or not link.cid_bytes.startswith(_LINK_PREFIXES):
        raise DatamodelInvalid("a link is not CIDv1 with SHA-256 of DAG-CBOR or raw bytes")


def check_value(value: Value, depth: int = 0) -> None:
    """Raise `DatamodelInvalid` unless the value, as it is in memory, is inside the data model."""
    if isinstance(value, dict):
        _check_size(value, depth)
        for key, item in value.items():
            _check_key(key)
            check_value(item, depth + 1)
        if "$type" in value:
            _check_typed(value)
    elif isinstance(value, list):
        _check_size(value, depth)
        for item in value:
            check_value(item, depth + 1)
    elif isinstance(value, CID):
        check_link(value)
    elif not isinstance(value, bytes):
        _check_scalar(value)


def is_blob(value: Value) -> bool:
    """Whether a map says that it is a blob."""
    return isinstance(value, Mapping) and value.get("$type") == "blob"


def name_of(value: object) -> str:
    """What to call a value's type in a message to a person."""
    if is_blob(value):
        return "a blob"
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", int: "an integer"}
    names |= {type(None): "null", float: "a fraction", bytes: "bytes", CID: "a link"}
    return next((name for kind, name in names.items() if type(value) is kind), f"a {type(value).__name__}")


def _map_from_json(value: dict[object, object], depth: int) -> Value:
    _check_size(value, depth)
    if "$bytes" in value:
        return _bytes_from_json(value)
    if "$link" in value:
        if len(value) > 1:
            raise DatamodelInvalid("a link carries other fields")
        return parse_link(value["$link"])
    read = {}
    for key, item in value.items():
        _check_key(key)
        read[key] = value_from_json(item, depth + 1)
    if "$type" in read:
        _check_typed(read)
    return read


def _bytes_from_json(value: Mapping[object, object]) -> bytes:
    text = value["$bytes"]
    if len(value) > 1 or not isinstance(text, str):
        raise DatamodelInvalid("bytes are one field of base64 text")
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise DatamodelInvalid("bytes are not base64") from None


def _check_scalar(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif not isinstance(value, int):
        raise DatamodelInvalid(f"{name_of(value)} is not in the data model")
    elif not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise DatamodelInvalid("an integer needs more than 64 bits")


def _check_text(text: str) -> None:
    try:  # much faster than looking for surrogates, and pure ASCII costs next to nothing
        text.encode()
    except UnicodeEncodeError:
        raise DatamodelInvalid("a string holds half of a surrogate pair") from None


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise DatamodelInvalid(f"a field's name is {name_of(key)}")
    if len(key) > MAX_KEY_BYTES // 4 and len(key.encode("utf-8", "replace")) > MAX_KEY_BYTES:
        raise DatamodelInvalid(f"a field's name is longer than {MAX_KEY_BYTES} bytes")
    _check_text(key)


def _check_size(value: dict[Any, Any] | list[Any], depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise DatamodelInvalid(f"nested deeper than {MAX_DEPTH}")
    if len(value) > MAX_ITEMS:
        raise DatamodelInvalid(f"more than {MAX_ITEMS} items in one place")


def _check_typed(value: Mapping[Any, Value]) -> None:
    kind = value["$type"]
    if not isinstance(kind, str) or not kind:
        raise DatamodelInvalid("$type is not the name of a type")
    if kind == "blob":
        check_blob(value)


def check_blob(value: Mapping[Any, Value]) -> None:
    """Raise `DatamodelInvalid` unless a map is a blob: reference, media type and size in bytes."""
    size = value.get("size")
    if not value.keys() >= _BLOB_KEYS or not isinstance(value["ref"], CID) or not isinstance(value["mimeType"], str):
        raise DatamodelInvalid("a blob has $type, ref, mimeType and size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0 or not value["mimeType"]:
        raise DatamodelInvalid("a blob has a media type and a size in bytes")
    check_link(value["ref"])
