"""The night: lists are there before anybody comes; what items are like is learned from five workers or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from node.app.learning_world import StillShelf
from node.personalizer.candidates import Candidate
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import Columns, build_columns
from node.personalizer.feed.items import Feed
from node.personalizer.learner.difficulty import LEAST_WORKERS, Pool, Pooling, merge
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.shared import Lesson, Shared, tag_ease
from node.personalizer.learner.state import LearnerState
from node.personalizer.worker import Situation
from node.services.heavy import HeavyWork
from node.services.learning.feed import night_work
from node.services.learning.feed.nights import Nights
from node.services.learning.sealed.ledger import DAY, OUTCOME, PROFILE, Recorded
from node.services.learning.sealed.profile import parse_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.shelf import Stock
from node.store.clock import SECOND
from node.store.database import Database

NIGHT = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)
MODULES = [Candidate(f"at://m/{i}", f"Module {i}", skills=(f"s{i}",), occupations=("onet:1",)) for i in range(4)]


class Here(HeavyWork):
    """Work done where it is asked for."""

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)


def hire(vault: Vault, name: str, how: str, zone: str = "UTC") -> None:
    recorded = Recorded("r", "at://m/0", how, int(NIGHT.timestamp() - 9e4) * SECOND, ("s0",), "competent")

    def work(drawer: Drawer) -> None:
        drawer.put(PROFILE, "", parse_profile({"occupations": ["onet:1"], "timeZone": zone}).to_dict())
        drawer.put(OUTCOME, "r", recorded.to_dict(), recorded.at)

    vault.change(name, work)


def test_lists_wait_for_those_who_sleep_and_items_are_pooled_from_five(database: Database, vault: Vault) -> None:
    shelf = StillShelf(Stock(build_columns(MODULES), Shared(), (), "s"))
    nights = Nights(database, vault, shelf, hire=Here, hands=1)
    for number in range(LEAST_WORKERS - 1):
        hire(vault, f"night-{number}", "not")
    hire(vault, "night-awake", "not", zone="Asia/Tokyo")
    assert nights.run(NIGHT).prepared == LEAST_WORKERS - 1
    assert nights.run(NIGHT).prepared == 0  # nothing changed since
    with vault.read("night-0") as drawer:
        assert drawer.find(DAY, "2026-11-03")["items"]
    with vault.read("night-awake") as drawer:
        assert drawer.find(DAY, "2026-11-03") is None
    vault.erase("night-awake")
    assert nights.run(NIGHT, whole=True).pooled == 0
    hire(vault, "night-fifth", "not")
    assert nights.run(NIGHT, whole=True).pooled == 1
    assert shelf.known["at://m/0"].ease < tag_ease("competent")
    for number in range(LEAST_WORKERS - 1):
        vault.erase(f"night-{number}")
    vault.erase("night-fifth")
    assert nights.run(NIGHT, whole=True).pooled == 0
    assert not shelf.known["at://m/0"].used


def test_a_list_that_fails_costs_nobody_else_theirs(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(situation: Situation, columns: Columns) -> Feed:
        if situation.worker.role == "odd":
            raise IndexError("what the odd one told")
        return build_feed(situation, columns)

    monkeypatch.setattr(night_work, "build_feed", build)
    shelf = StillShelf(Stock(build_columns(MODULES), Shared(), (), "s"))
    for name in ("calm-one", "odd-one", "other-one"):
        hire(vault, name, "not")
    vault.change("odd-one", lambda drawer: drawer.put(PROFILE, "", parse_profile({"role": "odd"}).to_dict()))
    night = Nights(database, vault, shelf, hire=Here, hands=1).run(NIGHT)
    assert night.prepared == 2
    (failure,) = night.failures
    assert failure.startswith("IndexError in test_learning_nights.py:")
    with pytest.raises(RuntimeError, match="1 of 3 lists were not prepared: IndexError") as told:
        night.tell_failures()
    assert "odd" not in str(told.value)
    for name in ("calm-one", "odd-one", "other-one"):
        vault.erase(name)


def test_pools_of_different_workers_add_up() -> None:
    lesson = Lesson("m", ("s",), "competent")
    apart, together = [Pooling(), Pooling()], Pooling()
    for number in range(6):
        outcome = Outcome(lesson, "alone" if number % 3 else "not", 1.0)
        apart[number % 2].hear(LearnerState(), outcome, Shared())
        together.hear(LearnerState(), outcome, Shared())
    merged = merge([Pool(pooling.items) for pooling in apart], {"m": tag_ease("competent")}).items["m"]
    assert merged.workers == 6
    assert abs(merged.ease - together.items["m"].ease) < 0.15
