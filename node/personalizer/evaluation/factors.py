"""A rival: performance factors analysis (Pavlik, Cen & Koedinger 2009).

Log-odds are a sum over the answer's skills of an ease, a weight for each success so far and one for each failure:
a logistic regression, ridge-penalised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from node.personalizer.evaluation.logs.log import History
from node.personalizer.learner.graph import FloatArray

RIDGE = 1e-5
ROUNDS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """`place` of each skill; `weights` (1 + 3·skills,): intercept, then ease, success, failure of each."""

    place: dict[str, int]
    weights: FloatArray


def fit_factors(histories: Sequence[History]) -> Factors:
    """Maximum likelihood by L-BFGS."""
    from scipy.optimize import minimize

    place = {
        skill: i for i, skill in enumerate(dict.fromkeys(s for h in histories for a in h for s in a.lesson.skills))
    }
    design = _design(histories, place)
    truth = np.array([answer.correct for history in histories for answer in history])

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        log_odds = design @ weights
        surprise = np.logaddexp(0.0, log_odds) - truth * log_odds
        slope = design.T @ (_logistic(log_odds) - truth) / len(truth) + RIDGE * weights
        return float(surprise.mean() + 0.5 * RIDGE * weights @ weights), slope

    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return Factors(place, np.asarray(found.x, dtype=np.float64))


def predict_factors(histories: Sequence[History], factors: Factors) -> FloatArray:
    """The chance of every answer, each before it is seen."""
    return _logistic(np.asarray(_design(histories, factors.place) @ factors.weights, dtype=np.float64))


def _design(histories: Iterable[History], place: dict[str, int]) -> Any:
    from scipy.sparse import csr_matrix

    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for history in histories:
        counts: dict[str, list[float]] = {}
        for answer in history:
            values.append(1.0)
            columns.append(0)
            for skill in answer.lesson.skills:
                if skill not in place:
                    continue
                count = counts.setdefault(skill, [0.0, 0.0])
                first = 1 + 3 * place[skill]
                values += [1.0, *count]
                columns += [first, first + 1, first + 2]
                count[0] += answer.correct
                count[1] += 1.0 - answer.correct
            starts.append(len(values))
    return csr_matrix((values, columns, starts), shape=(len(starts) - 1, 1 + 3 * len(place)))


def _logistic(x: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))
