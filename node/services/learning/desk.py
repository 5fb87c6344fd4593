"""The parts of the learning service, put together."""

from __future__ import annotations

from dataclasses import dataclass

from node.services.finding.finder import Finder
from node.services.learning.addresses import Addresses
from node.services.learning.beliefs import BeliefBook
from node.services.learning.believing import Beliefs
from node.services.learning.lessons import Lessons
from node.services.learning.nights import Nights
from node.services.learning.outcomes import Outcomes
from node.services.learning.owning import Ownership
from node.services.learning.shelf import Shelf
from node.services.learning.today import Doors
from node.services.learning.understanding import Understanding
from node.services.learning.vault import Vault
from node.store.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """One of each."""

    beliefs: Beliefs
    understanding: Understanding
    doors: Doors
    lessons: Lessons
    outcomes: Outcomes
    book: BeliefBook
    addresses: Addresses
    ownership: Ownership
    nights: Nights


def set_up(database: Database, vault: Vault, shelf: Shelf, finder: Finder) -> Desk:
    """Wire the parts to one vault and one shelf."""
    beliefs, understanding = Beliefs(), Understanding(shelf, finder)
    return Desk(
        beliefs=beliefs,
        understanding=understanding,
        doors=Doors(vault, shelf, beliefs, understanding),
        lessons=Lessons(vault, shelf, beliefs),
        outcomes=Outcomes(vault, shelf),
        book=BeliefBook(vault, shelf, beliefs),
        addresses=Addresses(database, vault),
        ownership=Ownership(database, vault),
        nights=Nights(database, vault, shelf),
    )
