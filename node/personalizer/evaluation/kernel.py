"""Which skills go together, from answers: correlations of users' residuals after item difficulty, shrunk.

Where no task–skill graph exists (a school log), this stands in for it. From training users only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from node.personalizer.evaluation.ease import ease_of_items
from node.personalizer.evaluation.logs.log import History
from node.personalizer.learner.graph import FloatArray

SHRINK = 20.0
ITEM_PRIOR = 5.0
ANSWER_PRIOR = 3.0
MOST_SKILLS, MOST_USERS = 600, 10_000


@dataclass(frozen=True, slots=True, eq=False)
class MatrixKernel:
    """Correlations given as a matrix. Skills it does not know correlate only with themselves."""

    place: Mapping[str, int]
    matrix: FloatArray

    def reach(self, skills: Sequence[str]) -> set[str]:
        """Every skill that may correlate with one of these, themselves included."""
        return {*self.place, *skills}

    def correlation(self, rows: Sequence[str], columns: Sequence[str]) -> FloatArray:
        """Shape (len(rows), len(columns))."""
        if self.place.keys() >= {*rows, *columns}:
            return self.matrix[np.ix_([self.place[row] for row in rows], [self.place[column] for column in columns])]
        kernel = np.zeros((len(rows), len(columns)))
        known_rows = [i for i, row in enumerate(rows) if row in self.place]
        known_columns = [j for j, column in enumerate(columns) if column in self.place]
        from_ = [self.place[rows[i]] for i in known_rows]
        to = [self.place[columns[j]] for j in known_columns]
        kernel[np.ix_(known_rows, known_columns)] = self.matrix[np.ix_(from_, to)]
        unknown = {row: i for i, row in enumerate(rows) if row not in self.place}
        for j, column in enumerate(columns):
            if column in unknown:
                kernel[unknown[column], j] = 1.0
        return kernel


def build_kernel(histories: Iterable[History]) -> MatrixKernel:
    """Positive semidefinite with a unit diagonal: negative eigenvalues are cut off.

    Of the most practised skills and the first users only, where a log has very many.
    """
    histories = list(islice(histories, MOST_USERS))
    practised = Counter(skill for history in histories for answer in history for skill in answer.lesson.skills)
    place = {skill: i for i, (skill, _) in enumerate(practised.most_common(MOST_SKILLS))}
    residual, number = _residuals(histories, place)
    mean = residual / (number + ANSWER_PRIOR)
    both = (number > 0).astype(np.float64)
    together = both.T @ both
    covariance = mean.T @ mean
    variance = np.diag(covariance) / np.maximum(np.diag(together), 1) + 1e-9
    correlation = covariance / np.maximum(together, 1) / np.sqrt(np.outer(variance, variance))
    correlation *= together / (together + SHRINK)
    np.fill_diagonal(correlation, 1.0)
    return MatrixKernel(place, _nearest_kernel(correlation))


def _residuals(histories: Sequence[History], place: Mapping[str, int]) -> tuple[FloatArray, FloatArray]:
    """Sum of residuals and number of answers by user and skill, shapes (users, skills)."""
    expected = ease_of_items(histories, ITEM_PRIOR)
    residual, number = np.zeros((2, len(histories), len(place)))
    for i, history in enumerate(histories):
        for answer in history:
            for skill in place.keys() & answer.lesson.skills:
                residual[i, place[skill]] += answer.correct - expected[answer.lesson.item]
                number[i, place[skill]] += 1.0
    return residual, number


def _nearest_kernel(correlation: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    kernel = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(np.maximum(np.diag(kernel), 1e-12))
    unit: FloatArray = kernel / np.outer(scale, scale)
    np.fill_diagonal(unit, 1.0)  # to the last bit, on every processor
    return unit
