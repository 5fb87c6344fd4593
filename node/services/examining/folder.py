"""The data folder: there, writable, its owner's alone, with room, its settings usable, backed up lately."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from node.services.erasures import ENTRIES, ERASURE_LOG, count_entries
from node.services.examining.finding import (
    DAY,
    Finding,
    examine_privacy,
    judged,
    own_command,
    quoted,
    user_name,
)
from node.services.examining.settings import examine_settings
from node.services.last_backup import backup_age
from node.services.sealing import KEY_FILE
from node.store.engine.failing import find_trouble

ENOUGH_DISK = 1_000_000_000  # bytes: below, a day's pictures of a busy network may not fit
ENOUGH_FILES = 10_000  # names that the file system still takes: a picture is a file
OLD_BACKUP = 8 * DAY  # a weekly backup may be a day late


def examine_folder(path: Path) -> Iterator[Finding]:
    """Without opening anything; when one of these is wrong, the rest cannot be looked at."""
    if not path.is_dir():
        init = own_command("init --url https://… --organisation …", path)
        mend = f"{init} makes one; or name another folder with --data or SKILLNET_DATA."
        yield Finding("data folder", ok=False, detail=f"{path} does not exist", mend=mend)
        return
    yield _examine_writing(path)
    if not os.access(path, os.R_OK | os.X_OK):
        return
    yield _examine_owners(path)
    yield examine_privacy("privacy of the folder", path, "700")
    yield _examine_room(path)
    yield _examine_erasures(path)
    yield examine_settings(path)


def _examine_writing(path: Path) -> Finding:
    trouble = find_trouble(path)
    if trouble is None:
        return Finding("data folder", ok=True, detail=str(path.absolute()))
    owner = user_name(path.stat().st_uid)
    if owner != user_name():
        seen = f"{path} is {owner}'s, and this is run as {user_name()}"
        return Finding(
            "data folder", ok=False, detail=seen, mend=f"Run it as {owner}, like `sudo -u {owner} skillnet …`."
        )
    return Finding("data folder", ok=False, detail=trouble.message, mend=trouble.hint)


def _examine_owners(path: Path) -> Finding:
    """A command that was run as somebody else, root mostly, leaves files that the node cannot write later."""
    owner = path.stat().st_uid
    foreign = [entry.name for entry in sorted(path.iterdir()) if _is_foreign(entry, owner)]
    seen = (
        f"{', '.join(foreign[:5])} cannot be used by {user_name(owner)}" if foreign else f"all is {user_name(owner)}'s"
    )
    mend = f"`chown -R {user_name(owner)} {quoted(path)}` as root, and run commands as {user_name(owner)}."
    return judged("owner of the files", not foreign, seen, mend)


def _is_foreign(entry: Path, owner: int) -> bool:
    """Somebody else's, and not to be used by the folder's owner; as far as this process can tell."""
    try:
        found = entry.lstat()
        if owner == os.geteuid() != 0:
            usable = os.access(entry, os.R_OK | os.W_OK | (os.X_OK if entry.is_dir() else 0))
            return not usable and entry.exists()
    except FileNotFoundError:  # a draft that is done
        return False
    return found.st_uid != owner != 0


def _examine_erasures(path: Path) -> Finding:
    """Without its entries a restore brings back who was erased, and nobody would know."""
    entries = count_entries(path)
    seen = f"{entries.there} of at least {entries.remembered} entries" if entries.lost else f"{entries.there} entries"
    mend = (
        f"Put the lines of the newest copy of {ERASURE_LOG} back, before those that are there. Is there no copy: make "
        f"a backup, delete those from before, which bring back whoever was erased, then {ENTRIES} in the data folder."
    )
    return judged("log of erasures", not entries.lost, seen, mend)


def _examine_room(path: Path) -> Finding:
    """In bytes and in names of files: either may run out first."""
    system = os.statvfs(path)
    free, whole = system.f_bavail * system.f_frsize, system.f_blocks * system.f_frsize
    seen = f"{free / 1e9:.1f} GB of {whole / 1e9:.1f} GB free"
    few = system.f_files > 0 and system.f_favail < ENOUGH_FILES
    seen += f", but only {system.f_favail} more files" if few else ""
    mount = quoted(_mount_of(path))
    mend = (
        f"Make the disk of {mount} larger, or remove what fills it: `du -xh -d3 {mount} | sort -h | tail -20` "
        "shows what does. Writing is refused when it is full, and goes on by itself once there is room."
    )
    return judged("disk", free >= ENOUGH_DISK and not few, seen, mend)


def _mount_of(path: Path) -> Path:
    """Where the file system begins that a folder is on."""
    path = path.absolute()
    return next((folder for folder in (path, *path.parents) if folder.is_mount()), path)


def examine_backup(path: Path) -> Finding:
    """How old the last backup is; a folder of a few days need not have one yet."""
    made = own_command("backup skillnet.backup", path)
    mend = f"{made}, from a timer; keep the file and its .keys in two other places."
    age = backup_age(path)
    if age is not None:
        return judged("backup", age < OLD_BACKUP, f"the last one is {age / DAY:.1f} days old", mend)
    key = path / KEY_FILE
    is_new = not key.exists() or time.time() - key.stat().st_mtime < OLD_BACKUP
    return judged("backup", is_new, "none was made from this folder yet", mend)
