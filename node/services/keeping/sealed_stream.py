"""A file that opens with its passphrase alone and tells when a byte of it is missing, moved or changed.

Pieces of 256 KiB under AES-256-GCM, numbered, the last one marked (the STREAM construction: Hoang, Reyhanitabar,
Rogaway and Vizár, 2015). The key comes from the passphrase by scrypt (RFC 7914); salt and costs are in the head.
"""

from __future__ import annotations

import secrets
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from node.errors import Malformed
from node.services.sealing import SCRYPT, passphrase_key

MAGIC = b"skillnet backup 1\n"
PIECE = 1 << 18
TAG = 16
SALT, PREFIX = 16, 7
_HEAD = struct.Struct(f">{len(MAGIC)}sBBB{SALT}s{PREFIX}s")
MOST_COSTS = (20, *SCRYPT[1:])  # 1 GiB: no head of a stranger's file may ask for more


class BackupUnreadable(Malformed):
    """The backup cannot be read: it is damaged, cut short, or sealed with another passphrase."""

    hint = "Is it the right passphrase, and the whole file?"


class SealedWriter:
    """Bytes go in, sealed pieces go to `file`. `finish` marks the end; without it the file never opens whole."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, prefix = secrets.token_bytes(SALT), secrets.token_bytes(PREFIX)
        self._head = _HEAD.pack(MAGIC, *SCRYPT, salt, prefix)
        self._file = file
        self._pieces = _Pieces(passphrase, salt, prefix, SCRYPT, self._head)
        self._waiting = bytearray()
        self._closed = False
        file.write(self._head)

    def write(self, body: bytes) -> int:
        """Take some bytes, which are nothing once it is closed."""
        self._waiting += b"" if self._closed else body
        while len(self._waiting) > PIECE:
            self._file.write(self._pieces.seal(bytes(self._waiting[:PIECE]), last=False))
            del self._waiting[:PIECE]
        return len(body)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full."""

    def close(self) -> None:
        """Write nothing more."""
        self._closed = True
        self._waiting.clear()

    def finish(self) -> None:
        """Write what is waiting as the last piece."""
        self._file.write(self._pieces.seal(bytes(self._waiting), last=True))
        self._waiting.clear()


class SealedReader:
    """Reads what SealedWriter wrote. Raises BackupUnreadable, also when the end is missing."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(MAGIC):
            raise BackupUnreadable("This is not a backup of a node.", hint="`skillnet backup FILE` makes one.")
        _, *costs, salt, prefix = _HEAD.unpack(head)
        if not all(1 <= cost <= most for cost, most in zip(costs, MOST_COSTS, strict=True)):
            raise BackupUnreadable("The head of the backup is damaged.")
        self._file = file
        self._pieces = _Pieces(passphrase, salt, prefix, tuple(costs), head)
        self._following = file.read(PIECE + TAG)
        self._ready = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; all that is left when it is negative."""
        parts, wanted = [], size
        while wanted != 0:
            if not self._ready and not self._open_next():
                break
            part = self._ready if wanted < 0 else self._ready[:wanted]
            self._ready = self._ready[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def _open_next(self) -> bool:
        if self._ended:
            return False
        sealed, self._following = self._following, self._file.read(PIECE + TAG)
        self._ended = not self._following
        self._ready = self._pieces.open(sealed, last=self._ended)
        return bool(self._ready)


class _Pieces:
    """Seals and opens pieces in order. The head is bound to each of them."""

    def __init__(self, passphrase: str, salt: bytes, prefix: bytes, costs: tuple[int, int, int], head: bytes) -> None:
        self._cipher = AESGCM(passphrase_key(passphrase, salt, costs))
        self._prefix = prefix
        self._head = head
        self._number = 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), plain, self._head)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last=last), sealed, self._head)
        except InvalidTag as error:
            raise BackupUnreadable from error

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._prefix + struct.pack(">IB", self._number, last)
        self._number += 1
        return nonce
