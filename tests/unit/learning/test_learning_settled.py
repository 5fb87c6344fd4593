"""A list that comes out the same is not kept anew: looking at it writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from node.app.learning_world import StillShelf
from node.personalizer.candidates import Candidate
from node.personalizer.feed.columns import build_columns
from node.personalizer.learner.shared import Shared
from node.services.learning.believing import Beliefs
from node.services.learning.feed.settled import Settled
from node.services.learning.feed.today import Doors
from node.services.learning.sealed.ledger import DAY, PROFILE
from node.services.learning.sealed.profile import parse_profile
from node.services.learning.sealed.vault import Vault
from node.services.learning.shelf import Stock
from node.services.policy import Viewer
from node.store.database import Database
from node.store.private.workers import find_entry

MORNING = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
MODULES = [Candidate(f"at://m/{i}", f"Module {i}", skills=(f"s{i}",), occupations=("onet:1",)) for i in range(3)]
WORKER = Viewer("settled")


class Shelf(StillShelf):
    """Of modules that the catalogue says nothing of."""

    def find_items(self, _uris: Iterable[str]) -> dict[str, Any]:
        return {}


def stock(stamp: str, *more: Candidate) -> Stock:
    return Stock(build_columns([*MODULES, *more]), Shared(), (), stamp)


def sealed(database: Database) -> bytes:
    with database.read() as session:
        row = find_entry(session, WORKER.name, DAY, MORNING.date().isoformat())
    assert row is not None
    return row.sealed


def test_only_a_list_that_differs_is_kept_anew(database: Database, vault: Vault) -> None:
    shelf, settled = Shelf(stock("one")), Settled()
    doors: Any = Doors(vault, shelf, Beliefs(), None, settled)  # type: ignore[arg-type]  # nobody asks for help here
    vault.change(
        WORKER.name, lambda drawer: drawer.put(PROFILE, "", parse_profile({"occupations": ["onet:1"]}).to_dict())
    )
    first = doors.feed(WORKER, MORNING)
    kept = sealed(database)
    shelf.kept = stock("two", replace(MODULES[0], uri="at://m/other", occupations=("onet:2",)))
    assert doors.feed(WORKER, MORNING + timedelta(minutes=5)) == first
    assert sealed(database) == kept
    shelf.kept = replace(shelf.kept, columns=build_columns([]))
    assert doors.feed(WORKER, MORNING) == first, "under this stamp it was made already"
    settled.drop(WORKER.name)
    assert not doors.feed(WORKER, MORNING).offers
    assert sealed(database) != kept
