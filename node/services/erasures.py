"""The erasure log: who was erased when, kept outside the database and its backups, so that a restore cannot undo it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path

from node.services.sealing import Sealer
from node.store.clock import as_text, now, parse_time

ERASURE_LOG = "erasures.log"  # in the data folder


class Erasures:
    """Append-only lines `{"person": keyed digest, "at": RFC 3339}`. Neither name nor DID is ever written."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self.folder = folder
        self._path = folder / ERASURE_LOG
        self._key = sealer.derive("erasures")

    def add(self, person: str) -> None:
        """Note, durably, that `person` is being erased now."""
        line = json.dumps({"person": self._digest(person), "at": as_text(now())}) + "\n"
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("\n" + line if self._is_torn() else line)
            file.flush()
            os.fsync(file.fileno())

    def load(self) -> dict[str, int]:
        """Digest of a person → microseconds of their last erasure. A torn line is passed over."""
        found: dict[str, int] = {}
        if not self._path.exists():
            return found
        for line in self._path.read_text("utf-8").splitlines():
            try:
                entry = json.loads(line)
                found[str(entry["person"])] = parse_time(entry["at"])
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def is_erased(self, log: dict[str, int], person: str, created_at: int) -> bool:
        """Was this person, as created at `created_at` (microseconds), erased afterwards?"""
        return log.get(self._digest(person), -1) >= created_at // 1000 * 1000  # the log counts milliseconds

    def _is_torn(self) -> bool:
        """Did the machine stop in the middle of the last line? What is written behind it would be lost with it."""
        return self._path.read_bytes()[-1:] not in (b"", b"\n")

    def _digest(self, person: str) -> str:
        return hmac.new(self._key, person.encode(), hashlib.sha256).hexdigest()
