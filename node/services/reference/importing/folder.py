"""The files of one release: a folder, whatever the exact spelling of their names."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from node.services.reference.importing.errors import FilesMissing
from node.services.reference.importing.tabular import ENDINGS, Table

FORMAT = "3"  # changes when the same files would be read differently
_VERSION = re.compile(r"_v(\d+(?:\.\d+)+)$")


class ReleaseFolder:
    """`find("task_statements")` finds `Task Statements.txt`, `task_statements.tsv`, `Task_Statements.xlsx` …"""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        if not folder.is_dir():
            raise FilesMissing(str(folder), "This is not a folder.")
        self._paths: dict[str, Path] = {}
        self.versions_in_names: set[str] = set()
        for path in sorted(folder.iterdir()):
            stem = re.sub(r"[\s\-]+", "_", path.stem.lower())
            if found := _VERSION.search(stem):
                stem = stem[: found.start()]
            if path.suffix.lower() in ENDINGS and path.is_file():
                self._paths.setdefault(stem, path)
                self.versions_in_names |= {found[1]} if found else set()
        self.counts: dict[str, int] = {}

    def find_path(self, *names: str) -> Path | None:
        """The first of these files that is there."""
        for name in names:
            if name in self._paths:
                return self._paths[name]
        return None

    def find(self, *names: str) -> Table | None:
        """The first of these tables that is there."""
        path = self.find_path(*names)
        if path is None:
            return None
        table = Table(path)
        self.counts[path.name] = len(table)
        return table

    def get(self, *names: str) -> Table:
        """As `find`. Raises FilesMissing."""
        table = self.find(*names)
        if table is None:
            raise FilesMissing(str(self.path), f"There is no file {names[0]} (.tsv, .txt, .csv or .xlsx).")
        return table


def digest_of(folder: Path, *more: str, deep: bool = False) -> str:
    """SHA-256 over names and contents of the tables of a folder (`deep`: and of the folders in it)."""
    whole = hashlib.sha256("\0".join((FORMAT, *more)).encode())
    for path in sorted([*folder.glob("*"), *(folder.glob("*/*") if deep else ())]):
        if path.suffix.lower() in ENDINGS and path.is_file():
            with path.open("rb") as stream:
                whole.update(f"{path.name}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\0".encode())
    return whole.hexdigest()
