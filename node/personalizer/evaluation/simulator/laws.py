"""Five laws of how much one learns from doing something one would have done unaided with probability p.

Nobody knows which holds. A feed must be better than its rivals under every one of them.
"""

from __future__ import annotations

from collections.abc import Callable

from node.personalizer.learner.graph import FloatArray

Law = Callable[[FloatArray], FloatArray]

PEAK = 0.85
PEAK_WIDTH = 2.0
FLAT = 0.5


def peaks_at_even(p: FloatArray) -> FloatArray:
    """Most is learned where success is a coin's toss."""
    return 4 * p * (1 - p)


def peaks_at_85(p: FloatArray) -> FloatArray:
    """Most is learned at 85% success (Wilson et al. 2019)."""
    return ((p / PEAK) ** PEAK * ((1 - p) / (1 - PEAK)) ** (1 - PEAK)) ** PEAK_WIDTH


def flat(p: FloatArray) -> FloatArray:
    """Difficulty does not matter."""
    return 0 * p + FLAT


def by_success(p: FloatArray) -> FloatArray:
    """One learns from what one gets right."""
    return p


def by_error(p: FloatArray) -> FloatArray:
    """One learns from what one gets wrong."""
    return 1 - p


LAWS: dict[str, Law] = {
    "peaks at even": peaks_at_even,
    "peaks at .85": peaks_at_85,
    "flat": flat,
    "by success": by_success,
    "by error": by_error,
}
