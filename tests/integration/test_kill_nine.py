"""kill -9 at random moments: what was acknowledged is there, the repository verifies, the stream goes on."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.frames import parse_frame
from federation.keys import SigningKey, VerifyingKey
from federation.verify import verify_repo_car
from node.cli.bench.chaos.nursery import Nursery
from node.store.database import Database
from node.store.repositories import accounts, events
from tests.integration.fixtures.databases import store_url
from tests.integration.fixtures.nodes import PASSWORD, NodeProcess
from tests.integration.fixtures.warm_start import WarmNode

NOTE = "com.example.note"
WRITERS = 3


class Writers:
    """Clients that write records without pause and remember what was acknowledged."""

    def __init__(self, url: str, token: str, did: str, round_: int) -> None:
        self.acknowledged: dict[str, str] = {}
        self.begun = threading.Event()  # something was acknowledged: on a busy machine that takes a while
        self._threads = [
            threading.Thread(target=self._write, args=(url, token, did, f"r{round_}w{n}"), daemon=True)
            for n in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def _write(self, url: str, token: str, did: str, prefix: str) -> None:
        with httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        ) as client:
            for n in range(100_000):
                rkey = f"{prefix}n{n}"
                record = {"$type": NOTE, "text": rkey}
                body = {"repo": did, "collection": NOTE, "rkey": rkey, "record": record}
                try:
                    answer = client.post("/xrpc/com.atproto.repo.createRecord", json=body)
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    self.acknowledged[rkey] = answer.json()["cid"]
                    self.begun.set()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)


def _found(node: NodeProcess) -> tuple[str, str]:
    """A practitioner's DID and an access token."""
    with node.operator() as operator:
        recovery = SigningKey.generate().did_key
        body = {"name": "anna", "recoveryKey": recovery, "password": PASSWORD}
        did = operator.post("/api/accounts", json=body).raise_for_status().json()["did"]
    return did, _sign_in(node)


def _sign_in(node: NodeProcess) -> str:
    body = {"identifier": "anna", "password": PASSWORD}
    answer = httpx.post(f"{node.url}/xrpc/com.atproto.server.createSession", json=body, timeout=60, trust_env=False)
    return str(answer.raise_for_status().json()["accessJwt"])


def _check(node: NodeProcess, did: str, acknowledged: dict[str, str]) -> None:
    """Everything acknowledged is in the repository, which verifies against its signed head; so do the frames."""
    car = httpx.get(f"{node.url}/xrpc/com.atproto.sync.getRepo", params={"did": did}, timeout=60, trust_env=False)
    database = Database(store_url(node.data))
    with database.read() as session:
        key = VerifyingKey.parse_did_key(accounts.find_identity(session, did).signing_key)
        frames = events.list_frames(session, 0, 1_000_000)
    database.close()
    repository = verify_repo_car(car.raise_for_status().content, did, key)
    held = {path.rpartition("/")[2]: cid for path, (cid, _) in repository.records.items()}
    assert {rkey: held.get(rkey) for rkey in acknowledged} == acknowledged
    assert [seq for seq, _ in frames] == list(range(1, len(frames) + 1))
    commits: list[Any] = [event for _, frame in frames if (event := parse_frame(frame)).did == did]
    announced = [op.path.rpartition("/")[2] for event in commits if hasattr(event, "ops") for op in event.ops]
    assert sorted(announced) == sorted(held)
    assert max(event.rev for event in commits if hasattr(event, "rev")) == repository.rev


def _kill_again_and_again(folder: Path, nursery: Nursery, times: int, seed: int) -> None:
    draws = random.Random(seed)
    node = WarmNode(folder, nursery)
    node.start()
    did, token = _found(node)
    acknowledged: dict[str, str] = {}
    for round_ in range(times):
        writers = Writers(node.url, token, did, round_)
        assert writers.begun.wait(120), "nothing was acknowledged"
        time.sleep(draws.uniform(0.0, 0.3))
        node.kill()
        writers.join()
        acknowledged |= writers.acknowledged
        node.start()
        _check(node, did, acknowledged)
    assert len(acknowledged) > times  # it did write
    assert node.stop() == 0


def test_nothing_acknowledged_is_lost_when_the_node_is_killed(tmp_path: Path, nursery: Nursery) -> None:
    _kill_again_and_again(tmp_path / "node", nursery, 2, seed=20261122)


@pytest.mark.real
def test_nothing_acknowledged_is_lost_in_fifty_kills(tmp_path: Path, nursery: Nursery) -> None:
    """On two stores at once, so that one starts while the other writes."""
    with ThreadPoolExecutor(2) as both:
        runs = [both.submit(_kill_again_and_again, tmp_path / f"node{seed}", nursery, 25, seed) for seed in (50, 51)]
        for run in runs:
            run.result()
