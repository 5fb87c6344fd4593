"""To another node and back: everything kept, in one file sealed with a passphrase of the worker's own.

The file is `SKILLNET-WORKER-1` and a newline, 16 bytes of salt, then AES-256-GCM (12-byte nonce first) under a key that
scrypt (n=2¹⁵, r=8, p=1; RFC 7914) makes of the passphrase, over deflated JSON Lines. What belongs to this node alone,
such as private addresses, stays behind.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from node.errors import Conflict, Malformed
from node.services.learning.feed.offers import read_item
from node.services.learning.sealed.ledger import (
    CORRECTION,
    DAY,
    FEEDBACK,
    HISTORY,
    LESSON,
    NOTICE,
    OFFER,
    OUTCOME,
    PROFILE,
    RECEIPT,
    load_ledger,
)
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.policy import Viewer
from node.services.sealing import passphrase_key

MAGIC = b"SKILLNET-WORKER-1\n"
SALT, NONCE = 16, 12
SHORTEST = 8
LARGEST = 50_000_000
MOST = 200_000
MOVED = (PROFILE, HISTORY, OUTCOME, CORRECTION, FEEDBACK, OFFER, RECEIPT, LESSON, DAY, NOTICE)


@dataclass(frozen=True, slots=True)
class Moving:
    """Packs and unpacks."""

    vault: Vault

    def pack(self, viewer: Viewer, passphrase: str) -> bytes:
        """The sealed file. Raises Malformed for a passphrase of under eight characters."""
        _check(passphrase)
        with self.vault.read(viewer.name) as drawer:
            lines = [
                json.dumps({"kind": e.kind, "id": e.slot, "at": e.at, "value": e.value}, ensure_ascii=False)
                for e in drawer.all()
                if e.kind in MOVED
            ]
        salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
        plain = zlib.compress("\n".join(lines).encode())
        return MAGIC + salt + nonce + AESGCM(passphrase_key(passphrase, salt)).encrypt(nonce, plain, MAGIC)

    def unpack(self, viewer: Viewer, sealed: bytes, passphrase: str) -> int:
        """Put everything from the file into the worker's empty drawer: all or nothing. How many entries came.

        Raises Malformed for what is no such file or another passphrase, Conflict when something is kept here already.
        """
        entries = list(_read(_open(sealed, passphrase)))

        def work(drawer: Drawer) -> int:
            if any(entry.kind in MOVED for entry in drawer.all()):
                raise Conflict(
                    "You have data here already.", hint="Export what is here, erase it, then bring the file."
                )
            for kind, slot, at, value in entries:
                drawer.put(kind, slot, value, at)
            _check_readable(drawer)
            return len(entries)

        return self.vault.change(viewer.name, work)


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise Malformed(f"The passphrase has at least {SHORTEST} characters.")


def _open(sealed: bytes, passphrase: str) -> str:
    _check(passphrase)
    if not sealed.startswith(MAGIC) or len(sealed) > LARGEST:
        raise Malformed("This is no file of a worker's data.", hint="`skillnet worker move` writes one.")
    body = sealed[len(MAGIC) :]
    salt, nonce, rest = body[:SALT], body[SALT : SALT + NONCE], body[SALT + NONCE :]
    try:
        plain = AESGCM(passphrase_key(passphrase, salt)).decrypt(nonce, rest, MAGIC)
        inflate = zlib.decompressobj()
        text = inflate.decompress(plain, LARGEST)
        if inflate.unconsumed_tail:
            raise Malformed("The file holds too much.")
        return text.decode()
    except (InvalidTag, ValueError, zlib.error):
        raise Malformed("The file does not open with this passphrase, or is damaged.") from None


def _read(text: str) -> Iterator[tuple[str, str, int, Any]]:
    for number, line in enumerate(text.splitlines()):
        try:
            entry = json.loads(line)
            kind, slot, at, value = entry["kind"], str(entry["id"]), int(entry["at"]), entry["value"]
        except (ValueError, KeyError, TypeError):
            raise Malformed("The file is damaged.") from None
        if kind not in MOVED or number >= MOST or at <= 0 or len(slot) > 200:
            raise Malformed("The file holds something that is no worker's data.")
        yield kind, slot, at, value


def _check_readable(drawer: Drawer) -> None:
    """What came must be what this node can read; otherwise nothing of it is kept. Raises Malformed."""
    try:
        load_ledger(drawer)
        for entry in drawer.entries(OFFER):
            read_item(entry.value)
        for entry in drawer.entries(LESSON):
            _ = entry.value["p"], entry.value["slots"], entry.value["overrides"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Malformed("The file holds something that this node cannot read.") from None
