"""The database as it was before an upgrade is kept for a while, and can be put back: the way to the former release.

On SQLite it is a file beside the database, on PostgreSQL a schema beside the tables, filled in the transaction of the
upgrade. Whoever is erased must not lie there: `drop_former` comes with every erasure.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL

from node.errors import DataFolderError, Unknown

SUFFIX, SCHEMA = ".before-upgrade", "before_upgrade"
REVISION = "SELECT version_num FROM {}alembic_version"
SPARE = 50_000_000  # bytes that an upgrade may need beside the copy and its own changes
KEPT_FOR = 72 * 3600.0  # seconds, as long as the stream's events


def keep_former(connection: Connection) -> None:
    """Keep everything as it is, before the running transaction changes it. Raises DataFolderError without room."""
    if connection.dialect.name == "sqlite":
        _copy_file(_file(connection.engine.url))
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
        place = _beside(_file(engine.url))
        return time.time() - place.stat().st_mtime if place.exists() else None
    asked = "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = :name"
    with engine.connect() as connection:
        found = connection.execute(text(asked), {"name": SCHEMA}).scalar()
    return None if found is None else time.time() - int(found)


def drop_former(engine: Engine) -> None:
    """Let go of the former state."""
    if engine.dialect.name == "sqlite":
        _beside(_file(engine.url)).unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def put_back(engine: Engine) -> str:
    """Make the former state the present one; its revision. Raises Unknown when there is none.

    Whatever was written since the upgrade is gone. Numbers of the event stream that were given are not given again.
    """
    if former_age(engine) is None:
        raise Unknown("There is no copy from before an upgrade.", hint="`skillnet restore` makes a node from a backup.")
    return _put_file_back(engine) if engine.dialect.name == "sqlite" else _put_tables_back(engine)


def _put_file_back(engine: Engine) -> str:
    from node.store.dumping import Filling

    file = _file(engine.url)
    former = _beside(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        last = connection.execute("SELECT max(seq) FROM event").fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # no page of the present may be read into the former
    engine.dispose()
    aside = create_engine(URL.create("sqlite", database=str(former)))
    with aside.begin() as connection:
        Filling(connection).leave_gap(last)
        revision = str(connection.exec_driver_sql(REVISION.format("")).scalar_one())
    aside.dispose()
    former.replace(file)
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return revision


def _put_tables_back(engine: Engine) -> str:
    from node.store.dumping import Filling
    from node.store.migrating import make_tables

    with engine.begin() as connection:
        revision = str(connection.exec_driver_sql(REVISION.format(f"{SCHEMA}.")).scalar_one())
        last = connection.exec_driver_sql("SELECT max(seq) FROM event").scalar_one()
        drop_all(connection)
        make_tables(connection, revision)
        for name in inspect(connection).get_table_names(SCHEMA):
            if name != "alembic_version":
                columns = ", ".join(f'"{column["name"]}"' for column in inspect(connection).get_columns(name, SCHEMA))
                connection.exec_driver_sql(f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM {SCHEMA}."{name}"')  # noqa: S608 - names of our own tables
        Filling(connection).leave_gap(last)
        connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA} CASCADE")
    return revision


def drop_all(connection: Connection) -> None:
    """Every table, and what a migration wrote in the server's own language."""
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    asked = (
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
        " WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql'"
    )
    functions: Iterable[str] = connection.exec_driver_sql(asked).scalars().all()
    for function in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")


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
    draft = _beside(file).with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    draft.chmod(0o600)
    draft.replace(_beside(file))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _beside(file: Path) -> Path:
    return file.with_name(file.name + SUFFIX)
