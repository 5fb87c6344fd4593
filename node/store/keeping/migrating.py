"""Brings a database up to date with alembic; refuses one that a newer release wrote."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from node.errors import Conflict, DataFolderNewer
from node.logs import get_logger
from node.store.keeping import schema
from node.store.keeping.former import keep_former

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(engine: Engine) -> bool:
    """Run the migrations that are missing; True if there were any.

    What was before is kept, and can be put back. Raises DataFolderNewer, and DataFolderError without room.
    """
    script = ScriptDirectory.from_config(_config())
    known = {revision.revision for revision in script.walk_revisions()}
    head = script.get_current_head() or ""
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return False
        if current is not None:
            if current not in known:
                raise DataFolderNewer
            keep_former(connection)
            get_logger("store").info("upgrading; what was before is kept", before=current, to=head)
        _upgrade(script, connection, current, head)
    return True


def make_tables(connection: Connection, revision: str) -> None:
    """The tables as of a revision, where there are none. Raises Conflict where there are those of another one."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        _upgrade(ScriptDirectory.from_config(_config()), connection, None, revision)
    elif current != revision:
        raise Conflict("The database has tables of another release.", hint="Restore into a new database.")


def _upgrade(script: ScriptDirectory, connection: Connection, current: str | None, head: str) -> None:
    with EnvironmentContext(
        _config(), script, fn=lambda _revision, _context: script._upgrade_revs(head, current or "base")
    ) as environment:
        environment.configure(connection=connection, target_metadata=schema.METADATA)
        environment.run_migrations()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
