"""Undo one change on the fragment of a tree that an event carries, straight on the blocks.

Most events change one record, and undoing that changes one link in each vertex of one path: nothing has to be built
for it. Where a subtree would have to be joined or split, `Tree` does it. Every check of `Tree` is made here too.
"""

from bisect import bisect_left
from collections.abc import Callable

from federation.cids import cid_text, raw_cid
from federation.errors import BlockMissing, TreeInvalid
from federation.mst.block import Entries, encode_entries, entry_head, read_entries, replace_link, replace_value
from federation.mst.vertex import EMPTY_ROOT, layer_of, settle_layer

Source = Callable[[bytes], bytes | None]
_Step = tuple[bytes, Entries, int]  # a vertex's block and entries, and which child the path goes on to


def undo_change(root: bytes, source: Source, key: bytes, before: bytes | None) -> tuple[bytes, bytes] | None:
    """(value at `key`, root if it had the value `before` instead); None where `Tree` must undo it.

    `before` None: the key was not there. `source` gives blocks that were checked against their CIDs.
    Raises BlockMissing, TreeInvalid.
    """
    path = _path_to(root, source, key, layer_of(key))
    if path is None:
        return None
    block, entries, index = path.pop()
    keys, children = entries[0], entries[2]
    link: bytes | None
    if before is not None:
        link = raw_cid(replace_value(block, entries[4][index + 1], before))
    elif children[index] is not None and children[index + 1] is not None:
        return None  # they would have to be joined
    elif len(keys) == 1 and not path:
        return None  # another vertex becomes the root
    else:
        link = _without(entries, index)
    value = entries[1][index]
    for block, entries, index in reversed(path):
        link = _with_child(block, entries, index, link)
    return value, EMPTY_ROOT if link is None else link


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


def _with_child(block: bytes, entries: Entries, index: int, link: bytes | None) -> bytes | None:
    """The CID of a vertex with another child; None when it held nothing but a child that is gone."""
    if link is not None:
        return raw_cid(replace_link(block, entries[4][index], link))
    keys, values, children, heads, _ = entries
    if not keys:
        return None
    return raw_cid(encode_entries(heads, values, [*children[:index], None, *children[index + 1 :]]))


def _path_to(root: bytes, source: Source, key: bytes, layer: int) -> list[_Step] | None:
    """The vertices from the root to the one that holds the key; None if none does."""
    level, cid = None, root
    path: list[_Step] = []
    low = high = b""
    while True:
        block = source(cid)
        if block is None:
            raise BlockMissing(f"tree vertex {cid_text(cid)}")
        entries = read_entries(block)
        keys, _, children, _, _ = entries
        if not (level and keys):  # otherwise there is nothing to settle: a known layer that is not the lowest
            level = settle_layer(keys, children, level, check_layers=False)
        if keys and (keys[0] <= low or (high and keys[-1] >= high)):
            raise TreeInvalid("a key stands outside its parent's bounds")
        index = bisect_left(keys, key)
        path.append((block, entries, index))
        if level <= layer:
            return path if level == layer and index < len(keys) and keys[index] == key else None
        child = children[index]
        if child is None:
            return None
        low, high = keys[index - 1] if index else b"", keys[index] if index < len(keys) else b""
        cid, level = child, level - 1
