"""What separates organisations: how lenient each is, and the one factor along which they divide.

The one-factor model of Community Notes (Wojcik et al. 2022), over (organisation, subject) cells weighted by voice:
opinion ≈ mean + leniency_o + intercept_s + factor_o · factor_s, by alternating ridge regressions.
"""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Floats, Integers, sum_by
from curation.parameters import Parameters

GOLDEN = 0.6180339887498949
"""Its multiples spread evenly: a start that needs no chance."""


@dataclass(frozen=True, slots=True)
class Lean:
    """Leniency and factor by organisation; the factor has a root mean square of 1 by voice and is clipped."""

    leniency: Floats
    factor: Floats

    @classmethod
    def none(cls, size: int) -> "Lean":
        """Nobody leans."""
        return cls(np.zeros(size), np.zeros(size))


@dataclass(frozen=True, slots=True)
class _Side:
    """One half of a round: the group being fitted, and its penalties."""

    group: Integers
    size: int
    intercept_penalty: float
    factor_penalty: float

    def fit(self, voice: Floats, rest: Floats, slope: Floats) -> tuple[Floats, Floats]:
        """Ridge regression of `rest` on 1 and `slope`, per group."""
        ones = sum_by(self.group, voice, self.size) + self.intercept_penalty
        cross = sum_by(self.group, voice * slope, self.size)
        squares = sum_by(self.group, voice * slope * slope, self.size) + self.factor_penalty
        level = sum_by(self.group, voice * rest, self.size)
        tilt = sum_by(self.group, voice * rest * slope, self.size)
        determinant = ones * squares - cross * cross
        return (squares * level - cross * tilt) / determinant, (ones * tilt - cross * level) / determinant


def lean(
    size: int, organisation: Integers, subject: Integers, voice: Floats, rest: Floats, parameters: Parameters
) -> Lean:
    """Fit leniency and factors; arrays by cell, `rest` = opinion − mean, `subject` numbered without gaps."""
    total = float(voice.sum())
    if total <= 0.0:
        return Lean.none(size)
    subjects = int(subject.max()) + 1
    speaking = len(np.unique(organisation))
    factor_penalty = parameters.factor_penalty * total / speaking
    by_subject = _Side(subject, subjects, parameters.intercept_penalty * total / subjects, factor_penalty)
    by_organisation = _Side(organisation, size, parameters.leniency_penalty * total / speaking, factor_penalty)
    leniency: Floats = np.zeros(size)
    factor: Floats = np.asarray(0.6 * ((np.arange(size) * GOLDEN) % 1.0 - 0.5), np.float64)
    for _ in range(parameters.rounds):
        intercept, slope = by_subject.fit(voice, rest - leniency[organisation], factor[organisation])
        leniency, factor = by_organisation.fit(voice, rest - intercept[subject], slope[subject])
    weight = sum_by(organisation, voice, size)
    spread = float(np.sqrt((weight * factor * factor).sum() / total))
    clip = parameters.factor_clip
    return Lean(leniency, np.clip(factor / max(spread, 1e-9), -clip, clip))
