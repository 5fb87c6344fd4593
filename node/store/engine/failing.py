"""What a disk or a database server does to a node, in words that say what to do."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from node.errors import DiskFull, StorageFailed, StoreAway, StoreDamaged, StoreReadOnly

_BY_NUMBER = {
    errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EROFS: StoreReadOnly, errno.EIO: StoreDamaged,
}  # fmt: skip
# The words of SQLite (sqlite3ErrStr) and of PostgreSQL (SQLSTATE 53100, 25006, XX001).
_BY_WORDS = {
    "disk is full": DiskFull,
    "no space left on device": DiskFull,
    "readonly database": StoreReadOnly,
    "read-only transaction": StoreReadOnly,
    "unable to open database file": StoreReadOnly,
    "disk image is malformed": StoreDamaged,
    "not a database": StoreDamaged,
    "disk i/o error": StoreDamaged,
    "invalid page in block": StoreDamaged,
}
# Of PostgreSQL's states: connection exceptions, too many connections, operator intervention (shutdown, starting up).
_NO_CONNECTION = ("08", "53300", "57P")
# SQLite calls all of these a "disk I/O error", but nothing that is there is damaged: the disk takes nothing more.
_WRITING = {f"SQLITE_IOERR_{what}" for what in ("WRITE", "FSYNC", "DIR_FSYNC", "TRUNCATE", "SHMOPEN", "SHMSIZE")}


def find_storage_error(error: BaseException) -> StorageFailed | None:
    """`error`, or what it came from, as a failure of disk or database; None when it is something else.

    SQLite ends the whole transaction when the disk is full: what is seen may only say that a savepoint is gone.
    """
    seen: BaseException | None = error
    while seen is not None:
        if (found := _failure(seen)) is not None:
            return found
        seen = seen.__cause__ or seen.__context__
    return None


def find_trouble(folder: Path) -> StorageFailed | None:
    """What keeps anything from being written there; of the try nothing stays."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
    except OSError as error:
        return _failure(error) or StoreReadOnly()
    return None


def is_beyond_range(error: BaseException) -> bool:
    """Did somebody name a number that no column can hold?"""
    if isinstance(error, OverflowError):
        return "SQLite INTEGER" in str(error)
    return isinstance(error, DataError) and "out of range" in str(error.orig)


def _failure(error: BaseException) -> StorageFailed | None:
    if isinstance(error, StorageFailed):
        return error
    if isinstance(error, OSError):
        kind = _BY_NUMBER.get(error.errno or 0)
        return kind() if kind else None
    if not isinstance(error, DBAPIError | sqlite3.Error):
        return None
    said = error.orig if isinstance(error, DBAPIError) else error
    if getattr(said, "sqlite_errorname", "") in _WRITING:
        return StoreReadOnly()
    words = str(said).lower()
    for part, kind in _BY_WORDS.items():
        if part in words:
            return kind()
    return StoreAway() if isinstance(error, DBAPIError) and _is_away(error) else None


def _is_away(error: DBAPIError) -> bool:
    """Was there no connection, or none any more? A server that refuses one says so without a state."""
    state = getattr(error.orig, "sqlstate", "")
    refused = isinstance(error, OperationalError) and state is None
    return error.connection_invalidated or refused or (state or "").startswith(_NO_CONNECTION)
