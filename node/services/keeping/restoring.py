"""Makes a node again from its backup: on another machine, in another kind of database, under another address.

The erasure log is replayed when the node opens, so that nobody erased since the backup comes back.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from node.errors import ConfigurationError, Conflict, Malformed
from node.services.erasures import ENTRIES, ERASURE_LOG, Erasures
from node.services.half_written import UNFINISHED, mark_unfinished
from node.services.hosting.blobs.places import PLACES, open_blobs
from node.services.hosting.blobs.store import BlobStore, has_its_name
from node.services.keeping.archive import LARGEST_MEMBER, ArchiveReader, Member
from node.services.keeping.backing_up import PRIVATE_TABLES, Progress, file_member, find_keys
from node.services.keeping.sealed_stream import BackupUnreadable
from node.services.sealing import KEY_FILE, Sealer, load_sealing_key, write_secret
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME, load_settings
from node.settings.writing import port_of, with_setting
from node.store.database import Database
from node.store.keeping.dumping import Filling
from node.store.keeping.revision import known_revisions

_DATABASE = "store.database_url"
HELD = frozenset({"node.lock", ERASURE_LOG, ENTRIES, UNFINISHED})


class ErasureLogMissing(Malformed):
    """The log of erasures is not where it was said to be."""

    hint = f"It is {ERASURE_LOG} in the old data folder; where nobody was erased there is none: --no-erasures."


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


@contextmanager
def restored(wanted: Restoring, environment: Mapping[str, str], progress: Progress) -> Iterator[Restored]:
    """Fill an empty folder and an empty database; whatever fails, in the block too, leaves both as they were.

    Until its end the folder is marked, so that what a killed restore leaves passes for no node.
    Raises Conflict, BackupUnreadable, RowsUnfit, ConfigurationError, ErasureLogMissing, NotThisLog, OSError.
    """
    folder = wanted.folder
    if (folder / UNFINISHED).exists():
        _empty(folder)  # a restore was killed here
    if others := sorted(path.name for path in folder.iterdir() if path.name not in HELD):
        raise Conflict(f"{folder} is not empty: {others[0]}.", hint="Restore into a new folder with --data.")
    if wanted.erasures is not None and not wanted.erasures.is_file():
        raise ErasureLogMissing
    own = {path: path.read_bytes() if path.exists() else None for path in (folder / ERASURE_LOG, folder / ENTRIES)}
    mark_unfinished(folder)
    work = _Restore(wanted, environment, progress)
    try:
        yield work.run()
    except BaseException:
        try:
            work.empty_database()
        finally:
            _empty(folder)
            for path, kept in own.items():
                path.unlink(missing_ok=True) if kept is None else write_secret(path, kept)
        raise
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
        self._filled: tuple[str, str] | None = None  # the database's address, and the backup that it is filled from

    def run(self) -> Restored:
        wanted = self._wanted
        keys_path = find_keys(wanted.backup, wanted.passphrase)
        with wanted.backup.open("rb") as file, keys_path.open("rb") as keys_file:
            contents, keys = ArchiveReader(file, wanted.passphrase), ArchiveReader(keys_file, wanted.passphrase)
            if contents.head != keys.head:
                raise BackupUnreadable("The two files are of different backups.")
            settings, head = self._settle(contents), contents.head
            if head["revision"] not in known_revisions():
                raise BackupUnreadable("The backup was made by a newer release.", hint="Restore it with that release.")
            self._stores = open_blobs(settings, LARGEST_MEMBER)
            backup = str(head.get("backup", head["at"]))
            database = Database(settings.store_url)
            try:
                with database.filling(head["revision"], backup) as filling:
                    rows = self._take_all(keys, filling, private=True)
                    self._check_log()
                    rows += self._take_all(contents, filling)
                    filling.leave_gap()
            finally:
                database.close()
            self._filled = settings.store_url, backup
        return Restored(settings, head["url"], head["at"], rows, self._files)

    def empty_database(self) -> None:
        """Again, if it was filled: what failed before that was undone with its transaction."""
        if self._filled is not None:
            address, backup = self._filled
            database = Database(address)
            try:
                database.drop_unfinished(backup)
            finally:
                database.close()

    def _settle(self, contents: ArchiveReader) -> Settings:
        """The settings file, and beside it the log of erasures. Raises ConfigurationError."""
        wanted, text = self._wanted, contents.configuration
        url = wanted.url or ("" if _names_address(text) else contents.head["url"])
        given: dict[str, str | int] = {
            "node.url": url,
            _DATABASE: wanted.database_url,
            "server.port": port_of(wanted.url),
        }
        for key, value in given.items():
            text = with_setting(text, key, value) if value else text
        if text:
            write_secret(wanted.folder / FILE_NAME, text.encode())
        own = wanted.folder / ERASURE_LOG
        if wanted.erasures is not None and wanted.erasures.resolve() != own.resolve():
            kept = own.read_bytes().splitlines() if own.exists() else []
            lines = dict.fromkeys([*wanted.erasures.read_bytes().splitlines(), *kept])  # the folder's may be the newer
            write_secret(own, b"".join(line + b"\n" for line in lines))
        settings, origins = load_settings(wanted.folder, self._environment)
        check_settings(settings)
        if wanted.url not in ("", settings.url):
            raise ConfigurationError("node.url", f"{origins['node.url']} says something else than --url")
        if wanted.database_url not in ("", settings.database_url):
            raise ConfigurationError(_DATABASE, f"{origins[_DATABASE]} says something else than --database-url")
        if settings.database_url.startswith("sqlite") and origins[_DATABASE] == FILE_NAME and not wanted.database_url:
            hint = f"If it shall lie there again: --database-url {settings.database_url}"
            raise Conflict("The database of the node that was backed up lay outside its folder.", hint=hint)
        return settings

    def _check_log(self) -> None:
        """As soon as the key is there. Raises NotThisLog."""
        if self._wanted.erasures is not None:
            Erasures(self._wanted.folder, Sealer(load_sealing_key(self._wanted.folder, is_first=False))).check()

    def _take_all(self, reader: ArchiveReader, filling: Filling, *, private: bool = False) -> int:
        rows: dict[str, int] = {}
        for member in reader.members():
            if private != _is_private(member[0]):
                raise _foreign(member[0])
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
        elif len(parts) == 3 and parts[0] == "tables":
            rows[parts[1]] = rows.get(parts[1], 0) + filling.fill(parts[1], body)
            return parts[1]
        elif len(parts) == 3 and parts[0] in PLACES and name == file_member(parts[0], parts[2]):
            if not has_its_name(parts[2], body):
                raise BackupUnreadable(f"A file of the backup is not what its name says: {parts[2][:80]!r}.")
            self._stores[parts[0]].put(body)
            self._files += 1
        else:
            raise _foreign(name)
        return ""


def _is_private(member: str) -> bool:
    """Does it belong into the second file of a backup?"""
    return member == KEY_FILE or member.startswith(tuple(f"tables/{table}/" for table in PRIVATE_TABLES))


def _foreign(member: str) -> BackupUnreadable:
    return BackupUnreadable(f"The backup holds something that does not belong there: {member[:80]!r}.")


def _names_address(text: str) -> bool:
    """Do the settings say where the node lives? Raises BackupUnreadable."""
    try:
        section = tomllib.loads(text).get("node", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BackupUnreadable("The settings in the backup are not valid TOML.") from error
    return isinstance(section, dict) and "url" in section
