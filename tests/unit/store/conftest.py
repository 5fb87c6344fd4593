"""One open database per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.store.database import Database
from tests.integration.fixtures.databases import new_database, postgresql_cluster

_numbers = itertools.count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with postgresql_cluster() as address:
        yield address


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=(pytest.mark.real, pytest.mark.needs("PostgreSQL")))]
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'skillnet.db'}"
    return new_database(request.getfixturevalue("cluster"), f"test{next(_numbers)}")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url).open()
    yield opened
    opened.close()
