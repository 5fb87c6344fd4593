"""Ten times too much: who is turned away is told so at once, who watches over the node still finds it alive."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from node.cli.load_bench.connections import Connections
from node.cli.load_bench.taking import percentile
from node.cli.load_bench.user import FAILURES
from node.cli.load_bench.world import World

SECONDS = 15.0
TIMES = 10
TAKEN_AT_ONCE = 200  # what a node works on by default
HEALTHY = 2.0  # seconds within which /health must answer all the while


@dataclass(slots=True)
class Flooded:
    """Answers by status, those turned away without being told when to come back, and what /health said meanwhile."""

    answers: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    untold: int = 0
    turned_away: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    sick: int = 0
    afterwards: float = 0.0


async def flood(url: str, world: World) -> Flooded:
    """Ten times as many at once as the node takes, without rest, each asking for pages that cost something."""
    found, connections = Flooded(), Connections(url)
    watching = asyncio.create_task(_watch(url, found))
    asking = [asyncio.create_task(_ask_on(connections, world, found, n)) for n in range(TIMES * TAKEN_AT_ONCE)]
    await asyncio.sleep(SECONDS)
    for task in (*asking, watching):
        task.cancel()
    await asyncio.gather(*asking, watching, return_exceptions=True)
    connections.close()
    await asyncio.sleep(1.0)
    began = time.perf_counter()
    await Connections(url).ask("GET", "/search?q=check", {})
    found.afterwards = time.perf_counter() - began
    return found


async def _ask_on(connections: Connections, world: World, found: Flooded, number: int) -> None:
    while True:
        path = f"/modules/{world.did}/{world.modules[number % len(world.modules)]}"
        began = time.perf_counter()
        try:
            answer = await connections.ask("GET", path, {})
        except FAILURES:
            found.lost += 1
            await asyncio.sleep(0.5)
            continue
        found.answers[answer.status] += 1
        if answer.status == 503:
            found.turned_away.append(time.perf_counter() - began)
            found.untold += "retry-after" not in answer.headers
            await asyncio.sleep(0.5)  # impatient: told to wait for two seconds


async def _watch(url: str, found: Flooded) -> None:
    connections = Connections(url)
    while True:
        began = time.perf_counter()
        try:
            found.sick += (await connections.ask("GET", "/health", {})).status != 200
        except FAILURES:
            found.sick += 1
        found.health.append(time.perf_counter() - began)
        await asyncio.sleep(0.2)


def rows_of_flood(found: Flooded) -> Iterator[dict[str, Any]]:
    """What was found, as rows."""
    asked = sum(found.answers.values()) + found.lost
    shed = found.answers[503] / max(1, asked)
    others = sum(many for status, many in found.answers.items() if status not in (200, 503)) + found.lost
    worst = max(found.health, default=0.0)
    served = f"turned away with 503 ({found.answers[200]:,} answered meanwhile)"
    yield row(f"{TIMES} × overload: {served}", "share", round(shed, 3), "> 0", ok=shed > 0)
    yield row(f"{TIMES} × overload: turned away, after", "ms p95", _ms(found.turned_away), "", ok=True)
    yield row(f"{TIMES} × overload: 503 without Retry-After", "answers", found.untold, "0", ok=not found.untold)
    yield row(f"{TIMES} × overload: other failures", "answers", others, "0", ok=not others)
    healthy = not found.sick and worst <= HEALTHY
    yield row(f"{TIMES} × overload: /health, worst", "ms", round(worst * 1000), f"≤ {HEALTHY * 1000:.0f}", ok=healthy)
    yield row(
        "a search one second afterwards", "ms", round(found.afterwards * 1000), "≤ 1000", ok=found.afterwards <= 1
    )


def _ms(values: list[float]) -> float:
    return round(percentile(values, 0.95) * 1000, 1)


def row(name: str, unit: str, ours: float, goal: str, *, ok: bool, **more: Any) -> dict[str, Any]:
    """One row of a bench, without a rival."""
    empty = {"rival": None, "rival_name": None, "ratio": None}
    return {"name": name, "unit": unit, "ours": ours, **empty, "goal": goal, "ok": ok, **more}
