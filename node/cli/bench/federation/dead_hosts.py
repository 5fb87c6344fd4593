"""A follower of many hosts most of which are dead: what that costs the events of those that live."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from statistics import median

from node.app.compose import compose
from node.cli.bench.federation.small_hosts import SmallHost
from node.cli.bench.running import free_port
from node.services.assembly import Services
from node.settings.declared import Settings
from node.store.clock import now
from node.store.repositories import peers, records
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

PATIENCE = 120.0  # seconds until every live host must be followed
SETTLING = 5.0  # seconds in which dead hosts fail for the first few times, before anything is measured


def live_latency_ms(folder: Path, live: int, dead: int, events: int) -> float:
    """Median ms from a live host's announcement to its record stored here, `dead` hosts being followed besides.

    A third of the dead refuse connections, a third accept and say nothing, a third have no address.
    """
    with ExitStack() as stack:
        living = [stack.enter_context(_bound()) for _ in range(live)]
        refusing = [stack.enter_context(_bound()) for _ in range(dead // 3)]  # bound, but nobody listens
        silent = [stack.enter_context(_bound()) for _ in range(dead // 3)]
        for sock in silent:
            sock.listen(8)  # the system accepts; nobody ever answers
        gone = [f"https://gone{number}.invalid" for number in range(dead - len(refusing) - len(silent))]
        local = [sock.getsockname()[1] for sock in (*living, *refusing, *silent)]
        settings = Settings(
            data=folder, port=free_port(), allow_private=[f"localhost:{port}" for port in local], organisation="Bench"
        )
        folder.mkdir()
        services = compose(settings)
        try:
            urls = [*(f"http://localhost:{port}" for port in local), *gone]
            services.stream.start()
            services.identity.ensure(services.keyring)
            services.database.writer.write(lambda session: _save_peers(session, urls))
            return asyncio.run(_measure(services, living, events))
        finally:
            services.database.close()


def _bound() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


def _save_peers(session: Session, urls: Sequence[str]) -> None:
    for url in urls:
        peers.save_peer(session, PeerRow(url=url, added_at=now()))


async def _measure(services: Services, living: Sequence[socket.socket], events: int) -> float:
    hosts = [SmallHost(bound, number) for number, bound in enumerate(living)]
    async with AsyncExitStack() as stack:
        for host in hosts:
            await stack.enter_async_context(await host.serve())
        await services.follower.start()
        try:
            await _until_live(services, {host.url for host in hosts})
            await asyncio.sleep(SETTLING)
            draw = random.Random(1)  # noqa: S311 - a benchmark's order
            numbers = range(len(hosts), len(hosts) + events)
            return median([await _one(services, draw.choice(hosts), number) for number in numbers])
        finally:
            await services.follower.stop()


async def _until_live(services: Services, urls: set[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            with services.database.read() as session:
                states = {row.url: row.state for row in peers.list_peers(session) if row.url in urls}
            if set(states.values()) == {"live"}:
                return
            await asyncio.sleep(0.2)


async def _one(services: Services, host: SmallHost, number: int) -> float:
    loop = asyncio.get_running_loop()
    began, rev = loop.time(), await host.vouch(number)
    async with asyncio.timeout(30):
        while True:
            with services.database.read() as session:
                head = records.find_head(session, host.did)
            if head is not None and head.rev >= rev:
                return (loop.time() - began) * 1000
            await asyncio.sleep(0.001)
