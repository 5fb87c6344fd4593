"""What is believed of a worker: replayed from their outcomes and corrections, so that each can be undone or confirmed.

A correction puts the worker's word in place of what was believed of that skill; later outcomes count on top of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState, extend
from node.personalizer.learner.update import forget, place, update
from node.personalizer.levels import LEVELS
from node.personalizer.review import ReviewCard, remember
from node.services.learning.sealed.ledger import HISTORY, Correction, Ledger, Recorded
from node.store.clock import moment_of

FORGET = "forget"
# What a worker may say of a skill, and the level that it means.
WORDS = {
    "alone": "proficient",
    "with-a-hint": "competent",
    "with-hint": "competent",
    "with-help": "advanced-beginner",
    "not-yet": "novice",
    **{level: level for level in LEVELS},
}
KEPT = 64


@dataclass(frozen=True, slots=True)
class Belief:
    """The learner state and the review cards by skill."""

    state: LearnerState = field(default_factory=LearnerState)
    cards: dict[str, ReviewCard] = field(default_factory=dict)


Heard = Callable[[LearnerState, Outcome], None]


def believe(ledger: Ledger, shared: Shared, heard: Heard = lambda _state, _outcome: None) -> Belief:
    """From scratch, in the order of time. `heard` is told each outcome, with what was believed before it."""
    events = _in_time(ledger)
    # With room for all skills to come: one by one, each would cost a solution over those before it.
    belief = Belief(extend(LearnerState(), _skills_in(events), shared.prior))
    for event in events:
        if isinstance(event, Recorded):
            if event.kind != HISTORY:
                heard(belief.state, event.outcome())
            belief = _hear(belief, event, shared)
        else:
            belief = _correct(belief, event, shared)
    return belief


def _in_time(ledger: Ledger) -> list[Recorded | Correction]:
    events: list[Recorded | Correction] = [*ledger.history_brought, *ledger.outcomes, *ledger.corrections]
    return sorted(events, key=lambda event: event.at)


def _skills_in(events: Iterable[Recorded | Correction]) -> Iterator[str]:
    for event in events:
        if isinstance(event, Correction):
            yield from () if event.belief == FORGET else (event.skill,)
        elif event.outcome().weight:
            yield from event.skills


def _hear(belief: Belief, recorded: Recorded, shared: Shared) -> Belief:
    outcome = recorded.outcome()
    at = moment_of(recorded.at)
    return Belief(update(belief.state, outcome, shared), remember(belief.cards, outcome, at))


def _correct(belief: Belief, correction: Correction, shared: Shared) -> Belief:
    state = forget(belief.state, correction.skill)
    if correction.belief == FORGET:
        return Belief(state, {skill: card for skill, card in belief.cards.items() if skill != correction.skill})
    return Belief(place(state, correction.skill, WORDS[correction.belief], shared), belief.cards)


class Beliefs:
    """Keeps the last replay of a few workers in memory, as long as nothing changed that it follows from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, Shared, Belief]] = OrderedDict()

    def of(self, person: str, ledger: Ledger, shared: Shared) -> Belief:
        """The belief that follows from the ledger."""
        learnt = ledger.learnt
        with self._lock:
            kept = self._kept.get(person)
        if kept is not None and kept[0] == learnt and kept[1] is shared:
            return kept[2]
        belief = believe(ledger, shared)
        with self._lock:
            self._kept[person] = (learnt, shared, belief)
            self._kept.move_to_end(person)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return belief

    def drop(self, person: str) -> None:
        """Forget what is in memory."""
        with self._lock:
            self._kept.pop(person, None)
