"""Runs jobs from the table. A job that was running when the node was killed waits again at the next start."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from node.logs import get_logger
from node.store.administration import jobs
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.jobs import JobRow
from node.tracing import span

AT_ONCE = 4
LONGEST_SLEEP = 30.0
AFTER_FAILURE = 5.0


def backoff(attempts: int) -> int:
    """Seconds to wait after `attempts` failures: 5, 10, 20 … up to an hour."""
    return min(3600, 5 << min(attempts - 1, 10))


@dataclass(frozen=True, slots=True)
class Job:
    """Done `every` so many seconds, on a new node for the first time in `first_in`; awaited on the event loop."""

    every: int
    first_in: int
    do: Callable[[], Awaitable[None]]


class JobRunner:
    """Claims jobs that are due, by their keys, and does them, a few at a time."""

    def __init__(self, database: Database, known: Mapping[str, Job]) -> None:
        self._database = database
        self._known = known
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._log = get_logger("jobs")

    async def start(self) -> None:
        """Take over what a killed process left, without moving what is due; then run."""
        left = await self._database.writer.awrite(self._take_over)
        if left:
            self._log.info("jobs resumed", count=left)
        self._loop = asyncio.create_task(self._run(), name="jobs")

    async def stop(self, patience: float = 5.0) -> None:
        """Take no more; give running jobs `patience` seconds, then leave them to the next start."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()

    def _take_over(self, session: Session) -> int:
        jobs.forget_others(session, self._known.keys())
        for key, job in self._known.items():
            if jobs.find_job(session, key) is None:
                jobs.save_job(session, JobRow(key=key, run_at=now() + job.first_in * SECOND))
        return jobs.release_running(session, now())

    async def _run(self) -> None:
        while True:
            try:
                await self._begin_due()
                await self._sleep()
            except Exception as error:  # noqa: BLE001 - a database that fails now may answer later; jobs go on then
                self._log.error("jobs wait", error=str(error), exc_info=error)
                await asyncio.sleep(AFTER_FAILURE)

    async def _begin_due(self) -> None:
        free = AT_ONCE - len(self._running)
        claimed = await self._database.writer.awrite(partial(_claim, limit=free)) if free else []
        for row in claimed:
            task = asyncio.create_task(self._perform(row), name=f"job {row.key}")
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()

    def _next_run(self) -> int | None:
        with self._database.read() as session:
            return jobs.next_run(session)

    async def _sleep(self) -> None:
        due = await asyncio.to_thread(self._next_run)
        delay = LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, max(0.05, (due - now()) / SECOND))
        if len(self._running) >= AT_ONCE:
            delay = LONGEST_SLEEP
        # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the wake.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()
        self._wake.clear()

    async def _perform(self, row: JobRow) -> None:
        error = ""
        try:
            with span(f"job {row.key}"):
                await self._known[row.key].do()
        except Exception as failure:  # noqa: BLE001 - recorded on the job, shown to the operator, tried again
            error = f"{type(failure).__name__}: {failure}"
            self._log.warning("job failed", job=row.key, attempt=row.attempts, error=error)
        await self._database.writer.awrite(lambda session: self._settle(session, row.key, error))

    def _settle(self, session: Session, key: str, error: str) -> None:
        """It waits for its next turn, or to be tried again."""
        row = jobs.find_job(session, key)
        assert row is not None
        row.state, row.error = "waiting", error[:2000]
        if error:
            row.run_at = now() + backoff(row.attempts) * SECOND
        else:
            row.attempts, row.done_at, row.run_at = 0, now(), now() + self._known[key].every * SECOND


def _claim(session: Session, limit: int) -> list[JobRow]:
    return jobs.claim_due(session, now(), limit)
