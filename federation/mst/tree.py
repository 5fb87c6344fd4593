"""The tree itself: find, put, delete, flush; the covering proofs of sync v1.1.

One engine for three uses: a repository held in memory, a large one whose vertices are stored and loaded when
touched, and the fragment that an event carries, on which its operations are undone. `source` gives the block of
a vertex that is not loaded yet.
Cost of a change: O(log n) vertices, independent of the size of the repository.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from federation.cids import cid_text
from federation.errors import BlockMissing, TreeInvalid
from federation.mst.vertex import EMPTY_ROOT, Vertex, layer_of, parse_vertex, settle_vertex

Source = Callable[[bytes], bytes | None]


def _no_source(_cid: bytes) -> bytes | None:
    return None


class Tree:
    """A mutable Merkle search tree from keys (bytes) to raw CIDs. Not safe for use by two threads at once."""

    __slots__ = ("_check_layers", "_source", "dropped", "root")

    def __init__(self, root: Vertex | None = None, source: Source = _no_source, *, check_layers: bool = True) -> None:
        self.root = root or Vertex(0, [], [], [None])
        self._source = source
        self._check_layers = check_layers
        self.dropped: set[bytes] = set()  # vertices replaced since the last flush, for a store to delete

    @classmethod
    def load(cls, root_cid: bytes, source: Source, *, check_layers: bool = True) -> "Tree":
        """The tree under a root; everything below is loaded when touched. Raises BlockMissing, TreeInvalid.

        The blocks that `source` gives must have been checked against their CIDs. For `check_layers`: `parse_vertex`.
        """
        tree = cls(source=source, check_layers=check_layers)
        tree.root = tree._read(root_cid, None)
        return tree

    def get(self, key: bytes) -> bytes | None:
        """The value at a key, or None."""
        vertex: Vertex | None = self.root
        while vertex is not None:
            index = bisect_left(vertex.keys, key)
            if index < len(vertex.keys) and vertex.keys[index] == key:
                return vertex.values[index]
            vertex = self._child(vertex, index)
        return None

    def put(self, key: bytes, value: bytes) -> bytes | None:
        """Set a key; returns the value it had."""
        layer = layer_of(key)
        vertex = self._root_for(layer)
        while vertex.layer > layer:
            index = bisect_left(vertex.keys, key)
            self._touch_child(vertex, index)
            child = self._child(vertex, index)
            if child is None:
                child = vertex.children[index] = Vertex(vertex.layer - 1, [], [], [None])
            vertex = child
        self._touch(vertex)
        index = bisect_left(vertex.keys, key)
        if index < len(vertex.keys) and vertex.keys[index] == key:
            previous, vertex.values[index] = vertex.values[index], value
            return previous
        vertex.children[index : index + 1] = self._split(self._child(vertex, index), key)
        vertex.keys.insert(index, key)
        vertex.values.insert(index, value)
        vertex.heads[index : index + 1] = [None, None] if index < len(vertex.heads) else [None]
        return None

    def delete(self, key: bytes) -> bytes | None:
        """Remove a key; returns the value it had, None if it was not there."""
        layer, vertex = layer_of(key), self.root
        above: list[tuple[Vertex, int]] = []
        while vertex.layer > layer:
            index = bisect_left(vertex.keys, key)
            child = self._child(vertex, index)
            if child is None:
                return None
            above.append((vertex, index))
            vertex = child
        index = bisect_left(vertex.keys, key)
        if index >= len(vertex.keys) or vertex.keys[index] != key:
            return None
        merged = self._merge(self._child(vertex, index), self._child(vertex, index + 1))
        self._touch(vertex)
        value = vertex.values[index]
        del vertex.keys[index], vertex.values[index]
        vertex.heads[index : index + 2] = [None] if index + 1 < len(vertex.heads) else []
        vertex.children[index : index + 2] = [merged]
        self._tidy(vertex, above)
        return value

    def flush(self) -> tuple[bytes, dict[bytes, bytes]]:
        """The root's raw CID and the blocks of all vertices that are new since the last flush, root last."""
        fresh: dict[bytes, bytes] = {}
        root = settle_vertex(self.root, fresh)
        return root, fresh

    def take_dropped(self, fresh: dict[bytes, bytes]) -> set[bytes]:
        """CIDs of stored vertices that the tree no longer has; forgets them."""
        dropped, self.dropped = self.dropped - fresh.keys(), set()
        return dropped

    def cover(self, key: bytes, blocks: dict[bytes, bytes]) -> None:
        """Add the vertices with which a consumer can undo a change of `key` (flushed tree only).

        The path to where the key stands or would stand; if it stands there, also the edges of both subtrees
        beside it, because removing it merges them.
        """
        vertex: Vertex | None = self.root
        while vertex is not None:
            _add(vertex, blocks)
            index = bisect_left(vertex.keys, key)
            if index < len(vertex.keys) and vertex.keys[index] == key:
                self._cover_right_edge(self._child(vertex, index), blocks)
                self._cover_left_edge(self._child(vertex, index + 1), blocks)
                return
            vertex = self._child(vertex, index)

    def path_to(self, key: bytes) -> Iterator[tuple[bytes, bytes]]:
        """(CID, block) of the vertices from the root to where the key stands or would stand (flushed tree only)."""
        vertex: Vertex | None = self.root
        while vertex is not None:
            yield _flushed(vertex)
            index = bisect_left(vertex.keys, key)
            if index < len(vertex.keys) and vertex.keys[index] == key:
                return
            vertex = self._child(vertex, index)

    def walk(self) -> Iterator[tuple[bytes, bytes]]:
        """All (key, value), sorted by key."""
        for vertex, index in self._preorder():
            if index >= 0:
                yield vertex.keys[index], vertex.values[index]

    def preorder(self) -> Iterator[tuple[bytes, bytes | None]]:
        """(CID, block) of a vertex or (CID, None) of a record, in the order that lets a reader stream."""
        for vertex, index in self._preorder():
            yield _flushed(vertex) if index < 0 else (vertex.values[index], None)

    def _preorder(self) -> Iterator[tuple[Vertex, int]]:
        # An explicit stack: a generator per layer would cost each item the depth of the tree.
        stack: list[tuple[Vertex, int]] = [(self.root, -1)]
        last = b""
        while stack:
            vertex, index = stack.pop()
            if index >= 0:
                # A vertex is read knowing its parent's keys alone; those above it bound it as well.
                if vertex.keys[index] <= last:
                    raise TreeInvalid("a key stands outside its parent's bounds")
                last = vertex.keys[index]
            yield vertex, index
            if index + 1 < len(vertex.keys):
                stack.append((vertex, index + 1))
            child = self._child(vertex, index + 1)
            if child is not None:
                stack.append((child, -1))

    def _root_for(self, layer: int) -> Vertex:
        root = self.root
        if root.is_empty:
            self._touch(root)
            root.layer = layer
        while root.layer < layer:
            root = Vertex(root.layer + 1, [], [], [root])
        self.root = root
        return root

    def _touch(self, vertex: Vertex) -> None:
        if vertex.cid is not None:
            self.dropped.add(vertex.cid)
        vertex.cid = vertex.block = None

    def _touch_child(self, vertex: Vertex, index: int) -> None:
        """Only what stands below one child changes: the link in the block will be another."""
        if vertex.cid is not None:
            self.dropped.add(vertex.cid)
            vertex.cid = None
            vertex.changed = index
        elif vertex.changed != index:
            vertex.block = None

    def _child(self, vertex: Vertex, index: int) -> Vertex | None:
        child = vertex.children[index]
        if type(child) is not bytes:
            return child  # type: ignore[return-value]  # a vertex or None
        loaded = vertex.children[index] = self._read(child, vertex.layer - 1)
        keys, bounds = loaded.keys, vertex.keys
        if keys and (
            (index > 0 and keys[0] <= bounds[index - 1]) or (index < len(bounds) and keys[-1] >= bounds[index])
        ):
            raise TreeInvalid("a key stands outside its parent's bounds")
        return loaded

    def _read(self, cid: bytes, layer: int | None) -> Vertex:
        block = self._source(cid)
        if block is None:
            raise BlockMissing(f"tree vertex {cid_text(cid)}")
        return parse_vertex(block, layer, cid=cid, check_layers=self._check_layers)

    def _split(self, vertex: Vertex | None, key: bytes) -> tuple[Vertex | None, Vertex | None]:
        if vertex is None:
            return None, None
        index = bisect_left(vertex.keys, key)
        left, right = self._split(self._child(vertex, index), key)
        self._touch(vertex)
        keys, values, children = vertex.keys, vertex.values, vertex.children
        before = Vertex(vertex.layer, keys[:index], values[:index], [*children[:index], left])
        after = Vertex(vertex.layer, keys[index:], values[index:], [right, *children[index + 1 :]])
        before.heads = vertex.heads[:index]
        after.heads[1:] = vertex.heads[index + 1 :]
        return (None if before.is_empty else before), (None if after.is_empty else after)

    def _merge(self, left: Vertex | None, right: Vertex | None) -> Vertex | None:
        if left is None or right is None:
            return left or right
        middle = self._merge(self._child(left, len(left.keys)), self._child(right, 0))
        self._touch(left)
        self._touch(right)
        children = [*left.children[:-1], middle, *right.children[1:]]
        merged = Vertex(left.layer, left.keys + right.keys, left.values + right.values, children)
        merged.heads[: len(left.keys)] = left.heads
        merged.heads[len(left.keys) + 1 :] = right.heads[1:]
        return merged

    def _tidy(self, vertex: Vertex, above: list[tuple[Vertex, int]]) -> None:
        for parent, index in above:
            self._touch_child(parent, index)
        while above and vertex.is_empty:
            vertex, index = above.pop()
            vertex.children[index] = None
        while not self.root.keys:
            child = self._child(self.root, 0)
            if child is None:
                self.root.layer = 0
                return
            self._touch(self.root)
            self.root = child

    def _cover_left_edge(self, vertex: Vertex | None, blocks: dict[bytes, bytes]) -> None:
        while vertex is not None:
            _add(vertex, blocks)
            vertex = self._child(vertex, 0)

    def _cover_right_edge(self, vertex: Vertex | None, blocks: dict[bytes, bytes]) -> None:
        while vertex is not None:
            _add(vertex, blocks)
            vertex = self._child(vertex, len(vertex.keys))


def _add(vertex: Vertex, blocks: dict[bytes, bytes]) -> None:
    cid, block = _flushed(vertex)
    blocks[cid] = block


def _flushed(vertex: Vertex) -> tuple[bytes, bytes]:
    if vertex.cid is None or vertex.block is None:
        raise TreeInvalid("flush the tree before reading its blocks")
    return vertex.cid, vertex.block


__all__ = ["EMPTY_ROOT", "Source", "Tree"]
