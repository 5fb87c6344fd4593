"""`bench load`: a mixed load by many users, measured from outside; and what ten times too much leaves of a node."""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from node.app.serving import uvloop_run
from node.cli.bench.figures import Row, row
from node.cli.bench.load.acting import SHARES, STILL
from node.cli.bench.load.connections import Connections
from node.cli.bench.load.flood import Flooded, flood, rows_of_flood
from node.cli.bench.load.load import Load
from node.cli.bench.load.people import sign_in_all
from node.cli.bench.load.reporting import rows_of_load
from node.cli.bench.load.taking import Gauge, Taken
from node.cli.bench.load.under_load import act_all
from node.cli.bench.load.user import User
from node.cli.bench.load.world import World, publish_world
from node.cli.bench.running import Running, running
from node.cli.terminal.progress import Progress
from node.settings.declared import Settings

NAME = "http://localhost:8000"  # of the node, whatever ports its processes listen on
IDLE, READY = 200, 60.0  # MB at rest; seconds until all is made
SETTLING = 3.0  # seconds before memory at rest is read
Users = Mapping[str, Sequence[User]]


@dataclass(frozen=True, slots=True)
class Made:
    """A node that is not served yet: its folder, catalogue, and the cookies of who is signed in, by name."""

    folder: Path
    world: World
    sessions: Mapping[str, dict[str, str]]


def measure(load: Load, progress: Progress) -> Iterator[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory(prefix="skillnet-load-") as folder, ExitStack() as stack:
        began = time.perf_counter()
        made = _make(Path(folder) / "node", load, progress)
        nodes = [stack.enter_context(running(made.folder, load.database, NAME)) for _ in range(load.processes)]
        took = round(time.perf_counter() - began, 1)
        yield row(f"{load.users:,} people and {load.modules:,} modules made", "s", took, READY)
        time.sleep(SETTLING)
        held = round(max(node.held_mb() for node in nodes))
        yield row(f"memory at rest with {load.modules:,} modules", "MB", held, IDLE)
        if load.users:
            yield from _loaded(nodes, made, load, progress)


def _make(folder: Path, load: Load, progress: Progress) -> Made:
    with running(folder, load.database, NAME) as node:
        progress("publishing", 0.05)
        world = publish_world(node, load.modules)
    settings = Settings(data=folder, url=NAME, database_url=load.database, log_level="error")
    names = _names(load)
    sessions = sign_in_all(settings, [*names["worker"], *names["search"]], names["author"], world, progress)
    return Made(folder, world, sessions)


def _names(load: Load) -> dict[str, list[str]]:
    """Of each role's users."""
    return {
        role: [f"{role}-{n}" for n in range(max(1, round(load.users * share / 100)))] if load.users and share else []
        for role, share in (STILL if load.still else SHARES).items()
    }


def _loaded(nodes: Sequence[Running], made: Made, load: Load, progress: Progress) -> Iterator[Row]:
    gc.collect()
    gc.freeze()  # what was made so far is not looked through while time is taken
    taken, gauge = Taken(), Gauge(nodes)
    connections = [Connections(str(node.web.base_url).rstrip("/")) for node in nodes]
    users = {
        role: [_user(name, connections[n % len(nodes)], taken, made) for n, name in enumerate(names)]
        for role, names in _names(load).items()
    }
    uvloop_run(act_all(users, made.world, load, taken, gauge, progress))
    yield from rows_of_load(taken, gauge, load)
    if load.overload:
        flooded = Flooded()
        uvloop_run(flood(connections[0].url, made.world, flooded))
        yield from rows_of_flood(flooded)


def _user(name: str, connections: Connections, taken: Taken, made: Made) -> User:
    draw = random.Random(name)  # noqa: S311 - repeatable
    return User(name, connections, taken, draw, dict(made.sessions.get(name, {})))
