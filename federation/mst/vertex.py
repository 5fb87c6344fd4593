"""One vertex of the tree and its block: {"l": left child, "e": [{"p", "k", "v", "t"}, …]}.

The block is written by hand: its shape is fixed, and building dictionaries for the codec costs twice as much.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from cbrrr import decode_dag_cbor

from federation.cids import LINK_HEAD, RAW_LENGTH, raw_cid
from federation.errors import TreeInvalid


class Vertex:
    """Keys of one layer between two bounds. `children[i]` holds the keys before `keys[i]`, the last one those after.

    A child is None (no keys there), a Vertex, or the raw CID of a vertex that is not loaded.
    `cid` and `block` are None while they have to be computed anew.
    """

    __slots__ = ("block", "children", "cid", "keys", "layer", "values")

    def __init__(
        self, layer: int, keys: list[bytes], values: list[bytes], children: "list[Vertex | bytes | None]"
    ) -> None:
        self.layer = layer
        self.keys = keys
        self.values = values
        self.children = children
        self.cid: bytes | None = None
        self.block: bytes | None = None

    @property
    def is_empty(self) -> bool:
        """Whether neither this vertex nor anything below holds a key."""
        return not self.keys and self.children[0] is None


def layer_of(key: bytes) -> int:
    """Pairs of leading zero bits in the key's sha-256: the layer on which the key stands."""
    return (256 - int.from_bytes(sha256(key).digest(), "big").bit_length()) // 2


def shared_prefix(left: bytes, right: bytes) -> int:
    """How many leading bytes two keys share."""
    length = min(len(left), len(right))
    difference = int.from_bytes(left[:length], "big") ^ int.from_bytes(right[:length], "big")
    return length - (difference.bit_length() + 7) // 8


def _head(major: int, number: int) -> bytes:
    first = major << 5
    if number < 24:
        return bytes((first + number,))
    if number < 256:
        return bytes((first + 24, number))
    return bytes((first + 25,)) + number.to_bytes(2, "big")


# The longest path is 317 + 1 + 512 bytes (collection, slash, record key).
MAX_KEY: Final = 1024
_SUFFIX = [b"\xa4ak" + _head(2, number) for number in range(MAX_KEY + 1)]
_PREFIX = [b"ap" + _head(0, number) + b"at" for number in range(MAX_KEY + 1)]
_VALUE = b"av" + LINK_HEAD
_NO_CHILD_VALUE = b"\xf6" + _VALUE


def encode_vertex(keys: Sequence[bytes], values: Sequence[bytes], links: Sequence[bytes | None]) -> bytes:
    """The block of a vertex; `links` are its children's raw CIDs, one more than there are keys."""
    parts = [b"\xa2ae", _head(4, len(keys))]
    previous = b""
    for key, value, link in zip(keys, values, links[1:], strict=True):
        shared = shared_prefix(previous, key)
        parts += (_SUFFIX[len(key) - shared], key[shared:], _PREFIX[shared])
        if link is None:
            parts += (_NO_CHILD_VALUE, value)
        else:
            parts += (LINK_HEAD, link, _VALUE, value)
        previous = key
    left = links[0]
    parts += (b"al\xf6",) if left is None else (b"al", LINK_HEAD, left)
    return b"".join(parts)


def parse_vertex(block: bytes, layer: int | None = None) -> Vertex:
    """The vertex of a block, its children not loaded. Raises TreeInvalid.

    Checked: the shape; that the block is byte for byte what we would write (canonical, prefixes maximal, nothing
    more in it); that keys increase and stand on one layer, which is `layer` where that is known. A vertex
    without keys takes `layer`, or 1 above nothing known.
    """
    try:
        vertex = _read(decode_dag_cbor(block, cid_ctor=_raw))
        canonical = encode_vertex(vertex.keys, vertex.values, vertex.children) == block  # type: ignore[arg-type]  # all raw here
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, MemoryError) as error:
        raise TreeInvalid(f"not a tree vertex: {error}") from error
    if not canonical:
        raise TreeInvalid("the vertex is not in canonical form")
    _settle_layer(vertex, layer)
    vertex.block, vertex.cid = block, raw_cid(block)
    return vertex


def _raw(raw: bytes) -> bytes:
    if len(raw) != RAW_LENGTH:
        raise ValueError("a link of an unexpected length")
    return raw


def _read(value: Any) -> Vertex:
    keys: list[bytes] = []
    values: list[bytes] = []
    children: list[Vertex | bytes | None] = [value["l"]]
    previous = b""
    for entry in value["e"]:
        key = previous[: entry["p"]] + entry["k"]
        if key <= previous or len(key) > MAX_KEY:
            raise ValueError("keys out of order or too long")
        keys.append(key)
        values.append(entry["v"])
        children.append(entry["t"])
        previous = key
    return Vertex(0, keys, values, children)


def _settle_layer(vertex: Vertex, layer: int | None) -> None:
    if not vertex.keys:
        if layer is None and vertex.children[0] is not None:
            raise TreeInvalid("a root must hold a key")
        if layer is not None and vertex.children[0] is None:
            raise TreeInvalid("a vertex below the root must hold something")
        vertex.layer = layer or 0
    else:
        vertex.layer = layer_of(vertex.keys[0]) if layer is None else layer
        if any(layer_of(key) != vertex.layer for key in vertex.keys):
            raise TreeInvalid("a key stands on the wrong layer")
    if vertex.layer == 0 and any(child is not None for child in vertex.children):
        raise TreeInvalid("the lowest layer has no children")


EMPTY_ROOT: Final = raw_cid(encode_vertex((), (), (None,)))
