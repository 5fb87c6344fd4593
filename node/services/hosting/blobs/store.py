"""What keeps blobs' bytes, under the names of their content: a folder, or a bucket of an S3-compatible server."""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from federation.codec import blob_cid
from node.errors import StoreDamaged
from node.services.half_written import clear_drafts
from node.services.hosting.blobs.draft import Draft, StoredBlob


class BlobStore(ABC):
    """Keeps blobs of at most `limit` bytes; what arrives is gathered in `drafts`, a folder of this machine."""

    def __init__(self, drafts: Path, limit: int) -> None:
        self._drafts = drafts
        self._limit = limit

    def begin(self) -> Draft:
        """Take a blob piece by piece."""
        return Draft(self._drafts, self._limit, self)

    def put(self, body: bytes, claimed: str = "") -> StoredBlob:
        """Store `body`; the same bytes are stored once. Raises TooLarge, StorageFailed."""
        draft = self.begin()
        try:
            draft.add(body)
            stored = draft.finish(claimed)
            draft.place()
            return stored
        finally:
            draft.close()

    def clear_drafts(self) -> int:
        """Remove what killed processes left half received; how many files."""
        return clear_drafts(self._drafts, ".*")

    @abstractmethod
    def arrive(self, draft: Path, cid: str) -> None:
        """Take a whole draft, outside the writer. Raises StorageFailed."""

    @abstractmethod
    def place(self, draft: Path, cid: str) -> None:
        """Give it its name, in the writer."""

    @abstractmethod
    def leave(self, cid: str) -> None:
        """Whoever brought it is done."""

    @abstractmethod
    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob. Raises StorageFailed."""

    def find_whole(self, cid: str) -> bytes | None:
        """The bytes that the CID names; None when they are lost or damaged."""
        try:
            body = self.find(cid)
        except StoreDamaged:
            return None
        return body if body is not None and has_its_name(cid, body) else None

    @abstractmethod
    def remove(self, cids: Collection[str]) -> None:
        """Forget them. Raises StorageFailed."""

    def let_go(self, cids: Collection[str], find_unheld: Callable[[Collection[str]], list[str]]) -> None:
        """Remove those that nobody holds; called in the writer, once what let them go is durable."""
        self.remove(find_unheld(cids))

    @abstractmethod
    def settle(self) -> None:
        """Wait until what was let go is gone; not in the writer."""

    @abstractmethod
    def list_all(self) -> Iterator[str]:
        """The CID of every blob that lies here, named by a row or not."""

    @abstractmethod
    def list_older(self, seconds: float) -> list[str]:
        """Blobs that lie here longer than that; drafts that nobody finished are removed on the way."""

    def _sweep_drafts(self, seconds: float) -> None:
        for path in self._drafts.glob(".*") if self._drafts.is_dir() else ():
            if path.is_file() and time.time() - path.stat().st_mtime > seconds:
                path.unlink(missing_ok=True)


class Stores:
    """Reads from several stores as from one; for those who checked already who may see what."""

    def __init__(self, *stores: BlobStore) -> None:
        self._stores = stores

    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob, wherever they lie."""
        return next((body for store in self._stores if (body := store.find(cid)) is not None), None)


def has_its_name(cid: str, body: bytes) -> bool:
    """Are these the bytes that the CID names?"""
    return blob_cid(hashlib.sha256(body).digest()) == cid
