"""Which revision the tables have, told without alembic: an ordinary start needs nothing else of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def newest_revision() -> str:
    """The revision that this release brings a database to: its files are named by their place in one line."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_newest(engine: Engine) -> bool:
    """Are the tables those of this release? False for an empty database and for one that cannot be read."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [
                newest_revision()
            ]
    except DBAPIError:
        return False
