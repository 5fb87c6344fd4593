"""A database of a test's own, in the store that the run was started with, and a node that serves nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from node.store.database import Database
from tests.integration.fixtures.databases import store_url

if TYPE_CHECKING:
    from node.services.assembly import Services


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return store_url(tmp_path)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url).open()
    yield opened
    opened.close()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    from tests.integration.fixtures.nodes import composed

    with composed(tmp_path) as made:
        yield made


@pytest.fixture
def anna(services: Services) -> str:
    """The DID of a practitioner here."""
    from tests.integration.fixtures.nodes import practitioner

    return practitioner(services, "anna")
