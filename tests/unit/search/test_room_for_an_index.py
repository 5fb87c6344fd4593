"""What keeps the index from being written: the disk, or damage."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from node.errors import DiskFull, StorageFailed, StoreReadOnly
from node.search.tantivy_engine.damage import require_room


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, StoreReadOnly),
        (errno.EIO, StoreReadOnly),
        (errno.EOPNOTSUPP, None),  # a file system that cannot reserve room
        (errno.EMFILE, None),
    ],
)
def test_only_what_a_disk_says_is_its_fault(
    number: int, refusal: type[StorageFailed] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "posix_fallocate", fail, raising=False)
    if refusal is None:
        require_room(tmp_path, 10)
        return
    with pytest.raises(refusal):
        require_room(tmp_path, 10)


def test_room_is_tried_where_none_can_be_reserved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    require_room(tmp_path, 10)
    require_room(tmp_path / "lost", 10)
    assert list(tmp_path.iterdir()) == []
