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
    if not left:
        return 0
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


def parse_vertex(block: bytes, layer: int | None = None, *, check_layers: bool = True) -> Vertex:
    """The vertex of a block, its children not loaded. Raises TreeInvalid.

    Checked: that the block is byte for byte what we would write (canonical, prefixes maximal, nothing more in it);
    that keys increase and stand on one layer, which is `layer` where that is known. A vertex without keys takes
    `layer`. Without `check_layers` only the first key's layer is looked at: enough for a fragment on which
    operations are undone, since a key on the wrong layer stays there and spoils the root that must come out.
    """
    try:
        vertex = _read(decode_dag_cbor(block, cid_ctor=_Link))
    except (ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        raise TreeInvalid(f"not a tree vertex: {error}") from error
    _settle_layer(vertex, layer, check_layers)
    vertex.block, vertex.cid = block, raw_cid(block)
    return vertex


class _Link(bytes):
    """A link while a block is read: tells a link from a byte string of the same content."""

    __slots__ = ()


def _link(value: object) -> bytes:
    if type(value) is not _Link or len(value) != RAW_LENGTH:
        raise ValueError("expected a link")
    return bytes(value)


def _read(value: Any) -> Vertex:
    if len(value) != 2 or type(value["e"]) is not list:
        raise ValueError("a vertex has two fields, e is a list")
    left = value["l"]
    keys: list[bytes] = []
    values: list[bytes] = []
    children: list[Vertex | bytes | None] = [None if left is None else _link(left)]
    previous = b""
    for entry in value["e"]:
        shared, suffix, below = entry["p"], entry["k"], entry["t"]
        if len(entry) != 4 or type(shared) is not int or not 0 <= shared <= len(previous):
            raise ValueError("an entry has four fields and shares a part of the key before")
        if shared < len(previous) and previous[shared] == suffix[0]:
            raise ValueError("an entry shares more of the key before than it says")
        key = previous[:shared] + suffix
        if key <= previous or len(key) > MAX_KEY:
            raise ValueError("keys out of order or too long")
        keys.append(key)
        values.append(_link(entry["v"]))
        children.append(None if below is None else _link(below))
        previous = key
    return Vertex(0, keys, values, children)


def _settle_layer(vertex: Vertex, layer: int | None, check_layers: bool) -> None:
    keys = vertex.keys
    if keys:
        vertex.layer = layer_of(keys[0])
        if layer not in (None, vertex.layer) or (check_layers and any(layer_of(key) != vertex.layer for key in keys)):
            raise TreeInvalid("a key stands on the wrong layer")
    else:
        if layer is None and vertex.children[0] is not None:
            raise TreeInvalid("a root must hold a key")
        if layer is not None and vertex.children[0] is None:
            raise TreeInvalid("a vertex below the root must hold something")
        vertex.layer = layer or 0
    if vertex.layer == 0 and any(child is not None for child in vertex.children):
        raise TreeInvalid("the lowest layer has no children")


EMPTY_ROOT: Final = raw_cid(encode_vertex((), (), (None,)))
