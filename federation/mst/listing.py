"""List a whole tree that is not going to be changed: every check of the tree's reader, without its objects."""

from collections.abc import Callable

from federation.cids import cid_text
from federation.errors import BlockMissing, TreeInvalid, TreeTooLarge
from federation.mst.block import read_entries
from federation.mst.vertex import settle_layer

Source = Callable[[bytes], bytes | None]


class _Lister:
    """Collects keys and values in order, at most `most`."""

    __slots__ = ("_last", "_most", "_source", "keys", "values")

    def __init__(self, source: Source, most: int) -> None:
        self._source = source
        self._most = most
        self._last = b""
        self.keys: list[bytes] = []
        self.values: list[bytes] = []

    def visit(self, cid: bytes, layer: int | None) -> None:
        """The vertex `cid` and all below, a call for each layer. Raises BlockMissing, TreeInvalid."""
        block = self._source(cid)
        if block is None:
            raise BlockMissing(f"tree vertex {cid_text(cid)}")
        keys, values, children, _, _ = read_entries(block)
        layer = settle_layer(keys, children, layer)
        if layer == 0:
            self._take(keys, values)
            return
        for index, child in enumerate(children):
            if child is not None:
                self.visit(child, layer - 1)
            self._take(keys[index : index + 1], values[index : index + 1])

    def _take(self, keys: list[bytes], values: list[bytes]) -> None:
        if not keys:
            return
        # Keys of one vertex increase; what comes next must be beyond all before, or a subtree is named twice.
        if keys[0] <= self._last:
            raise TreeInvalid("a key stands outside its parent's bounds")
        self._last = keys[-1]
        self.keys += keys
        self.values += values
        if len(self.keys) > self._most:
            raise TreeTooLarge(f"more than {self._most}")


def list_tree(root: bytes, source: Source, most: int) -> tuple[list[bytes], list[bytes]]:
    """(keys, values) under a root in order of the keys, the blocks of `source` being checked against their CIDs.

    Raises BlockMissing, TreeInvalid, and TreeTooLarge for more than `most` keys.
    """
    lister = _Lister(source, most)
    lister.visit(root, None)
    return lister.keys, lister.values
