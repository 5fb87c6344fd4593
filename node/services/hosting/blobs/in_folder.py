"""Blobs' bytes as files under the data folder, named by content, written whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path

from node.services.half_written import keep_names
from node.services.hosting.blobs.store import BlobStore


class BlobFolder(BlobStore):
    """Content-addressed files in `folder`, two levels deep."""

    def __init__(self, folder: Path, limit: int) -> None:
        super().__init__(folder, limit)
        self._folder = folder

    def arrive(self, draft: Path, cid: str) -> None:
        """The draft lies in the folder already."""

    def place(self, draft: Path, cid: str) -> None:
        """Rename it, durably."""
        place = path_of(self._folder, cid)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(place)
        keep_names(place.parent)

    def leave(self, cid: str) -> None:
        """Nothing to do."""

    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob."""
        try:
            return path_of(self._folder, cid).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, cids: Collection[str]) -> None:
        """Forget them."""
        for cid in cids:
            path_of(self._folder, cid).unlink(missing_ok=True)

    def settle(self) -> None:
        """Nothing is put off."""

    def list_all(self) -> Iterator[str]:
        """The CID of every file, in order of folders."""
        yield from (path.name for path in self._files())

    def list_older(self, seconds: float) -> list[str]:
        """Blobs whose file is older than that; drafts that nobody finished are removed on the way."""
        self._sweep_drafts(seconds)
        return [path.name for path in self._files() if time.time() - path.stat().st_mtime > seconds]

    def _files(self) -> Iterator[Path]:
        for path in sorted(self._folder.rglob("*")) if self._folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                yield path


def path_of(folder: Path, cid: str) -> Path:
    """Where a blob lies. Raises ValueError for what is no CID."""
    if not cid.isalnum():
        raise ValueError(f"not a CID: {cid!r}")
    return folder / cid[-2:] / cid
