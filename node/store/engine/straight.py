"""Statements that every commit or page runs, straight on SQLite's driver: the mapper's own work is ten times theirs.

PostgreSQL has another way of naming parameters, so there they go the usual way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, TextClause
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

_DRIVER = "driver"


def begin_piece(connection: Connection) -> Session:
    """A session for one piece of work in the connection's transaction; its savepoint is set when the mapper needs it.

    It lets `run` pass the mapper by where the database is SQLite.
    """
    session = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        session.info[_DRIVER] = driver
    return session


class ReadingSession(Session):
    """Of one transaction on SQLite that has begun: the mapper joins it if it is needed, which for most pages it is not.

    `pooled` is the pool's connection, given back at the end.
    """

    def __init__(self, engine: Engine, pooled: PoolProxiedConnection) -> None:
        super().__init__(expire_on_commit=False)
        self._engine, self._pooled = engine, pooled
        self._joined: Connection | None = None

    def get_bind(self, *_asked: Any, **_more: Any) -> Connection:
        """The mapper's connection, over the pool's own."""
        if self._joined is None:
            self._joined = Connection(self._engine, connection=self._pooled)
        return self._joined

    def close(self) -> None:
        """End the transaction."""
        try:
            super().close()
        finally:
            self._pooled.close()


def begin_reading(engine: Engine) -> Session:
    """A session in which a transaction has begun; it lets `run` pass the mapper by as well."""
    if engine.dialect.name != "sqlite":
        session = Session(engine, expire_on_commit=False)
        session.connection()
        return session
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    assert driver is not None
    driver.execute("BEGIN")
    session = ReadingSession(engine, pooled)
    session.info[_DRIVER] = driver
    return session


def end_piece(session: Session) -> None:
    """Keep what the mapper holds and did, if it was needed at all."""
    if session.in_transaction():
        session.commit()


def driver_of(session: Session) -> sqlite3.Connection | None:
    """SQLite's driver under a session that was opened for it; None where the database is PostgreSQL."""
    driver: sqlite3.Connection | None = session.info.get(_DRIVER)
    return driver


def run(session: Session, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Any]:
    """Rows of a statement with named parameters. What the mapper holds back must be flushed before."""
    driver = driver_of(session)
    if driver is not None:
        rows: list[Any] = driver.execute(statement.text, values).fetchall()
        return rows
    result = session.connection().execute(statement, values)
    return result.all() if result.returns_rows else ()


def run_each(session: Session, statement: TextClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """As `run`, once for each of many sets of parameters."""
    driver = driver_of(session)
    if driver is not None:
        driver.executemany(statement.text, rows)
    elif rows:
        session.connection().execute(statement, rows)


class Piece:
    """A savepoint around one piece of work, where the database is SQLite.

    The mapper sets its own when it is first used, which would be too late for what `run` did before.
    """

    __slots__ = ("_driver",)

    def __init__(self, session: Session) -> None:
        self._driver = driver_of(session)

    def __enter__(self) -> None:
        """Set it."""
        if self._driver is not None:
            self._driver.execute("SAVEPOINT piece")

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Undo what was done since if it failed."""
        if self._driver is not None:
            if error is not None:
                self._driver.execute("ROLLBACK TO SAVEPOINT piece")
            self._driver.execute("RELEASE SAVEPOINT piece")


def quicken_savepoints(dialect: Any) -> None:
    """SQLite's savepoints straight on the driver: SQLAlchemy compiles each anew, because each has its own name."""

    def step(words: str) -> Any:
        return lambda connection, name: connection.connection.driver_connection.execute(f"{words} {name}")

    dialect.do_savepoint = step("SAVEPOINT")
    dialect.do_release_savepoint = step("RELEASE SAVEPOINT")
    dialect.do_rollback_to_savepoint = step("ROLLBACK TO SAVEPOINT")
