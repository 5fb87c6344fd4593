"""`bench load`: a mixed load by many users, measured from outside; and what ten times too much leaves of a node."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from node.cli.load_bench.acting import SHARES, STEPS, Step
from node.cli.load_bench.connections import Connections
from node.cli.load_bench.flood import flood, row, rows_of_flood
from node.cli.load_bench.listening import listen_all
from node.cli.load_bench.load import Load
from node.cli.load_bench.taking import Gauge, Taken, percentile
from node.cli.load_bench.user import User
from node.cli.load_bench.world import World, publish_world, sign_in_all
from node.cli.progress import Progress
from node.cli.tasks_bench.running import Running, running

NAME = "http://localhost:8000"  # of the node, whatever ports its processes listen on
P99, IDLE, FLAT = 200.0, 200, 1.0  # ms; MB at rest; MB a minute
FILLING = 300.0  # seconds in which caches fill: a shorter run says nothing of growth
SETTLING = 3.0  # seconds before memory at rest is read
Row = dict[str, Any]
Users = Mapping[str, Sequence[User]]


def measure(load: Load, progress: Progress) -> Iterator[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory(prefix="skillnet-load-") as made:
        folder = Path(made) / "node"
        with running(folder, load.database, NAME) as node:
            progress("publishing", 0.05)
            world = publish_world(node, load.modules)
        with ExitStack() as stack:
            node = stack.enter_context(running(folder, load.database, NAME))
            more = [stack.enter_context(running(folder, load.database, NAME)) for _ in range(load.processes - 1)]
            time.sleep(SETTLING)
            held = round(node.held_mb())
            yield row(f"memory at rest with {load.modules:,} modules", "MB", held, f"≤ {IDLE}", ok=held <= IDLE)
            if load.users:
                yield from asyncio.run(_loaded([node, *more], world, load, progress))


async def _loaded(nodes: Sequence[Running], world: World, load: Load, progress: Progress) -> list[Row]:
    taken, connections = Taken(), [Connections(str(node.web.base_url).rstrip("/")) for node in nodes]
    users = _users(load.users, connections, taken)
    await sign_in_all(nodes[0], users, world, progress)
    gauge = Gauge(nodes)
    beside = [asyncio.create_task(gauge.watch()), asyncio.create_task(listen_all(users, taken))]
    taken.counts, begun = True, time.perf_counter()
    await _act_all(users, world, load, progress)
    taken.counts, seconds = False, time.perf_counter() - begun
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    for kept in connections:
        kept.close()
    rows = [*_rows(taken, gauge, load, seconds)]
    if load.overload:
        rows += rows_of_flood(await flood(connections[0].url, world))
    return rows


def _users(many: int, connections: Sequence[Connections], taken: Taken) -> Users:
    def user(role: str, number: int) -> User:
        name = f"{role}-{number}"
        return User(name, connections[number % len(connections)], taken, random.Random(name))  # noqa: S311 - repeatable

    return {role: [user(role, n) for n in range(max(1, round(many * share / 100)))] for role, share in SHARES.items()}


async def _act_all(users: Users, world: World, load: Load, progress: Progress) -> None:
    acting = [
        asyncio.create_task(_act(user, STEPS[role], world, load.rest)) for role, some in users.items() for user in some
    ]
    until = time.perf_counter() + load.seconds
    while (left := until - time.perf_counter()) > 0 and not any(task.done() for task in acting):
        progress("under load", 1 - left / load.seconds)
        await asyncio.sleep(min(1.0, left))
    for task in acting:
        task.cancel()
    for outcome in await asyncio.gather(*acting, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def _act(user: User, step: Step, world: World, rest: float) -> None:
    await asyncio.sleep(user.draw.uniform(0, rest))
    while True:
        await step(user, world)
        await user.rest(rest)


def _rows(taken: Taken, gauge: Gauge, load: Load, seconds: float) -> Iterator[Row]:
    whole = taken.all
    rate = len(whole) / seconds
    yield row(f"{load.users:,} users, one step in {load.rest:g} s each", "requests/s", round(rate, 1), "", ok=True)
    for kind in sorted(taken.seconds):
        yield _spread(kind, taken.seconds[kind])
    yield _spread("all", whole)
    failed = sum(taken.failures.values())
    said = "; ".join(f"{kind} {many} ×" for kind, many in taken.failures.most_common(5))
    yield row(f"failed{': ' if said else ''}{said}", "requests", failed, "0", ok=not failed)
    cost = gauge.processor_ms / max(1, len(whole))
    yield row("processor time of the node", "ms a request", round(cost, 2), "", ok=True)
    yield row("of one core", "share", round(gauge.processor_ms / 1000 / seconds, 2), "", ok=True)
    peak = round(max(gauge.memory, default=0.0))
    name, growth = f"memory, at most {peak} MB; second half", round(gauge.growth, 2)
    if seconds < FILLING:
        yield row(name, "MB a minute", growth, "", ok=True)
    else:
        yield row(name, "MB a minute", growth, f"≤ {FLAT}", ok=growth <= FLAT)


def _spread(kind: str, seconds: Sequence[float]) -> Row:
    p50, p95, p99 = (round(percentile(seconds, share) * 1000, 1) for share in (0.5, 0.95, 0.99))
    name = f"{kind} ({len(seconds):,}; p50 {p50}, p95 {p95})"
    return row(name, "ms p99", p99, f"≤ {P99:g}", ok=p99 <= P99, p50=p50, p95=p95)
