"""Learning from an outcome: one step of a logistic extended Kalman filter, then the traces.

The filter's own prediction leaves the traces out, so that practice is not counted twice. Its link is the logistic
averaged over the belief (MacKay 1992: σ(z/√(1+πs²/8))).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from node.personalizer.learner.features import SECONDS_PER_DAY, UNTRIED
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import sigmoid
from node.personalizer.learner.shared import Lesson, Shared
from node.personalizer.learner.state import Count, LearnerState, Trace, extend
from node.personalizer.levels import get_standard

DRIFT_PER_DAY = 0.001
DRIFT_LIMIT = 0.5
PLACED_ABOVE = 0.4
PLACED_VARIANCE = 0.36


class Seen(NamedTuple):
    """An answer: succeeded by `success` (0..1), counted `weight` (0..1], `at` seconds; −1 without a clock."""

    success: float
    weight: float = 1.0
    at: float = -1.0


def update(state: LearnerState, outcome: Outcome, shared: Shared) -> LearnerState:
    """The belief after this outcome. A skipped lesson changes nothing."""
    if outcome.weight == 0.0:
        return state
    return observe(state, outcome.lesson, Seen(outcome.success, outcome.weight, outcome.at), shared)


def replay(outcomes: Iterable[Outcome], shared: Shared, start: LearnerState | None = None) -> LearnerState:
    """The belief from scratch: what makes an entry removable, correctable and confirmable."""
    state = start or LearnerState()
    for outcome in outcomes:
        state = update(state, outcome, shared)
    return state


def observe(
    state: LearnerState, lesson: Lesson, seen: Seen, shared: Shared, room: FloatArray | None = None
) -> LearnerState:
    """The belief after one answer.

    With `room` (n, n) to compute in, `state` itself is used up: what it holds is changed and handed on. For whoever
    walks through a long history and looks back at no belief of before.
    """
    state = extend(state, lesson.skills, shared.prior)
    places = [state.index[skill] for skill in lesson.skills]
    traces, items = (list(state.traces), dict(state.items)) if room is None else (state.traces, state.items)
    mean, covariance = _filter(state, lesson, places, shared, seen, room)
    for place in places:
        traces[place] = _trace(traces[place], seen, shared.skill_decay, state.answers)
    tried = items.get(lesson.item, UNTRIED)
    items[lesson.item] = Count(tried.attempts + seen.weight, tried.wins + seen.weight * seen.success)
    overall = _trace(state.overall, seen, shared.overall_decay, state.answers)
    return LearnerState(
        state.skills, mean, covariance, traces, overall, state.answers + 1, items, state.placed, state.index
    )


def _filter(
    state: LearnerState, lesson: Lesson, places: list[int], shared: Shared, seen: Seen, room: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    if not places:
        return state.mean, state.covariance
    success, weight, at = seen
    share = 1.0 / len(places)
    drift = [_drift(state.traces[place], at, shared.drift * share) for place in places]
    gain = state.covariance[places[0]].copy() if share == 1.0 else state.covariance[places].sum(axis=0) * share
    mastery = variance = 0.0
    for place, more in zip(places, drift, strict=True):
        raised = gain[place] = gain.item(place) + more * share
        mastery += state.mean.item(place)
        variance += raised
    mastery, variance = mastery * share, variance * share
    link = shared.weights[0] + shared.ease(lesson) + shared.skill_ease(lesson.skills) + mastery
    expected = sigmoid(link / math.sqrt(1.0 + math.pi / 8 * variance))
    information = weight * expected * (1.0 - expected)
    total = 1.0 + information * variance
    mean = np.add(state.mean, gain * (weight * (success - expected) / total), None if room is None else state.mean)
    gain *= math.sqrt(information / total)  # the same factor twice keeps the matrix symmetric to the last bit
    lost = np.dot(gain[:, None], gain[None, :], room)
    covariance = np.subtract(state.covariance, lost, lost if room is None else state.covariance)
    for place, more in zip(places, drift, strict=True):
        covariance[place, place] += more
    return mean, covariance


def _drift(trace: Trace, at: float, per_answer: float) -> float:
    """Skills move between answers and while unused; what was believed becomes less certain."""
    if at < 0.0 or trace.at < 0.0:
        return per_answer
    return per_answer + min(DRIFT_LIMIT, DRIFT_PER_DAY * max(0.0, at - trace.at) / SECONDS_PER_DAY)


def _trace(old: Trace, seen: Seen, decay: float, answers: int) -> Trace:
    success, weight, at = seen
    faded = decay**weight if weight != 1.0 else decay
    return Trace(
        old.successes * faded + weight * success,
        old.failures * faded + weight * (1.0 - success),
        old.attempts + weight,
        old.wins + weight * success,
        answers,
        at,
    )


def place(state: LearnerState, skill: str, level: str, shared: Shared) -> LearnerState:
    """The worker says where they stand: a measurement a little above that level's standard, SD 0.6. Never forced."""
    state = extend(state, [skill], shared.prior)
    spot = state.index[skill]
    row = state.covariance[spot]
    total = float(row[spot]) + PLACED_VARIANCE
    scaled = row / math.sqrt(total)
    error = get_standard(level) + PLACED_ABOVE - float(state.mean[spot])
    return replace(
        state,
        mean=state.mean + row * (error / total),
        covariance=state.covariance - np.outer(scaled, scaled),
        placed=state.placed | {skill},
    )


def forget(state: LearnerState, skill: str) -> LearnerState:
    """The belief without this skill: the others keep what they learned from it (use `replay` to undo that too)."""
    if skill not in state.index:
        return state
    spot = state.index[skill]
    kept = [i for i in range(len(state.skills)) if i != spot]
    skills = tuple(state.skills[i] for i in kept)
    return replace(
        state,
        skills=skills,
        mean=state.mean[kept],
        covariance=state.covariance[np.ix_(kept, kept)],
        traces=[state.traces[i] for i in kept],
        placed=state.placed - {skill},
        index={name: i for i, name in enumerate(skills)},
    )
