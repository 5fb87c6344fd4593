"""What tests of whole nodes share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.bench.chaos.nursery import Nursery
from tests.integration.fixtures.nodes import LiveNode, live


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Forks nodes and commands; it takes as long to begin as one of them would."""
    with Nursery() as begun:
        yield begun


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[LiveNode]:
    with live(tmp_path / "publisher") as node:
        yield node


@pytest.fixture
def follower(tmp_path: Path) -> Iterator[LiveNode]:
    with live(tmp_path / "follower") as node:
        yield node
