"""A blob that is arriving: written to a file of its own, counted, hashed and its type sniffed, until it is whole."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from federation.codec import blob_cid
from node.authoring.pictures.picture import HEAD, bare, find_picture_type, is_picture
from node.errors import TooLarge
from node.services.half_written import begin_draft

UNKNOWN = "application/octet-stream"


def sniff(head: bytes) -> str:
    """The media type that the beginning shows: types are never believed. The unknown is served as a download."""
    return find_picture_type(head) or ("application/pdf" if head.startswith(b"%PDF-") else UNKNOWN)


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What was stored."""

    cid: str
    mime: str
    size: int


class Receiver(Protocol):
    """Where a whole draft goes."""

    def arrive(self, draft: Path, cid: str) -> None:
        """It is whole and on disk. May take long; nobody waits for it but its sender."""

    def place(self, draft: Path, cid: str) -> None:
        """Durable under the name of its content; quick, for it runs in the writer."""

    def leave(self, cid: str) -> None:
        """Its sender is done with it."""


class Draft:
    """A blob that is arriving, in a file of its own until it is whole."""

    def __init__(self, folder: Path, limit: int, receiver: Receiver) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._limit = limit
        self._receiver = receiver
        self._path = folder / f".{secrets.token_hex(8)}"
        self._file = begin_draft(self._path)
        self._digest = hashlib.sha256()
        self._size = 0
        self._beginning = b""
        self._cid = ""

    def add(self, piece: bytes) -> None:
        """The next bytes. Raises TooLarge."""
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge(f"A blob may have {self._limit:,} bytes.")
        if len(self._beginning) < HEAD:
            self._beginning += piece[:HEAD]
        self._digest.update(piece)
        self._file.write(piece)

    def lay_bare(self) -> None:
        """Go on with the picture alone, should it be one that says where and with what it was taken."""
        if not is_picture(self._beginning):
            return
        self._file.flush()
        whole = self._path.read_bytes()
        kept = bare(whole)
        if kept != whole:
            self._file.seek(0)
            self._file.truncate()
            self._digest, self._size, self._beginning = hashlib.sha256(), 0, b""
            self.add(kept)

    def finish(self, claimed: str = "") -> StoredBlob:
        """It is whole and its bytes are kept; `place` makes them count. Raises StorageFailed."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._cid = blob_cid(self._digest.digest())
        self._receiver.arrive(self._path, self._cid)
        mime = sniff(self._beginning)
        if mime == UNKNOWN and claimed.startswith("text/") and not claimed.startswith("text/html"):
            mime = "text/plain"
        return StoredBlob(self._cid, mime, self._size)

    def place(self) -> None:
        """Durable under the name of its content. In the writer, where blobs are removed too: neither sees half."""
        self._receiver.place(self._path, self._cid)

    def close(self) -> None:
        """Let go; what was not kept is gone."""
        self._file.close()
        self._path.unlink(missing_ok=True)
        if self._cid:
            self._receiver.leave(self._cid)
