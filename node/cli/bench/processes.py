"""The rows of `bench processes`: what several processes of one node on PostgreSQL answer, beside what one does."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from node.app.serving import uvloop_run
from node.cli.bench.chaos.neighbours import cluster_in
from node.cli.bench.figures import Row, row
from node.cli.bench.load.connections import FAILURES, Connections
from node.cli.bench.load.people import sign_in_all
from node.cli.bench.load.world import World, publish_world
from node.cli.bench.running import Running, running
from node.cli.terminal.progress import Progress
from node.settings.declared import Settings

NAME = "http://localhost:8000"  # of the node, whatever ports its processes listen on
MOST, ASKING = 3, 8  # processes; clients of each, who ask without rest
WORKERS, MODULES = 20, 300
WARMING = 3.0  # seconds that are not counted: caches fill
IDLE = 200  # MB of a process at rest


@dataclass
class Counted:
    """Answers, and what was none."""

    answers: int = 0
    failed: int = 0


def measure(seconds: float, rest: float, progress: Progress) -> Iterator[Row]:
    """All rows. Raises NotHere without PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="skillnet-processes-") as name, ExitStack() as stack:
        database = stack.enter_context(cluster_in(Path(name) / "postgresql")).url
        folder = Path(name) / "node"
        with running(folder, database, NAME) as node:
            progress("publishing", 0.1)
            world = publish_world(node, MODULES)
        settings = Settings(data=folder, url=NAME, database_url=database, log_level="error")
        names = [f"worker-{number}" for number in range(WORKERS)]
        cookies = list(sign_in_all(settings, names, [], world, progress).values())
        nodes = [stack.enter_context(running(folder, database, NAME)) for _ in range(MOST)]
        progress("at rest", 0.3)
        time.sleep(rest)
        held = [round(node.proportional_mb()) for node in nodes]
        yield row(
            f"memory of {MOST} processes at rest, {rest:.0f} s: {' + '.join(map(str, held))}", "MB", max(held), IDLE
        )
        yield from _answered(nodes, Asked(world, cookies), seconds, progress)


def _answered(nodes: Sequence[Running], asked: Asked, seconds: float, progress: Progress) -> Iterator[Row]:
    """With one process, two and three: pages that nothing is written for."""
    alone = 0.0
    for many in range(1, MOST + 1):
        progress(f"asking {many}", 0.3 + many * 0.2)
        before = _used(nodes)
        counted = Counted()
        uvloop_run(_ask_all(nodes[:many], asked, seconds, counted))
        rate = counted.answers / seconds
        alone = alone or rate
        told = f"{many} process{'es' if many > 1 else ''} asked without rest"
        yield {**row(told, "answers/s", round(rate, 1)), "ratio": round(rate / alone, 2)}
        yield row(f"{told}: failed", "answers", counted.failed, 0)
        used = (_used(nodes) - before) / (seconds + WARMING)
        yield row(f"{told}: processor time of the node's processes", "cores", round(used, 2))


def _used(nodes: Sequence[Running]) -> float:
    return sum(node.processor_ms() for node in nodes) / 1000


async def _ask_all(nodes: Sequence[Running], asked: Asked, seconds: float, counted: Counted) -> None:
    connections = [Connections(str(node.web.base_url).rstrip("/")) for node in nodes]
    clients = [asyncio.create_task(asked.ask(one, number, counted)) for one in connections for number in range(ASKING)]
    await asyncio.sleep(WARMING)
    counted.answers = 0
    await asyncio.sleep(seconds)
    answers = counted.answers
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    counted.answers = answers
    for one in connections:
        one.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: half are modules' pages, the rest lists for today and records."""

    world: World
    cookies: Sequence[dict[str, str]]

    async def ask(self, connections: Connections, number: int, counted: Counted) -> None:
        """Again and again until cancelled."""
        draw = random.Random(number)  # noqa: S311 - repeatable
        while True:
            path, headers = self._drawn(draw)
            try:
                answer = await connections.ask("GET", path, headers)
            except FAILURES:
                counted.failed += 1
                continue
            counted.answers += answer.status == 200
            counted.failed += answer.status != 200

    def _drawn(self, draw: random.Random) -> tuple[str, dict[str, Any]]:
        did, name = quote(self.world.did), draw.choice(self.world.modules)
        chance = draw.random()
        if chance < 0.5:
            return f"/modules/{did}/{name}", {}
        if chance < 0.75:
            cookie = "; ".join(f"{key}={value}" for key, value in draw.choice(self.cookies).items())
            return "/me", {"Cookie": cookie}
        return f"/xrpc/com.atproto.repo.getRecord?repo={did}&collection=org.skillnet.module&rkey={name}", {}
