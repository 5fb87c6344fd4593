"""What stands already where a backup is to be: a former backup gives way, anything else does not."""

from __future__ import annotations

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


def unexpected_of(path: Path, passphrase: str, url: str) -> str:
    """What its owner may not expect of the former backup that gives way, in a sentence; '' where there is nothing."""
    if not path.exists() or not path.stat().st_size:
        return ""
    try:
        with path.open("rb") as file:
            head = ArchiveReader(file, passphrase).head
    except BackupUnreadable:
        return "It took the place of one that this passphrase does not open, or that was damaged."
    return f"It took the place of one of {head['url']}, made at {head['at']}." if head["url"] != url else ""
