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


class BlobFolder:
    """Content-addressed files in `folder`, two levels deep."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def put(self, body: bytes, claimed: str = "") -> StoredBlob:
        """Store `body`; the same bytes are stored once. Raises TooLarge."""
        if len(body) > self._limit:
            raise TooLarge(f"A blob may have {self._limit:,} bytes; this has {len(body):,}.")
        cid = blob_cid(hashlib.sha256(body).digest())
        path = self._path(cid)
        if not path.exists():
            _write(path, body)
        mime = sniff(body)
        if mime == UNKNOWN and claimed.startswith("text/") and claimed != "text/html":
            mime = "text/plain"
        return StoredBlob(cid, mime, len(body))

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
        if not cid.isalnum():
            raise ValueError(f"not a CID: {cid!r}")
        return self._folder / cid[-2:] / cid


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{secrets.token_hex(8)}"
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
