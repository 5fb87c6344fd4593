"""Ten times too much: who is turned away is told so at once, who watches over the node still finds it alive."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from node.cli.bench.figures import Row, row
from node.cli.bench.load.connections import FAILURES, Connections
from node.cli.bench.load.reporting import row_of_health, spread_of
from node.cli.bench.load.watching import Health, watch
from node.cli.bench.load.world import World

SECONDS = 20.0
TIMES = 10
TAKEN_AT_ONCE = 200  # what a node works on by default
IMPATIENCE = 0.5  # seconds until who was told to wait for two asks again
RESTED = 1.0  # seconds after the flood until a search must be as quick as ever
STARVED = 10_000  # ms that nobody who is let in may wait


@dataclass(slots=True)
class Flooded:
    """Seconds of what was answered by kind, answers by status, who was turned away without being told until when."""

    answered: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    untold: int = 0
    turned_away: list[float] = field(default_factory=list)
    health: Health = field(default_factory=Health)
    afterwards: float = 0.0


async def flood(url: str, world: World, found: Flooded) -> None:
    """Ten times as many at once as the node takes, without rest, each asking for what costs something."""
    connections = Connections(url)
    watching = asyncio.create_task(watch(url, found.health))
    asking = [asyncio.create_task(_ask_on(connections, world, found, n)) for n in range(TIMES * TAKEN_AT_ONCE)]
    await asyncio.sleep(SECONDS)
    for task in (*asking, watching):
        task.cancel()
    await asyncio.gather(*asking, watching, return_exceptions=True)
    connections.close()
    await asyncio.sleep(RESTED)
    began = time.perf_counter()
    await Connections(url).ask("GET", "/search?q=check", {})
    found.afterwards = time.perf_counter() - began


async def _ask_on(connections: Connections, world: World, found: Flooded, number: int) -> None:
    kind, path = _asked(world, number)
    while True:
        began = time.perf_counter()
        try:
            answer = await connections.ask("GET", path, {})
        except FAILURES as error:
            found.lost[f"{kind}: {type(error).__name__}"] += 1
            await asyncio.sleep(IMPATIENCE)
            continue
        found.statuses[answer.status] += 1
        took = time.perf_counter() - began
        if answer.status == 503:
            found.turned_away.append(took)
            found.untold += "retry-after" not in answer.headers
            await asyncio.sleep(IMPATIENCE)
        else:
            found.answered[kind].append(took)


def _asked(world: World, number: int) -> tuple[str, str]:
    """Of a hundred, ninety ask for a page, eight for a record, two for a whole repository."""
    name, did = world.modules[number % len(world.modules)], world.did
    if number % 50 == 1:
        return "getRepo", f"/xrpc/com.atproto.sync.getRepo?did={quote(did)}"
    if number % 25 in (2, 3):
        return (
            "getRecord",
            f"/xrpc/com.atproto.repo.getRecord?repo={quote(did)}&collection=org.skillnet.module&rkey={name}",
        )
    return "a page", f"/modules/{did}/{name}"


def rows_of_flood(found: Flooded) -> Iterator[Row]:
    """What was found."""
    shed, times = found.statuses[503], f"{TIMES} × overload"
    share = round(shed / max(1, sum(found.statuses.values())), 3)
    yield row(f"{times}: turned away ({shed:,})", "share", share)
    yield spread_of(f"{times}: turned away", found.turned_away, None)
    for kind in ("a page", "getRecord", "getRepo"):
        answered = found.answered[kind]
        yield spread_of(f"{times}: {kind}", answered, STARVED if answered else -1)
    yield row(f"{times}: 503 without Retry-After", "answers", found.untold, 0)
    others = {status: many for status, many in found.statuses.items() if status not in (200, 503)} | found.lost
    told = "".join(f"; {what} {many} ×" for what, many in others.items())
    yield row(f"{times}: other failures{told}", "answers", sum(others.values()), 0)
    yield row_of_health(f"{times}: /health, slowest", found.health)
    yield row("a search one second afterwards", "ms", round(found.afterwards * 1000), 1000)
