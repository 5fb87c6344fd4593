"""One open database per test, brought up by the migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.store.database import Database
from tests.integration.fixtures.databases import empty_store_url


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of a database without tables."""
    return empty_store_url(tmp_path)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url).open()
    yield opened
    opened.close()
