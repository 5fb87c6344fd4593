"""Where the index lies: generations side by side, and a small file that names the current one.

    search/current.json        {"format": 1, "generation": "g000003"}
    search/g000003/            a tantivy index

Swapping is the atomic replacement of that file; a crash before it leaves the old index, after it the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from node.search.errors import IndexCorrupt, IndexForbidden, IndexLost, IndexOutdated
from node.search.tantivy_engine.schema import FORMAT

Stamp = tuple[int, int] | None

_CURRENT = "current.json"


class IndexFolder:
    """The generations of one index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Path:
        """The generation that answers. Raises IndexLost, IndexForbidden, IndexCorrupt, IndexOutdated."""
        try:
            named = json.loads((self.path / _CURRENT).read_text("utf-8"))
            found, generation = named["format"], self.path / str(named["generation"])
            whole = generation.parent == self.path and (generation / "meta.json").is_file()
        except FileNotFoundError:
            raise IndexLost(f"There is no search index in {self.path}.") from None
        except PermissionError as error:
            raise IndexForbidden from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexCorrupt(f"{self.path / _CURRENT} cannot be read: {error}") from error
        if found != FORMAT:
            raise IndexOutdated(f"The search index has format {found}; this release reads {FORMAT}.")
        if not whole:
            raise IndexLost(f"The search index {generation} is gone.")
        return generation

    def create(self) -> Path:
        """A new, empty generation beside the others. Raises IndexForbidden."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            numbers = [int(p.name[1:]) for p in self.path.glob("g*") if p.name[1:].isdecimal()]
            generation = self.path / f"g{max(numbers, default=0) + 1:06}"
            generation.mkdir()
        except PermissionError as error:
            raise IndexForbidden from error
        return generation

    def choose(self, generation: Path) -> None:
        """Make it current, durably, and delete the others."""
        written = self.path / f"{_CURRENT}.new"
        with written.open("w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, "generation": generation.name}, file)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.path / _CURRENT)
        for other in self.path.glob("g*"):
            if other != generation:
                self.discard(other)

    def discard(self, generation: Path) -> None:
        """Delete; open readers keep what they have mapped."""
        shutil.rmtree(generation, ignore_errors=True)

    def stamp(self) -> Stamp:
        """Changes with every `choose`: how a reading process notices."""
        return stamp_of(self.path / _CURRENT)

    def bytes(self) -> int:
        """Size on disk."""
        return sum(map(_size, self.path.rglob("*")))


def stamp_of(path: Path) -> Stamp:
    """Changes whenever the file is replaced, also twice within one tick of the file system's clock; None without it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns)


def _size(path: Path) -> int:
    """Files come and go while the engine merges."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
