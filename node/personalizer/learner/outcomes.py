"""How doing the work went, and how much that says. Work counts; a quiz is weak evidence; a click is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from node.personalizer.errors import OutcomeUnknown
from node.personalizer.learner.shared import Lesson

ALONE: Final = "alone"
WITH_A_HINT: Final = "with-a-hint"
WITH_HELP: Final = "with-help"
NOT: Final = "not"
SKIPPED: Final = "skipped"
OUTCOMES = (ALONE, WITH_A_HINT, WITH_HELP, NOT, SKIPPED)
MASTERED = frozenset({ALONE, WITH_A_HINT})
"""What went so needs no second time before it fades."""

# How near each lies to doing it unaided. Skipping says nothing about skill.
_SUCCESS = {ALONE: 1.0, WITH_A_HINT: 0.65, WITH_HELP: 0.3, NOT: 0.0}
QUIZ_WEIGHT = 0.25
UNCONFIRMED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One report of a worker. `at` seconds since 1970. `quiz`: answered about it rather than did it.

    `by_assistant`: reported by an assistant, half until the worker confirms it.
    """

    lesson: Lesson
    how: str
    at: float
    quiz: bool = False
    by_assistant: bool = False
    confirmed: bool = False

    def __post_init__(self) -> None:
        if self.how not in OUTCOMES:
            raise OutcomeUnknown(f"There is no outcome {self.how!r}.")

    @property
    def weight(self) -> float:
        """How much this counts, 0..1 of an outcome of work."""
        if self.how == SKIPPED:
            return 0.0
        weight = QUIZ_WEIGHT if self.quiz else 1.0
        return weight * (UNCONFIRMED_WEIGHT if self.by_assistant and not self.confirmed else 1.0)

    @property
    def success(self) -> float:
        """How near it came to unaided work, 0..1."""
        return _SUCCESS.get(self.how, 0.0)
