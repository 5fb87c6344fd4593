"""Puts the state from before an upgrade back: the way to the former release."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine import URL

from node.errors import Unknown
from node.store.keeping.dumping import Filling
from node.store.keeping.former import SCHEMA, beside, file_of, former_age
from node.store.keeping.migrating import make_tables

REVISION = "SELECT version_num FROM {}alembic_version"


def put_back(engine: Engine) -> str:
    """Make the former state the present one; its revision. Raises Unknown when there is none.

    Whatever was written since the upgrade is gone. Numbers of the event stream that were given are not given again.
    """
    if former_age(engine) is None:
        raise Unknown("There is no copy from before an upgrade.", hint="`skillnet restore` makes a node from a backup.")
    return _put_file_back(engine) if engine.dialect.name == "sqlite" else _put_tables_back(engine)


def _put_file_back(engine: Engine) -> str:
    file = file_of(engine.url)
    former = beside(file)
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
    is_server = connection.dialect.name != "sqlite"
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}"{" CASCADE" if is_server else ""}')
    if not is_server:
        return
    asked = (
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
        " WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql'"
    )
    functions: Iterable[str] = connection.exec_driver_sql(asked).scalars().all()
    for function in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")
