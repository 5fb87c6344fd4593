"""One composed node with a practitioner; it serves nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.services.assembly import Services
from tests.integration.fixtures.nodes import composed, practitioner


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(tmp_path) as made:
        yield made


@pytest.fixture
def anna(services: Services) -> str:
    """The DID of a practitioner here."""
    return practitioner(services, "anna")
