"""What one host may cost this node: events a second on average, and refusals before it is left alone for a while."""

from __future__ import annotations

from dataclasses import dataclass

from node.errors import NodeError
from node.services.following.refusals import Refusal

BURST = 20_000.0  # events that may come at once: a bulk import, or what was missed meanwhile
MOST_REFUSALS = 20.0  # grave ones
WINDOW = 600.0  # seconds in which so many are forgotten again
FIRST_QUARANTINE, LONGEST_QUARANTINE = 3600.0, 86_400.0


class Quarantined(NodeError):
    """This host is left alone for a while."""

    code = "Quarantined"


def quarantine_seconds(strikes: int) -> float:
    """How long, the `strikes`-th time: an hour, doubling up to a day."""
    return min(LONGEST_QUARANTINE, FIRST_QUARANTINE * 2.0 ** min(strikes - 1, 10))


@dataclass(slots=True)
class Budget:
    """Two leaky buckets; `at` is a monotonic time in seconds. `rate` is events a second."""

    rate: float
    _events: float = 0.0
    _refusals: float = 0.0
    _events_at: float = 0.0
    _refusals_at: float = 0.0
    _count: int = 0

    def spend(self, at: float) -> float:
        """One event was taken: seconds to let the host wait before the next one is read."""
        self._events = max(0.0, self._events - (at - self._events_at) * self.rate) + 1.0
        self._events_at = at
        return max(0.0, (self._events - BURST) / self.rate)

    def refused(self, refusal: Refusal, at: float) -> None:
        """One thing was refused. Raises Quarantined when it was one too many."""
        gone = (at - self._refusals_at) / WINDOW * MOST_REFUSALS
        self._refusals = max(0.0, self._refusals - gone)
        self._count = self._count + 1 if self._refusals else 1
        self._refusals, self._refusals_at = self._refusals + refusal.weight, at
        if self._refusals >= MOST_REFUSALS:
            count, self._count, self._refusals = self._count, 0, 0.0
            raise Quarantined(f"{count} refusals in a short time, the last: {refusal.code} ({refusal.detail[:150]}).")
