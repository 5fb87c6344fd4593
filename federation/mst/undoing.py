"""Prove on the blocks that an event carries that one change leads from a known tree to the new one.

Most events change one record, and undoing that changes one link in each vertex of one path: nothing has to be built
for it. The tree before is known to be sound, and equal hashes say that every vertex of the path is, once the change is
undone, byte for byte the one that stood there: so only what changed has to be looked at. What is not proven here,
`Tree` judges.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from federation.cids import raw_cid
from federation.mst.block import (
    NO_ENTRIES,
    Entries,
    drop_link,
    encode_entries,
    entry_head,
    find_child,
    read_entries,
    replace_link,
    replace_value,
)
from federation.mst.vertex import layer_of

Source = Callable[[bytes], bytes | None]
_Step = tuple[bytes, int]  # a vertex's block, and where the link to the next one stands in it

_root_layer = lru_cache(4096)(layer_of)  # of a root's first key, which stays while others come


def proves_change(
    before: bytes, after: bytes, source: Source, key: bytes, value: bytes, previous: bytes | None
) -> bool:
    """Whether the tree `after` is the sound tree `before` with `value` at `key` instead of `previous` (None: no key).

    False where that takes a tree to tell. Roots and values are raw CIDs; `source` gives blocks that were checked
    against their CIDs. Raises TreeInvalid.
    """
    layer = layer_of(key)
    path: list[_Step] = []
    block = _descend(after, source, key, layer, path)
    if block is None:
        return False
    entries = read_entries(block)
    keys, values, children, _, places = entries
    index = bisect_left(keys, key)
    if index == len(keys) or keys[index] != key or values[index] != value:
        return False
    link: bytes | None
    if previous is not None:
        link = raw_cid(replace_value(block, places[index + 1], previous))
    elif (children[index] is not None and children[index + 1] is not None) or (len(keys) == 1 and not path):
        return False  # subtrees would have to be joined, or another vertex becomes the root
    elif index == 0 and not path and _root_layer(keys[1]) != layer:
        return False  # its first key, which says on which layer a root stands, is the one that came
    else:
        link = _without(entries, index)
    for block, place in reversed(path):
        link = _with_child(block, place, link)
    return link == before


def _descend(root: bytes, source: Source, key: bytes, layer: int, path: list[_Step]) -> bytes | None:
    """The block of the vertex in which `key` belongs, on its layer; the way to it, from the root, goes into `path`.

    None where there is none, or an unusual one before.
    """
    block = source(root)
    found = None if block is None else find_child(block, key)
    level = _root_layer(found[0]) if found is not None and found[0] else -1
    if level < layer:
        return None
    while level > layer:
        if block is None or found is None or found[2] is None:
            return None
        path.append((block, found[1]))
        block, level = source(found[2]), level - 1
        found = find_child(block, key) if block is not None and level > layer else None
    return block


def _without(entries: Entries, index: int) -> bytes | None:
    """The CID of a vertex without one of its entries, beside which at most one child stands; None: nothing is left."""
    keys, values, children, heads, _ = entries
    beside = children[index] or children[index + 1]
    if len(keys) == 1 and beside is None:
        return None
    left = heads[:index]
    if index + 1 < len(keys):
        left += [entry_head(keys[index - 1] if index else b"", keys[index + 1]), *heads[index + 2 :]]
    links = [*children[:index], beside, *children[index + 2 :]]
    return raw_cid(encode_entries(left, values[:index] + values[index + 1 :], links))


def _with_child(block: bytes, place: int, link: bytes | None) -> bytes | None:
    """The CID of a vertex with another child; None when it held nothing but a child that is gone."""
    if link is not None:
        return raw_cid(replace_link(block, place, link))
    return None if block.startswith(NO_ENTRIES) else raw_cid(drop_link(block, place))
