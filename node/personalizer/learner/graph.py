"""Which skills go together: two skills correlate as far as the same tasks need them.

The kernel is the Gram matrix of unit-length rows of the task–skill graph, so it is positive semidefinite by
construction and has ones on its diagonal. A skill that no task names correlates with nothing but itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]


class SkillGraph:
    """Task–skill incidence. Immutable; one per node, shared by all its workers. Holds nothing personal."""

    __slots__ = ("_near", "_numbers", "_rows", "_tasks")

    def __init__(self, tasks: Mapping[str, Iterable[str]]) -> None:
        """`tasks`: task id → the skills it needs. A task of many skills says little about any two of them."""
        self._rows: dict[str, dict[str, float]] = {}
        self._tasks = {task: tuple(dict.fromkeys(skills)) for task, skills in tasks.items()}
        self._near: dict[str, tuple[IndexArray, FloatArray]] = {}
        for task, skills in self._tasks.items():
            for skill in skills:
                self._rows.setdefault(skill, {})[task] = 1.0 / math.sqrt(len(skills))
        for row in self._rows.values():
            _normalise(row)
        self._numbers = {skill: number for number, skill in enumerate(self._rows)}

    def near(self, skill: str) -> Mapping[str, float]:
        """Skills sharing a task with this one → correlation in (0, 1]; the skill itself is 1."""
        near: dict[str, float] = {}
        for task, weight in self._rows.get(skill, {}).items():
            for other in self._tasks[task]:
                near[other] = near.get(other, 0.0) + weight * self._rows[other][task]
        near[skill] = 1.0
        return near

    def reach(self, skills: Sequence[str]) -> set[str]:
        """Every skill that correlates with one of these, themselves included."""
        tasks = {task for skill in skills for task in self._rows.get(skill, ())}
        return {*skills, *(other for task in tasks for other in self._tasks[task])}

    def correlation(self, rows: Sequence[str], columns: Sequence[str]) -> FloatArray:
        """Shape (len(rows), len(columns)). Walks only the neighbours of the shorter side."""
        if len(rows) < len(columns):
            return self.correlation(columns, rows).T
        size = len(self._numbers)
        spots = np.fromiter((self._numbers.get(row, size) for row in rows), dtype=np.intp, count=len(rows))
        kernel = np.zeros((len(columns), len(rows)))
        by_number = np.zeros(size + 1)
        for j, column in enumerate(columns):
            if column not in self._numbers:
                kernel[j, [i for i, row in enumerate(rows) if row == column]] = 1.0
                continue
            numbers, values = self._neighbours(column)
            by_number[numbers] = values
            np.take(by_number, spots, out=kernel[j])
            by_number[numbers] = 0.0
        return kernel.T

    def _neighbours(self, skill: str) -> tuple[IndexArray, FloatArray]:
        """`near` by number, remembered: it is asked for every worker who met the skill."""
        found = self._near.get(skill)
        if found is None:
            near = self.near(skill)
            numbers = np.array([self._numbers[other] for other in near], dtype=np.intp)
            found = self._near[skill] = (numbers, np.array(list(near.values())))
        return found


def _normalise(row: dict[str, float]) -> None:
    length = math.sqrt(sum(weight * weight for weight in row.values()))
    for task in row:
        row[task] /= length
