"""The parts of the learning service, put together."""

from __future__ import annotations

from dataclasses import dataclass

from node.services.finding.finder import Finder
from node.services.learning.beliefs import BeliefBook
from node.services.learning.believing import Beliefs
from node.services.learning.checks import Checks
from node.services.learning.feed.nights import Nights
from node.services.learning.feed.notices import Notices
from node.services.learning.feed.settled import Settled
from node.services.learning.feed.situation import Standings
from node.services.learning.feed.today import Doors
from node.services.learning.groups import Groups
from node.services.learning.lessons.language_model import LanguageModel
from node.services.learning.lessons.lessons import Lessons
from node.services.learning.lessons.rewording import Rewording
from node.services.learning.moving import Moving
from node.services.learning.outcomes import Outcomes
from node.services.learning.owning import Ownership
from node.services.learning.pieces import Pieces
from node.services.learning.sealed.vault import Vault
from node.services.learning.shelf import Shelf
from node.services.learning.understanding import Understanding
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
    ownership: Ownership
    nights: Nights
    pieces: Pieces
    checks: Checks
    notices: Notices
    rewording: Rewording
    moving: Moving
    groups: Groups


def set_up(database: Database, vault: Vault, shelf: Shelf, finder: Finder, model: LanguageModel | None = None) -> Desk:
    """Wire the parts to one vault and one shelf."""
    beliefs, understanding = Beliefs(), Understanding(shelf, finder)
    standings = Standings(vault, shelf, beliefs)
    groups = Groups(database, vault)
    doors, lessons = Doors(vault, shelf, beliefs, understanding, Settled()), Lessons(vault, shelf, standings)
    return Desk(
        beliefs=beliefs,
        understanding=understanding,
        doors=doors,
        lessons=lessons,
        outcomes=Outcomes(vault, shelf),
        book=BeliefBook(vault, standings),
        ownership=Ownership(vault),
        nights=Nights(database, vault, shelf, groups),
        pieces=Pieces(vault, understanding),
        checks=Checks(vault),
        notices=Notices(vault, doors),
        rewording=Rewording(vault, lessons, model),
        moving=Moving(vault),
        groups=groups,
    )
