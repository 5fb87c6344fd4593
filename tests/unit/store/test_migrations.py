"""Migrations from zero give exactly the models' tables, on both databases; a newer release's are refused."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from node.errors import ConfigurationError, DataFolderError, DataFolderNewer
from node.store.administration import facts
from node.store.database import Database
from node.store.keeping import schema
from tests.integration.fixtures.databases import free_port


def _engine(url: str):
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def _tables(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, the mark of the release among them."""
    engine = _engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names}
    engine.dispose()
    return rows


def test_the_migrations_make_the_tables_of_the_models(database: Database, database_url: str) -> None:
    engine = _engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": schema.METADATA}
        )
        assert compare_metadata(context, schema.METADATA) == []
        assert set(inspect(connection).get_table_names()) == {*schema.METADATA.tables, "alembic_version"}
    engine.dispose()


def test_text_is_ordered_by_bytes(database: Database) -> None:
    names = ["B", "a", "Z-", "Z0", "é", "~"]
    for name in names:
        database.writer.write(lambda session, name=name: facts.save_fact(session, name, {}))
    with database.read() as session:
        found = [row[0] for row in session.execute(text("SELECT name FROM fact ORDER BY name"))]
    assert found == sorted(names, key=str.encode)


def test_opening_again_changes_nothing(database: Database, database_url: str) -> None:
    database.writer.write(lambda session: facts.save_fact(session, "kept", {"is": "here"}))
    database.writer.stop()
    before = _tables(database_url)
    Database(database_url).open().close()
    assert _tables(database_url) == before
    assert before["fact"]


def test_a_database_of_a_newer_release_is_refused_untouched(database: Database, database_url: str) -> None:
    engine = _engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DataFolderNewer, match="newer release"):
        Database(database_url).open()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "skillnet.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataFolderError, match="cannot be opened") as caught:
        Database(f"sqlite:///{path}").open()
    assert caught.value.hint


def test_a_server_that_does_not_answer_is_refused_in_one_line() -> None:
    with pytest.raises(DataFolderError, match="cannot be opened") as caught:
        Database(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing").open()
    assert "store.database_url" in caught.value.hint


def test_an_address_that_is_none_names_the_setting() -> None:
    with pytest.raises(ConfigurationError, match=r"store\.database_url"):
        Database("my database")


def test_readers_cannot_write(database: Database) -> None:
    from sqlalchemy.exc import DBAPIError

    with database.read() as session, pytest.raises(DBAPIError):
        session.execute(text("INSERT INTO fact (name, value, note) VALUES ('x', '{}', '')"))


def test_a_reader_sees_one_state(database: Database) -> None:
    from node.store.administration import facts

    with database.read() as session:
        assert facts.find_fact(session, "later") is None
        database.writer.write(lambda writing: facts.save_fact(writing, "later", {"n": 1}))
        assert session.execute(text("SELECT count(*) FROM fact")).scalar() == 0
    with database.read() as session:
        assert facts.find_fact(session, "later") == {"n": 1}


def test_an_organisation_is_who_serves_its_address(database: Database, database_url: str) -> None:
    """The node's own and a peer's stay, with a port or without; practitioners go, and who names somebody else."""
    kept = {"did:web:node.example": "https://Node.example/", "did:web:localhost%3A8080": "http://localhost:8080"}
    gone = {"did:plc:ann": "https://node.example", "did:web:b.example": "https://c.example", "did:web:d": "https://[d"}
    add = text(
        "INSERT INTO organisation (did, audience, name, url, description, peers, directory) "
        "VALUES (:did, 'public', '', :url, '', '[]', '')"
    )
    engine = _engine(database_url)
    with engine.begin() as connection:
        connection.execute(add, [{"did": did, "url": url} for did, url in (kept | gone).items()])
        with Operations.context(MigrationContext.configure(connection)):
            import_module("node.store.migrations.versions.0018_practitioners_are_no_organisations").upgrade()
        left = connection.execute(text("SELECT did FROM organisation")).scalars().all()
    engine.dispose()
    assert set(left) == set(kept)
