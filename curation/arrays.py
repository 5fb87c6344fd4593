"""The array types of the package, and the one way in which it sums.

`sum_by` adds one element after the other, in array order, so that the sum of a group does not depend on which
other groups are in the same call: this is what makes an incremental score equal a full one bit for bit.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def sum_by(group: Integers, value: Floats | Integers, groups: int) -> Floats:
    """Sum `value` by `group`; both of length n, `group` in 0..groups-1. Sequential; exact for integers below 2^53."""
    return np.bincount(group, value, groups).astype(np.float64, copy=False)


def starts_of(ascending: Integers) -> Integers:
    """Positions at which a new value begins in a sorted array."""
    if len(ascending) == 0:
        return np.zeros(0, np.int64)
    begins = np.empty(len(ascending), np.bool_)
    begins[0] = True
    np.not_equal(ascending[1:], ascending[:-1], out=begins[1:])
    return begins.nonzero()[0]
