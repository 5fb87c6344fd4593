"""Several processes of one node on PostgreSQL: any of them answers, one of them writes, none of them is needed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.fixtures.asking import asking, goes_on
from tests.integration.fixtures.company import PATIENCE, Company, running_company
from tests.integration.fixtures.databases import find_postgresql
from tests.integration.fixtures.nodes import NodeProcess, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(find_postgresql() is None, reason="PostgreSQL's programs are not installed"),
]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with running_company(3, tmp_path) as made:
        yield made


def test_any_process_answers_and_another_takes_the_place_of_a_core_that_dies(company: Company) -> None:
    first, second, third = company.processes
    assert company.write(third, "one").status_code == 200
    began = time.monotonic()
    for process in company.processes:
        assert company.keys(process) == {"one"}
        until(lambda at=process: company.seq(at) == company.seq(first))  # type: ignore[misc]  # bound at once
    assert time.monotonic() - began < PATIENCE
    assert httpx.get(f"{second.url}/search?q=one", timeout=PATIENCE, trust_env=False).status_code == 200
    before = company.seq(first)

    acknowledged: set[str] = set()
    with ThreadPoolExecutor(2) as threads:
        writing = [
            threads.submit(_write_many, company, process, name, acknowledged)
            for process, name in ((second, "b"), (third, "c"))
        ]
        until(lambda: len(acknowledged) >= 4, PATIENCE, "some that are acknowledged")  # in the middle, on any machine
        first.kill()
        for done in writing:
            done.result()
    assert len(acknowledged) >= 10
    for process in (second, third):
        assert acknowledged <= company.keys(process)
    assert company.seq(second) > before


def _write_many(company: Company, process: NodeProcess, name: str, acknowledged: set[str]) -> None:
    """Notes the keys of those that were acknowledged: the last ones by another core than the first."""
    for number in range(10):
        if company.write(process, key := f"{name}{number}").status_code == 200:
            acknowledged.add(key)
    company.write_until_answered(process, f"{name}-last")
    acknowledged.add(f"{name}-last")


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
            goes_on(asked, also)
        first.stop()
        goes_on(asked, also)
    assert asked.failures == also.failures == []
    assert set(asked.statuses) == set(also.statuses) == {200}
