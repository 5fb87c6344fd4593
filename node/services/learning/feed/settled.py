"""Lists that were made anew and came out the same: whoever looks again is shown the one that is kept."""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT = 10_000  # workers, some 300 bytes each


class Settled:
    """By worker: the stamp of the list that is kept, and that of the world in which it would be made so again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def note(self, person: str, kept: str, now: str) -> None:
        """The list with the stamp `kept` is what there would be under the stamp `now`."""
        with self._lock:
            self._known[person] = kept, now
            self._known.move_to_end(person)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)

    def holds(self, person: str, kept: str, now: str) -> bool:
        """Is that known?"""
        return self._known.get(person) == (kept, now)

    def drop(self, person: str) -> None:
        """Forget what is in memory."""
        with self._lock:
            self._known.pop(person, None)
