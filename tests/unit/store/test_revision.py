"""The revision that is told from the files' names is the one that alembic would bring a database to."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from node.store.keeping.migrating import MIGRATIONS, migrate
from node.store.keeping.revision import is_newest, newest_revision


def test_the_newest_file_is_the_only_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


def test_an_empty_and_an_older_database_are_not_the_newest() -> None:
    engine = create_engine("sqlite://")
    assert not is_newest(engine)
    migrate(engine)
    assert is_newest(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert not is_newest(engine)
    engine.dispose()
