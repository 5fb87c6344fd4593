"""A damaged database file becomes a failed job, which the operator's page, the metrics and the doctor show."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from node.errors import StoreDamaged
from node.jobs.chores import CHORES


def test_damage_is_found_by_the_nightly_look() -> None:
    look = next(chore for chore in CHORES if chore.name == "examine-database")
    damage: list[str] = []
    services: Any = SimpleNamespace(database=SimpleNamespace(damage=lambda: damage))
    look.do(services)
    damage.append("page 3 is never used")
    with pytest.raises(StoreDamaged, match="page 3") as found:
        look.do(services)
    assert "restore" in found.value.hint
