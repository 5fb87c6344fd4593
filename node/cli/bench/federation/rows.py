"""The rows of `bench federation`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from federation.keys import SigningKey
from node.app.memory import collect_seldom
from node.cli.bench.federation.dead_hosts import live_latency_ms
from node.cli.bench.federation.engine import K256Key, commit_ratio, verified_events, verify_car_ms
from node.cli.bench.federation.load import Cost, Server, ask, run_load
from node.cli.bench.federation.many import at_random, fill, memory_mb, until_quiet
from node.cli.bench.federation.servers import official_server, our_server, rival_name
from node.cli.bench.federation.streaming import cost_per_consumer
from node.cli.bench.figures import Row, row
from node.cli.bench.running import free_port

CONSUMERS = 100
EVENTS = 100  # announced by live hosts, one after the other
TURNS = 3  # of ours and the rival's by turns; medians count
NOTE = "com.example.note"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Requests of each kind to our node (the official server gets a tenth), repositories hosted, hosts followed."""

    requests: int = 5_000
    repositories: int = 10_000
    hosts: int = 1_000


def measure(sizes: Sizes) -> Iterator[Row]:
    """All rows, as they are found."""
    collect_seldom()  # as a serving node does
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        rival = stack.enter_context(official_server()) if rival_name() else None
        ours = stack.enter_context(our_server(place / "ours"))
        yield from _served(ours, rival, sizes.requests)
        yield _streamed(ours, sizes.requests // 5)
        stack.close()
        yield from _computed(place)
        yield from _hosted(place, sizes.repositories)
        yield _beside_the_dead(place, sizes.hosts)


def _served(ours: Server, rival: Server | None, requests: int) -> Iterator[Row]:
    loads: tuple[tuple[str, int, float, Callable[[Server, int], Cost]], ...] = (
        ("createRecord, 16 at once, on disk", 8, 1.0, _create),
        ("getRecord, 16 at once", 8, 1.0, _get),
        ("sync.getRecord, 16 at once", 20, 0.5, _prove),
        ("listRecords(100), 16 at once", 25, 0.2, _list),
    )
    for name, goal, share, load in loads:
        mine, theirs = [], []
        for _ in range(TURNS):
            mine.append(load(ours, max(100, int(requests * share / TURNS))))
            if rival:
                theirs.append(load(rival, max(100, int(requests * share / 10 / TURNS))))
        per_core, clock = median(cost.per_core for cost in mine), median(cost.by_the_clock for cost in mine)
        against = median(cost.per_core for cost in theirs) if theirs else None
        ratio = per_core / against if against else None
        yield row(
            name, "/s per core", round(per_core), goal=f"≥ {goal}× the rival", ok=ratio is None or ratio >= goal,
            rival=round(against) if against else None, rival_name=rival_name(),
            ratio=round(ratio, 1) if ratio else None, by_the_clock=round(clock),
        )  # fmt: skip
        if load is _create:
            # The client has a core of its own where there are two; a busy machine shows in this row first.
            yield row(f"{name}, by the clock", "/s", round(clock), goal="≥ 1,000", ok=clock >= 1_000)


def _computed(folder: Path) -> Iterator[Row]:
    ours, theirs = verify_car_ms(folder, 10_000)
    name = "@atproto/repo verifyRepoCar" if theirs else None
    yield row(
        "verify a CAR of 10,000 records", "ms of processor", round(ours, 1), goal="≤ 100 ms and ≥ 12×",
        ok=ours <= 100 and (theirs is None or theirs / ours >= 12), rival=round(theirs, 1) if theirs else None,
        rival_name=name, ratio=round(theirs / ours, 1) if theirs else None,
    )  # fmt: skip
    for curve, signers, key in (("P-256", "nodes", SigningKey.generate()), ("K-256", "official servers", K256Key())):
        events = verified_events(2_000, key)
        name = f"fully verified live events, signed as by {signers} ({curve})"
        yield row(name, "/s per core", round(events), goal="≥ 6,000", ok=events >= 6_000)
    growth = commit_ratio(1_000, 100_000, 200)
    yield row("commit at 100,000 records against 1,000", "×", round(growth, 2), goal="≤ 1.5", ok=growth <= 1.5)


def _streamed(ours: Server, events: int) -> Row:
    writes = _notes(ours, max(200, events))
    cost = median([cost_per_consumer(ours, writes, CONSUMERS) for _ in range(3)])
    return row(
        f"the stream, {CONSUMERS} consumers: one event for one of them", "µs of processor", round(cost, 1), goal="≤ 20",
        ok=cost <= 20,
    )  # fmt: skip


def _hosted(folder: Path, repositories: int) -> Iterator[Row]:
    place, port = folder / "many", free_port()
    fill(place, port, repositories)
    with our_server(place, port) as server:
        until_quiet(server)
        resting = memory_mb(server)
        yield row(f"{repositories:,} hosted repositories at rest", "MB", round(resting), goal="< 500", ok=resting < 500)
        for kind, count in (("proof", 500), ("export", 150)):
            warm, cold = at_random(server, kind, repositories, count)
            yield row(
                f"{kind}s of {repositories:,} repositories at random and cold, p95 {cold:.1f} ms", "× warm",
                round(cold / warm, 1), goal="≤ 5", ok=cold <= 5 * warm,
            )  # fmt: skip
        held = memory_mb(server)
        yield row("memory after these", "MB", round(held), goal="< 500", ok=held < 500)


def _beside_the_dead(folder: Path, hosts: int) -> Row:
    live = max(2, hosts // 10)
    # Alternating, and the smaller of two each: a machine that is busy for a moment counts for neither.
    found = [live_latency_ms(folder / f"live{turn}", live, turn % 2 * (hosts - live), EVENTS) for turn in range(4)]
    alone, beside = min(found[::2]), min(found[1::2])
    return row(
        f"latency of {live} live hosts beside {hosts - live} dead ones, {beside:.1f} ms", "× without these",
        round(beside / alone, 2), goal="≤ 1.1", ok=beside <= 1.1 * alone,
    )  # fmt: skip


def _create(server: Server, count: int) -> Cost:
    return run_load(server, _notes(server, count))


def _notes(server: Server, count: int) -> list[bytes]:
    bodies = (
        {"repo": server.did, "collection": NOTE, "record": {"title": f"Note {n}", "body": f"{n:08} " * 70}}
        for n in range(count)
    )
    return [server.post("com.atproto.repo.createRecord", body) for body in bodies]


def _get(server: Server, count: int) -> Cost:
    query = f"repo={quote(server.did)}&collection={NOTE}&rkey="
    return run_load(server, [server.get(f"com.atproto.repo.getRecord?{query}{key}") for key in _keys(server, count)])


def _prove(server: Server, count: int) -> Cost:
    query = f"did={quote(server.did)}&collection={NOTE}&rkey="
    return run_load(server, [server.get(f"com.atproto.sync.getRecord?{query}{key}") for key in _keys(server, count)])


def _list(server: Server, count: int) -> Cost:
    query = f"repo={quote(server.did)}&collection={NOTE}&limit=100"
    return run_load(server, [server.get(f"com.atproto.repo.listRecords?{query}")] * count)


def _keys(server: Server, count: int) -> list[str]:
    query = f"repo={quote(server.did)}&collection={NOTE}&limit=100"
    listed = json.loads(ask(server, server.get(f"com.atproto.repo.listRecords?{query}")))["records"]
    known = [record["uri"].rpartition("/")[2] for record in listed]
    return [known[number % len(known)] for number in range(count)]
