"""How likely this worker does this lesson unaided, as a sum of named terms, and how much that rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from node.personalizer import words
from node.personalizer.learner.features import MASTERY, measure
from node.personalizer.learner.shared import TERMS, Lesson, Shared
from node.personalizer.learner.state import LearnerState, extend

EASE = "how easy the item is"
SKILL_EASE = "how easy the skill is"
CAUTION, CAUTION_AT_FIRST = 0.5, 1.25


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of a prediction's log-odds."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """`p` probability of unaided success; `terms` sum to its log-odds; `spread` standard deviation in log-odds.

    `attempts` are the worker's own outcomes on the skill, `related` those on other skills.
    """

    p: float
    logit: float
    terms: tuple[Term, ...]
    spread: float
    attempts: float
    related: float
    placed: bool = False

    @property
    def cautious(self) -> float:
        """The probability to adapt by: half a standard deviation lower, because when unsure, help more.

        One and a quarter where it is the author's level alone: a newcomer is not led like who has shown what they can.
        """
        return sigmoid(self.logit - (CAUTION if self.is_founded else CAUTION_AT_FIRST) * self.spread)

    @property
    def is_founded(self) -> bool:
        """Whether anything is known of the worker, by outcomes or by their own word."""
        return self.placed or max(self.attempts, self.related) >= words.NOTICED

    @property
    def chance(self) -> str:
        """p in plain words."""
        return words.chance(self.p)

    @property
    def evidence(self) -> str:
        """What p rests on, in plain words."""
        return f"{words.certainty(self.spread)}: {words.evidence(self.attempts, self.related, self.placed)}"


def sigmoid(x: float) -> float:
    """1/(1+e⁻ˣ) without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def logit(p: float) -> float:
    """The inverse of `sigmoid`, for p within (0, 1); clipped at one in a million."""
    p = min(1 - 1e-6, max(1e-6, p))
    return math.log(p / (1.0 - p))


def predict(state: LearnerState, lesson: Lesson, shared: Shared, at: float | None = None) -> Prediction:
    """The chance that the worker does the lesson unaided. `at` seconds (None: no forgetting by the clock)."""
    state = extend(state, lesson.skills, shared.prior)
    places = [state.index[skill] for skill in lesson.skills]
    measured = measure(state, places, lesson.item, at)
    terms = _named(measured, lesson, shared)
    log_odds = sum(term.value for term in terms)
    own = sum(state.traces[place].attempts for place in places) / max(1, len(places))
    return Prediction(
        p=sigmoid(log_odds),
        logit=log_odds,
        terms=terms,
        spread=abs(shared.weights[MASTERY]) * math.sqrt(_variance(state, places)),
        attempts=own,
        related=max(0.0, state.overall.attempts - own),
        placed=any(skill in state.placed for skill in lesson.skills),
    )


def _named(measured: Sequence[float], lesson: Lesson, shared: Shared) -> tuple[Term, ...]:
    weighted = zip(TERMS, shared.weights, measured, strict=True)
    offsets = (Term(EASE, shared.ease(lesson)), Term(SKILL_EASE, shared.skill_ease(lesson.skills)))
    return (*offsets, *(Term(name, weight * value) for name, weight, value in weighted))


def _variance(state: LearnerState, places: list[int]) -> float:
    if not places:
        return 0.0
    block = state.covariance[np.ix_(places, places)]
    return max(0.0, float(block.mean()))
