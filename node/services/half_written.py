"""What a killed writer leaves half written is told from what a living one writes, and from what is whole.

Who writes a file aside, to rename it, holds a lock on it, which the system takes from whoever dies. So a draft that can
be locked is nobody's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import BinaryIO

UNFINISHED = "restore.unfinished"  # in a data folder while a restore fills it: until it is gone, that is no node


def begin_draft(path: Path) -> BinaryIO:
    """A file that its owner alone can read, open and locked; what lay there is gone. Raises OSError."""
    while True:
        path.unlink(missing_ok=True)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():  # else it was taken for nobody's before it was locked
            return file
        file.close()


def clear_drafts(folder: Path, pattern: str) -> int:
    """Remove the drafts directly in `folder` whose writers are gone; how many those were."""
    return sum(map(clear_draft, list(folder.glob(pattern))))


def clear_draft(path: Path) -> bool:
    """Remove a draft if there is one and its writer is gone; whether that was so."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return True
    return False


def mark_unfinished(folder: Path) -> None:
    """Said of a data folder before anything is put into it. The mark has no contents, and so no draft that a killed
    restore could leave in its place, in a folder that is empty no more. Raises OSError."""
    os.close(os.open(folder / UNFINISHED, os.O_WRONLY | os.O_CREAT, 0o600))
    keep_names(folder)


def keep_names(folder: Path) -> None:
    """Make the names in a folder durable: what was renamed keeps its new one through a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
