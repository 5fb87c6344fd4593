"""When this data folder was last backed up: a small file beside the data, for metrics and `doctor`."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

NAME = "last-backup"


def mark_backup(data: Path) -> None:
    """A backup was written and read again just now. A folder that cannot be written keeps its old mark."""
    with contextlib.suppress(OSError):
        (data / NAME).write_text("The time of this file is that of the last backup.\n")


def backup_age(data: Path) -> float | None:
    """Seconds since the last backup; None when there was none."""
    try:
        return max(0.0, time.time() - (data / NAME).stat().st_mtime)
    except OSError:
        return None
