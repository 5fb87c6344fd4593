"""The erasure log: who was erased when and what moderation decided, kept outside the database and its backups, so that
a restore cannot undo it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.errors import Malformed
from node.services.sealing import SealBroken, Sealer
from node.store.clock import as_text, now, parse_time

ERASURE_LOG = "erasures.log"  # in the data folder
ENTRIES = "erasures.count"  # beside it: how many there were at least, so that it does not get shorter unseen
_DECISION = "decision"


class NotThisLog(Malformed):
    """What is said to be the log of erasures is another file, or another node's log."""

    hint = f"It is {ERASURE_LOG} of the node that was backed up; --no-erasures where nothing was erased or it is lost."


class Erasures:
    """Append-only lines `{"person": keyed digest, "at": RFC 3339, "node": mark}` or `{"decision": sealed, …}`.

    Neither name nor DID is ever written in the clear. The digest of a person is of when they were made too: who holds
    the name afterwards is somebody else, whatever the clock says. The mark tells the logs of two nodes apart.
    """

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self.folder = folder
        self._path = folder / ERASURE_LOG
        self._sealer = sealer
        self._key = sealer.derive("erasures")
        self._mark = sealer.derive("the mark of the erasures").hex()[:16]

    def add(self, person: str, created_at: int) -> None:
        """Note, durably, that `person`, as created at `created_at` (microseconds), is being erased now."""
        self._append("person", self._digest(_one(person, created_at)))

    def add_decision(self, decision: Mapping[str, Any]) -> None:
        """Note, durably, what moderation is deciding now."""
        sealed = self._sealer.seal(json.dumps(decision).encode(), _DECISION)
        self._append(_DECISION, base64.b64encode(sealed).decode())

    def _append(self, kind: str, value: str) -> None:
        line = json.dumps({kind: value, "at": as_text(now()), "node": self._mark}) + "\n"
        before = count_entries(self.folder)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("\n" + line if self._is_torn() else line)
            file.flush()
            os.fsync(file.fileno())
        self._remember(max(before.there, before.remembered) + 1)  # what was lost stays lost

    def remember(self) -> None:
        """Of a log that was brought here, how many entries it has."""
        seen = count_entries(self.folder)
        if seen.there > seen.remembered:
            self._remember(seen.there)

    def _remember(self, entries: int) -> None:
        """A disk that takes nothing keeps the former number: then fewer are missed."""
        draft = self.folder / f"{ENTRIES}.draft"
        with contextlib.suppress(OSError):
            draft.write_text(str(entries))
            draft.replace(self.folder / ENTRIES)

    def check(self) -> None:
        """Is all of it of this node? Otherwise it would bring everybody back without a word. Raises NotThisLog."""
        # Where the power went the file may have grown by zeros.
        lines = [line for part in self._lines() if (line := part.strip("\0 \t"))]
        if not lines:
            raise NotThisLog("The log of erasures is empty.")
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                if not line.startswith("{"):  # a torn one begins like any other
                    raise NotThisLog(f"The log of erasures has a line that is none of its: {line[:40]!r}.") from None
                continue
            self._check_entry(entry)

    def _check_entry(self, entry: Any) -> None:
        if not isinstance(entry, dict) or "at" not in entry or not {"person", _DECISION} & entry.keys():
            raise NotThisLog(f"The log of erasures has a line that is none of its: {json.dumps(entry)[:40]!r}.")
        ours = entry.get("node", self._mark) == self._mark
        if ours and _DECISION in entry:  # of an earlier release, which wrote no mark
            ours = self._open(str(entry[_DECISION])) is not None
        if not ours:
            raise NotThisLog("The log of erasures is of another node.")

    def load(self) -> dict[str, int]:
        """Digest of a person → microseconds of their last erasure."""
        return {digest: at for at, digest in self._entries("person")}

    def decisions(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What moderation decided, with when (microseconds), oldest first; what another node's key sealed is none."""
        for at, sealed in self._entries(_DECISION):
            if (decision := self._open(sealed)) is not None:
                yield at, decision

    def _open(self, sealed: str) -> dict[str, Any] | None:
        try:
            return dict(json.loads(self._sealer.open(base64.b64decode(sealed), _DECISION)))
        except (SealBroken, ValueError):
            return None

    def _lines(self) -> list[str]:
        return _lines(self._path)

    def _entries(self, kind: str) -> Iterator[tuple[int, str]]:
        """A torn line is passed over."""
        for line in self._lines():
            try:
                entry = json.loads(line)
                yield parse_time(entry["at"]), str(entry[kind])
            except (ValueError, KeyError, TypeError):
                continue

    def is_erased(self, log: dict[str, int], person: str, created_at: int) -> bool:
        """Was this person, as created at `created_at` (microseconds), erased?"""
        if self._digest(_one(person, created_at)) in log:
            return True
        # Lines from before the first release name the person alone: of those the clock decides, in milliseconds.
        return log.get(self._digest(person), -1) >= created_at // 1000 * 1000

    def _is_torn(self) -> bool:
        """Did the machine stop in the middle of the last line? What is written behind it would be lost with it."""
        with self._path.open("rb") as file:
            file.seek(-min(1, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.read() not in (b"", b"\n")

    def _digest(self, person: str) -> str:
        return hmac.new(self._key, person.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Entries:
    """How many the log of a folder has, and how many it had at least."""

    there: int
    remembered: int

    @property
    def lost(self) -> int:
        """How many are gone."""
        return max(0, self.remembered - self.there)


def count_entries(folder: Path) -> Entries:
    """Read from the folder alone: no key is needed."""
    there = sum(1 for line in _lines(folder / ERASURE_LOG) if line.strip("\0 \t"))
    try:
        return Entries(there, int((folder / ENTRIES).read_text()))
    except (OSError, ValueError):
        return Entries(there, 0)


def _lines(log: Path) -> list[str]:
    return log.read_text("utf-8", errors="replace").splitlines() if log.exists() else []


def _one(person: str, created_at: int) -> str:
    return f"{person}|{created_at}"
