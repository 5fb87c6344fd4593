"""What an indexer is asked for, in any thread: changes go first and several at once, all else waits its turn."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.services.cataloguing.changes import CatalogueChange

if TYPE_CHECKING:
    from node.search.engine import SearchEngine

GATHER = 0.05  # seconds to wait for more changes, so that a flood is indexed in batches …
MOST_GATHERED = 0.4  # … but never longer than this: what is published is found within a second
MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class Damaged:
    """A search found this engine's index damaged."""

    engine: SearchEngine
    reason: str


@dataclass(frozen=True, slots=True)
class Mend:
    """Checksums are to be compared."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Words of what was removed are to leave the files, if the index holds at most `most` documents."""

    most: float


Work = CatalogueChange | Damaged | Mend | Renewal
Errand = Work | threading.Event | None
"""An event is set once all before it is done, or left to a later comparison; None is the last."""


class Errands:
    """`put` from any thread; the rest is for the one that runs them."""

    def __init__(self) -> None:
        self._heard: queue.Queue[Errand] = queue.Queue()
        self._later: list[Errand] = []

    def put(self, errand: Errand) -> None:
        """To be done."""
        self._heard.put(errand)

    def next(self) -> Errand:
        """What to do now; waits for it."""
        return self._later.pop(0) if self._later else self._heard.get()

    def gathered(self, first: CatalogueChange) -> CatalogueChange:
        """`first` and what else changes within a moment."""
        until = time.monotonic() + MOST_GATHERED
        while time.monotonic() < until and len(first.items) + len(first.people) < MOST_CHANGES:
            try:
                more = self._heard.get(timeout=GATHER)
            except queue.Empty:
                break
            if not isinstance(more, CatalogueChange):
                self._later.append(more)
                break
            first.add(more)
        return first

    def mend_instead(self, *, again: bool = False) -> None:
        """All that changed by now is found by comparing: nobody goes through the changes of hours one by one.

        Who waits for it waits for that, unless comparing failed already and is to be done `again`.
        """
        waiting, self._later = self._later, []
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.append(self._heard.get_nowait())
        others = [errand for errand in waiting if not isinstance(errand, CatalogueChange | Mend)]
        behind = [errand for errand in others if isinstance(errand, threading.Event) and not again]
        self._later = [*(errand for errand in others if errand not in behind), Mend(), *behind]

    def changes(self) -> Iterator[CatalogueChange]:
        """What has changed by now, past all else that waits."""
        while True:
            try:
                errand = self._heard.get_nowait()
            except queue.Empty:
                return
            if isinstance(errand, CatalogueChange):
                yield errand
            else:
                self._later.append(errand)
