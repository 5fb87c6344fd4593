"""A folder that an export fills: each file whole or not there, taken up where it stopped, closed by a list of hashes.

While it is unfinished a journal says what is in it; `SHA256SUMS`, in the form that `sha256sum --check` reads, is
written last.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from node.errors import Conflict
from node.services.half_written import begin_draft, clear_drafts

SUMS, JOURNAL = "SHA256SUMS", ".unfinished"
_DRAFT = ".draft"


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: str
    size: int
    sha256: str


class ExportFolder:
    """Raises Conflict when the folder holds something that is no unfinished export."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        journal = path / JOURNAL
        if not journal.exists() and any(path.iterdir()):
            raise Conflict(f"{path} is not empty.", hint="Name a new folder, or that of an interrupted export.")
        self._before = _read_journal(journal)
        self._journal = journal.open("a", encoding="utf-8")
        self._sums: dict[str, str] = {}
        self.resumed = 0

    def put(self, name: str, pieces: Iterable[bytes], mark: str = "") -> None:
        """Write a file. One with the same `mark` that is there from an interrupted run is left as it is."""
        target = self.path / name
        known = self._before.get(name)
        if mark and known and known.mark == mark and target.is_file() and target.stat().st_size == known.size:
            self._sums[name] = known.sha256
            self.resumed += 1
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        draft = target.with_name(f".{target.name}{_DRAFT}")
        try:
            with begin_draft(draft) as file:
                for piece in pieces:
                    digest.update(piece)
                    size += file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        self._sums[name] = digest.hexdigest()
        self._journal.write(json.dumps([name, mark, size, self._sums[name]]) + "\n")
        self._journal.flush()

    def finish(self) -> int:
        """Remove what an interrupted run left and this one did not want; write the list. How many files there are."""
        self._journal.close()
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if path.is_file() and name not in self._sums and name != JOURNAL:
                path.unlink()
        lines = "".join(f"{self._sums[name]}  {name}\n" for name in sorted(self._sums))
        draft = self.path / f".{SUMS}{_DRAFT}"
        with begin_draft(draft) as file:
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / SUMS)
        (self.path / JOURNAL).unlink()
        return len(self._sums)

    def leave(self) -> None:
        """Interrupted: what is there can be taken up again."""
        self._journal.close()
        for folder in {self.path, *(path for path in self.path.rglob("*") if path.is_dir())}:
            clear_drafts(folder, f".*{_DRAFT}")


def _read_journal(path: Path) -> dict[str, _Kept]:
    """What an interrupted run wrote; a last line that it did not finish is nothing."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            name, mark, size, sha256 = json.loads(line)
        except ValueError:
            continue
        found[str(name)] = _Kept(mark, size, sha256)
    return found
