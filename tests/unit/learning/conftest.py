"""A database and a vault of their own for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.services.erasures import Erasures
from node.services.learning.sealed.vault import Vault
from node.services.sealing import Sealer
from node.store.database import Database
from tests.integration.fixtures.databases import store_url


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    return Sealer(secrets.token_bytes(32))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Database]:
    database = Database(store_url(folder)).open()
    yield database
    database.close()


@pytest.fixture
def vault(database: Database, sealer: Sealer, folder: Path) -> Vault:
    return Vault(database, sealer, Erasures(folder, sealer)).open()
