"""What was measured: how long each kind of request took, what failed, and what the node's processes held."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from node.cli.tasks_bench.running import Running

EVERY = 1.0  # seconds between two looks at the processes


@dataclass(slots=True)
class Taken:
    """Seconds by kind of request, and failures by kind and reason; counted only while `counts`."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)
    counts: bool = False

    def note(self, kind: str, seconds: float, failure: str = "") -> None:
        """One request is over."""
        if self.counts:
            self.seconds[kind].append(seconds)
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
    began: float = field(default_factory=time.perf_counter)
    processor_ms: float = 0.0

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        before = self._used()
        try:
            while True:
                self.memory.append(sum(node.held_mb() for node in self.nodes))
                await asyncio.sleep(EVERY)
        finally:
            self.processor_ms = self._used() - before

    def _used(self) -> float:
        return sum(node.processor_ms() for node in self.nodes)

    @property
    def growth(self) -> float:
        """MB a minute, a straight line through the second half: the first fills caches."""
        return slope(self.memory[len(self.memory) // 2 :]) * 60 / EVERY


def slope(values: Sequence[float]) -> float:
    """Of the straight line that fits best, by step."""
    if len(values) < 2:
        return 0.0
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((place - middle) ** 2 for place in range(len(values)))
    return sum((place - middle) * (value - mean) for place, value in enumerate(values)) / spread


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie; 0 of nothing."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
