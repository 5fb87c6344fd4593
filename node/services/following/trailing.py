"""How far what was taken of a host trails what it says: an open stream of which more waits than is taken."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

RECENT = 60.0  # seconds without an event: then nothing waits
NONE = timedelta(0)


class Trailing:
    """How old the newest event was when it was taken, for each host, while events come."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last: dict[str, tuple[float, float]] = {}

    def note(self, url: str, written: str) -> None:
        """An event of a host was taken that it wrote then (RFC 3339)."""
        with contextlib.suppress(ValueError):
            at = datetime.fromisoformat(written)
            self._last[url] = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), self._clock()

    def of(self, url: str) -> timedelta:
        """Nothing when no event came lately; a host whose clock is ahead does not trail."""
        written, taken = self._last.get(url, (0.0, 0.0))
        is_recent = self._clock() - taken < RECENT
        return max(NONE, timedelta(seconds=taken - written)) if is_recent else NONE
