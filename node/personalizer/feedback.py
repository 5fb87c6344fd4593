"""What a worker says to the feed. Each entry is kept and can be undone: the feed is built from those that stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from node.personalizer.errors import FeedbackUnknown
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import place

LESS_LIKE_THIS: Final = "less-like-this"
I_KNOW_THIS: Final = "i-know-this"
NOT_MY_GOAL: Final = "not-my-goal"
KINDS = (LESS_LIKE_THIS, I_KNOW_THIS, NOT_MY_GOAL)

SAME = 0.1
ALIKE = 0.6
OFF_GOAL = 0.3


@dataclass(frozen=True, slots=True)
class Feedback:
    """One entry: what was said about which module, with the module's skills and level then. `at` seconds."""

    id: str
    kind: str
    subject: str
    skills: tuple[str, ...] = ()
    level: str = "competent"
    at: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FeedbackUnknown(f"There is no feedback {self.kind!r}.")


def undo(entries: Iterable[Feedback], entry_id: str) -> tuple[Feedback, ...]:
    """The entries that still stand."""
    return tuple(entry for entry in entries if entry.id != entry_id)


def believe(state: LearnerState, entries: Iterable[Feedback], shared: Shared) -> LearnerState:
    """The belief with every "I know this" taken as a placement at that module's level."""
    for entry in entries:
        if entry.kind == I_KNOW_THIS:
            for skill in entry.skills:
                state = place(state, skill, entry.level, shared)
    return state


def weight(entries: Iterable[Feedback], uri: str, skills: tuple[str, ...]) -> float:
    """What the entries multiply a module's utility by, 0..1. "I know this" puts the module itself away."""
    factor = 1.0
    for entry in entries:
        if entry.kind == I_KNOW_THIS:
            factor *= 0.0 if entry.subject == uri else 1.0
            continue
        shared_skills = not set(skills).isdisjoint(entry.skills)
        if entry.kind == NOT_MY_GOAL:
            factor *= OFF_GOAL if entry.subject == uri or shared_skills else 1.0
        elif entry.subject == uri:
            factor *= SAME
        elif shared_skills:
            factor *= ALIKE
    return factor
