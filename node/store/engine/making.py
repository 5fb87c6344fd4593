"""The pools of connections to the database: readers' and the writer's, and what each connection is told first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from node.store.engine.nul import replace_nul
from node.store.engine.straight import quicken_savepoints


def make_engine(url: URL, *, writing: bool) -> Engine:
    """Errors reach the log, so they keep the values of their statement to themselves: those may be somebody's."""
    if url.get_backend_name() != "sqlite":
        options: dict[str, Any] = {"pool_size": 1 if writing else 10, "max_overflow": 0 if writing else 20}
        if not writing:
            options["execution_options"] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True, **options
        )
        event.listen(engine, "connect", replace_nul)
        return engine
    pool = {"pool_size": 1, "max_overflow": 0} if writing else {"pool_size": 16, "max_overflow": 48}
    # The connection used last is used next: each has a cache of its own, and few shall fill theirs.
    engine = create_engine(url, **pool, pool_use_lifo=True, hide_parameters=True)
    if writing:
        quicken_savepoints(engine.dialect)
    event.listen(engine, "connect", _pragmas_for(writing=writing))
    event.listen(engine, "begin", _begin_immediate if writing else _begin)
    return engine


def _pragmas_for(*, writing: bool) -> Any:
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late for savepoints
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an answer of success means that the commit is on disk
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA foreign_keys=ON")
        # A reader's cache is worth nothing after the next commit; the system's own holds the file's pages for all.
        # Each fills its cache over the minutes, so large ones look like memory that is never given back.
        connection.execute(f"PRAGMA cache_size={-8_000 if writing else -1_000}")
        connection.execute("PRAGMA secure_delete=ON")  # deletion is real
        if not writing:
            connection.execute("PRAGMA query_only=ON")

    return set_pragmas


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    """Of readers, straight on the driver, where the mapper does not join a transaction that began there already."""
    driver = connection.connection.driver_connection
    if not driver.in_transaction:
        driver.execute("BEGIN")
