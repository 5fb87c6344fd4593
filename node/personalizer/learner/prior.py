"""The prior over skills: `0.5·11ᵀ + 0.6·K + 0.2·I`.

The first part is what a person brings to everything, the second what neighbouring skills share, the third what is
particular to one skill. Means are 0: a competent worker, until something is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from node.personalizer.learner.graph import FloatArray, SkillGraph


class Kernel(Protocol):
    """Correlations between skills, by id. Must be positive semidefinite with ones for equal ids."""

    def reach(self, skills: Sequence[str]) -> set[str]:
        """Every skill that correlates with one of these, themselves included."""
        ...

    def correlation(self, rows: Sequence[str], columns: Sequence[str]) -> FloatArray:
        """Shape (len(rows), len(columns))."""
        ...


@dataclass(frozen=True, slots=True)
class Prior:
    """Covariance of skills before anything is known of a person, by id, for any set of skills."""

    kernel: Kernel = field(default_factory=lambda: SkillGraph({}))
    general: float = 0.5
    graph: float = 0.6
    own: float = 0.2

    def covariance(self, rows: Sequence[str], columns: Sequence[str]) -> FloatArray:
        """Shape (len(rows), len(columns)); symmetric and positive definite when the ids are the same and distinct."""
        covariance: FloatArray = self.general + self.graph * self.kernel.correlation(rows, columns)
        if rows is columns:
            covariance.flat[:: len(rows) + 1] += self.own
            return covariance
        place = {column: j for j, column in enumerate(columns)}
        for i, row in enumerate(rows):
            if row in place:
                covariance[i, place[row]] += self.own
        return covariance

    @property
    def variance(self) -> float:
        """The variance of any one skill."""
        return self.general + self.graph + self.own
