"""Runs jobs from the table. A job that was running when the node was killed waits again at the next start."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from node.logs import get_logger
from node.store.administration import jobs
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.jobs import JobRow
from node.tracing import span

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]

MAX_ATTEMPTS = 8
AT_ONCE = 4
LONGEST_SLEEP = 30.0
AFTER_FAILURE = 5.0


def backoff(attempts: int) -> int:
    """Seconds to wait after `attempts` failures: 5, 10, 20 … up to an hour."""
    return min(3600, 5 << min(attempts - 1, 10))


class JobRunner:
    """Claims due jobs and runs their handlers on the event loop, a few at a time."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._log = get_logger("jobs")

    async def start(self) -> None:
        """Take over what a killed process left, then run."""
        left = await self._database.writer.awrite(lambda session: jobs.release_running(session, now()))
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

    async def schedule(self, name: str, *, every: int, first_in: int = 0) -> None:
        """Make sure that a repeating job exists, without moving one that does."""

        def work(session: Session) -> None:
            row = jobs.find_job(session, name)
            if row is None:
                row = JobRow(key=name, name=name, run_at=now() + first_in * SECOND)
            row.every = every
            jobs.save_job(session, row)

        await self._database.writer.awrite(work)
        self._wake.set()

    async def enqueue(self, name: str, key: str, arguments: Mapping[str, Any], *, delay: int = 0) -> None:
        """Run `name` once, soon. A waiting job of the same `key` is replaced."""
        row = JobRow(key=key, name=name, arguments=dict(arguments), run_at=now() + delay * SECOND)
        await self._database.writer.awrite(lambda session: jobs.save_job(session, row))
        self._wake.set()

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

    async def _sleep(self) -> None:
        with self._database.read() as session:
            due = jobs.next_run(session)
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
            with span(f"job {row.name}"):
                await self._handlers[row.name](row.arguments)
        except Exception as failure:  # noqa: BLE001 - recorded on the job, shown to the operator, tried again
            error = f"{type(failure).__name__}: {failure}"
            self._log.warning("job failed", job=row.key, attempt=row.attempts, error=error)
        await self._database.writer.awrite(lambda session: _settle(session, row.key, error))


def _claim(session: Session, limit: int) -> list[JobRow]:
    return jobs.claim_due(session, now(), limit)


def _settle(session: Session, key: str, error: str) -> None:
    """Done and gone, waiting for its next turn, waiting to be tried again, or failed for good."""
    row = jobs.find_job(session, key)
    if row is None or row.state != "running":
        return
    row.error = error[:2000]
    if error and (row.every or row.attempts < MAX_ATTEMPTS):
        row.state, row.run_at = "waiting", now() + backoff(row.attempts) * SECOND
    elif error:
        row.state = "failed"
    elif row.every:
        row.state, row.attempts, row.done_at, row.run_at = "waiting", 0, now(), now() + row.every * SECOND
    else:
        session.delete(row)
