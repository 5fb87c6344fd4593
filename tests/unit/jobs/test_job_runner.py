"""The job runner: tries again ever later, survives a kill, stops cleanly, keeps its schedule."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from node.jobs import runner as runner_module
from node.jobs.chores import CHORES
from node.jobs.runner import Job, JobRunner, backoff
from node.store.administration import jobs
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.tables.jobs import JobRow

Work = Callable[[], Awaitable[None]]


def find(database: Database, key: str) -> JobRow:
    with database.read() as session:
        row = jobs.find_job(session, key)
    assert row is not None
    return row


def runner_of(database: Database, *, every: int = 3600, first_in: int = 0, **work: Work) -> JobRunner:
    return JobRunner(database, {key: Job(every, first_in, do) for key, do in work.items()})


async def eventually(check: Callable[[], Any], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not check():
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.01)


def test_waits_double_up_to_an_hour() -> None:
    assert [backoff(n) for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert backoff(50) == 3600


async def _once(database: Database) -> int:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1

    runner = runner_of(database, greet=work)
    await runner.start()
    await eventually(lambda: find(database, "greet").done_at)
    await runner.stop()
    return done


def test_a_job_that_is_due_is_done_and_waits_for_its_next_turn(database: Database) -> None:
    assert asyncio.run(_once(database)) == 1
    row = find(database, "greet")
    assert (row.standing, row.attempts, row.error) == ("waiting", 0, "")
    assert row.run_at > now() + 3500 * SECOND


async def _failing(database: Database, *, enough: int) -> None:
    async def work() -> None:
        raise ValueError("no connection")

    runner = runner_of(database, call=work)
    await runner.start()
    await eventually(lambda: find(database, "call").attempts >= enough and find(database, "call").error)
    await runner.stop()


def test_the_next_try_is_put_off_and_the_reason_is_told(database: Database) -> None:
    before = now()
    asyncio.run(_failing(database, enough=1))
    row = find(database, "call")
    assert (row.state, row.standing, row.error) == ("waiting", "failed", "ValueError: no connection")
    assert row.run_at >= before + 5 * SECOND
    assert row.attempts == 1


def test_a_failing_job_is_tried_again_and_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "backoff", lambda _attempts: 0)
    asyncio.run(_failing(database, enough=9))


async def _killed(database: Database) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.sleep(600)

    runner = runner_of(database, long=work)
    await runner.start()
    await asyncio.wait_for(begun.wait(), 20)
    await asyncio.wait_for(runner.stop(patience=0.05), 10)


def test_a_job_that_was_cut_short_runs_again_at_the_next_start(database: Database) -> None:
    asyncio.run(_killed(database))
    assert find(database, "long").state == "running"

    async def again() -> None:
        async def work() -> None:
            """This time it ends."""

        runner = runner_of(database, long=work)
        await runner.start()
        await eventually(lambda: find(database, "long").done_at)
        await runner.stop()

    asyncio.run(again())
    assert find(database, "long").state == "waiting"


async def _finishing(database: Database) -> bool:
    begun, finished = asyncio.Event(), False

    async def work() -> None:
        nonlocal finished
        begun.set()
        await asyncio.sleep(0.2)
        finished = True

    runner = runner_of(database, short=work)
    await runner.start()
    await asyncio.wait_for(begun.wait(), 20)
    await runner.stop(patience=20)
    return finished


def test_stopping_gives_a_running_job_time_to_finish(database: Database) -> None:
    assert asyncio.run(_finishing(database))
    assert find(database, "short").done_at


async def _started(database: Database, *keys: str, first_in: int) -> None:
    async def work() -> None:
        raise AssertionError("it is not due")

    runner = runner_of(database, first_in=first_in, **dict.fromkeys(keys, work))
    await runner.start()
    await runner.stop()


def test_a_schedule_is_not_moved_by_a_restart_and_what_another_release_did_is_forgotten(database: Database) -> None:
    asyncio.run(_started(database, "chore", "former", first_in=600))
    first = find(database, "chore").run_at
    assert first > now() + 500 * SECOND
    asyncio.run(_started(database, "chore", "new", first_in=5000))
    assert find(database, "chore").run_at == first
    with database.read() as session:
        assert [row.key for row in jobs.list_jobs(session)] == ["chore", "new"]


async def _recovering(database: Database) -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("first time")

    runner = runner_of(database, chore=work)
    await runner.start()
    await eventually(lambda: find(database, "chore").done_at)
    await runner.stop()


def test_failures_are_forgotten_when_it_goes_well(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "backoff", lambda _attempts: 0)
    asyncio.run(_recovering(database))
    row = find(database, "chore")
    assert (row.standing, row.attempts, row.error) == ("waiting", 0, "")


async def _crowd(database: Database) -> int:
    running = most = 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    crowd = [f"crowd-{n}" for n in range(15)]
    runner = runner_of(database, **dict.fromkeys(crowd, work))
    await runner.start()
    await eventually(lambda: all(find(database, key).done_at for key in crowd))
    await runner.stop()
    return most


def test_only_a_few_run_at_a_time(database: Database) -> None:
    assert asyncio.run(_crowd(database)) == runner_module.AT_ONCE


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
