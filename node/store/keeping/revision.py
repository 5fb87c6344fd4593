"""Which revision the tables have, told without alembic: an ordinary start needs nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def newest_revision() -> str:
    """The revision that this release brings a database to."""
    return max(known_revisions())


def known_revisions() -> set[str]:
    """All that this release knows: their files are named by their place in one line."""
    return {path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py")}


def is_newest(engine: Engine) -> bool:
    """Are the tables those of this release? False for an empty database and for one that cannot be read."""
    return _found(engine) == [newest_revision()]


def is_newer(engine: Engine) -> bool:
    """Are the tables those of a release that this one does not know?"""
    return not known_revisions().issuperset(_found(engine))


def _found(engine: Engine) -> Sequence[str]:
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except DBAPIError:
        return ()
