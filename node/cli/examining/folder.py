"""The data folder: there, writable, private, with room, its settings usable, backed up lately."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from node.cli.examining.finding import DAY, Finding, judged
from node.cli.reaching.folders import settings_in
from node.errors import NodeError
from node.services.keeping.last_backup import backup_age
from node.services.sealing import KEY_FILE
from node.store.engine.failing import find_trouble

ENOUGH_DISK = 1_000_000_000  # bytes: below, a day's pictures of a busy network may not fit
OLD_BACKUP = 8 * DAY  # a weekly backup may be a day late


def examine_folder(path: Path) -> Iterator[Finding]:
    """Without opening anything; when one of these is wrong, the rest cannot be looked at."""
    mend = "`skillnet init --url … --organisation …` or `skillnet serve` makes one; --data names another."
    if not path.is_dir():
        yield Finding("data folder", ok=False, detail=f"{path} does not exist", mend=mend)
        return
    yield _examine_writing(path)
    private = path.stat().st_mode & 0o077 == 0
    seen = "only its owner reads it" if private else "others of this machine may read it"
    yield judged("privacy of the folder", private, seen, f"chmod 700 {path}")
    free = shutil.disk_usage(path).free
    yield judged("disk", free >= ENOUGH_DISK, f"{free / 1e9:.1f} GB free", "Make room, or move the folder.")
    try:
        settings_in(path)
        yield Finding("settings", ok=True, detail="each value can be used")
    except NodeError as error:
        yield Finding("settings", ok=False, detail=error.message, mend=error.hint)


def _examine_writing(path: Path) -> Finding:
    trouble = find_trouble(path)
    if trouble is None:
        return Finding("data folder", ok=True, detail=str(path))
    return Finding("data folder", ok=False, detail=trouble.message, mend=trouble.hint)


def examine_backup(path: Path) -> Finding:
    """How old the last backup is; a folder of a few days need not have one yet."""
    mend = "`skillnet backup FILE`, from a timer, and keep FILE.keys in another place."
    age = backup_age(path)
    if age is not None:
        return judged("backup", age < OLD_BACKUP, f"the last one is {age / DAY:.1f} days old", mend)
    key = path / KEY_FILE
    is_new = not key.exists() or time.time() - key.stat().st_mtime < OLD_BACKUP
    return judged("backup", is_new, "none was made from this folder yet", mend)
