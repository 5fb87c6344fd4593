"""Spaced review of skills, by FSRS with its default weights. Times are arguments; nothing is fuzzed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from node.personalizer.learner.outcomes import ALONE, NOT, WITH_A_HINT, WITH_HELP, Outcome

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

DUE_BELOW = 0.9
_LAPSES = frozenset({NOT, WITH_HELP})


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """The memory of one skill, plain JSON values: `stability` in days, `difficulty` 1..10, `last` RFC 3339 UTC.

    `lapsed`: it failed last time. Then it is to be learned again, which is what lessons are for, not reviews.
    """

    skill: str
    stability: float
    difficulty: float
    last: str
    lapsed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in ("skill", "stability", "difficulty", "last", "lapsed")}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> ReviewCard:
        """The reverse of `to_dict`."""
        lapsed = bool(value.get("lapsed", False))
        return cls(value["skill"], float(value["stability"]), float(value["difficulty"]), value["last"], lapsed)


def review(card: ReviewCard | None, skill: str, how: str, now: datetime) -> ReviewCard:
    """The memory after an outcome on the skill at `now` (UTC); `card` None on the first."""
    reviewed, _ = _scheduler().review_card(_thaw(card, now), _rating(how), review_datetime=now)
    assert reviewed.stability is not None
    assert reviewed.difficulty is not None
    return ReviewCard(skill, reviewed.stability, reviewed.difficulty, now.isoformat(), lapsed=how in _LAPSES)


def remember(cards: dict[str, ReviewCard], outcome: Outcome, now: datetime) -> dict[str, ReviewCard]:
    """The cards after an outcome on each of the lesson's skills. Quizzes, skips and the unconfirmed change none."""
    if outcome.weight < 1.0:
        return cards
    skills = outcome.lesson.skills
    return {**cards, **{skill: review(cards.get(skill), skill, outcome.how, now) for skill in skills}}


def recall(card: ReviewCard, now: datetime) -> float:
    """The chance that it is still there, 0..1."""
    return float(_scheduler().get_card_retrievability(_thaw(card, now), current_datetime=now))


def due(cards: Iterable[ReviewCard], now: datetime) -> dict[str, float]:
    """Skills whose recall fell below 0.9 → how far they are due, 1 − recall; the most due first."""
    lost = {card.skill: 1.0 - recall(card, now) for card in cards if not card.lapsed}
    return dict(sorted(((s, x) for s, x in lost.items() if x > 1.0 - DUE_BELOW), key=lambda pair: (-pair[1], pair[0])))


def _rating(how: str) -> Any:
    from fsrs import Rating

    return {ALONE: Rating.Good, WITH_A_HINT: Rating.Hard, WITH_HELP: Rating.Hard, NOT: Rating.Again}[how]


def _thaw(card: ReviewCard | None, now: datetime) -> Card:
    from fsrs import Card, State

    if card is None:
        return Card(card_id=0, due=now)
    last = datetime.fromisoformat(card.last)
    return Card(
        card_id=0,
        state=State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=now,
        last_review=last,
    )


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # Work recurs over days, so the minute-long learning steps of flash cards are left out.
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
