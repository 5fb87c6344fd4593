"""What tests of whole nodes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from node.cli.chaos_bench.nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Forks nodes and commands; it takes as long to begin as one of them would."""
    with Nursery() as begun:
        yield begun
