"""Predictions for all candidates at once: the same sum of terms as `learner.prediction.predict`, in columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from node.personalizer.feed.columns import Columns, FloatArray
from node.personalizer.learner.features import ITEM_TRIED, MASTERY, SECONDS_PER_DAY
from node.personalizer.learner.shared import TAG_TRUST, Shared
from node.personalizer.learner.state import UNSEEN, LearnerState, project


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """For N candidates: `p` unaided success, `mean` mastery of their skills, `tried`: attempts at the item; all (N,).

    `spread` (N,) how unsure the mastery is, a standard deviation; `skill_mean` (U,) is by skill of the columns.
    """

    p: FloatArray
    mean: FloatArray
    spread: FloatArray
    tried: FloatArray
    skill_mean: FloatArray


def estimate(columns: Columns, state: LearnerState, shared: Shared, at: float | None) -> Estimates:
    """`at` seconds, None without a clock."""
    mean, variance = project(state, columns.by_skill_name, shared.prior)
    terms = _measure(columns, state, mean, at)
    log_odds = ease_of(columns, shared).copy()
    for weight, term in zip(shared.weights, terms, strict=True):
        log_odds += weight * term
    return Estimates(
        p=1.0 / (1.0 + np.exp(-np.clip(log_odds, -700, 700))),
        mean=terms[MASTERY],
        spread=np.sqrt(mean_over(columns, variance)),
        tried=np.expm1(terms[ITEM_TRIED]),
        skill_mean=mean,
    )


def _measure(columns: Columns, state: LearnerState, mean: FloatArray, at: float | None) -> list[Any]:
    """The terms of `features.measure`, each (N,) or a number that is the same for all."""
    traces = _traces(columns, state)
    success, failure, attempts, wins, last, when = traces.T
    age = np.zeros(len(mean)) if at is None else np.where(when >= 0, np.maximum(0.0, at - when), 0.0)
    with np.errstate(divide="ignore"):
        near = np.where(last >= 0, 1.0 / (state.answers - last), 0.0)
    per_skill = [np.log((success + 0.5) / (failure + 0.5)), np.log1p(attempts), np.log1p(wins), mean]
    lately, practice, won, mastery = (mean_over(columns, values) for values in per_skill)
    new = _most_over(columns, (attempts == 0).astype(np.float64))
    overall = state.overall
    general = np.log((overall.successes + 1.0) / (overall.failures + 1.0))
    items = _items(columns, state)
    return [
        1.0,
        lately,
        practice,
        won,
        general,
        np.log1p(overall.attempts),
        np.log1p(overall.wins),
        items[:, 0],
        items[:, 1],
        _most_over(columns, near),
        mastery,
        new,
        new * general,
        new * mastery,
        _most_over(columns, np.log1p(age / (7 * SECONDS_PER_DAY))),
    ]


def _traces(columns: Columns, state: LearnerState) -> FloatArray:
    """The traces by skill of the columns, shape (U, 6)."""
    traces = np.tile(np.array(UNSEEN, dtype=np.float64), (len(columns.by_skill_name), 1))
    for skill, place in state.index.items():
        spot = columns.by_skill_name.get(skill)
        if spot is not None:
            traces[spot] = state.traces[place]
    return traces


def _items(columns: Columns, state: LearnerState) -> FloatArray:
    tried = np.zeros((len(columns.candidates), 2))
    for item, count in state.items.items():
        place = columns.by_uri.get(item)
        if place is not None:
            tried[place] = count
    return np.log1p(tried)


@lru_cache(maxsize=2)
def ease_of(columns: Columns, shared: Shared) -> FloatArray:
    """How easy each candidate and its skills are, log-odds (N,): the same for all workers, so it is remembered."""
    ease = -TAG_TRUST * columns.standard
    for item, value in shared.items.items():
        place = columns.by_uri.get(item)
        if place is not None:
            ease[place] = value
    by_skill = np.array([shared.skills.get(skill, 0.0) for skill in columns.by_skill_name])
    ease += mean_over(columns, by_skill)
    ease.setflags(write=False)
    return ease


def mean_over(columns: Columns, by_skill: FloatArray) -> FloatArray:
    """The mean of a figure by skill (U,) over each candidate's skills (N,)."""
    sums: FloatArray = np.add.reduceat(by_skill[columns.skill_of], columns.starts)
    return sums / columns.counts


def _most_over(columns: Columns, by_skill: FloatArray) -> FloatArray:
    most: FloatArray = np.maximum.reduceat(by_skill[columns.skill_of], columns.starts)
    return most
