"""What is derived from reference data, in files beside the search index: a restart reads it and need not make it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from node.services.half_written import begin_draft, clear_drafts
from node.store.content import reference_releases
from node.store.sessions import Session

_CODE = ("node.search.lookup", "node.search.text", "node.services.reference.looking")


class KeptFile:
    """One file of a folder, named after what it was made from. Whatever is wrong with it, it is made again."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def find(self, digest: str) -> Path | None:
        """What was kept under this digest."""
        path = self._path(digest)
        return path if path.is_file() else None

    def keep(self, digest: str, content: bytes) -> Path:
        """In place of what was kept under others, whole or not at all. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        clear_drafts(self._folder, f"{self._name}-*.draft")
        path = self._path(digest)
        draft = path.with_suffix(".draft")
        with begin_draft(draft) as file:
            file.write(content)
        draft.replace(path)
        for old in set(self._folder.glob(f"{self._name}-*")) - {path}:
            old.unlink(missing_ok=True)
        return path

    def _path(self, digest: str) -> Path:
        return self._folder / f"{self._name}-{digest[:32]}.kept"


def digest_of_source(session: Session) -> str:
    """Changes with the reference data in use and with the code that reads it."""
    here = reference_releases.list_current(session)
    # A generation never changes; its digest tells it from one of another database.
    parts = [f"{row.scheme} {row.generation} {row.digest} {row.imported_at}" for row in here]
    return hashlib.sha256("\n".join((_digest_of_code(), *parts)).encode()).hexdigest()


@cache
def _digest_of_code() -> str:
    whole = hashlib.sha256(f"tantivy {version('tantivy')}".encode())  # its stemmers
    for package in _CODE:
        for file in sorted(files(package).iterdir(), key=lambda one: one.name):
            if file.is_file():
                whole.update(file.read_bytes())
    return whole.hexdigest()
