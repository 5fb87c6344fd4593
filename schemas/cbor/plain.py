"""Canonical DAG-CBOR in Python alone, for machines without a C compiler. Same calls, same refusals as `cbrrr`.

Source: RFC 8949, section 4.2 (as the IPLD dag-cbor codec narrows it: definite lengths, shortest heads, keys of maps
by length and then by bytes, tag 42 alone, doubles alone, no NaN nor infinities).
"""

from __future__ import annotations

import math
import struct
from base64 import b32decode, b32encode, b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final, NoReturn

UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE = range(8)
LINK_TAG: Final = 42
DEEPEST: Final = 256  # far more than the data model allows, far less than the interpreter's own limit
WIDEST: Final = 2**64
# Bytes of an integer that follows a head: by the head's low five bits, with the least value that needs them.
WIDTHS: Final = {24: (1, 24), 25: (2, 0x100), 26: (4, 0x10000), 27: (8, 0x100000000)}
JSON_KEYS: Final = {"$link", "$bytes"}
SIMPLE_VALUES: Final = {20: False, 21: True, 22: None}
FALSE, TRUE, NULL, DOUBLE = b"\xf4", b"\xf5", b"\xf6", b"\xfb"


class NotCanonical(ValueError):
    """These bytes are not canonical DAG-CBOR."""


class CID:
    """A content identifier: its raw bytes, unchecked."""

    __slots__ = ("cid_bytes",)

    def __init__(self, cid_bytes: bytes) -> None:
        self.cid_bytes = cid_bytes

    @classmethod
    def decode(cls, data: bytes | str) -> CID:
        """From base32 text with its multibase prefix `b`. Raises ValueError."""
        text = data.decode() if isinstance(data, bytes) else data
        if not text.startswith("b") or text.endswith("="):
            raise ValueError("expected base32 text without padding, beginning with 'b'")
        return cls(_from_base32(text))

    def encode(self, base: str = "base32") -> str:
        """Base32 text with its multibase prefix. Raises ValueError for another base."""
        if base != "base32":
            raise ValueError("only base32 is written")
        return _base32(self.cid_bytes)

    def __bytes__(self) -> bytes:
        return self.cid_bytes

    def __repr__(self) -> str:
        return f"CID({self.encode()})"

    def __hash__(self) -> int:
        return hash(self.cid_bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CID) and self.cid_bytes == other.cid_bytes


def decode_dag_cbor(data: bytes, atjson_mode: bool = False, cid_ctor: Callable[[bytes], Any] = CID) -> Any:
    """The one value that `data` holds. In JSON mode links are {"$link": text} and bytes {"$bytes": text}.

    Raises ValueError, and what `cid_ctor` raises.
    """
    value, end = _Reading(bytes(data), atjson_mode, cid_ctor).value(0, 0)
    if end != len(data):
        raise NotCanonical("bytes are left after the value")
    return value


def decode_first(data: bytes) -> Any:
    """The first of several values written one after another; None where there is none. Raises ValueError."""
    return _Reading(bytes(data), False, CID).value(0, 0)[0] if data else None


def encode_dag_cbor(obj: Any, atjson_mode: bool = False) -> bytes:
    """Its canonical bytes; in JSON mode links and bytes are maps, see `decode_dag_cbor`.

    Raises TypeError for what DAG-CBOR has no form for, ValueError for wide numbers, NaN and maps that are no links.
    """
    parts: list[bytes] = []
    _write(_unjson(obj, 0) if atjson_mode else obj, parts.append, 0)
    return b"".join(parts)


class _Reading:
    """One buffer being read. Every reader takes where to begin and gives a value and where it ends."""

    def __init__(self, data: bytes, json: bool, link: Callable[[bytes], Any]) -> None:
        self.data = data
        self.json = json
        self.link = link

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        if at >= len(self.data):
            _short()
        kind, low = self.data[at] >> 5, self.data[at] & 31
        if kind == SIMPLE:
            return self._simple(at, low)
        number, at = self._number(at + 1, low)
        if kind in (TEXT, BYTES):
            return self._content(kind, self._cut(at, number)), at + number
        if kind in (UNSIGNED, NEGATIVE):
            return (number if kind == UNSIGNED else ~number), at
        if kind == TAG:
            return self._link(number, at)
        if number > len(self.data) - at or depth > DEEPEST:
            raise NotCanonical("not that many bytes are left, or nested too deep")
        return self._list(at, number, depth + 1) if kind == LIST else self._map(at, number, depth + 1)

    def _number(self, at: int, low: int) -> tuple[int, int]:
        if low < 24:
            return low, at
        if low not in WIDTHS:
            raise NotCanonical(f"an indefinite or reserved length ({low})")
        width, least = WIDTHS[low]
        number = int.from_bytes(self._cut(at, width), "big")
        if number < least:
            raise NotCanonical("an integer is not in its shortest form")
        return number, at + width

    def _cut(self, at: int, length: int) -> bytes:
        found = self.data[at : at + length]
        if len(found) != length:
            _short()
        return found

    def _content(self, kind: int, found: bytes) -> Any:
        if kind == TEXT:
            return found.decode()
        return {"$bytes": b64encode(found).decode().rstrip("=")} if self.json else found

    def _simple(self, at: int, low: int) -> tuple[Any, int]:
        if low in SIMPLE_VALUES:
            return SIMPLE_VALUES[low], at + 1
        if low != 27 or self.json:
            raise NotCanonical(f"a simple value or a float that is not allowed ({low})")
        (number,) = struct.unpack(">d", self._cut(at + 1, 8))
        if not math.isfinite(number):
            raise NotCanonical("neither NaN nor infinities")
        return number, at + 9

    def _link(self, tag: int, at: int) -> tuple[Any, int]:
        if tag != LINK_TAG:
            raise NotCanonical(f"tag {tag}; only links are tagged")
        raw, end = self._string(at, BYTES)
        if not raw.startswith(b"\0"):
            raise NotCanonical("a link begins with a zero")
        return ({"$link": _base32(raw[1:])} if self.json else self.link(raw[1:])), end

    def _string(self, at: int, kind: int) -> tuple[bytes, int]:
        if at >= len(self.data):
            _short()
        if self.data[at] >> 5 != kind:
            raise NotCanonical(f"expected major type {kind}, found {self.data[at] >> 5}")
        length, at = self._number(at + 1, self.data[at] & 31)
        return self._cut(at, length), at + length

    def _list(self, at: int, count: int, depth: int) -> tuple[list[Any], int]:
        items = []
        for _ in range(count):
            item, at = self.value(at, depth)
            items.append(item)
        return items, at

    def _map(self, at: int, count: int, depth: int) -> tuple[dict[str, Any], int]:
        fields: dict[str, Any] = {}
        before = b""
        for number in range(count):
            key, at = self._string(at, TEXT)
            if number and (len(key), key) <= (len(before), before):
                raise NotCanonical(f"the keys of a map are out of order: {before[:40]!r}, {key[:40]!r}")
            if self.json and key in (b"$link", b"$bytes"):
                raise NotCanonical(f"a map may not have the key {key!r}")
            before = key
            fields[key.decode()], at = self.value(at, depth)
        return fields, at


def _unjson(value: Any, depth: int) -> Any:
    kind = type(value)
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if kind is list:
        return [_unjson(item, depth + 1) for item in value]
    if kind in (bytes, CID, float):
        raise TypeError(f"JSON has no {kind.__name__}")
    if kind is not dict:
        return value
    if not value.keys() & JSON_KEYS:
        return {key: _unjson(item, depth + 1) for key, item in value.items()}
    return _marked(value)


def _marked(value: dict[str, Any]) -> CID | bytes:
    link, text = value.get("$link"), value.get("$bytes")
    if len(value) > 1:
        raise ValueError("$link and $bytes stand alone in their map")
    if isinstance(link, str):
        return CID.decode(link)
    if isinstance(text, str):
        return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    raise TypeError("$link and $bytes are texts")


def _write(value: Any, write: Callable[[bytes], None], depth: int) -> None:
    kind = type(value)
    if kind is str:
        text = value.encode()
        write(_head(TEXT, len(text)) + text)
    elif kind is bytes:
        write(_head(BYTES, len(value)) + value)
    elif kind is CID:
        write(_head(TAG, LINK_TAG) + _head(BYTES, len(value.cid_bytes) + 1) + b"\0" + value.cid_bytes)
    elif kind in (dict, list):
        if depth > DEEPEST:
            raise ValueError("nested too deep")
        (_write_map if kind is dict else _write_list)(value, write, depth + 1)
    else:
        write(_scalar(value))


def _write_map(value: dict[str, Any], write: Callable[[bytes], None], depth: int) -> None:
    if any(type(key) is not str for key in value):
        raise TypeError("keys of maps are texts")
    write(_head(MAP, len(value)))
    for key, text in sorted(((key, key.encode()) for key in value), key=lambda pair: (len(pair[1]), pair[1])):
        write(_head(TEXT, len(text)) + text)
        _write(value[key], write, depth)


def _write_list(value: list[Any], write: Callable[[bytes], None], depth: int) -> None:
    write(_head(LIST, len(value)))
    for item in value:
        _write(item, write, depth)


def _scalar(value: Any) -> bytes:
    kind = type(value)
    if kind is int:
        if not -WIDEST <= value < WIDEST:
            raise ValueError("an integer has at most 64 bits")
        return _head(UNSIGNED, value) if value >= 0 else _head(NEGATIVE, ~value)
    if kind is bool:
        return TRUE if value else FALSE
    if value is None:
        return NULL
    if kind is not float:
        raise TypeError(f"DAG-CBOR has no {kind.__name__}")
    if not math.isfinite(value):
        raise ValueError("neither NaN nor infinities")
    return DOUBLE + struct.pack(">d", value)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes((kind << 5 | number,))
    low, width = next((low, width) for low, (width, _) in WIDTHS.items() if number < 1 << 8 * width)
    return bytes((kind << 5 | low,)) + number.to_bytes(width, "big")


def _base32(raw: bytes) -> str:
    return "b" + b32encode(raw).decode().lower().rstrip("=")


def _from_base32(text: str) -> bytes:
    return b32decode(text[1:] + "=" * (-(len(text) - 1) % 8), casefold=True)


def _short() -> NoReturn:
    raise NotCanonical("the bytes end too early")
