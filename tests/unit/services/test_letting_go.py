"""Files in a bucket are removed behind the writer, and never those that come again meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from node.errors import BlobsAway
from node.services.hosting.blobs.in_bucket import BlobBucket

PATIENCE = 30


class Slow:
    """A bucket whose deletions wait for `go`, and fail while it is `away`."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.asked, self.go = threading.Event(), threading.Event()
        self.away = False

    def put(self, key: str, _file: Path, _digest: str) -> None:
        self.kept.add(key)

    def delete(self, key: str) -> None:
        self.asked.set()
        assert self.go.wait(PATIENCE)
        if self.away:
            raise BlobsAway
        self.kept.discard(key)


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()


@pytest.fixture
def store(slow: Slow, tmp_path: Path) -> BlobBucket:
    bucket: Any = slow
    return BlobBucket(bucket, "blobs", tmp_path, 1000)


def _all(among: Collection[str]) -> list[str]:
    return list(among)


def test_the_writer_waits_for_no_deletion(store: BlobBucket, slow: Slow) -> None:
    cid = store.put(b"what goes").cid
    store.let_go([cid], _all)
    assert slow.asked.wait(PATIENCE)
    assert slow.kept
    slow.go.set()
    store.settle()
    assert not slow.kept


def test_what_comes_again_while_it_goes_arrives_after_that(store: BlobBucket, slow: Slow) -> None:
    cid = store.put(b"the same").cid
    store.let_go([cid], _all)
    assert slow.asked.wait(PATIENCE)
    coming = threading.Thread(target=store.put, args=(b"the same",))
    coming.start()
    slow.go.set()
    coming.join(PATIENCE)
    store.settle()
    assert slow.kept == {store._key(cid)}


def test_what_is_held_again_by_the_time_it_would_go_stays(store: BlobBucket, slow: Slow) -> None:
    slow.go.set()
    cid = store.put(b"the same").cid
    store.let_go([cid], lambda _among: [])
    store.settle()
    assert slow.kept == {store._key(cid)}


def test_a_bucket_that_is_away_leaves_them_to_the_sweep(store: BlobBucket, slow: Slow) -> None:
    slow.go.set()
    cid, slow.away = store.put(b"what goes").cid, True
    store.let_go([cid], _all)
    store.settle()
    slow.away = False
    store.let_go([cid], _all)
    store.settle()
    assert not slow.kept
