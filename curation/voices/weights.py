"""How much an endorsement weighs: occupation, task, age and version, in fixed point.

A weight is a whole number of 2^-24, relative to the epoch (forward decay: the same landmark for all), so that sums
are exact and do not depend on the order of arrival. Age counts in whole days. The scalar and the array form
perform the same operations on the same doubles.
"""

import math
from dataclasses import dataclass

import numpy as np

from curation.arrays import Floats, Integers
from curation.parameters import Parameters
from curation.stated.endorsement_rows import EndorsementTable, Row

SCALE = 1 << 24
DAY = 86_400.0
SHARE_BITS = 16
"""Precision of a practitioner's mean outcome over several tasks."""


@dataclass(frozen=True, slots=True)
class WeightTable:
    """Factors by days of age and by major versions between; both end where they no longer matter.

    Who goes back to an older text has not been endorsed for it either: versions ahead count like those behind.
    """

    at: float
    by_age: tuple[float, ...]
    by_lag: tuple[float, ...]

    @classmethod
    def of(cls, parameters: Parameters, at: float) -> "WeightTable":
        """Factors as of an epoch `at`, in seconds since 1970."""
        days = math.ceil(25 * parameters.half_life) + 1
        by_age = (*(2.0 ** (-day / parameters.half_life) for day in range(days)), 0.0)
        by_lag = (*(parameters.version_decay**lag for lag in range(32)), 0.0)
        return cls(at, by_age, by_lag)

    def weight(self, row: Row, major: int, relevance: float) -> int:
        """Fixed-point weight of one endorsement of a subject that is at version `major`."""
        age = min(max(math.floor((self.at - row.at) / DAY), 0), len(self.by_age) - 1)
        lag = min(abs(major - row.major), len(self.by_lag) - 1)
        return round(self.by_age[age] * self.by_lag[lag] * relevance * SCALE)

    def weights(self, table: EndorsementTable, majors: Integers, relevance: Floats) -> Integers:
        """`weight` for all rows of a table; `majors` and `relevance` by row."""
        age = np.clip(np.floor((self.at - table.at) / DAY), 0, len(self.by_age) - 1).astype(np.int64)
        lag = np.minimum(np.abs(majors - table.major), len(self.by_lag) - 1)
        factors = np.array(self.by_age)[age] * np.array(self.by_lag)[lag]
        return np.asarray(np.rint(factors * relevance * SCALE), np.int64)


def pair_total(weights: list[int], halves: list[int]) -> tuple[int, int]:
    """Weight and weighted outcome (in halves) of one practitioner on one subject.

    However many tasks it names, a person is one voice: the largest weight, with the weighted mean outcome.
    """
    total = sum(weights)
    if total == 0:
        return 0, 0
    share = (sum(w * h for w, h in zip(weights, halves, strict=True)) << SHARE_BITS) // total
    return max(weights), (max(weights) * share) >> SHARE_BITS
