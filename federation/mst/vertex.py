"""One vertex of the tree and its block: {"l": left child, "e": [{"p", "k", "v", "t"}, …]}.

The block is read and written by hand: its shape is fixed, building dictionaries for a general codec costs three
times as much, and what is read by comparing it with what would be written cannot be anything but canonical.
"""

from hashlib import sha256
from typing import Final

from federation.cids import LINK_HEAD, RAW_LENGTH, raw_cid
from federation.errors import TreeInvalid


class Vertex:
    """Keys of one layer between two bounds. `children[i]` holds the keys before `keys[i]`, the last one those after.

    A child is None (no keys there), a Vertex, or the raw CID of a vertex that is not loaded.
    `cid` and `block` are None while they have to be computed anew; so is an item of `heads`, the part of an entry's
    encoding that depends on its key and the key before it.
    """

    __slots__ = ("block", "children", "cid", "heads", "keys", "layer", "values")

    def __init__(
        self, layer: int, keys: list[bytes], values: list[bytes], children: "list[Vertex | bytes | None]"
    ) -> None:
        self.layer = layer
        self.keys = keys
        self.values = values
        self.children = children
        self.heads: list[bytes | None] = [None] * len(keys)
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
    if number < 65_536:
        return bytes((first + 25,)) + number.to_bytes(2, "big")
    return bytes((first + 26,)) + number.to_bytes(4, "big")


# The longest path is 317 + 1 + 512 bytes (collection, slash, record key).
MAX_KEY: Final = 1024
_SUFFIX = [b"\xa4ak" + _head(2, number) for number in range(MAX_KEY + 1)]
_PREFIX = [b"ap" + _head(0, number) + b"at" for number in range(MAX_KEY + 1)]
_VALUE = b"av" + LINK_HEAD
_NO_CHILD_VALUE = b"\xf6" + _VALUE
_VALUE_END: Final = len(_VALUE) + RAW_LENGTH
_NULL: Final = 0xF6


def encode_vertex(vertex: Vertex, links: list[bytes | None]) -> bytes:
    """The block of a vertex; `links` are its children's raw CIDs. Fills `heads`."""
    heads = vertex.heads
    parts = [b"\xa2ae", _head(4, len(heads))]
    for index, value in enumerate(vertex.values):
        head, link = heads[index], links[index + 1]
        if head is None:
            head = heads[index] = _entry_head(vertex.keys, index)
        if link is None:
            parts += (head, _NO_CHILD_VALUE, value)
        else:
            parts += (head, LINK_HEAD, link, _VALUE, value)
    left = links[0]
    parts += (b"al\xf6",) if left is None else (b"al", LINK_HEAD, left)
    return b"".join(parts)


def _entry_head(keys: list[bytes], index: int) -> bytes:
    key = keys[index]
    shared = shared_prefix(keys[index - 1], key) if index else 0
    return _SUFFIX[len(key) - shared] + key[shared:] + _PREFIX[shared]


def parse_vertex(
    block: bytes, layer: int | None = None, *, cid: bytes | None = None, check_layers: bool = True
) -> Vertex:
    """The vertex of a block, its children not loaded. Raises TreeInvalid.

    Checked: that the block is byte for byte what we would write (canonical, prefixes maximal, nothing more in it);
    that keys increase and stand on one layer, which is `layer` where that is known. A vertex without keys takes
    `layer`. `cid` is the block's CID where it has been compared already. Without `check_layers` a known layer is
    believed: enough for a fragment on which operations are undone, since a key on the wrong layer stays there and
    spoils the root that must come out.
    """
    try:
        vertex = _read(block)
    except (ValueError, IndexError) as error:
        raise TreeInvalid(f"not a tree vertex: {error}") from error
    _settle_layer(vertex, layer, check_layers)
    vertex.block, vertex.cid = block, cid or raw_cid(block)
    return vertex


def _read(block: bytes) -> Vertex:
    # Every event costs some forty entries: the usual short forms are read in place, calls are for the others.
    count, position = _read_count(block)
    vertex = Vertex(0, [], [], [None])
    key = b""
    for _ in range(count):
        size, at = block[position + 3] - 0x40, position + 4
        if not 0 <= size < 24:
            size, at = _read_number(block, position + 3, 0x40)
        stop = at + size
        suffix = block[at:stop]
        shared, at = block[stop + 2], stop + 3
        if shared >= 24:
            shared, at = _read_number(block, stop + 2, 0)
        at += 2
        head = block[position:at]
        if head != _SUFFIX[size] + suffix + _PREFIX[shared]:
            raise ValueError("an entry is not in canonical form")
        # The prefix is as long as can be, and the key comes after the one before, if the next byte is greater.
        if not suffix or (shared != len(key) and suffix[0] <= key[shared]) or shared + size > MAX_KEY:
            raise ValueError("keys out of order, too long, or sharing more than they say")
        key = key[:shared] + suffix
        child, at = (None, at + 1) if block[at] == _NULL else _read_link(block, at)
        position = at + _VALUE_END
        if block[at : at + len(_VALUE)] != _VALUE:
            raise ValueError("expected a value")
        vertex.keys.append(key)
        vertex.heads.append(head)
        vertex.children.append(child)
        vertex.values.append(block[at + len(_VALUE) : position])
    vertex.children[0] = _read_left(block, position)
    return vertex


def _read_count(block: bytes) -> tuple[int, int]:
    first = block[3]
    count = int.from_bytes(block[4 : 4 + (1 << min(first - 0x98, 2))], "big") if first >= 0x98 else first - 0x80
    if count < 0 or not block.startswith(start := b"\xa2ae" + _head(4, count)):
        raise ValueError("expected a list of entries")
    return count, len(start)


def _read_number(block: bytes, position: int, major: int) -> tuple[int, int]:
    """A number after `major` in its longer forms; that the form is the right one is the caller's to check."""
    if block[position] == major + 24:
        return block[position + 1], position + 2
    return int.from_bytes(block[position + 1 : position + 3], "big"), position + 3


def _read_link(block: bytes, position: int) -> tuple[bytes, int]:
    if block[position : position + 5] != LINK_HEAD:
        raise ValueError("expected a link or null")
    return block[position + 5 : position + 41], position + 41


def _read_left(block: bytes, position: int) -> bytes | None:
    if block[position:] == b"al\xf6":
        return None
    if block[position : position + 2] != b"al" or len(block) != position + 43:
        raise ValueError("expected the left child, and then no more")
    return _read_link(block, position + 2)[0]


def _settle_layer(vertex: Vertex, layer: int | None, check_layers: bool) -> None:
    keys = vertex.keys
    if not keys and (layer is None) != (vertex.children[0] is None):
        raise TreeInvalid("a root must hold a key" if layer is None else "a vertex below the root must hold something")
    if layer is None:
        layer = layer_of(keys[0]) if keys else 0
    vertex.layer = layer
    if check_layers and any(layer_of(key) != layer for key in keys):
        raise TreeInvalid("a key stands on the wrong layer")
    if layer <= 0 and any(child is not None for child in vertex.children):
        raise TreeInvalid("the lowest layer has no children")


EMPTY_ROOT: Final = raw_cid(encode_vertex(Vertex(0, [], [], [None]), [None]))
