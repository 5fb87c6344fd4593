"""Fitting what is shared: weights, item and skill ease, by AdaGrad over users' histories in random order.

The histories are walked with the very functions a node uses (`measure`, `observe`); only shared numbers are learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from operator import mul

import numpy as np

from node.personalizer.evaluation.kernel import build_kernel
from node.personalizer.evaluation.logs.log import Answer, History
from node.personalizer.learner.features import measure
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.prediction import sigmoid
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import TERMS, Lesson, Shared
from node.personalizer.learner.state import LearnerState, extend
from node.personalizer.learner.update import Seen, observe

EASE_RATE = 0.4
WEIGHT_RATE = 0.15
# Before anything is known of an item its ease is a Gaussian around 0, SD 1.24; of all its answers each bears a share of
# that. A share that did not fall with their number held back the ease of items that many answered.
PRECISION = 0.65
START = {"start": 0.5, "successes on the skill lately": 0.3, "mastery of the skill": 1.0}


@dataclass(slots=True)
class Learning:
    """Shared parameters while they are learned in place, with AdaGrad's sums of squared gradients.

    `times`: how often each item is answered in one pass.
    """

    prior: Prior
    times: Mapping[str, int]
    weights: list[float] = field(default_factory=lambda: [START.get(term, 0.0) for term in TERMS])
    items: dict[str, float] = field(default_factory=dict)
    skills: dict[str, float] = field(default_factory=dict)
    weight_squares: list[float] = field(default_factory=lambda: [1.0] * len(TERMS))
    item_squares: dict[str, float] = field(default_factory=dict)
    skill_squares: dict[str, float] = field(default_factory=dict)

    def view(self) -> Shared:
        """The parameters as they are at every moment."""
        return Shared(self.weights, self.items, self.skills, self.prior)

    def step(self, lesson: Lesson, terms: list[float], error: float) -> None:
        """One answer's gradient."""
        item, square = lesson.item, error * error
        squares = self.item_squares[item] = self.item_squares.get(item, 1.0) + square
        ease = self.items.get(item, 0.0)
        self.items[item] = ease + EASE_RATE / sqrt(squares) * (error - PRECISION / self.times[item] * ease)
        share = 1.0 / max(1, len(lesson.skills))
        for skill in lesson.skills:
            squares = self.skill_squares[skill] = self.skill_squares.get(skill, 1.0) + square * share
            self.skills[skill] = self.skills.get(skill, 0.0) + EASE_RATE / sqrt(squares) * error * share
        for i, term in enumerate(terms):
            if term:
                gradient = error * term
                self.weight_squares[i] += gradient * gradient
                self.weights[i] += WEIGHT_RATE / sqrt(self.weight_squares[i]) * gradient

    def forget_half(self) -> None:
        """Larger steps again for the next pass over items and skills."""
        for squares in (self.item_squares, self.skill_squares):
            for key, value in squares.items():
                squares[key] = 0.5 * (value + 1.0)


def fit(histories: Sequence[History], rng: np.random.Generator, epochs: int = 4) -> Shared:
    """Shared parameters from training users. The order of users is drawn from `rng`."""
    times = Counter(answer.lesson.item for history in histories for answer in history)
    learning = Learning(Prior(build_kernel(histories)), times)
    for epoch in range(epochs):
        for place in rng.permutation(len(histories)):
            _learn_from(learning, histories[place])
        if epoch < epochs - 1:
            learning.forget_half()
    return replace(learning.view(), weights=tuple(learning.weights))


def _learn_from(learning: Learning, history: History) -> None:
    shared = learning.view()
    state = begin(history, learning.prior)
    room = np.empty_like(state.covariance)
    for answer in history:
        lesson = answer.lesson
        terms, p = _chance(state, answer, shared)
        learning.step(lesson, terms, answer.correct - p)
        state = observe(state, lesson, Seen(answer.correct, at=answer.at), shared, room)


def _chance(state: LearnerState, answer: Answer, shared: Shared) -> tuple[list[float], float]:
    lesson = answer.lesson
    places = [state.index[skill] for skill in lesson.skills]
    terms = measure(state, places, lesson.item, answer.at if answer.at >= 0 else None)
    total = sum(map(mul, shared.weights, terms))
    return terms, sigmoid(total + shared.ease(lesson) + shared.skill_ease(lesson.skills))


def begin(history: History, prior: Prior) -> LearnerState:
    """Nothing known yet, with room for the skills to come (which changes no prediction, only saves time)."""
    return extend(LearnerState(), (skill for answer in history for skill in answer.lesson.skills), prior)


def walk(history: History, shared: Shared) -> Iterator[tuple[LearnerState, float]]:
    """The belief before each answer, good until the next is asked for, and the chance it gives."""
    state = begin(history, shared.prior)
    room = np.empty_like(state.covariance)
    for answer in history:
        _, p = _chance(state, answer, shared)
        yield state, p
        state = observe(state, answer.lesson, Seen(answer.correct, at=answer.at), shared, room)


def predict_all(histories: Iterable[History], shared: Shared) -> FloatArray:
    """The chance of every answer, each before it is seen; shared parameters stay as they are."""
    return np.array([p for history in histories for _, p in walk(history, shared)])
