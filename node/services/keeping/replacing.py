"""Where a backup is to be: a former backup gives way, anything else does not, and some places are not good ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from node.errors import Conflict
from node.services.keeping.archive import ArchiveReader
from node.services.keeping.sealed_stream import MAGIC, BackupUnreadable


def require_former_backup(path: Path) -> None:
    """Raises Conflict where something else has the name. An empty file, or none, is nobody's."""
    if path.exists() and not (path.is_file() and _may_give_way(path)):
        raise Conflict(f"{path} is there already and is no backup.", hint="Name another file; this one is left alone.")


def _may_give_way(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) in {b"", MAGIC}


def unexpected_of(path: Path, passphrase: str, url: str, data: Path) -> Iterator[str]:
    """What the owner of a node in `data` at `url` may not expect of a backup with that name, in sentences."""
    if path.resolve().is_relative_to(data.resolve()):
        yield "It lies in the data folder: whatever takes the one takes the other. Name a file on another disk."
    if not path.exists() or not path.stat().st_size:
        return
    try:
        with path.open("rb") as file:
            head = ArchiveReader(file, passphrase).head
    except BackupUnreadable:
        yield "It took the place of one that this passphrase does not open, or that was damaged."
        return
    if head["url"] != url:
        yield f"It took the place of one of {head['url']}, made at {head['at']}."
