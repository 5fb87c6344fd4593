"""What was measured: how long each kind of request took, what failed, and what the node's processes held."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from node.cli.bench.load.watching import Health
from node.cli.bench.running import Running

EVERY = 1.0  # seconds between two looks at the processes
REMEMBERED = 10  # of the slowest requests


class Slow(NamedTuple):
    """A request that took long: how many seconds, when it began after the start, and its kind."""

    seconds: float
    at: float
    kind: str


@dataclass(slots=True)
class Taken:
    """Seconds by kind of request, failures by kind and reason, the slowest; counted between `begin` and `end`."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)
    slowest: list[Slow] = field(default_factory=list)  # a heap
    health: Health = field(default_factory=Health)
    lasted: float = 0.0
    generator: float = 0.0  # seconds of processor time of this very process
    _began: float = 0.0

    def begin(self) -> None:
        """Count from now on."""
        self._began, self.generator = time.perf_counter(), -time.process_time()

    def end(self) -> None:
        """Count no longer."""
        self.lasted = time.perf_counter() - self._began
        self.generator += time.process_time()
        self._began = 0.0

    def note(self, kind: str, seconds: float, failure: str = "") -> None:
        """One request is over."""
        if not self._began:
            return
        self.seconds[kind].append(seconds)
        slow = Slow(seconds, time.perf_counter() - self._began - seconds, kind)
        if len(self.slowest) < REMEMBERED:
            heapq.heappush(self.slowest, slow)
        elif slow > self.slowest[0]:
            heapq.heapreplace(self.slowest, slow)
        if failure:
            self.failures[f"{kind}: {failure}"] += 1

    @property
    def all(self) -> list[float]:
        """Of every kind."""
        return [seconds for kind in self.seconds.values() for seconds in kind]


@dataclass(slots=True)
class Gauge:
    """Memory of the node's processes and their children, MB, once a second; processor time between start and end."""

    nodes: Sequence[Running]
    memory: list[float] = field(default_factory=list)
    processor: float = 0.0  # seconds

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        before = self._used()
        try:
            while True:
                self.memory.append(sum(node.held_mb() for node in self.nodes))
                await asyncio.sleep(EVERY)
        finally:
            self.processor = self._used() - before

    def _used(self) -> float:
        return sum(node.processor_ms() for node in self.nodes) / 1000

    @property
    def growth(self) -> float:
        """MB a minute, a straight line through the second half: the first fills caches."""
        return slope(self.memory[len(self.memory) // 2 :]) * 60 / EVERY

    @property
    def by_the_minute(self) -> list[float]:
        """MB at the start, after each minute, and at the end."""
        return [*self.memory[:: round(60 / EVERY)], *self.memory[-1:]]


def slope(values: Sequence[float]) -> float:
    """Of the straight line that fits best, by step."""
    if len(values) < 2:
        return 0.0
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((place - middle) ** 2 for place in range(len(values)))
    return sum((place - middle) * (value - mean) for place, value in enumerate(values)) / spread
