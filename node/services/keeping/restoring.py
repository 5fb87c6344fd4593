"""Makes a node again from its backup: on another machine, in another kind of database, under another address.

The erasure log is replayed when the node opens, so that nobody erased since the backup comes back.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from node.errors import Conflict, Malformed
from node.services.erasures import ERASURE_LOG
from node.services.half_written import UNFINISHED
from node.services.hosting.blobs.places import PLACES, open_blobs
from node.services.hosting.blobs.store import BlobStore
from node.services.keeping.archive import LARGEST_MEMBER, ArchiveReader, Member
from node.services.keeping.backing_up import Progress, find_keys
from node.services.keeping.sealed_stream import BackupUnreadable
from node.services.sealing import KEY_FILE, write_secret
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME, load_settings
from node.settings.writing import port_of, with_setting
from node.store.database import Database
from node.store.keeping.dumping import Filling

HELD = frozenset({"node.lock", ERASURE_LOG, UNFINISHED})


class ErasureLogMissing(Malformed):
    """The log of erasures is not where it was said to be."""

    hint = f"It is {ERASURE_LOG} in the old data folder; keep a copy of it apart from the backups."


@dataclass(frozen=True, slots=True)
class Restoring:
    """What is wanted. `erasures` is the log kept apart from backups; None says that there is none any more."""

    backup: Path
    passphrase: str
    folder: Path
    erasures: Path | None
    url: str = ""
    database_url: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `former_url` is where the node lived when the backup was made, at `at` (RFC 3339)."""

    settings: Settings
    former_url: str
    at: str
    rows: int
    files: int


def restore(wanted: Restoring, environment: Mapping[str, str], progress: Progress) -> Restored:
    """Fill an empty folder and an empty database; whatever fails leaves neither half full.

    Until `finish` the folder is marked, so that what a killed restore leaves passes for no node.
    Raises Conflict, BackupUnreadable, DataFolderError, ErasureLogMissing, OSError.
    """
    folder = wanted.folder
    if (folder / UNFINISHED).exists():
        _empty(folder)  # a restore was killed here
    if others := sorted(path.name for path in folder.iterdir() if path.name not in HELD):
        raise Conflict(f"{folder} is not empty: {others[0]}.", hint="Restore into a new folder with --data.")
    if wanted.erasures is not None and not wanted.erasures.is_file():
        raise ErasureLogMissing
    write_secret(folder / UNFINISHED, b"")
    try:
        return _Restore(wanted, environment, progress).run()
    except BaseException:
        _empty(folder)
        raise


def finish(folder: Path) -> None:
    """The node in the folder is whole and may be served."""
    (folder / UNFINISHED).unlink()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in HELD:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / UNFINISHED).unlink(missing_ok=True)


class _Restore:
    def __init__(self, wanted: Restoring, environment: Mapping[str, str], progress: Progress) -> None:
        self._wanted = wanted
        self._environment = environment
        self._progress = progress
        self._files = 0
        self._stores: dict[str, BlobStore] = {}

    def run(self) -> Restored:
        wanted = self._wanted
        keys_path = find_keys(wanted.backup, wanted.passphrase)
        with wanted.backup.open("rb") as file, keys_path.open("rb") as keys_file:
            contents, keys = ArchiveReader(file, wanted.passphrase), ArchiveReader(keys_file, wanted.passphrase)
            if contents.head != keys.head:
                raise BackupUnreadable("The two files are of different backups.")
            settings, head = self._settle(contents), contents.head
            self._stores = open_blobs(settings, LARGEST_MEMBER)
            database = Database(settings.store_url)
            try:
                with database.filling(str(head["revision"]), str(head.get("backup", ""))) as filling:
                    rows = sum(self._take_all(reader, filling) for reader in (keys, contents))
                    filling.leave_gap()
            finally:
                database.close()
        return Restored(settings, str(head["url"]), str(head["at"]), rows, self._files)

    def _settle(self, contents: ArchiveReader) -> Settings:
        """The settings file, and beside it the log of erasures."""
        wanted, text = self._wanted, contents.configuration
        url = wanted.url or ("" if "url" in tomllib.loads(text).get("node", {}) else str(contents.head["url"]))
        given: dict[str, str | int] = {
            "node.url": url,
            "store.database_url": wanted.database_url,
            "server.port": port_of(wanted.url),
        }
        for key, value in given.items():
            text = with_setting(text, key, value) if value else text
        if text:
            write_secret(wanted.folder / FILE_NAME, text.encode())
        own = wanted.folder / ERASURE_LOG
        if wanted.erasures is not None and wanted.erasures.resolve() != own.resolve():
            write_secret(own, wanted.erasures.read_bytes())
        settings, _ = load_settings(wanted.folder, self._environment)
        return settings

    def _take_all(self, reader: ArchiveReader, filling: Filling) -> int:
        rows: dict[str, int] = {}
        for member in reader.members():
            table = self._take(member, filling, rows)
            if table:
                self._progress(table)
        if rows != reader.manifest["rows"]:
            raise BackupUnreadable("The backup's rows are not those that its list counts.")
        return sum(rows.values())

    def _take(self, member: Member, filling: Filling, rows: dict[str, int]) -> str:
        """Store one member; the table's name when it holds rows."""
        name, body = member
        parts = PurePosixPath(name).parts
        if name == KEY_FILE:
            (self._wanted.folder / KEY_FILE).parent.mkdir(mode=0o700, exist_ok=True)
            write_secret(self._wanted.folder / KEY_FILE, body)
        elif parts[0] == "tables" and len(parts) == 3:
            rows[parts[1]] = rows.get(parts[1], 0) + filling.fill(parts[1], body)
            return parts[1]
        elif parts[0] in PLACES:
            self._files += 1
            if self._stores[parts[0]].put(body).cid != parts[-1]:
                raise BackupUnreadable(f"A file of the backup is not what its name says: {parts[-1][:80]!r}.")
        else:
            raise BackupUnreadable(f"The backup holds something that is not a node's: {name[:80]!r}.")
        return ""
