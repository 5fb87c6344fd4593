"""A database of a test's own, in the store that the run was started with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.store.database import Database
from tests.integration.fixtures.databases import store_url


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return store_url(tmp_path)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url).open()
    yield opened
    opened.close()
