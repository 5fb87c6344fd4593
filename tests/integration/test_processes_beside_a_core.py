"""Several processes of one node on PostgreSQL: any of them answers, one of them writes, none of them is needed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.keys import SigningKey
from tests.integration.fixtures.asking import asking
from tests.integration.fixtures.databases import find_postgresql, new_database, postgresql_cluster
from tests.integration.fixtures.nodes import PASSWORD, NodeProcess, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(find_postgresql() is None, reason="PostgreSQL's programs are not installed"),
]
NOTE = "com.example.note"
PATIENCE = 180.0  # seconds; a start or an election takes some three on a machine that is not busy


class Company:
    """Three processes of one node, and an author who writes through any of them."""

    def __init__(self, folder: Path, database: str) -> None:
        told = {"SKILLNET_STORE_DATABASE_URL": database, "SKILLNET_NODE_URL": "http://localhost:8000"}
        self.processes = [NodeProcess(folder / "node", environment=told) for _ in range(3)]
        self.did = self._token = ""

    def begin(self) -> None:
        """Start all; make the author."""
        for process in self.processes:
            process.start(PATIENCE)
        with self.core.operator() as operator:
            body = {"name": "anna", "password": PASSWORD, "recoveryKey": SigningKey.generate().did_key}
            self.did = operator.post("/api/accounts", json=body).raise_for_status().json()["did"]
        asked = {"identifier": "anna", "password": PASSWORD}
        url = f"{self.processes[1].url}/xrpc/com.atproto.server.createSession"
        answer = httpx.post(url, json=asked, timeout=PATIENCE, trust_env=False)
        self._token = answer.raise_for_status().json()["accessJwt"]

    @property
    def core(self) -> NodeProcess:
        return self.processes[0]

    def write(self, process: NodeProcess, key: str) -> httpx.Response:
        """A record through this process."""
        body = {"repo": self.did, "collection": NOTE, "rkey": key, "record": {"text": key}}
        headers = {"authorization": f"Bearer {self._token}"}
        url = f"{process.url}/xrpc/com.atproto.repo.createRecord"
        return httpx.post(url, json=body, headers=headers, timeout=PATIENCE, trust_env=False)

    def write_until_answered(self, process: NodeProcess, key: str) -> None:
        """As a client does that was told to come back."""
        until(lambda: self.write(process, key).status_code == 200, PATIENCE)

    def keys(self, process: NodeProcess) -> set[str]:
        """What this process lists."""
        query: dict[str, str | int] = {"repo": self.did, "collection": NOTE, "limit": 100}
        url = f"{process.url}/xrpc/com.atproto.repo.listRecords"
        answer = httpx.get(url, params=query, timeout=PATIENCE, trust_env=False).raise_for_status()
        return {record["uri"].rpartition("/")[2] for record in answer.json()["records"]}

    def holds(self, process: NodeProcess, key: str) -> bool:
        """Does this process show that record?"""
        url = f"{process.url}/xrpc/com.atproto.repo.getRecord"
        query = {"repo": self.did, "collection": NOTE, "rkey": key}
        return httpx.get(url, params=query, timeout=PATIENCE, trust_env=False).status_code == 200

    def seq(self, process: NodeProcess) -> int:
        """The newest event of the stream, by its metrics."""
        lines = httpx.get(f"{process.url}/metrics", timeout=PATIENCE, trust_env=False).text.splitlines()
        return int(float(next(line for line in lines if line.startswith("skillnet_stream_seq ")).split()[1]))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with ExitStack() as stack:
        cluster = stack.enter_context(postgresql_cluster())
        made = Company(tmp_path, new_database(cluster, "node"))
        for process in made.processes:
            stack.callback(process.stop)
        made.begin()
        yield made


def test_any_process_answers_and_another_takes_the_place_of_a_core_that_dies(company: Company) -> None:
    first, second, third = company.processes
    assert company.write(third, "one").status_code == 200
    began = time.monotonic()
    for process in company.processes:
        assert company.keys(process) == {"one"}
        until(lambda at=process: company.seq(at) == company.seq(first), 5)  # type: ignore[misc]  # bound at once
    assert time.monotonic() - began < PATIENCE
    assert httpx.get(f"{second.url}/search?q=one", timeout=PATIENCE, trust_env=False).status_code == 200
    before = company.seq(first)

    with ThreadPoolExecutor(2) as threads:
        writing = [
            threads.submit(_write_many, company, process, name) for process, name in ((second, "b"), (third, "c"))
        ]
        time.sleep(0.2)
        first.kill()
        acknowledged = {key for done in writing for key in done.result()}
    assert len(acknowledged) >= 10
    for process in (second, third):
        assert acknowledged <= company.keys(process)
    assert company.seq(second) > before


def _write_many(company: Company, process: NodeProcess, name: str) -> list[str]:
    """Keys of those that were acknowledged: the last ones by another core than the first."""
    done = [key for number in range(10) if company.write(process, key := f"{name}{number}").status_code == 200]
    company.write_until_answered(process, f"{name}-last")
    return [*done, f"{name}-last"]


def test_each_process_is_restarted_while_a_client_asks_and_nobody_is_refused(company: Company) -> None:
    first, second, third = company.processes
    numbers = iter(range(1_000_000))

    def ask(process: NodeProcess) -> Any:
        def once(_port: int, _path: str) -> int:
            key = f"k{next(numbers)}"
            status = company.write(process, key).status_code
            return status if company.holds(process, key) else 599

        return once

    with asking(second.port, "", ask(second)) as asked, asking(third.port, "", ask(third)) as also:
        for process in (second, third):
            assert process.process is not None
            process.process.send_signal(signal.SIGHUP)
            _goes_on(asked, also)
        first.stop()
        _goes_on(asked, also)
    assert asked.failures == also.failures == []
    assert set(asked.statuses) == set(also.statuses) == {200}


def _goes_on(*asked: Any) -> None:
    for one in asked:
        before = len(one.statuses)
        until(lambda one=one, before=before: len(one.statuses) > before + 3, PATIENCE)  # type: ignore[misc]  # bound at once
