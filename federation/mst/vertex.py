"""One vertex of the tree in memory, and the layers on which keys stand."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from federation.cids import raw_cid
from federation.errors import TreeInvalid
from federation.mst.block import NULL, encode_entries, entry_head, link_places, read_entries, replace_link


class Vertex:
    """Keys of one layer between two bounds. `children[i]` holds the keys before `keys[i]`, the last one those after.

    A child is None (no keys there), a Vertex, or the raw CID of a vertex that is not loaded.
    `cid` is None while it has to be computed anew, and so is `block`, unless nothing but the link to the child
    `changed` is another than the block says. An item of `heads`, the part of an entry's encoding that depends on its
    key and the key before it, is None while it has to be made. `places` says where links stand in `block`, once known.
    """

    __slots__ = ("block", "changed", "children", "cid", "heads", "keys", "layer", "places", "values")

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
        self.changed = -1
        self.places: list[int] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether neither this vertex nor anything below holds a key."""
        return not self.keys and self.children[0] is None


def layer_of(key: bytes) -> int:
    """Pairs of leading zero bits in the key's sha-256: the layer on which the key stands."""
    digest = sha256(key).digest()
    if digest[0] >= 0x40:
        return 0  # three keys of four
    return (256 - int.from_bytes(digest, "big").bit_length()) // 2


def settle_vertex(vertex: Vertex, fresh: dict[bytes, bytes]) -> bytes:
    """The CID of a vertex; whatever has to be computed anew, here and below, is and goes into `fresh`."""
    if vertex.cid is not None:
        return vertex.cid
    block = None if vertex.block is None else _with_changed_link(vertex, vertex.block, fresh)
    if block is None:
        links = [settle_vertex(child, fresh) if type(child) is Vertex else child for child in vertex.children]
        block = encode_vertex(vertex, links)  # type: ignore[arg-type]  # all raw by now
        vertex.places = None
    vertex.block = block
    vertex.cid = cid = raw_cid(block)
    fresh[cid] = block
    return cid


def _with_changed_link(vertex: Vertex, block: bytes, fresh: dict[bytes, bytes]) -> bytes | None:
    child = vertex.children[vertex.changed]
    link = settle_vertex(child, fresh) if type(child) is Vertex else child
    if vertex.places is None:
        vertex.places = link_places(vertex.heads, vertex.children)  # type: ignore[arg-type]  # a block's heads are made
    at = vertex.places[vertex.changed]
    if link is None or block[at] == NULL:
        return None  # a child came or went
    return replace_link(block, at, link)  # type: ignore[arg-type]  # raw by now


def encode_vertex(vertex: Vertex, links: list[bytes | None]) -> bytes:
    """The block of a vertex; `links` are its children's raw CIDs. Fills `heads`."""
    heads, keys = vertex.heads, vertex.keys
    if None in heads:
        for index, head in enumerate(heads):
            if head is None:
                heads[index] = entry_head(keys[index - 1] if index else b"", keys[index])
    return encode_entries(heads, vertex.values, links)  # type: ignore[arg-type]  # none is None any more


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
    vertex = Vertex.__new__(Vertex)
    entries = read_entries(block)
    vertex.keys, vertex.values, vertex.children, vertex.heads, vertex.places = entries  # type: ignore[assignment]  # wider
    vertex.layer = settle_layer(vertex.keys, vertex.children, layer, check_layers=check_layers)
    vertex.block, vertex.cid, vertex.changed = block, cid or raw_cid(block), -1
    return vertex


def settle_layer(keys: list[bytes], children: Sequence[object], layer: int | None, *, check_layers: bool = True) -> int:
    """The layer of a vertex that was read; None: it is the root, whose keys say. Raises TreeInvalid."""
    if not keys and (layer is None) != (children[0] is None):
        raise TreeInvalid("a root must hold a key" if layer is None else "a vertex below the root must hold something")
    is_root = layer is None  # its keys vouch for each other
    if layer is None:
        layer = layer_of(keys[0]) if keys else 0
    elif keys and layer > 0 and not check_layers:
        return layer
    if check_layers or is_root:
        for key in keys:
            if layer_of(key) != layer:
                raise TreeInvalid("a key stands on the wrong layer")
    if layer <= 0 and any(child is not None for child in children):
        raise TreeInvalid("the lowest layer has no children")
    return layer


EMPTY_ROOT: Final = raw_cid(encode_vertex(Vertex(0, [], [], [None]), [None]))
