"""Secrets at rest: AES-256-GCM under the node's sealing key, bound to what they are for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from node.errors import DataFolderError, NodeError

_NONCE = 12
SCRYPT = (15, 8, 1)  # log₂ n, r, p: 32 MiB and about a tenth of a second
KEY_FILE = "keys/sealing.key"  # in the data folder


class SealBroken(NodeError):
    """A sealed secret does not open with this node's sealing key."""

    hint = "Restore keys/sealing.key from the sealed file beside your backup; `skillnet doctor` says how."


class Sealer:
    """Seals bytes under one 32-byte key. `context` is authenticated: what was sealed for one use opens for no other."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def derive(self, purpose: str) -> bytes:
        """A 32-byte secret for one purpose, the same after every start (HKDF-SHA-256, RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(self._key)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes. Raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except (InvalidTag, ValueError) as error:  # the latter of what is shorter than a nonce
            raise SealBroken from error


def passphrase_key(passphrase: str, salt: bytes, costs: tuple[int, int, int] = SCRYPT) -> bytes:
    """32 bytes from what a person remembers (scrypt, RFC 7914)."""
    log_n, block, parallel = costs
    return Scrypt(salt=salt, length=32, n=1 << log_n, r=block, p=parallel).derive(passphrase.encode())


def load_sealing_key(folder: Path, *, is_first: bool = True) -> bytes:
    """The node's sealing key from `folder`/keys/sealing.key (mode 0600); made where this `is_first`: nothing is sealed.

    Raises DataFolderError.
    """
    path = folder / KEY_FILE
    if not (is_first or path.exists()):
        raise DataFolderError(f"{KEY_FILE} is gone: nothing that is sealed opens.", hint=SealBroken.hint)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            write_secret(path, secrets.token_bytes(32))
        key = path.read_bytes()
    except OSError as error:
        raise DataFolderError(f"The sealing key cannot be read or made: {error}") from error
    if len(key) != 32:
        raise DataFolderError(f"{path.name} is damaged: {len(key)} bytes instead of 32.", hint=SealBroken.hint)
    return key


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
