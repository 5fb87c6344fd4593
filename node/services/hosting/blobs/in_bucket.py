"""Blobs' bytes in a bucket of an S3-compatible server, named by content; what is read is held against its name."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from federation.cids import parse_cid
from node.errors import StoreDamaged
from node.logs import get_logger
from node.services.hosting.blobs.bucket import Bucket
from node.services.hosting.blobs.store import BlobStore, has_its_name

KEPT = 32_000_000  # bytes of what was read lately
AT_ONCE = 16  # deletions
SHA256 = 32  # bytes: a CID ends with the digest


class BlobBucket(BlobStore):
    """Objects `PREFIX/XY/CID`. A draft is uploaded when it is whole, before the writer hears of it."""

    def __init__(self, bucket: Bucket, prefix: str, drafts: Path, limit: int) -> None:
        super().__init__(drafts, limit)
        self.bucket = bucket
        self.prefix = prefix
        self._door = threading.Condition()  # what arrives is not removed; what is being removed arrives after that
        self._arriving: Counter[str] = Counter()
        self._going: set[str] = set()
        self._behind = ThreadPoolExecutor(1, "letting-go")
        self._recent = _Recent(KEPT)

    def arrive(self, draft: Path, cid: str) -> None:
        """Upload it."""
        with self._door:
            self._door.wait_for(lambda: cid not in self._going)
            self._arriving[cid] += 1
        self.bucket.put(self._key(cid), draft, parse_cid(cid)[-SHA256:].hex())

    def place(self, draft: Path, cid: str) -> None:
        """It has its name already."""

    def leave(self, cid: str) -> None:
        """What nobody named meanwhile is found by the sweep."""
        with self._door:
            self._arriving[cid] -= 1
            self._arriving += Counter()  # without those at zero

    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob. Raises StorageFailed, also when they are others."""
        known = self._recent.find(cid)
        body = self.bucket.get(self._key(cid)) if known is None else known
        if body is not None and known is None:
            if not has_its_name(cid, body):
                raise StoreDamaged(f"The storage of files holds other bytes under {cid}.")
            self._recent.keep(cid, body)
        return body

    def remove(self, cids: Collection[str]) -> None:
        """Forget them; those that are arriving again stay."""
        self._remove(cids, list)

    def let_go(self, cids: Collection[str], find_unheld: Callable[[Collection[str]], list[str]]) -> None:
        """Soon: the writer waits for no server. What one keeps that is away is swept later."""
        self._behind.submit(self._remove_soon, cids, find_unheld)

    def settle(self) -> None:
        """What was let go before has its turn before this."""
        self._behind.submit(lambda: None).result()

    def _remove_soon(self, cids: Collection[str], find_unheld: Callable[[Collection[str]], list[str]]) -> None:
        try:
            self._remove(cids, find_unheld)
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and the sweep finds what is left
            get_logger("blobs").error("files could not be removed yet", count=len(cids), error=str(error))

    def _remove(self, cids: Collection[str], find_unheld: Callable[[Collection[str]], list[str]]) -> None:
        """Who holds one is asked once it cannot arrive any more: whoever brought it before has said so by then."""
        with self._door:
            going = {cid for cid in cids if not self._arriving[cid]} - self._going
            self._going |= going
        try:
            unheld = find_unheld(going)
            for cid in unheld:
                self._recent.drop(cid)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(self.bucket.delete, map(self._key, unheld)))
        finally:
            with self._door:
                self._going -= going
                self._door.notify_all()

    def list_all(self) -> Iterator[str]:
        """The CID of every object."""
        for found in self.bucket.list(f"{self.prefix}/"):
            yield found.key.rpartition("/")[2]

    def list_older(self, seconds: float) -> list[str]:
        """By the server's clock."""
        self._sweep_drafts(seconds)
        return [one.key.rpartition("/")[2] for one in self.bucket.list(f"{self.prefix}/") if one.age > seconds]

    def _key(self, cid: str) -> str:
        if not cid.isalnum():
            raise ValueError(f"not a CID: {cid!r}")
        return f"{self.prefix}/{cid[-2:]}/{cid}"


class _Recent:
    """Blobs that were read lately, at most `most` bytes: long texts are read with every page that shows them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._door = threading.Lock()
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def find(self, cid: str) -> bytes | None:
        with self._door:
            if cid in self._held:
                self._held.move_to_end(cid)
            return self._held.get(cid)

    def keep(self, cid: str, body: bytes) -> None:
        with self._door:
            self._size += len(body) - len(self._held.pop(cid, b""))
            self._held[cid] = body
            while self._size > self._most:
                self._size -= len(self._held.popitem(last=False)[1])

    def drop(self, cid: str) -> None:
        with self._door:
            self._size -= len(self._held.pop(cid, b""))
