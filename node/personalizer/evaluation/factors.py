"""A rival: performance factors analysis (Pavlik, Cen & Koedinger 2009).

Log-odds are a sum over the answer's skills of an ease, a weight for each success so far and one for each failure:
a logistic regression, ridge-penalised.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from node.personalizer.evaluation.logs.log import History
from node.personalizer.learner.graph import FloatArray, IndexArray

RIDGE, LEAST_SQUARE = 1e-5, 1e-4
ROUNDS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """`place` of each skill; `weights` (1 + 3·skills,): intercept, then ease, success, failure of each."""

    place: dict[str, int]
    weights: FloatArray


def fit_factors(histories: Sequence[History]) -> Factors:
    """Maximum likelihood by L-BFGS. Columns are brought to one size, else it is nowhere near after its rounds."""
    from scipy.optimize import minimize

    place = {
        skill: i for i, skill in enumerate(dict.fromkeys(s for h in histories for a in h for s in a.lesson.skills))
    }
    design, which = _design(histories, place)
    truth = np.array([answer.correct for history in histories for answer in history])
    times, right = (np.bincount(which, weights, minlength=design.shape[0]) for weights in (None, truth))

    squares = design.multiply(design).T @ times / len(truth)
    scale = 1.0 / np.sqrt(np.maximum(squares, LEAST_SQUARE))

    def loss(scaled: FloatArray) -> tuple[float, FloatArray]:
        weights = scaled * scale
        log_odds = design @ weights
        small = np.exp(-np.abs(log_odds))
        surprise = times * (np.maximum(log_odds, 0.0) + np.log1p(small)) - right * log_odds
        p = np.where(log_odds >= 0.0, 1.0, small) / (1.0 + small)
        slope = design.T @ (times * p - right) / len(truth) + RIDGE * weights
        return float(surprise.sum() / len(truth) + 0.5 * RIDGE * weights @ weights), slope * scale

    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return Factors(place, np.asarray(found.x * scale, dtype=np.float64))


def predict_factors(histories: Sequence[History], factors: Factors) -> FloatArray:
    """The chance of every answer, each before it is seen."""
    design, which = _design(histories, factors.place)
    return _logistic(np.asarray(design @ factors.weights, dtype=np.float64))[which]


def _design(histories: Iterable[History], place: dict[str, int]) -> tuple[Any, IndexArray]:
    """What answers are predicted from (D, 1 + 3·skills), each of D kinds once, and the kind of each answer (N,)."""
    from scipy.sparse import csr_matrix

    kinds: dict[tuple[tuple[int, float, float], ...], int] = {}
    which = array("q")
    for history in histories:
        counts: dict[str, tuple[int, float, float]] = {}
        for answer in history:
            before = []
            for skill in answer.lesson.skills:
                if skill in place:
                    number, won, lost = count = counts.get(skill) or (place[skill], 0.0, 0.0)
                    before.append(count)
                    counts[skill] = (number, won + answer.correct, lost + 1.0 - answer.correct)
            which.append(kinds.setdefault(tuple(before), len(kinds)))
    values, columns, starts = array("d"), array("q"), array("q", [0])
    for kind in kinds:
        values.append(1.0)
        columns.append(0)
        for number, won, lost in kind:
            values.extend((1.0, won, lost))
            columns.extend(range(1 + 3 * number, 4 + 3 * number))
        starts.append(len(values))
    shape = (len(kinds), 1 + 3 * len(place))
    return csr_matrix((np.asarray(values), np.asarray(columns), np.asarray(starts)), shape=shape), np.asarray(which)


def _logistic(x: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))
