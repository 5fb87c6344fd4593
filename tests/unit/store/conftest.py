"""Databases of these tests are brought up by the migrations, not copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.fixtures.databases import empty_store_url


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of a database without tables."""
    return empty_store_url(tmp_path)
