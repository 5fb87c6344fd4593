"""The database as it was before an upgrade is kept for a while: the way back to the former release.

On SQLite it is a file beside the database, on PostgreSQL a schema beside the tables, filled in the transaction of the
upgrade. Whoever is erased must not lie there: `drop_former` comes with every erasure.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL

from node.errors import DataFolderError

SUFFIX, SCHEMA = ".before-upgrade", "before_upgrade"
SPARE = 50_000_000  # bytes that an upgrade may need beside the copy and its own changes
KEPT_FOR = 72 * 3600.0  # seconds, as long as the stream's events


def keep_former(connection: Connection) -> None:
    """Keep everything as it is, before the running transaction changes it. Raises DataFolderError without room."""
    if connection.dialect.name == "sqlite":
        _copy_file(file_of(connection.engine.url))
        return
    names = inspect(connection).get_table_names()
    for statement in (
        f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
        f"CREATE SCHEMA {SCHEMA}",
        *(f'CREATE TABLE {SCHEMA}."{name}" AS TABLE "{name}"' for name in names),
        f"COMMENT ON SCHEMA {SCHEMA} IS '{int(time.time())}'",
    ):
        connection.exec_driver_sql(statement)


def former_age(engine: Engine) -> float | None:
    """Seconds since the upgrade whose former state is still here; None when there is none."""
    if engine.dialect.name == "sqlite":
        place = beside(file_of(engine.url))
        return time.time() - place.stat().st_mtime if place.exists() else None
    asked = "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = :name"
    with engine.connect() as connection:
        found = connection.execute(text(asked), {"name": SCHEMA}).scalar()
    return None if found is None else time.time() - int(found)


def drop_former(engine: Engine) -> None:
    """Let go of the former state."""
    if engine.dialect.name == "sqlite":
        beside(file_of(engine.url)).unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _copy_file(file: Path) -> None:
    """A copy of what is committed, whole or not there."""
    size = file.stat().st_size + _size(file.with_name(file.name + "-wal"))
    free = shutil.disk_usage(file.parent).free
    if free < 2 * size + SPARE:
        needed = (2 * size + SPARE) / 1e6
        raise DataFolderError(
            f"An upgrade of this database needs {needed:.0f} MB of free disk, and there are {free / 1e6:.0f}.",
            hint="Make room; nothing was changed. The copy of the former state is let go after three days.",
        )
    draft = beside(file).with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    draft.chmod(0o600)
    draft.replace(beside(file))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def file_of(url: URL) -> Path:
    """Where a SQLite database lies."""
    return Path(url.database or "")


def beside(file: Path) -> Path:
    """Where its former state is kept."""
    return file.with_name(file.name + SUFFIX)
