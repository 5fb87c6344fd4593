"""Who watches over a node asks /health again and again; it must answer soon, whatever else is asked."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from node.cli.bench.load.connections import FAILURES, Connections

EVERY = 0.2  # seconds between an answer and the next question


@dataclass(slots=True)
class Health:
    """Seconds that answers took, and how many said something else than that the node lives."""

    seconds: list[float] = field(default_factory=list)
    sick: int = 0

    @property
    def slowest(self) -> float:
        """Seconds; 0 when nobody asked."""
        return max(self.seconds, default=0.0)


async def watch(url: str, health: Health) -> None:
    """Ask until cancelled."""
    connections = Connections(url)
    try:
        while True:
            began = time.perf_counter()
            try:
                health.sick += (await connections.ask("GET", "/health", {})).status != 200
            except FAILURES:
                health.sick += 1
            health.seconds.append(time.perf_counter() - began)
            await asyncio.sleep(EVERY)
    finally:
        connections.close()
