"""All users at their work for a while; beside them who follows the stream, who asks /health, who looks at memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any

from node.cli.bench.load.acting import STEPS, Step
from node.cli.bench.load.listening import listen_all
from node.cli.bench.load.load import Load
from node.cli.bench.load.taking import Gauge, Taken
from node.cli.bench.load.user import User
from node.cli.bench.load.watching import watch
from node.cli.bench.load.world import World
from node.cli.terminal.progress import Progress

Users = Mapping[str, Sequence[User]]


async def act_all(users: Users, world: World, load: Load, taken: Taken, gauge: Gauge, progress: Progress) -> None:
    """Until the time is over. Raises what a step raises: then the bench itself is wrong."""
    connections = {user.connections for some in users.values() for user in some}
    urls = [one.url for one in connections]
    beside = [asyncio.create_task(work) for work in _beside(users, urls, taken, gauge)]
    acting = [
        asyncio.create_task(_act(user, STEPS[role], world, load.rest)) for role, some in users.items() for user in some
    ]
    taken.begin()
    until = time.perf_counter() + load.seconds
    while (left := until - time.perf_counter()) > 0 and not any(task.done() for task in acting):
        progress("under load", 1 - left / load.seconds)
        await asyncio.sleep(min(1.0, left))
    taken.end()
    await _end([*acting, *beside])
    for kept in connections:
        kept.close()


def _beside(users: Users, urls: Sequence[str], taken: Taken, gauge: Gauge) -> Iterator[Coroutine[Any, Any, None]]:
    yield gauge.watch()
    yield listen_all(users["federation"], taken)
    for url in urls:
        yield watch(url, taken.health)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def _act(user: User, step: Step, world: World, rest: float) -> None:
    await asyncio.sleep(user.draw.uniform(0, rest))
    while True:
        await step(user, world)
        await user.rest(rest)
