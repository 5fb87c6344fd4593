"""Makes a backup of a node, running or stopped: one consistent state, without stopping anybody's writing.

Two files: what the node holds, and beside it, sealed by itself, what opens people's private data (the node's sealing
key and the workers' wrapped keys). The log of erasures is in neither: it is kept apart, so that a restore cannot bring
back the erased.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from federation.did.resolver import web_origin
from node.errors import Malformed
from node.services.half_written import begin_draft, clear_draft, keep_names
from node.services.hosting.blobs.places import INTERNAL, PUBLIC, open_blobs
from node.services.hosting.names import node_did
from node.services.keeping.archive import ArchiveReader, ArchiveWriter
from node.services.keeping.opened import opened
from node.services.keeping.replacing import require_former_backup, unexpected_of
from node.services.keeping.sealed_stream import BackupUnreadable
from node.services.last_backup import mark_backup
from node.services.sealing import KEY_FILE
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME
from node.store.database import Database
from node.store.inside import internal
from node.store.keeping import dumping
from node.store.keeping.revision import newest_revision
from node.store.repositories import accounts, blobs
from node.store.sessions import Session

PRIVATE_TABLES = frozenset({"worker"})
_KEYS = ".keys"
_DRAFT = ".skillnet-draft"  # a name that nobody else gives to a file beside the backups
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written and read again, and what of it its owner may not expect, in sentences.

    `missing`: files that records name and whose bytes are lost or damaged here.
    """

    path: Path
    keys: Path
    rows: int
    files: int
    size: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def keys_beside(path: Path) -> Path:
    """The second file of a backup."""
    return path.with_name(path.name + _KEYS)


def find_keys(path: Path, passphrase: str) -> Path:
    """The second file, or its draft: who was killed between the two names had given the first its own already."""
    keys, draft = keys_beside(path), _draft_of(keys_beside(path))
    with suppress(FileNotFoundError, BackupUnreadable), path.open("rb") as file, draft.open("rb") as keys_file:
        if ArchiveReader(file, passphrase).head == ArchiveReader(keys_file, passphrase).head:
            return draft
    return keys


def _draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}{_DRAFT}")


def back_up(settings: Settings, target: Path, passphrase: str, progress: Progress) -> BackupReport:
    """Write both files and read them again before they take the place of any former ones: both or neither.

    Who is killed between the two names leaves the keys' draft, which a restore takes, and the next backup of that name.
    Raises Malformed without a folder for it, Conflict where something else has one of the names, DataFolderError,
    BackupUnreadable, OSError.
    """
    if not target.parent.is_dir():
        raise Malformed(f"There is no folder {target.parent} for it.", hint="Make it, or name another.")
    for path in (target, keys_beside(target)):
        require_former_backup(path)
    if (keys := find_keys(target, passphrase)) != keys_beside(target):
        keys.replace(keys_beside(target))
    with opened(settings) as database, _aside(target, keys_beside(target)) as ((draft, file), (keys_draft, keys_file)):
        head = _head(database, settings)
        configuration = settings.data / FILE_NAME
        with database.read() as session:
            contents = _Contents(settings, session, progress)
            text = configuration.read_bytes() if configuration.exists() else b""
            rows, files = _write(file, passphrase, head, contents.members(), text)
            _write(keys_file, passphrase, head, _keys(settings, session))
        unexpected = tuple(unexpected_of(target, passphrase, head["url"], settings.data))
        missing = _still_named(database, contents.missing)
        progress("reading it again")
        for written in (draft, keys_draft):
            verify(written, passphrase)
    mark_backup(settings.data)
    return BackupReport(target, keys_beside(target), rows, files, target.stat().st_size, missing, unexpected)


def _head(database: Database, settings: Settings) -> dict[str, str]:
    return {
        "release": metadata.version("skillnet-node"),
        "revision": newest_revision(),
        "url": _address(database, settings),
        "organisation": settings.organisation,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "backup": token_hex(16),  # the two files of one backup know each other, also when two were made in a second
    }


def _address(database: Database, settings: Settings) -> str:
    """Where the node lives by its own account: a port given when it was started is in no file."""
    with database.read() as session:
        nodes = [row.did for row in accounts.list_accounts(session) if row.kind == "node" and row.status == "active"]
    own = node_did(settings)
    return settings.public_url if own in nodes or not nodes else web_origin(nodes[-1])


def verify(path: Path, passphrase: str) -> dict[str, int]:
    """Read a backup from beginning to end; rows by table. Raises BackupUnreadable."""
    with path.open("rb") as file:
        reader = ArchiveReader(file, passphrase)
        for _ in reader.members():
            pass
    return dict(reader.manifest["rows"])


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    body: bytes
    table: str = ""
    rows: int = 0


class _Contents:
    """The members of a backup, and afterwards the files that are `missing` from it: (place, CID)."""

    def __init__(self, settings: Settings, session: Session, progress: Progress) -> None:
        self._settings = settings
        self._session = session
        self._progress = progress
        self.missing: set[tuple[str, str]] = set()

    def members(self) -> Iterator[_Member]:
        for name in dumping.table_names():
            if name not in PRIVATE_TABLES:
                self._progress(name)
                yield from _table(self._session, name)
        self.missing = _named_files(self._session)
        for place, store in open_blobs(self._settings).items():
            self._progress(place)
            for cid in store.list_all():
                if (body := store.find_whole(cid)) is not None:
                    self.missing.discard((place, cid))
                    yield _Member(file_member(place, cid), body)


def _named_files(session: Session) -> set[tuple[str, str]]:
    """(place, CID) of the files that records name and that are said to be here."""
    return {(PUBLIC, cid) for cid in blobs.list_named(session)} | {
        (INTERNAL, cid) for cid in internal.list_named_blobs(session)
    }


def file_member(place: str, cid: str) -> str:
    """The name that a file has in a backup."""
    return f"{place}/{cid[-2:]}/{cid}"


def _still_named(database: Database, missing: set[tuple[str, str]]) -> tuple[str, ...]:
    """Without those that were let go while the backup was written."""
    with database.read() as session:
        return tuple(sorted(cid for _, cid in missing & _named_files(session)))


def _keys(settings: Settings, session: Session) -> Iterator[_Member]:
    yield _Member(KEY_FILE, (settings.data / KEY_FILE).read_bytes())
    for name in sorted(PRIVATE_TABLES):
        yield from _table(session, name)


def _table(session: Session, name: str) -> Iterator[_Member]:
    for number, (lines, rows) in enumerate(dumping.dump_table(session, name)):
        yield _Member(f"tables/{name}/{number:06}.jsonl", lines, name, rows)


@contextmanager
def _aside(*targets: Path) -> Iterator[list[tuple[Path, BinaryIO]]]:
    """An open file beside each target; at the end of the block they take the targets' places, unless it failed."""
    _clear_drafts(targets[0].parent)
    drafts = [_draft_of(target) for target in targets]
    with ExitStack() as stack:
        files = []
        for draft in drafts:
            stack.callback(draft.unlink, missing_ok=True)
            files.append((draft, stack.enter_context(begin_draft(draft))))
        yield files
        for draft, target in zip(drafts, targets, strict=True):
            draft.replace(target)
        keep_names(targets[0].parent)


def _clear_drafts(folder: Path) -> None:
    """Of backups whose writers are gone. Keys whose backup has its name already are left: there are no others."""
    for draft in list(folder.glob(f".*{_DRAFT}")):
        target = draft.with_name(draft.name[1:].removesuffix(_DRAFT))
        if target.suffix != _KEYS:
            clear_draft(_draft_of(keys_beside(target)))
            clear_draft(draft)


def _write(
    file: BinaryIO, passphrase: str, head: dict[str, str], members: Iterator[_Member], configuration: bytes = b""
) -> tuple[int, int]:
    """One of the two files, durably; how many rows and files are in it."""
    rows: dict[str, int] = {}
    files = 0
    with ArchiveWriter(file, passphrase, head, configuration) as writer:
        for member in members:
            writer.add(member.name, member.body)
            files += not member.table
            if member.table:
                rows[member.table] = rows.get(member.table, 0) + member.rows
        writer.finish({"rows": rows, "files": files})
    file.flush()
    os.fsync(file.fileno())
    return sum(rows.values()), files
