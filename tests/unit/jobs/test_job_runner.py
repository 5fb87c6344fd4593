"""The job runner: tries again ever later, survives a kill, stops cleanly, keeps its schedule."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from node.jobs import runner as runner_module
from node.jobs.chores import CHORES
from node.jobs.runner import MAX_ATTEMPTS, JobRunner, backoff
from node.store.administration import jobs
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.tables.jobs import JobRow

Work = Callable[[Mapping[str, Any]], Awaitable[None]]


def find(database: Database, key: str) -> JobRow | None:
    with database.read() as session:
        return jobs.find_job(session, key)


async def eventually(check: Callable[[], Any], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not check():
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.01)


def test_waits_double_up_to_an_hour() -> None:
    assert [backoff(n) for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert backoff(50) == 3600


async def _once(database: Database) -> list[Any]:
    seen: list[Any] = []

    async def work(arguments: Mapping[str, Any]) -> None:
        seen.append(dict(arguments))

    runner = JobRunner(database, {"greet": work})
    await runner.start()
    await runner.enqueue("greet", "greet-1", {"name": "Anna"})
    await eventually(lambda: seen and find(database, "greet-1") is None)
    await runner.stop()
    return seen


def test_a_job_runs_once_with_its_arguments_and_is_gone(database: Database) -> None:
    assert asyncio.run(_once(database)) == [{"name": "Anna"}]


async def _failing(database: Database) -> int:
    tries = 0

    async def work(_arguments: Mapping[str, Any]) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("no connection")

    runner = JobRunner(database, {"call": work})
    await runner.start()
    await runner.enqueue("call", "call", {})
    await eventually(lambda: (row := find(database, "call")) is not None and row.state == "failed")
    await runner.stop()
    return tries


def test_a_failing_job_is_tried_again_then_failed_with_its_reason(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "backoff", lambda _attempts: 0)
    assert asyncio.run(_failing(database)) == MAX_ATTEMPTS
    assert find(database, "call").error == "ValueError: no connection"


async def _first_failure(database: Database) -> None:
    async def work(_arguments: Mapping[str, Any]) -> None:
        raise ValueError("no connection")

    runner = JobRunner(database, {"call": work})
    await runner.start()
    await runner.enqueue("call", "call", {})
    await runner.enqueue("unheard of", "unknown", {})
    await eventually(lambda: all((row := find(database, key)) and row.error for key in ("call", "unknown")))
    await runner.stop()


def test_the_next_try_is_put_off_and_an_unknown_job_is_no_crash(database: Database) -> None:
    before = now()
    asyncio.run(_first_failure(database))
    for key in ("call", "unknown"):
        row = find(database, key)
        assert row.state == "waiting"
        assert row.run_at >= before + 5 * SECOND
        assert row.attempts == 1


async def _killed(database: Database) -> None:
    begun = asyncio.Event()

    async def work(_arguments: Mapping[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(600)

    runner = JobRunner(database, {"long": work})
    await runner.start()
    await runner.enqueue("long", "long", {"part": 1})
    await asyncio.wait_for(begun.wait(), 20)
    await asyncio.wait_for(runner.stop(patience=0.05), 10)


def test_a_job_that_was_cut_short_runs_again_at_the_next_start(database: Database) -> None:
    asyncio.run(_killed(database))
    assert find(database, "long").state == "running"
    seen: list[Any] = []

    async def again() -> None:
        async def work(arguments: Mapping[str, Any]) -> None:
            seen.append(dict(arguments))

        runner = JobRunner(database, {"long": work})
        await runner.start()
        await eventually(lambda: find(database, "long") is None)
        await runner.stop()

    asyncio.run(again())
    assert seen == [{"part": 1}]


async def _finishing(database: Database) -> bool:
    begun, finished = asyncio.Event(), False

    async def work(_arguments: Mapping[str, Any]) -> None:
        nonlocal finished
        begun.set()
        await asyncio.sleep(0.2)
        finished = True

    runner = JobRunner(database, {"short": work})
    await runner.start()
    await runner.enqueue("short", "short", {})
    await asyncio.wait_for(begun.wait(), 20)
    await runner.stop(patience=20)
    return finished


def test_stopping_gives_a_running_job_time_to_finish(database: Database) -> None:
    assert asyncio.run(_finishing(database))
    assert find(database, "short") is None


async def _scheduled(database: Database, every: int, first_in: int) -> None:
    runner = JobRunner(database, {})
    await runner.schedule("chore", every=every, first_in=first_in)


def test_a_schedule_is_not_moved_by_a_restart(database: Database) -> None:
    asyncio.run(_scheduled(database, 3600, 600))
    first = find(database, "chore").run_at
    assert first > now() + 500 * SECOND
    asyncio.run(_scheduled(database, 7200, 5))
    row = find(database, "chore")
    assert (row.run_at, row.every) == (first, 7200)


async def _repeating(database: Database) -> None:
    tries = 0

    async def work(_arguments: Mapping[str, Any]) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("first time")

    runner = JobRunner(database, {"chore": work})
    await runner.start()
    await runner.schedule("chore", every=3600)
    await eventually(lambda: (row := find(database, "chore")) is not None and row.done_at > 0)
    await runner.stop()


def test_a_repeating_job_waits_for_its_next_turn_with_its_failures_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "backoff", lambda _attempts: 0)
    asyncio.run(_repeating(database))
    row = find(database, "chore")
    assert (row.state, row.attempts, row.error) == ("waiting", 0, "")
    assert row.run_at > now() + 3500 * SECOND


async def _crowd(database: Database) -> int:
    running = most = 0

    async def work(_arguments: Mapping[str, Any]) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    runner = JobRunner(database, {"crowd": work})
    for n in range(15):
        await runner.enqueue("crowd", f"crowd-{n}", {})
    await runner.start()
    await eventually(lambda: all(find(database, f"crowd-{n}") is None for n in range(15)))
    await runner.stop()
    return most


def test_only_a_few_run_at_a_time(database: Database) -> None:
    assert asyncio.run(_crowd(database)) == runner_module.AT_ONCE


async def _replaced(database: Database) -> list[int]:
    seen: list[int] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def work(arguments: Mapping[str, Any]) -> None:
        seen.append(arguments["n"])
        begun.set()
        await go.wait()

    runner = JobRunner(database, {"build": work})
    await runner.start()
    await runner.enqueue("build", "build", {"n": 1})
    await asyncio.wait_for(begun.wait(), 20)
    await runner.enqueue("build", "build", {"n": 2})
    await asyncio.sleep(0.1)
    go.set()
    await eventually(lambda: seen == [1, 2] and find(database, "build") is None)
    await runner.stop()
    return seen


def test_a_job_asked_for_again_while_it_runs_runs_once_more(database: Database) -> None:
    assert asyncio.run(_replaced(database)) == [1, 2]


def test_the_chores_have_names_of_their_own_and_sane_times() -> None:
    assert len({chore.name for chore in CHORES}) == len(CHORES)
    for chore in CHORES:
        assert chore.every >= 10
        assert chore.first_in >= 0


def test_every_chore_does_its_work_on_a_fresh_node(tmp_path: Path) -> None:
    from tests.integration.fixtures.nodes import composed

    with composed(tmp_path / "node") as services:
        for chore in CHORES:
            done = chore.do(services)
            if inspect.iscoroutine(done):
                asyncio.run(done)
