"""Blobs' bytes: files under the data folder, named by content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from federation.codec import blob_cid
from node.errors import TooLarge

# Types are sniffed, never believed. Whatever is not one of these is served as a download of unknown type.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN = "application/octet-stream"
_SNIFFED = 512  # bytes looked at


def sniff(body: bytes) -> str:
    """The media type that the first bytes show."""
    for signature, mime in _SIGNATURES:
        if body.startswith(signature):
            return mime
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What was stored."""

    cid: str
    mime: str
    size: int


class Draft:
    """A blob that is arriving, in a file of its own until it is whole."""

    def __init__(self, folder: Path, limit: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._limit = limit
        self._path = folder / f".{secrets.token_hex(8)}"
        self._file = self._path.open("xb")
        self._digest = hashlib.sha256()
        self._size = 0
        self._beginning = b""
        self._cid = ""

    def add(self, piece: bytes) -> None:
        """The next bytes. Raises TooLarge."""
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge(f"A blob may have {self._limit:,} bytes.")
        if len(self._beginning) < _SNIFFED:
            self._beginning += piece[:_SNIFFED]
        self._digest.update(piece)
        self._file.write(piece)

    def finish(self, claimed: str = "") -> StoredBlob:
        """It is whole and its bytes are on disk; `place` gives them their name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._cid = blob_cid(self._digest.digest())
        mime = sniff(self._beginning)
        if mime == UNKNOWN and claimed.startswith("text/") and not claimed.startswith("text/html"):
            mime = "text/plain"
        return StoredBlob(self._cid, mime, self._size)

    def place(self) -> None:
        """Durable under the name of its content. In the writer, where files are removed too: neither sees half."""
        place = path_of(self._folder, self._cid)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Let go; what was not kept is gone."""
        self._file.close()
        self._path.unlink(missing_ok=True)


class BlobFolder:
    """Content-addressed files in `folder`, two levels deep."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def begin(self) -> Draft:
        """Take a blob piece by piece."""
        return Draft(self._folder, self._limit)

    def put(self, body: bytes, claimed: str = "") -> StoredBlob:
        """Store `body`; the same bytes are stored once. Raises TooLarge."""
        draft = self.begin()
        try:
            draft.add(body)
            stored = draft.finish(claimed)
            draft.place()
            return stored
        finally:
            draft.close()

    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob."""
        try:
            return self._path(cid).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, cid: str) -> None:
        """Forget it."""
        self._path(cid).unlink(missing_ok=True)

    def list_older(self, seconds: float) -> list[str]:
        """Blobs whose file is older than that; drafts that nobody finished are removed on the way."""
        found = []
        for path in self._folder.rglob("*") if self._folder.is_dir() else ():
            if path.is_file() and time.time() - path.stat().st_mtime > seconds:
                if path.name.startswith("."):
                    path.unlink(missing_ok=True)
                else:
                    found.append(path.name)
        return found

    def _path(self, cid: str) -> Path:
        return path_of(self._folder, cid)


class Folders:
    """Reads from several folders as from one; for those who checked already who may see what."""

    def __init__(self, *folders: BlobFolder) -> None:
        self._folders = folders

    def find(self, cid: str) -> bytes | None:
        """The bytes of a blob, wherever they lie."""
        return next((body for folder in self._folders if (body := folder.find(cid)) is not None), None)


def path_of(folder: Path, cid: str) -> Path:
    """Where a blob lies. Raises ValueError for what is no CID."""
    if not cid.isalnum():
        raise ValueError(f"not a CID: {cid!r}")
    return folder / cid[-2:] / cid
