"""A node that hosts very many repositories: its memory at rest, and what is read of them at random, cold."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from federation.keys import SigningKey
from federation.repository import MAX_OPS, Repository, Write
from node.app.compose import compose
from node.cli.bench.federation.load import Server, ask_in_turn
from node.cli.bench.figures import percentile
from node.services.assembly import Services
from node.services.hosting.repositories import head_of
from node.services.hosting.trees import STORED_FROM
from node.settings.declared import Settings
from node.store.repositories import records
from node.store.repositories.records import Change
from node.store.repositories.vertices import put_vertices
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow
from schemas.identifiers import tid_from_micros

NOTE = "com.example.note"
USUAL, LARGE, EVERY = 20, 6_000, 1_000  # records of a repository; every thousandth is large
AT_ONCE = 100  # accounts made in one transaction


def did_of(number: int) -> str:
    """The DID of one of the accounts, well formed, made up."""
    return "did:plc:" + base64.b32encode(sha256(b"%d" % number).digest()).decode().lower()[:24]


def size_of(number: int) -> int:
    """How many records it has."""
    return LARGE if number % EVERY == EVERY - 1 else USUAL


def fill(folder: Path, port: int, repositories: int) -> None:
    """Make a data folder with so many hosted accounts, their records signed and stored, but announced to nobody."""
    folder.mkdir()
    services = compose(Settings(data=folder, port=port))
    try:
        key = SigningKey.generate()  # one for all: making keys is not what is measured
        for start in range(0, repositories, AT_ONCE):
            _add(services, key, range(start, min(start + AT_ONCE, repositories)))
    finally:
        services.database.close()


def _add(services: Services, key: SigningKey, numbers: Sequence[int]) -> None:
    def work(session: Session) -> None:
        for number in numbers:
            _host(services, session, key, number)

    services.database.writer.write(work)


def _host(services: Services, session: Session, key: SigningKey, number: int) -> None:
    did, count = did_of(number), size_of(number)
    sealed = services.keyring.seal(did, key)
    session.add(AccountRow(did=did, handle=f"r{number}.bench.test", kind="practitioner", sealed_key=sealed))
    repository = Repository.create(did, key, str(tid_from_micros(1_700_000_000_000_000, 0)))
    for first in range(0, count, MAX_OPS):
        rev = str(tid_from_micros(1_700_000_000_000_001 + first, 0))
        result = repository.apply(_notes(range(first, min(first + MAX_OPS, count))), key, rev)
        changes = [Change(op.collection, op.rkey, op.cid or "", result.records[op.path]) for op in result.ops]
        records.apply_changes(session, did, rev, changes, 0)
    records.save_head(session, head_of(repository, count))
    if count > STORED_FROM:
        put_vertices(session, did, repository.vertices())


def _notes(numbers: Sequence[int]) -> list[Write]:
    value = {"$type": NOTE, "title": "A note", "body": "About the work. " * 20}
    return [Write("create", NOTE, f"n{number:06}", {**value, "number": number}) for number in numbers]


def memory_mb(server: Server) -> float:
    """Memory of the server's process now, MB."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def at_random(server: Server, kind: str, repositories: int, count: int) -> tuple[float, float]:
    """p95 in ms of one request after the other: `kind` ("proof" or "export") of repositories warm, then cold.

    Cold ones are drawn at random from all and asked once each; warm ones are as many requests to a few of the same
    sizes, asked before. The better of two halves: a machine that is busy for a moment counts for neither.
    """
    draw = random.Random(kind)  # noqa: S311 - a benchmark's order
    cold = draw.sample(range(repositories), min(2 * count, repositories))
    half = len(cold) // 2
    found = [_warm_and_cold(server, kind, draw, numbers) for numbers in (cold[:half], cold[half:])]
    return min(warm for warm, _ in found), min(cold for _, cold in found)


def _warm_and_cold(server: Server, kind: str, draw: random.Random, cold: Sequence[int]) -> tuple[float, float]:
    large = [number for number in cold if size_of(number) == LARGE][:2]
    few = [number for number in cold if size_of(number) == USUAL][:20]
    warm = [draw.choice(large if size_of(number) == LARGE else few) for number in cold]
    asked = [[_request(server, kind, number, draw) for number in numbers] for numbers in (cold, warm)]
    times = [asyncio.run(ask_in_turn(server, requests)) for requests in (asked[0], asked[1], asked[1])]
    return percentile(times[2], 0.95) * 1000, percentile(times[0], 0.95) * 1000


def _request(server: Server, kind: str, number: int, draw: random.Random) -> bytes:
    did = quote(did_of(number))
    if kind == "export":
        return server.get(f"com.atproto.sync.getRepo?did={did}")
    rkey = f"n{draw.randrange(size_of(number)):06}"
    return server.get(f"com.atproto.sync.getRecord?did={did}&collection={NOTE}&rkey={rkey}")


def until_quiet(server: Server, patience: float = 30.0) -> None:
    """Wait until the server does nothing, as after a start."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        before = server.processor()
        time.sleep(1)
        if server.processor() - before < 0.03:
            return
