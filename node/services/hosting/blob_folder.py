"""Blobs' bytes: files under the data folder, named by content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
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

    def add(self, piece: bytes) -> None:
        """The next bytes. Raises TooLarge."""
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge(f"A blob may have {self._limit:,} bytes.")
        if len(self._beginning) < _SNIFFED:
            self._beginning += piece[:_SNIFFED]
        self._digest.update(piece)
        self._file.write(piece)

    def keep(self, claimed: str = "") -> StoredBlob:
        """It is whole: durable under the name of its content."""
        self._file.flush()
        os.fsync(self._file.fileno())
        cid = blob_cid(self._digest.digest())
        place = path_of(self._folder, cid)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(place)
        mime = sniff(self._beginning)
        if mime == UNKNOWN and claimed.startswith("text/") and not claimed.startswith("text/html"):
            mime = "text/plain"
        return StoredBlob(cid, mime, self._size)

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
            return draft.keep(claimed)
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
