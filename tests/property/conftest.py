"""A repository tree by other hands, to compare ours with."""

from __future__ import annotations

import pytest

from schemas.cbor import CID


class Oracle:
    """The tree of one repository; `root` is its CID, raw."""

    def __init__(self) -> None:
        from atmst.blockstore import MemoryBlockStore
        from atmst.mst.node_store import NodeStore
        from atmst.mst.node_wrangler import NodeWrangler

        store = NodeStore(MemoryBlockStore())
        self._wrangler = NodeWrangler(store)
        self._root = store.get_node(None).cid

    @property
    def root(self) -> bytes:
        return self._root.cid_bytes

    def put(self, path: str, raw: bytes | None) -> None:
        """Set a record's raw CID, or take the record away."""
        change = self._wrangler.del_record if raw is None else self._wrangler.put_record
        self._root = change(self._root, path, *([] if raw is None else [CID(raw)]))


@pytest.fixture(scope="session")
def tree_oracle() -> type[Oracle]:
    """Makes trees to compare with."""
    pytest.importorskip("atmst", reason="atmst needs cbrrr, which needs a C compiler")
    return Oracle
